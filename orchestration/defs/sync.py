"""Assets of the raw log: the settings files, and each group of Xero endpoints per organisation.

The groups are one step, so that an organisation is opened once and read in one go; Dagster can
still be asked for a single group. Nothing may fail here because of one organisation: what was not
read is metadata of its partition and a failed check, and the build goes on with the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import dagster as dg

from orchestration.defs.checks import ALL_READ, all_read_result
from orchestration.defs.flow import HOURLY, OWNERS
from orchestration.defs.resources import Project
from orchestration.summaries import plain
from orchestration.tenants import TENANTS, partition_key, tenant_of
from pipelines.calls_of_late import calls_of_late
from pipelines.egress import EgressPrice, egress_of
from pipelines.endpoint_read import utc_now
from pipelines.parts import Part, failure, read_parts
from pipelines.reads import ReadSummary, record_reads
from pipelines.settings import Settings, SettingsError
from pipelines.sync import open_client, sync_settings, sync_tenant
from pipelines.sync_results import Failure, Tenant
from pipelines.warehouse import warehouse_of
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.source import SYSTEM

READ_TAG, WHOLE, EVENTS = "xero_crm/read", "whole", "events"
"""A run's tag: read everything whole, or just what webhooks told of. Without it, what changed."""

SETTINGS_GROUP, XERO_GROUP = "sync_settings", "sync_xero"
SETTINGS_KEY = dg.AssetKey("settings")

_DESCRIPTIONS = {
    "configuration": "One row per version of an organisation, account, tracking category, tax rate"
    " or item. Read whole on every run, one call each.",
    "contacts": "One row per version of a contact. Changes since the last complete read.",
    "documents": "One row per version of an invoice, bill, credit note, payment, bank"
    " transaction or journal, with its lines. Changes since the last complete read.",
    "reports": "One row per version of a report at a month end, as Xero shows it: trial balance,"
    " profit and loss, balance sheet.",
}

GROUP_KEYS = {group: dg.AssetKey(["xero", group]) for group in _DESCRIPTIONS}

TABLE_KEYS = {endpoint.table: GROUP_KEYS[endpoint.group] for endpoint in ENDPOINTS.values()}
"""Which asset writes a table of `raw_xero`."""


@dg.asset(
    key=SETTINGS_KEY,
    group_name=SETTINGS_GROUP,
    owners=[OWNERS[SETTINGS_GROUP]],
    kinds={"csv"},
    freshness_policy=HOURLY,
    description="One row per version of a row of the settings files and of connections.toml.",
)
def settings_files(
    context: dg.AssetExecutionContext, project: dg.ResourceParam[Project]
) -> dg.MaterializeResult:
    """Land the bookkeeper's files; a file that is not valid fails the run before anything else."""
    done = sync_settings(project.settings, run_id=context.run.run_id)
    record_reads(warehouse_of(project.settings), done)
    project.outcome.reads += done
    return dg.MaterializeResult(metadata=figures(done))


@dg.multi_asset(
    name="xero",
    specs=[
        dg.AssetSpec(
            key,
            group_name=XERO_GROUP,
            owners=[OWNERS[XERO_GROUP]],
            kinds={"xero"},
            description=_DESCRIPTIONS[group],
            freshness_policy=HOURLY,
        )
        for group, key in GROUP_KEYS.items()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            ALL_READ,
            asset=key,
            description="Every organisation of the run was read completely.",
            blocking=False,
        )
        for key in GROUP_KEYS.values()
    ],
    partitions_def=TENANTS,
    # One run over the range of all organisations, not one run for each.
    backfill_policy=dg.BackfillPolicy.single_run(),
    can_subset=True,
)
def xero(
    context: dg.AssetExecutionContext, project: dg.ResourceParam[Project]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Read the chosen groups of every organisation of the run."""
    keys = {group: key for group, key in GROUP_KEYS.items() if key in context.selected_asset_keys}
    tenants = [tenant_of(key, project.tenant_names.get(key)) for key in context.partition_keys]
    done, failures = _read(context, project, tenants, list(keys))
    record_reads(warehouse_of(project.settings), done)
    project.outcome.reads += done
    project.outcome.failures += failures
    price = EgressPrice(project.settings.egress_price_per_gb, project.settings.egress_currency)
    for key in keys.values():
        of_group = [read for read in done if TABLE_KEYS[read.endpoint] == key]
        for tenant in tenants:
            context.add_asset_metadata(
                _partition_metadata(tenant, of_group, failures, price),
                asset_key=key,
                partition_key=partition_key(tenant),
            )
        yield dg.MaterializeResult(asset_key=key)
        if dg.AssetCheckKey(key, ALL_READ) in context.selected_asset_check_keys:
            yield all_read_result(key, of_group, failures)


def _read(
    context: dg.AssetExecutionContext,
    project: Project,
    tenants: Sequence[Tenant],
    groups: Sequence[str],
) -> tuple[list[ReadSummary], list[Failure]]:
    """Read the organisations, several at a time; one that fails is listed, the others are read."""
    wanted = context.run.tags.get(READ_TAG)
    parts: list[Part] = []
    unopened: list[Failure] = []
    with ExitStack() as open_clients:
        clients: dict[str, XeroClient] = {}
        for tenant in tenants:
            try:
                if tenant.connection not in clients:
                    clients[tenant.connection] = open_clients.enter_context(
                        _open(project.settings, tenant.connection)
                    )
            except Exception as error:
                unopened.append(failure(error, tenant.connection, tenant))
                continue
            read = partial(
                sync_tenant,
                project.settings,
                tenant,
                endpoints=groups,
                full=wanted == WHOLE,
                only_events=wanted == EVENTS,
                run_id=context.run.run_id,
                progress=project.progress,
                client=clients[tenant.connection],
            )
            parts.append(Part(tenant.connection, tenant, read))
        calls = calls_of_late(warehouse_of(project.settings), SYSTEM, utc_now())
        done, failures = read_parts(parts, project.settings.organisations_at_once, calls)
    failures = [*unopened, *failures]
    for each in failures:
        context.log.error(f"{each.tenant_name or each.connection} was not read: {each.error}")
    return done, failures


def _open(settings: Settings, connection_name: str) -> XeroClient:
    for connection in settings.xero_connections():
        if connection.name == connection_name:
            return open_client(settings, connection)
    raise SettingsError(f"{settings.connections} has no connection {connection_name!r} any more.")


def _partition_metadata(
    tenant: Tenant,
    of_group: Sequence[ReadSummary],
    failures: Sequence[Failure],
    price: EgressPrice,
) -> Mapping[str, Any]:
    own = [read for read in of_group if read.tenant_id == tenant.tenant_id]
    errors = [failure.error for failure in failures if failure.tenant_id == tenant.tenant_id]
    errors += [f"{read.endpoint}: {read.error}" for read in own if not read.is_complete]
    return {
        "organisation": tenant.name,
        **figures(own),
        f"egress_estimate_{price.currency.lower()}": str(egress_of(own, price).estimate),
        **({"error": "\n".join(errors)} if errors else {}),
    }


def figures(done: Sequence[ReadSummary]) -> Mapping[str, Any]:
    """Return the metadata of some reads: their sums, and `reads` with each of them."""
    sums = (
        *("calls", "bytes", "records_read"),
        *("versions_written", "changed_without_stamp", "tombstones"),
    )
    return {
        **{name: sum(getattr(read, name) for read in done) for name in sums},
        "reread_calls": sum(read.reread_calls or 0 for read in done),
        "reads": dg.MetadataValue.json([plain(read) for read in done]),
    }
