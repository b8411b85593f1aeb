from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from pipelines.web.usage import Usage
from pipelines.xero import limits
from pipelines.xero.errors import DayLimitReached, RateLimited
from pipelines.xero.limits import CallBudget

WHERE = "Invoices of organisation Harbour Ltd"
HARBOUR, MILL = "tenant-harbour", "tenant-mill"


@pytest.fixture
def a_budget(clock, home: Path) -> Iterator[Callable[..., CallBudget]]:
    made: list[CallBudget] = []

    def make(app: str = "app", **limits: Any) -> CallBudget:
        made.append(CallBudget(home, app, clock=clock, sleep=clock.sleep, **limits))
        return made[-1]

    yield make
    for budget in made:
        budget.close()


def spend(budget: CallBudget, calls: int, tenant: str | None = HARBOUR) -> None:
    for _ in range(calls):
        with budget.call(tenant, WHERE):
            pass


def test_a_minutes_calls_go_at_once_and_the_next_waits_for_the_window(a_budget, clock):
    budget = a_budget(calls_per_minute=3)
    spend(budget, 3)
    assert clock.slept == []
    spend(budget, 1)
    assert sum(clock.slept) == pytest.approx(61, abs=0.01)


def test_no_minute_holds_more_calls_than_allowed(a_budget, clock):
    budget = a_budget(calls_per_minute=5)
    times = []
    for _ in range(40):
        spend(budget, 1)
        times.append(clock().timestamp())
        clock.sleep(3)
    assert all(later - first >= 60 for first, later in zip(times, times[5:], strict=False))


def test_organisations_have_budgets_of_their_own(a_budget, clock):
    budget = a_budget(calls_per_minute=2)
    spend(budget, 2, HARBOUR)
    spend(budget, 2, MILL)
    assert clock.slept == []


