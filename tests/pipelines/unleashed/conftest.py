"""A sandbox Unleashed over HTTP that follows the test's clock, and clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.connections import UnleashedConnection
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World
from pipelines.settings import Credentials
from pipelines.unleashed.client import UnleashedClient


@pytest.fixture
def server(clock) -> Iterator[SandboxServer]:
    with SandboxServer(World(clock), clock=clock) as server:
        yield server


@pytest.fixture
def unleashed(server: SandboxServer) -> Any:
    """The sandbox's app: `account` holds its records, `requests` what was asked."""
    return server.systems["unleashed"]


@pytest.fixture
def connect(server: SandboxServer, clock, home: Path) -> Iterator[Callable[..., UnleashedClient]]:
    made: list[UnleashedClient] = []

    def make(*, key: str = "sandbox-secret", transport: Any = None, **connection: Any) -> Any:
        settings = UnleashedConnection.model_validate(
            {"name": "stock", "api_url": f"{server.url}/unleashed", "xero": "acme", **connection}
        )
        credentials = Credentials.model_validate({"client_id": "sandbox", "client_secret": key})
        made.append(
            UnleashedClient(
                settings, credentials, home, clock=clock, sleep=clock.sleep, transport=transport
            )
        )
        return made[-1]

    yield make
    for client in made:
        client.close()
