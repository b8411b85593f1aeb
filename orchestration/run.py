"""`xero-crm run`: sync, build, publish and plan as one Dagster run over every organisation.

The run happens in this process and is kept in Dagster's history below the home, so that the UI
shows it like any other.
"""

from uuid import uuid4

import dagster as dg

from orchestration.definitions import project_definitions
from orchestration.defs.automation import refresh
from orchestration.defs.resources import Outcome, Progress, Project, dagster_home
from orchestration.homes import NothingConnected, refuse_where_nothing_is_connected
from orchestration.summaries import RunSummary
from orchestration.tenants import refresh_tenants, tenant_of
from pipelines.egress import EgressPrice
from pipelines.settings import Settings
from pipelines.sync_results import SyncSummary

# The person reads our own progress lines; Dagster's events are in its history.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_everything(settings: Settings, progress: Progress) -> RunSummary:
    """Run the job over the range of all organisations.

    Raises:
        NothingConnected: No connection could be asked which organisations it has.
        SettingsError: connections.toml or a settings file is not valid.
    """
    refuse_where_nothing_is_connected(settings)
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        connected = refresh_tenants(instance, settings)
        if not connected.names:
            why = " ".join(failure.error for failure in connected.failures)
            raise NothingConnected(why or "The connections have no organisation that can be read.")
        outcome = Outcome(failures=list(connected.failures))
        project = Project(settings, progress, connected.names, outcome)
        job = project_definitions(project).resolve_job_def(refresh.name)
        run_id = str(uuid4())
        withheld = None
        try:
            job.execute_in_process(
                instance=instance, run_id=run_id, tags=connected.range_tags, run_config=_QUIET
            )
        except dg.Failure as failure:
            withheld = failure.description
    return RunSummary(
        run_id=run_id,
        organisations={tenant_of(key).tenant_id: name for key, name in connected.names.items()},
        sync=SyncSummary(
            tuple(outcome.reads),
            tuple(outcome.failures),
            EgressPrice(settings.egress_price_per_gb, settings.egress_currency),
        ),
        build=outcome.build,
        publication=outcome.publication,
        plan=outcome.plan,
        withheld=withheld,
    )
