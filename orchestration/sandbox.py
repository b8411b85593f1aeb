"""The sandbox systems as the commands use them: in this process, and wired to a home of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from orchestration.dbt import project_dir
from orchestration.environment import set_credentials
from orchestration.errors import CannotRun
from orchestration.homes import mark_demo_home, refuse_a_home_with_other_organisations
from pipelines.connections import Connection, ProspectConnection, WorkGuruConnection
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.prospect_app import TOKEN as PROSPECT_TOKEN
from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer, serve
from pipelines.sandbox.world import World, load_world
from pipelines.settings import Credentials, Settings, SettingsError

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
    connections = home / "connections.toml"
    text = template.read_text("utf-8").replace(_ADDRESS_IN_FILE, url)
    connections.write_text(text, "utf-8")
    settings = Settings(
        home=home,
        connections=connections,
        settings_dir=template.parent,
        ledger_url=None,  # the home's own, whatever the environment says
        four_eyes=False,
    )
    for connection in settings.connections_of(Connection):
        if not connection.api_url.startswith(url):
            raise SettingsError(f"{template} does not point at {_ADDRESS_IN_FILE}.")
        set_credentials(connection.name, _credentials(connection))
    return settings


def _credentials(connection: Connection) -> Credentials:
    if isinstance(connection, ProspectConnection):
        return Credentials(token=SecretStr(PROSPECT_TOKEN))
    if isinstance(connection, WorkGuruConnection):  # named for its organisation in the demo
        secret = SecretStr(f"{connection.name}-secret")
        return Credentials(client_id=connection.name, client_secret=secret)
    return Credentials(client_id=CLIENT_ID, client_secret=SecretStr(CLIENT_SECRET))


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
