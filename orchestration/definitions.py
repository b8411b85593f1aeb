"""Everything Dagster knows: assets from sync to write-back, checks, jobs, schedules, sensors.

`dagster dev -m orchestration.definitions` loads `defs`; the command line builds its own with
`project_definitions`, so that it can watch the run.
"""

import dagster as dg

from orchestration import dbt
from orchestration.defs.agreement import agreement_with_xero
from orchestration.defs.alerting import alert_on_failed_checks, alert_on_failure
from orchestration.defs.automation import apply_approved, hourly, nightly, rebuild, refresh
from orchestration.defs.build import dbt_models
from orchestration.defs.publish import published_marts
from orchestration.defs.push import applied_operations, ledger_loaded_back, planned_operations
from orchestration.defs.resources import Project
from orchestration.defs.sensors import configuration_changed, plan_approved, webhook_events
from orchestration.defs.sync import settings_files, xero
from orchestration.defs.systems import reads, systems
from pipelines.settings import load_settings


def project_definitions(project: Project) -> dg.Definitions:
    """Return the definitions over one project; dbt's manifest is renewed if it is stale."""
    models = dbt_models(dbt.prepare_manifest(project.settings))
    return dg.Definitions(
        assets=[
            *(settings_files, xero, systems, reads, ledger_loaded_back),
            *(models, published_marts(models)),
            *(planned_operations, applied_operations),
        ],
        asset_checks=[agreement_with_xero],
        jobs=[refresh, rebuild, apply_approved],
        schedules=[hourly, nightly],
        sensors=[
            *(webhook_events, configuration_changed, plan_approved),
            *(alert_on_failure, alert_on_failed_checks),
        ],
        resources={"project": project},
        # The steps follow one another, so a process for each would only cost its start.
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the definitions over the home and the connections that the environment names."""
    return project_definitions(Project(load_settings()))
