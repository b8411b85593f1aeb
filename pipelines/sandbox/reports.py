"""Reports/ProfitAndLoss as Xero lays it out, from the statement that the books give.

A Header row, a Section for each group of accounts with a SummaryRow, and the profits as sections
without a title. Values are strings with 2 decimals. Accrual basis only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.sandbox.paging import BadParameterError
from pipelines.sandbox.profit_and_loss import WHOLE, ProfitAndLoss, profit_and_loss
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
    from pipelines.sandbox.world import Organisation

MAX_PERIODS = 11
NOTHING = ProfitAndLoss([], [], [], [])
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_REFUSED = ("trackingcategoryid2", "trackingoptionid2")
Amounts = list[tuple[str, Decimal]]


@dataclass(frozen=True)
class Column:
    """One column of amounts and its heading."""

    heading: str
    statement: ProfitAndLoss


def profit_and_loss_report(
    organisation: Organisation, query: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Return the report for `fromDate`..`toDate` (default: the current month).

    `periods` (with `timeframe`) adds columns for earlier periods; `trackingCategoryID` gives one
    column for each option, `trackingOptionID` narrows the report to one option.

    Raises:
        BadParameterError: A date or number cannot be read, there are too many periods, the
            tracking is unknown, or the report asked for is one that the sandbox does not have.
    """
    given = {name.lower(): value for name, value in query.items() if value}
    if any(name in given for name in _REFUSED) or given.get("paymentsonly", "").lower() == "true":
        raise BadParameterError(
            "The sandbox reports on an accrual basis and by one tracking category only"
        )
    first = read_date(given, "fromdate", now.date().replace(day=1))
    last = read_date(given, "todate", month_end(first.year, first.month))
    rows = _rows(organisation, _columns(organisation, given, first, last))
    dated = f"{long_date(first)} to {long_date(last)}"
    title, heading = "Profit and Loss", "Profit & Loss"
    return report(organisation, "ProfitAndLoss", title, dated, rows, now, heading=heading)


def _columns(
    organisation: Organisation, given: Mapping[str, str], first: date, last: date
) -> list[Column]:
    categories = organisation.records["TrackingCategories"]
    category_id = given.get("trackingcategoryid")
    option_id = given.get("trackingoptionid")
    if option_id is not None:
        category_id = next(
            (
                identity
                for identity, category in categories.items()
                if any(option["TrackingOptionID"] == option_id for option in category["Options"])
            ),
            "",
        )
    if category_id is not None and category_id not in categories:
        raise BadParameterError("The tracking category or option does not exist")
    if category_id is not None and option_id is None:
        by_option = profit_and_loss(organisation, first, last, category_id=category_id)
        options = categories[category_id]["Options"]
        return [
            *(
                Column(option["Name"], by_option.get(option["TrackingOptionID"], NOTHING))
                for option in options
            ),
            Column("Unassigned", by_option.get(None, NOTHING)),
            Column("Total", profit_and_loss(organisation, first, last)[WHOLE]),
        ]
    key = WHOLE if category_id is None else option_id
    columns = []
    for start, end in _periods(given, first, last):
        statements = profit_and_loss(organisation, start, end, category_id=category_id)
        columns.append(Column(f"{end:%d %b %y}", statements.get(key, NOTHING)))
    return columns


def _periods(given: Mapping[str, str], first: date, last: date) -> list[tuple[date, date]]:
    try:
        periods = int(given.get("periods", 0))
        step = _MONTHS[given.get("timeframe", "MONTH")]
    except (ValueError, KeyError) as error:
        raise BadParameterError("periods or timeframe cannot be read") from error
    if not 0 <= periods <= MAX_PERIODS:
        raise BadParameterError(f"periods is at most {MAX_PERIODS}")
    return [
        (_shift(first, -step * back), _shift(last, -step * back)) for back in range(periods + 1)
    ]


def _rows(organisation: Organisation, columns: list[Column]) -> list[Row]:
    def group(title: str, total: str, amounts: Callable[[ProfitAndLoss], Amounts]) -> Row:
        by_account = [dict(amounts(column.statement)) for column in columns]
        rows = [
            row(account["Name"], [held.get(identity, Decimal(0)) for held in by_account], identity)
            for identity, account in organisation.records["Accounts"].items()
            if any(identity in held for held in by_account)
        ]
        totals = [sum(held.values(), Decimal(0)) for held in by_account]
        return section(title, [*rows, summary(total, totals)])

    def profit(title: str, amount: Callable[[ProfitAndLoss], Decimal]) -> Row:
        return section("", [row(title, [amount(column.statement) for column in columns])])

    return [
        header("", *(column.heading for column in columns)),
        group("Income", "Total Income", lambda one: one.income),
        group("Less Cost of Sales", "Total Cost of Sales", lambda one: one.cost_of_sales),
        profit("Gross Profit", lambda one: one.gross_profit),
        group("Plus Other Income", "Total Other Income", lambda one: one.other_income),
        group(
            "Less Operating Expenses",
            "Total Operating Expenses",
            lambda one: one.operating_expenses,
        ),
        profit("Net Profit", lambda one: one.net_profit),
    ]


def _shift(day: date, months: int) -> date:
    """Move by whole months; the end of a month stays the end of a month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    end = month_end(year, month + 1)
    is_end = day == month_end(day.year, day.month)
    return end if is_end else end.replace(day=min(day.day, end.day))
