"""The commands of `xero-crm` that are about Xero alone; heavy imports are inside them."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli_results import AsJson, finish, show_progress, usable_settings


def connect(
    name: Annotated[str, typer.Argument(help="A [[xero]] connection of connections.toml.")],
    port: Annotated[
        int | None, typer.Option(help="Where the browser comes back to, if not redirect_port.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the sign-in.")] = 300.0,
    as_json: AsJson = False,
) -> None:
    """Connect Xero organisations: sign in by browser, or check a custom connection.

    Lists the organisations and scopes granted, and the endpoints that lack one. Reads nothing else.
    """
    from orchestration import connect_command as command

    settings = usable_settings()
    done = command.connect_named(settings, name, port=port, timeout=timeout, progress=show_progress)
    figures = command.connected_figures(done)
    finish(done, figures, command.show_connected, as_json=as_json, is_complete=done.is_complete)
