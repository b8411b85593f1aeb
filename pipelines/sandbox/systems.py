"""The systems that the sandbox serves beside Xero, each under a prefix such as /workguru.

A system is one line in `SYSTEMS`: how its app is made from the world and the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from pipelines.sandbox.prospect_app import ProspectApp
from pipelines.sandbox.unleashed_app import UnleashedApp
from pipelines.sandbox.workguru_app import WorkGuruApp

if TYPE_CHECKING:
    from pipelines.sandbox.world import World

Clock = Callable[[], datetime]


class SystemApp(Protocol):
    """What the server asks of a system's app; tests reach into the rest of it."""

    def asgi(self) -> ASGIApp:
        """Return the ASGI app, with paths that begin after the prefix."""
        ...


SYSTEMS: Mapping[str, Callable[[World, Clock], SystemApp]] = {
    "workguru": WorkGuruApp,
    "prospect": ProspectApp,
    "unleashed": UnleashedApp,
}


def system_apps(world: World, clock: Clock) -> dict[str, SystemApp]:
    """Make the app of every system, by its prefix."""
    return {name: make(world, clock) for name, make in SYSTEMS.items()}


def mounted(systems: Mapping[str, SystemApp], xero: ASGIApp) -> ASGIApp:
    """Return one app: each system below its prefix, Xero everywhere else."""
    routes = [Mount(f"/{name}", app=app.asgi()) for name, app in systems.items()]
    return Router(routes=routes, redirect_slashes=False, default=xero)
