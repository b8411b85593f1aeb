"""`xero-crm report revenue` as files, over the demo: equal to the books, complete in themselves."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from books_postings import INCOME_KINDS, income_postings, month_of, totals
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.environment import settings_variables
from orchestration.revenue_breakdowns import BREAKDOWNS
from orchestration.revenue_pack import OrganisationPack, revenue_pack
from orchestration.revenue_report import RevenueQuestion, revenue_report
from pipelines.sandbox.organisation import Organisation

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

FIRST, LAST = date(2025, 11, 1), date(2026, 10, 1)  # twelve months


@pytest.fixture
def run(published: Demo, monkeypatch: pytest.MonkeyPatch):
    """Run `report revenue` on the demo's home; give what it printed."""
    for name, value in settings_variables(published.settings).items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["report", "revenue", *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


def in_books(organisation: Organisation, kind: str) -> dict[date, Decimal]:
    """Income of a kind in each of the twelve months, by the double-entry books."""
    accounts = organisation.records["Accounts"]
    return totals(
        (month_of(posting.date), -posting.amount_base)
        for posting in income_postings(organisation)
        if INCOME_KINDS[accounts[posting.account_id]["Type"]] == kind
        and FIRST <= month_of(posting.date) <= LAST
    )


def packs(demo: Demo, by: str) -> dict[str, OrganisationPack]:
    question = RevenueQuestion(by=by, is_pack=True)
    made = revenue_pack(revenue_report(demo.settings, question, lambda _: None))
    return {each.name: each for each in made.organisations}


@pytest.mark.parametrize("by", sorted(BREAKDOWNS))
def test_each_report_adds_up_to_the_books_whatever_it_is_by(published: Demo, by: str) -> None:
    found = packs(published, by)
    for organisation in published.world.organisations.values():
        pack = found[organisation.name]
        amounts = {month: amount for month, amount in pack.revenue.by_month.items() if amount}
        assert amounts == in_books(organisation, "trading")
        assert pack.other_income == in_books(organisation, "other")
        assert pack.base_currency == organisation.base_currency


def test_the_statement_compares_all_income_with_xeros_own_report(published: Demo) -> None:
    for pack in packs(published, "analysis-code").values():
        assert pack.is_reconciled and pack.not_compared == ()
        assert pack.compared["ours"] == pack.compared["xero"] == pack.all_income


def test_a_page_needs_nothing_else_and_shows_every_part(run, tmp_path: Path) -> None:
    path = tmp_path / "pack" / "revenue.html"
    assert "Written" in run("--by", "customer", "--format", "html", "--out", str(path))
    page = path.read_text("utf-8")
    assert not re.search(r"https?:|src=|<link|<script|@import|url\(", page)
    parts = ("Revenue by customer", "Nov 2025 to Oct 2026, in NZD", "in GBP", "<svg", "Exceptions")
    assert [
        part for part in (*parts, "Agreement with Xero", "K\u014dwhai") if part not in page
    ] == []
    assert "O&#39;Connor, Pratt &amp; Daughters" in page  # as text, not as markup
    assert list(path.parent.iterdir()) == [path]


def test_a_workbook_holds_figures_chart_statement_and_exceptions(
    run, published: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "revenue.xlsx"
    run("--format", "xlsx", "--organisation", "Harbour", "--out", str(path))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:2] == ["Report", "By month"]
    assert {"Rows", "Agreement with Xero", "Exceptions"} <= set(book.sheetnames)
    rows = [row for row in book["Report"].iter_rows(values_only=True) if row]
    total = next(row for row in rows if row[0] == "Revenue")
    harbour = published.world.organisation("harbour")
    expected = sum(in_books(harbour, "trading").values())
    assert Decimal(str(total[-1])) == expected
    with zipfile.ZipFile(path) as parts:
        assert [name for name in parts.namelist() if "/charts/chart" in name] != []
    assert not any("Thistle" in str(cell) for row in rows for cell in row)


def test_csv_has_the_rows_of_the_months_that_are_asked_for(run, published: Demo) -> None:
    text = run("--by", "month", "--format", "csv", "--from", "2026-09", "--to", "2026-10")
    found = list(csv.DictReader(io.StringIO(text)))
    assert {row["month"] for row in found} == {"2026-09-01", "2026-10-01"}
    for organisation in published.world.organisations.values():
        revenue = totals(
            (date.fromisoformat(row["month"]), Decimal(row["net_amount_base"]))
            for row in found
            if row["tenant_id"] == organisation.tenant_id and row["income_kind"] == "trading"
        )
        expected = in_books(organisation, "trading")
        assert revenue == {month: expected[month] for month in revenue} and len(revenue) == 2
