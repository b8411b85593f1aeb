"""A WorkGuru without a network, one of the sandbox over HTTP, and clients of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from pipelines.connections import WorkGuruConnection
from pipelines.landing import Landing
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World, load_world
from pipelines.settings import Credentials
from pipelines.warehouse import Warehouse
from pipelines.workguru.client import WorkGuruClient

KEY = Credentials(client_id="an-api-key", client_secret=SecretStr("s3cr3t-of-the-key"))
SANDBOX = Credentials(client_id="sandbox", client_secret=SecretStr("sandbox-secret"))


class FakeWorkGuru:
    """Answers from a script: each call of a method takes the next of its answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.tokens_given = 0
        self.token_answer: Callable[[int], httpx.Response] = self.good_token
        self._answers: dict[str, list[httpx.Response]] = {}

    def good_token(self, number: int) -> httpx.Response:
        return httpx.Response(200, json={"accessToken": f"t0ken-{number}"})

    def answers(self, method: str, *answers: httpx.Response) -> None:
        self._answers[method] = list(answers)

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/tokenauth"):
            self.tokens_given += 1
            return self.token_answer(self.tokens_given)
        method = request.url.path.removeprefix("/api/services/app/")
        self.asked.append((method, dict(request.url.params)))
        answers = self._answers[method]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def workguru() -> FakeWorkGuru:
    return FakeWorkGuru()


@pytest.fixture
def client(workguru: FakeWorkGuru, clock: Any, tmp_path: Path) -> Iterator[WorkGuruClient]:
    connection = WorkGuruConnection(name="jobs", xero="acme", calls_per_minute=30)
    transport = httpx.MockTransport(workguru.handle)
    with WorkGuruClient(
        connection, KEY, tmp_path, clock=clock, sleep=clock.sleep, transport=transport
    ) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_files(project_root: Path) -> Path:
    return project_root / "data" / "sandbox"


@pytest.fixture
def world(demo_files: Path) -> World:
    return load_world(demo_files, documents=0, only=["kowhai", "harbour"])


@pytest.fixture
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(world) as running:
        yield running


@pytest.fixture
def sandbox_client(server: SandboxServer, tmp_path: Path) -> Iterator[WorkGuruClient]:
    connection = WorkGuruConnection(
        name="jobs", xero="sandbox", api_url=f"{server.url}/workguru/kowhai", calls_per_minute=6000
    )
    with WorkGuruClient(connection, SANDBOX, tmp_path, sleep=lambda _: None) as opened:
        yield opened


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


@pytest.fixture
def landing(warehouse: Warehouse) -> Landing:
    return Landing(warehouse, pipeline_name="workguru_jobs", dataset="raw_workguru")
