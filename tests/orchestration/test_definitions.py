"""What Dagster is told: the asset graph, the pool, one run over all organisations."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration import tenants
from orchestration.definitions import defs, project_definitions
from orchestration.defs.automation import hourly, nightly
from orchestration.defs.flow import OWNERS
from orchestration.defs.resources import Project, dagster_home
from orchestration.tenants import TENANTS, refresh_tenants, tenant_of
from pipelines.settings import Settings
from pipelines.sync_results import Tenant
from pipelines.systems import SYSTEMS
from pipelines.xero.errors import Unreachable

CONNECTIONS = '[[xero]]\nname = "acme"\n\n[[xero]]\nname = "beta"\n'


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    return project_definitions(Project(Settings(home=tmp_path_factory.mktemp("definitions"))))


@pytest.fixture
def settings(tmp_path):
    connections = tmp_path / "connections.toml"
    connections.write_text(CONNECTIONS, "utf-8")
    return Settings(home=tmp_path / "home", connections=connections)


@pytest.fixture
def instance(settings):
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        yield instance


@pytest.fixture
def connected(monkeypatch):
    """Say which organisations each connection has, and which connections are silent."""
    found = {"acme": ["t-1", "t-2"], "beta": ["t-3"], "silent": []}

    def list_tenants(_settings, connection):
        if connection in found["silent"]:
            raise Unreachable("no answer.")
        return [Tenant(connection, each, f"{each} Ltd") for each in found[connection]]

    monkeypatch.setattr(tenants, "list_tenants", list_tenants)
    return found


def test_the_asset_graph_is_as_in_the_snapshot(definitions, is_as_in_snapshot):
    graph = definitions.resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        partitions = ", per organisation" if node.is_partitioned else ""
        lines.append(f"{key.to_user_string()} ({node.group_name}{partitions})")
        lines += [f"    <- {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
    is_as_in_snapshot("asset_graph.txt", "\n".join(lines) + "\n")


def test_assets_are_grouped_as_the_data_flows_and_each_group_has_an_owner(definitions):
    graph = definitions.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    systems = {f"sync_{each}" for each in ("settings", "xero", "ledger", *SYSTEMS)}
    made = {"staging", "intermediate", "coding", "marts", "push"}
    assert {node.group_name for node in nodes} - {"metrics"} == {
        *systems, "sync", *made, "publish", "plan", "apply"
    }  # fmt: skip
    assert {tuple(node.owners) for node in nodes} == {(owner,) for owner in OWNERS.values()}


def test_what_others_rely_on_says_its_grain(definitions):
    graph = definitions.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    public = [node for node in nodes if node.group_name not in {"staging", "intermediate"}]
    public = [node for node in public if not node.key.path[0].startswith("intermediate")]
    assert len(public) > 50
    unclear = [node.key for node in public if not (node.description or "").startswith("One ")]
    assert unclear == []


def test_what_each_hourly_run_makes_is_stale_after_a_day(definitions):
    graph = definitions.resolve_asset_graph()
    watched = {
        key.to_user_string()
        for key in graph.get_all_asset_keys()
        if graph.get(key).freshness_policy_or_from_metadata
    }
    assert {"xero/documents", "prospect/records", "published/marts", "ledger/plan"} <= watched


def test_the_definitions_load_from_the_environment_alone(settings, monkeypatch):
    monkeypatch.setenv("XERO_CRM_HOME", str(settings.home))
    dg.Definitions.validate_loadable(defs())


def test_refresh_makes_all_that_writes_nothing_outside(definitions):
    graph = definitions.resolve_asset_graph()
    in_jobs = {
        job.name: definitions.resolve_job_def(job.name).asset_layer.selected_asset_keys
        for job in definitions.jobs
    }
    applied = {dg.AssetKey(["ledger", "applied"])}
    synced = {
        key
        for key in graph.get_all_asset_keys()
        if (graph.get(key).group_name or "").startswith("sync")
    }
    assert in_jobs == {
        "refresh": graph.materializable_asset_keys - applied,
        "rebuild": graph.materializable_asset_keys - applied - synced,
        "apply_approved": applied,
    }


def test_dbts_tests_are_checks_of_the_models_they_test(definitions):
    graph = definitions.resolve_asset_graph()
    revenue = dg.AssetKey(["reporting", "revenue_by_analysis_code"])
    names = {key.name for key in graph.asset_check_keys if key.asset_key == revenue}
    assert any("unique" in name for name in names)
    assert any("not_null" in name for name in names)


def test_builds_and_publications_share_a_pool_and_sync_is_in_none(definitions):
    pools = {
        op.name: op.pool
        for op in definitions.resolve_job_def("refresh").all_node_defs
        if isinstance(op, dg.OpDefinition)
    }
    assert pools == {
        "settings": None,
        "xero": None,
        "systems": None,
        "ledger_loaded_back": None,
        "dbt": "warehouse",
        "published__marts": "warehouse",
        "agreement_with_xero": "warehouse",
        "ledger__plan": None,
    }


def test_the_pool_lets_one_step_in_at_a_time(instance):
    assert instance.get_concurrency_config().pool_config.default_pool_limit == 1


def test_organisations_are_read_in_one_run(definitions):
    graph = definitions.resolve_asset_graph()
    for group in ("configuration", "contacts", "documents", "reports"):
        node = graph.get(dg.AssetKey(["xero", group]))
        assert node.backfill_policy == dg.BackfillPolicy.single_run()
        assert node.partitions_def == TENANTS


def test_partitions_follow_what_is_connected(instance, settings, connected):
    first = refresh_tenants(instance, settings)
    assert first.names == {"acme:t-1": "t-1 Ltd", "acme:t-2": "t-2 Ltd", "beta:t-3": "t-3 Ltd"}
    assert first.range_tags == {
        "dagster/asset_partition_range_start": "acme:t-1",
        "dagster/asset_partition_range_end": "beta:t-3",
    }
    connected["acme"] = ["t-2", "t-4"]
    second = refresh_tenants(instance, settings)
    assert set(second.names) == {"acme:t-2", "acme:t-4", "beta:t-3"}
    in_order = instance.get_dynamic_partitions("tenants")
    assert list(second.names) == list(in_order)
    assert second.range_tags["dagster/asset_partition_range_end"] == in_order[-1]


def test_a_connection_that_does_not_answer_keeps_its_organisations(instance, settings, connected):
    refresh_tenants(instance, settings)
    connected["silent"] = ["beta"]
    found = refresh_tenants(instance, settings)
    assert list(found.names) == ["acme:t-1", "acme:t-2", "beta:t-3"]
    (failure,) = found.failures
    assert (failure.connection, failure.tenant_id) == ("beta", None)
    assert "no answer." in failure.error


def test_a_partition_names_its_organisation():
    assert tenant_of("acme:t-1", "Acme Ltd") == Tenant("acme", "t-1", "Acme Ltd")
    assert tenant_of("acme:t-1") == Tenant("acme", "t-1", "t-1")


def test_what_may_be_repeated_is_tried_again_and_apply_is_not(definitions):
    policies = {
        op.name: op.retry_policy
        for job in ("refresh", "apply_approved")
        for op in definitions.resolve_job_def(job).all_node_defs
        if isinstance(op, dg.OpDefinition)
    }
    repeated = {name for name, policy in policies.items() if policy}
    assert repeated == {"ledger_loaded_back", "dbt", "published__marts", "ledger__plan"}


def evaluate(instance, settings, schedule=hourly):
    context = dg.build_schedule_context(instance=instance, resources={"project": Project(settings)})
    return schedule(context)


def test_every_night_all_is_read_whole(instance, settings, connected):
    asked = evaluate(instance, settings, nightly)
    assert isinstance(asked, dg.RunRequest)
    assert asked.tags["xero_crm/read"] == "whole"
    by_the_hour = evaluate(instance, settings)
    assert isinstance(by_the_hour, dg.RunRequest)
    assert "xero_crm/read" not in by_the_hour.tags


def test_the_schedule_asks_for_one_run_over_all_organisations(instance, settings, connected):
    asked = evaluate(instance, settings)
    assert isinstance(asked, dg.RunRequest)
    assert asked.tags["dagster/asset_partition_range_start"] == "acme:t-1"
    assert asked.tags["dagster/asset_partition_range_end"] == "beta:t-3"


def test_the_schedule_waits_for_the_former_run(instance, settings, connected, definitions):
    job = definitions.resolve_job_def("refresh")
    instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert isinstance(evaluate(instance, settings), dg.SkipReason)


def test_the_schedule_does_nothing_where_nothing_is_connected(instance, settings, connected):
    connected |= {"acme": [], "beta": []}
    assert isinstance(evaluate(instance, settings), dg.SkipReason)
