"""One run of the whole job against the sandbox, in which one organisation cannot be read.

Everything here is about the same run, made once: the other organisation's data are published, and
what failed is shown.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from unittest.mock import patch

import dagster as dg
import duckdb
import pytest
from pydantic import SecretStr

from orchestration.defs.checks import ALL_READ
from orchestration.defs.resources import dagster_home
from orchestration.environment import set_credentials
from orchestration.run import run_everything
from orchestration.sandbox import sandbox_folder
from orchestration.summaries import RunSummary
from pipelines.publish import MART_SCHEMAS
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.settings import Credentials, Settings

CONNECTION = """
[[xero]]
name = "sandbox"
api_url = "{url}"
identity_url = "{url}"
"""
GROUPS = ("configuration", "contacts", "documents", "reports")


@dataclass(frozen=True)
class Run:
    """The run, its home, and which organisation was read and which was not."""

    settings: Settings
    summary: RunSummary
    events: list[dg.EventLogEntry]
    read: str
    refused: str

    def of_kind(self, kind):
        """Return what Dagster's history holds of one kind of event."""
        events = [entry.dagster_event for entry in self.events if entry.dagster_event]
        return [event for event in events if event.event_type is kind]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    home = tmp_path_factory.mktemp("run") / "home"
    world = load_world(sandbox_folder(), documents=20, only=["harbour", "thistle"])
    read, refused = world.organisations
    with (
        patch.dict(os.environ),  # the sandbox's credentials do not outlive it
        SandboxServer(world, limits=Limits(enforced=False)) as server,
    ):
        settings = Settings(home=home, connections=home / "connections.toml", settings_dir=home)
        home.mkdir()
        settings.connections.write_text(CONNECTION.format(url=server.url), "utf-8")
        secret = SecretStr("sandbox-secret")
        set_credentials("sandbox", Credentials(client_id="sandbox", client_secret=secret))
        server.control.on(tenant_id=refused, times=None).answers(403)
        summary = run_everything(settings, progress=lambda _: None)
        with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
            events = instance.all_logs(summary.run_id)
        yield Run(settings, summary, list(events), read, refused)


def test_the_organisation_that_could_be_read_is_published(run):
    publication = run.summary.publication
    assert publication is not None, run.summary.withheld
    with duckdb.connect(str(publication.link), read_only=True) as connection:
        tenants = connection.execute(
            "select distinct tenant_id from crm.sales_transaction_lines"
        ).fetchall()
        runs = connection.execute("select run_id, checks_passed > 0 from published.runs")
        assert tenants == [(run.read,)]
        assert runs.fetchall() == [(run.summary.run_id, True)]


def test_the_run_says_what_it_did_not_do(run):
    assert not run.summary.is_complete
    not_read = {read.tenant_id for read in run.summary.sync.reads if not read.is_complete}
    not_read |= {failure.tenant_id for failure in run.summary.sync.failures}
    assert not_read == {run.refused}
    assert run.summary.withheld is None


def test_it_is_one_run_that_succeeded_over_both_organisations(run):
    with dg.DagsterInstance.from_config(str(dagster_home(run.settings))) as instance:
        (record,) = instance.get_run_records()
    assert record.dagster_run.run_id == run.summary.run_id
    assert record.dagster_run.is_success
    written = run.of_kind(dg.DagsterEventType.ASSET_MATERIALIZATION)
    partitions = {
        (event.asset_key.path[-1], event.partition)
        for event in written
        if event.asset_key.path[0] == "xero"
    }
    keys = {f"sandbox:{tenant}" for tenant in (run.read, run.refused)}
    assert partitions == {(group, key) for group in GROUPS for key in keys}


def test_the_failure_is_a_failed_check_that_blocks_nothing(run):
    checks = [
        event.asset_check_evaluation_data
        for event in run.of_kind(dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    ]
    of_sync = [
        check
        for check in checks
        if check.check_name == ALL_READ and check.asset_key.path[0] == "xero"
    ]
    assert {check.asset_key.path[-1] for check in of_sync} == set(GROUPS)
    assert not any(check.passed or check.blocking for check in of_sync)
    assert "403" in str(of_sync[0].metadata["not_read"].value)
    of_dbt = [check for check in checks if check.check_name != ALL_READ]
    assert of_dbt
    assert all(check.passed for check in of_dbt)


def test_each_partition_shows_calls_bytes_and_records(run):
    for event in run.of_kind(dg.DagsterEventType.ASSET_MATERIALIZATION):
        if event.asset_key == dg.AssetKey(["xero", "documents"]):
            metadata = event.materialization.metadata
            is_read = event.partition == f"sandbox:{run.read}"
            assert (metadata["records_read"].value > 0) == is_read
            assert (metadata["bytes"].value > 0) == is_read or not is_read
            assert ("error" in metadata) != is_read
            assert (
                metadata["organisation"].value
                == run.summary.organisations[event.partition.split(":")[1]]
            )


def test_a_table_shows_its_rows(run):
    counts = {
        ".".join(event.asset_key.path): event.materialization.metadata["dagster/row_count"].value
        for event in run.of_kind(dg.DagsterEventType.ASSET_MATERIALIZATION)
        if event.asset_key.path[0] in MART_SCHEMAS
        and event.asset_key.path[-1] != "income_and_cost_lines"  # a view
    }
    published = dict(run.summary.publication.row_counts)
    published.pop("reporting.income_and_cost_lines")
    assert counts == published
    assert counts["crm.sales_transaction_lines"] > 0


def test_a_run_after_a_change_of_a_setting_builds_what_it_goes_into_and_shows_the_rest(run):
    (run.settings.settings_dir / "target_codes.csv").write_text(
        "tenant_id,target,field,value,write_as\n*,prospect,CategoryId,*,EQUIPMENT\n", "utf-8"
    )
    told: list[str] = []
    again = run_everything(run.settings, told.append)
    assert again.withheld is None
    (models,) = [line for line in told if line.endswith("which something new goes into")]
    assert 9 <= int(models.split()[1]) < len(run.summary.build.models) / 3
    with dg.DagsterInstance.from_config(str(dagster_home(run.settings))) as instance:
        record = instance.get_run_record_by_id(again.run_id)
        assert record and record.dagster_run.is_success
        materialized = dg.DagsterEventType.ASSET_MATERIALIZATION
        events = instance.all_logs(again.run_id, of_type=materialized)
    assert {event.dagster_event.asset_key for event in events if event.dagster_event} == {
        event.asset_key for event in run.of_kind(materialized)
    }
