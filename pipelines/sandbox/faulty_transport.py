"""The outermost layer of the sandbox: sees each request, lets faults act on it, and counts it.

Plain ASGI around the app, since a reset or a truncated body is a matter of the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
import struct
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.sandbox.faults import SIGNING_IN, Call, Control, Effect
from pipelines.sandbox.resources import RESOURCES
from pipelines.sandbox.systems import SYSTEMS
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
        if await _breaks_off("before", effects, call, self._control, receive, send):
            return
        scope[PAUSE] = lambda: _pause(effects)
        scope[DROPS_TRACKING] = any(effect.drops_tracking for effect in effects)
        sent: list[bytes] = []

        async def receive_and_keep() -> Message:
            message = await receive()
            if call.endpoint not in SIGNING_IN:
                sent.append(message.get("body", b""))
            return message

        status, headers, body = await self._answer(scope, receive_and_keep, effects)
        call = dataclasses.replace(call, body=b"".join(sent))
        if await _breaks_off("after", effects, call, self._control, receive, send):
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
        stated = next((one for one in effects if one.status is not None), None)
        if stated is not None and not stated.is_after:
            await _pause(effects)
            return _stated(stated)
        start: MutableMapping[str, Any] = {}
        chunks: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        await self._app(scope, receive, keep)
        if stated is not None:
            return _stated(stated)
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        for effect in effects:
            if effect.rewrite is not None:
                body = effect.rewrite(body)
        return start["status"], headers, body


def _stated(effect: Effect) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    headers = {"content-type": effect.content_type, **effect.headers}
    encoded = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
    return effect.status or 0, encoded, effect.body or b""


async def _breaks_off(
    moment: str,
    effects: list[Effect],
    call: Call,
    control: Control,
    receive: Receive,
    send: Send,
) -> bool:
    """Reset the connection, or wait until the client gives up, if an effect says so."""
    is_silent = any(effect.silent == moment for effect in effects)
    if not is_silent and not any(effect.reset == moment for effect in effects):
        return False
    control.record(call)
    if is_silent:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HOLD_LIMIT):
                while (await receive())["type"] != "http.disconnect":
                    pass
    _reset(send)
    return True


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
        name, key = _of_another_system(path)
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


def _of_another_system(path: str) -> tuple[str, str]:
    """Return endpoint and key of a request to another system, or to the identity server."""
    system, _, rest = path.strip("/").partition("/")
    if system not in SYSTEMS:
        return path.strip("/").lower().removeprefix("connect/"), ""
    if rest.endswith("/tokenauth"):
        return f"{system}/token", ""
    if "services/app/" in rest:  # WorkGuru, with or without the organisation in front
        return f"{system}/{rest.partition('services/app/')[2]}", ""
    name, _, key = rest.partition("(" if "(" in rest else "/")
    return f"{system}/{name}", key.removesuffix(")")


async def _pause(effects: list[Effect]) -> None:
    for effect in effects:
        if effect.delay:
            await asyncio.sleep(effect.delay)
        if effect.until is not None:
            await asyncio.to_thread(effect.until.wait, HOLD_LIMIT)


def _reset(send: Send) -> None:
    """Close the connection with a TCP reset, as a failing proxy does."""
    transport = _transport(send)
    if transport is None or transport.is_closing():
        return  # the client was faster
    raw: socket.socket = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _transport(send: Send) -> asyncio.Transport:
    # ASGI has no word for the connection; uvicorn's `send` is a method of the object that holds it.
    return send.__self__.transport  # type: ignore[attr-defined]
