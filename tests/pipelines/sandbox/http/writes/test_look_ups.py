"""What was written is found again by every look-up that a writer needs."""

from __future__ import annotations

import pytest
from xero_writes import XeroWriter

CUSTOMER = "c0000000-0000-4000-8000-000000000001"
OTHER = "c0000000-0000-4000-8000-000000000002"


@pytest.fixture
def found(writer: XeroWriter):
    """Return the numbers (or narrations) that a list request finds, in their order by name."""

    def look_up(endpoint: str, **query: object) -> list[str]:
        fields = ("InvoiceNumber", "CreditNoteNumber", "Narration", "Code", "Name")
        return sorted(
            next(one[name] for name in fields if one.get(name))
            for one in writer.get(endpoint, **query)
        )

    return look_up


@pytest.fixture
def documents(writer: XeroWriter, sale):
    """Three sales, two bills of one number from two suppliers, a credit note."""
    sales = [sale(InvoiceNumber=f"S-{number}", Date=f"2026-10-0{number}") for number in (1, 2, 3)]
    bills = [
        sale(Type="ACCPAY", InvoiceNumber="B-1", Contact={"ContactID": contact}, Url=f"http://{n}")
        for n, contact in enumerate((CUSTOMER, OTHER))
    ]
    writer.send("Invoices", [*sales, *bills])
    note = sale(Type="ACCPAYCREDIT", CreditNoteNumber="C-1", DueDate=None)
    writer.send("CreditNotes", [note])


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"InvoiceNumbers": "s-1, S-3"}, ["S-1", "S-3"]),
        ({"InvoiceNumbers": "B-1", "ContactIDs": OTHER.upper()}, ["B-1"]),
        ({"InvoiceNumbers": "S-1,B-1", "Statuses": "DRAFT"}, ["B-1", "B-1", "S-1"]),
        ({"InvoiceNumbers": "S-1", "Statuses": "PAID,VOIDED"}, []),
        ({"where": 'InvoiceNumber=="S-2"'}, ["S-2"]),
        ({"where": f'Type=="ACCPAY" AND Contact.ContactID==guid("{OTHER}")'}, ["B-1"]),
        ({"where": "Date==DateTime(2026, 10, 02)"}, ["S-2"]),
        ({"where": 'Date>=DateTime(2026,10,02) && Type=="ACCREC"'}, ["S-2", "S-3"]),
        ({"createdByMyApp": "true", "page": 1, "where": 'Type=="ACCPAY"'}, ["B-1", "B-1"]),
    ],
)  # fmt: skip
def test_invoices_and_bills(documents, found, query, numbers):
    assert found("Invoices", **query) == numbers


def test_invoices_by_id(documents, found, writer):
    ids = [one["InvoiceID"] for one in writer.get("Invoices", where='InvoiceNumber!="S-1"')]
    assert found("Invoices", IDs=",".join(ids), page=1) == ["B-1", "B-1", "S-2", "S-3"]


@pytest.mark.parametrize(
    "where",
    [
        'CreditNoteNumber=="C-1"',
        f'Type=="ACCPAYCREDIT" AND Contact.ContactID==Guid("{CUSTOMER}")',
        "Date==DateTime(2026,10,20)",
    ],
)
def test_credit_notes(documents, found, where):
    assert found("CreditNotes", where=where) == ["C-1"]
    assert found("CreditNotes", where=f'{where} AND Status=="PAID"') == []


def test_manual_journals_by_date_and_narration(writer, found):
    def journal(key: str, day: str):
        lines = [
            {"LineAmount": amount, "AccountCode": code}
            for amount, code in ((5, "310"), (-5, "500"))
        ]
        return {"Narration": f"Stock used [{key}]", "Date": day, "JournalLines": lines}

    writer.send("ManualJournals", [journal("a", "2026-10-31"), journal("b", "2026-10-31")])
    writer.send("ManualJournals", [journal("c", "2026-09-30")])
    on_day = found("ManualJournals", where="Date==DateTime(2026,10,31)", page=1)
    assert on_day == ["Stock used [a]", "Stock used [b]"]
    assert found("ManualJournals", where='Narration.EndsWith("[c]")') == ["Stock used [c]"]
    both = 'Date==DateTime(2026,10,31) AND Narration=="Stock used [a]"'
    (one,) = writer.get("ManualJournals", where=both, page=1)
    assert len(one["JournalLines"]) == 2


@pytest.mark.parametrize(
    ("endpoint", "where", "names"),
    [
        ("Items", 'Code=="BOLT"', ["BOLT"]),
        ("Items", 'Code=="BOLT" OR Code=="PAINT-5L"', ["BOLT", "PAINT-5L"]),
        ("Contacts", 'ContactNumber=="C-2"', ["Customer 2"]),
        ("Contacts", 'Name=="Customer 2" OR AccountNumber=="x"', ["Customer 2"]),
        ("Contacts", 'ContactNumber=="C-3"', []),  # archived: only with includeArchived
        ("Accounts", 'Code=="630"', ["630"]),
    ],
)
def test_configuration(found, endpoint, where, names):
    assert found(endpoint, where=where) == names


def test_archived_contacts_are_found_when_they_are_asked_for(found):
    query = {"where": 'ContactNumber=="C-3"', "includeArchived": "true"}
    assert found("Contacts", **query) == ["Customer 3"]
