"""What can go wrong between us and Unleashed, and which answer means what.

The classes are those of `pipelines.failures`, with Unleashed's remedies.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines import failures
from pipelines.failures import BadRequest, CallFailure
from pipelines.web.quoting import LONGEST_QUOTE, quoted, retry_after
from pipelines.web.transport import Answer

PAUSE = 15.0  # seconds after a 429 that does not say how long


class WrongSignature(failures.WrongCredentials):
    """A 403 (or 401): the API id is unknown, or the signature is not the one expected."""

    remedy = (
        "Check XERO_CRM_<CONNECTION>_CLIENT_ID (the API id) and …_CLIENT_SECRET (the API key) "
        "against Unleashed (Integration, Unleashed API Access)."
    )


class RateLimited(failures.RateLimited):
    """A 429: the plan's allowance of calls is spent for now."""

    remedy = "Lower calls_per_minute in connections.toml, or let other programs wait."


def refusal(where: str, answer: Answer, secrets: Iterable[str] = ()) -> CallFailure:
    """Return the error that an answer of 300 and above stands for."""
    text = quoted(answer.body[:LONGEST_QUOTE].decode("utf-8", "replace"), tuple(secrets))
    said = f": {text}" if text and not text.startswith("<") else ""
    status = answer.status
    if status == 429:
        wait = retry_after(answer.headers) or PAUSE
        return RateLimited(f"{where}: too many calls.", problem="window", retry_after=wait)
    if status in (401, 403):
        return WrongSignature(f"{where}: Unleashed refused the signature ({status}){said}.")
    if status >= 500:
        return failures.ServerTrouble(f"{where}: Unleashed answered {status}{said}.")
    if status < 400:
        target = quoted(answer.headers.get("location", "nowhere"), tuple(secrets))
        return BadRequest(
            f"{where}: answered {status}, a redirect to {target}. Check api_url in "
            "connections.toml.",
            status=status,
        )
    return BadRequest(f"{where}: refused with {status}{said}.", status=status)
