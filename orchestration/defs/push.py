"""Assets of the write-back: the ledger in the warehouse, the plan, what was applied of it.

The plan follows each publication. Applying is no part of `refresh`: it is a job of its own, started
by a person or a schedule of theirs, and sends only what persons or the policy have approved.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import pushing
from orchestration.defs.flow import HOURLY, OWNERS, SAFE_TO_REPEAT
from orchestration.defs.resources import Project
from pipelines.push.loaded_back import DATASET, TABLES, load_back

LEDGER_KEYS = [dg.AssetKey([DATASET, table]) for table in TABLES]
PLAN_KEY = dg.AssetKey(["ledger", "plan"])
APPLIED_KEY = dg.AssetKey(["ledger", "applied"])


@dg.multi_asset(
    name="ledger_loaded_back",
    specs=[
        dg.AssetSpec(
            key,
            group_name="sync_ledger",
            owners=[OWNERS["sync_ledger"]],
            kinds={"sql"},
            description=f"One row per change of a row of the push ledger's table {key.path[-1]}.",
        )
        for key in LEDGER_KEYS
    ],
    retry_policy=SAFE_TO_REPEAT,
)
def ledger_loaded_back(project: dg.ResourceParam[Project]) -> Iterator[dg.MaterializeResult]:
    """Append what is new in the ledger to the raw log."""
    rows = load_back(project.settings)
    if rows:
        project.progress(f"{rows} rows of the push ledger loaded back")
    for key in LEDGER_KEYS:
        yield dg.MaterializeResult(asset_key=key)


@dg.asset(
    key=PLAN_KEY,
    deps=[dg.AssetKey(["published", "marts"])],
    group_name="plan",
    owners=[OWNERS["plan"]],
    kinds={"sql"},
    freshness_policy=HOURLY,
    retry_policy=SAFE_TO_REPEAT,
    description="One row per record that would be written, in the push ledger: its fields before"
    " and after, or what blocks it. Nothing is sent.",
)
def planned_operations(project: dg.ResourceParam[Project]) -> dg.MaterializeResult:
    """Plan over every target; where nothing is stated to be written, there is no plan."""
    try:
        plan = pushing.plan_now(project.settings)
    except pushing.NothingDesired as nothing:
        return dg.MaterializeResult(metadata={"no_plan": str(nothing)})
    project.outcome.plan = plan
    project.progress(f"planned {plan.plan_id}: {len(plan.planned)} records to write")
    statuses = [each.status for each in plan.operations]
    return dg.MaterializeResult(
        metadata={
            "plan": plan.plan_id,
            "to_write": len(plan.planned),
            "blocked": statuses.count("blocked"),
            "unsupported": statuses.count("unsupported"),
            "stops": len(plan.stops),
        }
    )


@dg.asset(
    key=APPLIED_KEY,
    deps=[PLAN_KEY],
    group_name="apply",
    owners=[OWNERS["apply"]],
    kinds={"xero"},
    description="One row per attempt on a record, in the push ledger: what persons or the policy"
    " approved of the latest plan, written to its targets.",
)
def applied_operations(
    context: dg.AssetExecutionContext, project: dg.ResourceParam[Project]
) -> dg.MaterializeResult:
    """Send what is approved, nothing else; a record that is not confirmed fails no step."""
    done = pushing.apply_approved(project.settings, project.progress)
    if done is None or done.summary is None:
        return dg.MaterializeResult(metadata={"nothing_approved": True})
    for where, why in done.summary.stopped.items():
        context.log.error(f"{where}: {why}")
    counts = dict(done.summary.statuses)
    return dg.MaterializeResult(metadata={"plan": done.plan.plan_id, **counts})
