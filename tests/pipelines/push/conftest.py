"""Ledgers on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from applied_plans import Applier, an_applier
from mixed_plan import PlanMaker
from postgresql_server import PASSWORD, USER, postgresql_server
from psycopg import sql
from pydantic import SecretStr

from pipelines.push.ledger import Ledger, open_ledger
from pipelines.sandbox.world import load_world
from pipelines.settings import Settings


@pytest.fixture(scope="session")
def postgresql_port() -> Iterator[int]:
    with postgresql_server() as port:
        yield port


@pytest.fixture
def postgresql_url(postgresql_port: int, request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty database."""
    name = f"ledger_{abs(hash(request.node.nodeid))}"
    server = f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{postgresql_port}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return f"{server}/{name}"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)],
)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings whose ledger is on each database in turn."""
    url = None
    if request.param == "postgresql":
        url = SecretStr(request.getfixturevalue("postgresql_url"))
    folder = tmp_path / "settings"
    folder.mkdir()
    return Settings(
        home=tmp_path / "home",
        connections=folder / "connections.toml",
        settings_dir=folder,
        ledger_url=url,
    )


@pytest.fixture
def opened() -> Iterator[Callable[[Settings], Ledger]]:
    """Open ledgers that are closed when the test ends."""
    ledgers: list[Ledger] = []

    def call(settings: Settings) -> Ledger:
        ledgers.append(open_ledger(settings))
        return ledgers[-1]

    yield call
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def ledger(settings: Settings, opened: Callable[[Settings], Ledger]) -> Ledger:
    return opened(settings)


@pytest.fixture
def applier(project_root: Path, tmp_path: Path) -> Iterator[Applier]:
    """A demo organisation without documents, and an empty ledger."""
    folder = project_root / "data" / "sandbox"
    with an_applier(
        lambda clock: load_world(folder, only=["harbour"], documents=0, clock=clock), tmp_path
    ) as made:
        yield made


@pytest.fixture
def make(applier: Applier) -> PlanMaker:
    """Makes operations on that organisation."""
    return PlanMaker(applier.organisation)
