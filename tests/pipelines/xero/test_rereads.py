"""Which lists a run reads whole again: due ones, oldest first, within its calls."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipelines.reads import ReadHistory
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.rereads import RereadPlan, plan_rereads

NOW = datetime(2026, 11, 2, 12)
DAY = timedelta(days=1)
LISTS = [ENDPOINTS[name] for name in ("Contacts", "Invoices", "CreditNotes", "Items")]


def read(hours_ago: float, items: int | None, **more) -> ReadHistory:
    return ReadHistory(
        cursor_at=NOW, item_count=items, whole_at=NOW - timedelta(hours=hours_ago), **more
    )


def plan(calls: int = 100, **histories: ReadHistory) -> dict[str, RereadPlan]:
    return plan_rereads(LISTS, histories, NOW, interval=DAY, calls=calls)


WHOLE = RereadPlan(is_whole=True)


def test_nothing_is_read_again_before_its_time():
    assert plan(contacts=read(12, 500), invoices=read(21, 5000)) == {}


def test_a_list_is_read_again_early_enough_to_be_over_within_the_interval():
    assert plan(contacts=read(22, 500)) == {"contacts": WHOLE}


def test_lists_without_pages_are_read_whole_by_every_run_anyway():
    assert plan(items=read(48, 10)) == {}


def test_a_first_read_that_is_still_going_on_is_left_alone():
    assert plan(contacts=ReadHistory(resume_at=NOW)) == {}
    begun = NOW - timedelta(hours=25)
    assert plan(contacts=ReadHistory(resume_at=NOW, item_count=200_000, first_at=begun)) == {}


def test_a_first_read_that_broke_off_so_long_ago_that_its_beginning_is_due_begins_again():
    def broke_off(hours_ago: float) -> ReadHistory:
        begun = NOW - timedelta(hours=hours_ago)
        return ReadHistory(resume_at=begun, item_count=500, first_at=begun)

    assert plan(contacts=broke_off(25)) == {"contacts": WHOLE}
    assert plan(contacts=broke_off(5)) == {}


def test_the_oldest_goes_first_and_what_does_not_fit_goes_on_in_parts():
    made = plan(10, invoices=read(25, 50_000), contacts=read(24, 9_000))
    assert made == {"invoices": RereadPlan(is_whole=False, calls=10)}
    made = plan(5, contacts=read(25, 2_500), invoices=read(23, 50_000))
    assert made == {"contacts": WHOLE, "invoices": RereadPlan(is_whole=False, calls=2)}


def test_what_goes_on_in_parts_leaves_room_for_lists_that_fit_beside_it_but_keeps_half():
    long, short = read(25, 50_000), read(24, 900)
    made = plan(10, invoices=long, contacts=read(23, 2_500), credit_notes=short)
    assert made == {
        "invoices": RereadPlan(is_whole=False, calls=6),
        "contacts": WHOLE,
        "credit_notes": WHOLE,
    }
    made = plan(10, invoices=long, contacts=read(23, 5_000), credit_notes=short)
    assert made["invoices"] == RereadPlan(is_whole=False, calls=5)
    assert made["credit_notes"] == WHOLE


def test_what_was_begun_goes_on_where_it_stopped_before_anything_else():
    stopped = NOW - 30 * DAY
    made = plan(20, contacts=read(40, 100), invoices=read(2, 90_000, reread_to=stopped))
    begun = NOW - timedelta(hours=2)
    goes_on = RereadPlan(is_whole=False, calls=19, begun_at=begun, reached=stopped)
    assert made == {"invoices": goes_on, "contacts": WHOLE}


def test_a_list_that_was_never_counted_is_read_in_parts():
    held = ReadHistory(cursor_at=NOW)
    assert plan(7, invoices=held) == {"invoices": RereadPlan(is_whole=False, calls=7)}
    made = plan(20_000, invoices=held, contacts=read(25, 69))
    assert made == {"invoices": RereadPlan(is_whole=False, calls=19_999), "contacts": WHOLE}


def test_an_empty_list_costs_a_call():
    assert plan(1, contacts=read(30, 0), credit_notes=read(29, 0)) == {"contacts": WHOLE}
    assert plan(0, contacts=read(30, 0)) == {}
