"""The receiver of Xero's webhooks: POST /webhooks/<connection>.

200 where the signature is that of the raw body and its events are on disk, else 401; both without
a body or cookies, well within Xero's five seconds, since nothing is fetched here. Intent-to-receive
(posts without events, some of them mis-signed on purpose) needs no more than that. Xero calls over
https: something in front of this ends the TLS.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.xero.webhook_events import SIGNATURE, Unreadable, is_signed, read_events
from pipelines.xero.webhook_store import WebhookStore

MOST_BYTES = 1 << 20  # Xero's are of a few kB

log = logging.getLogger(__name__)


def webhook_app(keys: Mapping[str, SecretStr], store: WebhookStore) -> Starlette:
    """Return the ASGI app. `keys`: the webhook key of each connection by its name."""

    async def receive(request: Request) -> Response:
        connection = request.path_params["connection"]
        key = keys.get(connection)
        if key is None:
            return Response(status_code=404)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if not is_signed(body, request.headers.get(SIGNATURE, ""), key.get_secret_value()):
            log.warning("A webhook for %s was not signed with its key.", connection)
            return Response(status_code=401)
        try:
            await run_in_threadpool(keep, connection, body)
        except (sqlite3.Error, OSError) as error:
            # Xero sends it again, at once and then for a day.
            log.error("A webhook for %s could not be kept: %s", connection, error)
            return Response(status_code=503)
        return Response(status_code=200)

    def keep(connection: str, body: bytes) -> None:
        try:
            events = read_events(body)
        except Unreadable as error:
            log.error("A webhook for %s could not be read, and is kept: %s", connection, error)
            store.add_unreadable(connection, body)
            return
        new = store.add(connection, events)
        log.info("%s: %s events, %s of them new", connection, len(events), new)

    return Starlette(routes=[Route("/webhooks/{connection}", receive, methods=["POST"])])


async def _body(request: Request) -> bytes | None:
    """Return the raw body; None if it is longer than any of Xero's."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
