"""Refuses requests that another site's page makes: nobody else's script may approve in our name.

Streamlit takes a page's origin for its own where it equals the `Host` of the request, and any page
on this machine for a friend. A site whose name is made to resolve to 127.0.0.1 (DNS rebinding), or
another program's page on another port, would thereby get in. Here, before streamlit:

- on loopback, `Host` must be a name of loopback;
- `Origin`, where there is one, must be the very address that was asked, port included;
- a WebSocket, through which everything is clicked, must have an `Origin`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from pipelines.connections import LOOPBACK_HOSTS


class SameOrigin:
    """The check, as ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or refuse it with 403."""
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if is_ours(host, origin, is_websocket=kind == "websocket", is_loopback=on_loopback()):
            await self._app(scope, receive, send)
        elif kind == "websocket":
            await WebSocketClose(1008, "cross-site")(scope, receive, send)
        else:
            await PlainTextResponse("Cross-site request refused.", 403)(scope, receive, send)


def is_ours(host: str, origin: str | None, *, is_websocket: bool, is_loopback: bool) -> bool:
    """Whether a request with these headers comes from our own page."""
    if is_loopback and urlsplit(f"//{host}").hostname not in LOOPBACK_HOSTS:
        return False
    if origin is None:
        return not is_websocket
    return urlsplit(origin).netloc.lower() == host.lower()


def on_loopback() -> bool:
    """Whether the dashboard listens on this machine only."""
    return st.get_option("server.address") in LOOPBACK_HOSTS
