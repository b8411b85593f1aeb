"""The outermost layer of the sandbox: sees each request, lets faults act on it, and counts it.

Plain ASGI around the app, since a reset or a truncated body is a matter of the connection.
"""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import struct
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.sandbox.faults import Call, Control, Effect
from pipelines.sandbox.resources import RESOURCES
from pipelines.sandbox.writes import DROPS_TRACKING
from pipelines.sandbox.xero_app import PAUSE, split_path

HOLD_LIMIT = 30.0  # seconds, so that a forgotten event does not keep the server from stopping


class FaultyTransport:
    """ASGI app that passes requests on to another, as the controls say."""

    def __init__(self, app: ASGIApp, control: Control) -> None:
        self._app = app
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        call = describe(scope)
        effects = self._control.effects(call)
        for effect in effects:
            if effect.before is not None:
                effect.before()
        if any(effect.reset == "before" for effect in effects):
            self._control.record(call)
            _reset(send)
            return
        scope[PAUSE] = lambda: _pause(effects)
        scope[DROPS_TRACKING] = any(effect.drops_tracking for effect in effects)
        sent: list[bytes] = []

        async def receive_and_keep() -> Message:
            message = await receive()
            if split_path(scope["path"]):  # not the requests for tokens, which hold secrets
                sent.append(message.get("body", b""))
            return message

        status, headers, body = await self._answer(scope, receive_and_keep, effects)
        call = dataclasses.replace(call, body=b"".join(sent))
        if any(effect.reset == "after" for effect in effects):
            self._control.record(call)
            _reset(send)
            return
        # Counted before it goes out: a client that has its answer finds it in the counters.
        share = next((one.truncate_at for one in effects if one.truncate_at is not None), None)
        part = body if share is None else body[: int(len(body) * share)]
        self._control.record(dataclasses.replace(call, status=status, bytes=len(part)))
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": part, "more_body": share is not None})
        if share is not None:
            _transport(send).close()  # what is buffered is still sent

    async def _answer(
        self, scope: Scope, receive: Receive, effects: list[Effect]
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        for effect in effects:
            if effect.status is not None:
                await _pause(effects)
                headers = {"content-type": effect.content_type, **effect.headers}
                encoded = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
                return effect.status, encoded, effect.body or b""
        start: MutableMapping[str, Any] = {}
        chunks: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        await self._app(scope, receive, keep)
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        for effect in effects:
            if effect.rewrite is not None:
                body = effect.rewrite(body)
        return start["status"], headers, body


def describe(scope: Scope) -> Call:
    """Return what a request asks for, with the endpoint's name as Xero spells it."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    path: str = scope["path"]
    inside = split_path(path)
    name, _, key = inside.partition("/")
    if inside.lower() == "reports/profitandloss":
        name, key = "Reports/ProfitAndLoss", ""
    elif inside:
        resource = RESOURCES.get(name.lower())
        name = resource.name if resource is not None else name
    else:
        name = path.strip("/").lower().removeprefix("connect/")
    page = next((value for key, value in query.items() if key.lower() == "page"), "")
    return Call(
        method=scope["method"],
        tenant_id=headers.get(b"xero-tenant-id", ""),
        endpoint=name,
        key=key,
        page=int(page) if page.isdecimal() else None,
        query=query,
        if_modified_since=headers.get(b"if-modified-since"),
        idempotency_key=headers.get(b"idempotency-key", ""),
    )


async def _pause(effects: list[Effect]) -> None:
    for effect in effects:
        if effect.delay:
            await asyncio.sleep(effect.delay)
        if effect.until is not None:
            await asyncio.to_thread(effect.until.wait, HOLD_LIMIT)


def _reset(send: Send) -> None:
    """Close the connection with a TCP reset, as a failing proxy does."""
    transport = _transport(send)
    raw: socket.socket = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _transport(send: Send) -> asyncio.Transport:
    # ASGI has no word for the connection; uvicorn's `send` is a method of the object that holds it.
    return send.__self__.transport  # type: ignore[attr-defined]
