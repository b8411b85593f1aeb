"""What differs between a payload and what is held, field by field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.push.changes import field_changes, filled, leaves


@pytest.mark.parametrize(
    ("payload", "held", "expected"),
    [
        ({"Name": "Bay"}, {"Name": "Bay", "Other": 1}, []),
        ({"Name": "Bay"}, {"Name": "bay"}, [("Name", "bay", "Bay")]),
        ({"Name": "Bay"}, {}, [("Name", None, "Bay")]),
        ({"Price": Decimal("10.00")}, {"Price": 10}, []),
        ({"Price": Decimal("10.01")}, {"Price": 10}, [("Price", 10, Decimal("10.01"))]),
        ({"Price": "10"}, {"Price": 10}, [("Price", 10, "10")]),
        ({"IsSold": True}, {"IsSold": 1}, [("IsSold", 1, True)]),
        ({"Sales": {"Account": "200"}}, {"Sales": {"Account": "260", "Tax": "X"}},
         [("Sales.Account", "260", "200")]),
        ({"Sales": {"Account": "200"}}, {"Sales": None}, [("Sales.Account", None, "200")]),
        ({"Phones": [{"No": "1"}]}, {"Phones": [{"No": "2"}]}, [("Phones[0].No", "2", "1")]),
        ({"Lines": [{"A": 1}]}, {"Lines": [{"A": 1}, {"A": 2}]}, [("Lines[1]", {"A": 2}, None)]),
        ({"Lines": [{"A": 1}, {"A": 2}]}, {"Lines": [{"A": 1}]}, [("Lines[1].A", None, 2)]),
    ],
)  # fmt: skip
def test_each_leaf_that_differs_is_named_with_both_values(payload, held, expected):
    found = [
        (each["field"], each["before"], each["after"]) for each in field_changes(payload, held)
    ]
    assert found == expected


def test_a_placeholder_is_filled_where_its_record_is_known():
    payload = {"Contact": {"ContactID": "{{xero__contacts/a}}"}, "Lines": ["{{xero__items/b}}", 1]}
    known = {"xero__contacts/a": "c-1"}.get
    assert filled(payload, known) == {
        "Contact": {"ContactID": "c-1"},
        "Lines": ["{{xero__items/b}}", 1],
    }


def test_leaves_are_named_by_their_path():
    payload = {"Name": "Bay", "Lines": [{"Account": "200"}], "None": []}
    assert dict(leaves(payload)) == {"Name": "Bay", "Lines[0].Account": "200", "None": []}
