"""Plans in the ledger: as they were made, under a short name, and no copies of the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from desired_state import a_contact, a_record, an_invoice, an_item
from plans import NOW, a_plan
from sqlalchemy import update

from pipelines.push.earlier import read_earlier
from pipelines.push.errors import UnknownPlan
from pipelines.push.planned import latest_plan, load_plan, store_plan
from pipelines.push.tables import OPERATIONS

LATER = NOW + timedelta(hours=1)


def records():
    return [
        a_record("xero", "items", an_item("BNCH", {"Name": "Bench", "Price": 1.50})),
        a_record("xero", "contacts", a_contact()),
        a_record("xero", "invoices", an_invoice(depends_on=["xero__contacts/workguru:17"])),
    ]


def set_status(ledger, operation_id, status, **values):
    with ledger.transaction() as connection:
        connection.execute(
            update(OPERATIONS)
            .where(OPERATIONS.c.operation_id == operation_id)
            .values(status=status, **values)
        )


def test_a_stored_plan_is_read_as_it_was_made(ledger):
    made = a_plan(records())
    stored = store_plan(ledger, made)
    with ledger.reading() as connection:
        read = load_plan(connection, stored.plan_id)
    assert read == stored
    assert [replace(each, operation_id="", plan_id="") for each in read.operations] == [
        *made.operations
    ]
    assert read.control_totals == made.control_totals


def test_a_plan_is_named_by_its_day_and_a_number(ledger):
    first = store_plan(ledger, a_plan(records()))
    second = store_plan(ledger, a_plan(records()[:1], now=LATER))
    third = store_plan(ledger, a_plan(records(), now=NOW + timedelta(days=1)))
    assert [each.plan_id for each in (first, second, third)] == [
        *("20261122-1", "20261122-2", "20261123-1")
    ]
    assert [each.operation_id for each in first.operations][:2] == ["20261122-1/1", "20261122-1/2"]


def test_plans_made_at_once_get_names_of_their_own(ledger):
    def make(number):
        item = a_record("xero", "items", an_item(f"I-{number}"))
        return store_plan(ledger, a_plan([item])).plan_id

    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(make, range(8)))
    assert sorted(names) == [f"20261122-{n}" for n in range(1, 9)]


def test_a_plan_that_says_the_same_is_the_same_plan(ledger):
    first = store_plan(ledger, a_plan(records()))
    again = store_plan(ledger, a_plan(records(), now=LATER))
    assert again == first
    set_status(ledger, first.operations[0].operation_id, "approved")
    assert store_plan(ledger, a_plan(records(), now=LATER)).plan_id == first.plan_id


def test_a_plan_that_expired_or_was_begun_is_made_anew(ledger):
    first = store_plan(ledger, a_plan(records()))
    late = store_plan(ledger, a_plan(records(), now=first.expires_at))
    assert late.plan_id != first.plan_id
    set_status(ledger, late.operations[0].operation_id, "confirmed")
    anew = store_plan(ledger, a_plan(records(), now=first.expires_at + timedelta(hours=1)))
    assert anew.plan_id not in (first.plan_id, late.plan_id)


def test_an_unknown_plan_is_named_with_the_latest(ledger):
    with ledger.reading() as connection:
        with pytest.raises(UnknownPlan, match="There is none yet"):
            load_plan(connection, "20261122-9")
        assert latest_plan(connection) is None
    store_plan(ledger, a_plan(records()))
    with ledger.reading() as connection, pytest.raises(UnknownPlan, match="20261122-1"):
        load_plan(connection, "20261122-9")


def test_what_became_of_a_record_is_read_from_its_latest_operation(ledger):
    first = store_plan(ledger, a_plan(records()))
    refusal = '[{"rule": "CODE", "severity": "block", "message": "Code is taken.", "remedy": ""}]'
    set_status(ledger, first.operations[0].operation_id, "rejected", findings=refusal)
    set_status(ledger, first.operations[1].operation_id, "confirmed", target_id="c-1")
    second = store_plan(ledger, a_plan(records()[:1], now=LATER))
    with ledger.reading() as connection:
        found = {key[3]: each for key, each in read_earlier(connection).items()}
    assert set(found) == {"BNCH", "workguru:17"}
    item, contact = found["BNCH"], found["workguru:17"]
    assert (item.status, item.errors, item.snapshot_id) == (
        *("rejected", ("Code is taken.",)),
        "snapshot-1",
    )
    assert contact.target_id == "c-1"
    set_status(ledger, second.operations[0].operation_id, "confirmed", changed_at=LATER)
    with ledger.reading() as connection:
        found = {key[3]: each for key, each in read_earlier(connection).items()}
    assert (found["BNCH"].status, found["BNCH"].plan_id) == ("confirmed", second.plan_id)
