"""A small practice in simulated time (`tests/benchmarks/thousand_organisations.py` is a large one).

One organisation takes more than a minute's calls, the others fewer.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from practice import Organisation
from thousand_organisations import Outcome, delays, floor, simulate

PRACTICE = [Organisation(number, 500, 0) for number in range(7)] + [Organisation(7, 40_000, 6)]
MISFORTUNES = {1: "slow", 2: "failing", 3: "refusing", 4: "day_spent"}
ALL = len(PRACTICE)


def read(organisations: list[Organisation], at_once: int) -> Outcome:
    return simulate(organisations, at_once, whole=True, seed=1)


@pytest.fixture(scope="module")
def undisturbed() -> Outcome:
    return read(PRACTICE, ALL)


@pytest.fixture(scope="module")
def disturbed() -> Outcome:
    return read(
        [replace(each, misfortune=MISFORTUNES.get(each.number, "")) for each in PRACTICE], ALL
    )


def test_a_practice_takes_little_more_time_than_xeros_limits_set(undisturbed):
    assert undisturbed.seconds < 1.25 * max(floor(PRACTICE, ALL, whole=True).values())


def test_no_call_is_made_twice_and_xero_refuses_none(undisturbed):
    assert undisturbed.answers == {"200": sum(each.calls(whole=True) for each in PRACTICE)}


def test_a_small_organisation_does_not_wait_behind_a_large_one(undisturbed):
    *small, large = [each.ended for each in undisturbed.reads]
    assert large > 60 > 12 > max(small)


def test_one_that_is_slow_failing_refused_or_out_of_calls_delays_no_other(undisturbed, disturbed):
    met = [each for each in disturbed.reads if each.organisation.misfortune]
    slow, failing, refused, out_of_calls = met
    assert slow.ended > 100 and failing.errors and refused.ended > 600 and out_of_calls.errors
    others = delays(undisturbed, disturbed)
    assert others == [0.0] * (ALL - len(met))


def test_a_day_that_is_spent_costs_one_call_and_no_time(disturbed):
    assert disturbed.answers["429 day, as arranged"] == 1
    assert disturbed.reads[4].ended == disturbed.reads[4].began
