"""Asks each connection of Xero, now: does it answer, what may it read, what is left.

One call for the list of organisations and one for each organisation, within the usual budget. The
other systems have no call that is known to cost nothing; of them only the reads are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from orchestration.diagnosis import Check
from pipelines.connections import Connection, SourceConnection, XeroConnection
from pipelines.failures import ReadFailure
from pipelines.settings import Settings
from pipelines.sync import open_client
from pipelines.web.transport import Answer, Clock, utc_now
from pipelines.xero.client import TenantConnection, XeroClient
from pipelines.xero.errors import TenantNotConnected
from pipelines.xero.scopes import missing_scopes

CLOCK_TOLERANCE = timedelta(minutes=5)
FEW_CALLS_LEFT = 0.1

Progress = Callable[[str], None]


def check_connections(
    settings: Settings, *, progress: Progress | None = None, clock: Clock = utc_now
) -> tuple[list[Check], dict[str, str]]:
    """Check every connection; give the checks, and the names of the organisations by tenant_id.

    Raises:
        SettingsError: connections.toml cannot be used.
    """
    checks: list[Check] = []
    names: dict[str, str] = {}
    connections = settings.connections_of(Connection)
    for connection in connections:
        if isinstance(connection, XeroConnection):
            if progress:
                progress(f"asking {connection.name}")
            checks += _checks_of(settings, connection, names, clock)
    known = {each.name for each in connections if isinstance(each, XeroConnection)}
    for connection in connections:
        if isinstance(connection, SourceConnection) and connection.xero not in known:
            said = f"It belongs to the connection {connection.xero!r}, which there is not."
            remedy = f"Name one of {', '.join(sorted(known)) or 'none'} in connections.toml."
            checks.append(Check("connections", "block", connection.name, said, remedy))
    return checks, names


def _checks_of(
    settings: Settings, connection: XeroConnection, names: dict[str, str], clock: Clock
) -> Iterator[Check]:
    try:
        with open_client(settings, connection) as client:
            try:
                tenants = client.connections()
            except TenantNotConnected as error:
                yield Check("connections", "block", connection.name, str(error))
                tenants = error.connected
            yield from _scopes(connection, client.granted_scopes())
            for tenant in tenants:
                names[tenant.tenant_id] = tenant.tenant_name
                yield from _checks_of_tenant(connection, client, tenant, clock)
    except ReadFailure as error:
        yield Check("connections", "unchecked", connection.name, str(error))


def _checks_of_tenant(
    connection: XeroConnection, client: XeroClient, tenant: TenantConnection, clock: Clock
) -> Iterator[Check]:
    where = f"{tenant.tenant_name or tenant.tenant_id}, {connection.name}"
    try:
        answer = client.get(tenant.tenant_id, "Organisation")
    except ReadFailure as error:
        yield Check("connections", "unchecked", where, str(error))
        return
    yield Check("connections", "ok", where, "It answers.")
    yield _clock_check(where, answer, clock())
    yield from _calls_left(where, answer, connection)


def _scopes(connection: XeroConnection, granted: tuple[str, ...]) -> Iterator[Check]:
    missing = missing_scopes(connection, granted)
    if missing:
        said = f"The token lacks {', '.join(missing)}; it has {', '.join(granted) or 'none'}."
        remedy = "Grant them to the app in Xero, and take `scopes` out of connections.toml if set."
        yield Check("connections", "block", connection.name, said, remedy)
    else:
        yield Check("connections", "ok", connection.name, "It may read all that is needed.")


def _clock_check(where: str, answer: Answer, now: datetime) -> Check:
    try:
        difference = now - parsedate_to_datetime(answer.headers["date"])
    except (KeyError, TypeError, ValueError):
        said = "The answer has no readable date, so the clock could not be compared."
        return Check("connections", "warn", where, said)
    seconds = abs(difference.total_seconds())
    if seconds < CLOCK_TOLERANCE.total_seconds():
        return Check("connections", "ok", where, f"The clocks agree within {seconds + 1:.0f} s.")
    side = "ahead of" if difference > timedelta() else "behind"
    said = f"This computer's clock is {seconds / 60:.0f} minutes {side} the server's."
    remedy = "Set the clock, or let the system set it (NTP): tokens and cursors depend on it."
    return Check("connections", "block", where, said, remedy)


def _calls_left(where: str, answer: Answer, connection: XeroConnection) -> Iterator[Check]:
    for header, window, limit in (
        ("x-daylimit-remaining", "today", connection.calls_per_day),
        ("x-minlimit-remaining", "this minute", connection.calls_per_minute),
    ):
        left = answer.headers.get(header, "")
        if not left.isdecimal():
            said = f"Xero did not say how many calls are left {window}."
            yield Check("connections", "ok", where, said)
        elif window == "today" and int(left) < limit * FEW_CALLS_LEFT:
            said = f"{left} of {limit} calls are left {window}."
            remedy = "Let other programs of the same app wait; what is not read today is tomorrow."
            yield Check("connections", "warn", where, said, remedy)
        else:
            yield Check("connections", "ok", where, f"{left} of {limit} calls are left {window}.")
