"""An answer that refuses becomes the error that says what to do about it.

In: what was asked, and the answer's status, headers and body. Out: an error of `errors`. Text from
outside passes through `quoted` before it is part of a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from pipelines.web.quoting import LONGEST_QUOTE, quoted, retry_after
from pipelines.web.shared_bucket import LONGEST_PACED_WAIT
from pipelines.xero.errors import (
    BadRequest,
    DayLimitReached,
    Forbidden,
    HighVolume,
    MissingScope,
    NotAuthorised,
    RateLimited,
    ServerTrouble,
    XeroError,
)

HIGH_VOLUME = 51  # Xero's ErrorNumber for a GET that would scan over 100,000 documents


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
        return ServerTrouble(f"{where}: Xero answered {status}{said}.", status=status)
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


def _too_many(where: str, headers: Mapping[str, str]) -> XeroError:
    wait = retry_after(headers)  # a long one means the day's calls, never a pause
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
