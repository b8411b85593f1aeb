"""Ways to get a token from Xero's identity server: what to send, given the token that is held.

A custom connection proves itself with id and secret each time. An app that people sign in to holds
a refresh token, which works once: each answer brings the next one. If that answer was lost, the old
one works for another half hour. Lifetimes: https://developer.xero.com/documentation/guides/oauth2/
"""

from __future__ import annotations

import base64
from typing import Protocol

from pydantic import SecretStr

from pipelines.xero.errors import SignInNeeded
from pipelines.xero.tokens import Token

GRACE = 1800.0  # seconds for which the refresh token before the last one still works


class App:
    """Who asks: a client id, and a secret unless the app is a public one (PKCE alone)."""

    def __init__(self, client_id: str, client_secret: SecretStr | None) -> None:
        self.client_id = client_id
        self.secrets: tuple[str, ...] = ()
        self.headers: dict[str, str] = {}
        self.form: dict[str, str] = {}
        if client_secret is None:
            self.form = {"client_id": client_id}
        else:
            pair = f"{client_id}:{client_secret.get_secret_value()}"
            basic = base64.b64encode(pair.encode()).decode()
            self.headers = {"Authorization": f"Basic {basic}"}
            self.secrets = (client_secret.get_secret_value(), basic)


class Grant(Protocol):
    """A way to get a token: the forms to post, given the token that is held."""

    def forms(self, held: Token | None, now: float) -> list[dict[str, str]]:
        """Return bodies of the token request, each to be tried if the one before is refused.

        `now` is in epoch seconds.

        Raises:
            SignInNeeded: Somebody has to sign in first.
        """
        ...

    def facts(self) -> tuple[str, ...]:
        """Return what a held token depends on: after a change of it, it is another one's."""
        ...


class ClientCredentials:
    """The grant of a custom connection: id and secret are enough, nothing is kept between."""

    def __init__(self, scopes: tuple[str, ...]) -> None:
        self._scopes = scopes

    def forms(self, held: Token | None, now: float) -> list[dict[str, str]]:
        """Return the one body that there is."""
        return [{"grant_type": "client_credentials", "scope": " ".join(self._scopes)}]

    def facts(self) -> tuple[str, ...]:
        """Return the scopes: others need another token."""
        return tuple(sorted(self._scopes))


class AuthorisationCode:
    """The grant of an app that somebody signed in to: the refresh token of that sign-in."""

    def __init__(self, where: str) -> None:
        self._where = where

    def forms(self, held: Token | None, now: float) -> list[dict[str, str]]:
        """Return a body with the refresh token, then one with its predecessor while that works."""
        if held is None or not held.refresh_token:
            raise SignInNeeded(f"{self._where}: nobody has signed in yet.")
        tokens = [held.refresh_token]
        if held.former_refresh_token and now < held.refreshed_at + GRACE:
            tokens.append(held.former_refresh_token)
        return [{"grant_type": "refresh_token", "refresh_token": token} for token in tokens]

    def facts(self) -> tuple[str, ...]:
        """Return only the grant: scopes stay as they were consented to, until the next sign-in."""
        return ("authorization_code",)
