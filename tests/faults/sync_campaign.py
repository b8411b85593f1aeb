"""Syncs a small organisation under seeded schedules of mishaps, and compares the raw logs.

`make sync-faults` runs 500 of them. Exit status 1 if a record is missing, is held twice, is held as
it never was, or was taken for gone (the seed tells which, and repeats it); if a kind of mishap
never happened in a hundred or more; or if a secret stands in what each tenth seed left, its debug
log included.

Models see nothing but the raw log, of which all is compared but the times of reading. Of the seeds
of `--built` everything is built with dbt as well, and the marts are compared: schedules whose
changes are made before the first sync, so that no report or version may differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from built_marts import built_marts, differences
from sync_mishaps import CALLS
from sync_promises import broken_promises, secrets_left
from sync_schedules import SyncBench

IN_MEMORY = Path("/dev/shm")
BUILT = [5, 55, 80, 82, 84]  # three rounds, synced before, loaded by dlt, drifting, hidden changes
ENOUGH = 100  # schedules for every kind of mishap to happen
SCANNED = 10  # each so manieth is scanned for secrets, which takes as long as it took itself


def main() -> int:
    """Run the campaign and say what happened in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--built", type=int, nargs="*", default=BUILT)
    args = parser.parse_args()
    started, failures = time.monotonic(), 0
    happened: Counter[str] = Counter()
    where = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        log = Path(folder) / "everything.log"
        bench = SyncBench(Path(folder), log=log)
        for seed in range(args.first, args.first + args.schedules):
            log.write_bytes(b"")
            bench.secrets.clear()
            try:
                ended = bench.run(seed)
                broken = secrets_left(bench) if seed % SCANNED == 0 else []
                broken += broken_promises(ended, bench.undisturbed(ended.schedule))
                if seed in args.built:
                    broken += _other_marts(bench, seed)
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
    print(f"{args.schedules} schedules in {seconds:.0f} s, {failures} with a difference")
    never = sorted(set(CALLS) - happened.keys()) if args.schedules >= ENOUGH else []
    if never:
        print(f"never happened: {', '.join(never)}")
    return 1 if failures or never else 0


def _other_marts(bench: SyncBench, seed: int) -> list[str]:
    ended = bench.run(seed)
    held = built_marts(bench.home)
    bench.undisturbed(ended.schedule, afresh=True)
    return differences(held, built_marts(bench.home))


if __name__ == "__main__":
    sys.exit(main())
