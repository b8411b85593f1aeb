"""Keeps the demo's data and a real organisation's apart: one home holds one or the other."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from orchestration.errors import CannotRun
from pipelines.connections import Connection
from pipelines.held import tenants_held
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

MARKER = "demo-home.txt"

_MARKER_TEXT = """\
This folder holds the demo's data, made by `xero-crm demo`. Commands refuse to read a real
organisation into it. Delete the folder to be rid of the demo.
"""


class HomeRefused(CannotRun):
    """The home holds the other kind of data; the message says what to do."""


class NothingConnected(CannotRun):
    """There is no organisation to read."""


def refuse_where_nothing_is_connected(settings: Settings) -> None:
    """Stop before the settings files land without an organisation that they are about.

    Raises:
        NothingConnected: connections.toml holds no connection.
        SettingsError: connections.toml cannot be used.
    """
    if not settings.connections_of(Connection):
        raise NothingConnected(
            f"{settings.connections} connects nothing yet. Write a connection there (README,"
            " Connect a real organisation), or try `xero-crm demo`."
        )


def mark_demo_home(home: Path) -> None:
    """Say that a home holds the demo's data."""
    home.mkdir(parents=True, exist_ok=True)
    (home / MARKER).write_text(_MARKER_TEXT, "utf-8")


def refuse_real_connections_in_a_demo_home(settings: Settings) -> None:
    """Keep a real organisation out of the demo's home.

    Raises:
        HomeRefused: The home is the demo's, and a connection points outside loopback.
        SettingsError: connections.toml cannot be used.
    """
    if not (settings.home / MARKER).exists() or not settings.connections.exists():
        return
    outside = [each.name for each in settings.connections_of(Connection) if not each.is_loopback]
    if outside:
        raise HomeRefused(
            f"{settings.home} holds the demo's data, and the connection {outside[0]!r} is a real"
            f" one. Set XERO_CRM_HOME to another folder, or delete {settings.home}."
        )


def refuse_a_home_with_other_organisations(home: Path, ours: Collection[str]) -> None:
    """Keep the demo out of a home that holds an organisation which is not the sandbox's.

    Raises:
        HomeRefused: It holds one.
    """
    others = {
        tenant_id: name
        for tenant_id, name in tenants_held(Warehouse(home)).items()
        if tenant_id not in ours
    }
    if others:
        raise HomeRefused(
            f"{home} holds {', '.join(sorted(others.values()))}. The demo does not mix with it:"
            " set XERO_CRM_HOME to another folder."
        )
