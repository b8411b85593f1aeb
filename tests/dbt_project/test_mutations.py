"""What people do to their chart of accounts and tracking in the middle of a year moves no revenue.

Each mutation has an organisation of its own, all alike at first; all are built, mutated and built
again. The table says which labels change, and from what to what; everything else stays, each
amount under each label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.dbt_project.conftest import BuiltWarehouse

pytestmark = pytest.mark.xdist_group("dbt_project")

LABELS = {
    "revenue_by_analysis_code": ("analysis_code", "analysis_name", "report_as_code"),
    "revenue_by_tracking_option": (
        "tracking_category_name",
        "tracking_option_id",
        "tracking_option_name",
        "tracking_source",
    ),
    "revenue_by_customer": ("contact_name", "account_number"),
    "revenue_by_item": ("item_code", "item_name"),
}
SALES = {"Code": "200", "Name": "Sales", "Type": "REVENUE", "Class": "REVENUE", "Status": "ACTIVE"}
REPAIRS = {**SALES, "Code": "210", "Name": "Repairs"}
NORTH = {"TrackingOptionID": "north", "Name": "North", "Status": "ACTIVE"}
SOUTH = {"TrackingOptionID": "south", "Name": "South", "Status": "ACTIVE"}
RED = {"TrackingOptionID": "red", "Name": "Red", "Status": "ACTIVE"}
WEB = {"TrackingOptionID": "web", "Name": "Web", "Status": "ACTIVE"}
REGION = {"Name": "Region", "Status": "ACTIVE", "Options": [NORTH, SOUTH]}
TEAM = {"Name": "Team", "Status": "ACTIVE", "Options": [RED]}
CHAIR = {"Code": "CHAIR", "Name": "Chair", "SalesDetails": {"AccountCode": "200"}}
CAFE = {
    "Name": "Harbour Cafe",
    "AccountNumber": "H1",
    "ContactStatus": "ACTIVE",
    "SalesTrackingCategories": [{"TrackingCategoryName": "Region", "TrackingOptionName": "South"}],
}

Read = Callable[..., Any]


def a_line(number: int, account: str, amount: int, *options: tuple[str, str], **more: Any) -> dict:
    tracking = [{"TrackingCategoryID": one, "TrackingOptionID": other} for one, other in options]
    return {
        "LineItemID": f"line-{number}",
        "AccountID": account,
        "AccountCode": {"sales": "200", "repairs": "210"}[account],
        "Quantity": "1",
        "UnitAmount": str(amount),
        "LineAmount": str(amount),
        "TaxType": "NONE",
        "TaxAmount": "0",
        "Tracking": tracking,
        **more,
    }


def a_document(kind: str, day: str, *lines: dict) -> dict[str, Any]:
    return {
        "Type": kind,
        "Status": "AUTHORISED",
        "DateString": f"{day}T00:00:00",
        "Contact": {"ContactID": "cafe", "Name": "Harbour Cafe"},
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": "NZD",
        "Total": str(sum(int(line["LineAmount"]) for line in lines)),
        "LineItems": list(lines),
    }


def an_organisation(read: Read) -> None:
    """Sales and repairs, tracked by region and team; one customer is of the South by default."""
    read("organisation", "o", {"Name": "N", "BaseCurrency": "NZD", "FinancialYearEndMonth": 3})
    read("accounts", "sales", SALES)
    read("accounts", "repairs", REPAIRS)
    read("tracking_categories", "region", REGION)
    read("tracking_categories", "team", TEAM)
    read("items", "chair", CHAIR)
    read("contacts", "cafe", CAFE)
    north, red = ("region", "north"), ("team", "red")
    chair = {"ItemCode": "CHAIR", "Item": {"ItemID": "chair"}}
    in_may = [a_line(1, "sales", 100, red, north, **chair), a_line(2, "repairs", 40)]
    read("invoices", "may", a_document("ACCREC", "2026-05-10", *in_may))
    read("invoices", "june", a_document("ACCREC", "2026-06-10", a_line(1, "sales", 70, **chair)))
    credited = a_line(1, "sales", 10, north)
    read("credit_notes", "credit", a_document("ACCRECCREDIT", "2026-06-11", credited))


def an_account(record_id: str, content: dict[str, Any] | None) -> Callable[[Read], None]:
    return lambda read: read("accounts", record_id, content)


def a_category(record_id: str, content: dict[str, Any] | None) -> Callable[[Read], None]:
    return lambda read: read("tracking_categories", record_id, content)


def both(*changes: Callable[[Read], None]) -> Callable[[Read], None]:
    def make(read: Read) -> None:
        for change in changes:
            change(read)

    return make


def a_mapping(valid_from: str, report_as: str) -> Callable[[Read], None]:
    row = {"account_id": "sales", "valid_from": valid_from, "report_as_code": report_as}
    return lambda read: read("analysis_code_map", f"sales,{valid_from}", row, schema="raw_settings")


# What is done, and which labels change: {column: {before: after}}.
MUTATIONS: dict[str, tuple[Callable[[Read], None], dict[str, dict[str, str]]]] = {
    "archive an account": (an_account("repairs", {**REPAIRS, "Status": "ARCHIVED"}), {}),
    "rename an account": (
        an_account("sales", {**SALES, "Name": "Trade sales"}),
        {"analysis_name": {"Sales": "Trade sales"}},
    ),
    "re-number an account": (
        an_account("sales", {**SALES, "Code": "205"}),
        {"analysis_code": {"200": "205"}, "report_as_code": {"200": "205"}},
    ),
    "delete an account": (an_account("repairs", None), {}),
    "reuse a code": (
        both(
            an_account("repairs", {**REPAIRS, "Status": "ARCHIVED"}),
            an_account("hire", {**REPAIRS, "Name": "Hire"}),
        ),
        {},
    ),
    "split a code": (
        both(
            an_account("trade", {**SALES, "Code": "201", "Name": "Trade"}),
            a_mapping("2026-04-01", "S1"),
        ),
        {"report_as_code": {"200": "S1"}},
    ),
    "archive an option": (
        a_category("region", {**REGION, "Options": [{**NORTH, "Status": "ARCHIVED"}, SOUTH]}),
        {},
    ),
    "rename an option": (
        a_category("region", {**REGION, "Options": [{**NORTH, "Name": "Northland"}, SOUTH]}),
        {"tracking_option_name": {"North": "Northland"}},
    ),
    "delete an option": (a_category("region", {**REGION, "Options": [SOUTH]}), {}),
    "rename a category": (
        a_category("region", {**REGION, "Name": "Area"}),
        {"tracking_category_name": {"Region": "Area"}},
    ),
    "archive a category": (a_category("region", {**REGION, "Status": "ARCHIVED"}), {}),
    "delete a category": (a_category("region", None), {}),
    "re-create a category": (
        both(
            a_category("region", {**REGION, "Status": "ARCHIVED"}),
            a_category(
                "new region", {**REGION, "Options": [{**NORTH, "TrackingOptionID": "new north"}]}
            ),
        ),
        {},
    ),
    "swap the order of categories": (
        # Read again in the other order: each is another version, since something trifling moved.
        both(
            a_category("team", {**TEAM, "Options": [{**RED, "IsActive": True}]}),
            a_category("region", {**REGION, "Options": [SOUTH, NORTH]}),
        ),
        {},
    ),
    "add a third category": (
        a_category("channel", {**TEAM, "Name": "Channel", "Options": [WEB]}),
        {},
    ),
    "change a customer's default": (
        lambda read: read("contacts", "cafe", {**CAFE, "SalesTrackingCategories": []}),
        {},
    ),
    "rename a customer": (
        lambda read: read("contacts", "cafe", {**CAFE, "Name": "Harbour Café"}),
        {"contact_name": {"Harbour Cafe": "Harbour Café"}},
    ),
    "delete an item": (lambda read: read("items", "chair", None), {}),
}
Labelled = dict[tuple[str, str, Any, str | None], Decimal]


def labelled(warehouse: BuiltWarehouse, tenant: str) -> Labelled:
    """Return {(mart, column, month, label): amount} of an organisation's reports."""
    amounts: Labelled = defaultdict(Decimal)
    for mart, columns in LABELS.items():
        for column in columns:
            for month, label, amount in warehouse.rows(
                f"select month, {column}, net_amount_base from reporting.{mart}"  # noqa: S608
                " where tenant_id = ?",
                tenant,
            ):
                amounts[mart, column, month, label] += amount
    return dict(amounts)


