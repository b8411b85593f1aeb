"""The systems that are read besides Xero, as data: adding one is one entry here.

Each has a folder with `client`, `endpoints` and `source`; their tables exist in the warehouse also
where the system is not connected, so that every model can be built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from pipelines.connections import (
    ProspectConnection,
    SourceConnection,
    UnleashedConnection,
    WorkGuruConnection,
)
from pipelines.endpoint_read import EndpointRead
from pipelines.prospect import source as prospect
from pipelines.raw_tables import create_missing
from pipelines.unleashed import source as unleashed
from pipelines.warehouse import Warehouse
from pipelines.workguru import source as workguru
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.source import DATASET as XERO_DATASET

# The push ledger, loaded back: the tables of `pipelines/push/tables.py`.
PUSH_DATASET = "raw_push"
PUSH_TABLES = ("plans", "operations", "approvals", "attempts")


@dataclass(frozen=True)
class System:
    """One system that is not Xero.

    Attributes:
        name: Its table in connections.toml, its folder, its raw schema behind `raw_`.
        connection_type: How it is connected.
        tables: Its raw tables.
        open_client: (connection, credentials, home) to a client, closed at the end of `with`.
        reads: (client, tenant_id, landing, cursors=, full=, progress=) to the reads of a sync.
    """

    name: str
    connection_type: type[SourceConnection]
    tables: tuple[str, ...]
    open_client: Callable[..., AbstractContextManager[Any]]
    reads: Callable[..., list[EndpointRead]]

    @property
    def dataset(self) -> str:
        """The raw schema."""
        return f"raw_{self.name}"


def _tables(endpoints: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(endpoint.table for endpoint in endpoints.values())


SYSTEMS: Mapping[str, System] = {
    system.name: system
    for system in (
        System(
            "workguru",
            WorkGuruConnection,
            _tables(workguru.ENDPOINTS),
            workguru.open_client,
            workguru.reads,
        ),
        System(
            "prospect",
            ProspectConnection,
            _tables(prospect.ENDPOINTS),
            prospect.open_client,
            prospect.reads,
        ),
        System(
            "unleashed",
            UnleashedConnection,
            _tables(unleashed.ENDPOINTS),
            unleashed.open_client,
            unleashed.reads,
        ),
    )
}


def system_of(connection: SourceConnection) -> System:
    """Return the system that a connection connects."""
    return next(each for each in SYSTEMS.values() if isinstance(connection, each.connection_type))


def ensure_raw_tables(warehouse: Warehouse) -> None:
    """Create the raw tables that do not exist yet, empty; those of the push ledger too.

    A raw log of files has none to create: a table without a file is an empty one.
    """
    if warehouse.raw_log:
        return
    wanted = {system.dataset: system.tables for system in SYSTEMS.values()}
    wanted[XERO_DATASET] = _tables(ENDPOINTS)
    wanted[PUSH_DATASET] = PUSH_TABLES
    for dataset, tables in wanted.items():
        create_missing(warehouse, dataset, tables)
