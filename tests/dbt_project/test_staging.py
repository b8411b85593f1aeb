"""Staging types each record once, from a declared shape, and names what it could not type."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

STAGING = [
    f"path:dbt_project/models/staging/{part}" for part in ("xero", "settings", "runs", "quality")
]


def a_line(**fields: Any) -> dict[str, Any]:
    line = {
        "LineItemID": "line-1",
        "Description": "Delivery",
        "Quantity": 2.0,
        "UnitAmount": 10.1234,
        "LineAmount": 20.25,
        "TaxAmount": 3.04,
        "TaxType": "OUTPUT2",
        "AccountCode": "200",
        "AccountID": "account-200",
        "Item": {"ItemID": "item-1", "Code": "D", "Name": "Delivery"},
        "ItemCode": "D",
        "Tracking": [],
    }
    return {**line, **fields}


def an_invoice(**fields: Any) -> dict[str, Any]:
    invoice = {
        "Type": "ACCREC",
        "InvoiceNumber": "INV-1",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": "contact-1", "Name": "Café “Ōtaki” 🦉 "},
        "DateString": "2026-02-03T00:00:00",
        "Date": "/Date(1770076800000+0000)/",
        "DueDate": "/Date(1772496000000+1300)/",
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": "GBP",
        "CurrencyRate": 0.482345,
        "Total": 23.29,
        "LineItems": [a_line()],
    }
    return {**invoice, **fields}


def with_raw(record: dict[str, Any], field: str, json_text: str) -> str:
    """Return the record as JSON with a field's value replaced by exactly this text."""
    return json.dumps({**record, field: "@@"}).replace('"@@"', json_text)


def region(option: str) -> dict[str, str]:
    return {
        "TrackingCategoryID": "category-region",
        "TrackingOptionID": f"option-{option.lower()}",
        "Name": "Region",
        "Option": option,
    }


@pytest.fixture(scope="module")
def staged(new_warehouse):
    raw = new_warehouse()
    invoices, items = "raw_xero.invoices", "raw_xero.items"
    raw.read(invoices, "plain", an_invoice())
    raw.read(invoices, "bill", an_invoice(Type="ACCPAY", Status="SOMETHING NEW"))
    raw.read(
        invoices,
        "tracked",
        an_invoice(
            LineItems=[
                a_line(Tracking=[region("North"), {**region("South"), "Name": "Team"}]),
                {"LineAmount": 1, "Tracking": [region("North")]},
            ]
        ),
    )
    raw.read(invoices, "no-list", an_invoice(LineItems=None))
    raw.read(invoices, "empty-list", an_invoice(LineItems=[]))
    raw.read(invoices, "thousand", an_invoice(LineItems=[{"LineAmount": 1}] * 1000))
    for name, text in {
        "large": "1000000000000",
        "large-with-cents": "9999999999999.99",
        "once-wrong": "277596233303.629",
        "text": '"50.00"',
        "exponent": "1.5e3",
        "negative": "-0.005",
    }.items():
        raw.read(invoices, name, with_raw(an_invoice(), "Total", text))
    bad_lines = [a_line(), a_line(Quantity="two", Tracking={"Name": "Region"})]
    for name, payload in {
        "bad-money": with_raw(an_invoice(), "Total", "123456789012345678901234567890"),
        "bad-blank": an_invoice(SubTotal=""),
        "bad-rate": an_invoice(CurrencyRate="par"),
        "bad-date": an_invoice(DateString="3 February 2026"),
        "bad-list": an_invoice(LineItems={"LineItemID": "line-1"}),
        "bad-lines": an_invoice(LineItems=bad_lines),
        "bad-json": '{"Type": "ACCREC", "Reference": "half a pair \\ud83d"}',
        "bad-and-gone": an_invoice(SubTotal="?"),
    }.items():
        raw.read(invoices, name, payload)
    raw.read(invoices, "bad-and-gone", None)
    raw.read(items, "bare", {"Code": "B", "IsSold": False, "QuantityOnHand": "12"})
    raw.read(
        items,
        "tracked",
        {
            "IsTrackedAsInventory": "true",
            "SalesDetails": {"UnitPrice": 9.1234, "AccountCode": ""},
            "PurchaseDetails": {"COGSAccountCode": "310"},
        },
    )
    lock_date = "/Date(1774915200000+0000)/"
    raw.read("raw_xero.organisation", "org", {"Name": "A", "PeriodLockDate": lock_date})
    raw.build(*STAGING, "path:dbt_project/tests/macros")
    return raw


