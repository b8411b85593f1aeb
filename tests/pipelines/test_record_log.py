"""A record becomes a version only when it differs from the latest one held."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.record_log import (
    RAW_SCHEMA,
    HeldVersion,
    VersionLog,
    decode,
    has_long_number,
    parse_stamp,
    raw_table,
)

NOON = datetime(2026, 3, 31, 12)


def a_log(held: dict[str, HeldVersion] | None = None, **changes) -> VersionLog:
    return VersionLog("t1", id_field="ID", stamp_field="UpdatedDateUTC", held=held or {}, **changes)


def an_account(name: str, *, stamp: int = 1573755038314) -> bytes:
    return f'{{"ID":"a1","Name":"{name}","UpdatedDateUTC":"/Date({stamp}+0000)/"}}'.encode()


def test_the_payload_is_kept_to_the_byte() -> None:
    payload = b'{ "ID":"a1", "Total": 17.960000, "Name":"Caf\xc3\xa9 \xf0\x9f\xaa\xb5" }'
    table, ids = a_log().append([payload], NOON)
    assert ids == ["a1"]
    assert table.schema == RAW_SCHEMA
    assert table.column("payload").to_pylist() == [payload.decode()]


def test_a_record_equal_to_its_latest_version_is_not_written_again() -> None:
    log = a_log()
    assert log.append([an_account("Sales")], NOON)[0].num_rows == 1
    assert log.append([an_account("Sales")], NOON)[0].num_rows == 0
    assert (log.counts.records_read, log.counts.versions_written) == (2, 1)


def test_key_order_and_white_space_do_not_make_a_version() -> None:
    assert decode(b'{"ID":"a","Total":1.50}')[1] == decode(b'{ "Total": 1.50, "ID": "a" }')[1]


def test_a_number_in_other_digits_makes_a_version() -> None:
    assert decode(b'{"ID":"a","Total":1.50}')[1] != decode(b'{"ID":"a","Total":1.51}')[1]
    fine = decode(b'{"ID":"a","Total":0.12345678901234567890}')[1]
    assert fine != decode(b'{"ID":"a","Total":0.12345678901234567891}')[1]


def test_content_that_goes_from_a_to_b_and_back_ends_as_a() -> None:
    log = a_log()
    rows = [
        row
        for name in ("Sales", "Trade sales", "Sales")
        for row in log.append([an_account(name)], NOON)[0].to_pylist()
    ]
    assert len(rows) == 3
    latest = max(rows, key=lambda row: row["extracted_at"])
    assert '"Name":"Sales"' in latest["payload"]
    assert rows[0]["version_hash"] == rows[2]["version_hash"] != rows[1]["version_hash"]


def test_a_change_that_moves_no_stamp_is_counted() -> None:
    log = a_log()
    log.append([an_account("Sales")], NOON)
    log.append([an_account("Recoded")], NOON)
    log.append([an_account("Stamped", stamp=1573755039000)], NOON)
    assert log.counts.changed_without_stamp == 1


def test_a_vanished_record_gets_a_tombstone_and_comes_back_as_a_new_row() -> None:
    log = a_log()
    log.append([an_account("Sales")], NOON)
    (tombstone,) = log.tombstones([], NOON).to_pylist()
    assert (tombstone["is_deleted"], tombstone["payload"]) == (True, None)
    digest = decode(an_account("Sales"))[1]
    again = a_log({"a1": HeldVersion(tombstone["version_hash"], None, True)})
    table, _ = again.append([an_account("Sales")], NOON + timedelta(seconds=1))
    assert table.column("version_hash").to_pylist() == [digest]
    assert again.tombstones(["a1"], NOON).num_rows == 0


def test_a_deleted_record_gets_no_second_tombstone() -> None:
    log = a_log({"a1": HeldVersion("0" * 32, None, True)})
    assert log.tombstones([], NOON).num_rows == 0


def test_records_of_one_answer_share_the_millisecond_and_keep_their_order() -> None:
    received = datetime(2026, 3, 31, 12, 0, 0, 123456)
    records = [b'{"ID":"%d"}' % n for n in range(1000)]
    times = a_log().append(records, received)[0].column("extracted_at").to_pylist()
    assert times[0] == datetime(2026, 3, 31, 12, 0, 0, 123000)
    assert times == sorted(set(times))
    assert {at.replace(microsecond=at.microsecond // 1000 * 1000) for at in times} == {times[0]}


def test_versions_stay_ordered_when_the_clock_is_set_back() -> None:
    held_at = NOON + timedelta(hours=1)
    log = a_log(not_before=held_at)
    first = log.append([an_account("A")], NOON)[0].column("extracted_at").to_pylist()[0]
    second = log.append([an_account("B")], NOON)[0].column("extracted_at").to_pylist()[0]
    assert held_at < first < second


def test_a_record_without_an_id_is_kept_and_reported() -> None:
    log = a_log()
    table, ids = log.append([b'{"Name":"nameless"}', b'{"ID":null}'], NOON)
    assert table.num_rows == 2
    assert all(record_id.startswith("no-id:") for record_id in ids)
    assert log.counts.without_id == ids


def test_a_number_too_long_for_the_warehouse_is_reported() -> None:
    log = a_log()
    log.append([b'{"ID":"a","Total":1234567890123456.78}', b'{"ID":"b","Total":99.99}'], NOON)
    assert log.counts.long_numbers == ["a"]


def test_digits_in_a_text_are_no_long_number() -> None:
    assert not has_long_number(decode(b'{"Phone":"12345678901234567890"}')[0])
    assert has_long_number({"Lines": [{"Total": Decimal("0.1234567890123456")}]})
    assert not has_long_number({"Lines": [{"Total": Decimal("1000000000000.10")}]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/Date(1573755038314+0000)/", datetime(2019, 11, 14, 18, 10, 38, 314000)),
        ("/Date(1573755038314+1300)/", datetime(2019, 11, 14, 18, 10, 38, 314000)),
        ("/Date(1573755038314)/", datetime(2019, 11, 14, 18, 10, 38, 314000)),
        ("/Date(0+0000)/", datetime(1970, 1, 1)),
        ("/Date(-86400000+0000)/", datetime(1969, 12, 31)),
        ("2019-11-14T18:10:38Z", datetime(2019, 11, 14, 18, 10, 38)),
        ("2019-11-14T18:10:38+13:00", datetime(2019, 11, 14, 5, 10, 38)),
        ("/Date(-62135596800000+0000)/", datetime(1, 1, 1)),
        ("/Date(99999999999999999+0000)/", None),
        ("0001-01-01T00:00:00+13:00", None),
        ("yesterday", None),
        (None, None),
        (17, None),
    ],
)
def test_change_stamps_are_read_in_every_form(text: object, expected: datetime | None) -> None:
    assert parse_stamp(text) == expected


@given(st.lists(st.sampled_from(["A", "B", "C", None]), max_size=12))
def test_the_log_always_ends_as_the_source_does(names: list[str | None]) -> None:
    """None is a complete read that does not show the record."""
    rows: list[dict] = []
    held: dict[str, HeldVersion] = {}
    for minute, name in enumerate(names):
        at = NOON + timedelta(minutes=minute)
        log = a_log(held)
        payloads = [] if name is None else [an_account(name)]
        table, seen = log.append(payloads, at)
        rows += table.to_pylist() + log.tombstones(seen, at).to_pylist()
        latest = max(rows, key=lambda row: row["extracted_at"], default=None)
        if latest:
            held = {"a1": HeldVersion(latest["version_hash"], None, latest["is_deleted"])}
            assert latest["is_deleted"] == (name is None)
            assert name is None or f'"Name":"{name}"' in latest["payload"]
        else:
            assert name is None
    pairs = pairwise(rows)
    assert all(a["version_hash"] != b["version_hash"] for a, b in pairs)


def test_an_empty_batch_still_has_the_raw_shape() -> None:
    assert raw_table([]).schema == RAW_SCHEMA


def test_a_key_of_several_parts_and_a_number_name_a_record() -> None:
    log = VersionLog("t1", id_field=("Company", "Number", "Note"), stamp_field=None, held={})
    payloads = [
        b'{"Company":"A","Number":17,"Note":""}',
        b'{"Company":"A","Number":17,"Note":"C1"}',
        b'{"Company":"A","Number":1.5,"Note":""}',
        b'{"Company":"A","Number":17}',
    ]
    _, ids = log.append(payloads, NOON)
    assert ids[:2] == ["A|17|", "A|17|C1"]
    assert all(record_id.startswith("no-id:") for record_id in ids[2:])
