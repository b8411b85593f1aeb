"""Reads Unleashed's API over HTTP: signed, paced, retried where that can help, counted.

In: a connection, its API id and key, and which list to read. Out: pages, or an error of `errors`.
It knows nothing of dlt or the warehouse and parses no record.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from pipelines.connections import UnleashedConnection
from pipelines.failures import CallFailure, WrongCredentials
from pipelines.settings import Credentials
from pipelines.unleashed.errors import refusal
from pipelines.web.caller import Caller
from pipelines.web.listing import decode_answer, require_objects
from pipelines.web.shared_bucket import SharedBucket
from pipelines.web.transport import Answer, Clock, Transport, utc_now
from pipelines.web.usage import Usage

CLIENT_TYPE = "xero-crm/xero-crm"  # "partner/app" is asked for; it is not enforced


@dataclass(frozen=True)
class UnleashedPage:
    """One answer's records, each still the bytes that came, and how many there are in all."""

    records: Sequence[msgspec.Raw]
    page_count: int
    item_count: int
    received_at: datetime


class _Pagination(msgspec.Struct, rename="pascal"):
    number_of_items: int
    number_of_pages: int


class _Envelope(msgspec.Struct, rename="pascal"):
    pagination: _Pagination
    items: list[msgspec.Raw]


_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Envelope)


class UnleashedClient:
    """One connection of connections.toml. Close it when done."""

    def __init__(
        self,
        connection: UnleashedConnection,
        credentials: Credentials,
        home: Path,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare; nothing is sent yet. `transport` replaces the network in tests.

        Raises:
            WrongCredentials: The API id or key is not set.
        """
        self.connection = connection
        if not credentials.client_id or credentials.client_secret is None:
            name = connection.name.upper()
            raise WrongCredentials(
                f"Connection {connection.name}: no API id or key. Set XERO_CRM_{name}_CLIENT_ID "
                f"to the API id and XERO_CRM_{name}_CLIENT_SECRET to the API key."
            )
        self._id = credentials.client_id
        self._key = credentials.client_secret.get_secret_value()
        self._caller = Caller(
            Transport(through_proxy=not connection.is_loopback, clock=clock, transport=transport),
            self._refuse,
            bucket=_bucket(home, connection, self._id, clock),
            sleep=sleep,
        )

    def get_page(self, resource: str, page: int, options: Mapping[str, str]) -> UnleashedPage:
        """Read a page of a resource, counted from 1.

        Raises:
            CallFailure: The class says what to do.
        """
        where = f"{resource} of connection {self.connection.name}"
        query = query_string(options)
        url = f"{self.connection.api_url.rstrip('/')}/{resource}/{page}?{query}"
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "api-auth-id": self._id,
            "api-auth-signature": signature(self._key, query),
            "client-type": CLIENT_TYPE,
        }

        def once() -> UnleashedPage:
            answer = self._caller.once("GET", url, where, key=resource, headers=headers)
            envelope = decode_answer(answer, _decoder, where)
            records = require_objects(envelope.items, "Items", where)
            paging = envelope.pagination
            return UnleashedPage(
                records, paging.number_of_pages, paging.number_of_items, answer.received_at
            )

        return self._caller.retried(once)

    def usage(self, resource: str) -> Usage:
        """Return the calls (every try) and bytes this client has spent on a resource so far."""
        return self._caller.usage(resource)

    def close(self) -> None:
        """Close connections and files."""
        self._caller.close()

    def __enter__(self) -> UnleashedClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse(self, where: str, answer: Answer) -> CallFailure:
        return refusal(where, answer, (self._key,))


def query_string(options: Mapping[str, str]) -> str:
    """Return the query exactly as it is sent: nothing behind us encodes it again.

    Only characters that HTTP libraries leave alone are left as they are.
    """
    return "&".join(
        f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in options.items()
    )


def signature(key: str, query: str) -> str:
    """Return base64(HMAC-SHA256(key, query)); the query without `?`, empty if there is none."""
    digest = hmac.new(key.encode(), query.encode("ascii"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def _bucket(home: Path, connection: UnleashedConnection, api_id: str, clock: Clock) -> SharedBucket:
    folder = home / "limits"
    folder.mkdir(parents=True, exist_ok=True)
    account = hashlib.sha256(f"{connection.api_url} {api_id}".encode()).hexdigest()[:12]
    name = f"unleashed-{account}"
    return SharedBucket(folder, name, connection.calls_per_minute, None, clock)
