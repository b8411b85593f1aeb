"""The sandbox Xero as the commands use it: in this process, and wired to a home of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.dbt import project_dir
from orchestration.environment import set_credentials
from orchestration.errors import CannotRun
from orchestration.homes import mark_demo_home, refuse_a_home_with_other_organisations
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer, serve
from pipelines.sandbox.world import World, load_world
from pipelines.settings import Settings, SettingsError

DEMO_LIMITS = Limits(per_minute=600)
"""Ten times Xero's, so that the demo does not wait; tests/faults hold the real ones."""

_ADDRESS_IN_FILE = "http://127.0.0.1:8765"


def sandbox_folder() -> Path:
    """Return data/sandbox of the checkout."""
    return project_dir() / "data" / "sandbox"


def sandbox_world(scale: int = 1) -> World:
    """Return the demo organisations, with `scale` times their documents."""
    return load_world(sandbox_folder(), scale=scale)


@contextmanager
def demo_sandbox(
    home: Path, *, limits: Limits = DEMO_LIMITS
) -> Iterator[tuple[SandboxServer, Settings]]:
    """Serve the demo organisations on a free port, with a home that is connected to them.

    Raises:
        HomeRefused: The home holds an organisation which is not the sandbox's.
    """
    world = sandbox_world()
    refuse_a_home_with_other_organisations(home, world.organisations)
    with SandboxServer(world, limits=limits) as server:
        mark_demo_home(home)
        yield server, connect_home(home, server.url)


def connect_home(home: Path, url: str) -> Settings:
    """Write the home's connections.toml for a sandbox at `url`, and set its credentials.

    Raises:
        SettingsError: The sandbox's own connections.toml does not hold the address to replace.
    """
    template = sandbox_folder() / "settings" / "connections.toml"
    text = template.read_text("utf-8").replace(_ADDRESS_IN_FILE, url)
    for table in tomllib.loads(text)["xero"]:
        if {table["api_url"], table["identity_url"]} != {url}:
            raise SettingsError(f"{template} does not point at {_ADDRESS_IN_FILE}.")
        set_credentials(table["name"], client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    connections = home / "connections.toml"
    connections.write_text(text, "utf-8")
    return Settings(home=home, connections=connections, settings_dir=template.parent)


def serve_until_stopped(port: int, scale: int, progress: Callable[[str], None]) -> None:
    """Serve the demo organisations with Xero's own limits, saying how to connect to them.

    Raises:
        CannotRun: The port is taken.
    """

    def announce(server: SandboxServer) -> None:
        names = ", ".join(each.name for each in server.world.organisations.values())
        progress(f"Serving {names} on {server.url}; stop it with Ctrl-C.")
        progress(f"client id {CLIENT_ID}, client secret {CLIENT_SECRET}")

    world = sandbox_world(scale)
    try:
        serve(world, port, announce=announce)
    except OSError as error:
        raise CannotRun(f"Port {port} cannot be used ({error}); choose another one.") from error
