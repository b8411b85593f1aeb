"""Manual journals that are written to the sandbox Xero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from xero_writes import decoded

REMOVED = "Account code '{}' has been removed as it does not match a recognised account."
MODIFY = "Document not of valid status for modification"


def lines(*amounts: tuple[str, str], **fields: Any) -> list[dict[str, Any]]:
    return [
        {"LineAmount": Decimal(amount), "AccountCode": code, "Description": "Moved", **fields}
        for code, amount in amounts
    ]


def journal(*amounts: tuple[str, str], **fields: Any) -> dict[str, Any]:
    pairs = amounts or (("310", "12.50"), ("630", "-12.50"))
    return {"Narration": "Stock", "Date": "2026-10-31", "JournalLines": lines(*pairs), **fields}


@pytest.fixture
def send_journal(writer):
    return lambda element, **more: writer.send("ManualJournals", [element], **more)[0]


def test_a_journal_is_a_draft_without_tax_unless_it_says_otherwise(send_journal):
    record = send_journal(journal()).record
    assert (record["Status"], record["LineAmountTypes"]) == ("DRAFT", "NoTax")
    assert [line["TaxType"] for line in record["JournalLines"]] == ["NONE", "NONE"]
    assert record["ShowOnCashBasisReports"] is True


def test_it_is_read_back_single_and_in_pages_with_its_lines(send_journal, writer):
    identity = send_journal(journal()).record["ManualJournalID"]
    (single,) = writer.get(f"ManualJournals/{identity}")
    (paged,) = writer.get("ManualJournals", page=1)
    (bare,) = writer.get("ManualJournals")
    assert single == paged
    assert [line["LineAmount"] for line in single["JournalLines"]] == [
        Decimal("12.50"),
        Decimal("-12.50"),
    ]
    assert bare["JournalLines"] == []
    assert decoded(writer.call("GET", "ManualJournals", page=1))["pagination"]["itemCount"] == 1


def test_a_posted_journal_moves_the_books_and_a_draft_does_not(send_journal, organisation, ids):
    send_journal(journal())
    assert organisation.books.postings == []
    send_journal(journal(Status="POSTED"))
    balances = organisation.books.balances(date(2026, 10, 1), date(2026, 10, 31))
    assert balances == {
        ids("account", 310): Decimal("12.50"),
        ids("account", 630): -Decimal("12.50"),
    }


def test_a_posted_journal_is_in_the_profit_and_loss(send_journal, writer):
    send_journal(journal(Status="POSTED"))
    query = {"fromDate": "2026-10-01", "toDate": "2026-10-31"}
    report = decoded(writer.call("GET", "Reports/ProfitAndLoss", **query))["Reports"][0]
    cost_of_sales = report["Rows"][2]["Rows"][0]["Cells"]
    assert [cell["Value"] for cell in cost_of_sales] == ["Cost of Goods Sold", "12.50"]


def test_debits_and_credits_have_to_be_equal(send_journal, organisation):
    outcome = send_journal(journal(("310", "100"), ("630", "-10")))
    assert outcome.errors == ["The total debits (100.00) must equal total credits (-10.00)"]
    assert len(organisation.records["ManualJournals"]) == 0


def test_tax_counts_in_the_balance(send_journal, organisation, ids):
    taxed = lines(("420", "100"), TaxType="INPUT2") + lines(("630", "-115"), TaxType="NONE")
    outcome = send_journal(
        journal(LineAmountTypes="Exclusive", JournalLines=taxed, Status="POSTED")
    )
    assert outcome.errors == []
    assert outcome.record["JournalLines"][0]["TaxAmount"] == Decimal("15.00")
    balances = organisation.books.balances(date(2026, 10, 1), date(2026, 10, 31))
    assert balances[ids("account", 820)] == Decimal("15.00")
    assert sum(balances.values()) == 0


def test_inclusive_lines_hold_their_tax(send_journal, organisation, ids):
    taxed = lines(("420", "115"), TaxType="INPUT2") + lines(("630", "-115"), TaxType="NONE")
    send_journal(journal(LineAmountTypes="Inclusive", JournalLines=taxed, Status="POSTED"))
    balances = organisation.books.balances(date(2026, 10, 1), date(2026, 10, 31))
    assert balances[ids("account", 420)] == Decimal("100.00")


def test_an_unknown_account_is_only_a_warning_and_its_line_is_removed(send_journal):
    pairs = (("310", "5"), ("630", "-5"), ("476", "7"), ("477", "-7"))
    outcome = send_journal(journal(*pairs))
    assert outcome.status == "WARNING"
    assert outcome.warnings == [REMOVED.format("476"), REMOVED.format("477")]
    assert [line["AccountCode"] for line in outcome.record["JournalLines"]] == ["310", "630"]


def test_what_is_left_after_a_removed_line_has_to_balance(send_journal):
    outcome = send_journal(journal(("310", "100"), ("630", "-10"), ("476", "-90")))
    assert outcome.warnings == [REMOVED.format("476")]
    assert outcome.errors == ["The total debits (100.00) must equal total credits (-10.00)"]


def test_a_journal_needs_two_lines_and_a_narration(send_journal):
    assert send_journal(journal(("310", "0"))).errors == [
        "A manual journal must have at least two journal lines."
    ]
    assert send_journal({**journal(), "Narration": ""}).errors == [
        "A manual journal must have a narration."
    ]


@pytest.mark.parametrize("code", ["90", "610", "800", "960"])
def test_bank_control_and_retained_earnings_accounts_are_refused(send_journal, code):
    assert send_journal(journal(("310", "5"), (code, "-5"))).errors == [
        f"Account code '{code}' is not a valid code for this document."
    ]


def test_tax_types_are_checked_as_on_documents(send_journal):
    taxed = lines(("310", "5"), ("630", "-5"), TaxType="GST")
    assert len(send_journal(journal(JournalLines=taxed)).errors) == 4


def test_lines_carry_tracking(send_journal):
    tracked = lines(("310", "5"), ("630", "-5"), Tracking=[{"Name": "Region", "Option": "North"}])
    record = send_journal(journal(JournalLines=tracked)).record
    assert record["JournalLines"][0]["Tracking"][0]["Option"] == "North"


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("DRAFT POSTED", True),
        ("DRAFT DELETED", True),
        ("POSTED VOIDED", True),
        ("POSTED DRAFT", False),
        ("POSTED DELETED", False),
        ("DRAFT VOIDED", False),
        ("POSTED VOIDED POSTED", False),
    ],
)
def test_statuses_follow_each_other(send_journal, path, is_allowed):
    first, *middle, last = path.split()
    identity = send_journal(journal(Status=first)).record["ManualJournalID"]

    def move(status: str) -> list[str]:
        update = {"ManualJournalID": identity, "Narration": "Stock", "Status": status}
        return send_journal(update).errors

    for status in middle:
        assert move(status) == []
    assert move(last) == ([] if is_allowed else [MODIFY])


def test_an_update_replaces_the_lines_in_place(send_journal, writer):
    identity = send_journal(journal()).record["ManualJournalID"]
    body = {"ManualJournals": [journal(("310", "20"), ("630", "-20"))]}
    answer = writer.call("POST", f"ManualJournals/{identity}", body)
    (record,) = decoded(answer)["ManualJournals"]
    assert record["JournalLines"][0]["LineAmount"] == Decimal("20.00")
    assert len(writer.get("ManualJournals", page=1)) == 1


def test_a_locked_period_takes_drafts_only(send_journal):
    assert send_journal(journal(Date="2026-03-31")).errors == []
    assert send_journal(journal(Date="2026-03-31", Status="POSTED")).errors == [
        "The document date cannot be before the period lock date, currently set at 31-Mar-2026"
    ]


def test_journals_are_found_by_date_and_narration(send_journal, writer):
    send_journal(journal(Narration="Stock [k-1]"))
    send_journal(journal(Narration="Stock [k-2]"))
    where = 'Date==DateTime(2026,10,31) AND Narration.EndsWith("[k-2]")'
    (found,) = writer.get("ManualJournals", page=1, where=where)
    assert found["Narration"] == "Stock [k-2]"


def test_a_renumbered_account_and_a_renamed_option_show_in_journals_at_once(
    send_journal, writer, organisation, ids
):
    tracked = lines(("310", "5"), ("630", "-5"), Tracking=[{"Name": "Region", "Option": "North"}])
    identity = send_journal(journal(JournalLines=tracked)).record["ManualJournalID"]
    organisation.change("Accounts", ids("account", 310), Code="311")
    category = next(iter(organisation.records["TrackingCategories"].values()))
    organisation.change(
        "TrackingCategories", category["TrackingCategoryID"], Name="Area",
        Options=[{**category["Options"][0], "Name": "Northland"}, *category["Options"][1:]],
    )  # fmt: skip
    (record,) = writer.get(f"ManualJournals/{identity}")
    line = record["JournalLines"][0]
    assert line["AccountCode"] == "311"
    assert (line["Tracking"][0]["Name"], line["Tracking"][0]["Option"]) == ("Area", "Northland")
