"""The demo files hold what they are there to show; data/sandbox/README.md names the records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.sandbox.books import to_base
from pipelines.sandbox.documents import Document, Line
from pipelines.sandbox.ledger_files import FILES
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.tables import read_rows
from pipelines.sandbox.world import World

RECORD_KEY = re.compile(r"\b[SBC]\d{3,4}\b")


def documents_of(organisation: Organisation) -> Iterator[Document]:
    for held in organisation.documents.values():
        yield from held.values()


def lines_of(organisation: Organisation, *types: str) -> Iterator[tuple[Document, Line]]:
    for document in documents_of(organisation):
        if not types or document.type in types:
            for line in document.lines:
                yield document, line


def test_a_bookkeeper_finds_an_organisation_of_ordinary_size(
    demo_organisation: Organisation,
) -> None:
    records = demo_organisation.records
    assert len(records["Accounts"]) >= 30
    assert len(records["Items"]) >= 40
    assert len(records["Contacts"]) >= 60
    assert 900 <= len(records["Invoices"]) <= 1300
    assert len(records["CreditNotes"]) >= 60
    dates = [document.date for document in documents_of(demo_organisation)]
    assert min(dates) >= date(2024, 11, 1)
    assert max(dates) <= date(2026, 10, 31)
    statuses = Counter(held["Status"] for held in records["TrackingCategories"].values())
    assert statuses == {"ACTIVE": 2, "ARCHIVED": 1}
    assert all(1 <= len(document.lines) <= 7 for document in documents_of(demo_organisation))


def test_the_chart_has_system_bank_archived_and_stock_accounts(
    demo_organisation: Organisation,
) -> None:
    accounts = demo_organisation.records["Accounts"].values()
    system = {account.get("SystemAccount") for account in accounts}
    assert {"DEBTORS", "CREDITORS", "GST", "ROUNDING", "RETAINEDEARNINGS"} <= system
    kinds = {account["Type"] for account in accounts}
    assert {"BANK", "INVENTORY", "CURRENT", "DIRECTCOSTS", "OTHERINCOME"} <= kinds
    assert any("Code" not in account for account in accounts if account["Type"] == "BANK")
    by_code: dict[str, set[str]] = {}
    for account in accounts:
        by_code.setdefault(account.get("Code", ""), set()).add(account["Status"])
    assert {"ACTIVE", "ARCHIVED"} in [held for code, held in by_code.items() if code]


def test_items_point_to_present_absent_archived_and_no_accounts(
    demo_organisation: Organisation,
) -> None:
    accounts = demo_organisation.records["Accounts"].values()
    status = {account.get("Code"): account["Status"] for account in accounts}
    codes = [
        item["SalesDetails"].get("AccountCode")
        for item in demo_organisation.records["Items"].values()
        if item["IsSold"]
    ]
    assert {None, "unknown", "ARCHIVED", "ACTIVE"} <= {
        code and status.get(code, "unknown") for code in codes
    }
    tracked = [
        item for item in demo_organisation.records["Items"].values() if item["IsTrackedAsInventory"]
    ]
    assert tracked
    for item in tracked:
        assert "AccountCode" not in item["PurchaseDetails"]
        assert item["PurchaseDetails"]["COGSAccountCode"]


def test_lines_have_each_number_of_tracking_options(demo_organisation: Organisation) -> None:
    counts = Counter(len(line.options) for _, line in lines_of(demo_organisation))
    assert set(counts) == {0, 1, 2}
    options = {
        option["TrackingOptionID"]: option["Status"]
        for category in demo_organisation.records["TrackingCategories"].values()
        for option in category["Options"]
    }
    used = {option for _, line in lines_of(demo_organisation) for option in line.options}
    assert {options[option] for option in used} == {"ACTIVE", "ARCHIVED"}


def test_no_line_has_two_options_of_one_category(demo_organisation: Organisation) -> None:
    for _, line in lines_of(demo_organisation):
        names = [demo_organisation.option_names(option) for option in line.options]
        categories = [name.category_id for name in names if name]
        assert len(set(categories)) == len(line.options)


def test_lines_come_with_and_without_item_and_amount(demo_organisation: Organisation) -> None:
    kinds = {
        (line.item_id is None, line.unit_amount is None) for _, line in lines_of(demo_organisation)
    }
    assert kinds == {(False, False), (True, False), (True, True)}
    discounts = {
        (line.discount_rate is not None, line.discount_amount is not None)
        for document, line in lines_of(demo_organisation, "ACCREC")
        if document.line_amount_types == "Inclusive"
    }
    assert discounts == {(False, False), (True, False), (False, True)}


def test_posted_lines_have_an_account(demo_organisation: Organisation) -> None:
    for document, line in lines_of(demo_organisation):
        if document.is_posted and line.unit_amount is not None:
            assert line.account_id, document.number


def test_sales_are_posted_to_other_accounts_too(demo_organisation: Organisation) -> None:
    accounts = demo_organisation.records["Accounts"]
    items = demo_organisation.records["Items"]
    sales = [
        (line, accounts[line.account_id])
        for document, line in lines_of(demo_organisation, "ACCREC")
        if document.is_posted and line.account_id
    ]
    assert "OTHERINCOME" in {account["Type"] for _, account in sales}
    assert {account["Class"] for _, account in sales} == {"REVENUE", "LIABILITY"}
    assert any(
        account.get("Code") != items[line.item_id]["SalesDetails"].get("AccountCode")
        for line, account in sales
        if line.item_id
    )


@pytest.mark.parametrize("endpoint", ["Invoices", "CreditNotes"])
def test_documents_come_in_every_status_and_basis(
    demo_organisation: Organisation, endpoint: str
) -> None:
    held = demo_organisation.documents[endpoint].values()
    assert {document.status for document in held} == {
        *("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
    }
    assert {document.line_amount_types for document in held} == {
        *("Exclusive", "Inclusive", "NoTax")
    }
    assert len({document.currency for document in held}) >= 3


def test_some_amounts_are_half_a_cent_in_base_currency(demo_organisation: Organisation) -> None:
    halves = {
        document.type
        for document, line in lines_of(demo_organisation)
        if document.is_posted
        and document.currency != demo_organisation.base_currency
        and line.line_amount / document.rate * 1000 % 10 == 5
        and line.line_amount / document.rate * 1000 % 1 == 0
    }
    assert {"ACCREC", "ACCRECCREDIT"} <= halves
    assert to_base(Decimal("-1.005"), Decimal(1)) == Decimal("-1.01")


def test_contacts_have_defaults_on_either_side_and_awkward_names(
    demo_organisation: Organisation,
) -> None:
    contacts = demo_organisation.records["Contacts"].values()
    sides = {
        (bool(contact["SalesTrackingCategories"]), bool(contact["PurchasesTrackingCategories"]))
        for contact in contacts
    }
    assert sides == {(False, False), (True, False), (False, True), (True, True)}
    assert any("SalesDefaultAccountCode" in contact for contact in contacts)
    assert any("PurchasesDefaultAccountCode" in contact for contact in contacts)
    assert any("MergedToContactID" in contact for contact in contacts)
    assert "ARCHIVED" in {contact["ContactStatus"] for contact in contacts}
    numbers = Counter(contact.get("AccountNumber") for contact in contacts)
    assert max(count for number, count in numbers.items() if number) > 1
    names = "".join(contact["Name"] for contact in contacts)
    assert '"' in names
    assert "'" in names
    assert max(names) > "\uffff"  # an emoji


def test_no_two_documents_share_a_change_stamp(demo_organisation: Organisation) -> None:
    stamps = [document.updated_at for document in documents_of(demo_organisation)]
    assert len(set(stamps)) == len(stamps)


def test_paid_is_settled_and_nothing_is_paid_twice(demo_organisation: Organisation) -> None:
    for document in documents_of(demo_organisation):
        if document.status == "PAID":
            assert document.due == 0, document.number
        if document.status == "AUTHORISED":
            assert document.due > 0, document.number


def test_records_that_the_readme_names_exist(
    demo_organisation: Organisation, sandbox_folder: Path
) -> None:
    folder = sandbox_folder / "organisations" / demo_organisation.short_name
    known = {
        next(iter(row.values())) for file in FILES.values() for row in read_rows(folder / file)
    }
    column = 2 if demo_organisation.short_name == "harbour" else 3
    rows = (sandbox_folder / "README.md").read_text("utf-8").split("\n| case |")[1].splitlines()
    named = {key for row in rows[2:] for key in RECORD_KEY.findall(row.split("|")[column])}
    assert len(named) > 20
    assert named <= known


def test_template_contacts_have_terms_and_a_branding_theme_to_give(demo_world: World) -> None:
    harbour = demo_world.organisation("harbour")
    template = harbour.records["Contacts"][harbour.id_of("Contacts", "template-trade")]
    assert template["PaymentTerms"] == {"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}
    assert template["BrandingTheme"]["Name"] == "Trade invoice"
    others = [one for one in harbour.records["Contacts"].values() if "BrandingTheme" in one]
    assert others == [template]
