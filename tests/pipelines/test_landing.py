"""What is yielded lands once, in the raw shape; what is held is told back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipelines.landing import Landing, RowsLost
from pipelines.record_log import RAW_SCHEMA, raw_table
from pipelines.warehouse import Warehouse

NOON = datetime(2026, 3, 31, 12)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "home")


def a_row(record_id: str, second: int = 0, *, deleted: bool = False, tenant: str = "t1") -> tuple:
    at = NOON.replace(second=second)
    payload = None if deleted else f'{{"ID":"{record_id}","Total":17.960}}'
    return (tenant, record_id, f"hash{second}", None, at, deleted, payload)


def landing_of(warehouse: Warehouse) -> Landing:
    return Landing(warehouse, pipeline_name="test", dataset="raw_xero")


def rows_of(warehouse: Warehouse, query: str) -> list[tuple]:
    with warehouse.connect(read_only=True) as con:
        return con.execute(query).fetchall()


def yielding(*tables: pa.Table):
    return lambda: iter(tables)


def test_rows_land_as_they_are_and_an_empty_table_exists(warehouse: Warehouse) -> None:
    tables = {"items": yielding(raw_table([a_row("a"), a_row("b")])), "contacts": yielding()}
    assert landing_of(warehouse).land(tables) == 2
    found = rows_of(warehouse, "select record_id, extracted_at, payload from raw_xero.items")
    assert found[0] == ("a", NOON, '{"ID":"a","Total":17.960}')
    columns = rows_of(warehouse, "describe raw_xero.contacts")
    assert [column[0] for column in columns] == [*RAW_SCHEMA.names, "_dlt_load_id"]
    assert {c[0]: c[1] for c in columns}["extracted_at"] == "TIMESTAMP"


def test_where_nothing_was_held_the_warehouse_is_not_asked_for_each_page(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = raw_table([a_row("a"), a_row("b", tenant="t2")])
    landing_of(warehouse).land({"items": yielding(rows)})
    first, later = landing_of(warehouse), landing_of(warehouse)
    first.prefetch("new", whole=[], changes=["items"])
    later.prefetch("t1", whole=[], changes=["items"])
    assert list(later.held("items", "t1", ["a", "b"]).versions) == ["a"]
    monkeypatch.setattr(Warehouse, "reading", lambda *_: pytest.fail("it was asked"))
    assert first.held("items", "new", ["a", "b"]).versions == {}


def test_a_run_with_nothing_new_loads_nothing(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing_of(warehouse).land({"items": yielding(raw_table([a_row("a")]))})
    monkeypatch.setattr("pipelines.landing.configure_dlt", lambda: pytest.fail("dlt was started"))
    assert landing_of(warehouse).land({"items": yielding(raw_table([]))}) == 0


def test_the_latest_version_is_told_back_per_tenant(warehouse: Warehouse) -> None:
    rows = [a_row("a", 1), a_row("a", 2), a_row("b", 3, deleted=True), a_row("a", 9, tenant="t2")]
    landing_of(warehouse).land({"items": yielding(raw_table(rows))})
    state = landing_of(warehouse).held("items", "t1")
    assert state.versions["a"].version_hash == "hash2"
    assert state.versions["b"].is_deleted
    assert state.latest_extracted_at == NOON.replace(second=3)
    assert set(landing_of(warehouse).held("items", "t1", ["b"]).versions) == {"b"}
    assert landing_of(warehouse).held("items", "t3").versions == {}


def test_nothing_is_looked_up_for_an_organisation_that_has_no_rows(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = landing_of(warehouse)
    landing.land({"items": yielding(raw_table([a_row("a")])), "contacts": yielding()})
    for tenant in ("t1", "t2"):
        landing.prefetch(tenant, whole=[], changes=["items", "contacts"])
    assert set(landing.held("items", "t1", ["a", "b"]).versions) == {"a"}
    monkeypatch.setattr(Warehouse, "connect", lambda *_, **__: pytest.fail("it was opened"))
    assert landing.held("contacts", "t1", ["a"]).versions == {}
    assert landing.held("items", "t2", ["a"]).versions == {}


def test_a_generator_that_fails_lands_nothing(warehouse: Warehouse) -> None:
    def broken() -> Iterator[pa.Table]:
        yield raw_table([a_row("a")])
        raise OSError("disk full")

    with pytest.raises(Exception, match="disk full"):
        landing_of(warehouse).land({"items": broken})
    assert landing_of(warehouse).held("items", "t1").versions == {}


def test_what_a_killed_run_left_behind_is_not_loaded_later(warehouse: Warehouse) -> None:
    left = warehouse.pipelines_dir / "test"
    left.mkdir(parents=True)
    (left / "state.json").write_text("half a sta")
    assert landing_of(warehouse).land({"items": yielding(raw_table([a_row("a")]))}) == 1


def test_rows_that_get_lost_on_the_way_are_noticed(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Landing, "_count_landed", lambda *_: {"items": 1})
    rows = raw_table([a_row("a"), a_row("b")])
    with pytest.raises(RowsLost, match=r"'items': \(2, 1\)"):
        landing_of(warehouse).land({"items": yielding(rows)})


def test_a_warehouse_that_was_deleted_is_made_anew(warehouse: Warehouse) -> None:
    landing_of(warehouse).land({"items": yielding(raw_table([a_row("a")]))})
    warehouse.path.unlink()
    assert landing_of(warehouse).held("items", "t1").versions == {}
    assert landing_of(warehouse).land({"items": yielding(raw_table([a_row("a")]))}) == 1


def test_the_lock_names_who_holds_it(warehouse: Warehouse) -> None:
    from pipelines.warehouse import WarehouseBusy

    with (
        warehouse.lock("dbt build"),
        pytest.raises(WarehouseBusy, match=r"at work \(dbt build"),
        Warehouse(warehouse.home).lock("publishing", wait=0),
    ):
        pass


def test_a_second_sync_of_an_organisation_is_told_that_one_is_under_way(
    warehouse: Warehouse,
) -> None:
    from pipelines.warehouse import WarehouseBusy

    with warehouse.tenant_lock("acme", "t1"):
        with Warehouse(warehouse.home).tenant_lock("acme", "t2"):
            pass
        with (
            pytest.raises(WarehouseBusy, match=r"at work \(sync of t1"),
            Warehouse(warehouse.home).tenant_lock("acme", "t1"),
        ):
            pass


def test_two_openings_of_the_warehouse_never_meet(warehouse: Warehouse) -> None:
    landing_of(warehouse).land({"items": yielding(raw_table([a_row("a")]))})
    with warehouse.lock("a test"), warehouse.connect() as con:
        assert isinstance(con, duckdb.DuckDBPyConnection)
        assert con.execute("select current_setting('memory_limit')").fetchone() is not None
