"""Income by customer and cost of sales by supplier against the sandbox's double-entry books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from books_postings import INCOME_KINDS, cost_postings, income_postings, month_of, totals

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def test_revenue_by_customer_equals_the_books_by_contact(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        accounts = organisation.records["Accounts"]
        in_books = totals(
            (
                (
                    month_of(posting.date),
                    posting.contact_id or "none",
                    accounts[posting.account_id]["Code"],
                ),
                -posting.amount_base,
            )
            for posting in income_postings(organisation)
        )
        in_report = totals(
            ((month, contact_id, code), amount)
            for month, contact_id, code, amount in demo.rows(
                """
                select month, contact_id, analysis_code, net_amount_base
                from reporting.revenue_by_customer
                where tenant_id = ?
                """,
                [organisation.tenant_id],
            )
        )
        assert in_report == in_books


def test_cost_of_sales_equals_the_books_in_every_month_code_and_supplier(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        accounts = organisation.records["Accounts"]
        in_books = totals(
            (
                (
                    month_of(posting.date),
                    posting.contact_id or "none",
                    accounts[posting.account_id]["Code"],
                ),
                posting.amount_base,
            )
            for posting in cost_postings(organisation)
        )
        in_report = totals(
            ((month, contact_id, code), amount)
            for month, contact_id, code, amount in demo.rows(
                """
                select month, contact_id, analysis_code, net_amount_base
                from reporting.cost_of_sales_by_contact
                where tenant_id = ?
                """,
                [organisation.tenant_id],
            )
        )
        assert in_books and in_report == in_books


def test_the_lines_behind_the_figures_are_those_of_the_books(demo: Demo) -> None:
    """Every line that the dashboard shows behind a figure: its day, account, contact and amount."""
    for organisation in demo.world.organisations.values():
        accounts = organisation.records["Accounts"]
        earned = (
            (posting, INCOME_KINDS[accounts[posting.account_id]["Type"]], -posting.amount_base)
            for posting in income_postings(organisation)
        )
        spent = (
            (posting, "cost_of_sales", posting.amount_base)
            for posting in cost_postings(organisation)
        )
        in_books = totals(
            ((posting.date, kind, posting.account_id, posting.contact_id or "none"), amount)
            for postings in (earned, spent)
            for posting, kind, amount in postings
        )
        in_report = totals(
            ((day, kind, account_id, contact_id), amount)
            for day, kind, account_id, contact_id, amount in demo.rows(
                """
                select document_date, line_kind, account_id, contact_id, net_amount_base
                from reporting.income_and_cost_lines
                where tenant_id = ?
                """,
                [organisation.tenant_id],
            )
        )
        assert in_books and in_report == in_books
