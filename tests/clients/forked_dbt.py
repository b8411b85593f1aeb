"""dbt as a command without its seconds of imports: one process imports it and forks for each."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

from orchestration import dbt_events

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.duckdb", dbt_events.__name__])


def run(arguments: list[str], folder: Path, environment: dict[str, str], said: Path) -> int | None:
    """Be `dbt ARGUMENTS` in a folder, writing what it says to a file; return how it exited."""
    process = _FORKS.Process(target=_be_dbt, args=(arguments, folder, environment, said))
    process.start()
    process.join()
    return process.exitcode


def _be_dbt(arguments: list[str], folder: Path, environment: dict[str, str], said: Path) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with said.open("w", encoding="utf-8") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    sys.exit(dbt_events.main(arguments))
