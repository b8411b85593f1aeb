"""What starts a run by itself and what does not, and what an alert tells."""

from __future__ import annotations

import dagster as dg
import pytest
from push_plans import a_plan, an_operation

from orchestration import build_state
from orchestration.dbt import project_dir
from orchestration.defs import alerting
from orchestration.defs.alerting import alert_on_failed_checks, alert_on_failure
from orchestration.defs.automation import apply_approved, refresh
from orchestration.defs.resources import Project, dagster_home
from orchestration.defs.sensors import configuration_changed, plan_approved, webhook_events
from orchestration.tenants import TENANTS
from pipelines.push.ledger import ledger_now, open_ledger
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse
from pipelines.xero.webhook_events import Event
from pipelines.xero.webhook_store import WebhookStore, mark_fetched, pending_events

POLICY = "tenant_id,target,entity,operation,mode,max_records,max_share\n"


@pytest.fixture
def settings(tmp_path):
    folder = tmp_path / "settings"
    folder.mkdir()
    return Settings(
        home=tmp_path / "home", connections=folder / "connections.toml", settings_dir=folder
    )


@pytest.fixture
def instance(settings):
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        instance.add_dynamic_partitions(str(TENANTS.name), ["acme:t-1", "beta:t-2"])
        yield instance


@pytest.fixture
def ask(instance, settings):
    """Evaluate a sensor as the daemon does; the cursor is kept from one time to the next."""
    cursors = {}

    def call(sensor):
        context = dg.build_sensor_context(
            instance=instance,
            cursor=cursors.get(sensor.name),
            resources={"project": Project(settings)},
        )
        asked = sensor(context)
        cursors[sensor.name] = context.cursor
        return asked

    return call


def a_run_of(instance, job, status):
    @dg.op
    def nothing() -> None: ...

    @dg.job(name=job.name)
    def same_name() -> None:
        nothing()

    return instance.create_run_for_job(same_name, status=status)


def told_of(settings, *record_ids):
    with WebhookStore(settings.home) as store:
        events = [Event("t-1", "Invoices", each, "UPDATE", each) for each in record_ids]
        store.add("acme", events)


def test_events_of_webhooks_start_one_run_that_fetches_just_them(ask, settings):
    assert isinstance(ask(webhook_events), dg.SkipReason)
    told_of(settings, "i-1", "i-2")
    asked = ask(webhook_events)
    assert asked.tags["xero_crm/read"] == "events"
    assert asked.tags["dagster/asset_partition_range_end"] == "beta:t-2"
    assert ask(webhook_events).run_key == asked.run_key  # which Dagster starts once
    told_of(settings, "i-3")
    assert ask(webhook_events).run_key != asked.run_key
    mark_fetched(settings.home, list(pending_events(settings.home, "acme", "t-1").values()))
    assert isinstance(ask(webhook_events), dg.SkipReason)


def test_events_wait_while_a_run_is_under_way(ask, settings, instance):
    told_of(settings, "i-1")
    a_run_of(instance, refresh, dg.DagsterRunStatus.STARTED)
    assert isinstance(ask(webhook_events), dg.SkipReason)


def accounts_were_read(settings, at):
    with Warehouse(settings.home).connect() as con:
        con.execute("create schema if not exists raw_xero; create schema if not exists raw_runs")
        con.execute("create table if not exists raw_xero.accounts (extracted_at timestamp)")
        con.execute(
            "create table if not exists raw_runs.reads"
            " (finished_at timestamp, is_complete boolean, endpoint varchar, tenant_id varchar)"
        )
        con.execute("insert into raw_xero.accounts values (?)", [at])


def remember_the_build(settings):
    (settings.home / "dbt").mkdir(exist_ok=True)
    build_state.remember(settings, build_state.made_from(settings, project_dir()))


def test_configuration_that_no_build_has_seen_starts_one(ask, settings):
    assert isinstance(ask(configuration_changed), dg.SkipReason)  # nothing was ever read
    accounts_were_read(settings, "2026-11-20 08:00")
    remember_the_build(settings)
    assert isinstance(ask(configuration_changed), dg.SkipReason)
    accounts_were_read(settings, "2026-11-20 09:00")
    assert ask(configuration_changed).run_key == "configuration of 2026-11-20T09:00:00"
    assert isinstance(ask(configuration_changed), dg.SkipReason)  # asked for once


