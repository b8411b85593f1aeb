"""Runs a command of `xero-crm` in a child process: the one way in which a page changes anything."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from orchestration.dashboard.published import settings
from orchestration.environment import child_environment


@dataclass(frozen=True)
class Done:
    """What a command did: its exit status, and what `--json` printed."""

    status: int
    figures: dict[str, Any]

    @property
    def error(self) -> str | None:
        """Why it could not run; None if it could."""
        return self.figures.get("error")


def run_command(arguments: Sequence[str], progress: Callable[[str], None] | None = None) -> Done:
    """Run `xero-crm <arguments> --json`; `progress` is told each line that it says meanwhile."""
    command = [sys.executable, "-m", "orchestration", *arguments, "--json"]
    # Its figures go to a file: nobody reads a pipe before the last line of progress, and a child
    # with more to say than a pipe holds would wait for that for ever.
    with TemporaryFile("w+", encoding="utf-8") as said:
        with subprocess.Popen(
            command,
            env=child_environment(settings()),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stderr is not None
            last = ""
            for line in child.stderr:
                last = line.strip() or last
                if progress and line.strip():
                    progress(line.strip())
        said.seek(0)
        figures = said.read()
    try:
        return Done(child.returncode, json.loads(figures))
    except json.JSONDecodeError:
        return Done(child.returncode, {"error": last or "The command said nothing."})
