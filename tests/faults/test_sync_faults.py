"""Whatever goes wrong while an organisation is read, the raw log ends as if nothing had.

Five hundred seeded schedules are a campaign of their own: `make sync-faults`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
from sync_promises import broken_promises
from sync_schedules import Schedule, SyncBench

from pipelines import endpoint_read
from pipelines.endpoint_read import EndpointRead
from pipelines.web.page_check import PageCheck

SEEDS = (1, 5, 8, 10, 12, 17)
BREAKS_OFF = 28  # lists break off for good in it
DRIFTS = 17  # records move between pages in it


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> SyncBench:
    return SyncBench(tmp_path_factory.mktemp("sync"))


def broken(bench: SyncBench, seed: int) -> list[str]:
    ended = bench.run(seed)
    return broken_promises(ended, bench.undisturbed(ended.schedule))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_schedule_of_mishaps_ends_with_the_undisturbed_raw_log(bench: SyncBench, seed: int):
    assert broken(bench, seed) == []


def test_a_reader_that_takes_a_part_of_a_list_for_all_of_it_would_be_found_out(
    bench: SyncBench, monkeypatch: pytest.MonkeyPatch
):
    batches = EndpointRead.batches

    def with_tombstones(self: EndpointRead) -> Iterator[pa.Table]:
        yield from batches(self)
        if self.failure and self.mode == "whole" and self._reader:
            yield self._reader.log.tombstones(self._reader.seen, endpoint_read.utc_now())

    bench.undisturbed(Schedule.of(BREAKS_OFF))
    monkeypatch.setattr(EndpointRead, "batches", with_tombstones)
    assert any("gone" in text for text in broken(bench, BREAKS_OFF))


def test_a_reader_that_does_not_see_pages_slide_would_be_found_out(
    bench: SyncBench, monkeypatch: pytest.MonkeyPatch
):
    bench.undisturbed(Schedule.of(DRIFTS))
    monkeypatch.setattr(PageCheck, "first_affected", lambda _: None)
    assert broken(bench, DRIFTS) != []
