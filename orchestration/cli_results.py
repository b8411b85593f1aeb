"""How every command begins and ends: its settings, its progress, its result, its exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from pipelines.settings import Settings

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="Print a machine-readable summary on stdout.")]


def usable_settings() -> Settings:
    """Return the settings of this run, once they do not mix the demo's data with real ones.

    Raises:
        SettingsError: A setting or connections.toml cannot be used.
        HomeRefused: The home is the demo's, and a connection is a real one.
    """
    from orchestration.homes import refuse_real_connections_in_a_demo_home
    from pipelines.settings import load_settings

    settings = load_settings()
    refuse_real_connections_in_a_demo_home(settings)
    return settings


def show_progress(line: str) -> None:
    """Print what is going on, apart from results."""
    typer.echo(line, err=True)


def finish(
    done: Result,
    figures: dict[str, Any],
    show: Callable[[Result], None],
    *,
    as_json: bool,
    is_complete: bool,
) -> NoReturn:
    """Print a result for a program or for a person, and end with its status."""
    if as_json:
        typer.echo(json.dumps({"exit_status": int(not is_complete), **figures}, indent=2))
    else:
        show(done)
    raise typer.Exit(int(not is_complete))


def fail(code: int, message: str, *, as_json: bool) -> NoReturn:
    """Say why a command ends, and end it with that status."""
    report(message, as_json=as_json, code=code)
    raise typer.Exit(code)


def report(message: str, *, as_json: bool, code: int) -> None:
    """Print an error: one line on stderr, and for a program an object on stdout."""
    if as_json:
        typer.echo(json.dumps({"exit_status": code, "error": message}, indent=2))
    typer.echo(f"xero-crm: {' '.join(message.split())}", err=True)
