"""Assets of the raw log of the systems beside Xero, one per system, and the record of all reads.

They are one step that no organisation partitions: a connection belongs to one organisation. As
with Xero, what was not read is a failed check, and the build goes on.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import dagster as dg

from orchestration.defs.checks import ALL_READ, all_read_result
from orchestration.defs.flow import HOURLY, OWNERS
from orchestration.defs.resources import Project
from orchestration.defs.sync import EVENTS, GROUP_KEYS, READ_TAG, SETTINGS_KEY, WHOLE, figures
from orchestration.tenants import known_tenants
from pipelines.connections import SourceConnection
from pipelines.parts import Part, read_parts
from pipelines.reads import ReadSummary, record_reads
from pipelines.source_sync import source_tenant, sync_source
from pipelines.sync_results import Failure, Tenant
from pipelines.systems import SYSTEMS, system_of
from pipelines.warehouse import warehouse_of

SYSTEM_KEYS = {name: dg.AssetKey([name, "records"]) for name in SYSTEMS}
READS_KEY = dg.AssetKey(["raw_runs", "reads"])

# Not a step of its own: each read is recorded by the step that reads.
reads = dg.AssetSpec(
    READS_KEY,
    deps=[SETTINGS_KEY, *GROUP_KEYS.values(), *SYSTEM_KEYS.values()],
    group_name="sync",
    owners=[OWNERS["sync"]],
    description="One row per run, organisation and endpoint: calls, bytes, records, what changed.",
)


@dg.multi_asset(
    name="systems",
    specs=[
        dg.AssetSpec(
            key,
            group_name=f"sync_{name}",
            owners=[OWNERS[f"sync_{name}"]],
            kinds={name},
            freshness_policy=HOURLY,
            description="One row per version of a record of the system; none if not connected.",
        )
        for name, key in SYSTEM_KEYS.items()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            ALL_READ,
            asset=key,
            description="Every connection of the system was read completely.",
            blocking=False,
        )
        for key in SYSTEM_KEYS.values()
    ],
    can_subset=True,
)
def systems(
    context: dg.AssetExecutionContext, project: dg.ResourceParam[Project]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Read every connection of the chosen systems; none where only Xero's events are asked for."""
    tenants = known_tenants(context.instance)
    connections = project.settings.connections_of(SourceConnection)
    if context.run.tags.get(READ_TAG) == EVENTS:
        connections = []
    for name, key in SYSTEM_KEYS.items():
        if key in context.selected_asset_keys:
            own = [each for each in connections if system_of(each).name == name]
            done, failures = _read(context, project, own, tenants)
            record_reads(warehouse_of(project.settings), done)
            project.outcome.reads += done
            project.outcome.failures += failures
            yield dg.MaterializeResult(
                asset_key=key, metadata={"connections": len(own), **figures(done)}
            )
            if dg.AssetCheckKey(key, ALL_READ) in context.selected_asset_check_keys:
                yield all_read_result(key, done, failures)


def _read(
    context: dg.AssetExecutionContext,
    project: Project,
    connections: Sequence[SourceConnection],
    tenants: Sequence[Tenant],
) -> tuple[list[ReadSummary], list[Failure]]:
    """Read the connections, several at a time; one that fails is listed, the others are read."""

    def read(connection: SourceConnection) -> list[ReadSummary]:
        return sync_source(
            project.settings,
            connection,
            source_tenant(project.settings, connection, tenants),
            full=context.run.tags.get(READ_TAG) == WHOLE,
            run_id=context.run.run_id,
            progress=project.progress,
        )

    parts = [Part(each.name, None, partial(read, each)) for each in connections]
    done, failures = read_parts(parts, project.settings.organisations_at_once)
    for each in failures:
        context.log.error(f"{each.connection} was not read: {each.error}")
    return done, failures
