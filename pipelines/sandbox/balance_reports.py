"""Reports/TrialBalance and Reports/BalanceSheet as Xero lays them out, from the books' balances.

The trial balance has the month's movement and the year's balance of each account, by class; the
balance sheet assets, liabilities and equity, each positive on its usual side. Accrual basis only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.sandbox.balances import balances, movements
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import ZERO
from pipelines.sandbox.paging import BadParameterError
from pipelines.sandbox.report_layout import (
    Row,
    header,
    long_date,
    month_end,
    read_date,
    report,
    row,
    section,
    summary,
)

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

# Xero's own id for the row that is no account.
CURRENT_YEAR_EARNINGS = "abababab-abab-abab-abab-abababababab"
CLASSES = {
    "Revenue": "REVENUE",
    "Expenses": "EXPENSE",
    "Assets": "ASSET",
    "Liabilities": "LIABILITY",
    "Equity": "EQUITY",
}
ASSETS = {
    "Bank": ("BANK",),
    "Current Assets": ("CURRENT", "INVENTORY", "PREPAYMENT"),
    "Fixed Assets": ("FIXED",),
    "Non-current Assets": ("NONCURRENT",),
}
LIABILITIES = {
    "Current Liabilities": ("CURRLIAB", "LIABILITY", "PAYG"),
    "Non-current Liabilities": ("TERMLIAB",),
}
MAX_PERIODS = 11


def trial_balance_report(
    organisation: Organisation, query: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Return the report at `date` (default: today).

    Raises:
        BadParameterError: The date cannot be read, or payments only are asked for.
    """
    given = _given(query)
    as_at = read_date(given, "date", now.date())
    accounts = organisation.records["Accounts"]
    year = balances(organisation, as_at).by_account
    month = movements(organisation, as_at.replace(day=1), as_at)
    shown = [key for key in accounts if year.get(key) or month.get(key)]
    sections = []
    for title, account_class in CLASSES.items():
        rows = [
            row(
                _with_code(accounts[key]),
                [*_sides(month.get(key, ZERO)), *_sides(year.get(key, ZERO))],
                key,
            )
            for key in shown
            if accounts[key]["Class"] == account_class
        ]
        sections.append(section(title, rows))
    totals = [
        sum((_split(amounts.get(key, ZERO))[side] for key in shown), ZERO)
        for amounts in (month, year)
        for side in (0, 1)
    ]
    rows = [
        header("Account", "Debit", "Credit", "YTD Debit", "YTD Credit"),
        *sections,
        section("", [summary("Total", totals)]),
    ]
    dated = f"As at {long_date(as_at)}"
    return report(organisation, "TrialBalance", "Trial Balance", dated, rows, now)


def balance_sheet_report(
    organisation: Organisation, query: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Return the report at the end of the month of `date`, with `periods` months before it.

    Raises:
        BadParameterError: A parameter cannot be read, or asks for what the sandbox does not have.
    """
    given = _given(query)
    as_at = read_date(given, "date", now.date())
    dates = [as_at]
    for _ in range(_periods(given)):
        first = dates[-1].replace(day=1)
        year, month = divmod(first.year * 12 + first.month - 2, 12)
        dates.append(month_end(year, month + 1))
    found = [balances(organisation, one) for one in dates]
    columns = [one.by_account for one in found]
    accounts = organisation.records["Accounts"]

    def group(title: str, types: Sequence[str], sign: int) -> tuple[Row, list[Decimal]]:
        keys = [
            key
            for key, account in accounts.items()
            if account["Type"] in types and any(key in column for column in columns)
        ]
        rows = [
            row(accounts[key]["Name"], [sign * c.get(key, ZERO) for c in columns], key)
            for key in keys
        ]
        totals = [sum((sign * c.get(key, ZERO) for key in keys), ZERO) for c in columns]
        return section(title, [*rows, summary(f"Total {title}", totals)]), totals

    def side(title: str, groups: Mapping[str, Sequence[str]], sign: int):
        made = [group(name, types, sign) for name, types in groups.items()]
        totals = [sum(parts, ZERO) for parts in zip(*(one for _, one in made), strict=True)]
        shown = [each for each, _ in made if len(each["Rows"]) > 1]
        closing = section("", [summary(f"Total {title}", totals)])
        return [section(title, []), *shown, closing], totals

    assets, total_assets = side("Assets", ASSETS, 1)
    liabilities, total_liabilities = side("Liabilities", LIABILITIES, -1)
    net = [a - b for a, b in zip(total_assets, total_liabilities, strict=True)]
    equity, _ = group("Equity", ("EQUITY",), -1)
    earnings = [one.earnings for one in found]
    equity["Rows"].insert(-1, row("Current Year Earnings", earnings, CURRENT_YEAR_EARNINGS))
    equity["Rows"][-1] = summary("Total Equity", net)
    rows = [
        header("", *(f"{one:%d %b %Y}" for one in dates)),
        *assets,
        *liabilities,
        section("", [row("Net Assets", net)]),
        equity,
    ]
    dated = f"As at {long_date(as_at)}"
    return report(organisation, "BalanceSheet", "Balance Sheet", dated, rows, now)


def _given(query: Mapping[str, str]) -> dict[str, str]:
    given = {name.lower(): value for name, value in query.items() if value}
    if given.get("paymentsonly", "").lower() == "true" or any(
        name.startswith("trackingoptionid") for name in given
    ):
        raise BadParameterError("The sandbox reports on an accrual basis and for all tracking")
    return given


def _periods(given: Mapping[str, str]) -> int:
    text, frame = given.get("periods", "0"), given.get("timeframe", "MONTH").upper()
    if not text.isdecimal() or int(text) > MAX_PERIODS or frame != "MONTH":
        raise BadParameterError(f"The sandbox compares up to {MAX_PERIODS} months before")
    return int(text)


def _split(amount: Decimal) -> tuple[Decimal, Decimal]:
    return max(amount, ZERO), max(-amount, ZERO)


def _sides(amount: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Return debit and credit; the side without an amount is blank."""
    return (amount, None) if amount >= 0 else (None, -amount)


def _with_code(account: Record) -> str:
    return f"{account['Name']} ({account['Code']})" if account.get("Code") else account["Name"]
