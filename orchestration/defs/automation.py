"""Jobs and schedules: what is read and made, what is made again, what is written outside.

Nothing that is scheduled writes outside: `apply_approved` is a job of its own, which a person or
the sensor `plan_approved` starts, and which sends only what persons or the policy have approved.
Schedules are off until they are switched on.
"""

import dagster as dg

from orchestration.defs.push import APPLIED_KEY
from orchestration.defs.resources import Project
from orchestration.defs.sync import READ_TAG, WHOLE
from orchestration.tenants import refresh_tenants

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(APPLIED_KEY),
    description="Sync every organisation, build, check, publish, plan.",
)

rebuild = dg.define_asset_job(
    "rebuild",
    selection=dg.AssetSelection.groups(
        *("staging", "intermediate", "marts", "metrics", "coding", "push", "publish", "plan")
    ),
    description="Build from what has been read, check, publish, plan. Reads no system.",
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


def is_under_way(instance: dg.DagsterInstance, *jobs: str) -> bool:
    """Return whether a run of one of the jobs is queued or at work."""
    return any(
        instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=_UNDER_WAY)) for job in jobs
    )


def _refresh_request(
    context: dg.ScheduleEvaluationContext, project: Project, tags: dict[str, str]
) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run over the organisations that are connected now."""
    if is_under_way(context.instance, refresh.name):
        return dg.SkipReason("The former run is still under way.")
    connected = refresh_tenants(context.instance, project.settings)
    for failure in connected.failures:
        context.log.error(f"{failure.connection}: {failure.error}")
    if not connected.names:
        return dg.SkipReason("No organisation is connected.")
    return dg.RunRequest(tags={**connected.range_tags, **tags})


@dg.schedule(
    job=refresh,
    cron_schedule="0 * * * *",
    description="Every hour, one run over all organisations: changes since the last.",
)
def hourly(
    context: dg.ScheduleEvaluationContext, project: dg.ResourceParam[Project]
) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run."""
    return _refresh_request(context, project, {})


@dg.schedule(
    job=refresh,
    cron_schedule="30 2 * * *",
    description="Every night, everything whole: what no change stamp shows, and what is gone.",
)
def nightly(
    context: dg.ScheduleEvaluationContext, project: dg.ResourceParam[Project]
) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run that reads whole."""
    return _refresh_request(context, project, {READ_TAG: WHOLE})
