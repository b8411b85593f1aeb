"""Whatever goes wrong while a plan is applied, no record is created twice and none is lost.

A thousand seeded schedules are a campaign of their own: `make push-faults`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from push_campaign import a_bench
from push_promises import broken_promises
from push_schedules import Bench, Ended

from pipelines.push.looking_up import LookUp
from pipelines.push.tracks import Track

SEEDS = range(1, 21)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    yield a_bench(tmp_path_factory.mktemp("push"))


@pytest.fixture(scope="module")
def undisturbed(bench: Bench) -> Ended:
    return bench.run(0, most=0)


def test_undisturbed_all_good_records_are_confirmed_and_each_bad_one_has_its_outcome(
    undisturbed: Ended,
) -> None:
    bad = {label: one for label, one in undisturbed.statuses.items() if one != "confirmed"}
    assert bad == {
        "invoices workguru:invoice:99": "unknown",
        "bills workguru:po:99": "rejected",
        "product_items NEW-99": "rejected",
        "sent_marks invoices:999999": "skipped",
    }
    assert broken_promises(undisturbed, undisturbed) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_schedule_of_mishaps_ends_where_the_undisturbed_run_does(
    bench: Bench, undisturbed: Ended, seed: int
) -> None:
    assert broken_promises(bench.run(seed), undisturbed) == []


def test_an_applier_that_never_looks_up_would_be_found_out(
    bench: Bench, undisturbed: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sends_again(self: LookUp, tracks: Sequence[Track]) -> list[Track]:
        for track in tracks:
            track.attempts[-1:] = []
        return list(tracks)

    monkeypatch.setattr(LookUp, "to_send", sends_again)
    found = []
    for seed in SEEDS:
        try:
            found += broken_promises(bench.run(seed), undisturbed)
        except Exception as error:  # an attempt whose number is taken, a run without an end
            found.append(repr(error))
    assert any("twice" in text for text in found)
