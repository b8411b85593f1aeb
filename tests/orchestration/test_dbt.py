"""dbt as a command: what is told of its end, its manifest, and the lock it holds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap

import duckdb
import pytest
import yaml

from orchestration import dbt
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import Warehouse, WarehouseBusy


def names(nodes):
    return [node.name for node in nodes]


def test_a_failed_model_is_told_apart_from_a_failed_test(small_project):
    small_project(
        good="select 1 as id",
        bad="select no_such_column",
        after_bad="select * from {{ ref('bad') }}",
        test_good_is_two="select * from {{ ref('good') }} where id <> 2",
        test_good_warns="{{ config(severity='warn') }} select * from {{ ref('good') }}",
        test_good_is_one="select * from {{ ref('good') }} where id <> 1",
    )
    lines = []
    settings = load_settings()
    dbt.prepare_manifest(settings)  # so that the build writes its results alone
    manifest = settings.home / "dbt" / "target" / "manifest.json"
    manifest.unlink()
    result = dbt.build(settings, progress=lines.append)

    assert not result.succeeded
    assert not manifest.exists()
    assert names(result.models) == ["good"]
    assert names(result.failed_models) == ["bad"]
    assert names(result.failed_tests) == ["test_good_is_two"]
    assert names(result.passed_tests) == ["test_good_is_one"]
    assert names(result.warnings) == ["test_good_warns"]
    assert names(result.skipped) == ["after_bad"]
    assert result.failure == "models not built: bad; tests failed: test_good_is_two."
    assert [node.failures for node in result.failed_tests] == [1]
    assert "no_such_column" in (result.failed_models[0].message or "")
    assert all(node.seconds >= 0 for node in result.nodes)
    assert any("crm.bad: error" in line for line in lines)
    assert any("test_good_is_two: fail, 1 rows" in line for line in lines)
    assert dbt.read_results(settings) == result


def test_a_build_may_be_of_some_models_with_their_own_tests(small_project):
    small_project(
        one="select 1 as id",
        two="select 2 as id",
        test_one="select * from {{ ref('one') }} where id <> 1",
        test_both="select id from {{ ref('one') }} join {{ ref('two') }} using (id)",
    )
    settings = load_settings()
    result = dbt.build(settings, ["one"])
    assert sorted(names(result.nodes)) == ["one", "test_one"]
    # dbt has ended and let go of the file: this process may write.
    with duckdb.connect(str(Warehouse(settings.home).path)) as connection:
        assert connection.execute("select id from crm.one").fetchall() == [(1,)]


def test_a_project_that_cannot_be_read_is_one_line(small_project):
    small_project(broken="select * from {{ ref('nowhere') }}")
    with pytest.raises(dbt.DbtError, match="nowhere") as caught:
        dbt.build(load_settings())
    assert "\n" not in str(caught.value)
    with pytest.raises(dbt.DbtError, match="nowhere"):
        dbt.prepare_manifest(load_settings())


def test_the_manifest_is_renewed_when_a_file_changed(small_project, monkeypatch):
    folder = small_project(one="select 1 as id")
    settings = load_settings()
    first = dbt.prepare_manifest(settings)
    assert "model.small.one" in first.read_text("utf-8")

    with monkeypatch.context() as patch:
        patch.setattr(dbt, "_run", lambda *_: pytest.fail("nothing changed, yet dbt was started"))
        assert dbt.prepare_manifest(settings) == first

    (folder / "dbt_project" / "models" / "two.sql").write_text("select 2 as id", "utf-8")
    assert "model.small.two" in dbt.prepare_manifest(settings).read_text("utf-8")


def test_a_build_reads_the_project_once_and_says_so(small_project, tmp_path):
    small_project(one="select 1 as id")
    first, second = [], []
    assert dbt.build(Settings(home=tmp_path / "a"), progress=first.append).succeeded
    assert dbt.build(Settings(home=tmp_path / "b"), progress=second.append).succeeded
    told = "dbt: reading the project's files, which are new or have changed"
    assert first[:2] == [told, "dbt: starting"]
    assert told not in second


def test_another_home_parses_only_what_has_changed(small_project, monkeypatch, tmp_path):
    folder = small_project(one="select 1 as id")
    one, another = Settings(home=tmp_path / "a"), Settings(home=tmp_path / "b")
    dbt.prepare_manifest(one)
    with monkeypatch.context() as patch:
        patch.setattr(dbt, "_run", lambda *_: pytest.fail("nothing changed, yet dbt was started"))
        dbt.prepare_manifest(another)

    (folder / "dbt_project" / "models" / "two.sql").write_text("select 2 as id", "utf-8")
    dbt.prepare_manifest(another)
    figures = json.loads((another.home / "dbt/target/perf_info.json").read_text("utf-8"))
    assert figures["parsed_path_count"] == 1
    assert dbt.build(another).succeeded
    with duckdb.connect(str(Warehouse(another.home).path)) as connection:
        assert connection.execute("from crm.one union all from crm.two").fetchall() == [(1,), (2,)]


SOURCES = "sources: [{name: raw_x, tables: [{name: items}, {name: users}]}]"
A_RAW_LOG = """
create schema raw_x;
create schema raw_runs;
create table raw_x.items as select 1 as id, timestamp '2026-03-31 12:00' as extracted_at;
create table raw_x.users as select 5 as id, timestamp '2026-03-31 12:00' as extracted_at;
create table raw_runs.reads as
select
    timestamp '2026-03-31 12:00' as finished_at, true as is_complete,
    'items' as endpoint, 't' as tenant_id;
