"""Loads the ledger back into the warehouse: why was this refused, who approved that, in SQL.

In: the ledger. Out: rows in `raw_push`, one table per table of the ledger, in the raw log's shape:
record_id is the row's key, payload its columns as JSON (those that hold JSON stay text), and
tenant_id the operation's; a plan over several organisations lands once for each. An operation lands
from its first approval on, and its plan with it: what was only planned is in the published file as
desired state, with its findings, and would make every hourly plan a reason to build. Only rows
that are new or changed since the last time are asked for; one that is held as it is, is not
written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import pyarrow as pa
from sqlalchemy import Column, Connection, Select, or_, select

from pipelines.endpoint_read import utc_now
from pipelines.landing import HeldState, Landing
from pipelines.push.ledger import open_ledger
from pipelines.push.tables import APPROVALS, ATTEMPTS, METADATA, OPERATIONS, PLANS
from pipelines.record_log import VersionLog
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse, WarehouseBusy, warehouse_of

DATASET = "raw_push"
TABLES = tuple(METADATA.tables)
OVERLAP = timedelta(hours=1)
"""How far before the last landing the next reading begins: a transaction that was open then has
rows with an earlier time; so has a machine whose clock is behind."""

_QUICK = 2.0  # seconds
_TENANT = "tenant_id_of_row"


def load_back(settings: Settings, *, wait: bool = True) -> int | None:
    """Append what is new in the ledger to `raw_push`, and return how many rows that was.

    Args:
        settings: Where the ledger and the warehouse are.
        wait: Whether to wait for a warehouse that is in use; else None is returned at once, and
            the next run loads the rows.

    Raises:
        LedgerUnusable: The ledger cannot be opened.
        WarehouseBusy: Another process kept the warehouse too long.
    """
    warehouse = warehouse_of(settings)
    if not wait and not _is_free(warehouse):
        return None
    landing = Landing(warehouse, pipeline_name="push", dataset=DATASET)
    held = landing.held_by_tenant(TABLES) or {table: {} for table in TABLES}
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        versions = {
            table: list(_versions(table, held[table], _rows(connection, table, held[table])))
            for table in TABLES
        }
    return landing.land({table: partial(iter, each) for table, each in versions.items()})


def _is_free(warehouse: Warehouse) -> bool:
    try:
        with warehouse.lock("loading the push ledger back", wait=_QUICK):
            return True
    except WarehouseBusy:
        return False


def _rows(
    connection: Connection, table: str, held: Mapping[str, HeldState]
) -> dict[str, list[bytes]]:
    """Return the rows of a table that may be new, as JSON, by organisation."""
    landed = [each.latest_extracted_at for each in held.values() if each.latest_extracted_at]
    since = max(landed) - OVERLAP if landed else None
    found: dict[str, list[bytes]] = {}
    for row in connection.execute(_chosen(table, since)).mappings():
        columns = dict(row)
        tenant_id = columns.pop(_TENANT)
        found.setdefault(tenant_id, []).append(msgspec.json.encode(columns))
    return found


def _chosen(table: str, since: datetime | None) -> Select[Any]:
    columns = METADATA.tables[table].c
    was_approved = OPERATIONS.c.operation_id.in_(select(APPROVALS.c.operation_id))
    chosen = select(*columns, OPERATIONS.c.tenant_id.label(_TENANT)).where(was_approved)
    if table == PLANS.name:
        chosen = chosen.join(OPERATIONS, OPERATIONS.c.plan_id == PLANS.c.plan_id).distinct()
    elif table != OPERATIONS.name:
        chosen = chosen.join(OPERATIONS, OPERATIONS.c.operation_id == columns.operation_id)
    if since is None:
        return chosen
    return chosen.where(or_(*(moved >= since for moved in _MOVED[table])))


# When a row may have changed last. With an attempt its operation moves, or an answer is noted.
_MOVED: Mapping[str, Sequence[Column[datetime]]] = {
    PLANS.name: (OPERATIONS.c.changed_at,),
    OPERATIONS.name: (OPERATIONS.c.changed_at,),
    APPROVALS.name: (APPROVALS.c.approved_at,),
    ATTEMPTS.name: (ATTEMPTS.c.answered_at, ATTEMPTS.c.read_back_at, OPERATIONS.c.changed_at),
}


def _versions(
    table: str, held: Mapping[str, HeldState], rows: Mapping[str, list[bytes]]
) -> Iterator[pa.Table]:
    (key,) = METADATA.tables[table].primary_key
    for tenant_id, payloads in rows.items():
        state = held.get(tenant_id, HeldState())
        log = VersionLog(
            tenant_id,
            id_field=key.name,
            stamp_field=None,
            held=state.versions,
            not_before=state.latest_extracted_at,
        )
        yield log.append(payloads, utc_now())[0]
