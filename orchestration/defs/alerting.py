"""Tells someone when a run failed, or succeeded and left something undone.

These sensors are on from the start; where nothing is set up, they write to the daemon's log.
"""

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from orchestration.alerts import Alert, notifiers, notify
from orchestration.defs.automation import apply_approved, rebuild, refresh
from orchestration.defs.resources import Project

_JOBS = [refresh, rebuild, apply_approved]
_ON = dg.DefaultSensorStatus.RUNNING
_MOST_CHECKS = 30  # named in one alert


@dg.run_failure_sensor(
    monitored_jobs=_JOBS, default_status=_ON, description="A run failed: tell someone."
)
def alert_on_failure(
    context: dg.RunFailureSensorContext, project: dg.ResourceParam[Project]
) -> None:
    """Send what failed and why."""
    run, why = context.dagster_run, context.failure_event.message
    steps = [
        f"{event.step_key}: {_reason(event.step_failure_data.error)}"
        for event in context.get_step_failure_events()
        if event.step_failure_data.error
    ]
    subject = f"xero-crm: the run {run.job_name} failed"
    text = "\n\n".join(
        [why or "", *steps, f"Run {run.run_id}. Nothing was half done: run it again."]
    )
    notify(notifiers(project.settings), Alert(subject, text))


def _reason(error: SerializableErrorInfo) -> str:
    """Return the message of what was raised, not of Dagster's errors around it."""
    while error.cause:
        error = error.cause
    return error.message.strip()


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=_JOBS,
    default_status=_ON,
    description="A run succeeded, and a check of it did not: tell someone.",
)
def alert_on_failed_checks(
    context: dg.RunStatusSensorContext, project: dg.ResourceParam[Project]
) -> None:
    """Send the checks that failed, an organisation that was not read among them."""
    failed = failed_checks(context.instance, context.dagster_run.run_id)
    if failed:
        subject = (
            f"xero-crm: {len(failed)} checks failed in a run of {context.dagster_run.job_name}"
        )
        more = [f"and {len(failed) - _MOST_CHECKS} more"] if len(failed) > _MOST_CHECKS else []
        text = "\n".join([*failed[:_MOST_CHECKS], *more, f"Run {context.dagster_run.run_id}."])
        notify(notifiers(project.settings), Alert(subject, text))


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Return a line for each check of a run that failed, warnings of dbt's tests left out."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [
        entry.dagster_event.asset_check_evaluation_data
        for entry in entries
        if entry.dagster_event is not None
    ]
    return [
        " ".join(
            [
                f"{each.asset_key.to_user_string()}: {each.check_name}",
                *(str(value.value) for name, value in each.metadata.items() if name in _SAID),
            ]
        )
        for each in found
        if not each.passed and (each.severity is dg.AssetCheckSeverity.ERROR or _is_ours(each))
    ]


_SAID = ("not_read", "message", "not_explained")


def _is_ours(check: dg.AssetCheckEvaluation) -> bool:
    return check.check_name.endswith("_agrees_with_xero")
