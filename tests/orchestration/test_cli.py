"""The command line: its help, its exit statuses, and what goes to stdout and to stderr."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import click
import pytest
import typer
from typer.testing import CliRunner

from orchestration import cli
from orchestration.build_result import BuildResult, NodeResult
from orchestration.publication import PublicationWithheld
from pipelines.publish import Publication
from pipelines.reads import ReadSummary
from pipelines.settings import SettingsError
from pipelines.sync_results import Failure, SyncSummary

SLOW_TO_IMPORT = (
    "dagster",
    "dlt",
    "duckdb",
    "pyarrow",
    "pydantic",
    "rich",
    "sqlalchemy",
    "starlette",
)


def a_read(**fields):
    return ReadSummary(
        **{
            "run_id": "r1",
            "connection": "acme",
            "system": "xero",
            "tenant_id": "t-1",
            "endpoint": "invoices",
            "started_at": datetime(2026, 11, 20, 8),
            "finished_at": datetime(2026, 11, 20, 8, 1),
            "mode": "changes",
            "is_complete": True,
            "calls": 3,
            "bytes": 2048,
            "item_count": 2,
            "records_read": 2,
            "versions_written": 1,
            "changed_without_stamp": 0,
            "tombstones": 0,
            "error": None,
            "cursor_at": None,
            **fields,
        }
    )


def a_node(name, status="success", kind="model", message=None):
    return NodeResult(f"{kind}.xero_crm.{name}", name, kind, status, 0.1, message, None)


@pytest.fixture
def main(monkeypatch, capsys):
    """Run the command line as the console script does; give (status, stdout, stderr)."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["xero-crm", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return call


@pytest.fixture
def syncs(monkeypatch, tmp_path):
    """Connect something, and let `sync` end with a given summary, or error."""
    connections = tmp_path / "connections.toml"
    connections.write_text('[[xero]]\nname = "acme"\n', "utf-8")
    monkeypatch.setenv("XERO_CRM_CONNECTIONS", str(connections))

    def end_with(result):
        def sync_all(settings, **asked):
            asked["progress"]("reading")
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr("pipelines.sync.sync_all", sync_all)

    return end_with


def all_commands():
    root = typer.main.get_command(cli.app)

    def below(command, path):
        yield path, command
        if isinstance(command, click.Group) or hasattr(command, "commands"):
            for name, child in command.commands.items():
                yield from below(child, [*path, name])

    return list(below(root, []))


def test_the_help_of_every_command_is_as_in_the_snapshot(is_as_in_snapshot):
    runner = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    texts = []
    for path, _ in all_commands():
        shown = runner.invoke(cli.app, [*path, "--help"], prog_name="xero-crm")
        assert shown.exit_code == 0
        texts.append(f"$ xero-crm {' '.join([*path, '--help'])}\n{shown.stdout}")
    is_as_in_snapshot("help.txt", "\n".join(texts))


def test_help_imports_nothing_slow():
    script = (
        "import sys; from orchestration import cli; sys.argv = ['xero-crm', '--help']\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        f"print(sorted({{name.split('.')[0] for name in sys.modules}} & set({SLOW_TO_IMPORT})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_a_complete_sync_ends_with_0_and_shows_the_reads_on_stdout(main, syncs):
    syncs(SyncSummary((a_read(),), ()))
    status, out, err = main("sync")
    assert status == 0
    assert "invoices" in out
    assert "reading" not in out
    assert err == "reading\n"


def test_what_was_not_read_is_listed_and_the_status_is_1(main, syncs):
    failure = Failure("acme", "t-2", "Beta Ltd", "Forbidden: connect it again.")
    syncs(SyncSummary((a_read(is_complete=False, error="the list kept changing"),), (failure,)))
    status, out, _ = main("sync")
    assert status == 1
    assert "NOT READ: Beta Ltd: Forbidden: connect it again." in out
    assert "NOT READ COMPLETELY: t-1, invoices: the list kept changing" in out


def test_json_is_all_that_stdout_holds(main, syncs):
    failure = Failure("acme", None, None, "no answer")
    syncs(SyncSummary((a_read(),), (failure,)))
    status, out, _ = main("sync", "--json")
    found = json.loads(out)
    assert status == found["exit_status"] == 1
    assert (found["calls"], found["versions_written"]) == (3, 1)
    assert found["reads"][0]["started_at"] == "2026-11-20T08:00:00"
    assert found["failures"][0]["error"] == "no answer"


def test_what_cannot_run_is_one_line_and_the_status_is_2(main, syncs):
    syncs(SettingsError("connections.toml does not exist.\nWrite it."))
    status, out, err = main("sync")
    assert (status, out) == (2, "")
    assert err.splitlines()[1:] == ["xero-crm: connections.toml does not exist. Write it."]
    status, out, _ = main("sync", "--json")
    assert json.loads(out) == {
        "exit_status": 2,
        "error": "connections.toml does not exist.\nWrite it.",
    }


@pytest.mark.parametrize("command", ["sync", "run"])
def test_where_nothing_is_connected_nothing_lands(main, command):
    status, out, err = main(command)
    assert (status, out) == (2, "")
    assert "connects nothing yet" in err


def test_a_fault_of_ours_shows_where_it_is(main, syncs):
    syncs(RuntimeError("a bug"))
    status, out, err = main("sync")
    assert (status, out) == (2, "")
    assert "Traceback" in err
    assert err.endswith("xero-crm: a bug\n")


def test_an_unknown_option_is_refused_with_2(main):
    status, _, err = main("sync", "--nonsense")
    assert status == 2
    assert "--nonsense" in err


@pytest.mark.parametrize(
    ("node", "status", "said"),
    [
        (a_node("good"), 0, "Built 1 tables and views"),
        (a_node("bad", "error", message="no such\n  column"), 1, "NOT BUILT: bad: no such column"),
        (a_node("sums", "fail", "test", "Got 2 results"), 1, "CHECK FAILED: sums: Got 2 results"),
        (a_node("odd", "warn", "test", "Got 1 result"), 0, "warning: odd: Got 1 result"),
        (a_node("late", "skipped"), 1, "Not reached: late"),
    ],
)
def test_a_build_says_what_failed_and_warns(main, monkeypatch, node, status, said):
    built = BuildResult(nodes=(node,), seconds=1.0)
    monkeypatch.setattr("orchestration.dbt.build", lambda *_, **__: built)
    found, out, _ = main("build")
    assert found == status
    assert said in out
    found, out, _ = main("build", "--json")
    assert json.loads(out)["exit_status"] == status


def test_a_withheld_publication_is_status_1(main, monkeypatch):
    def withhold(*_):
        raise PublicationWithheld("Nothing was published: tests failed: sums.")

    monkeypatch.setattr("orchestration.publication.publish_latest_build", withhold)
    assert main("publish") == (1, "", "xero-crm: Nothing was published: tests failed: sums.\n")


def test_findings_in_the_data_are_counted_and_fail_nothing(main, monkeypatch, tmp_path):
    publication = Publication(
        run_id="r1",
        path=tmp_path / "marts-r1.duckdb",
        link=tmp_path / "marts.duckdb",
        published_at=datetime(2026, 11, 20, 8),
        row_counts={"quality.exceptions": 12, "reporting.revenue": 3000},
        size_bytes=1,
    )
    monkeypatch.setattr("orchestration.publication.publish_latest_build", lambda *_: publication)
    status, out, _ = main("publish")
    assert status == 0
    assert "12 findings in quality.exceptions." in out
    assert "3,000" in out
