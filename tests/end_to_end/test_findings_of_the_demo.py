"""The awkward cases that the demo's README lists are found, and each finding says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

# By data/sandbox/README.md, "Where the awkward cases are": what each finding is about.
LISTED = {
    "item_without_code": {"TRADE-MISC", "GIFT-TAG"},
    "unknown_code": {"CNC-HR", "SAMPLE"},
    "archived_code_on_new_document": {"CNC-HR", "SHOW-EXD", "STALL-PK"},
    "account_code_shared": {"250", "4060"},
    "account_number_shared": {"BR-7000", "T111"},
    "archived_default_option": {"Grey Lynn Studio Architects", "Kirkwall Outdoors"},
    "bill_number_repeated": {"bills B0425 and B0439", "bills B0354 and B0368"},
    "tracking_category_without_slot": {"Salesperson", "Campaign"},
}
FIRING = {
    *LISTED,
    "bill_without_number",
    "credit_not_used",
    "currency_without_bank_account",
    "draft_in_locked_period",
    "item_sold_on_another_account",
    "long_overdue",
    "open_document_of_archived_contact",
    "purchase_line_on_income_account",
    "sales_line_on_non_revenue_account",
    "stale_draft",
    "tracking_missing",
}


def test_at_least_fifteen_rules_find_something(demo: Demo) -> None:
    found = {rule for (rule,) in demo.rows("select distinct rule from quality.exceptions")}
    assert FIRING - found == set()
    assert len(FIRING) >= 15


@pytest.mark.parametrize("rule", sorted(set(LISTED) - {"bill_number_repeated"}))
def test_a_case_of_the_readme_is_found_under_its_name(demo: Demo, rule: str) -> None:
    query = "select distinct record_label from quality.exceptions where rule = ?"
    assert {label for (label,) in demo.rows(query, [rule])} == LISTED[rule]


def test_both_bills_of_one_number_are_found(demo: Demo) -> None:
    found = {
        record_id
        for (record_id,) in demo.rows(
            "select record_id from quality.exceptions where rule = 'bill_number_repeated'"
        )
    }
    bills = {
        document_id: (document.contact_id, document.number.lower())
        for organisation in demo.world.organisations.values()
        for document_id, document in organisation.documents["Invoices"].items()
        if document.type == "ACCPAY"
        and document.number
        and document.status not in ("VOIDED", "DELETED")
    }
    numbers = list(bills.values())
    assert found == {bill for bill, number in bills.items() if numbers.count(number) > 1}


def test_every_finding_says_what_to_do_and_when_it_came_up(demo: Demo) -> None:
    unclear = demo.rows(
        """
        select rule, record_id, message
        from quality.exceptions
        where
            first_seen_at is null or severity is null
            or message not like '%.' or length(message) < 40
        """
    )
    assert unclear == []
