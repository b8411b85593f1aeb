"""What Xero writes otherwise than it was sent, and what it must not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipelines.xero.as_held import unlike

GUID = "45E4708E-D862-4111-AB3A-DD8CD03913E1"


def fields(sent: dict[str, Any], held: dict[str, Any], **facts: str) -> list[str]:
    return [one.field for one in unlike(sent, held, facts)]


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        ({"Date": "2026-11-02"}, {"Date": "/Date(1793577600000+0000)/"}),
        ({"Date": "2026-11-02"}, {"Date": "/Date(1793577600000+1300)/"}),
        ({"DueDate": "1969-12-31"}, {"DueDate": "/Date(-86400000)/"}),
        ({"Contact": {"ContactID": GUID}}, {"Contact": {"ContactID": GUID.lower(), "Name": "X"}}),
        ({"TaxType": "NONE"}, {"TaxType": "BASEXCLUDED"}),
        ({"Quantity": Decimal("4.0000")}, {"Quantity": Decimal("4.00")}),
        (
            {"Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "1"}]},
            {"Phones": [{"PhoneType": "DEFAULT"}, {"PhoneType": "MOBILE", "PhoneNumber": "1"}]},
        ),
        (
            {"Tracking": [{"Name": "B", "Option": "1"}, {"Name": "A", "Option": "2"}]},
            {"Tracking": [{"Name": "A", "Option": "2"}, {"Name": "B", "Option": "1"}]},
        ),
    ],
)
def test_xeros_own_way_of_writing_is_no_difference(sent: dict[str, Any], held: dict[str, Any]):
    assert fields(sent, held) == []


@pytest.mark.parametrize(
    ("sent", "held", "found"),
    [
        ({"Date": "2026-11-02"}, {"Date": "/Date(1793664000000+0000)/"}, "Date"),
        ({"TaxType": "NONE"}, {"TaxType": "OUTPUT2"}, "TaxType"),
        ({"TaxType": "OUTPUT2"}, {"TaxType": "BASEXCLUDED"}, "TaxType"),
        ({"AccountCode": "200"}, {"AccountCode": "0200"}, "AccountCode"),
        ({"Description": "A"}, {"Description": "a"}, "Description"),
        (
            {"Tracking": [{"Name": "B", "Option": "North"}]},
            {"Tracking": []},
            "Tracking[B]",
        ),
        (
            {"SalesTrackingCategories": [{"TrackingCategoryName": "B", "TrackingOptionName": "1"}]},
            {"SalesTrackingCategories": [{"TrackingCategoryName": "B", "TrackingOptionName": "2"}]},
            "SalesTrackingCategories[B].TrackingOptionName",
        ),
    ],
)
def test_another_value_is_a_difference(sent: dict[str, Any], held: dict[str, Any], found: str):
    assert fields(sent, held) == [found]


def test_totals_are_those_of_the_plan():
    held = {"Total": Decimal("115.00"), "SubTotal": Decimal("100.00"), "TotalTax": Decimal("15")}
    assert fields({}, held, total="115.00", net="100.00", tax="15.00") == []
    assert fields({}, held, total="115.00", net="101.00", tax="14.00") == ["SubTotal", "TotalTax"]
    assert fields({}, held, total="115.00", target_total="115.01") == ["Total"]
    assert fields({}, held, total="120.00", target_total="115.00", net="105.00", tax="15.00") == []
