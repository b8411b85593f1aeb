"""What can go wrong between us and Xero: one class per kind of remedy.

In: what was asked, and the answer's status, headers and body. Out: an error whose text tells the
reader what happened, to which organisation and endpoint, and what to do. No secret and no token
may reach a message: text that comes from outside passes through `quoted` first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from pipelines.failures import ReadFailure

HIGH_VOLUME = 51  # Xero's ErrorNumber for a GET that would scan over 100,000 documents
LONGEST_PACED_WAIT = 300.0  # seconds; a longer Retry-After means the day's calls, never a pause
LONGEST_QUOTE = 600

_TOKEN_LIKE = re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]+|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


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


def refusal(
    where: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Iterable[str] = (),
) -> XeroError:
    """Return the error that a status of 300 and above stands for.

    `where` reads like "Invoices of organisation Demo". 401 gives MissingScope or NotAuthorised;
    the caller renews the token once before it believes the latter.
    """
    messages = _messages(body, tuple(secrets))
    said = f": {' | '.join(messages)}" if messages else ""
    if status == 429:
        return _too_many(where, headers)
    if status == 401:
        challenge = headers.get("www-authenticate", "").lower()
        # Xero spells it "insufficent_scope" (xero_api.md, section 1).
        if "insufficent_scope" in challenge or "insufficient_scope" in challenge:
            return MissingScope(f"{where}: the token does not include the scope this needs.")
        return NotAuthorised(f"{where}: Xero refused the token, also a new one{said}.")
    if status == 403:
        return Forbidden(f"{where}: not permitted (403){said}.")
    if status >= 500:
        return ServerTrouble(f"{where}: Xero answered {status}{said}.")
    if status < 400:
        target = quoted(headers.get("location", "nowhere"), secrets)
        return BadRequest(
            f"{where}: answered {status}, a redirect to {target}. Check the addresses in "
            "connections.toml.",
            status=status,
        )
    if _error_number(body) == HIGH_VOLUME:
        return HighVolume(f"{where}: over 100,000 documents would have to be scanned{said}.")
    return BadRequest(f"{where}: refused with {status}{said}.", status=status, messages=messages)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the Retry-After header in seconds, None where it is absent or no number."""
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def quoted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return outside text fit for a message: one line, not long, without secrets or tokens."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = _TOKEN_LIKE.sub("***", text)
    text = _UNPRINTABLE.sub(" ", text).strip()
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def _too_many(where: str, headers: Mapping[str, str]) -> XeroError:
    wait = retry_after(headers)
    problem = headers.get("x-rate-limit-problem", "").strip().lower()
    if problem == "day" or (wait or 0.0) > LONGEST_PACED_WAIT:
        until = f", free again in {wait / 3600:.1f} hours" if wait else ""
        return DayLimitReached(f"{where}: the day's calls are spent{until}.", retry_after=wait)
    problem = problem if problem in {"concurrent", "appminute"} else "minute"
    return RateLimited(
        f"{where}: too many calls ({problem} limit).", problem=problem, retry_after=wait
    )


def _error_number(body: bytes) -> int | None:
    content = _decoded(body)
    return content.get("ErrorNumber") if isinstance(content, dict) else None


def _messages(body: bytes, secrets: tuple[str, ...]) -> list[str]:
    content = _decoded(body)
    if content is None:
        text = body[:LONGEST_QUOTE].decode("utf-8", "replace")
        found = [] if text.lstrip().startswith("<") else [text]
    else:
        found = list(_said(content))
    cleaned = (quoted(text, secrets) for text in found)
    return list(dict.fromkeys(text for text in cleaned if text))


def _said(content: Any) -> Iterator[str]:
    """Yield all messages of all elements: Xero nests ValidationErrors in Elements."""
    if isinstance(content, list):
        for element in content:
            yield from _said(element)
    elif isinstance(content, dict):
        for key in ("Message", "Title", "Detail", "error", "error_description"):
            if isinstance(content.get(key), str):
                yield content[key]
        for value in content.values():
            if isinstance(value, list | dict):
                yield from _said(value)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
