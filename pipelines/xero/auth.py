"""Access tokens: asked for, kept in `<home>/tokens/<connection>.json` (mode 0600), renewed in time.

A `Grant` says what to send to the identity server; `TokenKeeper` does the rest, for threads and
processes alike. Another grant is another class beside `ClientCredentials`.
"""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeGuard

import msgspec
from filelock import FileLock

from pipelines.connections import XeroConnection
from pipelines.settings import Credentials
from pipelines.web.quoting import quoted
from pipelines.web.transport import Answer, Clock, Transport, utc_now
from pipelines.xero.errors import (
    BadRequest,
    ScopeRefused,
    WrongCredentials,
    XeroError,
)
from pipelines.xero.refusals import refusal
from pipelines.xero.tokens import Token, read_token

# What the endpoints of this version need. Apps made since March 2026 are refused the broad scopes.
DEFAULT_SCOPES = (
    "accounting.settings.read",
    "accounting.contacts.read",
    "accounting.invoices.read",
)
WHERE = "Token for connection {}"


class Grant(Protocol):
    """A way to get a token: the form to post, given the token that is held."""

    def form(self, held: Token | None) -> dict[str, str]:
        """Return the body of the token request."""
        ...


class ClientCredentials:
    """The grant of a custom connection: id and secret are enough, nothing is kept between."""

    def __init__(self, scopes: tuple[str, ...]) -> None:
        self._scopes = scopes

    def form(self, held: Token | None) -> dict[str, str]:
        """Return the body of the token request."""
        return {"grant_type": "client_credentials", "scope": " ".join(self._scopes)}


class TokenKeeper:
    """Holds the token of one connection. Errors name the connection, never a secret."""

    def __init__(
        self,
        connection: XeroConnection,
        credentials: Credentials,
        home: Path,
        transport: Transport,
        *,
        clock: Clock = utc_now,
    ) -> None:
        """Prepare; nothing is asked for yet.

        Raises:
            WrongCredentials: The client id or secret is not set, or the grant is not offered.
        """
        self._where = WHERE.format(connection.name)
        self._variables = f"XERO_CRM_{connection.name.upper()}_CLIENT_ID and …_CLIENT_SECRET"
        if connection.grant != "client_credentials":
            raise WrongCredentials(
                f"{self._where}: grant {connection.grant!r} is not offered yet. Use a custom "
                'connection with grant = "client_credentials".'
            )
        if not credentials.client_id or not credentials.client_secret:
            raise WrongCredentials(f"{self._where}: set {self._variables}.")
        pair = f"{credentials.client_id}:{credentials.client_secret.get_secret_value()}"
        self._basic = base64.b64encode(pair.encode()).decode()
        self._secrets = (credentials.client_secret.get_secret_value(), self._basic)
        self._scopes = connection.scopes or DEFAULT_SCOPES
        self._grant: Grant = ClientCredentials(self._scopes)
        self._url = f"{connection.identity_url.rstrip('/')}/connect/token"
        # A token of another app, address or scope list must not be used after a change of settings.
        facts = "\n".join((self._url, credentials.client_id, *sorted(self._scopes)))
        self._made_for = hashlib.sha256(facts.encode()).hexdigest()[:16]
        self._transport, self._clock = transport, clock
        self._file = home / "tokens" / f"{connection.name}.json"
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = FileLock(f"{self._file}.lock", thread_local=False)
        self._thread = Lock()
        self._token: Token | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated in a message."""
        token = self._token
        return (*self._secrets, token.access_token) if token else self._secrets

    def token(self) -> Token:
        """Return a token that is good for a while, asking for one only if none is held.

        Raises:
            XeroError: The identity server refused, or was not reached.
        """
        return self._valid() or self.renewed(None)

    def renewed(self, rejected: Token | None) -> Token:
        """Return a token other than the rejected one; another process may have got it already.

        Raises:
            XeroError: The identity server refused, or was not reached.
        """
        with self._thread, self._lock:
            held = self._read()
            for known in (self._token, held):
                if self._is_good(known) and known != rejected:
                    self._token = known
                    return known
            token = self._ask(held)
            self._write(token)
            self._token = token
            return token

    def _valid(self) -> Token | None:
        token = self._token
        return token if self._is_good(token) else None

    def _is_good(self, token: Token | None) -> TypeGuard[Token]:
        return (
            token is not None
            and token.made_for == self._made_for
            and self._clock().timestamp() < token.renew_at
        )

    def _ask(self, held: Token | None) -> Token:
        asked_at = self._clock().timestamp()
        answer = self._transport.exchange(
            "POST",
            self._url,
            self._where,
            headers={"Authorization": f"Basic {self._basic}"},
            form=self._grant.form(held),
        )
        if answer.status != 200:
            raise self._refusal(answer)
        return read_token(answer, self._where, asked_at, self._scopes, self._made_for)

    def _refusal(self, answer: Answer) -> XeroError:
        error, description = _oauth_error(answer.body)
        said = quoted(f"{error}: {description}" if description else error, self.secrets)
        if error == "invalid_scope" or "scope validation" in description.lower():
            asked = " ".join(self._scopes)
            return ScopeRefused(f"{self._where}: the scopes asked for ({asked}) were refused.")
        if error == "unauthorized_client":
            return WrongCredentials(
                f"{self._where}: the app may not use client credentials ({said}). Only a custom "
                "connection may; check that the client id is that of one."
            )
        if error in {"invalid_client", "invalid_grant"} or answer.status == 401:
            return WrongCredentials(
                f"{self._where}: the client id or secret is wrong ({said or answer.status}). "
                f"Check {self._variables}."
            )
        if error and answer.status < 500 and answer.status != 429:
            return BadRequest(f"{self._where}: refused ({said}).", status=answer.status)
        return refusal(
            self._where, answer.status, answer.headers, answer.body, secrets=self.secrets
        )

    def _read(self) -> Token | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Token)
        except (FileNotFoundError, msgspec.DecodeError):
            return None  # an unreadable file costs one token request

    def _write(self, token: Token) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)  # left by a process that was killed
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(token))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)


def _oauth_error(body: bytes) -> tuple[str, str]:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "", ""
    if not isinstance(content, dict):
        return "", ""
    return str(content.get("error") or ""), str(content.get("error_description") or "")
