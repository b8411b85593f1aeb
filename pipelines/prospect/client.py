"""Reads Prospect's OData over HTTP: paced, with a token, retried where that can help, counted.

In: a connection, its token, and which list to read. Out: pages, or an error of `errors`. It knows
nothing of dlt or the warehouse and parses no record.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from pipelines.connections import ProspectConnection
from pipelines.failures import CallFailure, MalformedAnswer, WrongCredentials
from pipelines.prospect.errors import refusal
from pipelines.settings import Credentials
from pipelines.web.caller import Caller
from pipelines.web.listing import decode_answer, require_objects
from pipelines.web.shared_bucket import SharedBucket
from pipelines.web.transport import Answer, Clock, Transport, utc_now
from pipelines.web.usage import Usage

WINDOW = 600.0  # seconds; the allowance slides over ten minutes


@dataclass(frozen=True)
class ODataPage:
    """One answer's records, each still the bytes that came, and where the next ones are."""

    records: Sequence[msgspec.Raw]
    next_link: str | None
    count: int | None
    received_at: datetime


class _Envelope(msgspec.Struct):
    value: list[msgspec.Raw]
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")
    count: int | None = msgspec.field(default=None, name="@odata.count")


_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Envelope)


class ProspectClient:
    """One connection of connections.toml. Close it when done."""

    def __init__(
        self,
        connection: ProspectConnection,
        credentials: Credentials,
        home: Path,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare; nothing is sent yet. `transport` replaces the network in tests.

        Raises:
            WrongCredentials: The token is not set.
        """
        self.connection = connection
        if credentials.token is None:
            raise WrongCredentials(
                f"Connection {connection.name}: no token. Set "
                f"XERO_CRM_{connection.name.upper()}_TOKEN to a personal access token of Prospect."
            )
        self._token = credentials.token.get_secret_value()
        self._base = connection.api_url.rstrip("/")
        self._caller = Caller(
            Transport(through_proxy=not connection.is_loopback, clock=clock, transport=transport),
            self._refuse,
            bucket=_bucket(home, connection, clock),
            sleep=sleep,
        )

    def get_page(self, entity_set: str, options: Mapping[str, str]) -> ODataPage:
        """Read the first page of a set by OData query options (`$filter`, …).

        Raises:
            CallFailure: The class says what to do.
        """
        query = "&".join(f"{quote(name)}={quote(text)}" for name, text in options.items())
        return self._page(entity_set, f"{self._base}/{entity_set}?{query}")

    def follow(self, entity_set: str, link: str) -> ODataPage:
        """Read the page that a next link leads to, the link taken as it is.

        Raises:
            CallFailure: The class says what to do; a link to another host is malformed.
        """
        if urlsplit(link)[:2] != urlsplit(self._base)[:2]:
            # Following it would hand our token to whoever is there.
            raise MalformedAnswer(
                f"{self._where(entity_set)}: the next page is said to be on another host."
            )
        return self._page(entity_set, link)

    def usage(self, entity_set: str) -> Usage:
        """Return the calls (every try) and bytes this client has spent on a set so far."""
        return self._caller.usage(entity_set)

    def close(self) -> None:
        """Close connections and files."""
        self._caller.close()

    def __enter__(self) -> ProspectClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _page(self, entity_set: str, url: str) -> ODataPage:
        where = self._where(entity_set)
        headers = {"Authorization": f"Bearer {self._token}"}

        def once() -> ODataPage:
            answer = self._caller.once("GET", url, where, key=entity_set, headers=headers)
            envelope = decode_answer(answer, _decoder, where)
            records = require_objects(envelope.value, "value", where)
            return ODataPage(records, envelope.next_link, envelope.count, answer.received_at)

        return self._caller.retried(once)

    def _where(self, entity_set: str) -> str:
        return f"{entity_set} of connection {self.connection.name}"

    def _refuse(self, where: str, answer: Answer) -> CallFailure:
        return refusal(where, answer, (self._token,))


def _bucket(home: Path, connection: ProspectConnection, clock: Clock) -> SharedBucket:
    """Open the allowance. It belongs to the workspace, whichever token is used.

    Which workspace a token opens is not known here, so all connections to one address share one
    allowance: two workspaces would only be read more slowly than they might be.
    """
    folder = home / "limits"
    folder.mkdir(parents=True, exist_ok=True)
    address = hashlib.sha256(connection.api_url.encode()).hexdigest()[:12]
    return SharedBucket(
        folder,
        f"prospect-{address}",
        connection.calls_per_ten_minutes,
        None,
        clock,
        window=WINDOW,
    )
