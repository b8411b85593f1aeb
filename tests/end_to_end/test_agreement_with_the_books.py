"""The reports against the sandbox's double-entry books, which are posted by other code.

From the documents of the demo organisations the books post debits and credits in Python; the same
documents go over HTTP into the raw log and through dbt. Every month, account, option and amount
must be equal, to the cent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from books_postings import (
    INCOME_KINDS,
    SALES,
    SOURCE_TYPES,
    income_postings,
    month_of,
    totals,
)

from pipelines.sandbox.books import Posting
from pipelines.sandbox.organisation import Organisation

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def test_the_large_organisations_have_two_years_of_income_in_the_books(demo: Demo) -> None:
    organisations = [demo.world.organisation("harbour"), demo.world.organisation("thistle")]
    for organisation in organisations:
        months = {month_of(posting.date) for posting in income_postings(organisation)}
        assert len(months) >= 24
    assert [each.base_currency for each in organisations] == ["NZD", "GBP"]


def test_every_model_and_test_of_the_build_passed(demo: Demo) -> None:
    assert [node.name for node in demo.build.nodes if node.status not in ("success", "pass")] == []


def test_revenue_by_analysis_code_equals_the_books_in_every_month_and_code(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        accounts = organisation.records["Accounts"]
        in_books = totals(
            (
                (
                    month_of(posting.date),
                    accounts[posting.account_id]["Code"],
                    SOURCE_TYPES[posting.document_type],
                    INCOME_KINDS[accounts[posting.account_id]["Type"]],
                ),
                -posting.amount_base,
            )
            for posting in income_postings(organisation)
        )
        in_report = totals(
            ((month, code, source_type, income_kind), amount)
            for month, code, source_type, income_kind, amount in demo.rows(
                """
                select month, analysis_code, source_type, income_kind, net_amount_base
                from reporting.revenue_by_analysis_code
                where tenant_id = ?
                """,
                [organisation.tenant_id],
            )
        )
        assert in_report == in_books


def test_posted_lines_equal_the_books_in_every_month_and_account(demo: Demo) -> None:
    # Two accounts may share a code, so the code alone does not prove the account.
    for organisation in demo.world.organisations.values():
        in_lines = totals(
            ((month, account_id), amount)
            for month, account_id, amount in demo.rows(
                """
                select
                    cast(date_trunc('month', lines.document_date) as date),
                    lines.account_id,
                    lines.net_amount_base
                from crm.sales_transaction_lines as lines
                inner join staging.stg_xero__accounts as accounts using (tenant_id, account_id)
                where lines.is_posted and accounts.account_class = 'REVENUE' and lines.tenant_id = ?
                """,
                [organisation.tenant_id],
            )
        )
        assert in_lines == {key: each for key, each in organisation.books.revenue().items() if each}


def test_every_line_of_the_books_is_a_line_of_the_same_amount(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        in_books = totals(
            ((posting.document_id, posting.line_id, posting.account_id), -posting.amount_base)
            for posting in income_postings(organisation)
            if posting.document_type in SALES
        )
        in_lines = {
            (document_id, line_id, account_id): amount
            for document_id, line_id, account_id, amount in demo.rows(
                """
                select document_id, line_id, account_id, net_amount_base
                from crm.sales_transaction_lines
                where is_posted and tenant_id = ?
                """,
                [organisation.tenant_id],
            )
        }
        assert {key: in_lines.get(key) for key in in_books} == in_books


def test_revenue_by_tracking_option_equals_the_books_by_option_and_default(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        accounts = organisation.records["Accounts"]
        slots: list[tuple[int, str | None]] = demo.rows(  # pyright: ignore[reportAssignmentType]
            """
            select distinct analysis_slot, tracking_category_id
            from reporting.revenue_by_tracking_option
            where tenant_id = ?
            """,
            [organisation.tenant_id],
        )
        assert sorted(slot for slot, _ in slots) == [2, 3]
        for slot, category_id in slots:
            in_books = totals(
                (
                    (
                        month_of(posting.date),
                        *option_and_source(organisation, posting, category_id),
                        accounts[posting.account_id]["Code"],
                    ),
                    -posting.amount_base,
                )
                for posting in income_postings(organisation)
            )
            in_report = totals(
                ((month, option_id, source, code), amount)
                for month, option_id, source, code, amount in demo.rows(
                    """
                    select
                        month,
                        tracking_option_id,
                        tracking_source,
                        analysis_code,
                        net_amount_base
                    from reporting.revenue_by_tracking_option
                    where tenant_id = ? and analysis_slot = ?
                    """,
                    [organisation.tenant_id, slot],
                )
            )
            assert in_report == in_books


def default_option(
    organisation: Organisation, posting: Posting, category_id: str | None
) -> str | None:
    """The option that the contact has by default on the document's side, found by its names."""
    if category_id is None or not posting.contact_id:
        return None
    contact = organisation.records["Contacts"][posting.contact_id]
    category = organisation.records["TrackingCategories"][category_id]
    options = {option["Name"]: option["TrackingOptionID"] for option in category["Options"]}
    is_bought = posting.document_type.startswith(("ACCPAY", "SPEND"))
    side = "Purchases" if is_bought else "Sales"
    for entry in contact.get(f"{side}TrackingCategories", []):
        if entry["TrackingCategoryName"] == category["Name"]:
            return options[entry["TrackingOptionName"]]
    return None


def option_and_source(
    organisation: Organisation, posting: Posting, category_id: str | None
) -> tuple[str, str]:
    if category_id and (option := posting.tracking.get(category_id)):
        return option, "line"
    if option := default_option(organisation, posting, category_id):
        return option, "contact"
    return "none", "none"


def test_each_slot_totals_to_the_revenue_of_the_books(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        revenue = -sum(posting.amount_base for posting in income_postings(organisation))
        by_slot = demo.rows(
            """
            select analysis_slot, sum(net_amount_base)
            from reporting.revenue_by_tracking_option
            where tenant_id = ?
            group by analysis_slot
            order by analysis_slot
            """,
            [organisation.tenant_id],
        )
        assert by_slot == [(2, revenue), (3, revenue)]
