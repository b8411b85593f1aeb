"""The double-entry books against figures worked out by hand from the demo files.

Each table is what a bookkeeper would post: (account code, debit positive), receivable first.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from pipelines.sandbox.documents import SALES, ZERO
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.world import World

# USD 1,485.75 / 0.56 = 2,653.125; USD 210.07 / 0.56 = 375.125; USD 1,695.82 / 0.56 = 3,028.25
EXPORT_INVOICE = [
    ("610", "3028.25"),
    ("230", "-2653.13"),
    ("225", "-375.13"),
    ("860", "0.01"),
]
# USD 210.07 / 0.56 = 375.125, away from zero on a credit note too
EXPORT_CREDIT = [("610", "-375.13"), ("225", "375.13")]
# GST inclusive. 1,000.50 - 12.5 % = 875.4375 -> 875.44, of which GST 875.44 x 15/115 = 114.19;
# 109.25 - 9.25 = 100.00, of which GST 13.04
INCLUSIVE_INVOICE = [
    ("610", "975.44"),
    ("201", "-761.25"),
    ("820", "-114.19"),
    ("225", "-86.96"),
    ("820", "-13.04"),
]
# Exclusive: rebate repaid -260.00 and GST -39.00, boards 24 x 112.75 = 2,706.00 and GST 405.90
BILL = [
    ("800", "-2812.90"),
    ("225", "-260.00"),
    ("820", "-39.00"),
    ("300", "2706.00"),
    ("820", "405.90"),
]
# EUR 7 x 64.95 = 454.65 / 1.2 = 378.875; 3 x 22.53 = 67.59 / 1.2 = 56.325; 522.24 / 1.2 = 435.20
EURO_INVOICE = [("1100", "435.20"), ("4000", "-378.88"), ("4000", "-56.33"), ("9996", "0.01")]
EURO_CREDIT = [("1100", "-56.33"), ("4000", "56.33")]
# VAT inclusive. 346.80 - 7.5 % = 320.79, VAT 53.465 -> 53.47; children's wear zero rated
# 84.00 - 4.20 = 79.80; wrapping 12.60, VAT 2.10
CHRISTMAS = [
    ("1100", "413.19"),
    ("4010", "-267.32"),
    ("2200", "-53.47"),
    ("4020", "-79.80"),
    ("4011", "-10.50"),
    ("2200", "-2.10"),
]
# NOK 10 x 1,248.00 - 624.00 = 11,856.00 / 13.963866 = 849.0485…, no tax
NORWAY = [("1100", "849.05"), ("4060", "-849.05")]


@pytest.mark.parametrize(
    ("short_name", "key", "expected"),
    [
        ("harbour", "S0083", EXPORT_INVOICE),
        ("harbour", "C009", EXPORT_CREDIT),
        ("harbour", "S0341", INCLUSIVE_INVOICE),
        ("harbour", "B0404", BILL),
        ("thistle", "S0086", EURO_INVOICE),
        ("thistle", "C010", EURO_CREDIT),
        ("thistle", "S0402", CHRISTMAS),
        ("thistle", "S0449", NORWAY),
    ],
)
def test_a_document_posts_what_was_worked_out_by_hand(
    demo_world: World, document_of, short_name: str, key: str, expected: list[tuple[str, str]]
) -> None:
    organisation = demo_world.organisation(short_name)
    postings = organisation.books.entry(document_of(organisation, key))
    found = [(organisation.account_code(post.account_id), post.amount_base) for post in postings]
    assert found == [(code, Decimal(amount)) for code, amount in expected]


def test_every_entry_balances_to_zero(demo_organisation: Organisation) -> None:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for posting in demo_organisation.books.postings:
        sums[posting.document_id] += posting.amount_base
    assert set(sums.values()) == {ZERO}


def test_only_authorised_and_paid_documents_post(demo_organisation: Organisation) -> None:
    types = ("ACCREC", "ACCPAY", "ACCRECCREDIT", "ACCPAYCREDIT")
    posted = {
        posting.document_id
        for posting in demo_organisation.books.postings
        if posting.document_type in types
    }
    documents = [
        document
        for held in demo_organisation.documents.values()
        for document in held.values()
        if document.status in ("AUTHORISED", "PAID")
    ]
    assert posted == {document.document_id for document in documents}


def test_rounding_is_all_that_the_rounding_account_takes(demo_organisation: Organisation) -> None:
    rounding = [
        posting
        for posting in demo_organisation.books.postings
        if demo_organisation.records["Accounts"][posting.account_id].get("SystemAccount")
        == "ROUNDING"
    ]
    assert rounding
    assert max(abs(posting.amount_base) for posting in rounding) <= Decimal("0.05")


def test_a_posting_carries_its_lines_tracking(demo_world: World, document_of) -> None:
    harbour = demo_world.organisation("harbour")
    sale = document_of(harbour, "S0423")
    tracked = [post.tracking for post in harbour.books.entry(sale) if post.tracking]
    branch = harbour.id_of("TrackingCategories", "branch")
    division = harbour.id_of("TrackingCategories", "division")
    nelson = harbour.id_of("TrackingOptions", "branch", "nelson")
    fit_out = harbour.id_of("TrackingOptions", "division", "fit-out")
    assert tracked == [{division: fit_out, branch: nelson}, {branch: nelson}]


def test_revenue_is_of_sales_documents_and_revenue_accounts(demo_world: World) -> None:
    harbour = demo_world.organisation("harbour")
    freight = harbour.id_of("Accounts", "225")
    deposits = harbour.id_of("Accounts", "805")
    revenue = harbour.books.revenue()
    april = date(2026, 4, 1)
    sales = -sum(
        posting.amount_base
        for posting in harbour.books.postings
        if posting.account_id == freight
        and posting.date.replace(day=1) == april
        and posting.document_type in SALES
    )
    assert revenue[april, freight] == sales  # without the rebate that a bill posted there
    assert deposits not in {account for _, account in revenue}


def test_books_follow_a_recoded_line(changeable_harbour: Organisation, document_of) -> None:
    harbour = changeable_harbour
    sale = document_of(harbour, "S0509")
    record = harbour.records["Invoices"][sale.document_id]
    lines = [{**record["LineItems"][0], "AccountCode": "200"}, *record["LineItems"][1:]]
    kitchens, month = harbour.id_of("Accounts", "200"), date(2026, 6, 1)
    before = harbour.books.revenue()[month, kitchens]
    harbour.change("Invoices", sale.document_id, stamp=False, LineItems=lines)
    assert harbour.books.revenue()[month, kitchens] == before + Decimal("11850.00")
    harbour.change("Invoices", sale.document_id, Status="VOIDED")
    assert harbour.books.revenue()[month, kitchens] == before