@pytest.fixture(scope="module")
def reports(new_warehouse: Any) -> dict[str, tuple[Labelled, Labelled]]:
    """The labelled amounts of each mutation's organisation, before it and after."""
    warehouse: BuiltWarehouse = new_warehouse()

    def reader(tenant: str) -> Read:
        def read(table: str, record_id: str, payload: Any, schema: str = "raw_xero") -> None:
            warehouse.read(f"{schema}.{table}", record_id, payload, tenant=tenant)

        return read

    marts = [f"+{mart}" for mart in LABELS]
    for name in MUTATIONS:
        an_organisation(reader(name))
    warehouse.build(*marts, checks=False)
    before = {name: labelled(warehouse, name) for name in MUTATIONS}
    warehouse.clock = datetime(2026, 7, 1, 8, 0)  # after the documents' dates
    for name, (mutate, _) in MUTATIONS.items():
        mutate(reader(name))
    warehouse.build(*marts, checks=False)
    return {name: (before[name], labelled(warehouse, name)) for name in MUTATIONS}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_revenue_stays_and_only_the_listed_labels_change(reports, mutation: str) -> None:
    before, after = reports[mutation]
    changes = MUTATIONS[mutation][1]
    expected: Labelled = defaultdict(Decimal)
    for (mart, column, month, label), amount in before.items():
        expected[mart, column, month, changes.get(column, {}).get(label or "", label)] += amount
    assert after == expected


def test_the_organisation_sells_what_the_mutations_are_about(reports) -> None:
    before, _ = reports["archive an account"]
    by_code: dict[str | None, Decimal] = defaultdict(Decimal)
    for (_, column, _, label), amount in before.items():
        if column in ("analysis_code", "tracking_option_name"):
            by_code[label] += amount
    assert by_code == {"200": 160, "210": 40, "North": 90, "South": 110, "Red": 100, None: 100}
