"""Contact, number, currency, lines and books of documents written to the sandbox Xero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from xero_writes import decoded

from pipelines.sandbox.write_rules import WriteRules

NAME_TAKEN = (
    "The contact name Customer 2 is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)

# Contacts


def test_a_document_needs_a_contact(send, sale):
    assert send(sale(Contact=None)).errors == [
        "A Contact must be specified for this type of transaction"
    ]
    assert send(sale(Contact={"ContactID": ""})).errors == [
        "The Contact must contain at least 1 of the following elements to identify the contact: "
        "Name, ContactID, ContactNumber"
    ]


def test_an_archived_contact_is_refused(send, sale, ids):
    assert send(sale(Contact={"ContactID": ids("contact", 3)})).errors == [
        "The contact with the specified contact details has been archived. "
        "The contact must be un-archived before creating new invoices or credit notes."
    ]


def test_an_unknown_contact_is_refused(send, sale, ids):
    assert send(sale(Contact={"ContactID": ids("contact", 99)})).errors == [
        "The Contact with the specified ContactID could not be found"
    ]


@pytest.mark.parametrize("contact", [{"ContactNumber": "C-2"}, {"Name": "customer 2"}])
def test_a_contact_is_found_by_number_or_name(send, sale, ids, contact):
    outcome = send(sale(Contact=contact))
    assert outcome.record["Contact"]["ContactID"] == ids("contact", 2)


def test_a_new_name_silently_creates_a_contact_once(writer, sale, organisation):
    named = sale(Contact={"Name": "Nobody yet", "ContactNumber": "N-1"})
    first, second = writer.send("Invoices", [named, named])
    identity = first.record["Contact"]["ContactID"]
    assert second.record["Contact"]["ContactID"] == identity
    contact = organisation.records["Contacts"][identity]
    assert (contact["ContactNumber"], contact["IsCustomer"]) == ("N-1", True)


def test_a_refused_document_creates_no_contact(send, sale, sent_line, organisation):
    send(sale(sent_line(AccountCode="999"), Contact={"Name": "Nobody yet"}))
    assert len(organisation.records["Contacts"]) == 3


def test_an_id_with_another_name_renames_the_contact(send, sale, organisation, ids):
    contact = {"ContactID": ids("contact", 1), "Name": "New name"}
    assert send(sale(Contact=contact)).record["Contact"]["Name"] == "New name"
    assert organisation.contact_name(ids("contact", 1)) == "New name"
    assert send(sale(Contact={**contact, "Name": "Customer 2"})).errors == [NAME_TAKEN]


# Numbers


def test_the_number_of_a_sales_invoice_is_unique(writer, sale):
    first, second = writer.send("Invoices", [sale(InvoiceNumber="A-1")] * 2, method="PUT")
    assert (first.errors, second.errors) == ([], ["Invoice # must be unique."])


def test_the_number_of_a_bill_is_not(writer, sale, sent_line):
    bill = sale(sent_line(TaxType="NONE"), Type="ACCPAY", InvoiceNumber="A-1")
    outcomes = writer.send("Invoices", [bill, bill])
    assert len({one.record["InvoiceID"] for one in outcomes}) == 2


def test_credit_notes_are_numbered_alike(writer, sale, sent_line):
    for kind, errors in (("ACCRECCREDIT", ["Invoice # must be unique."]), ("ACCPAYCREDIT", [])):
        note = sale(sent_line(TaxType="NONE"), Type=kind, CreditNoteNumber="C-1")
        _, second = writer.send("CreditNotes", [note, note], method="PUT")
        assert second.errors == errors


def test_a_number_cannot_be_changed_into_anothers(writer, change, sale):
    saved = writer.send("Invoices", [sale(InvoiceNumber="A-1"), sale(InvoiceNumber="A-2")])
    assert change(saved[1].record, InvoiceNumber="A-1").errors == ["Invoice # must be unique."]


def test_a_missing_number_is_the_next_of_its_series(send, sale, an_invoice):
    an_invoice(41)
    assert send(sale()).record["InvoiceNumber"] == "INV-0042"
    note = send(sale(Type="ACCRECCREDIT", DueDate=None), "CreditNotes")
    assert note.record["CreditNoteNumber"] == "CN-0001"


def test_a_number_is_free_again_when_its_document_is_deleted(send, change, sale):
    first = send(sale(InvoiceNumber="A-1"))
    change(first.record, Status="DELETED")
    assert send(sale(InvoiceNumber="A-1"), method="PUT").errors == []


# Currency


def test_a_currency_must_be_subscribed_to(send, sale, client):
    text = "Organisation is not subscribed to currency USD"
    assert send(sale(CurrencyCode="USD")).errors == [text]
    client.server.app.writes.rules = WriteRules(currencies=frozenset({"USD"}))
    assert send(sale(CurrencyCode="USD", CurrencyRate=Decimal("0.6"))).errors == []


def test_a_missing_rate_is_that_of_the_latest_document_in_the_currency(send, sale, an_invoice):
    an_invoice(1, CurrencyCode="AUD", CurrencyRate=Decimal("0.910000"))
    assert send(sale(CurrencyCode="AUD")).record["CurrencyRate"] == Decimal("0.91")


# Updates


def test_an_update_keeps_what_it_does_not_mention(send, change, sale):
    record = send(sale(InvoiceNumber="A-1", Url="https://example.com/1")).record
    after = change(record, Reference="PO 7").record
    for field in ("InvoiceNumber", "Url", "Total", "DueDateString", "LineItems", "Contact"):
        assert after[field] == record[field]


def test_the_lines_sent_replace_the_lines_held(send, change, sale, sent_line):
    lines = [sent_line(Description=name) for name in ("one", "two", "three")]
    before = send(sale(*lines)).record["LineItems"]
    record = send(sale(*lines)).record
    before = record["LineItems"]
    kept = {"LineItemID": before[2]["LineItemID"], "Quantity": 5}
    after = change(record, LineItems=[sent_line(Description="new"), kept]).record["LineItems"]
    assert [line["Description"] for line in after] == ["new", "three"]
    assert after[1]["LineItemID"] == before[2]["LineItemID"]
    assert (after[1]["Quantity"], after[1]["AccountCode"]) == (Decimal(5), "200")
    assert after[0]["LineItemID"] not in {line["LineItemID"] for line in before}


def test_lines_without_their_ids_are_new_lines(send, change, sale, sent_line):
    record = send(sale()).record
    after = change(record, LineItems=[sent_line()]).record
    assert after["LineItems"][0]["LineItemID"] != record["LineItems"][0]["LineItemID"]


def test_only_sales_have_a_reference(send, sale, sent_line):
    bill = sale(sent_line(TaxType="NONE"), Type="ACCPAY", Reference="ours")
    assert send(bill).record["Reference"] == ""


# Books and reports


def test_only_approved_documents_are_in_the_books_and_in_the_report(
    send, sale, organisation, ids, writer
):
    account = ids("account", 200)
    send(sale())
    assert organisation.books.revenue() == {}
    send(sale(Status="AUTHORISED"))
    assert organisation.books.revenue() == {(date(2026, 10, 1), account): Decimal("100.00")}
    query = {"fromDate": "2026-10-01", "toDate": "2026-10-31"}
    report = decoded(writer.call("GET", "Reports/ProfitAndLoss", **query))["Reports"][0]
    assert report["Rows"][1]["Rows"][0]["Cells"][1]["Value"] == "100.00"


def test_voiding_takes_a_document_out_of_the_books(send, change, sale, organisation):
    record = send(sale(Status="AUTHORISED")).record
    assert change(record, Status="VOIDED").record["AmountDue"] == 0
    assert organisation.books.postings == []


def test_a_bill_and_a_credit_note_post_to_their_sides(writer, sale, sent_line, organisation, ids):
    line = sent_line(AccountCode="420", TaxType="INPUT2")
    writer.send("Invoices", [sale(line, Type="ACCPAY", Status="AUTHORISED")])
    note = sale(sent_line(Quantity=1), Type="ACCRECCREDIT", Status="AUTHORISED", DueDate=None)
    writer.send("CreditNotes", [note])
    balances = organisation.books.balances(date(2026, 10, 1), date(2026, 10, 31))
    assert balances[ids("account", 420)] == Decimal("100.00")
    assert balances[ids("account", 200)] == Decimal("50.00")
    assert sum(balances.values()) == 0


def test_the_contacts_balance_follows(send, sale, organisation, ids):
    send(sale(Status="AUTHORISED"))
    contact = organisation.records["Contacts"][ids("contact", 1)]
    assert contact["Balances"]["AccountsReceivable"]["Outstanding"] == Decimal("115.00")
