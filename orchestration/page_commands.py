"""The commands that serve web pages: `ui` (Dagster) and `dashboard`. Parses and calls."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli_results import show_progress, usable_settings


def ui(
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Start the sandbox too, so that runs work at once.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
) -> None:
    """Open Dagster's web page on this machine.

    It shows assets, runs, checks and the hourly schedule, and starts runs. Stop it with Ctrl-C.
    """
    from orchestration.ui import serve_demo_ui, serve_ui
    from pipelines.settings import load_settings

    if with_demo:
        serve_demo_ui(load_settings().home, port, show_progress)
    else:
        serve_ui(usable_settings(), port, show_progress)


def dashboard(
    port: Annotated[int, typer.Option(help="Port.")] = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open the dashboard: figures, what to mend, what would be sent.

    On this machine only, unless --host says otherwise; beyond it nothing can be approved without a
    login. Stop it with Ctrl-C.
    """
    from orchestration.dashboard.command import serve_dashboard

    serve_dashboard(usable_settings(), host, port, show_progress)
