"""Whatever goes wrong while an organisation is read, the raw log ends as if nothing had.

Five hundred seeded schedules are a campaign of their own: `make sync-faults`.
"""

from __future__ import annotations

import pytest
from sync_promises import broken_promises
from sync_schedules import SyncBench

SEEDS = (1, 2, 5, 7, 8, 10, 12, 17)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> SyncBench:
    return SyncBench(tmp_path_factory.mktemp("sync"))


def broken(bench: SyncBench, seed: int) -> list[str]:
    ended = bench.run(seed)
    return broken_promises(ended, bench.undisturbed(ended.schedule))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_schedule_of_mishaps_ends_with_the_undisturbed_raw_log(bench: SyncBench, seed: int):
    assert broken(bench, seed) == []
