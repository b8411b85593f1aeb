"""How many calls each organisation has taken of late, by which a run decides who begins first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pipelines.reads import DATASET, TABLE
from pipelines.warehouse import Warehouse

_OF_LATE = timedelta(days=3)  # in which there was a whole read, where each night has one

_CALLS = f"""
    with runs as (
        select tenant_id, run_id, sum(calls) as calls
        from {DATASET}.{TABLE}
        where system = $system and started_at >= $since
        group by tenant_id, run_id
    )
    select tenant_id, max(calls) from runs group by tenant_id
"""  # noqa: S608 - the names are constants


def calls_of_late(warehouse: Warehouse, system: str, now: datetime) -> Mapping[str, int]:
    """Return the most calls that one run took of each organisation, by tenant id.

    Of the three days before `now` (naive UTC). Nothing is known where the raw log is in files: each
    run adds one for every organisation, and looking into all of them would take longer than a good
    order saves.
    """
    if warehouse.raw_log:
        return {}
    with warehouse.reading("reading how many calls earlier runs took", DATASET) as reader:
        if not reader or TABLE not in reader.tables:
            return {}
        rows = reader.con.execute(_CALLS, {"system": system, "since": now - _OF_LATE}).fetchall()
    return {tenant_id: int(calls) for tenant_id, calls in rows}
