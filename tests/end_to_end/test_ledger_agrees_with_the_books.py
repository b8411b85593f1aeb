"""The derived general ledger against the sandbox's double-entry books, posted by other code.

Every account, every day, for each contact, to the cent, and every tracking option. What no record
tells is in the books and not in the ledger: the balances taken over from the books before Xero, and
the cost that Xero posts for tracked inventory; both are taken off the books here, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from books_postings import SALES, is_stock_cost, totals

from pipelines.sandbox.organisation import Organisation

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

Key = tuple[date, str, str]  # the day, the account, and the contact or none


def told_by_records(organisation: Organisation) -> Iterator[tuple[Key, Decimal]]:
    """Yield (key, amount) of what the books post out of records that can be read."""
    for posting in organisation.books.postings:
        if posting.document_type != "CONVERSION":
            yield (posting.date, posting.account_id, posting.contact_id), posting.amount_base
    for documents in organisation.documents.values():
        for document in documents.values():
            if document.is_posted and document.type in SALES:
                for move in document.stock:
                    yield (document.date, move.expense_id, document.contact_id), move.cost
                    yield (document.date, move.asset_id, document.contact_id), -move.cost


def in_ledger(demo: Demo, organisation: Organisation) -> dict[Key, Decimal]:
    return totals(
        ((posting_date, account_id, contact_id), amount)
        for posting_date, account_id, contact_id, amount in demo.rows(
            """
            select posting_date, account_id, coalesce(contact_id, ''), net_amount_base
            from reporting.ledger_lines
            where tenant_id = ?
            """,
            [organisation.tenant_id],
        )
    )


def test_every_account_moves_every_day_for_each_contact_as_in_the_books(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        in_books = totals(told_by_records(organisation))
        assert len(in_books) > 20
        assert in_ledger(demo, organisation) == in_books


def test_tracking_options_are_those_of_the_books(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        slots = demo.rows(
            "select analysis_slot, tracking_category_id from intermediate.int_tracking_slots_bound"
            " where tenant_id = ?",
            [organisation.tenant_id],
        )
        for slot, category in slots:
            tracked = totals(
                ((day, account_id, option), amount)
                for day, account_id, option, amount in demo.rows(
                    f"select posting_date, account_id, tracking_option_id_{slot}, net_amount_base"  # noqa: S608
                    f" from reporting.ledger_lines where tracking_option_id_{slot} is not null"
                    " and tenant_id = ?",
                    [organisation.tenant_id],
                )
            )
            assert tracked == totals(
                (
                    (posting.date, posting.account_id, posting.tracking[category]),
                    posting.amount_base,
                )
                for posting in organisation.books.postings
                if category in posting.tracking and not is_stock_cost(posting)
            )
            assert len(tracked) > 20


def test_every_kind_of_record_posts(demo: Demo) -> None:
    found = {
        kind for (kind,) in demo.rows("select distinct source_type from reporting.ledger_lines")
    }
    assert found == {
        "sales_invoice",
        "sales_credit_note",
        "bill",
        "bill_credit_note",
        "bank_transaction",
        "bank_transfer",
        "payment",
        "prepayment",
        "overpayment",
        "allocation",
        "manual_journal",
    }


def test_a_prepaid_sale_is_revenue_once(demo: Demo) -> None:
    # What a prepayment posted to an account, its uses take back: what is left is its own remainder.
    for organisation in demo.world.organisations.values():
        used: set[str] = {
            identity
            for identity, record in organisation.records["Prepayments"].items()
            if record["Status"] == "PAID" and not organisation.refunds.get(identity)
        }
        allocations: dict[str, str] = {
            one["AllocationID"]: identity
            for identity in used
            for one in organisation.records["Prepayments"][identity]["Allocations"]
        }
        left: dict[str | None, Decimal] = defaultdict(Decimal)
        for source_id, amount in demo.rows(
            """
            select source_id, net_amount_base
            from reporting.ledger_lines
            where
                tenant_id = ? and account_class = 'REVENUE'
                and source_type in ('prepayment', 'allocation')
            """,
            [organisation.tenant_id],
        ):
            if source_id in used or source_id in allocations:
                left[allocations.get(source_id, source_id)] += amount
        assert {identity: amount for identity, amount in left.items() if amount} == {}
