"""What can go wrong between us and Prospect, and which answer means what.

The classes are those of `pipelines.failures`, with Prospect's remedies. A 500 is tried again a
little, though Prospect also answers 500 to a key of the wrong shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from pipelines import failures
from pipelines.failures import BadRequest, CallFailure
from pipelines.web.quoting import quoted, retry_after
from pipelines.web.transport import Answer

PAUSE = 75.0
"""Seconds after a 429: Prospect does not say how long. Eight tries outlast its ten minutes."""


class NotAuthorised(failures.WrongCredentials):
    """A 401: the personal access token is wrong, revoked or expired."""

    remedy = (
        "Make a new one in Prospect (Integrations, Custom API Integration, My Tokens) and set it "
        "in XERO_CRM_<CONNECTION>_TOKEN."
    )


class Forbidden(failures.Forbidden):
    """A 403: a token has the rights of the person who made it."""

    remedy = "Let someone who may see this in Prospect make the token."


class RateLimited(failures.RateLimited):
    """A 429: 1,200 calls in ten minutes, over all tokens of the workspace."""

    remedy = (
        "Another program is using the same workspace: lower calls_per_ten_minutes in "
        "connections.toml, so that both fit into 1,200."
    )


def refusal(where: str, answer: Answer, secrets: Iterable[str] = ()) -> CallFailure:
    """Return the error that an answer of 300 and above stands for."""
    secrets = tuple(secrets)
    messages = _messages(answer.body, secrets)
    said = f": {' | '.join(messages)}" if messages else ""
    status = answer.status
    if status == 429:
        wait = retry_after(answer.headers) or PAUSE
        return RateLimited(f"{where}: too many calls.", problem="window", retry_after=wait)
    if status == 401:
        return NotAuthorised(f"{where}: Prospect refused the token{said}.")
    if status == 403:
        return Forbidden(f"{where}: not permitted (403){said}.")
    if status >= 500:
        return failures.ServerTrouble(f"{where}: Prospect answered {status}{said}.", status=status)
    if status < 400:
        target = quoted(answer.headers.get("location", "nowhere"), secrets)
        return BadRequest(
            f"{where}: answered {status}, a redirect to {target}. Check api_url in "
            "connections.toml.",
            status=status,
        )
    return BadRequest(f"{where}: refused with {status}{said}.", status=status, messages=messages)


def _messages(body: bytes, secrets: tuple[str, ...]) -> list[str]:
    """Return everything that `{error: {message, details: [{target, message}]}}` says, once."""
    try:
        content: Any = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return []
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict):
        return []
    details = error.get("details")
    said = [error, *(details if isinstance(details, list) else [])]
    texts = [each.get("message") for each in said if isinstance(each, dict)]
    cleaned = [quoted(text, secrets) for text in texts if isinstance(text, str) and text]
    return list(dict.fromkeys(cleaned))
