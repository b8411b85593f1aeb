"""`xero-crm connect`: the person's browser, and what was found as a person reads it."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from typing import Any

from orchestration.printing import a_table, console
from orchestration.summaries import plain
from pipelines.settings import Settings, SettingsError
from pipelines.xero.connect import Connected, connect


def connect_named(
    settings: Settings,
    name: str,
    *,
    port: int | None,
    timeout: float,
    progress: Callable[[str], None],
) -> Connected:
    """Connect one connection of connections.toml.

    Raises:
        SettingsError: There is no Xero connection of that name.
        XeroError: It could not be connected.
    """
    found = {each.name: each for each in settings.xero_connections()}
    if name not in found:
        known = ", ".join(found) or "none"
        raise SettingsError(
            f"{settings.connections} has no [[xero]] connection {name!r}; known: {known}. Write "
            f'one with name = "{name}" (README, Connect a real organisation).'
        )
    return connect(
        found[name],
        settings.credentials(name),
        settings.home,
        open_browser=open_browser,
        progress=progress,
        timeout=timeout,
        port=port,
    )


def open_browser(url: str) -> bool:
    """Show a page to the person; False where there is no screen for it."""
    try:
        browser = webbrowser.get()
        in_terminal = isinstance(browser, webbrowser.GenericBrowser)
        if in_terminal and not isinstance(browser, webbrowser.BackgroundBrowser):
            return False  # lynx and the like: Xero's page needs more, and they would hold us up
        return browser.open(url)
    except webbrowser.Error:
        return False


def connected_figures(done: Connected) -> dict[str, Any]:
    """Return what `--json` prints; no token is in it."""
    return {"is_complete": done.is_complete, **plain(done)}


def show_connected(done: Connected) -> None:
    """Print the organisations and scopes, and what is not read for want of one."""
    out = console()
    table = a_table(f"Connected: {done.connection}", "organisation", "tenant_id")
    for each in done.organisations:
        table.add_row(each.tenant_name, each.tenant_id)
    out.print(table)
    if not done.organisations:
        out.print("NOT CONNECTED: no organisation has let this app in.")
    if done.missing:
        out.print(f"NOT CONNECTED: {done.missing}")
    out.print(f"Scopes: {' '.join(done.scopes) or 'none that we can see'}")
    for endpoint, scope in done.switched_off.items():
        out.print(f"Will not be read: {endpoint}, for want of the scope {scope}.")
