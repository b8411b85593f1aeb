"""What a person chose to look at: organisations of one base currency, and a period of months.

Choices are in the address, so that a page can be bookmarked and sent, and are kept from page to
page. Whatever is chosen, all amounts of it are in one base currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.shown import NothingToShow, month

EVERY = "All organisations"
PERIODS = (
    *("Last 12 months", "Last 3 months", "Last month", "This financial year"),
    *("Last financial year", "Everything", "From … to …"),
)
COMPARISONS = ("The period before", "The same months a year before", "Nothing")

_ORGANISATIONS = """
    select tenant_id, organisation_name, base_currency, short_code, financial_year_end_day,
        financial_year_end_month
    from reporting.organisations order by organisation_name
"""


@dataclass(frozen=True)
class Period:
    """Whole months, by the first day of the first and of the last."""

    first: date
    last: date

    @property
    def months(self) -> int:
        """How many months it has."""
        return months_between(self.first, self.last) + 1

    def __str__(self) -> str:
        if self.first == self.last:
            return month(self.first)
        return f"{month(self.first)} to {month(self.last)}"


@dataclass(frozen=True)
class Choice:
    """What to look at; `before` is the period to compare with."""

    tenants: tuple[str, ...]
    names: dict[str, str]
    short_codes: dict[str, str | None]
    currency: str
    period: Period
    before: Period | None

    @property
    def is_of_several(self) -> bool:
        """Whether rows must say which organisation they are of."""
        return len(self.tenants) > 1

    def parameters(self) -> dict[str, Any]:
        """Return it as parameters of a query."""
        before = self.before or Period(date(1, 1, 1), date(1, 1, 1))
        return {
            "tenants": list(self.tenants),
            "currency": self.currency,
            "first": self.period.first,
            "last": self.period.last,
            "before_first": before.first,
            "before_last": before.last,
        }


def organisations() -> list[dict[str, Any]]:
    """Return the organisations of the published file, by name."""
    return published.rows(_ORGANISATIONS)


def organisation_names() -> dict[str, str]:
    """Return their names by tenant_id."""
    return {each["tenant_id"]: each["organisation_name"] for each in organisations()}


def choose_organisations() -> tuple[list[dict[str, Any]], str]:
    """Ask for organisations and, where they have several, for a base currency."""
    held = organisations()
    if not held:
        raise NothingToShow(
            "No organisation has been read", "Connect one (README), then run `xero-crm run`."
        )
    names = [each["organisation_name"] for each in held]
    options = [EVERY, *names] if len(names) > 1 else names
    picked = st.selectbox(
        "Organisation", options, key="organisation", bind="query-params", width=230
    )
    chosen = [each for each in held if picked in (EVERY, each["organisation_name"])]
    currencies = list(dict.fromkeys(each["base_currency"] for each in _by_size(chosen)))
    if len(currencies) == 1:
        return chosen, currencies[0]
    currency = st.selectbox(
        "Base currency",
        currencies,
        key="currency",
        bind="query-params",
        width=120,
        help="Amounts are never added up across base currencies.",
    )
    return [each for each in chosen if each["base_currency"] == currency], str(currency)


def choose(months_of: str, *, compares: bool = True) -> Choice:
    """Ask what to look at; `months_of` is the table (schema.table) whose months there are.

    Raises:
        NothingToShow: There is no organisation, or no month of those chosen.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held, currency = choose_organisations()
        tenants = tuple(each["tenant_id"] for each in held)
        available = _months(months_of, tenants)
        period = _choose_period(available, held)
        before = _choose_before(period) if compares else None
    return Choice(
        tenants,
        {each["tenant_id"]: each["organisation_name"] for each in held},
        {each["tenant_id"]: each["short_code"] for each in held},
        currency,
        period,
        before,
    )


def months_between(first: date, last: date) -> int:
    """Return how many months lie between two."""
    return (last.year - first.year) * 12 + last.month - first.month


def months_on(start: date, number: int) -> date:
    """Return the first day of the month that is so many months later."""
    index = start.year * 12 + start.month - 1 + number
    return date(index // 12, index % 12 + 1, 1)


def financial_year_start(last: date, end_month: int | None, end_day: int | None) -> date:
    """Return the first month of the financial year that a month is in.

    A year that ends within the first days of a month, as Britain's on 5 April, begins with it.
    """
    ends = end_month or 12
    begins = ends if (end_day or 31) < 15 else ends % 12 + 1
    return date(last.year if last.month >= begins else last.year - 1, begins, 1)


def period_of(
    name: str, available: Sequence[date], end_month: int | None, end_day: int | None
) -> Period:
    """Return the months that a period's name means, up to the latest month that there is."""
    last = available[-1]
    year = financial_year_start(last, end_month, end_day)
    return {
        "Last 12 months": Period(months_on(last, -11), last),
        "Last 3 months": Period(months_on(last, -2), last),
        "Last month": Period(last, last),
        "This financial year": Period(year, last),
        "Last financial year": Period(months_on(year, -12), months_on(year, -1)),
        "Everything": Period(available[0], last),
    }[name]


def before_of(period: Period, comparison: str) -> Period | None:
    """Return the period to compare with."""
    if comparison == "Nothing":
        return None
    back = period.months if comparison == "The period before" else 12
    return Period(months_on(period.first, -back), months_on(period.last, -back))


def _by_size(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the organisations, those of the currency that most of them have first."""
    currencies = [each["base_currency"] for each in held]
    return sorted(held, key=lambda each: -currencies.count(each["base_currency"]))


def _months(table: str, tenants: tuple[str, ...]) -> list[date]:
    query = (
        f"select min(month) as first, max(month) as last from {table}"  # noqa: S608 - our own name
        " where list_contains($tenants, tenant_id)"
    )
    found = published.rows(query, {"tenants": list(tenants)})[0]
    if found["first"] is None:
        raise NothingToShow(
            "There is nothing of this organisation yet",
            "When documents are entered and approved in Xero, run `xero-crm run`.",
        )
    return [
        months_on(found["first"], number)
        for number in range(months_between(found["first"], found["last"]) + 1)
    ]


def _choose_period(available: list[date], held: list[dict[str, Any]]) -> Period:
    name = st.selectbox("Period", PERIODS, key="period", bind="query-params", width=180)
    if name != "From … to …":
        ends = held[0]["financial_year_end_month"], held[0]["financial_year_end_day"]
        return period_of(str(name), available, *ends)
    first = st.selectbox(
        "From", available, format_func=month, key="from", persist_state="session", width=130
    )
    last = st.selectbox(
        "to",
        [each for each in available if each >= first],
        index=len([each for each in available if each >= first]) - 1,
        format_func=month,
        key="to",
        persist_state="session",
        width=130,
    )
    return Period(first, last)


def _choose_before(period: Period) -> Period | None:
    name = st.selectbox("Compare with", COMPARISONS, key="compare", bind="query-params", width=220)
    return before_of(period, str(name))
