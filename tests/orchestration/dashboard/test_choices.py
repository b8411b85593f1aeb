"""Periods: which months a name means, and what they are compared with."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.dashboard.choices import Period, before_of, months_on, period_of

MONTHS = [months_on(date(2024, 1, 1), number) for number in range(34)]  # to October 2026


def months(first, last):
    return Period(date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01"))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Last 12 months", "2025-11", "2026-10"),
        ("Last 3 months", "2026-08", "2026-10"),
        ("Last month", "2026-10", "2026-10"),
        ("This financial year", "2026-04", "2026-10"),
        ("Last financial year", "2025-04", "2026-03"),
        ("Everything", "2024-01", "2026-10"),
    ],
)
def test_a_year_that_ends_in_march_begins_in_april(name, first, last):
    assert period_of(name, MONTHS, 3, 31) == months(first, last)


def test_a_year_that_ends_on_5_april_begins_in_april():
    assert period_of("This financial year", MONTHS, 4, 5) == months("2026-04", "2026-10")


def test_a_year_that_ends_in_december_is_the_calendars():
    assert period_of("Last financial year", MONTHS, 12, 31) == months("2025-01", "2025-12")


def test_the_period_before_is_as_long_and_ends_where_this_one_begins():
    quarter = months("2026-01", "2026-03")
    assert before_of(quarter, "The period before") == months("2025-10", "2025-12")


def test_the_same_months_a_year_before():
    quarter = months("2026-01", "2026-03")
    before = before_of(quarter, "The same months a year before")
    assert before == months("2025-01", "2025-03")
