"""Launches dbt, and says what came of it.

In: the raw log. Out: the tables of the warehouse, and `run_results.json` read into a
`BuildResult`. dbt is started as a command, the one installed beside this interpreter, under the
warehouse's lock, and everything it writes besides the tables goes to `<home>/dbt`. It is never
imported: run inside this process it leaves DuckDB open, and no other process could write.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration import build_state
from orchestration.build_result import BuildResult, parse_results
from orchestration.environment import child_environment
from orchestration.errors import CannotRun
from pipelines.publish import MART_SCHEMAS
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

Progress = Callable[[str], None]

_SLOW = 2.0  # seconds

# Unit tests prove the models' code on made-up rows. They belong to `make test`; a run over real
# data gains nothing from them.
_WHAT_A_RUN_NEEDS = ("--exclude-resource-type", "unit_test")


class DbtError(CannotRun):
    """dbt could not run at all, so nothing was built; the message holds what dbt said."""


def build(
    settings: Settings,
    select: Sequence[str] | None = None,
    *,
    full_refresh: bool = False,
    unless_current: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Run `dbt build` and return what came of each model and test.

    Args:
        settings: The home whose warehouse is built.
        select: Names of the models to build, with the tests that concern only them; None for all.
        full_refresh: Rebuild incremental models from the whole raw log.
        unless_current: Build nothing, and return what the latest build did, if nothing that it
            was made from has changed since.
        progress: Called with one line per model, and per test that did not pass.

    Raises:
        DbtError: dbt could not start, or stopped before it had results.
        WarehouseBusy: Another process kept the warehouse too long.
    """
    arguments = ["build", *_WHAT_A_RUN_NEEDS]
    if select is not None:
        arguments += ["--indirect-selection", "cautious", "--select", *select]
    if full_refresh:
        arguments.append("--full-refresh")
    results = _target(settings) / "run_results.json"
    warehouse = Warehouse(settings.home)
    report = progress or _say_nothing
    report("dbt: starting")
    with warehouse.lock("dbt build") as lock:
        made_from = build_state.fingerprint(settings, project_dir())
        if unless_current and build_state.is_current(settings, made_from):
            latest = read_results(settings)
            if latest is not None:
                report("dbt: nothing to build, since nothing has changed")
                return latest
        build_state.forget(settings)
        results.unlink(missing_ok=True)
        said = _run(settings, arguments, report, [lock])
        result = read_results(settings)
        if result is None:
            raise DbtError(f"dbt built nothing. {said}")
        if result.succeeded and select is None:
            build_state.remember(settings, made_from)
    return result


def read_results(settings: Settings) -> BuildResult | None:
    """Return what the latest build in this home did, or None if there was none."""
    try:
        return parse_results((_target(settings) / "run_results.json").read_bytes())
    except FileNotFoundError:
        return None


def prepare_manifest(settings: Settings) -> Path:
    """Return dbt's manifest, after parsing the project if it is missing or a file is newer.

    The manifest is a copy beside dbt's own, replaced atomically: a build rewrites its own while
    Dagster may be reading.

    Raises:
        DbtError: The project cannot be parsed.
    """
    manifest = Path(settings.home).resolve() / "dbt" / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(manifest.with_suffix(".lock")):
        if not manifest.exists() or manifest.stat().st_mtime <= _last_change(project_dir()):
            said = _run(settings, ["parse"], _say_nothing)
            parsed = _target(settings) / "manifest.json"
            if not parsed.exists():
                raise DbtError(f"dbt could not read the project. {said}")
            new = manifest.with_suffix(".new")
            new.write_bytes(parsed.read_bytes())
            new.replace(manifest)
    return manifest


