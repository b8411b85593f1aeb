"""A month-end pack, arranged by hand-made rows: periods, differences, bad names, the chart."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from orchestration.column_chart import column_chart
from orchestration.revenue_pack import revenue_pack
from orchestration.revenue_page import revenue_page
from orchestration.revenue_report import NothingKnown, RevenueQuestion, RevenueReport

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def a_row(month: date, amount: str, **fields: Any) -> dict[str, Any]:
    return {
        "tenant_id": "t-1",
        "organisation_name": "Acme",
        "month": month,
        "contact_id": "c-1",
        "contact_name": "Bay Kitchens",
        "account_number": None,
        "income_kind": "trading",
        "base_currency": "NZD",
        "net_amount_base": Decimal(amount),
        "line_count": 1,
        **fields,
    }


def compared(month: date, ours: str, xero: str, explained: str = "0") -> dict[str, Any]:
    difference = Decimal(ours) - Decimal(xero)
    return {
        "tenant_id": "t-1",
        "month": month,
        "ours": Decimal(ours),
        "xero": Decimal(xero),
        "difference": difference,
        "explained": Decimal(explained),
        "unexplained": difference - Decimal(explained),
        "is_reconciled": difference == Decimal(explained),
        "explanation": "Payroll is not in documents." if difference else None,
        "xero_read_at": datetime(2026, 11, 20, 8),
    }


def a_report(*rows: dict[str, Any], **fields: Any) -> RevenueReport:
    question = RevenueQuestion(by="customer", is_pack=True)
    return RevenueReport(question, rows, published_at=datetime(2026, 11, 20, 9), **fields)


def the_pack(report: RevenueReport):
    (pack,) = revenue_pack(report).organisations
    return pack


def test_a_month_without_income_is_in_the_period_and_has_nothing() -> None:
    pack = the_pack(a_report(a_row(date(2026, 8, 1), "10"), a_row(OCTOBER, "30")))
    assert pack.months == (date(2026, 8, 1), SEPTEMBER, OCTOBER)
    assert [pack.revenue.of(month) for month in pack.months] == [10, 0, 30]


def test_the_usual_period_is_twelve_months_and_a_question_may_name_another() -> None:
    rows = (a_row(date(2025, 1, 1), "5"), a_row(date(2025, 11, 1), "10"), a_row(OCTOBER, "30"))
    pack = the_pack(a_report(*rows))
    assert (pack.months[0], len(pack.months), pack.revenue.total) == (date(2025, 11, 1), 12, 40)
    report = a_report(*rows)
    asked = replace(report.question, first=date(2025, 1, 1), last=OCTOBER)
    assert the_pack(replace(report, question=asked)).revenue.total == 45


def test_organisations_are_apart_each_in_its_currency() -> None:
    other = {"tenant_id": "t-2", "organisation_name": "Bolt", "base_currency": "GBP"}
    packs = revenue_pack(a_report(a_row(OCTOBER, "30"), a_row(OCTOBER, "7", **other)))
    assert [(p.base_currency, p.revenue.total) for p in packs.organisations] == [
        ("NZD", 30),
        ("GBP", 7),
    ]


def test_an_organisation_of_two_base_currencies_is_never_added_up() -> None:
    with pytest.raises(ValueError, match="too many values"):
        revenue_pack(a_report(a_row(OCTOBER, "30"), a_row(OCTOBER, "7", base_currency="GBP")))


def test_other_income_is_no_revenue_and_is_in_the_statement() -> None:
    interest = a_row(OCTOBER, "4", income_kind="other")
    pack = the_pack(
        a_report(a_row(OCTOBER, "30"), interest, statement=(compared(OCTOBER, "34", "34"),))
    )
    assert (pack.revenue.total, pack.all_income, pack.compared["xero"]) == (30, 34, 34)
    assert pack.is_reconciled


def test_a_month_that_xero_was_not_asked_for_is_not_called_reconciled() -> None:
    rows = (a_row(SEPTEMBER, "10"), a_row(OCTOBER, "30"))
    report = a_report(*rows, statement=(compared(SEPTEMBER, "10", "10"),))
    pack = the_pack(report)
    assert pack.not_compared == (OCTOBER,) and not pack.is_reconciled
    page = revenue_page(revenue_pack(report))
    assert "Not compared, since Xero's report of it was not read: Oct 2026." in page


def test_a_difference_is_shown_with_its_explanation_or_as_one() -> None:
    explained = compared(SEPTEMBER, "10", "12", explained="-2")
    report = a_report(a_row(SEPTEMBER, "10"), statement=(explained,))
    page = revenue_page(revenue_pack(report))
    assert "Agrees, explained" in page and "Payroll is not in documents." in page
    differs = replace(report, statement=(compared(SEPTEMBER, "10", "12"),))
    page = revenue_page(revenue_pack(differs))
    assert "Differs" in page and 'differs by <span class="neg">&minus;2.00</span>' in page


def test_an_organisation_held_back_is_said_to_be() -> None:
    report = a_report(a_row(OCTOBER, "30"), held_back=frozenset({"t-1"}))
    assert "did not agree with Xero" in revenue_page(revenue_pack(report))


def test_a_name_is_text_and_no_markup() -> None:
    report = a_report(a_row(OCTOBER, "30", contact_name="<script>alert(1)</script>"))
    assert "<script>" not in revenue_page(revenue_pack(report))


def test_no_income_in_the_period_is_said() -> None:
    with pytest.raises(NothingKnown, match="no income"):
        revenue_pack(a_report())


def test_the_columns_of_a_chart_are_as_high_as_the_amounts() -> None:
    amounts = {SEPTEMBER: Decimal("100"), OCTOBER: Decimal("-50")}
    chart = str(column_chart([SEPTEMBER, OCTOBER], amounts, "Revenue <of> Acme"))
    columns = re.findall(r'<rect class="column" .*? y="([\d.]+)" .*? height="([\d.]+)"', chart)
    (top, height), (below, half) = [(float(y), float(h)) for y, h in columns]
    assert top + height == pytest.approx(below)  # both begin at zero
    assert height == pytest.approx(2 * half, abs=0.2)
    assert 'aria-label="Revenue &lt;of&gt; Acme"' in chart


def test_a_chart_of_nothing_is_empty_and_no_error() -> None:
    assert "<svg" in column_chart([OCTOBER], {}, "nothing")
