"""Serves the dashboard until it is stopped: streamlit as a child process, with our settings."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from orchestration.environment import child_environment
from orchestration.errors import CannotRun
from pipelines.connections import LOOPBACK_HOSTS
from pipelines.settings import Settings

# What a streamlit of ours is told, whatever a config.toml of the user's says.
_OPTIONS = {
    "server.headless": "true",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "theme.light.primaryColor": "#0b6e99",
    "theme.dark.primaryColor": "#5bb8dd",
    "theme.light.chartCategoricalColors": (
        '["#0b6e99","#e0682b","#079464","#8a5cc7","#b58900","#c2416c","#5a6b7b","#9aa5b1"]'
    ),
    "theme.dark.chartCategoricalColors": (
        '["#5bb8dd","#f2a56d","#7ed5b0","#bf9df0","#f0cf60","#ee8fb0","#a9b7c4","#6f7d8a"]'
    ),
}


def serve_dashboard(
    settings: Settings, host: str, port: int, progress: Callable[[str], None]
) -> None:
    """Serve the dashboard on an address until it is stopped.

    Raises:
        CannotRun: The port is taken.
    """
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise CannotRun(f"Port {port} is taken; choose another one with --port.")
    progress(f"Dashboard: http://{host}:{port} (in a few seconds; stop it with Ctrl-C)")
    if host not in LOOPBACK_HOSTS:
        progress(
            f"It listens on {host}: whoever reaches it can read the figures. Nothing can be"
            " approved there without a login (orchestration/dashboard/README.md)."
        )
    child = subprocess.Popen(
        streamlit_command(host, port),
        env=child_environment(settings),
        stdout=subprocess.DEVNULL,  # streamlit's own addresses; its warnings go to stderr
    )
    try:
        child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()


def streamlit_command(host: str, port: int) -> list[str]:
    """Return the command that serves the dashboard."""
    options = _OPTIONS | {
        "server.address": host,
        "server.port": str(port),
        "browser.serverAddress": host,
    }
    script = Path(__file__).with_name("server.py")
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags]
