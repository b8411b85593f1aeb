"""What the person who runs the program decides: the environment and `connections.toml`.

This is the only reader of the environment. Secrets come in through here and are handed to the
client that needs them; they are never part of a settings object that is printed or stored.
"""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.connections import CONNECTION_TYPES, Connection, XeroConnection

PREFIX = "XERO_CRM_"
AnyConnection = TypeVar("AnyConnection", bound=Connection)


class SettingsError(Exception):
    """The settings cannot be used as they are; the message says which one and what to write."""


class Credentials(BaseModel):
    """The secrets of one connection; an absent one is None. Printing it shows asterisks."""

    model_config = ConfigDict(frozen=True)

    client_id: str | None = None
    client_secret: SecretStr | None = None
    token: SecretStr | None = None
    webhook_key: SecretStr | None = None


class Settings(BaseSettings):
    """Where the program reads and writes. Environment prefix `XERO_CRM_`; `.env` is read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    home: Path = Path("data/local")
    connections: Path = Path("data/settings/connections.toml")
    settings_dir: Path = Path("data/settings")
    # A folder or s3://bucket/prefix for the raw log, as Parquet; None keeps it in the warehouse.
    raw_log_url: str | None = None
    # May hold a password, so that it is shown as asterisks; None is push.sqlite in the home.
    ledger_url: SecretStr | None = None
    plan_expires_days: int = Field(default=7, ge=1)
    four_eyes: bool = False
    # Organisations, and systems beside Xero, that are read at the same time.
    organisations_at_once: int = Field(default=4, ge=1)
    # Addresses, between commas, of who may approve in a dashboard that has a login.
    approvers: str = ""
    egress_price_per_gb: Decimal = Field(default=Decimal("2.40"), ge=0)
    egress_currency: str = "AUD"
    # Dagster's history in PostgreSQL; holds a password. None is files in the home.
    dagster_url: SecretStr | None = None
    # What a run of Dagster's is: a file like those of orchestration/launchers. None: a process.
    dagster_launcher: Path | None = None
    # Whom to tell of a failed run. The two URLs are secrets.
    alert_email_to: str = ""
    alert_email_from: str = ""
    alert_smtp_url: SecretStr | None = None
    alert_webhook_url: SecretStr | None = None

    def xero_connections(self) -> list[XeroConnection]:
        """Return the `[[xero]]` connections, in the file's order.

        Raises:
            SettingsError: The file is missing, is not TOML, or a table in it is not valid.
        """
        return self.connections_of(XeroConnection)

    def connections_of(self, kind: type[AnyConnection]) -> list[AnyConnection]:
        """Return the connections of one kind (`Connection` for all), in the file's order.

        Raises:
            SettingsError: The file is missing, is not TOML, or a table in it is not valid.
        """
        found = self._all_connections()
        names = [connection.name for connection in found]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise SettingsError(f"{self.connections}: the name {min(twice)!r} is used twice.")
        return [connection for connection in found if isinstance(connection, kind)]

    def _all_connections(self) -> list[Connection]:
        connections = []
        for system, tables in self.connection_tables().items():
            if system not in CONNECTION_TYPES:
                known = ", ".join(CONNECTION_TYPES)
                raise SettingsError(f"{self.connections}: unknown system {system!r}; {known}.")
            for position, table in enumerate(tables, start=1):
                try:
                    connections.append(CONNECTION_TYPES[system](**table))
                except (ValidationError, TypeError) as error:
                    where = f"{self.connections}: [[{system}]] number {position}"
                    raise SettingsError(f"{where}: {_first_problem(error)}") from error
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
