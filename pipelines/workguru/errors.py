"""What can go wrong between us and WorkGuru, and which answer means what.

The classes are those of `pipelines.failures`, with WorkGuru's remedies. WorkGuru answers in an
envelope, `{"result", "success", "error": {"message", "details"}}`, and may refuse with HTTP 200:
the envelope counts. It may answer 500 to a bad request too: a 500 is tried again only a little.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from pipelines import failures
from pipelines.failures import BadRequest, CallFailure
from pipelines.web.quoting import quoted, retry_after
from pipelines.web.transport import Answer

PAUSE = 60.0
"""Seconds after a 429: WorkGuru publishes no limit, and does not say how long."""


class NotAuthorised(failures.WrongCredentials):
    """WorkGuru accepts neither the token nor a new one, or not the key."""

    remedy = (
        "Check XERO_CRM_<CONNECTION>_CLIENT_ID (the API key) and …_CLIENT_SECRET; the key's user "
        "must be active in WorkGuru."
    )


class Forbidden(failures.Forbidden):
    """A 403: the API key's user lacks the permission."""

    remedy = "Give the user of the API key the right to see this in WorkGuru."


class RateLimited(failures.RateLimited):
    """A 429."""

    remedy = "Another program may be using WorkGuru: lower calls_per_minute in connections.toml."


class _Error(msgspec.Struct):
    message: str | None = None
    details: str | None = None


class _Envelope(msgspec.Struct):
    error: _Error | None = None
    unauthorised: bool = msgspec.field(default=False, name="unAuthorizedRequest")


def refusal(where: str, answer: Answer, secrets: Iterable[str] = ()) -> CallFailure:
    """Return the error that an answer of 300 and above, or one with success=false, stands for."""
    envelope = _envelope(answer.body)
    messages = _messages(envelope, tuple(secrets))
    said = f": {' | '.join(messages)}" if messages else ""
    status = answer.status
    if status == 429:
        wait = retry_after(answer.headers) or PAUSE
        return RateLimited(f"{where}: too many calls.", retry_after=wait)
    if status == 401 or (envelope.unauthorised and status != 403):
        return NotAuthorised(f"{where}: WorkGuru does not let us in{said}.")
    if status == 403:
        return Forbidden(f"{where}: not permitted (403){said}.")
    if status >= 500:
        return failures.ServerTrouble(f"{where}: WorkGuru answered {status}{said}.", status=status)
    if 300 <= status < 400:
        target = quoted(answer.headers.get("location", "nowhere"), secrets)
        what = f"answered {status}, a redirect to {target}. Check api_url in connections.toml."
        return BadRequest(f"{where}: {what}", status=status)
    return BadRequest(f"{where}: refused with {status}{said}.", status=status, messages=messages)


def _envelope(body: bytes) -> _Envelope:
    try:
        return msgspec.json.decode(body, type=_Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Envelope()


def _messages(envelope: _Envelope, secrets: tuple[str, ...]) -> list[str]:
    error: Any = envelope.error or _Error()
    found = (quoted(text, secrets) for text in (error.message, error.details) if text)
    return list(dict.fromkeys(text for text in found if text))
