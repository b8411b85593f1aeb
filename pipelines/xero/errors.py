"""What can go wrong between us and Xero: one class per kind of remedy.

An error's text tells the reader what happened, to which organisation and endpoint, and what to do.
No secret and no token may reach a message: `refusals` makes errors out of what Xero says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines import failures
from pipelines.failures import (
    BadRequest,
    DayLimitReached,
    MalformedAnswer,
    Unreachable,
    WrongCredentials,
)
from pipelines.failures import CallFailure as XeroError

__all__ = [
    "BadRequest",
    "DayLimitReached",
    "Forbidden",
    "HighVolume",
    "MalformedAnswer",
    "MissingScope",
    "NotAuthorised",
    "RateLimited",
    "ScopeRefused",
    "ServerTrouble",
    "SignInFailed",
    "SignInNeeded",
    "TenantNotConnected",
    "Unreachable",
    "WrongCredentials",
    "XeroError",
]


class ServerTrouble(failures.ServerTrouble):
    """A 5xx. Xero also answers 500 to some bad requests, so it is tried again only a little."""

    remedy = (
        "Xero may be down or in maintenance (https://status.xero.com): run again in five minutes."
    )


class RateLimited(failures.RateLimited):
    """A 429 that passes by itself. `problem` is `minute`, `appminute` or `concurrent`."""

    remedy = (
        "Another program may be using the same app: lower calls_per_minute or concurrent_calls "
        "in connections.toml, or give that program an app of its own."
    )


class ScopeRefused(XeroError):
    """The identity server will not give a token with the scopes we asked for."""

    remedy = (
        "Allow them for the app at https://developer.xero.com/app/manage (and let the organisation "
        "consent again), or list the ones it has under `scopes` in connections.toml."
    )


class SignInNeeded(XeroError):
    """Nobody has signed in for this connection, or the sign-in does not hold any more."""

    remedy = "Sign in with `xero-crm connect` and the connection's name."


class SignInFailed(XeroError):
    """A sign-in by browser did not end with a token; the text says why and what to do."""


class MissingScope(XeroError):
    """A 401 that says the token lacks a scope. A new token with the same scopes cannot help."""

    remedy = (
        "Add the endpoint's scope to the app at https://developer.xero.com/app/manage and to "
        "`scopes` in connections.toml if that is set, then run `xero-crm connect` again; or list "
        "the endpoint in `endpoints_off`."
    )


class NotAuthorised(XeroError):
    """A 401 that a new token did not cure."""

    remedy = (
        "The organisation may have disconnected the app: connect it again, and check that the "
        "client id and secret belong to this connection."
    )


class TenantNotConnected(XeroError):
    """connections.toml names organisations that the token cannot read.

    `connected` holds the organisations that it can, so that the caller may go on with them.
    """

    remedy = "Connect them to the app in Xero, or take them out of tenant_ids in connections.toml."

    def __init__(self, what: str, *, connected: Iterable[Any] = ()) -> None:
        super().__init__(what)
        self.connected = tuple(connected)


class Forbidden(failures.Forbidden):
    """A 403: whoever connected the app lacks the permission in that organisation."""

    remedy = (
        "Let someone with the right role in the organisation connect the app, or ask Xero whether "
        "the organisation's plan includes this."
    )


class HighVolume(XeroError):
    """Xero would have to scan more than 100,000 documents: narrow the request, never repeat it."""

    remedy = "Ask for less at once: a shorter period of changes, no unindexed filter or order."
