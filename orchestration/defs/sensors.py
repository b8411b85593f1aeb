"""What starts runs when something happens: events of webhooks, configuration, approvals.

No sensor calls another system: they look at files of the home, at the ledger and at Dagster's own
history. All are off until they are switched on.
"""

import hashlib

import dagster as dg

from orchestration import build_state
from orchestration.awaiting_apply import awaiting_apply
from orchestration.dbt import project_dir
from orchestration.defs.automation import apply_approved, is_under_way, rebuild, refresh
from orchestration.defs.resources import Project
from orchestration.defs.sync import EVENTS, GROUP_KEYS, READ_TAG, TABLE_KEYS
from orchestration.tenants import Connected, known_tenants, partition_key
from pipelines.settings import Settings
from pipelines.warehouse import WarehouseBusy, warehouse_of
from pipelines.xero.webhook_store import pending_events

_EVERY = 60  # seconds

Asked = dg.RunRequest | dg.SkipReason
_CONFIGURATION = [table for table, key in TABLE_KEYS.items() if key == GROUP_KEYS["configuration"]]


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=_EVERY,
    description="Webhooks told of records: fetch just those, build, publish, plan.",
)
def webhook_events(
    context: dg.SensorEvaluationContext, project: dg.ResourceParam[Project]
) -> Asked:
    """Ask for a run over the organisations, once per latest event."""
    if is_under_way(context.instance, refresh.name):
        return dg.SkipReason("A run is under way.")
    tenants = known_tenants(context.instance)
    home = project.settings.home
    waiting = {
        number
        for tenant in tenants
        for pending in pending_events(home, tenant.connection, tenant.tenant_id).values()
        for number in pending.numbers
    }
    if not waiting:
        return dg.SkipReason("No event waits.")
    names = {partition_key(tenant): tenant.name for tenant in tenants}
    tags = {**Connected(names, ()).range_tags, READ_TAG: EVENTS}
    return dg.RunRequest(run_key=f"events to {max(waiting)}", tags=tags)


@dg.sensor(
    job=rebuild,
    minimum_interval_seconds=_EVERY,
    description="Accounts, tracking, tax, items or contacts' settings were read anew, by whomever:"
    " build, publish and plan from them.",
)
def configuration_changed(
    context: dg.SensorEvaluationContext, project: dg.ResourceParam[Project]
) -> Asked:
    """Ask for a rebuild once the raw log holds newer configuration than the latest build."""
    if is_under_way(context.instance, refresh.name, rebuild.name):
        return dg.SkipReason("A run is under way.")
    try:
        latest = _unbuilt_configuration(project.settings)
    except WarehouseBusy as busy:
        return dg.SkipReason(str(busy))
    if latest is None or latest == context.cursor:
        return dg.SkipReason("The latest build has the configuration as it was read.")
    context.update_cursor(latest)
    return dg.RunRequest(run_key=f"configuration of {latest}")


@dg.sensor(
    job=apply_approved,
    minimum_interval_seconds=_EVERY,
    description="Records of the latest plan are approved, by a person or by push_policy.csv: write"
    " them. Nothing else is.",
)
def plan_approved(context: dg.SensorEvaluationContext, project: dg.ResourceParam[Project]) -> Asked:
    """Ask for one run per set of approved records."""
    if is_under_way(context.instance, apply_approved.name):
        return dg.SkipReason("A run is under way.")
    approved = awaiting_apply(project.settings)
    if not approved:
        return dg.SkipReason("Nothing that is approved waits.")
    digest = hashlib.sha256("\n".join(sorted(approved)).encode()).hexdigest()[:16]
    return dg.RunRequest(run_key=f"approved {digest}")


def _unbuilt_configuration(settings: Settings) -> str | None:
    """Return when the newest configuration was read; None where the latest build has it."""
    warehouse = warehouse_of(settings)
    with warehouse.lock("looking for new configuration", wait=0):
        if not warehouse.path.exists():
            return None
        made_from = build_state.made_from(settings, project_dir())
        if build_state.changed_tables(settings, made_from) == frozenset():
            return None
        with warehouse.connect(read_only=True) as con:
            held = con.execute(
                "select table_name from information_schema.tables where table_schema = 'raw_xero'"
            ).fetchall()
            times = [
                con.execute(f"select max(extracted_at) from raw_xero.{table}").fetchone()  # noqa: S608
                for (table,) in held
                if table in _CONFIGURATION
            ]
    found = [time for row in times if row for time in row if time is not None]
    return max(found).isoformat() if found else None
