"""What every asset is given: the settings of this run, and whom to tell of its progress."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from orchestration.build_result import BuildResult
from orchestration.environment import set_dagster_url
from pipelines.publish import Publication
from pipelines.push.plan import Plan
from pipelines.reads import ReadSummary
from pipelines.settings import Settings, SettingsError
from pipelines.sync_results import Failure

Progress = Callable[[str], None]


def _to_stderr(line: str) -> None:
    """Tell the person at the terminal; in Dagster's processes, the step's captured output."""
    print(line, file=sys.stderr, flush=True)


_DRIVER = "postgresql+psycopg2"
WAREHOUSE_POOL = "warehouse"
"""The pool of the steps that write the warehouse from start to end: build and publish. Sync is in
no pool, since a pool is held through HTTP waits; the file lock keeps one writer all the same."""


@dataclass
class Outcome:
    """What the steps of a run did, for the command line that started it in its own process."""

    reads: list[ReadSummary] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    build: BuildResult | None = None
    publication: Publication | None = None
    plan: Plan | None = None


@dataclass(frozen=True)
class Project:
    """The resource `project`.

    Attributes:
        settings: Where to read and write.
        progress: Told what is going on, a line each. Dagster's own log gets only the sum of a
            step: each of its lines is an event in a database.
        tenant_names: The organisations' names by partition key, where they are known.
        outcome: Filled by the steps; in Dagster's own processes nobody reads it.
    """

    settings: Settings
    progress: Progress = _to_stderr
    tenant_names: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)


def dagster_home(settings: Settings) -> Path:
    """Return Dagster's own folder, with our dagster.yaml in it.

    Its history is in that folder too, or in PostgreSQL where `dagster_url` is set: the address is
    handed to Dagster in the environment, and is in no file. What launches runs is in the file that
    `dagster_launcher` names.

    Raises:
        SettingsError: That file cannot be read.
    """
    folder = Path(settings.home).resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    kind = "dagster.yaml"
    if settings.dagster_url:
        kind = "dagster.production.yaml"
        # The driver that dagster-postgres is written for; SQLAlchemy's own choice is another.
        url = make_url(settings.dagster_url.get_secret_value()).set(drivername=_DRIVER)
        set_dagster_url(url.render_as_string(hide_password=False))
    template = (Path(__file__).parents[1] / kind).read_text("utf-8")
    if settings.dagster_launcher:
        try:
            template += "\n" + settings.dagster_launcher.read_text("utf-8")
        except OSError as error:
            raise SettingsError(f"XERO_CRM_DAGSTER_LAUNCHER cannot be read: {error}") from error
    history = json.dumps(str(folder / "history" / "runs"))  # a JSON string is one in YAML too
    new = folder / f"dagster.yaml.{os.getpid()}"
    new.write_text(template.replace("<history>", history), "utf-8")
    new.replace(folder / "dagster.yaml")
    return folder
