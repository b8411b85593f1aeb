"""The profit and loss statement of the sandbox, and its split by tracking option."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from pipelines.sandbox.documents import ZERO
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.profit_and_loss import WHOLE, ProfitAndLoss, profit_and_loss
from pipelines.sandbox.revaluation import revaluation

YEAR = date(2025, 4, 1), date(2026, 3, 31)


def amounts(statement: ProfitAndLoss) -> dict[str, Decimal]:
    return dict(
        [
            *statement.income,
            *statement.cost_of_sales,
            *statement.other_income,
            *statement.operating_expenses,
        ]
    )


def test_net_profit_is_what_the_journal_leaves(demo_organisation: Organisation) -> None:
    accounts = demo_organisation.records["Accounts"]
    journal = -sum(
        posting.amount_base
        for posting in demo_organisation.books.postings
        if YEAR[0] <= posting.date <= YEAR[1]
        and accounts[posting.account_id]["Class"] in ("REVENUE", "EXPENSE")
    )
    before, at_the_end = (
        sum(
            amount
            for identity, amount in revaluation(demo_organisation, day).items()
            if accounts[identity]["Class"] == "EXPENSE"
        )
        for day in (date(2025, 3, 31), YEAR[1])
    )
    assert at_the_end != before
    net_profit = profit_and_loss(demo_organisation, *YEAR)[WHOLE].net_profit
    assert net_profit == journal - (at_the_end - before)


def test_sections_hold_the_account_types_of_their_name(demo_organisation: Organisation) -> None:
    statement = profit_and_loss(demo_organisation, *YEAR)[WHOLE]
    accounts = demo_organisation.records["Accounts"]

    def types(section: list[tuple[str, Decimal]]) -> set[str]:
        return {accounts[identity]["Type"] for identity, _ in section}

    assert types(statement.income) <= {"REVENUE", "SALES"}
    assert types(statement.cost_of_sales) == {"DIRECTCOSTS"}
    assert types(statement.other_income) == {"OTHERINCOME"}
    assert types(statement.operating_expenses) <= {"EXPENSE", "OVERHEADS", "DEPRECIATN"}
    assert statement.gross_profit > 0


def test_months_add_up_to_the_year(demo_organisation: Organisation) -> None:
    totals: dict[str, Decimal] = defaultdict(lambda: ZERO)
    months = [(2025, month) for month in range(4, 13)] + [(2026, month) for month in range(1, 4)]
    for year, month in months:
        last = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
        period = date(year, month, 1), date.fromordinal(last)
        statement = profit_and_loss(demo_organisation, *period)[WHOLE]
        for identity, amount in amounts(statement).items():
            totals[identity] += amount
    assert dict(totals) == amounts(profit_and_loss(demo_organisation, *YEAR)[WHOLE])


def test_options_and_what_has_none_add_up_to_the_whole(demo_organisation: Organisation) -> None:
    whole = amounts(profit_and_loss(demo_organisation, *YEAR)[WHOLE])
    for category_id in demo_organisation.records["TrackingCategories"]:
        totals: dict[str, Decimal] = defaultdict(lambda: ZERO)
        split = profit_and_loss(demo_organisation, *YEAR, category_id=category_id)
        for statement in split.values():
            for identity, amount in amounts(statement).items():
                totals[identity] += amount
        assert {key: amount for key, amount in totals.items() if amount} == whole
