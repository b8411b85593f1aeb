"""Idempotency-Key: for six minutes the same request under the same key gets the same answer.

As developer.xero.com describes it: the six minutes run from the first call; errors are kept too;
a key belongs to the app and not to the organisation, so a key without the tenant in it answers one
organisation with what was done in another. Checked after the limits, so a replay costs a call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from pipelines.sandbox import answers

KEPT = timedelta(minutes=6)
MAX_KEY = 128


@dataclass(frozen=True)
class _Kept:
    since: datetime
    fingerprint: str
    status: int
    body: bytes
    media_type: str


class Replays:
    """The answers of all apps that may still be asked for again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}

    def answer(
        self,
        client_id: str,
        request: Request,
        body: bytes,
        now: datetime,
        perform: Callable[[], Response],
    ) -> Response:
        """Return the answer of the first call with this key, or perform the request.

        Raises:
            ApiError: The key is too long, or was used for another request.
        """
        key = request.headers.get("idempotency-key", "")
        if not key:
            return perform()
        if len(key) > MAX_KEY:
            raise answers.validation(f"Idempotency Key: at most {MAX_KEY} characters")
        self._kept = {one: kept for one, kept in self._kept.items() if now < kept.since + KEPT}
        fingerprint = _fingerprint(request, body)
        kept = self._kept.get((client_id, key))
        if kept is None:
            response = perform()
            self._kept[client_id, key] = _Kept(
                now,
                fingerprint,
                response.status_code,
                bytes(response.body),
                response.headers.get("content-type", ""),
            )
            return response
        if kept.fingerprint != fingerprint:
            raise answers.validation(f"Idempotency Key: {key} is used with a different request.")
        return Response(kept.body, kept.status, media_type=kept.media_type)


def _fingerprint(request: Request, body: bytes) -> str:
    query = request.scope["query_string"]
    parts = (request.method.encode(), request.scope["path"].lower().encode(), query, body)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
