"""The job that refreshes everything and its schedule; the job that writes what is approved."""

import dagster as dg

from orchestration.defs.push import APPLIED_KEY
from orchestration.defs.resources import Project
from orchestration.tenants import refresh_tenants

refresh = dg.define_asset_job(
    "refresh",
    # Nothing that is scheduled writes outside: that is a job of its own.
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(APPLIED_KEY),
    description="Sync every organisation, build, check, publish, plan.",
)

apply_approved = dg.define_asset_job(
    "apply_approved",
    selection=dg.AssetSelection.assets(APPLIED_KEY),
    description="Write what persons or the policy have approved of the latest plan.",
)

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.schedule(
    job=refresh,
    cron_schedule="0 * * * *",
    description="Every hour, one run over all organisations. Off until it is switched on.",
)
def hourly(
    context: dg.ScheduleEvaluationContext, project: dg.ResourceParam[Project]
) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run over the organisations that are connected now."""
    under_way = dg.RunsFilter(job_name=refresh.name, statuses=_UNDER_WAY)
    if context.instance.get_runs_count(under_way):
        return dg.SkipReason("The former run is still under way.")
    connected = refresh_tenants(context.instance, project.settings)
    for failure in connected.failures:
        context.log.error(f"{failure.connection}: {failure.error}")
    if not connected.names:
        return dg.SkipReason("No organisation is connected.")
    return dg.RunRequest(tags=connected.range_tags)
