"""Runs a command of `xero-crm` in a child process: the one way in which a page changes anything."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    with subprocess.Popen(
        command,
        env=child_environment(settings()),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None and child.stderr is not None
        last = ""
        for line in child.stderr:
            last = line.strip() or last
            if progress and line.strip():
                progress(line.strip())
        said = child.stdout.read()
    try:
        return Done(child.returncode, json.loads(said))
    except json.JSONDecodeError:
        return Done(child.returncode, {"error": last or "The command said nothing."})
