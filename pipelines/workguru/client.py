"""Reads WorkGuru over HTTP: paced, with a token, retried where that can help, counted.

In: a connection, its key and secret, and which method to call. Out: records, each still the bytes
that came, or an error of `errors`. It knows nothing of dlt or the warehouse and parses no record.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec

from pipelines.connections import WorkGuruConnection
from pipelines.failures import CallFailure, MalformedAnswer, WrongCredentials
from pipelines.settings import Credentials
from pipelines.web.caller import Caller
from pipelines.web.listing import decode_answer, require_objects
from pipelines.web.shared_bucket import SharedBucket
from pipelines.web.transport import Answer, Clock, Transport, utc_now
from pipelines.web.usage import Usage
from pipelines.workguru.errors import NotAuthorised, refusal
from pipelines.workguru.tokens import TokenKeeper

SERVICES = "/api/services/app/"


@dataclass(frozen=True)
class ListAnswer:
    """One answer's records. `total_count` is None where the list came as a bare array."""

    records: Sequence[msgspec.Raw]
    total_count: int | None
    received_at: datetime


class _Envelope(msgspec.Struct):
    result: msgspec.Raw = msgspec.Raw(b"null")
    success: bool = True


class _Items(msgspec.Struct):
    items: list[msgspec.Raw]
    total_count: int | None = msgspec.field(default=None, name="totalCount")


envelopes: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Envelope)
_lists: msgspec.json.Decoder[Any] = msgspec.json.Decoder(list[msgspec.Raw] | _Items)


class WorkGuruClient:
    """One connection of connections.toml. Close it when done."""

    def __init__(
        self,
        connection: WorkGuruConnection,
        credentials: Credentials,
        home: Path,
        *,
        clock: Clock = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare; nothing is sent yet. `transport` replaces the network in tests.

        Raises:
            WrongCredentials: The API key or its secret is not set.
        """
        self.connection = connection
        if not credentials.client_id or credentials.client_secret is None:
            name = connection.name.upper()
            raise WrongCredentials(
                f"Connection {connection.name}: set XERO_CRM_{name}_CLIENT_ID to the API key of "
                f"WorkGuru and XERO_CRM_{name}_CLIENT_SECRET to its secret."
            )
        self._base = connection.api_url.rstrip("/")
        exchange = Transport(
            through_proxy=not connection.is_loopback, clock=clock, transport=transport
        )
        self._tokens = TokenKeeper(
            exchange, self._base, credentials.client_id, credentials.client_secret, clock
        )
        self._caller = Caller(
            exchange,
            self._refuse,
            bucket=_bucket(home, connection, credentials.client_id, clock),
            sleep=sleep,
        )

    def get_list(self, method: str, params: Mapping[str, str], *, key: str) -> ListAnswer:
        """Call a method that answers a list, bare or as `items`; `key` is what it is counted under.

        Raises:
            CallFailure: The class says what to do.
        """

        def parsed(result: msgspec.Raw, received_at: datetime, where: str) -> ListAnswer:
            try:
                found = _lists.decode(result)
            except msgspec.DecodeError as error:
                raise MalformedAnswer(f"{where}: the result is no list: {error}.") from None
            items = found.items if isinstance(found, _Items) else found
            total = found.total_count if isinstance(found, _Items) else None
            return ListAnswer(require_objects(items, "result", where), total, received_at)

        return self._call(method, params, key, parsed)

    def get_one(self, method: str, record_id: str, *, key: str) -> tuple[msgspec.Raw, datetime]:
        """Call a method that answers one record; `key` is what it is counted under.

        Raises:
            CallFailure: The class says what to do; BadRequest where there is no such record.
        """

        def parsed(
            result: msgspec.Raw, received_at: datetime, where: str
        ) -> tuple[msgspec.Raw, datetime]:
            return require_objects([result], "result", where)[0], received_at

        return self._call(method, {"id": record_id}, key, parsed)

    def usage(self, key: str) -> Usage:
        """Return the calls (every try) and bytes spent on a key so far."""
        return self._caller.usage(key)

    def close(self) -> None:
        """Close connections and files."""
        self._caller.close()

    def __enter__(self) -> WorkGuruClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(
        self,
        method: str,
        params: Mapping[str, str],
        key: str,
        parsed: Callable[[msgspec.Raw, datetime, str], Any],
    ) -> Any:
        where = f"{method} of connection {self.connection.name}"

        def once() -> Any:
            token = self._tokens.token(where)
            try:
                return answered(token)
            except NotAuthorised:
                return answered(self._tokens.renewed(token, where))

        def answered(token: str) -> Any:
            answer = self._caller.once(
                "GET",
                f"{self._base}{SERVICES}{method}",
                where,
                key=key,
                headers={"Authorization": f"Bearer {token}"},
                params=params,
            )
            envelope = decode_answer(answer, envelopes, where)
            if not envelope.success:
                raise self._refuse(where, answer)
            return parsed(envelope.result, answer.received_at, where)

        return self._caller.retried(once)

    def _refuse(self, where: str, answer: Answer) -> CallFailure:
        return refusal(where, answer, self._tokens.secrets)


def _bucket(home: Path, connection: WorkGuruConnection, key: str, clock: Clock) -> SharedBucket:
    """Open the allowance we give ourselves: WorkGuru publishes none. It is one key's."""
    folder = home / "limits"
    folder.mkdir(parents=True, exist_ok=True)
    user = hashlib.sha256(f"{connection.api_url} {key}".encode()).hexdigest()[:12]
    return SharedBucket(folder, f"workguru-{user}", connection.calls_per_minute, None, clock)
