"""What the person who runs the program decides: the environment and `connections.toml`.

This is the only reader of the environment. Secrets come in through here and are handed to the
client that needs them; they are never part of a settings object that is printed or stored.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "XERO_CRM_"
LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}


class SettingsError(Exception):
    """The settings cannot be used as they are; the message says which one and what to write."""


class XeroConnection(BaseModel):
    """One `[[xero]]` table of connections.toml; limits are Xero's unless it says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    grant: Literal["client_credentials", "authorization_code"] = "client_credentials"
    tenant_ids: tuple[str, ...] = ()
    role: Literal["primary", "secondary"] = "primary"
    suffix: str = ""
    scopes: tuple[str, ...] = ()
    api_url: str = "https://api.xero.com"
    identity_url: str = "https://identity.xero.com"
    calls_per_minute: int = Field(default=60, ge=1)
    calls_per_day: int = Field(default=5000, ge=1)
    concurrent_calls: int = Field(default=5, ge=1, le=5)

    @property
    def is_loopback(self) -> bool:
        """Whether both addresses stay on this machine, as the sandbox's do."""
        hosts = {urlsplit(url).hostname for url in (self.api_url, self.identity_url)}
        return hosts <= LOOPBACK_HOSTS


class Credentials(BaseModel):
    """The secrets of one connection; an absent one is None. Printing it shows asterisks."""

    model_config = ConfigDict(frozen=True)

    client_id: str | None = None
    client_secret: SecretStr | None = None
    token: SecretStr | None = None


class Settings(BaseSettings):
    """Where the program reads and writes. Environment prefix `XERO_CRM_`; `.env` is read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    home: Path = Path("data/local")
    connections: Path = Path("data/settings/connections.toml")
    settings_dir: Path = Path("data/settings")

    def xero_connections(self) -> list[XeroConnection]:
        """Return the `[[xero]]` connections, in the file's order.

        Raises:
            SettingsError: The file is missing, is not TOML, or a table in it is not valid.
        """
        tables = self.connection_tables().get("xero", [])
        connections = []
        for position, table in enumerate(tables, start=1):
            try:
                connections.append(XeroConnection(**table))
            except (ValidationError, TypeError) as error:
                raise SettingsError(
                    f"{self.connections}: [[xero]] number {position}: {_first_problem(error)}"
                ) from error
        names = [connection.name for connection in connections]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise SettingsError(f"{self.connections}: the name {min(twice)!r} is used twice.")
        return connections

    def connection_tables(self) -> dict[str, Any]:
        """Return connections.toml as it stands: {system: [table, …]}.

        Raises:
            SettingsError: The file is missing or is not TOML.
        """
        try:
            return tomllib.loads(self.connections.read_text("utf-8"))
        except FileNotFoundError as error:
            raise SettingsError(
                f"{self.connections} does not exist. Write it (see the README) "
                "or name another file in XERO_CRM_CONNECTIONS."
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.connections} is not valid TOML: {error}") from error

    def credentials(self, connection: str) -> Credentials:
        """Return the secrets of a connection from `XERO_CRM_<CONNECTION>_…`, or from `.env`."""
        values = {**_env_file_values(), **os.environ}
        found = {
            field: values.get(f"{PREFIX}{connection.upper()}_{field.upper()}") or None
            for field in Credentials.model_fields
        }
        return Credentials(**found)  # pyright: ignore[reportArgumentType]


def load_settings() -> Settings:
    """Read the settings of this run.

    Raises:
        SettingsError: A setting has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(f"XERO_CRM_ settings: {_first_problem(error)}") from error


def _first_problem(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    return str(error)


def _env_file_values() -> dict[str, str]:
    # pydantic-settings reads .env for declared fields only; the secrets' names depend on the
    # connections, so they are read with the same parser.
    from dotenv import dotenv_values

    return {key: value for key, value in dotenv_values(".env").items() if value is not None}
