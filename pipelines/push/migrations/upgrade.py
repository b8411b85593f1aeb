"""Brings a ledger to the latest version of its schema, one process at a time.

In: an engine. Out: a schema that equals `pipelines.push.tables`. The migrations lie beside this
file, so that they are there wherever the package is installed. All of them run in one transaction:
a ledger is at one version or at another, never between.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from filelock import FileLock
from sqlalchemy import Connection, Engine, text

from pipelines.push.errors import LedgerUnusable

_ADVISORY_LOCK = 7_203_115_204  # any number of our own; PostgreSQL's locks are named by numbers
_SCRIPTS = Path(__file__).parent


def upgrade_to_head(engine: Engine) -> None:
    """Run the migrations that the ledger lacks.

    Raises:
        LedgerUnusable: It is at a version that this program does not know.
    """
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    if engine.dialect.name == "sqlite":
        # A lock of the file's own would be let go between reading the version and writing it.
        with FileLock(f"{engine.url.database}.lock"), engine.begin() as connection:
            _upgrade(connection)
        return
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        _upgrade(connection)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection  # for env.py
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise LedgerUnusable(
            f"The push ledger was made by another version of this program ({error})."
            " Install the version that made it, or a later one."
        ) from error
