"""Kills sync or build at random moments, twenty times, and compares the marts after the next run.

`make kills`; takes about ten minutes. Exit status 1 if a mart differs from the undisturbed one.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from homes import Home

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"


def main() -> int:
    """Run the campaign and say what came of each kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance, failures = random.Random(args.seed), 0
    with (
        SandboxServer(load_world(SANDBOX), limits=Limits(enforced=False)) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        quiet = Home(Path(folder) / "undisturbed", server.url).prepare()
        seconds = {command: _timed(quiet, command) for command in ("sync", "build")}
        expected = quiet.mart_rows()
        print(f"undisturbed: {seconds}, {sum(map(len, expected.values()))} rows", flush=True)
        for number in range(1, args.kills + 1):
            home = Home(Path(folder) / f"home{number}", server.url).prepare()
            if number == 1:
                table = chance.choice(["invoices", "contacts", "credit_notes"])
                home.die_after_commit(table)
                what = f"after the commit of {table}"
            else:
                command = chance.choice(["sync", "build"])
                if command == "build":
                    home.run("sync")
                after = chance.uniform(0.1, seconds[command])
                was_running = home.kill_during(command, after)
                what = f"{command} after {after:.2f} s" + ("" if was_running else " (had ended)")
            home.sync_and_build()
            same = home.mart_rows() == expected
            failures += not same
            print(f"{number:3} killed {what}: {'same' if same else 'DIFFERENT'}", flush=True)
    print(f"{args.kills} kills, {failures} with other marts than the undisturbed run")
    return 1 if failures else 0


def _timed(home: Home, command: str) -> float:
    started = time.monotonic()
    home.run(command)
    return round(time.monotonic() - started, 2)


if __name__ == "__main__":
    sys.exit(main())
