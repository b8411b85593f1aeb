"""Text from outside, made fit for a message: one line, not long, without secrets or tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

LONGEST_QUOTE = 600

_TOKEN_LIKE = re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]+|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


def quoted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return outside text fit for a message: one line, not long, without secrets or tokens."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = _TOKEN_LIKE.sub("***", text)
    text = _UNPRINTABLE.sub(" ", text).strip()
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the Retry-After header in seconds, None where it is absent or no number."""
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None
