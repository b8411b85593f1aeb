"""Which documents of the sandbox Xero may change: statuses, payments and lock dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.sandbox.write_rules import WriteRules

LOCKED = "The document date cannot be before the period lock date, currently set at 31-Mar-2026"
SETTLED = "This document cannot be edited as it has a payment or credit note allocated to it."
NOT_MODIFIABLE = "Invoice not of valid status for modification"


@pytest.mark.parametrize("status", ["PAID", "VOIDED", "DELETED"])
def test_a_document_cannot_be_created_in_a_final_status(send, sale, status):
    assert send(sale(Status=status)).errors == ["Invoice not of valid status for creation"]


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("DRAFT SUBMITTED", True),
        ("SUBMITTED DRAFT", True),
        ("DRAFT AUTHORISED", True),
        ("SUBMITTED DELETED", True),
        ("AUTHORISED VOIDED", True),
        ("AUTHORISED DRAFT", False),
        ("AUTHORISED DELETED", False),
        ("DRAFT VOIDED", False),
        ("DRAFT PAID", False),
        ("DRAFT DELETED DRAFT", False),
        ("AUTHORISED VOIDED AUTHORISED", False),
    ],
)
def test_statuses_follow_each_other_as_documented(send, change, sale, path, is_allowed):
    first, *middle, last = path.split()
    record = send(sale(Status=first)).record
    for status in middle:
        assert change(record, Status=status).errors == []
    outcome = change(record, Status=last)
    assert outcome.errors == ([] if is_allowed else [NOT_MODIFIABLE])


def test_an_approved_invoice_of_nothing_is_paid(send, sale, sent_line):
    outcome = send(sale(sent_line(UnitAmount=0), Status="AUTHORISED"))
    assert (outcome.record["Status"], outcome.record["AmountDue"]) == ("PAID", Decimal(0))


def test_an_approved_document_needs_lines(send, sale):
    assert send(sale(LineItems=[])).errors == []
    assert send(sale(LineItems=[], Status="AUTHORISED")).errors == [
        "One or more line items must be specified"
    ]


def test_a_put_does_not_update(send, sale):
    record = send(sale()).record
    again = send({**sale(), "InvoiceID": record["InvoiceID"]}, method="PUT")
    assert again.errors == ["Invoice not of valid status for creation"]


# Payments


@pytest.fixture
def paid(an_invoice):
    payment = {"Date": date(2026, 10, 25), "Amount": Decimal("5.00"), "Reference": ""}
    return an_invoice(Payments=[payment])


@pytest.mark.parametrize(
    "fields",
    [
        {"Date": "2026-10-21"},
        {"Status": "VOIDED"},
        {"LineItems": [{"Description": "x", "Quantity": 1, "UnitAmount": 1}]},
    ],
)
def test_a_paid_document_cannot_be_edited(change, paid, fields):
    outcome = change(paid, **fields)
    assert outcome.errors[-2:] == [NOT_MODIFIABLE, SETTLED]


@pytest.mark.parametrize("status", ["VOIDED", "DELETED", "DRAFT"])
def test_a_document_paid_in_full_takes_no_other_status(change, an_invoice, status):
    total = an_invoice(2)["Total"]
    payment = {"Date": date(2026, 10, 25), "Amount": total, "Reference": ""}
    record = an_invoice(1, Payments=[payment], Status="PAID")
    assert change(record, Status=status).errors == [NOT_MODIFIABLE, SETTLED]


def test_of_a_paid_document_words_and_coding_can_be_edited(change, paid):
    line = {"LineItemID": paid["LineItems"][0]["LineItemID"], "AccountCode": "500",
            "Description": "Recoded"}  # fmt: skip
    outcome = change(paid, Reference="PO 7", DueDate="2026-12-01", LineItems=[line])
    assert outcome.errors == []
    assert outcome.record["LineItems"][0]["AccountCode"] == "500"


# Lock dates (PeriodLockDate 31 March 2026)


def test_nothing_is_posted_in_a_locked_period_but_drafts_are_taken(send, change, sale):
    draft = send(sale(Date="2026-03-31"))
    assert draft.errors == []
    assert change(draft.record, Status="AUTHORISED").errors == [LOCKED]
    assert send(sale(Date="2026-03-31", Status="AUTHORISED")).errors == [LOCKED]
    assert send(sale(Date="2026-04-01", Status="AUTHORISED")).errors == []


def test_what_is_posted_in_a_locked_period_stays_as_it_is(change, an_invoice):
    record = an_invoice(Date=date(2026, 3, 1))
    for fields in ({"Reference": "x"}, {"Date": "2026-10-01"}, {"Status": "VOIDED"}):
        assert change(record, **fields).errors == [LOCKED]


def test_an_adviser_passes_the_period_lock_but_not_the_end_of_year_lock(
    send, sale, client, organisation
):
    client.server.app.writes.rules = WriteRules(posts_as_adviser=True)
    (identity,) = organisation.records["Organisation"]
    organisation.change("Organisation", identity, EndOfYearLockDate=date(2026, 2, 28))
    assert send(sale(Date="2026-03-15", Status="AUTHORISED")).errors == []
    assert send(sale(Date="2026-02-28", Status="AUTHORISED")).errors == [
        "The document date cannot be before the end of year lock date, currently set at 28-Feb-2026"
    ]
