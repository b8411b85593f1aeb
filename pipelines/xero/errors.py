"""What can go wrong between us and Xero: one class per kind of remedy.

An error's text tells the reader what happened, to which organisation and endpoint, and what to do.
No secret and no token may reach a message: `refusals` makes errors out of what Xero says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from pipelines.failures import ReadFailure


class XeroError(ReadFailure):
    """Anything that kept a call to Xero from its answer.

    `max_tries` counts all tries of one call, the first included; 1 means that trying again cannot
    help. `remedy` is the second half of the message.
    """

    max_tries: ClassVar[int] = 1
    remedy: ClassVar[str] = ""

    @property
    def is_retryable(self) -> bool:
        """Whether the same call may succeed when it is made again."""
        return self.max_tries > 1

    def __str__(self) -> str:
        return f"{super().__str__()} {self.remedy}".strip()


class Unreachable(XeroError):
    """No answer came: name resolution, refused or reset connection, time-out."""

    max_tries = 5
    remedy = "Check the network, a proxy if there is one, and the addresses in connections.toml."


class ServerTrouble(XeroError):
    """A 5xx. Xero also answers 500 to some bad requests, so it is tried again only a little."""

    max_tries = 3
    remedy = (
        "Xero may be down or in maintenance (https://status.xero.com): run again in five minutes."
    )


class RateLimited(XeroError):
    """A 429 that passes by itself. `problem` is `minute`, `appminute` or `concurrent`."""

    max_tries = 8
    remedy = (
        "Another program may be using the same app: lower calls_per_minute or concurrent_calls "
        "in connections.toml, or give that program an app of its own."
    )

    def __init__(
        self, what: str, *, problem: str = "minute", retry_after: float | None = None
    ) -> None:
        super().__init__(what)
        self.problem = problem
        self.retry_after = retry_after


class DayLimitReached(XeroError):
    """The organisation's calls for the day are spent: stop reading it, keep what was read."""

    remedy = "What was read is kept; the next run after that goes on from there."

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class WrongCredentials(XeroError):
    """The identity server does not accept the client id and secret, or they are not set."""


class ScopeRefused(XeroError):
    """The identity server will not give a token with the scopes we asked for."""

    remedy = (
        "Allow them for the app at https://developer.xero.com/app/manage (and let the organisation "
        "consent again), or list the ones it has under `scopes` in connections.toml."
    )


class MissingScope(XeroError):
    """A 401 that says the token lacks a scope. A new token with the same scopes cannot help."""

    remedy = (
        "Add the endpoint's scope to the app at https://developer.xero.com/app/manage and to "
        "`scopes` in connections.toml, or switch the endpoint off."
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


class Forbidden(XeroError):
    """A 403: whoever connected the app lacks the permission in that organisation."""

    remedy = (
        "Let someone with the right role in the organisation connect the app, or ask Xero whether "
        "the organisation's plan includes this."
    )


class HighVolume(XeroError):
    """Xero would have to scan more than 100,000 documents: narrow the request, never repeat it."""

    remedy = "Ask for less at once: a shorter period of changes, no unindexed filter or order."


class BadRequest(XeroError):
    """Any other refusal. `messages` holds everything Xero had to say."""

    def __init__(
        self, what: str, *, status: int | None = None, messages: Iterable[str] = ()
    ) -> None:
        super().__init__(what)
        self.status = status
        self.messages = tuple(messages)


class MalformedAnswer(XeroError):
    """An answer that is not what was asked for: cut short, no JSON, or JSON of another shape."""

    max_tries = 3
    remedy = (
        "Nothing of it was kept. If it happens again, look for a proxy or login page between here "
        "and Xero and check the addresses in connections.toml."
    )
