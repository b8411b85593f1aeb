"""Syncs a small organisation under seeded schedules of mishaps, and compares the raw logs.

`make sync-faults` runs 500 of them. Exit status 1 if a record is missing, is held twice, is held as
it never was, or was taken for gone; the seed tells which, and repeats it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sync_promises import broken_promises
from sync_schedules import SyncBench

IN_MEMORY = Path("/dev/shm")


def main() -> int:
    """Run the campaign and say what happened in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    args = parser.parse_args()
    started, failures = time.monotonic(), 0
    happened: Counter[str] = Counter()
    where = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        bench = SyncBench(Path(folder))
        for seed in range(args.first, args.first + args.schedules):
            try:
                ended = bench.run(seed)
                broken = broken_promises(ended, bench.undisturbed(ended.schedule))
                happened += ended.happened
            except AssertionError as error:
                broken = [str(error)]
            failures += bool(broken)
            if seed % 50 == 0:
                print(f"{seed}: {failures} so far, {sum(happened.values())} mishaps", flush=True)
            for text in broken[:5]:
                print(f"seed {seed}: {text}", flush=True)
    seconds = time.monotonic() - started
    print(f"mishaps: {dict(sorted(happened.items()))}")
    print(f"{args.schedules} schedules in {seconds:.0f} s, {failures} with another raw log")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
