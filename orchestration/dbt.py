"""Launches dbt, and says what came of it.

In: the raw log. Out: the tables of the warehouse, and `run_results.json` read into a
`BuildResult`. dbt is started as a command, the one of this interpreter, under the
warehouse's lock, and everything it writes besides the tables goes to `<home>/dbt`. It is never
imported: run inside this process it leaves DuckDB open, and no other process could write.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from orchestration import build_state
from orchestration.build_result import BuildResult, parse_results, with_former_results
from orchestration.environment import child_environment
from orchestration.parsed_project import DbtError, ParsedProject, project_dir
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

Progress = Callable[[str], None]

# Unit tests prove the models' code on made-up rows. They belong to `make test`; a run over real
# data gains nothing from them.
_WHAT_A_RUN_NEEDS = ("--exclude-resource-type", "unit_test")


def build(
    settings: Settings,
    select: Sequence[str] | None = None,
    *,
    full_refresh: bool = False,
    only_changed: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Run `dbt build` and return what came of each model and test.

    Args:
        settings: The home whose warehouse is built.
        select: Names of the models to build, with the tests that concern only them; None for all.
        full_refresh: Rebuild incremental models from the whole raw log.
        only_changed: Build only what a raw table goes into that has grown since the latest build,
            if that succeeded and the project is the same; of the others, return what that found.
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
    prepare_manifest(settings, report)
    report("dbt: starting")
    with warehouse.lock("dbt build") as lock:
        made_from = build_state.made_from(settings, project_dir())
        changed = _changed_models(settings, made_from) if only_changed and select is None else None
        former = results.read_bytes() if changed is not None else None
        if former and not changed:
            report("dbt: nothing to build, since nothing has changed")
            build_state.remember(settings, made_from)
            return parse_results(former)
        if changed:
            report(f"dbt: {len(changed)} models to build, which something new goes into")
            arguments += ["--select", *changed]
        build_state.forget(settings)
        results.unlink(missing_ok=True)
        said = _run(settings, arguments, report, [lock], results)
        if former and results.exists():
            results.write_bytes(with_former_results(results.read_bytes(), former))
        result = read_results(settings)
        if result is None:
            raise DbtError(f"dbt built nothing. {said}")
        if result.succeeded and select is None:
            build_state.remember(settings, made_from)
    return result


def _changed_models(settings: Settings, now: build_state.MadeFrom) -> list[str] | None:
    """Return the models that something new goes into; None: whatever there is must be built."""
    parsed = ParsedProject(project_dir(), _target(settings))
    tables = build_state.changed_tables(settings, now)
    if tables is None or not parsed.is_current or read_results(settings) is None:
        return None
    return build_state.models_made_from(tables, parsed.manifest.read_bytes())


def read_results(settings: Settings) -> BuildResult | None:
    """Return what the latest build in this home did, or None if there was none."""
    try:
        return parse_results((_target(settings) / "run_results.json").read_bytes())
    except FileNotFoundError:
        return None


def prepare_manifest(settings: Settings, progress: Progress | None = None) -> Path:
    """Return dbt's manifest, after parsing the project if it is missing or a file is newer.

    It belongs to the checkout, so that another home need not parse the project anew, nor two at
    once; only where the checkout cannot be written to, each home has its own.

    Raises:
        DbtError: The project cannot be parsed, or changed meanwhile.
    """
    parsed = ParsedProject(project_dir(), _target(settings))
    report = progress or _say_nothing
    with FileLock(parsed.folder / "manifest.lock"):
        if not parsed.is_current:
            report("dbt: reading the project's files, which are new or have changed")
            started = time.time()
            said = _run(settings, ["parse"], report)
            parsed.keep(started)
            if not parsed.is_current:
                raise DbtError(
                    f"dbt could not read the project, or a file of it changed meanwhile. {said}"
                )
    return parsed.manifest


def _run(
    settings: Settings,
    arguments: Sequence[str],
    progress: Progress,
    lock: Sequence[int] = (),
    results: Path | None = None,
) -> str:
    """Run dbt to its end, reporting as it goes; return the last errors it named, on one line.

    `lock` is the descriptor of the warehouse's lock, which dbt holds on to if we are killed. Given
    where the `results` go, dbt writes no manifest.
    """
    project = project_dir()
    home = Path(settings.home).resolve()
    home.mkdir(parents=True, exist_ok=True)
    parsed = ParsedProject(project, _target(settings))
    command = [
        # -P: the home has a folder named dbt too.
        *(sys.executable, "-P", "-m", "orchestration.dbt_events"),
        *(("--results", str(results)) if results else ()),
        *parsed.as_option,
        *arguments,
        *("--project-dir", str(project), "--profiles-dir", str(project / "dbt_project")),
        *("--target-path", str(_target(settings)), "--log-path", str(home / "dbt" / "logs")),
    ]
    # dbt parses everything anew when a path in its profile changes: so it works in the home, and
    # the warehouse has the same path for every home.
    environment = child_environment(settings, PYTHONUNBUFFERED="1", XERO_CRM_HOME=".")
    errors: deque[str] = deque(maxlen=3)
    with _ended_with_us(_started(command, environment, home, lock)) as child:
        assert child.stdout is not None
        for line in child.stdout:
            kind, text = _told(line)
            if kind == "error":
                errors.append(text)
            else:
                progress(text)
    return " ".join(" ".join(errors).split()) or f"It ended with status {child.returncode}."


def _told(line: str) -> tuple[str, str]:
    try:
        kind, text = json.loads(line)
    except ValueError:  # a traceback
        return "error", line.strip()
    return kind, text


def _started(
    command: Sequence[str], environment: dict[str, str], folder: Path, inherited: Sequence[int]
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=inherited,
    )


@contextmanager
def _ended_with_us(child: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Never leave a command running: it holds the warehouse's file."""
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


def _say_nothing(_line: str) -> None:
    pass


def _target(settings: Settings) -> Path:
    return Path(settings.home).resolve() / "dbt" / "target"
