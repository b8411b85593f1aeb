"""An access token: read from the identity server's answer, and what it may read."""

from __future__ import annotations

import base64

import msgspec

from pipelines.web.transport import Answer
from pipelines.xero.errors import MalformedAnswer

RENEWAL_MARGIN = 120.0  # seconds before expiry; a shorter-lived token gets a tenth of its life


class Token(msgspec.Struct, frozen=True):
    """An access token, when to renew it (epoch seconds), and what it may read.

    Attributes:
        made_for: Names the app, address and grant that it belongs to.
        refresh_token: What gives the next one, once; None for a custom connection.
        former_refresh_token: The one before, which works a while longer if an answer was lost.
        refreshed_at: When this token was asked for, epoch seconds.
    """

    access_token: str
    renew_at: float
    scopes: tuple[str, ...]
    made_for: str
    refresh_token: str | None = None
    former_refresh_token: str | None = None
    refreshed_at: float = 0.0

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated in a message."""
        held = (self.access_token, self.refresh_token, self.former_refresh_token)
        return tuple(each for each in held if each)

    def following(self, used: str | None) -> Token:
        """Return this token, keeping the refresh token that it was got with."""
        if used is None:
            return self
        refresh_token = self.refresh_token or used
        return msgspec.structs.replace(self, refresh_token=refresh_token, former_refresh_token=used)

    def __repr__(self) -> str:
        return f"Token(renew_at={self.renew_at}, scopes={self.scopes})"


class _TokenAnswer(msgspec.Struct):
    access_token: str
    expires_in: float = 1800
    scope: str | list[str] | None = None
    refresh_token: str | None = None


def read_token(
    answer: Answer, where: str, asked_at: float, asked_scopes: tuple[str, ...], made_for: str
) -> Token:
    """Return the token in an identity server's answer.

    Raises:
        MalformedAnswer: There is none in it, or none that can stand in a header.
    """
    try:
        given = msgspec.json.decode(answer.body, type=_TokenAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = f"{type(error).__name__}"
        given = None
    else:
        reason = "the access token is no plain text"
    # A line break in a header would make the HTTP library repeat the token in its error.
    if given is None or not given.access_token.isascii() or not given.access_token.isprintable():
        raise MalformedAnswer(f"{where}: the identity server's answer has no token ({reason}).")
    life = max(given.expires_in, 0.0)
    scopes = _listed(given.scope) or granted_scopes(given.access_token) or asked_scopes
    margin = min(RENEWAL_MARGIN, life / 10)
    return Token(
        given.access_token,
        asked_at + life - margin,
        scopes,
        made_for,
        refresh_token=given.refresh_token,
        refreshed_at=asked_at,
    )


def granted_scopes(access_token: str) -> tuple[str, ...]:
    """Return the scopes a JWT names; its signature is not checked. Empty if it is no JWT."""
    try:
        payload = access_token.split(".")[1]
        content = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return _listed(content["scope"])
    except (IndexError, KeyError, TypeError, ValueError):
        return ()


def _listed(scope: str | list[str] | None) -> tuple[str, ...]:
    return tuple(scope.split() if isinstance(scope, str) else scope or ())
