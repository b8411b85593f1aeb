"""A home that reads a sandbox, run by child processes that may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
MARTS = ("crm", "reporting", "coding", "quality", "push")
# Times of reading differ from run to run; everything else must not.
NOT_COMPARED = {"extracted_at", "first_seen_at", "xero_read_at", "valid_from", "valid_to"}
CLI = "from orchestration.cli import main; main()"
DIES_AFTER_COMMIT = Path(__file__).with_name("dies_after_commit.py")


@dataclass(frozen=True)
class Home:
    """`XERO_CRM_HOME` with a connection to the sandbox at `url`."""

    folder: Path
    url: str

    def prepare(self) -> Home:
        """Write connections.toml."""
        self.folder.mkdir(parents=True)
        (self.folder / "settings").mkdir()
        self.connections.write_text(
            f'[[xero]]\nname = "sandbox"\napi_url = "{self.url}"\nidentity_url = "{self.url}"\n'
            "calls_per_minute = 6000\ncalls_per_day = 100000\n",
            "utf-8",
        )
        return self

    @property
    def connections(self) -> Path:
        """Where connections.toml is."""
        return self.folder / "connections.toml"

    def environment(self) -> dict[str, str]:
        """Return the environment of a child."""
        own = {
            "XERO_CRM_HOME": str(self.folder),
            "XERO_CRM_CONNECTIONS": str(self.connections),
            "XERO_CRM_SETTINGS_DIR": str(self.folder / "settings"),
            "XERO_CRM_SANDBOX_CLIENT_ID": "sandbox",
            "XERO_CRM_SANDBOX_CLIENT_SECRET": "sandbox-secret",
        }
        return {**os.environ, **own}

    def start(self, *command: str, script: Path | None = None) -> subprocess.Popen[str]:
        """Start `xero-crm` (or a script in its place) as the leader of a process group."""
        program = [str(script)] if script else ["-c", CLI]
        return subprocess.Popen(
            [sys.executable, *program, *command],
            cwd=PROJECT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str) -> str:
        """Run a command to its end and return what it printed; it must succeed."""
        child = self.start(*command)
        printed, _ = child.communicate()
        assert child.returncode == 0, f"{command} ended with {child.returncode}:\n{printed}"
        return printed

    def sync_and_build(self) -> None:
        """Run what a schedule runs, without publication."""
        self.run("sync")
        self.run("build")

    def kill_during(self, command: str, after: float) -> bool:
        """Start a command and kill it with all its children; False if it had ended before."""
        child = self.start(command)
        deadline = time.monotonic() + after
        while time.monotonic() < deadline and child.poll() is None:
            time.sleep(0.01)
        was_running = child.poll() is None
        if was_running:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return was_running

    def die_after_commit(self, table: str) -> None:
        """Sync, and die after the load file of a table is committed, before dlt notes it."""
        child = self.start(table, script=DIES_AFTER_COMMIT)
        printed, _ = child.communicate()
        assert child.returncode == 137, f"it lived on, or died elsewhere:\n{printed}"

    def mart_rows(self) -> dict[str, list[tuple]]:
        """Return the rows of every mart, sorted, without the times of reading."""
        rows: dict[str, list[tuple]] = {}
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as con:
            tables = con.execute(
                "select table_schema, table_name from information_schema.tables "
                "where table_schema in (select unnest($schemas)) order by all",
                {"schemas": list(MARTS)},
            ).fetchall()
            for schema, table in tables:
                relation = con.sql(f'from "{schema}"."{table}"')  # or a view
                columns = [c for c in relation.columns if c not in NOT_COMPARED]
                rows[f"{schema}.{table}"] = sorted(
                    relation.select(*columns).fetchall(), key=lambda row: tuple(map(repr, row))
                )
        return rows
