"""Which organisations a run is over: Dagster's partitions, kept equal to what is connected."""

from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)

from pipelines.settings import Settings
from pipelines.sync import list_tenants
from pipelines.sync_results import Failure, Tenant
from pipelines.xero.errors import TenantNotConnected, XeroError

_NAME = "tenants"
TENANTS = dg.DynamicPartitionsDefinition(name=_NAME)


@dataclass(frozen=True)
class Connected:
    """The organisations of a run, by partition key, and the connections that did not answer."""

    names: dict[str, str]
    failures: tuple[Failure, ...]

    @property
    def range_tags(self) -> dict[str, str]:
        """Tags that make one run cover all of them (with a single-run backfill policy)."""
        first, *_, last = [*self.names, *self.names]
        return {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last}


def partition_key(tenant: Tenant) -> str:
    """Return `<connection>:<tenant_id>`; the name is not in it, since it may change."""
    return f"{tenant.connection}:{tenant.tenant_id}"


def refresh_tenants(instance: dg.DagsterInstance, settings: Settings) -> Connected:
    """Ask each connection for its organisations, and make Dagster's partitions equal to them.

    A connection that does not answer keeps the partitions it had: its organisations are then
    tried, and fail one by one. An organisation that is no longer connected loses its partition;
    its rows stay in the warehouse.

    Raises:
        SettingsError: connections.toml cannot be used.
    """
    known = list(instance.get_dynamic_partitions(_NAME))
    names: dict[str, str] = {}
    failures: list[Failure] = []
    for connection in settings.xero_connections():
        try:
            found = list_tenants(settings, connection.name)
        except XeroError as error:
            failures.append(Failure(connection.name, None, None, str(error)))
            if isinstance(error, TenantNotConnected):
                found = [
                    Tenant(connection.name, each.tenant_id, each.tenant_name)
                    for each in error.connected
                ]
            else:
                found = [
                    tenant for tenant in map(tenant_of, known) if _is_of(tenant, connection.name)
                ]
        names |= {partition_key(tenant): tenant.name for tenant in found}
    _make_equal(instance, known, list(names))
    ordered = instance.get_dynamic_partitions(_NAME)
    return Connected({key: names[key] for key in ordered}, tuple(failures))


def known_tenants(instance: dg.DagsterInstance) -> list[Tenant]:
    """Return the organisations that were connected when last asked; their ids stand for names."""
    return [tenant_of(key) for key in instance.get_dynamic_partitions(_NAME)]


def tenant_of(key: str, name: str | None = None) -> Tenant:
    """Return the organisation of a partition; without its name, its id stands for it."""
    connection, tenant_id = key.split(":", 1)
    return Tenant(connection, tenant_id, name or tenant_id)


def _is_of(tenant: Tenant, connection: str) -> bool:
    return tenant.connection == connection


def _make_equal(instance: dg.DagsterInstance, known: Sequence[str], wanted: Sequence[str]) -> None:
    for key in set(known) - set(wanted):
        instance.delete_dynamic_partition(_NAME, key)
    instance.add_dynamic_partitions(_NAME, list(wanted))
