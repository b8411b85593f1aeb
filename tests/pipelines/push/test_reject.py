"""Rejections: what a person says no to is not written, until it changes or somebody names it."""

from __future__ import annotations

from datetime import timedelta

from desired_state import a_contact, a_record, an_item
from plans import NOW, a_plan, policy_with
from sqlalchemy import update

from pipelines.push.approve import approve, approve_by_policy
from pipelines.push.attempts import approved_hashes, to_apply
from pipelines.push.planned import store_plan
from pipelines.push.policy import AUTO, Rule
from pipelines.push.reject import reject, rejected_ids
from pipelines.push.tables import OPERATIONS

LATER = NOW + timedelta(hours=1)


def at(minutes):
    return LATER + timedelta(minutes=minutes)


def item(code, **fields):
    return a_record("xero", "items", an_item(code, **fields))


def approved(done):
    return [each.record_key for each in done.operations]


def test_a_rejection_says_who_and_takes_back_an_approval(ledger):
    plan = store_plan(ledger, a_plan([item("BNCH")]))
    approve(ledger, plan.plan_id, "bea", LATER)
    done = reject(ledger, plan.plan_id, "anna", at(1), ["BNCH"])
    assert (done.rejected_by, approved(done)) == ("anna", ["BNCH"])
    with ledger.reading() as connection:
        assert to_apply(connection, plan.plan_id) == []
        assert approved_hashes(connection, plan.plan_id) == {}


def test_an_approval_of_everything_leaves_the_rejected_out(ledger):
    plan = store_plan(ledger, a_plan([item("BNCH"), item("DOOR")]))
    reject(ledger, plan.plan_id, "anna", LATER, ["BNCH"])
    assert approved(approve(ledger, plan.plan_id, "bea", at(1))) == ["DOOR"]


def test_a_policy_approves_nothing_that_a_person_rejected(ledger):
    plan = store_plan(ledger, a_plan([item("BNCH"), item("DOOR")]))
    reject(ledger, plan.plan_id, "anna", LATER, ["BNCH"])
    policy = policy_with(xero__items__create=Rule(AUTO))
    assert approved(approve_by_policy(ledger, plan.plan_id, policy, at(1))) == ["DOOR"]


def test_a_person_who_names_it_can_still_approve_it(ledger):
    plan = store_plan(ledger, a_plan([item("BNCH")]))
    reject(ledger, plan.plan_id, "anna", LATER, ["BNCH"])
    assert approved(approve(ledger, plan.plan_id, "bea", at(1), only=["BNCH"])) == ["BNCH"]


def test_a_rejection_holds_in_the_next_plan_while_the_record_is_the_same(ledger):
    first = store_plan(ledger, a_plan([item("BNCH")]))
    reject(ledger, first.plan_id, "anna", LATER, ["BNCH"])
    second = store_plan(ledger, a_plan([item("BNCH"), a_record("xero", "contacts", a_contact())]))
    assert second.plan_id != first.plan_id
    assert approved(approve(ledger, second.plan_id, "bea", at(1))) == ["workguru:17"]


def test_a_record_that_changed_since_comes_up_again(ledger):
    first = store_plan(ledger, a_plan([item("BNCH")]))
    reject(ledger, first.plan_id, "anna", LATER, ["BNCH"])
    second = store_plan(ledger, a_plan([item("BNCH", payload={"Name": "Benchtop, oiled"})]))
    with ledger.reading() as connection:
        assert rejected_ids(connection, second.plan_id) == frozenset()


def test_what_was_written_can_no_longer_be_rejected(ledger):
    plan = store_plan(ledger, a_plan([item("BNCH")]))
    with ledger.transaction() as connection:
        connection.execute(update(OPERATIONS).values(status="confirmed"))
    done = reject(ledger, plan.plan_id, "anna", LATER, ["BNCH"])
    assert (done.operations, done.refused[0][1]) == ((), "It is confirmed already.")