"""


def test_only_what_something_new_goes_into_is_built_and_what_was_found_of_the_rest_is_kept(
    small_project,
):
    folder = small_project(
        items="select id from {{ source('raw_x', 'items') }}",
        users="select id from {{ source('raw_x', 'users') }}",
        both="select * from {{ ref('items') }} union all select * from {{ ref('users') }}",
        test_both="select * from {{ ref('both') }} where id < 0",
        test_users="{{ config(severity='warn') }} select * from {{ ref('users') }} where id = 5",
    )
    (folder / "dbt_project" / "models" / "sources.yml").write_text(SOURCES, "utf-8")
    settings = load_settings()
    warehouse = Warehouse(settings.home)

    def ask(query):
        with warehouse.connect() as connection:
            return connection.execute(query).fetchall()

    ask(A_RAW_LOG)
    lines = []
    everything = dbt.build(settings, only_changed=True, progress=lines.append)
    assert sorted(names(everything.models)) == ["both", "items", "users"]

    ask("insert into raw_x.items values (2, timestamp '2026-03-31 13:00')")
    result = dbt.build(settings, only_changed=True, progress=lines.append)
    assert "dbt: 2 models to build, which something new goes into" in lines
    assert ask("from crm.both order by id") == [(1,), (2,), (5,)]
    assert sorted(names(result.nodes)) == sorted(names(everything.nodes))
    assert names(result.warnings) == ["test_users"]

    assert dbt.build(settings, only_changed=True, progress=lines.append) == result
    assert lines[-1] == "dbt: nothing to build, since nothing has changed"


def test_the_project_is_found_from_a_folder_below_it(small_project, monkeypatch, tmp_path):
    folder = small_project()
    monkeypatch.chdir(folder / "dbt_project" / "models")
    assert dbt.project_dir() == folder
    monkeypatch.chdir(tmp_path)
    with pytest.raises(dbt.DbtError, match=r"no dbt_project\.yml"):
        dbt.project_dir()


STARTS_A_WRITER = textwrap.dedent(
    """
    import subprocess, sys
    from pathlib import Path
    from pipelines.warehouse import Warehouse
    with Warehouse(Path(sys.argv[1])).lock("a build") as lock:
        # It writes until its input ends, as dbt writes until it is done.
        child = subprocess.Popen(["cat"], pass_fds=[lock])
        print(child.pid, flush=True)
        child.wait()
    """
)


def test_a_writer_that_outlives_its_parent_still_keeps_others_out(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_A_WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None and parent.stdin is not None
    assert parent.stdout.readline()
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    with (
        pytest.raises(WarehouseBusy, match="a build"),
        Warehouse(tmp_path).lock("another build", wait=0),
    ):
        pass
    parent.stdin.close()  # the writer ends
    with Warehouse(tmp_path).lock("another build", wait=30):
        pass


def test_dbt_opens_the_warehouse_with_the_memory_and_the_folder_that_everyone_does(tmp_path):
    profile = (dbt.project_dir() / "dbt_project" / "profiles.yml").read_text("utf-8")
    home = "{{ env_var('XERO_CRM_HOME', 'data/local') }}"
    output = yaml.safe_load(profile.replace(home, str(tmp_path)))["xero_crm"]["outputs"]["dev"]
    assert output["config_options"] == Warehouse(tmp_path).duckdb_config()
    # Set again by each thread, DuckDB refuses them once something has gone to the temporary folder.
    assert "settings" not in output