@pytest.fixture
def few_files_may_be_open(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(limits, "MOST_IDLE", 2)
    lowest = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 30, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("few_files_may_be_open")
def test_a_run_calls_more_organisations_than_files_may_be_open(a_budget, clock):
    budget = a_budget(calls_per_minute=2)
    for number in range(12):
        spend(budget, 1, f"tenant-{number}")
        budget.learn(f"tenant-{number}", {"x-daylimit-remaining": "4999"})
    assert clock.slept == []
    spend(budget, 2, "tenant-0")  # what it had called is not forgotten
    assert sum(clock.slept) == pytest.approx(61, abs=0.01)


def test_a_second_program_of_the_same_home_shares_the_budget(a_budget, clock):
    spend(a_budget(calls_per_minute=4), 3)
    second = a_budget(calls_per_minute=4)
    spend(second, 1)
    assert clock.slept == []
    spend(second, 1)
    assert sum(clock.slept) > 60


def test_another_app_has_another_budget(a_budget, clock):
    spend(a_budget("one", calls_per_minute=2), 2)
    spend(a_budget("two", calls_per_minute=2), 2)
    assert clock.slept == []


def test_never_more_calls_at_once_than_there_are_slots(a_budget):
    budget = a_budget(calls_per_minute=1000, concurrent_calls=3)
    together = Barrier(3, timeout=10)
    under_way = 0
    most = 0

    def call() -> None:
        nonlocal under_way, most
        with budget.call(HARBOUR, WHERE):
            under_way += 1
            most = max(most, under_way)
            together.wait()
            under_way -= 1

    threads = [Thread(target=call) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 3


def test_when_xero_says_that_no_call_is_left_everyone_waits_for_a_new_window(a_budget, clock):
    first, second = a_budget(calls_per_minute=60), a_budget(calls_per_minute=60)
    spend(first, 1)
    clock.sleep(20)
    spend(first, 1)
    first.learn(HARBOUR, {"x-minlimit-remaining": "0"})
    spend(second, 1)
    assert sum(clock.slept) == pytest.approx(61, abs=0.01)  # after the oldest call of the minute


def test_calls_left_are_no_reason_to_wait(a_budget, clock):
    budget = a_budget()
    spend(budget, 1)
    budget.learn(HARBOUR, {"x-minlimit-remaining": "12", "x-appminlimit-remaining": "9000"})
    budget.learn(HARBOUR, {"x-minlimit-remaining": "many"})
    spend(budget, 1)
    assert clock.slept == []


def test_a_minute_breach_pauses_that_organisation_for_as_long_as_xero_says(a_budget, clock):
    budget = a_budget()
    budget.refused(HARBOUR, RateLimited("x", problem="minute", retry_after=17.0))
    spend(budget, 1, MILL)
    assert clock.slept == []
    spend(budget, 1, HARBOUR)
    assert sum(clock.slept) == pytest.approx(17, abs=0.01)


@pytest.mark.parametrize("tenant", [HARBOUR, MILL, None])
def test_a_breach_of_the_apps_minute_pauses_every_organisation(a_budget, clock, tenant):
    budget = a_budget()
    budget.refused(HARBOUR, RateLimited("x", problem="appminute", retry_after=9.0))
    spend(budget, 1, tenant)
    assert sum(clock.slept) == pytest.approx(9, abs=0.01)


def test_a_call_that_waited_for_the_apps_minute_counts_in_the_organisations_minute_it_is_made_in(
    a_budget, clock, monkeypatch
):
    monkeypatch.setattr(limits, "APP_CALLS_PER_MINUTE", 4)
    budget = a_budget(calls_per_minute=3)
    spend(budget, 3, MILL)
    times = []
    for _ in range(6):
        spend(budget, 1, HARBOUR)
        times.append(clock().timestamp())
    assert all(later - first >= 60 for first, later in zip(times, times[3:], strict=False))


def test_a_concurrency_breach_sets_no_pause(a_budget, clock):
    budget = a_budget()
    budget.refused(HARBOUR, RateLimited("x", problem="concurrent"))
    spend(budget, 1)
    assert clock.slept == []


def test_a_day_breach_closes_the_organisation_until_xeros_day_ends(a_budget, clock):
    budget = a_budget()
    budget.refused(HARBOUR, DayLimitReached("x", retry_after=7200.0))
    with pytest.raises(DayLimitReached, match=r"Harbour Ltd: .* free again in 2\.0 hours") as hit:
        spend(a_budget(), 1)
    assert hit.value.retry_after == 7200.0
    spend(budget, 1, MILL)
    clock.sleep(7201)
    spend(budget, 1, HARBOUR)


def test_the_days_calls_of_the_connection_are_kept_to(a_budget, clock):
    budget = a_budget(calls_per_minute=100, calls_per_day=4)
    spend(budget, 4)
    with pytest.raises(DayLimitReached, match=r"24\.0 hours"):
        spend(budget, 1)
    clock.sleep(86_400)
    spend(budget, 1)


def test_no_call_left_for_the_day_stops_before_the_next_call(a_budget, clock):
    budget = a_budget()
    spend(budget, 1)
    budget.learn(HARBOUR, {"x-daylimit-remaining": "0"})
    with pytest.raises(DayLimitReached):
        spend(budget, 1)
    clock.sleep(3601)  # Xero did not say until when: one call finds out
    spend(budget, 1)


def test_when_xeros_day_begins_anew_so_does_ours(a_budget):
    budget = a_budget(calls_per_minute=1000, calls_per_day=100)
    for left in range(99, 9, -1):
        spend(budget, 1)
        budget.learn(HARBOUR, {"x-daylimit-remaining": str(left)})
    spend(budget, 1)
    budget.learn(HARBOUR, {"x-daylimit-remaining": "99"})
    spend(budget, 99)
    with pytest.raises(DayLimitReached):
        spend(budget, 1)


def test_answers_out_of_order_do_not_begin_a_new_day(a_budget):
    budget = a_budget(calls_per_minute=1000, calls_per_day=40)
    for left in (30, 28, 29, 31, 27, 15, 18):
        spend(budget, 1)
        budget.learn(HARBOUR, {"x-daylimit-remaining": str(left)})
    spend(budget, 33)
    with pytest.raises(DayLimitReached):
        spend(budget, 1)


def test_a_clock_that_was_set_back_stops_nobody(a_budget, clock):
    budget = a_budget(calls_per_minute=2)
    spend(budget, 2)
    budget.refused(HARBOUR, RateLimited("x", problem="minute", retry_after=60.0))
    clock.now = clock.now.replace(year=2020)
    spend(budget, 2)
    assert sum(clock.slept) < 61


def test_no_tenant_id_chooses_a_path(a_budget, home: Path):
    spend(a_budget(), 1, "../../outside")
    files = {path.resolve().parent for path in home.parent.rglob("*") if path.is_file()}
    assert files == {(home / "limits").resolve()}


def test_usage_adds_and_subtracts():
    assert Usage(3, 100) + Usage(1, 5) - Usage(2, 50) == Usage(2, 55)
