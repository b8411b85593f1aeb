"""A sandbox Prospect over HTTP that follows the test's clock, and clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.connections import ProspectConnection
from pipelines.prospect.client import ProspectClient
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World
from pipelines.settings import Credentials


@pytest.fixture
def server(clock) -> Iterator[SandboxServer]:
    with SandboxServer(World(clock), clock=clock) as server:
        yield server


@pytest.fixture
def prospect(server: SandboxServer) -> Any:
    """The sandbox's app: `workspace` holds its records, `requests` what was asked."""
    return server.systems["prospect"]


@pytest.fixture
def connect(server: SandboxServer, clock, home: Path) -> Iterator[Callable[..., ProspectClient]]:
    made: list[ProspectClient] = []

    def make(*, token: str = "sandbox-token", transport: Any = None, **connection: Any) -> Any:
        settings = ProspectConnection.model_validate(
            {"name": "crm", "api_url": f"{server.url}/prospect", "xero": "acme", **connection}
        )
        credentials = Credentials.model_validate({"token": token})
        made.append(
            ProspectClient(
                settings, credentials, home, clock=clock, sleep=clock.sleep, transport=transport
            )
        )
        return made[-1]

    yield make
    for client in made:
        client.close()
