"""What money posts: receipts, advances, transfers, opening balances, and revaluation at a date.

The figures of single entries are worked out by hand; the control accounts are counted a second way,
from what the records themselves say is still owed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from pipelines.sandbox.balances import balances
from pipelines.sandbox.documents import CREDITS, SALES, ZERO
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.revaluation import revaluation

END = date(2026, 12, 31)
Entries = Callable[[Organisation, str], list[tuple[str | None, Decimal]]]


@pytest.fixture
def entry() -> Entries:
    """Return (account name, debit positive) of an entry's postings by its id."""

    def find(organisation: Organisation, identity: str) -> list[tuple[str | None, Decimal]]:
        accounts = organisation.records["Accounts"]
        return [
            (accounts[posting.account_id]["Name"], posting.amount_base)
            for posting in organisation.books.postings
            if posting.document_id == identity
        ]

    return find


def amounts(*pairs: tuple[str, str]) -> list[tuple[str, Decimal]]:
    return [(name, Decimal(amount)) for name, amount in pairs]


def prepayment(organisation: Organisation, key: str) -> str:
    return organisation.id_of("Prepayments", key)


def allocation_of(organisation: Organisation, endpoint: str, key: str) -> str:
    record = organisation.records[endpoint][organisation.id_of(endpoint, key)]
    return record["Allocations"][0]["AllocationID"]


def test_a_prepayment_posts_its_lines_and_tax_when_it_is_received(demo_world, entry):
    # 60 % of 3,687.36 incl. 15 %: 2,212.42, GST 2,212.42 x 15/115 = 288.58; the rest 1,474.94 with
    # GST 192.38
    harbour = demo_world.organisation("harbour")
    assert entry(harbour, prepayment(harbour, "P001")) == amounts(
        ("ASB Business Cheque", "3687.36"),
        ("Sales - Kitchens", "-1923.84"),
        ("GST", "-288.58"),
        ("Sales - Kitchens", "-1282.56"),
        ("GST", "-192.38"),
    )


def test_its_allocation_takes_them_back_against_the_invoice(demo_world, entry):
    harbour = demo_world.organisation("harbour")
    assert entry(harbour, allocation_of(harbour, "Prepayments", "P001")) == amounts(
        ("Sales - Kitchens", "1923.84"),
        ("GST", "288.58"),
        ("Sales - Kitchens", "1282.56"),
        ("GST", "192.38"),
        ("Accounts Receivable", "-3687.36"),
    )


def test_a_refund_takes_back_what_an_allocation_left(demo_world, entry):
    # 60.00 of 1,693.00 is left when 1,633.00 is applied; the refund clears every side.
    harbour = demo_world.organisation("harbour")
    key = prepayment(harbour, "P005")
    (refund,) = [
        one.payment_id for one in harbour.payments.settled.values() if one.settled_id == key
    ]
    whole = defaultdict(Decimal)
    for identity in (key, allocation_of(harbour, "Prepayments", "P005"), refund):
        for name, amount in entry(harbour, identity):
            whole[name] += amount
    assert {name: amount for name, amount in whole.items() if amount} == {
        "ASB Business Cheque": Decimal("-1633.00"),
        "Accounts Payable": Decimal("1633.00"),
    }


def test_a_receipt_at_another_rate_realises_the_difference(changeable_harbour, document_of):
    # AUD 1,000 at 0.9 = 1,111.11 is owed; AUD 400 and 600 come in at 0.8: 500.00 and 750.00
    harbour = changeable_harbour
    foreign = next(
        one
        for one in harbour.documents["Invoices"].values()
        if one.currency == "AUD" and one.status == "AUTHORISED"
    )
    line = {"Quantity": Decimal(1), "UnitAmount": Decimal("1000.00"), "TaxType": "ZERORATED"}
    line |= {"AccountID": harbour.id_of("Accounts", "230"), "Tracking": []}
    payments = [
        {"PaymentID": str(n), "Date": date(2026, 10, n), "Amount": Decimal(amount), "Reference": ""}
        for n, amount in ((1, "400.00"), (2, "600.00"))
    ]
    harbour.change(
        "Invoices",
        foreign.document_id,
        CurrencyRate=Decimal("0.900000"),
        LineItems=[line],
        Payments=payments,
    )
    for one in list(harbour.payments.settled.values()):
        if one.settled_id == foreign.document_id:
            document = harbour.documents["Invoices"][foreign.document_id]
            harbour.save(
                replace(
                    document,
                    payments=tuple(replace(p, rate=Decimal("0.8")) for p in document.payments),
                )
            )
    postings = [
        (harbour.records["Accounts"][posting.account_id]["Name"], posting.amount_base)
        for one in harbour.payments.settled.values()
        if one.settled_id == foreign.document_id
        for posting in harbour.books.postings
        if posting.document_id == one.payment_id
    ]
    assert postings == amounts(
        ("ASB Business Cheque", "500.00"),
        ("Accounts Receivable", "-444.44"),
        ("Realised Currency Gains", "-55.56"),
        ("ASB Business Cheque", "750.00"),
        ("Accounts Receivable", "-666.67"),
        ("Realised Currency Gains", "-83.33"),
    )


