"""Approvals: record by record, by whom, of what; what is refused and why."""

from __future__ import annotations

import os
import pwd
import subprocess
from datetime import timedelta
from decimal import Decimal

import pytest
from desired_state import a_contact, a_record, an_invoice, an_item
from plans import NOW, a_plan, policy_with
from sqlalchemy import select, update

from pipelines.push.approve import approve, approve_by_policy
from pipelines.push.earlier import read_earlier
from pipelines.push.errors import ApprovalRefused, PlanRefused, UnknownOperation, UnknownPlan
from pipelines.push.operations import decode_json
from pipelines.push.person import current_person, last_changed_by
from pipelines.push.planned import load_plan, store_plan
from pipelines.push.policy import AUTO, Rule
from pipelines.push.staleness import withdraw_stale
from pipelines.push.tables import APPROVALS, OPERATIONS

LATER = NOW + timedelta(hours=1)


def item(code="BNCH", **fields):
    return a_record("xero", "items", an_item(code, **fields))


def contact():
    return a_record("xero", "contacts", a_contact())


def invoice(number="INV-1042", **fields):
    return a_record("xero", "invoices", an_invoice(number, **fields))


def rows(ledger):
    with ledger.reading() as connection:
        return connection.execute(select(APPROVALS)).mappings().all()


def statuses(ledger, plan):
    with ledger.reading() as connection:
        return [each.status for each in load_plan(connection, plan.plan_id).operations]


def keys(operations):
    return [each.record_key for each in operations]


def test_an_approval_holds_who_when_what_and_the_totals(ledger):
    plan = store_plan(ledger, a_plan([contact(), invoice()]))
    done = approve(ledger, plan.plan_id, "bea", LATER)
    assert keys(done.operations) == ["workguru:17", "INV-1042"]
    assert statuses(ledger, plan) == ["approved", "approved"]
    by_operation = {row["operation_id"]: row for row in rows(ledger)}
    for operation in plan.operations:
        row = by_operation[operation.operation_id]
        assert row["payload_hash"] == operation.payload_hash
        said = (row["approved_by"], row["approved_at"], row["method"], row["policy_version"])
        assert said == ("bea", LATER, "person", None)
        assert (row["decision"], row["snapshot_id"]) == ("approved", "snapshot-1")
    first = by_operation[plan.operations[0].operation_id]
    assert decode_json(first["control_totals"])["documents"][0]["gross"] == "1414.50"
    second = by_operation[plan.operations[1].operation_id]
    assert decode_json(second["control_totals"]) == {"in": first["approval_id"]}


@pytest.mark.parametrize(
    ("only", "excepted", "expected"),
    [
        (["INV-1"], [], ["INV-1"]),
        (["inv-*"], [], ["INV-1", "INV-2"]),
        (["*to bay kitchens"], ["INV-2"], ["INV-1"]),
        (["xero__items/*"], [], ["BNCH"]),
        (["20261122-1/2"], [], ["INV-1"]),
        ([], ["xero__invoices/*"], ["BNCH"]),
    ],
)
def test_records_are_chosen_by_key_label_entity_or_id(ledger, only, excepted, expected):
    plan = store_plan(ledger, a_plan([item(), invoice("INV-1"), invoice("INV-2")]))
    done = approve(ledger, plan.plan_id, "bea", LATER, only=only, excepted=excepted)
    assert keys(done.operations) == expected
    approved = {row["operation_id"] for row in rows(ledger)}
    assert approved == {each.operation_id for each in done.operations}


def test_the_totals_are_of_what_was_approved_alone(ledger):
    plan = store_plan(ledger, a_plan([invoice("INV-1"), invoice("INV-2")]))
    done = approve(ledger, plan.plan_id, "bea", LATER, only=["INV-1"])
    assert Decimal(done.control_totals["documents"][0]["gross"]) == Decimal("1414.50")
    assert Decimal(plan.control_totals["documents"][0]["gross"]) == Decimal("2829.00")


def test_a_pattern_that_finds_nothing_approves_nothing(ledger):
    plan = store_plan(ledger, a_plan([invoice("INV-1")]))
    with pytest.raises(UnknownOperation, match="INV-9"):
        approve(ledger, plan.plan_id, "bea", LATER, excepted=["INV-9"])
    assert rows(ledger) == []


def test_nothing_is_approved_twice(ledger):
    plan = store_plan(ledger, a_plan([invoice()]))
    approve(ledger, plan.plan_id, "bea", LATER)
    assert approve(ledger, plan.plan_id, "carl", LATER).operations == ()
    assert len(rows(ledger)) == 1


def test_what_is_blocked_cannot_be_approved(ledger):
    stopped = invoice(findings=[{"rule": "X", "severity": "hold", "message": "Wait."}])
    plan = store_plan(ledger, a_plan([stopped]))
    assert approve(ledger, plan.plan_id, "bea", LATER).operations == ()


def test_an_expired_plan_is_refused(ledger):
    plan = store_plan(ledger, a_plan([item()]))
    with pytest.raises(PlanRefused, match="expired on 29 Nov 2026"):
        approve(ledger, plan.plan_id, "bea", plan.expires_at)
    with pytest.raises(UnknownPlan):
        approve(ledger, "20261122-7", "bea", LATER)


