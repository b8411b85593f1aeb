"""The sandbox systems over HTTP on loopback: in a thread for tests, or until a signal arrives."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING, Self

import uvicorn

from pipelines.sandbox.faults import Control
from pipelines.sandbox.faulty_transport import FaultyTransport
from pipelines.sandbox.limits import XERO_LIMITS, CallBudget, Limits
from pipelines.sandbox.paging import Page, read_parameters
from pipelines.sandbox.resources import RESOURCES
from pipelines.sandbox.systems import mounted, system_apps
from pipelines.sandbox.tokens import ACCESS_LIFETIME, Client, Tokens
from pipelines.sandbox.xero_app import XeroApp

if TYPE_CHECKING:
    from pipelines.sandbox.world import World

HOST = "127.0.0.1"
CLIENT_ID = "sandbox"
PUBLIC_CLIENT_ID = "sandbox-public"
CLIENT_SECRET = "sandbox-secret"  # known to everyone on purpose: it opens demo data
START_SECONDS = 30


class SandboxServer:
    """A sandbox Xero, and the systems beside it, that serve while the `with` block runs.

    Attributes:
        world: What it serves; change it while it runs, the answers follow.
        control: Faults, and counters of calls and bytes per tenant and endpoint.
        tokens: Issued tokens; `tokens.authorise(client_id)` gives a refresh token.
        budget: The calls left.
        systems: The apps of the other systems by prefix (`<url>/workguru`).
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        limits: Limits = XERO_LIMITS,
        clock: Callable[[], datetime] | None = None,
        token_lifetime: timedelta = ACCESS_LIFETIME,
        allow_broad_scopes: bool = False,
    ) -> None:
        """Prepare a server.

        `port=0` takes a free one; `clock` (aware UTC) moves limits and tokens.
        """
        clock = clock or _utc_now
        self.world = world
        self.tokens = Tokens(
            clients_of(world), clock, lifetime=token_lifetime, allow_broad_scopes=allow_broad_scopes
        )
        self.budget = CallBudget(limits, clock)
        self.control = Control(self.tokens.expire_all)
        self.app = XeroApp(world, self.tokens, self.budget)
        self.systems = system_apps(world, clock)
        self._port = port
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address of both the API and the identity server, without a trailing slash."""
        if self._socket is None:
            raise RuntimeError("the sandbox is not running")
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Start serving.

        Raises:
            OSError: The port is taken.
        """
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((HOST, self._port))
        except OSError:
            self._socket.close()
            raise
        self._socket.listen(128)
        config = uvicorn.Config(
            FaultyTransport(mounted(self.systems, self.app.starlette()), self.control),
            loop="asyncio",  # resets need a plain socket, which uvloop does not give
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="sandbox-xero", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving and close the socket."""
        if self._server is not None and self._thread is not None and self._socket is not None:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)
            self._socket.close()
            self._server = self._thread = self._socket = None

    def prerender(
        self, endpoint: str, page_size: int, *, unitdp: int = 4, include_archived: bool = True
    ) -> int:
        """Make every page of an endpoint now, for every organisation; return the bytes held.

        The answers to requests with other parameters are made when they are asked for.
        """
        resource = RESOURCES[endpoint.lower()]
        query = {
            "page": "1",
            "pageSize": str(page_size),
            "unitdp": str(unitdp),
            "includeArchived": str(include_archived),
        }
        wanted, page, rendering = read_parameters(resource, query, None)
        total = 0
        for organisation in self.world.organisations.values():
            pages = self.app.pages(organisation)
            _, pagination = pages.select(resource, wanted, page)
            count = 1 if pagination is None else max(1, pagination["pageCount"])
            for number in range(1, count + 1):
                one = None if page is None else Page(number, page.size)
                total += len(pages.json_body(resource, wanted, one, rendering))
        return total


def serve(
    world: World,
    port: int,
    limits: Limits = XERO_LIMITS,
    *,
    announce: Callable[[SandboxServer], object] = lambda _: None,
    stop: threading.Event | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM arrives, or `stop` is set; then stop cleanly.

    `announce` is called once the server answers, and may say where and with which credentials.

    Raises:
        OSError: The port is taken.
    """
    stopped = stop or threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    on_main = threading.current_thread() is threading.main_thread()
    handled = (signal.SIGINT, signal.SIGTERM) if on_main else ()
    previous = {number: signal.signal(number, on_signal) for number in handled}
    try:
        with SandboxServer(world, port=port, limits=limits) as server:
            announce(server)
            stopped.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def clients_of(world: World) -> list[Client]:
    """Return the apps that may call: two for all organisations, and one for each of them.

    One of the two is public: it has no secret, and people sign in to it.
    """
    everything = Client(CLIENT_ID, CLIENT_SECRET, tuple(world.organisations))
    return [
        everything,
        Client(PUBLIC_CLIENT_ID, "", tuple(world.organisations), is_public=True),
        *(
            Client(organisation.short_name, f"{organisation.short_name}-secret", (tenant_id,))
            for tenant_id, organisation in world.organisations.items()
        ),
    ]


def _utc_now() -> datetime:
    return datetime.now(UTC)
