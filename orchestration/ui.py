"""Dagster's web page on loopback, with a daemon for the schedule, over one home."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg

from orchestration.dbt import project_dir
from orchestration.defs.resources import dagster_home
from orchestration.environment import child_environment
from orchestration.errors import CannotRun
from orchestration.sandbox import demo_sandbox
from orchestration.tenants import refresh_tenants
from pipelines.settings import Settings

HOST = "127.0.0.1"


def serve_demo_ui(home: Path, port: int, progress: Callable[[str], None]) -> None:
    """Serve the page with the sandbox behind it, so that a run started there works.

    Raises:
        CannotRun: The port is taken, or the home holds a real organisation.
    """
    with demo_sandbox(home) as (server, settings):
        progress(f"The sandbox serves {len(server.world.organisations)} organisations.")
        serve_ui(settings, port, progress)


def serve_ui(settings: Settings, port: int, progress: Callable[[str], None]) -> None:
    """Serve the page until it is stopped.

    Raises:
        CannotRun: The port is taken.
    """
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise CannotRun(f"Port {port} is taken; choose another one with --port.")
    home = dagster_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        for failure in refresh_tenants(instance, settings).failures:
            progress(f"{failure.connection}: {failure.error}")
    command = [str(Path(sys.executable).with_name("dagster")), "dev"]
    command += ["--module-name", "orchestration.definitions", "--host", HOST, "--port", str(port)]
    environment = child_environment(
        settings, DAGSTER_HOME=str(home), DAGSTER_DISABLE_TELEMETRY="true"
    )
    progress(f"Dagster: http://{HOST}:{port} (in a few seconds; stop it with Ctrl-C)")
    # A shell starts what it puts in the background with Ctrl-C ignored, and Dagster then ignores
    # every request to stop; a handler of ours makes the child begin with the default.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen(command, cwd=project_dir(), env=environment)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        child.wait()
    except KeyboardInterrupt:
        # Ctrl-C reaches the child too; sent to us alone, it is handed on. Then it stops its own.
        child.terminate()
        child.wait()
