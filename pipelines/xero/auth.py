"""Access tokens: asked for, kept in `<home>/tokens/<connection>.json` (mode 0600), renewed in time.

A `Grant` says what to send to the identity server; `TokenKeeper` does the rest, for threads and
processes alike. A refresh token that an answer brings is on disk before that answer is used.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Lock
from typing import TypeGuard

from pipelines.connections import XeroConnection
from pipelines.settings import Credentials
from pipelines.web.transport import Answer, Clock, Transport, utc_now
from pipelines.xero.errors import WrongCredentials, XeroError
from pipelines.xero.grants import App, AuthorisationCode, ClientCredentials, Grant
from pipelines.xero.identity_refusals import INVALID_GRANT, identity_refusal, oauth_error
from pipelines.xero.scopes import wanted_scopes
from pipelines.xero.token_file import TokenFile
from pipelines.xero.tokens import Token, read_token

WHERE = "Token for connection {}"


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
            WrongCredentials: The client id, or a secret that the grant needs, is not set.
        """
        self._where = WHERE.format(connection.name)
        self._variables = f"XERO_CRM_{connection.name.upper()}_CLIENT_ID and …_CLIENT_SECRET"
        self._signs_in = connection.grant == "authorization_code"
        if not credentials.client_id or not (credentials.client_secret or self._signs_in):
            raise WrongCredentials(f"{self._where}: set {self._variables}.")
        self._app = App(credentials.client_id, credentials.client_secret)
        self.scopes = wanted_scopes(connection)
        self._grant: Grant = (
            AuthorisationCode(self._where) if self._signs_in else ClientCredentials(self.scopes)
        )
        self._url = f"{connection.identity_url.rstrip('/')}/connect/token"
        # A token of another app, address or scope list must not be used after a change of settings.
        facts = "\n".join((self._url, credentials.client_id, *self._grant.facts()))
        self._made_for = hashlib.sha256(facts.encode()).hexdigest()[:16]
        self._transport, self._clock = transport, clock
        self._file = TokenFile(home, connection.name)
        self._thread = Lock()
        self._token: Token | None = None
        self._sent: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated in a message."""
        return (*self._app.secrets, *self._sent, *(self._token.secrets if self._token else ()))

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
        with self._thread, self._file.locked():
            held = self._file.read()
            for known in (self._token, held):
                if self._is_good(known) and known != rejected:
                    self._token = known
                    return known
            return self._ask_with(held)

    def replaced(self) -> Token:
        """Return a new token, whatever is held: what it may read is what Xero says now.

        Raises:
            XeroError: The identity server refused, or was not reached.
        """
        with self._thread, self._file.locked():
            return self._ask_with(self._file.read())

    def redeem(self, code: str, verifier: str, redirect_uri: str) -> Token:
        """Return the token of a sign-in, which takes the place of the one held.

        Raises:
            XeroError: The identity server refused, or was not reached.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
        with self._thread, self._file.locked():
            return self._ask([form])

    def _valid(self) -> Token | None:
        token = self._token
        return token if self._is_good(token) else None

    def _is_good(self, token: Token | None) -> TypeGuard[Token]:
        return (
            token is not None
            and token.made_for == self._made_for
            and self._clock().timestamp() < token.renew_at
        )

    def _ask_with(self, held: Token | None) -> Token:
        ours = held if held is not None and held.made_for == self._made_for else None
        return self._ask(self._grant.forms(ours, self._clock().timestamp()))

    def _ask(self, forms: list[dict[str, str]]) -> Token:
        """Post one form after another until one is not refused as spent; keep what it brings."""
        refused: XeroError | None = None
        for form in forms:
            used = form.get("refresh_token")
            self._sent = tuple(
                form[name] for name in ("refresh_token", "code", "code_verifier") if name in form
            )
            asked_at = self._clock().timestamp()
            answer = self._post(form)
            if answer.status == 200:
                token = read_token(answer, self._where, asked_at, self.scopes, self._made_for)
                token = token.following(used)
                self._file.write(token)  # before anything is done with it
                self._token = token
                return token
            refused = refused or self._refusal(answer)
            if oauth_error(answer.body)[0] != INVALID_GRANT:
                break
        assert refused is not None
        raise refused

    def _post(self, form: dict[str, str]) -> Answer:
        return self._transport.exchange(
            "POST",
            self._url,
            self._where,
            headers=self._app.headers,
            form={**form, **self._app.form},
        )

    def _refusal(self, answer: Answer) -> XeroError:
        return identity_refusal(
            self._where,
            answer,
            scopes=self.scopes,
            signs_in=self._signs_in,
            variables=self._variables,
            secrets=self.secrets,
        )
