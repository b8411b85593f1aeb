"""The calls that decide which organisation begins first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.calls_of_late import calls_of_late
from pipelines.reads import not_read, record_reads
from pipelines.warehouse import Warehouse

NOON = datetime(2026, 11, 20, 12)
READ = not_read(
    "It is switched off.",
    run_id="run",
    connection="acme",
    system="xero",
    tenant_id="two",
    endpoint="invoices",
    at=NOON,
)


def test_an_organisations_calls_of_late_are_those_of_its_greatest_run(tmp_path: Path):
    warehouse = Warehouse(tmp_path)
    assert calls_of_late(warehouse, "xero", NOON) == {}
    one, two = replace(READ, tenant_id="one"), READ
    record_reads(
        warehouse,
        [
            replace(one, run_id="old", calls=900, started_at=NOON - timedelta(days=30)),
            replace(one, run_id="whole", calls=60),
            replace(one, run_id="whole", calls=80, endpoint="contacts"),
            replace(one, run_id="changes", calls=30),
            replace(two, run_id="changes", calls=7),
            replace(two, run_id="changes", calls=500, system="workguru"),
        ],
    )
    assert calls_of_late(warehouse, "xero", NOON) == {"one": 140, "two": 7}
