"""How long a practice of 1,000 organisations takes under Xero's limits, in simulated time.

    PYTHONPATH=tests/benchmarks python tests/benchmarks/thousand_organisations.py \
        [--organisations 1000] [--at-once 4 16 64 200] [--read changes|whole] [--seed 1] \
        [--misfortunes] [--as-listed]

Real: `read_parts` with its threads, `Calls` (retries, refusals), `CallBudget` with its files, and
the sandbox's count of Xero's fixed windows, which refuses what is too much. Simulated: the clock
(`virtual_time`), the answers' lateness, how many calls an organisation takes (`practice`: from the
endpoints, their page sizes and invented numbers of records). Left out: everything after an answer,
above all loading, which goes on under the warehouse's lock one organisation at a time; the rolling
re-read; tokens. A call costs some 3 ms of processor, so a line of an hourly run of 1,000 about 100
seconds of it, on which simulated seconds do not depend. `--misfortunes` compares, for each of four,
when the others were finished without it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from practice import (
    APP,
    CALLS_AT_ONCE,
    MEAN_LATENCY,
    Organisation,
    OrganisationRead,
    SimulatedXero,
    practice,
)
from virtual_time import VirtualTime

from pipelines.parts import Part, read_parts
from pipelines.reads import ReadSummary
from pipelines.sandbox.limits import XERO_LIMITS
from pipelines.sync_results import Tenant
from pipelines.web.transport import Transport
from pipelines.xero.auth import TokenKeeper
from pipelines.xero.calls import Calls
from pipelines.xero.limits import CallBudget
from pipelines.xero.tokens import Token


class OneToken:
    """Stands for `TokenKeeper`."""

    secrets = ()

    def token(self) -> Token:
        """Return a token that never ends."""
        return Token("token", float("inf"), (), APP)


@dataclass(frozen=True)
class Outcome:
    """What came of one simulated run; times in simulated seconds."""

    reads: tuple[OrganisationRead, ...]
    answers: Counter[str]
    waits: int  # how often the budget let a call wait

    @property
    def seconds(self) -> float:
        """When the last organisation was finished."""
        return max(read.ended for read in self.reads)

    def share_of_floor(self) -> list[float]:
        """Return how long each was read, in terms of its own floor."""
        return [
            (read.ended - read.began) / read.organisation.floor(whole=read.whole)
            for read in self.reads
        ]


def simulate(
    organisations: Sequence[Organisation],
    at_once: int,
    *,
    whole: bool,
    seed: int,
    largest_first: bool = True,
) -> Outcome:
    """Read all organisations, so many at once."""
    random.seed(seed)  # of the jitter between two tries
    time, waits = VirtualTime(), 0
    xero = SimulatedXero(time, organisations, seed)

    def wait(seconds: float) -> None:
        nonlocal waits
        waits += 1
        time.sleep(seconds)

    with tempfile.TemporaryDirectory() as home:
        budget = CallBudget(Path(home), APP, clock=time, sleep=wait)
        calls = Calls(
            cast(Transport, xero), cast(TokenKeeper, OneToken()), budget, sleep=time.sleep
        )
        reads = [OrganisationRead(each, calls, time, whole) for each in organisations]

        def part(number: int, read: OrganisationRead) -> Part:
            def run() -> list[ReadSummary]:
                time.begin(number)
                try:
                    read.run()
                finally:
                    time.end()
                return []

            tenant = Tenant(APP, read.organisation.tenant_id, read.organisation.tenant_id)
            return Part(APP, tenant, run)

        time.expect(len(reads), at_once)
        known = {each.tenant_id: each.calls(whole=whole) for each in organisations}
        parts = [part(*each) for each in enumerate(reads)]
        _, failures = read_parts(parts, at_once, known if largest_first else None)
        assert not failures, failures
        budget.close()
    return Outcome(tuple(reads), xero.answers, waits)


def floor(organisations: Iterable[Organisation], at_once: int, *, whole: bool) -> dict[str, float]:
    """Return the seconds that each limit alone would make of the whole practice."""
    organisations = list(organisations)
    calls = sum(each.calls(whole=whole) for each in organisations)
    alone = [each.floor(whole=whole) for each in organisations]
    return {
        "app": 60.0 * ((calls - 1) // XERO_LIMITS.app_per_minute),
        "largest": max(alone),
        "at once": max(sum(alone) / at_once, calls * MEAN_LATENCY / (CALLS_AT_ONCE * at_once)),
    }


def spread(values: Iterable[float]) -> str:
    """Return median, 95th percentile and most of some values."""
    ordered = sorted(values)
    middle, high = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    return f"{middle:.2f} / {high:.2f} / {ordered[-1]:.2f}"


def delays(without: Outcome, having: Outcome) -> list[float]:
    """Return by how much later each that met no misfortune was finished."""
    return [
        after.ended - before.ended
        for before, after in zip(without.reads, having.reads, strict=True)
        if not after.organisation.misfortune
    ]


def table(organisations: list[Organisation], at_once: Sequence[int], **how: Any) -> None:
    """Print a line for each number of organisations at once."""
    whole = how["whole"]
    sizes = [each.calls(whole=whole) for each in organisations]
    print(f"{len(sizes)} organisations, {sum(sizes)} calls: {spread(sizes)} each")
    for number in at_once:
        outcome = simulate(organisations, number, **how)
        floors = floor(organisations, number, whole=whole)
        limit = max(floors, key=lambda name: floors[name])
        small = [
            read.ended
            for read in outcome.reads
            if read.organisation.records <= statistics.median(o.records for o in organisations)
        ]
        print(
            f"| {number} | {outcome.seconds / 60:.1f} min | {floors[limit] / 60:.1f} min ({limit})"
            f" | {outcome.seconds / floors[limit]:.2f} | {spread(outcome.share_of_floor())}"
            f" | {spread(each.ended / 60 for each in outcome.reads)}"
            f" | {spread(each / 60 for each in small)} | {outcome.waits / sum(sizes):.2f}"
            f" | {dict(outcome.answers)}",
            flush=True,
        )


def misfortunes(organisations: list[Organisation], at_once: int, **how: Any) -> None:
    """Print what each misfortune of one organisation does to the others."""
    plain = simulate(organisations, at_once, **how)
    victim = len(organisations) // 10
    for misfortune in ("slow", "failing", "refusing", "day_spent"):
        met = list(organisations)
        met[victim] = replace(met[victim], misfortune=misfortune)
        outcome = simulate(met, at_once, **how)
        own = outcome.reads[victim]
        print(
            f"| {misfortune} | {(own.ended - own.began):.0f} s, {len(own.errors)} errors"
            f" (alone: {plain.reads[victim].ended - plain.reads[victim].began:.0f} s)"
            f" | {spread(delays(plain, outcome))} s"
            f" | {outcome.seconds - plain.seconds:+.1f} s of {plain.seconds:.0f}",
            flush=True,
        )


def main() -> None:
    """Simulate, and print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--organisations", type=int, default=1000)
    parser.add_argument("--at-once", type=int, nargs="+", default=[4, 16, 64, 200])
    parser.add_argument("--read", choices=["changes", "whole"], default="changes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misfortunes", action="store_true")
    parser.add_argument("--as-listed", action="store_true", help="not the largest first")
    given = parser.parse_args()
    organisations = practice(given.organisations, given.seed)
    how = {
        "whole": given.read == "whole",
        "seed": given.seed,
        "largest_first": not given.as_listed,
    }
    if given.misfortunes:
        for number in given.at_once:
            misfortunes(organisations, number, **how)
    else:
        table(organisations, given.at_once, **how)


if __name__ == "__main__":
    main()
