"""Applies a mixed plan under seeded schedules of mishaps, and compares with the undisturbed one.

`make push-faults` runs 1,000 of them. Exit status 1 if a record was created twice, was lost, or
ended otherwise than without mishaps; the seed tells which, and repeats it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from local_xero import Clock
from push_promises import broken_promises
from push_schedules import Bench

from pipelines.sandbox.world import load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"


def main() -> int:
    """Run the campaign and say what happened in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    args = parser.parse_args()
    started, failures = time.monotonic(), 0
    happened: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        bench = a_bench(Path(folder))
        undisturbed = bench.run(0, most=0)
        print(f"undisturbed: {Counter(undisturbed.statuses.values())}", flush=True)
        for seed in range(args.first, args.first + args.schedules):
            try:
                ended = bench.run(seed)
                broken = broken_promises(ended, undisturbed)
                happened += ended.happened
            except AssertionError as error:
                broken = [str(error)]
            failures += bool(broken)
            for text in broken[:5]:
                print(f"seed {seed}: {text}", flush=True)
    seconds = time.monotonic() - started
    print(f"mishaps: {dict(sorted(happened.items()))}")
    print(f"{args.schedules} schedules in {seconds:.0f} s, {failures} with broken promises")
    return 1 if failures else 0


def a_bench(folder: Path) -> Bench:
    """Return two demo organisations without documents, with the plan in a ledger."""
    clock = Clock()
    return Bench(
        load_world(SANDBOX, only=["harbour", "thistle"], documents=0, clock=clock), clock, folder
    )


if __name__ == "__main__":
    sys.exit(main())
