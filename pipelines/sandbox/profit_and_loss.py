"""The profit and loss statement of a sandbox organisation, on an accrual basis, from its books.

Amounts read as in Xero's report: income and expense are both positive on their usual side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.sandbox.balances import movements
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import ZERO

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

INCOME = ("REVENUE", "SALES")
COST_OF_SALES = ("DIRECTCOSTS",)
OTHER_INCOME = ("OTHERINCOME",)
OPERATING_EXPENSES = ("EXPENSE", "OVERHEADS", "DEPRECIATN")
WHOLE = "whole"


@dataclass(frozen=True)
class ProfitAndLoss:
    """Sections in Xero's order; each a list of (account id, amount) by code, zeros left out."""

    income: list[tuple[str, Decimal]]
    cost_of_sales: list[tuple[str, Decimal]]
    other_income: list[tuple[str, Decimal]]
    operating_expenses: list[tuple[str, Decimal]]

    @property
    def gross_profit(self) -> Decimal:
        """Income less cost of sales."""
        return _total(self.income) - _total(self.cost_of_sales)

    @property
    def net_profit(self) -> Decimal:
        """Gross profit plus other income less operating expenses."""
        return self.gross_profit + _total(self.other_income) - _total(self.operating_expenses)


def profit_and_loss(
    organisation: Organisation, from_date: date, to_date: date, *, category_id: str | None = None
) -> dict[str | None, ProfitAndLoss]:
    """Return the statement of a period, both dates included.

    Without `category_id`: one statement, under `WHOLE`. With a TrackingCategoryID: one for each
    TrackingOptionID that has movements, and under None what carries no option of the category.
    """
    if category_id is None:
        moved: dict[str | None, dict[str, Decimal]] = {
            None: movements(organisation, from_date, to_date)
        }
    else:
        moved = organisation.books.balances_by_option(from_date, to_date, category_id)
        # Unrealised gains carry no tracking.
        whole = organisation.books.balances(from_date, to_date)
        for identity, amount in movements(organisation, from_date, to_date).items():
            gain = amount - whole.get(identity, ZERO)
            moved[None][identity] = moved[None].get(identity, ZERO) + gain
    accounts = organisation.records["Accounts"]
    return {
        WHOLE if category_id is None else option: _statement(totals, accounts)
        for option, totals in moved.items()
    }


def _statement(moved: Mapping[str, Decimal], accounts: Mapping[str, Record]) -> ProfitAndLoss:
    def section(types: tuple[str, ...], sign: int) -> list[tuple[str, Decimal]]:
        chosen = [
            (identity, sign * amount)
            for identity, amount in moved.items()
            if accounts[identity]["Type"] in types and amount
        ]
        return sorted(chosen, key=lambda entry: _order(accounts[entry[0]]))

    return ProfitAndLoss(
        income=section(INCOME, -1),
        cost_of_sales=section(COST_OF_SALES, 1),
        other_income=section(OTHER_INCOME, -1),
        operating_expenses=section(OPERATING_EXPENSES, 1),
    )


def _order(account: Record) -> tuple[str, str]:
    return account.get("Code", ""), account["AccountID"]


def _total(section: list[tuple[str, Decimal]]) -> Decimal:
    return sum((amount for _, amount in section), ZERO)