def project_dir() -> Path:
    """Return the folder that holds dbt_project.yml, found upward from the working directory.

    Raises:
        DbtError: There is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").exists():
            return folder
    raise DbtError(f"There is no dbt_project.yml in {here} or above. Run this inside the checkout.")


def executable() -> Path:
    """Return the dbt installed beside this interpreter; another one may lack our adapter.

    Raises:
        DbtError: It is not installed.
    """
    found = Path(sys.executable).with_name("dbt")
    if not found.exists():
        raise DbtError(f"{found} is missing. Run `make setup`.")
    return found


def _run(
    settings: Settings, arguments: Sequence[str], progress: Progress, lock: Sequence[int] = ()
) -> str:
    """Run dbt to its end, reporting as it goes; return the last errors it named, on one line.

    `lock` is the descriptor of the warehouse's lock, which dbt holds on to if we are killed.
    """
    project = project_dir()
    home = Path(settings.home).resolve()
    command = [
        str(executable()),
        *("--log-format", "json", "--log-level", "info", "--no-use-colors"),
        # The default, debug, costs a fifth of a build's time.
        *("--log-level-file", "info"),
        *arguments,
        # Absolute, because dbt changes into the project's folder.
        *("--project-dir", str(project), "--profiles-dir", str(project / "dbt_project")),
        *("--target-path", str(_target(settings)), "--log-path", str(home / "dbt" / "logs")),
    ]
    environment = child_environment(settings, PYTHONUNBUFFERED="1")
    errors: deque[str] = deque(maxlen=3)
    with _ended_with_us(command, environment, project, lock) as child:
        assert child.stdout is not None
        for line in child.stdout:
            for kind, text in _events(line):
                if kind == "error":
                    errors.append(text)
                else:
                    progress(text)
    return " ".join(" ".join(errors).split()) or f"It ended with status {child.returncode}."


@contextmanager
def _ended_with_us(
    command: Sequence[str], environment: dict[str, str], folder: Path, inherited: Sequence[int]
) -> Iterator[subprocess.Popen[str]]:
    """Start a command and never leave it running: it holds the warehouse's file."""
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=inherited,
    )
    try:
        yield child
        child.wait()
    except BaseException:
        child.terminate()
        raise
    finally:
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def _events(line: str) -> Iterator[tuple[str, str]]:
    """Yield what a line of dbt's log says to a person: ('progress' or 'error', text)."""
    try:
        event: dict[str, Any] = json.loads(line)
    except ValueError:
        # Not a log line: a traceback from before logging starts.
        if line.strip():
            yield "error", line.strip()
        return
    info, data = event.get("info", {}), event.get("data", {})
    if info.get("level") == "error":
        yield "error", info.get("msg", "").strip()
    if info.get("name") == "LogModelResult":
        relation, seconds = data["node_info"]["node_relation"], data["execution_time"]
        status = data["node_info"]["node_status"]
        # Of the models that readers never see, only the slow and the failed ones are news.
        if relation["schema"] in MART_SCHEMAS or seconds >= _SLOW or status != "success":
            name = f"{relation['schema']}.{relation['alias']}"
            yield "progress", f"{_position(data)} {name}: {status} in {seconds:.1f} s"
    elif info.get("name") == "LogTestResult" and data["status"] != "pass":
        rows = f", {data['num_failures']} rows" if data.get("num_failures") else ""
        yield "progress", f"{_position(data)} {data['name']}: {data['status']}{rows}"


def _position(data: dict[str, Any]) -> str:
    # dbt calls the number of all nodes differently in the two events.
    return f"dbt {data['index']} of {data.get('total') or data.get('num_models')}:"


def _say_nothing(_line: str) -> None:
    pass


def _target(settings: Settings) -> Path:
    return Path(settings.home).resolve() / "dbt" / "target"


def _last_change(project: Path) -> float:
    """Return when a file of the project was last written, added or removed (seconds)."""
    # A folder's own time moves when a file in it is added or removed.
    paths = [project / "dbt_project.yml", *(project / "dbt_project").rglob("*")]
    ours = (path for path in paths if not {"target", "logs"} & set(path.parts))
    return max(path.stat().st_mtime for path in ours)