def test_configuration_is_not_looked_for_while_the_warehouse_is_in_use(ask, settings):
    accounts_were_read(settings, "2026-11-20 08:00")
    with Warehouse(settings.home).lock("dbt"):
        skipped = ask(configuration_changed)
    assert isinstance(skipped, dg.SkipReason) and "at work (dbt" in str(skipped.skip_message)
    assert isinstance(ask(configuration_changed), dg.RunRequest)


def plan_of_two(settings, *, approve):
    operations = [
        an_operation("t-1", "items", "create", key, {"Code": key}) for key in ("SKU-1", "SKU-2")
    ]
    with open_ledger(settings) as ledger:
        a_plan(ledger, operations, created_at=ledger_now(), approve=approve)


def test_an_approved_plan_is_applied_and_one_that_nobody_approved_is_not(ask, settings):
    plan_of_two(settings, approve=False)
    assert isinstance(ask(plan_approved), dg.SkipReason)
    (settings.settings_dir / "push_policy.csv").write_text(
        POLICY + "*,xero,items,create,manual,,\n", "utf-8"
    )
    assert isinstance(ask(plan_approved), dg.SkipReason)


def test_what_a_person_approved_starts_one_run(ask, settings, instance):
    plan_of_two(settings, approve=True)
    first = ask(plan_approved)
    assert isinstance(first, dg.RunRequest) and ask(plan_approved).run_key == first.run_key
    a_run_of(instance, apply_approved, dg.DagsterRunStatus.STARTED)
    assert isinstance(ask(plan_approved), dg.SkipReason)


def test_what_the_policy_approves_starts_a_run(ask, settings):
    plan_of_two(settings, approve=False)
    (settings.settings_dir / "push_policy.csv").write_text(
        POLICY + "*,xero,items,create,auto,,\n", "utf-8"
    )
    assert isinstance(ask(plan_approved), dg.RunRequest)


@pytest.fixture
def alerts(monkeypatch):
    sent = []
    monkeypatch.setattr(alerting, "notify", lambda _, alert: sent.append(alert))
    return sent


def run_of(instance, *, passes=True, breaks=False):
    """Run something like `refresh`: one asset, and a check of it."""
    check = dg.AssetCheckSpec("every_organisation_was_read", asset="orders")

    @dg.asset(check_specs=[check])
    def orders():
        if breaks:
            raise ValueError("the token was refused")
        yield dg.MaterializeResult()
        yield dg.AssetCheckResult(passed=passes, metadata={"not_read": "- Acme: 403"})

    job = dg.define_asset_job("refresh", [orders])
    defs = dg.Definitions(assets=[orders], jobs=[job])
    return defs.resolve_job_def("refresh").execute_in_process(
        instance=instance, raise_on_error=False
    )


def alert(sensor, instance, settings, done, event_type):
    (event,) = [each for each in done.all_events if each.event_type is event_type]
    context = dg.build_run_status_sensor_context(
        sensor_name=sensor.name,
        dagster_instance=instance,
        dagster_run=done.dagster_run,
        dagster_event=event,
        resources={"project": Project(settings)},
    )
    if event_type is dg.DagsterEventType.RUN_FAILURE:
        context = context.for_run_failure()
    sensor(context)


def test_a_run_that_fails_is_told_with_the_reason(instance, settings, alerts):
    done = run_of(instance, breaks=True)
    alert(alert_on_failure, instance, settings, done, dg.DagsterEventType.RUN_FAILURE)
    (sent,) = alerts
    assert "refresh failed" in sent.subject
    assert "the token was refused" in sent.text and done.run_id in sent.text


def test_a_run_that_left_something_undone_is_told_and_a_good_one_is_not(instance, settings, alerts):
    for passes in (True, False):
        done = run_of(instance, passes=passes)
        alert(alert_on_failed_checks, instance, settings, done, dg.DagsterEventType.RUN_SUCCESS)
    (sent,) = alerts
    assert "1 checks failed" in sent.subject
    assert "orders: every_organisation_was_read - Acme: 403" in sent.text
