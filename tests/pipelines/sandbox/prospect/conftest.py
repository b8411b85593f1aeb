"""The demo organisation's Prospect over HTTP, with a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(server) -> Any:
    return server.systems["prospect"]


@pytest.fixture
def server(project_root: Path, clock: Clock) -> Iterator[SandboxServer]:
    world = load_world(project_root / "data/sandbox", only=["thistle"], documents=0, clock=clock)
    with SandboxServer(world, clock=clock) as server:
        yield server


@pytest.fixture
def http(server: SandboxServer) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer sandbox-token"}
    with httpx.Client(base_url=f"{server.url}/prospect/", headers=headers, verify=False) as client:
        yield client
