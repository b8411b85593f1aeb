"""What changed, vanished or came back: histories, and increments that equal the full refresh."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

STAGING = [
    f"path:dbt_project/models/staging/{part}" for part in ("xero", "settings", "runs", "quality")
]
OTHER_TENANT = "22222222-2222-2222-2222-222222222222"
INCREMENTAL = (
    "staging.stg_xero__invoices",
    "staging.stg_xero__credit_notes",
    "staging.stg_xero__items",
    "staging.stg_xero__contact_versions",
)
BEFORE_ALL_OTHERS = datetime(2026, 2, 1)


def an_invoice(number: str, *accounts: str) -> dict[str, Any]:
    lines = [{"LineItemID": f"{number}-{a}", "AccountCode": a, "LineAmount": 5} for a in accounts]
    return {"InvoiceNumber": number, "Status": "AUTHORISED", "LineItems": lines}


def a_contact(name: str, *, account: str = "", option: str | None = None) -> dict[str, Any]:
    tracking = [{"TrackingCategoryName": "Region", "TrackingOptionName": option}] if option else []
    return {
        "Name": name,
        "SalesDefaultAccountCode": account,
        "SalesTrackingCategories": tracking,
        "PurchasesTrackingCategories": [],
    }


def region(**options: str) -> dict[str, Any]:
    return {
        "Name": "Region",
        "Status": "ACTIVE",
        "Options": [
            {"TrackingOptionID": option_id, "Name": name, "Status": "ACTIVE"}
            for option_id, name in options.items()
        ],
    }


def first_read(raw) -> None:
    for name in ("unchanged", "recoded", "there-and-back", "vanished", "vanished-and-back"):
        raw.read("raw_xero.invoices", name, an_invoice(name, "200"))
    raw.read("raw_xero.credit_notes", "note", an_invoice("CN-1", "200"))
    raw.read("raw_xero.items", "item", {"Code": "A"})
    raw.read("raw_xero.items", "deleted", {"Code": "D"})
    raw.read("raw_xero.contacts", "plain", a_contact("Plain"))
    raw.moments["default set"] = raw.read(
        "raw_xero.contacts", "moved", a_contact("Moved", account="200", option="North")
    )
    raw.read("raw_xero.accounts", "account", {"Code": "200", "Name": "Sales", "SystemAccount": ""})
    raw.moments["listed"] = raw.read(
        "raw_xero.tracking_categories", "region", region(n="North", s="South")
    )


def second_read(raw) -> None:
    invoices = "raw_xero.invoices"
    raw.read(invoices, "recoded", an_invoice("recoded", "200", "260"))
    raw.read(invoices, "there-and-back", an_invoice("there-and-back", "260"))
    raw.read(invoices, "there-and-back", an_invoice("there-and-back", "200"))
    raw.moments["vanished"] = raw.read(invoices, "vanished", None)
    raw.read(invoices, "vanished-and-back", None)
    raw.read(invoices, "vanished-and-back", an_invoice("back", "200"))
    raw.read(invoices, "new", an_invoice("new", "200"))
    raw.read(
        invoices,
        "of another",
        an_invoice("late", "200"),
        tenant=OTHER_TENANT,
        at=BEFORE_ALL_OTHERS,
    )
    raw.read("raw_xero.items", "deleted", None)
    raw.moments["default moved"] = raw.read(
        "raw_xero.contacts", "moved", a_contact("Moved", account="260", option="South")
    )
    raw.moments["contact gone"] = raw.read("raw_xero.contacts", "moved", None)
    raw.moments["renumbered"] = raw.read(
        "raw_xero.accounts", "account", {"Code": "210", "Name": "Sales"}
    )
    categories = "raw_xero.tracking_categories"
    raw.moments["renamed"] = raw.read(categories, "region", region(n="Northland", s="South"))
    raw.read(categories, "region", {**region(n="Northland", s="South"), "Name": "Area"})
    raw.moments["unlisted"] = raw.read(categories, "region", region(n="Northland"))
    raw.read(categories, "region", {**region(), "Options": None})


@pytest.fixture(scope="module")
def grown(new_warehouse):
    """Built empty, after a first read and after a second one; then anew from everything."""
    raw = new_warehouse()
    raw.build(*STAGING, checks=False)
    raw.kept["empty"] = raw.content(*INCREMENTAL)
    first_read(raw)
    raw.build(*STAGING, checks=False)
    second_read(raw)
    raw.build(*STAGING)
    raw.kept["increments"] = raw.content(*INCREMENTAL)
    models = (relation.removeprefix("staging.") for relation in INCREMENTAL)
    raw.build(*models, full_refresh=True, checks=False)
    return raw


def test_columns_that_are_not_those_it_holds_are_refused_by_name(grown):
    grown.rows("alter table staging.stg_xero__items add column shelf integer")
    with pytest.raises(AssertionError, match=r"changed \(shelf\).*xero-crm build --full-refresh"):
        grown.build("stg_xero__items", checks=False)
    grown.rows("alter table staging.stg_xero__items drop column shelf")


def state(grown, document_id: str) -> tuple[Any, ...]:
    return grown.one(
        """
        select document_number, is_deleted, list_transform(line_items, lambda l: l.AccountCode)
        from staging.stg_xero__invoices where document_id = ?
        """,
        document_id,
    )


def test_a_new_warehouse_builds(grown):
    assert grown.kept["empty"] == {relation: [] for relation in INCREMENTAL}


@pytest.mark.parametrize("relation", INCREMENTAL)
def test_increments_equal_the_full_refresh(grown, relation):
    assert grown.kept["increments"][relation] == grown.content(relation)[relation]
    assert grown.kept["increments"][relation]


def test_a_record_is_its_latest_version(grown):
    assert state(grown, "recoded") == ("recoded", False, ["200", "260"])
    assert state(grown, "there-and-back") == ("there-and-back", False, ["200"])


def test_a_vanished_record_keeps_what_was_last_seen(grown):
    assert state(grown, "vanished") == ("vanished", True, ["200"])
    seen = grown.one(
        "select extracted_at, record_updated_at is not null from staging.stg_xero__invoices"
        " where document_id = 'vanished'"
    )
    assert seen == (grown.moments["vanished"], True)


def test_a_record_that_came_back_is_not_deleted(grown):
    assert state(grown, "vanished-and-back") == ("back", False, ["200"])


def test_a_tenant_whose_rows_are_older_than_all_others_arrives(grown):
    assert state(grown, "of another") == ("late", False, ["200"])


def test_each_record_has_one_row_however_many_versions(grown):
    count = (
        "select count(*), count(distinct (tenant_id, document_id)) from staging.stg_xero__invoices"
    )
    assert grown.one(count) == (7, 7)


def test_an_account_keeps_its_former_codes(grown):
    versions = grown.rows(
        "select version_number, account_code, valid_to from staging.stg_xero__account_versions"
        " order by version_number"
    )
    assert versions == [(1, "200", grown.moments["renumbered"]), (2, "210", None)]
    accounts = "select account_code, system_account from staging.stg_xero__accounts"
    assert grown.one(accounts) == ("210", None)


def test_contact_defaults_have_a_history_and_a_contact_without_any_is_known(grown):
    defaults = grown.rows(
        """
        select versions.contact_id, version_number, sales_account_code, tracking_option_name,
            versions.valid_from, versions.valid_to, versions.is_deleted
        from staging.stg_xero__contact_versions as versions
        left join staging.stg_xero__contact_tracking_versions as tracking
            using (tenant_id, contact_id, version_number)
        order by versions.contact_id, version_number
        """
    )
    moments = grown.moments
    assert [row[:4] for row in defaults] == [
        ("moved", 1, "200", "North"),
        ("moved", 2, "260", "South"),
        ("moved", 3, "260", "South"),
        ("plain", 1, None, None),
    ]
    assert [row[4:] for row in defaults[:3]] == [
        (moments["default set"], moments["default moved"], False),
        (moments["default moved"], moments["contact gone"], False),
        (moments["contact gone"], None, True),
    ]


def test_an_option_has_a_version_for_each_name_and_for_its_end(grown):
    versions = grown.rows(
        """
        select tracking_option_id, version_number, tracking_option_name, is_deleted, valid_from
        from staging.stg_xero__tracking_option_versions order by 1, 2
        """
    )
    moments = grown.moments
    assert versions == [
        ("n", 1, "North", False, moments["listed"]),
        ("n", 2, "Northland", False, moments["renamed"]),
        ("s", 1, "South", False, moments["listed"]),
        ("s", 2, "South", True, moments["unlisted"]),
    ]


def test_options_that_vanished_stay_as_deleted(grown):
    options = grown.rows(
        """
        select tracking_option_id, tracking_option_name, option_position, is_deleted
        from staging.stg_xero__tracking_options order by 1
        """
    )
    assert options == [("n", "Northland", 1, False), ("s", "South", 2, True)]