def test_a_plan_that_a_limit_stops_is_refused(ledger):
    policy = policy_with(xero__items__create=Rule("manual", max_records=1))
    plan = store_plan(ledger, a_plan([item("A"), item("B")], policy=policy))
    done = approve(ledger, plan.plan_id, "bea", LATER, only=["A"])
    assert done.operations == ()
    assert "max_records is 1" in done.refused[0][1]
    assert not done.is_complete


@pytest.mark.parametrize(
    ("then", "why"),
    [
        ([item("A"), item("B")], None),  # another record came: what was looked at still holds
        ([item("A", payload={"Name": "New"})], "has changed: plan 20261122-2"),
        ([item("B")], "no longer has it"),
        (
            [item("A", findings=[{"rule": "X", "severity": "hold", "message": "Wait."}])],
            "holds it back",
        ),
    ],
)
def test_a_record_that_a_later_plan_says_otherwise_of_is_refused(ledger, then, why):
    plan = store_plan(ledger, a_plan([item("A")]))
    store_plan(ledger, a_plan(then, now=LATER))
    done = approve(ledger, plan.plan_id, "bea", LATER)
    if why is None:
        assert keys(done.operations) == ["A"]
    else:
        assert done.operations == ()
        assert why in done.refused[0][1]


def test_a_record_that_another_plan_has_dealt_with_is_refused(ledger):
    plan = store_plan(ledger, a_plan([item("A")]))
    other = store_plan(ledger, a_plan([item("A"), item("B")], now=LATER))
    with ledger.transaction() as connection:
        connection.execute(
            update(OPERATIONS)
            .where(OPERATIONS.c.operation_id == other.operations[0].operation_id)
            .values(status="confirmed", changed_at=LATER)
        )
    done = approve(ledger, plan.plan_id, "bea", LATER)
    assert "dealt with it since (confirmed)" in done.refused[0][1]


def test_a_policy_approves_what_it_may_with_its_version(ledger):
    auto = Rule(AUTO)
    policy = policy_with(xero__items__create=auto, xero__invoices__create=auto)
    plan = store_plan(ledger, a_plan([item(), contact(), invoice()]))
    done = approve_by_policy(ledger, plan.plan_id, policy, LATER)
    assert keys(done.operations) == ["BNCH"]  # contacts are manual, invoices never automatic
    (row,) = rows(ledger)
    assert (row["method"], row["policy_version"]) == ("policy", "version-of-the-policy")
    assert row["approved_by"] == "push_policy.csv"


@pytest.fixture
def in_git(tmp_path):
    """A folder of settings in git; gives a function that changes and commits it as somebody."""
    folder = tmp_path / "in_git"
    folder.mkdir()

    def git(*arguments):
        subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.name", "nobody")
    git("config", "user.email", "nobody@example.com")

    def change(author, *, commit=True):
        (folder / "push_policy.csv").write_text(f"# by {author}\n", "utf-8")
        if commit:
            git("add", ".")
            who = f"user.email={author}@example.com"
            git("-c", f"user.name={author}", "-c", who, "commit", "-q", "-m", "change")
        return folder

    return change


def test_with_four_eyes_who_changed_the_settings_may_not_approve(ledger, in_git):
    folder = in_git("bea")
    plan = store_plan(ledger, a_plan([item()]))
    with pytest.raises(ApprovalRefused, match="bea last changed"):
        approve(ledger, plan.plan_id, "bea", LATER, four_eyes=folder)
    assert rows(ledger) == []
    in_git("carl")
    assert approve(ledger, plan.plan_id, "bea", LATER, four_eyes=folder).is_complete


def test_a_change_that_is_not_committed_is_its_owners(in_git):
    in_git("bea")
    folder = in_git("carl", commit=False)
    owner = pwd.getpwuid(os.getuid()).pw_name
    assert last_changed_by(folder) == {owner}
    assert current_person() == owner


def test_with_four_eyes_settings_of_nobody_are_refused(ledger, tmp_path):
    plan = store_plan(ledger, a_plan([item()]))
    with pytest.raises(ApprovalRefused, match="is not known"):
        approve(ledger, plan.plan_id, "bea", LATER, four_eyes=tmp_path / "nowhere")


def test_what_was_approved_and_overtaken_is_withdrawn_before_it_is_sent(ledger):
    plan = store_plan(ledger, a_plan([item("A"), item("B")]))
    approve(ledger, plan.plan_id, "bea", LATER)
    store_plan(ledger, a_plan([item("A"), item("B", payload={"Name": "New"})], now=LATER))
    withdrawn = withdraw_stale(ledger, plan.plan_id, LATER)
    assert list(withdrawn) == ["Item B"]
    assert statuses(ledger, plan) == ["approved", "skipped"]
    with ledger.reading() as connection:
        assert read_earlier(connection) == {}  # nothing was done to either


def test_an_approved_document_whose_contact_was_left_out_is_named(ledger):
    records = [contact(), invoice(depends_on=["xero__contacts/workguru:17"])]
    plan = store_plan(ledger, a_plan(records))
    done = approve(ledger, plan.plan_id, "bea", LATER, excepted=["workguru:17"])
    assert [(each.record_key, other) for each, other in done.waiting] == [
        ("INV-1042", "Contact Bay Kitchens")
    ]
    assert approve(ledger, plan.plan_id, "bea", LATER).waiting == ()