def invoice(staged, document_id: str, columns: str) -> Any:
    query = f"select {columns} from staging.stg_xero__invoices where document_id = ?"  # noqa: S608
    return staged.one(query, document_id)


def failures(staged, record_id: str) -> list[tuple[str, str]]:
    return staged.rows(
        """
        select field, raw_value from staging.stg_quality__typing_failures
        where record_id = ? order by field
        """,
        record_id,
    )


def test_text_keeps_its_quotes_emoji_and_trailing_spaces(staged):
    assert invoice(staged, "plain", "contact_name") == "Café “Ōtaki” 🦉 "


def test_dates_come_from_the_string_else_from_the_instant_at_utc(staged):
    dates = invoice(staged, "plain", "document_date, due_date")
    assert dates == (date(2026, 2, 3), date(2026, 3, 3))


def test_rates_have_six_decimals(staged):
    assert str(invoice(staged, "plain", "currency_rate")) == "0.482345"


def test_an_unknown_status_is_kept_as_it_is(staged):
    assert invoice(staged, "bill", "document_status") == "SOMETHING NEW"


@pytest.mark.parametrize(
    ("record", "total"),
    [
        ("large", "1000000000000.0000"),
        ("large-with-cents", "9999999999999.9900"),
        ("once-wrong", "277596233303.6290"),  # a double gives …6291
        ("text", "50.0000"),
        ("exponent", "1500.0000"),
        ("negative", "-0.0050"),
    ],
)
def test_amounts_are_exact(staged, record, total):
    assert str(invoice(staged, record, "total")) == total


def test_a_line_has_its_place_ids_amounts_and_tracking(staged):
    lines = staged.rows(
        """
        select line_id, line_number, item_id, unit_amount, tracking_count,
            tracking_option_id_1, tracking_category_name_2, tracking_option_name_2
        from staging.stg_xero__invoice_lines where document_id = 'tracked' order by line_number
        """
    )
    assert lines == [
        ("line-1", 1, "item-1", Decimal("10.1234"), 2, "option-north", "Team", "South"),
        ("tracked-2", 2, None, None, 1, "option-north", None, None),
    ]


def test_a_thousand_lines_are_a_thousand_rows(staged):
    count = "select count(*) from staging.stg_xero__invoice_lines where document_id = 'thousand'"
    assert staged.one(count) == 1000


def test_a_list_that_is_null_stays_apart_from_one_that_is_empty(staged):
    assert invoice(staged, "no-list", "line_items") is None
    assert invoice(staged, "empty-list", "line_items") == []
    assert failures(staged, "no-list") == failures(staged, "empty-list") == []


@pytest.mark.parametrize(
    ("record", "failed"),
    [
        ("bad-money", [("Total", "123456789012345678901234567890")]),
        ("bad-blank", [("SubTotal", "")]),
        ("bad-rate", [("CurrencyRate", "par")]),
        ("bad-date", [("DateString", "3 February 2026")]),
        ("bad-list", [("LineItems", '{"LineItemID":"line-1"}')]),
        (
            "bad-lines",
            [("LineItems[2].Quantity", "two"), ("LineItems[2].Tracking", '{"Name":"Region"}')],
        ),
        ("bad-json", [("$", '{"Type": "ACCREC", "Reference": "half a pair \\ud83d"}')]),
        ("bad-and-gone", []),
    ],
)
def test_what_cannot_be_typed_is_null_and_listed(staged, record, failed):
    assert failures(staged, record) == failed


def test_nothing_else_is_listed(staged):
    listed = staged.rows(
        "select distinct record_type, record_id from staging.stg_quality__typing_failures"
    )
    assert {record_type for record_type, _ in listed} == {"invoice"}
    assert all(record_id.startswith("bad-") for _, record_id in listed)


def test_the_rest_of_a_bad_record_is_typed(staged):
    assert invoice(staged, "bad-date", "document_date, total") == (
        date(2026, 2, 3),
        Decimal("23.2900"),
    )
    assert invoice(staged, "bad-json", "document_id, total") == ("bad-json", None)


def test_items_read_nested_prices_and_flags_in_either_form(staged):
    items = staged.rows(
        """
        select item_id, is_sold, is_tracked_as_inventory, sales_unit_price, sales_account_code,
            cogs_account_code, quantity_on_hand
        from staging.stg_xero__items order by item_id
        """
    )
    assert items == [
        ("bare", False, None, None, None, None, Decimal("12.0000")),
        ("tracked", None, True, Decimal("9.1234"), None, "310", None),
    ]


def test_lock_dates_are_calendar_dates(staged):
    locked = staged.one("select period_lock_date from staging.stg_xero__organisations")
    assert locked == date(2026, 3, 31)
