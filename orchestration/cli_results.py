"""How every command ends: its result for a person or a program, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import typer

Result = TypeVar("Result")


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
