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


webhooks = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Xero's webhooks: which records changed."
)


@webhooks.callback()
def _webhooks() -> None:
    """Receive what Xero tells of changes."""


@webhooks.command("serve")
def serve_webhooks(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8976,
    host: Annotated[str, typer.Option(help="Address to listen on; this machine only.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Receive Xero's webhooks until stopped; the next sync fetches the records they name.

    Checks each one's signature with XERO_CRM_<CONNECTION>_WEBHOOK_KEY. `sync --only events` fetches
    just those records.
    """
    from orchestration import webhook_command

    webhook_command.serve_webhooks(usable_settings(), host, port, show_progress)
