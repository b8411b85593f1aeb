"""The sandbox Xero without a network: a transport that hands requests to the app in this process.

The other systems can stand beside it. What may go wrong is asked of `mishap` before each call to
the accounting API or to one of them, of `mishap_elsewhere` before others (tokens, connections);
what it raises, or lets the app answer, stands for the network, the server or a kill.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.types import ASGIApp

from pipelines.sandbox.limits import CallBudget, Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import clients_of
from pipelines.sandbox.systems import SystemApp, mounted
from pipelines.sandbox.tokens import Tokens
from pipelines.sandbox.workguru_app import TOKEN_PATH
from pipelines.sandbox.world import World
from pipelines.sandbox.xero_app import XeroApp

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Answer = Callable[[], httpx.Response]
Mishap = Callable[[httpx.Request, Answer], httpx.Response]


class Clock:
    """Time that passes only when it is slept."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def naive(self) -> datetime:
        return self.now.replace(tzinfo=None)

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Sent:
    """One call as Xero saw it, and the status it answered (0: the caller never learnt it)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int
    answer: bytes


class LocalXero(httpx.BaseTransport):
    """A sandbox Xero of one world, and other systems; `sent` holds the calls that arrived."""

    def __init__(
        self, world: World, clock: Clock, systems: Mapping[str, SystemApp] | None = None
    ) -> None:
        self.tokens = Tokens(clients_of(world), clock)
        self.app = XeroApp(world, self.tokens, CallBudget(Limits(enforced=False), clock))
        self._asgi: ASGIApp = mounted(systems or {}, self.app.starlette())
        self._faulty = ("/api.xro/", *(f"/{name}/" for name in systems or {}))
        self._loop = asyncio.new_event_loop()
        self.lock = threading.RLock()  # a loop runs in one thread; a world changes between answers
        self.sent: list[Sent] = []
        self.mishap: Mishap = lambda _, answer: answer()
        self.mishap_elsewhere: Mishap = lambda _, answer: answer()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, unless a mishap comes between."""
        request.read()
        path = request.url.path
        if not path.startswith(self._faulty) or path.endswith(TOKEN_PATH):
            return self.mishap_elsewhere(request, lambda: self._answered(request))

        def answer() -> httpx.Response:
            response = self._answered(request)
            self.sent.append(
                Sent(
                    request.method,
                    request.url.path.removeprefix("/api.xro/2.0"),
                    dict(request.url.params),
                    dict(request.headers),
                    request.content,
                    response.status_code,
                    response.content,
                )
            )
            return response

        return self.mishap(request, answer)

    def close(self) -> None:
        """Keep the app for the next client; `stop` ends it."""

    def stop(self) -> None:
        """End the app."""
        self._loop.close()

    def _answered(self, request: httpx.Request) -> httpx.Response:
        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": request.url.path,
            "raw_path": request.url.raw_path,
            "root_path": "",
            "query_string": request.url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }
        start: dict[str, Any] = {}
        chunks: list[bytes] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.content, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        with self.lock:
            self._loop.run_until_complete(self._asgi(scope, receive, send))  # type: ignore[arg-type]
        return httpx.Response(start["status"], headers=start["headers"], content=b"".join(chunks))


@contextmanager
def as_it_was(organisation: Organisation) -> Iterator[None]:
    """Undo at the end what the block does to an organisation, for much less than a new world."""
    groups: list[dict[str, Any]] = [
        *organisation.documents.values(),
        *organisation._configuration.values(),
    ]
    kept, made = [dict(held) for held in groups], set(organisation.made_by_api)
    try:
        yield
    finally:
        for held, before in zip(groups, kept, strict=True):
            held.clear()
            held.update(before)
        organisation.made_by_api = made
        organisation.version += 1
        organisation.read_names()