def test_control_accounts_are_what_the_records_say_is_owed(demo_organisation: Organisation):
    base = demo_organisation.base_currency
    owed: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for held in demo_organisation.documents.values():
        for document in held.values():
            if document.is_posted:
                is_sale = document.type in SALES
                sign = 1 if is_sale != (document.type in CREDITS) else -1
                owed["DEBTORS" if is_sale else "CREDITORS", document.currency] += (
                    sign * document.due
                )
    for record in demo_organisation.records["Overpayments"].values():
        if record["Status"] != "VOIDED":
            is_sale = record["Type"].startswith("RECEIVE")
            key = "DEBTORS" if is_sale else "CREDITORS", record["CurrencyCode"]
            owed[key] -= record["RemainingCredit"] if is_sale else -record["RemainingCredit"]
    system = {
        account.get("SystemAccount"): identity
        for identity, account in demo_organisation.records["Accounts"].items()
    }
    foreign = demo_organisation.books.foreign(END)
    whole = demo_organisation.books.balances(date.min, END)
    for control in ("DEBTORS", "CREDITORS"):
        in_base = whole[system[control]]
        for (account_id, currency), (amount, its_base) in foreign.items():
            if account_id == system[control]:
                assert amount == owed[control, currency], (control, currency)
                in_base -= its_base
                assert (amount == 0) <= (its_base == 0)  # nothing remains of what is settled
        assert in_base == owed[control, base]


def test_bank_accounts_are_what_their_movements_add_up_to(demo_organisation: Organisation):
    """In the account's own currency, from the records as they are served."""
    records, accounts = demo_organisation.records, demo_organisation.records["Accounts"]
    held: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for one in demo_organisation.opening.balances:
        if accounts[one.account_id]["Type"] == "BANK":
            held[one.account_id] += one.currency_amount or one.amount
    for record in records["BankTransactions"].values():
        if record["Status"] in ("AUTHORISED", "PAID"):
            sign = 1 if record["Type"].startswith("RECEIVE") else -1
            held[record["BankAccount"]["AccountID"]] += sign * record["Total"]
    comes_in = ("ACCRECPAYMENT", "APCREDITPAYMENT", "APPREPAYMENTPAYMENT", "APOVERPAYMENTPAYMENT")
    for record in records["Payments"].values():
        if record["Status"] == "AUTHORISED":
            sign = 1 if record["PaymentType"] in comes_in else -1
            held[record["Account"]["AccountID"]] += sign * record["BankAmount"]
    books = demo_organisation.books.balances(date.min, END)
    foreign = {
        key: amount for (key, _), (amount, _) in demo_organisation.books.foreign(END).items()
    }
    for identity, account in accounts.items():
        if account["Type"] == "BANK":
            if account.get("CurrencyCode") == demo_organisation.base_currency:
                assert held[identity] == books.get(identity, ZERO), account["Name"]
            else:
                assert held[identity] == foreign[identity], account["Name"]


def test_revaluation_is_worth_the_day_rate_and_sums_to_zero(demo_organisation: Organisation):
    accounts = demo_organisation.records["Accounts"]
    for day in (date(2024, 12, 31), date(2025, 3, 31), date(2026, 10, 31)):
        adjusted = revaluation(demo_organisation, day)
        assert sum(adjusted.values()) == ZERO
        for (account_id, currency), (amount, base) in demo_organisation.books.foreign(day).items():
            if accounts[account_id]["Type"] == "BANK":
                rate = demo_organisation.opening.rate(currency, day)
                assert rate is not None
                worth = base + adjusted.get(account_id, ZERO)
                assert abs(worth - amount / rate) <= Decimal("0.005")
    kinds = {accounts[identity].get("SystemAccount") for identity in adjusted}
    assert {"UNREALISEDCURRENCYGAIN", "BANKCURRENCYGAIN", "DEBTORS"} <= kinds


def test_earnings_of_earlier_years_are_retained(demo_organisation: Organisation):
    accounts = demo_organisation.records["Accounts"]
    (retained,) = (
        key for key, one in accounts.items() if one.get("SystemAccount") == "RETAINEDEARNINGS"
    )
    year_end = date(2026, 3, 31) if demo_organisation.short_name == "harbour" else date(2026, 4, 5)
    before, after = (
        balances(demo_organisation, day) for day in (year_end, year_end + timedelta(days=1))
    )
    posted_next_day = before.earnings
    assert after.by_account[retained] == before.by_account[retained] - posted_next_day
    assert sum(before.by_account.values()) == sum(after.by_account.values()) == ZERO


def test_a_deleted_payment_leaves_its_document_open(changeable_harbour: Organisation):
    harbour = changeable_harbour
    paid = next(
        one
        for one in harbour.payments.settled.values()
        if one.endpoint == "Invoices" and one.payment.is_live and not one.payment.rate
    )
    harbour.change("Payments", paid.payment_id, Status="DELETED")
    document = harbour.documents["Invoices"][paid.settled_id]
    assert (document.status, document.due) == ("AUTHORISED", paid.payment.amount)
    assert harbour.records["Payments"][paid.payment_id]["Status"] == "DELETED"
    assert all(posting.document_id != paid.payment_id for posting in harbour.books.postings)
