"""Killed at the worst moments, the next run ends where an undisturbed one does.

Twenty random moments are a campaign of their own: `make kills`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from homes import Home

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"

pytestmark = pytest.mark.xdist_group("kills")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with SandboxServer(load_world(SANDBOX), limits=Limits(enforced=False)) as server:
        yield server.url


@pytest.fixture(scope="module")
def undisturbed(url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple]]:
    home = Home(tmp_path_factory.mktemp("undisturbed") / "home", url).prepare()
    home.sync_and_build()
    return home.mart_rows()


def test_death_between_the_commit_of_a_load_file_and_its_bookkeeping_doubles_nothing(
    url: str, undisturbed: dict[str, list[tuple]], tmp_path: Path
) -> None:
    home = Home(tmp_path / "home", url).prepare()
    home.die_after_commit("invoices")
    with duckdb.connect(str(home.folder / "warehouse.duckdb"), read_only=True) as con:
        committed = con.execute("select count(*) from raw_xero.invoices").fetchone()
    assert committed
    assert committed[0] > 1000
    home.sync_and_build()
    assert home.mart_rows() == undisturbed
    with duckdb.connect(str(home.folder / "warehouse.duckdb"), read_only=True) as con:
        twice = con.execute(
            "select count(*) - count(distinct (tenant_id, record_id)) from raw_xero.invoices"
        ).fetchone()
    assert twice == (0,)


def test_a_build_killed_on_its_way_is_made_good_by_the_next(
    url: str, undisturbed: dict[str, list[tuple]], tmp_path: Path
) -> None:
    home = Home(tmp_path / "home", url).prepare()
    home.run("sync")
    assert home.kill_during("build", after=6.0)
    home.run("build")
    assert home.mart_rows() == undisturbed
