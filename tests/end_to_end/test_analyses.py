"""The ready questions of dbt_project/analyses, asked of the published file of the demo.

Each answer is compared with something the product did not compute: the sandbox's double-entry
books, its documents, or what the demo's README says is wrong with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from books_postings import INCOME_KINDS, cost_postings, income_postings, month_of, totals

from orchestration.published_file import published_file
from pipelines.sandbox.books import Posting
from pipelines.sandbox.organisation import Organisation

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

Row = dict[str, Any]
LAST_MONTH = date(2026, 10, 1)  # with income, in each of the organisations
TWELVE_MONTHS = (date(2025, 11, 1), LAST_MONTH)
MONTH_END = date(2026, 11, 30)


@pytest.fixture(scope="module")
def answers(published: Demo, project_root: Path) -> dict[str, list[Row]]:
    """The answer to each question, by the name of its file."""
    with published_file(published.settings.home) as file:
        return {
            path.stem: file.rows(path.read_text("utf-8"))
            for path in (project_root / "dbt_project" / "analyses").glob("*.sql")
        }


@pytest.fixture
def organisations(published: Demo) -> list[Organisation]:
    return list(published.world.organisations.values())


def trading(organisation: Organisation) -> Iterator[Posting]:
    accounts = organisation.records["Accounts"]
    for posting in income_postings(organisation):
        if INCOME_KINDS[accounts[posting.account_id]["Type"]] == "trading":
            yield posting


def between(postings: Iterable[Posting], first: date, last: date) -> list[Posting]:
    return [each for each in postings if first <= month_of(each.date) <= last]


def answered(rows: list[Row], *key: str, amount: str) -> dict[Any, Decimal]:
    return totals((tuple(row[name] for name in key), row[amount]) for row in rows)


def test_there_are_ten_and_each_begins_with_its_question(project_root: Path) -> None:
    files = sorted((project_root / "dbt_project" / "analyses").glob("*.sql"))
    first_lines = [path.read_text("utf-8").splitlines()[0] for path in files]
    assert len(files) == 10
    assert [line for line in first_lines if not (line.startswith("-- ") and "?" in line)] == []


def test_every_answer_is_of_one_organisation_and_its_currency(answers, organisations) -> None:
    currencies = {each.name: each.base_currency for each in organisations}
    for rows in answers.values():
        assert rows
        named = {(row["organisation_name"], row.get("base_currency")) for row in rows}
        assert named <= {*currencies.items(), *((name, None) for name in currencies)}


def test_revenue_by_month_equals_the_books(answers, organisations) -> None:
    in_books = totals(
        ((organisation.name, month_of(posting.date)), -posting.amount_base)
        for organisation in organisations
        for posting in trading(organisation)
    )
    rows = answers["revenue_by_month"]
    assert answered(rows, "organisation_name", "month", amount="revenue") == in_books
    harbour = [row for row in rows if row["organisation_name"].startswith("Harbour")]
    since_april = sum(
        amount
        for (name, month), amount in in_books.items()
        if name.startswith("Harbour") and month >= date(2026, 4, 1)
    )
    assert harbour[-1]["revenue_since_start_of_year"] == since_april


def test_this_year_and_last_equal_the_books_where_the_year_begins_in_april(
    answers, organisations
) -> None:
    years = {
        "this_year": (date(2026, 4, 1), LAST_MONTH),
        "last_year": (date(2025, 4, 1), date(2025, 10, 1)),
    }
    for organisation in (each for each in organisations if each.base_currency == "NZD"):
        accounts = organisation.records["Accounts"]
        rows = [
            row
            for row in answers["revenue_by_code_this_year_and_last"]
            if row["organisation_name"] == organisation.name
        ]
        for column, months in years.items():
            in_books = totals(
                ((accounts[posting.account_id]["Code"],), -posting.amount_base)
                for posting in between(trading(organisation), *months)
            )
            assert answered(rows, "analysis_code", amount=column) == in_books


def test_the_top_customers_are_those_of_the_books(answers, organisations) -> None:
    for organisation in organisations:
        by_contact = totals(
            (posting.contact_id or "none", -posting.amount_base)
            for posting in between(trading(organisation), *TWELVE_MONTHS)
        )
        largest = sorted(by_contact.values(), reverse=True)[:10]
        rows = [
            row for row in answers["top_customers"] if row["organisation_name"] == organisation.name
        ]
        assert [row["revenue"] for row in rows] == largest
        share = 100 * largest[0] / sum(by_contact.values())
        assert abs(rows[0]["percent_of_income"] - share) <= Decimal("0.05")


def test_income_on_lines_of_an_option_equals_the_books_and_a_slot_adds_up(
    answers, organisations
) -> None:
    for organisation in organisations:
        options = {
            option["TrackingOptionID"]: (category["Name"], option["Name"])
            for category in organisation.records["TrackingCategories"].values()
            for option in category["Options"]
        }
        postings = between(trading(organisation), *TWELVE_MONTHS)
        in_books = totals(
            (options[option], -posting.amount_base)
            for posting in postings
            for option in posting.tracking.values()
        )
        rows = [
            row
            for row in answers["revenue_by_tracking_option"]
            if row["organisation_name"] == organisation.name
        ]
        names = ("tracking_category_name", "tracking_option")
        asked = {row["tracking_category_name"] for row in rows}
        assert answered(rows, *names, amount="on_lines") == {
            key: amount for key, amount in in_books.items() if key[0] in asked
        }
        whole = -sum(posting.amount_base for posting in postings)
        slots = answered(rows, "analysis_slot", amount="revenue")
        assert set(slots.values()) == {whole}


def test_margins_of_a_slot_add_up_to_income_less_cost_in_the_books(answers, organisations) -> None:
    for organisation in organisations:
        income = -sum(
            posting.amount_base for posting in between(trading(organisation), *TWELVE_MONTHS)
        )
        cost = sum(
            posting.amount_base for posting in between(cost_postings(organisation), *TWELVE_MONTHS)
        )
        rows = [
            row
            for row in answers["margin_by_tracking_option"]
            if row["organisation_name"] == organisation.name
        ]
        margins = answered(rows, "analysis_slot", amount="gross_margin")
        assert margins and set(margins.values()) == {income - cost}


def test_money_owed_equals_the_debtors_account_of_the_books(answers, organisations) -> None:
    for organisation in organisations:
        debtors = {
            account_id
            for account_id, account in organisation.records["Accounts"].items()
            if account.get("SystemAccount") == "DEBTORS"
        }
        in_books = sum(
            posting.amount_base
            for posting in organisation.books.journal()
            if posting.account_id in debtors and posting.date <= MONTH_END
        )
        rows = [
            row
            for row in answers["money_owed_by_age"]
            if row["organisation_name"] == organisation.name
        ]
        assert sum(row["total_base"] for row in rows) == in_books
        ages = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90")
        assert all(sum(row[age] for age in ages) == row["total_amount"] for row in rows)


def test_every_organisation_agrees_with_xero_and_where_nothing_is_odd_to_the_cent(answers) -> None:
    rows = answers["agreement_with_xero"]
    compared = {(row["organisation_name"], row["report"]) for row in rows}
    assert len(compared) == len(rows) == 9
    assert [row for row in rows if row["not_explained"]] == []
    plain = next(
        row
        for row in rows
        if row["organisation_name"].startswith("Kōwhai") and row["report"] == "profit_and_loss"
    )
    assert plain["equal"] == plain["figures_compared"] and plain["causes"] == ""


def test_what_to_fix_counts_the_cases_that_the_demo_lists(answers) -> None:
    counts: dict[str, int] = defaultdict(int)
    for row in answers["what_to_fix_first"]:
        counts[row["rule"]] += row["findings"]
    listed = {"account_code_shared": 2, "unknown_code": 2, "archived_code_on_new_document": 3}
    listed |= {"archived_default_option": 2, "tracking_category_without_slot": 2}
    assert {rule: counts[rule] for rule in listed} == listed


def test_sales_without_analysis_are_lines_that_carry_no_option(answers, organisations) -> None:
    lines = {
        (organisation.name, document.number, number): line
        for organisation in organisations
        for endpoint in ("Invoices", "CreditNotes")
        for document in organisation.documents[endpoint].values()
        if document.type in ("ACCREC", "ACCRECCREDIT")
        for number, line in enumerate(document.body.lines, start=1)
    }
    rows = answers["sales_without_analysis"]
    keys = [(row["organisation_name"], row["document_number"], row["line_number"]) for row in rows]
    assert len(set(keys)) == len(keys) > 50
    assert all(len(lines[key].options) < 2 for key in keys)
    assert all(row["document_date"] >= date(2026, 8, 1) for row in rows)


def test_documents_are_held_back_for_the_reasons_that_the_demo_lists(answers) -> None:
    found = {(row["document_number"], row["rule"]) for row in answers["documents_held_back"]}
    listed = {
        *{("WG-5238", "ACC_UNKNOWN"), ("WG-5240", "ACC_ARCHIVED"), ("PO-3134", "ACC_ARCHIVED")},
        *{("WG-5241", "ACC_INELIGIBLE"), ("WG-5243", "ACC_CLASS"), ("WG-5244", "TAX_MISSING")},
        *{("WG-5247", "TRK_MISSING"), ("WG-5252", "TRK_CONFLICT"), ("WG-5254", "CON_ARCHIVED")},
    }
    assert listed - found == set()
    assert all(row["remedy"] for row in answers["documents_held_back"])
