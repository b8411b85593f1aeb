"""What is recorded of reads is told back to the next run, also in a home of an earlier version."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipelines.reads import DATASET, TABLE, ReadSummary, not_read, read_histories, record_reads
from pipelines.warehouse import Warehouse

NOON = datetime(2026, 3, 31, 12)


def a_read(run_id: str, **changes) -> ReadSummary:
    read = not_read(
        "none",
        run_id=run_id,
        connection="acme",
        system="xero",
        tenant_id="t1",
        endpoint="invoices",
        at=NOON,
    )
    return ReadSummary(**{**vars(read), **changes})


def test_a_home_of_an_earlier_version_gets_the_columns_that_it_lacks(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    record_reads(warehouse, [a_read("first", is_complete=True, cursor_at=NOON)])
    with warehouse.connect() as con:
        con.execute(f"alter table {DATASET}.{TABLE} drop column reread_calls")
        con.execute(f"alter table {DATASET}.{TABLE} drop column whole_at")

    record_reads(warehouse, [a_read("second", is_complete=True, whole_at=NOON, reread_calls=3)])

    with warehouse.connect(read_only=True) as con:
        found = con.execute(
            f"select run_id, whole_at, reread_calls from {DATASET}.{TABLE} order by run_id"  # noqa: S608
        ).fetchall()
    assert found == [("first", None, None), ("second", NOON, 3)]
    history = read_histories(warehouse, "xero", "t1")["invoices"]
    assert (history.cursor_at, history.whole_at) == (NOON, NOON)


def test_how_long_a_list_is_is_known_also_from_a_read_that_broke_off(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    broke_off = a_read("first", mode="whole", item_count=143)
    gone_on = a_read("second", is_complete=True, item_count=54, cursor_at=NOON)
    record_reads(warehouse, [broke_off, gone_on, a_read("third", mode="whole")])
    history = read_histories(warehouse, "xero", "t1")["invoices"]
    assert (history.item_count, history.first_at) == (143, NOON)
