"""Reads Xero over HTTP: paced, authorised, retried where that can help, counted.

In: a connection, its secrets, and what to read. Out: answers and pages, or an error of
`errors`. It knows nothing of dlt or the warehouse and parses no record.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from pipelines.connections import XeroConnection
from pipelines.settings import Credentials
from pipelines.web.listing import require_json
from pipelines.web.transport import Answer, Clock, Transport, utc_now
from pipelines.web.usage import Usage
from pipelines.xero.auth import TokenKeeper
from pipelines.xero.calls import Calls, Request, Result
from pipelines.xero.errors import MalformedAnswer, TenantNotConnected
from pipelines.xero.limits import CallBudget
from pipelines.xero.paging import NOT_MODIFIED, Page, read_page

ACCOUNTING = "/api.xro/2.0/"
CONNECTIONS = "connections"

Params = Mapping[str, str | int | bool]


@dataclass(frozen=True)
class TenantConnection:
    """One organisation that the token may read."""

    tenant_id: str
    tenant_name: str
    tenant_type: str


class _Connection(msgspec.Struct, rename="camel"):
    tenant_id: str
    tenant_type: str = "ORGANISATION"
    tenant_name: str | None = None


class XeroClient:
    """One connection of connections.toml. Threads may share it; close it when done."""

    def __init__(
        self,
        connection: XeroConnection,
        credentials: Credentials,
        home: Path,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare; nothing is sent yet. `transport` replaces the network in tests.

        Raises:
            WrongCredentials: The client id or secret is not set, or the grant is not offered.
        """
        self._connection = connection
        self._transport = Transport(
            through_proxy=not connection.is_loopback, clock=clock, transport=transport
        )
        self._tokens = TokenKeeper(connection, credentials, home, self._transport, clock=clock)
        self._budget = CallBudget(
            home,
            f"{connection.api_url} {credentials.client_id}",
            calls_per_minute=connection.calls_per_minute,
            calls_per_day=connection.calls_per_day,
            concurrent_calls=connection.concurrent_calls,
            clock=clock,
            sleep=sleep,
        )
        self._calls = Calls(self._transport, self._tokens, self._budget, sleep)
        self._names: dict[str, str] = {}

    def connections(self) -> list[TenantConnection]:
        """List the organisations to read: those of the token, or those that tenant_ids names.

        Raises:
            TenantNotConnected: The token cannot read one that tenant_ids names.
            XeroError: The list could not be read.
        """
        where = f"Organisations of connection {self._connection.name}"
        listed = self._calls.retried(lambda: self._list_connections(where))
        self._names.update((tenant.tenant_id, tenant.tenant_name) for tenant in listed)
        wanted = self._connection.tenant_ids
        if not wanted:
            # A PRACTICE has no books; the accounting API refuses it.
            return [tenant for tenant in listed if tenant.tenant_type == "ORGANISATION"]
        found = [tenant for tenant in listed if tenant.tenant_id in wanted]
        missing = sorted(set(wanted) - {tenant.tenant_id for tenant in found})
        if missing:
            raise TenantNotConnected(
                f"{where}: the token cannot read {', '.join(missing)}.", connected=found
            )
        return found

    def get(
        self,
        tenant_id: str,
        path: str,
        params: Params | None = None,
        *,
        if_modified_since: datetime | None = None,
    ) -> Answer:
        """Read `path` below `/api.xro/2.0` and return the answer, a JSON text that looks whole.

        Raises:
            XeroError: The class says what to do. DayLimitReached concerns all of the organisation.
        """
        return self._get(tenant_id, path, params, if_modified_since, lambda answer, where: answer)

    def get_page(
        self,
        tenant_id: str,
        path: str,
        list_key: str,
        params: Params | None = None,
        *,
        if_modified_since: datetime | None = None,
    ) -> tuple[Page, Answer]:
        """Read one page of a list. A malformed page is asked for again, like a broken connection.

        Raises:
            XeroError: As `get`.
        """

        def page(answer: Answer, where: str) -> tuple[Page, Answer]:
            return read_page(answer, list_key, where), answer

        return self._get(tenant_id, path, params, if_modified_since, page)

    def usage(self, tenant_id: str, path: str) -> Usage:
        """Return the calls (every try) and bytes this client has spent on a path so far."""
        return self._calls.usage(tenant_id, path.strip("/"))

    def granted_scopes(self) -> tuple[str, ...]:
        """Return what the token may read, as the identity server says."""
        return self._calls.retried(self._tokens.token).scopes

    @property
    def connection(self) -> XeroConnection:
        """The connection's settings."""
        return self._connection

    @property
    def wanted_scopes(self) -> tuple[str, ...]:
        """What is asked for when somebody signs in, or a custom connection gets a token."""
        return self._tokens.scopes

    def renew_token(self) -> None:
        """Get a new token, whether or not one is held.

        Raises:
            XeroError: The identity server refused, or was not reached.
        """
        self._calls.retried(self._tokens.replaced)

    def redeem(self, code: str, verifier: str, redirect_uri: str) -> None:
        """Take the code that a sign-in has brought for a token, which is kept.

        Raises:
            XeroError: The identity server refused, or was not reached. A code works once, so it
                is not tried again.
        """
        self._tokens.redeem(code, verifier, redirect_uri)

    def close(self) -> None:
        """Close connections and files."""
        self._transport.close()
        self._budget.close()

    def __enter__(self) -> XeroClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _get(
        self,
        tenant_id: str,
        path: str,
        params: Params | None,
        if_modified_since: datetime | None,
        parse: Callable[[Answer, str], Result],
    ) -> Result:
        path = path.strip("/")
        where = f"{path} of organisation {self._names.get(tenant_id) or tenant_id}"
        headers = {"xero-tenant-id": tenant_id}
        if if_modified_since is not None:
            headers["If-Modified-Since"] = modified_since(if_modified_since)
        url = f"{self._connection.api_url.rstrip('/')}{ACCOUNTING}{path}"
        request = Request(tenant_id, path, url, where, headers, params or {})

        def once() -> Result:
            answer = self._calls.once(request)
            if answer.status != NOT_MODIFIED:
                require_json(answer, where)
            return parse(answer, where)

        return self._calls.retried(once)

    def _list_connections(self, where: str) -> list[TenantConnection]:
        url = f"{self._connection.api_url.rstrip('/')}/{CONNECTIONS}"
        answer = self._calls.once(Request(None, CONNECTIONS, url, where))
        require_json(answer, where)
        try:
            listed = msgspec.json.decode(answer.body, type=list[_Connection])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MalformedAnswer(f"{where}: {error}.") from None
        return [
            TenantConnection(each.tenant_id, each.tenant_name or "", each.tenant_type)
            for each in listed
        ]


def modified_since(instant: datetime) -> str:
    """Return an If-Modified-Since value: UTC, whole seconds rounded down.

    Raises:
        ValueError: The datetime has no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("if_modified_since needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
