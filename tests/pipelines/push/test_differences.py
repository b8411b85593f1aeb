"""The comparison of what was sent with what is held: blind to nothing, alarmed by no spelling."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.push.differences import differences
from pipelines.push.operations import decode_json, encode_json

NAMES = st.text("abcXYZ", min_size=1, max_size=4)
SCALARS = (
    st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.decimals(-(10**9), 10**9, places=4)
    | st.text(min_size=1, max_size=8)
)
RECORDS = st.recursive(
    st.dictionaries(NAMES, SCALARS, max_size=4),
    lambda inner: st.dictionaries(NAMES, SCALARS | inner | st.lists(inner, max_size=3), max_size=4),
    max_leaves=12,
)


def as_a_target_writes_it(value: Any) -> Any:
    """Return a record with ids of the target's own and other trailing zeros."""
    if isinstance(value, dict):
        return {"TheirID": "x", **{name: as_a_target_writes_it(one) for name, one in value.items()}}
    if isinstance(value, list):
        return [as_a_target_writes_it(one) for one in value]
    return Decimal(f"{value}00") if isinstance(value, Decimal) else value


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        leaf
        for name, one in pairs
        for leaf in (
            leaves(one, (*path, name)) if isinstance(one, dict | list) else [(*path, name)]
        )
    ]


@settings(deadline=None)
@given(RECORDS)
def test_what_is_held_as_it_was_sent_is_no_difference(record: dict[str, Any]):
    assert differences(record, as_a_target_writes_it(record)) == []


@settings(deadline=None)
@given(RECORDS)
def test_what_went_over_the_wire_is_no_difference(record: dict[str, Any]):
    assert differences(record, decode_json(encode_json(record))) == []


@settings(deadline=None)
@given(RECORDS, st.data())
def test_any_one_value_that_is_not_held_is_found(record: dict[str, Any], data: st.DataObject):
    every = leaves(record)
    if not every:
        return
    path = data.draw(st.sampled_from(every))
    held = copy.deepcopy(record)
    inner = held
    for part in path[:-1]:
        inner = inner[part]
    way = data.draw(st.sampled_from(["changed", "lost"]))
    if way == "lost" and isinstance(inner, dict):
        del inner[path[-1]]
    else:
        inner[path[-1]] = "something else"
    (found,) = differences(record, held)
    assert found.field.startswith(str(path[0]))


def test_a_list_with_fewer_or_more_elements_is_another_list():
    sent = {"Lines": [{"Amount": 1}, {"Amount": 2}]}
    assert differences(sent, {"Lines": [{"Amount": 1}]})
    assert differences(sent, {"Lines": [{"Amount": 1}, {"Amount": 2}, {"Amount": 3}]})
    assert differences(sent, {"Lines": [{"Amount": 2}, {"Amount": 1}]})
    assert differences(sent, {})


def test_truth_is_no_number_and_no_text():
    assert differences({"Sold": True}, {"Sold": 1})
    assert differences({"Sold": True}, {"Sold": "true"})


def test_an_empty_text_is_held_where_the_field_is_absent():
    assert differences({"Reference": ""}, {}) == []
    assert differences({"Reference": ""}, {"Reference": "PO 7"})
