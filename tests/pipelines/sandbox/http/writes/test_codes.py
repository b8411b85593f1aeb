"""The account and the tax type of a line that is written to the sandbox Xero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from xero_writes import line_of

from pipelines.sandbox.write_rules import WriteRules

NO_SUCH_CODE = "Account code '{}' is not a valid code for this document."

# Accounts


@pytest.mark.parametrize("code", ["999", "90", "610", "800"])
def test_unknown_bank_and_control_accounts_have_one_text(send_line, code):
    assert send_line(AccountCode=code, TaxType="NONE").errors == [NO_SUCH_CODE.format(code)]


def test_an_archived_account_has_a_text_of_its_own(send_line):
    assert send_line(AccountCode="400", TaxType="NONE").errors == [
        "Account code '400' has been archived, or has been deleted. "
        "Each line item must reference a valid account."
    ]


def test_which_accounts_are_refused_can_be_set(send_line, client):
    client.server.app.writes.rules = WriteRules(
        refused_types=frozenset(), refused_system_accounts=frozenset({"GST"})
    )
    assert send_line(AccountCode="90", TaxType="NONE").errors == []
    assert send_line(AccountCode="820", TaxType="NONE").errors == [NO_SUCH_CODE.format("820")]


def test_an_account_can_be_named_by_its_id(send_line, ids):
    outcome = send_line(AccountCode=None, AccountID=ids("account", 500), TaxType="NONE")
    assert line_of(outcome)["AccountCode"] == "500"


def test_a_draft_needs_no_account_but_an_approved_document_does(send_line):
    assert send_line(AccountCode=None).errors == []
    approved = send_line({"Status": "AUTHORISED"}, AccountCode=None)
    assert approved.errors == ["The account code or ID must be specified"]


def test_a_line_that_is_only_a_description_needs_no_account(writer, sale, sent_line):
    lines = [sent_line(), {"Description": "Thank you"}]
    (outcome,) = writer.send("Invoices", [sale(*lines, Status="AUTHORISED")])
    assert outcome.errors == []
    assert outcome.record["Total"] == Decimal("115.00")


def test_xero_takes_a_revenue_account_on_a_bill(writer, sale, sent_line):
    bill = sale(sent_line(TaxType="NONE"), Type="ACCPAY")
    assert writer.send("Invoices", [bill])[0].errors == []


# Tax


def test_a_tax_type_that_is_unknown_gets_both_texts(send_line):
    assert send_line(TaxType="15% GST on Income").errors == [
        "The TaxType code 15% GST on Income does not exist or cannot be used for this type of "
        "transaction.",
        "The TaxType code '15% GST on Income' cannot be used with account code '200'.",
    ]


def test_a_tax_type_that_is_archived_does_not_exist(send_line):
    assert send_line(TaxType="OUTPUT").errors[0].startswith("The TaxType code OUTPUT does not")


def test_a_tax_type_must_apply_to_the_class_of_the_account(send_line):
    assert send_line(TaxType="INPUT2").errors == [
        "The TaxType code 'INPUT2' cannot be used with account code '200'."
    ]


def test_a_missing_tax_type_is_the_accounts(send_line):
    assert line_of(send_line(AccountCode="420", TaxType=None))["TaxType"] == "INPUT2"


def test_the_contacts_tax_type_goes_before_the_items_and_the_accounts(send_line, organisation, ids):
    organisation.change("Contacts", ids("contact", 1), AccountsReceivableTaxType="NONE")
    line = line_of(send_line(ItemCode="BOLT", TaxType=None, AccountCode=None))
    assert line["TaxType"] == "NONE"


@pytest.mark.parametrize(
    ("basis", "tax", "total"),
    [("Exclusive", "15.00", "115.00"), ("Inclusive", "13.04", "100.00"), ("NoTax", "0", "100.00")],
)
def test_tax_follows_the_line_amount_types(send_line, basis, tax, total):
    record = send_line({"LineAmountTypes": basis}).record
    assert (record["TotalTax"], record["Total"]) == (Decimal(tax), Decimal(total))
    assert record["SubTotal"] == record["Total"] - record["TotalTax"]


def test_tax_is_rounded_for_each_line(writer, sale, sent_line):
    lines = [sent_line(Quantity=1, UnitAmount=Decimal("0.10"))] * 3
    (saved,) = writer.send("Invoices", [sale(*lines)])
    assert saved.record["TotalTax"] == Decimal("0.06")  # 0.015 is 0.02, three times


def test_a_stated_tax_amount_is_kept(send_line):
    record = send_line(TaxAmount=Decimal("14.99")).record
    assert (record["TotalTax"], record["Total"]) == (Decimal("14.99"), Decimal("114.99"))


def test_a_stated_tax_amount_stays_until_its_line_changes(writer, send_line):
    saved = send_line(TaxAmount=Decimal("14.99")).record
    identity, line = saved["InvoiceID"], saved["LineItems"][0]["LineItemID"]
    for change, tax in (({"Description": "x"}, "14.99"), ({"Quantity": 4}, "30.00")):
        update = {"InvoiceID": identity, "LineItems": [{"LineItemID": line, **change}]}
        (outcome,) = writer.send("Invoices", [update])
        assert outcome.record["TotalTax"] == Decimal(tax)
