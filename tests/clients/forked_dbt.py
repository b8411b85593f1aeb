"""dbt as a command without its seconds of imports: one process imports it and forks for each."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from multiprocessing import reduction
from pathlib import Path
from typing import IO, Any

import pytest

from orchestration import dbt_events

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.duckdb", dbt_events.__name__])


class ForkedDbt:
    """`dbt ARGUMENTS` in a folder: what `subprocess.Popen` offers of it, as far as it is asked."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: dict[str, str],
        folder: Path,
        inherited: Sequence[int] = (),
    ) -> None:
        reading, writing = os.pipe()
        files = [_Inherited(writing), *map(_Inherited, inherited)]
        self._process = _FORKS.Process(
            target=_be_dbt, args=(list(arguments), environment, folder, files)
        )
        self._process.start()
        os.close(writing)
        self.stdout: IO[str] = os.fdopen(reading, encoding="utf-8")

    @property
    def returncode(self) -> int | None:
        """How it exited; None: not yet."""
        return self._process.exitcode

    def terminate(self) -> None:
        """Tell it to end."""
        self._process.terminate()

    def wait(self) -> int | None:
        """Wait until it has ended, and return how."""
        self._process.join()
        return self.returncode


def _forked(
    command: Sequence[str], environment: dict[str, str], folder: Path, inherited: Sequence[int]
) -> ForkedDbt:
    """Do with `python … -m orchestration.dbt_events ARGUMENTS` what `orchestration.dbt` does."""
    arguments = command[command.index(dbt_events.__name__) + 1 :]
    return ForkedDbt(arguments, environment, folder, inherited)


@pytest.fixture(scope="session", autouse=True)
def dbt_is_a_fork() -> Iterator[None]:
    """Fork dbt from one process that has imported it; commands that a test starts do not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orchestration.dbt._started", _forked)
        yield


class _Inherited:
    """A descriptor that arrives as one of the child's own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (reduction.DupFd(self._descriptor),)


def _arrived(sent: Any) -> int:
    return sent.detach()


def _be_dbt(
    arguments: list[str], environment: dict[str, str], folder: Path, files: list[int]
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(files[0], 1)
    os.dup2(files[0], 2)
    status = dbt_events.main(arguments)
    atexit._run_exitfuncs()  # as a command ends, and no fork: DuckDB writes its log into its file
    sys.exit(status)
