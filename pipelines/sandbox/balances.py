"""The balance of every account at a date as Xero's reports show it, from the books.

Income and expense count since the start of the financial year; what earlier years earned stands in
retained earnings. Foreign balances are revalued at the date.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.sandbox.documents import ZERO
from pipelines.sandbox.revaluation import revaluation

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

EARNING = ("REVENUE", "EXPENSE")
Amounts = dict[str, Decimal]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Balances:
    """Debit positive, zeros left out. `earnings` is the current year's profit, income positive."""

    by_account: Amounts
    earnings: Decimal


def financial_year_start(organisation: Organisation, as_at: date) -> date:
    """Return the first day of the financial year that a date is in."""
    settings = organisation.settings
    month, day = settings.get("FinancialYearEndMonth", 12), settings.get("FinancialYearEndDay", 31)

    def end(year: int) -> date:
        return date(year, month, min(day, calendar.monthrange(year, month)[1]))

    ended = end(as_at.year) if end(as_at.year) < as_at else end(as_at.year - 1)
    return ended + _DAY


def movements(organisation: Organisation, first: date, last: date) -> Amounts:
    """Return what moved between two dates, both included, revaluation included."""
    before = revaluation(organisation, first - _DAY) if first > date.min else {}
    return _sum(
        organisation.books.balances(first, last),
        revaluation(organisation, last),
        {identity: -amount for identity, amount in before.items()},
    )


def balances(organisation: Organisation, as_at: date) -> Balances:
    """Return the balances at the end of a day."""
    accounts = organisation.records["Accounts"]
    start = financial_year_start(organisation, as_at)
    whole = movements(organisation, date.min, as_at)
    this_year = movements(organisation, start, as_at)
    shown: Amounts = {}
    earlier = ZERO
    for identity, amount in whole.items():
        if accounts[identity]["Class"] in EARNING:
            shown[identity] = this_year.get(identity, ZERO)
            earlier += amount - shown[identity]
        else:
            shown[identity] = amount
    if earlier:
        (retained,) = (
            identity
            for identity, account in accounts.items()
            if account.get("SystemAccount") == "RETAINEDEARNINGS"
        )
        shown[retained] = shown.get(retained, ZERO) + earlier
    earnings = -sum(
        (amount for key, amount in shown.items() if accounts[key]["Class"] in EARNING), ZERO
    )
    return Balances({key: amount for key, amount in shown.items() if amount}, earnings)


def _sum(*parts: Mapping[str, Decimal]) -> Amounts:
    totals: Amounts = {}
    for part in parts:
        for identity, amount in part.items():
            totals[identity] = totals.get(identity, ZERO) + amount
    return totals
