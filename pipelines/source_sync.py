"""Reads one system of one organisation into the raw log, and says how it went."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from pipelines.connections import SourceConnection
from pipelines.endpoint_read import EndpointRead, Progress
from pipelines.landing import Landing
from pipelines.read_ahead import read_ahead
from pipelines.reads import ReadHistory, ReadSummary, read_histories
from pipelines.settings import Settings, SettingsError
from pipelines.sync_results import Tenant
from pipelines.systems import system_of
from pipelines.warehouse import warehouse_of


def sync_source(
    settings: Settings,
    connection: SourceConnection,
    tenant_id: str,
    *,
    full: bool = False,
    run_id: str,
    progress: Progress | None = None,
) -> list[ReadSummary]:
    """Read one system that is not Xero; its rows carry the organisation's `tenant_id`.

    Raises:
        ReadFailure: The system cannot be opened at all.
        WarehouseBusy: A sync of it is under way.
        RowsLost: The warehouse holds other rows than were read.
    """
    system = system_of(connection)
    credentials = settings.credentials(connection.name)
    with system.open_client(connection, credentials, settings.home) as client:

        def reads(landing: Landing, held: Mapping[str, ReadHistory]) -> list[EndpointRead]:
            told = prefixed(progress, connection.name)
            since = {table: each.cursor_at for table, each in held.items() if each.cursor_at}
            return system.reads(client, tenant_id, landing, cursors=since, full=full, progress=told)

        return run_reads(settings, system.name, connection.name, tenant_id, run_id, reads)


def source_tenant(
    settings: Settings, connection: SourceConnection, tenants: Collection[Tenant]
) -> str:
    """Return the organisation that a system belongs to, given the ones that could be listed.

    Raises:
        SettingsError: It names no organisation, and its Xero connection has not exactly one.
    """
    if connection.tenant_id:
        return connection.tenant_id
    found = sorted({each.tenant_id for each in tenants if each.connection == connection.xero})
    if len(found) != 1:
        raise SettingsError(
            f"{settings.connections}: {connection.name} belongs to the Xero connection "
            f"{connection.xero!r}, which has {len(found)} organisations. Write its tenant_id."
        )
    return found[0]


def run_reads(
    settings: Settings,
    system: str,
    connection: str,
    tenant_id: str,
    run_id: str,
    prepare: Callable[[Landing, Mapping[str, ReadHistory]], list[EndpointRead]],
    *,
    at_once: bool = False,
) -> list[ReadSummary]:
    """Run the reads that `prepare` makes of (landing, histories); the caller records them.

    `at_once` lets them go on at the same time, where the system's client paces its own calls.

    Until they are recorded, the next run reads the same changes again and finds them known.

    Raises:
        WarehouseBusy: A sync of the organisation is under way.
        RowsLost: The warehouse holds other rows than were read.
    """
    warehouse = warehouse_of(settings)
    name = f"{system}_{connection}_{tenant_id}"
    with warehouse.tenant_lock(connection, tenant_id):
        landing = Landing(
            warehouse, pipeline_name=name, dataset=f"raw_{system}", tenant_id=tenant_id
        )
        reads = prepare(landing, read_histories(warehouse, system, tenant_id))
        landing.prefetch(
            tenant_id,
            whole=[read.table for read in reads if read.compares_with_all],
            changes=[read.table for read in reads if not read.compares_with_all],
        )
        batches = {read.table: read.batches for read in reads}
        if at_once:
            with read_ahead(batches) as ahead:
                landing.land(ahead)
        else:
            landing.land(batches)
        return [read.summary(run_id, connection) for read in reads]


def prefixed(progress: Progress | None, name: str) -> Progress | None:
    """Return a progress function that says first whom a line is about."""
    return (lambda line: progress(f"{name}: {line}")) if progress else None
