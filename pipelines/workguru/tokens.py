"""The access token: asked for with the API key, held in memory, renewed when it is refused.

It is never written to a file, since one more request a run is all that this saves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from pydantic import SecretStr

from pipelines.failures import MalformedAnswer
from pipelines.web.transport import Clock, Transport
from pipelines.workguru.errors import refusal

TOKEN_PATH = "/api/ClientTokenAuth/Authenticate/api/client/v1/tokenauth"
LIFETIME = timedelta(hours=1)
"""After which a new one is asked for, where the answer does not say how long it is good."""
MARGIN = timedelta(minutes=1)


class _Token(msgspec.Struct):
    access_token: str | None = msgspec.field(default=None, name="accessToken")
    expire_in_seconds: int | None = msgspec.field(default=None, name="expireInSeconds")


class _Answer(_Token):
    # Some clients find the token in `result`, as other methods answer.
    result: _Token | None = None
    success: bool = True


class TokenKeeper:
    """Holds the token of one connection. Errors name the connection, never a secret."""

    def __init__(
        self, transport: Transport, base: str, key: str, secret: SecretStr, clock: Clock
    ) -> None:
        self._transport, self._clock = transport, clock
        self._url = f"{base}{TOKEN_PATH}"
        self._key, self._secret = key, secret
        self._token: str | None = None
        self._good_until: datetime | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated in a message."""
        held = (self._token,) if self._token else ()
        return (self._secret.get_secret_value(), self._key, *held)

    def token(self, where: str) -> str:
        """Return a token that is good for a while, asking for one only if none is held.

        Raises:
            CallFailure: WorkGuru refused, or was not reached.
        """
        if self._token is None or self._good_until is None or self._clock() >= self._good_until:
            self._ask(where)
        assert self._token is not None
        return self._token

    def renewed(self, refused: str, where: str) -> str:
        """Return a token other than the one that was refused.

        Raises:
            CallFailure: WorkGuru refused, or was not reached.
        """
        if self._token == refused:
            self._token = None
        return self.token(where)

    def _ask(self, where: str) -> None:
        asked_at = self._clock()
        where = f"Token for {where}"
        body = {"apiKey": self._key, "secret": self._secret.get_secret_value()}
        answer = self._transport.exchange(
            "POST",
            self._url,
            where,
            headers={"Content-Type": "application/json"},
            content=msgspec.json.encode(body),
        )
        if answer.status >= 300:
            raise refusal(where, answer, self.secrets)
        try:
            said = msgspec.json.decode(answer.body, type=_Answer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise MalformedAnswer(f"{where}: the answer is no token.") from None
        found = said if said.access_token else said.result or _Token()
        if not said.success or not found.access_token:
            raise refusal(where, answer, self.secrets)
        lifetime = timedelta(seconds=found.expire_in_seconds or LIFETIME.total_seconds())
        self._token = found.access_token
        self._good_until = asked_at + max(lifetime - MARGIN, MARGIN)
