"""What an apply sends, and what it does not: approvals, limits, expiry, the bytes of a request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from applied_plans import Applier, an_applier
from local_xero import Clock
from mixed_plan import PlanMaker, mixed_plan
from push_plans import a_plan
from sqlalchemy import update

from pipelines.push.errors import PlanRefused, UnknownPlan
from pipelines.push.tables import APPROVALS, OPERATIONS
from pipelines.sandbox.world import World, load_world
from pipelines.settings import Settings


def test_the_days_limit_stops_the_organisation_and_the_next_apply_goes_on(
    applier: Applier, make: PlanMaker
):
    def spent(request: httpx.Request, answer: Any) -> httpx.Response:
        if request.method != "PUT" or request.url.path.endswith("Items"):
            return answer()
        return httpx.Response(429, headers={"X-Rate-Limit-Problem": "day", "Retry-After": "40000"})

    applier.xero.mishap = spent
    done = applier.apply([make.item(1), make.contact(1), make.bill(1)])
    assert done.status("items NEW-1") == "confirmed"
    assert done.status("contacts workguru:1") == "sent"
    assert done.status("bills workguru:po:1") == "approved"
    assert len(done.summary.stopped) == 1
    applier.xero.mishap = lambda _, answer: answer()
    applier.clock.sleep(40_001)
    again = applier.apply_again("plan-1")
    assert set(again.summary.statuses) == {"confirmed"}
    assert len(applier.contacts_called("New Customer 1")) == 1


def test_a_payload_that_is_not_the_approved_one_is_not_sent(applier: Applier, make: PlanMaker):
    a_plan(applier.ledger, [make.item(1), make.item(2)])
    with applier.ledger.transaction() as connection:
        connection.execute(
            update(OPERATIONS)
            .where(OPERATIONS.c.record_key == "NEW-1")
            .values(payload='{"Code":"NEW-1","Name":"Slipped in"}')
        )
        connection.execute(
            update(APPROVALS)
            .where(APPROVALS.c.operation_id == "plan-1-00001")
            .values(payload_hash="another")
        )
    done = applier.apply_again("plan-1")
    assert done.rules("items NEW-1") == done.rules("items NEW-2") == ["NOT_AS_APPROVED"]
    assert applier.xero.sent == []


def test_nothing_is_sent_without_an_approval(applier: Applier, make: PlanMaker):
    done = applier.apply([make.item(1)], approve=False)
    assert done.status("items NEW-1") == "planned"
    assert applier.xero.sent == []


def test_an_expired_plan_is_refused_and_what_is_on_its_way_is_settled(
    applier: Applier, make: PlanMaker
):
    def deaf(request: httpx.Request, answer: Any) -> httpx.Response:
        response = answer()
        if request.method == "PUT":
            raise httpx.ReadTimeout("timed out")
        if applier.calls("PUT"):
            return httpx.Response(503)
        return response

    applier.xero.mishap = deaf
    done = applier.apply([make.item(1), make.contact(1)])
    assert done.status("items NEW-1") == "sent"
    applier.clock.sleep(8 * 86_400)
    applier.xero.mishap = lambda _, answer: answer()
    done = applier.apply_again("plan-1")
    assert done.status("items NEW-1") == "confirmed"
    assert done.status("contacts workguru:1") == "approved"
    with pytest.raises(PlanRefused):
        applier.apply_again("plan-1")
    with pytest.raises(UnknownPlan):
        applier.apply_again("plan-9")


def test_amounts_reach_xero_with_the_digits_that_were_approved(applier: Applier, make: PlanMaker):
    applier.apply([make.item(1)])
    (call,) = applier.calls("PUT")
    assert b'"UnitPrice":10.1250' in call.body


def test_the_call_names_its_attempt_in_the_ledger(applier: Applier, make: PlanMaker):
    done = applier.apply([make.item(1), make.item(2)])
    (call,) = applier.calls("PUT")
    assert {one["idempotency_key"] for one in done.attempts} == {call.headers["idempotency-key"]}
    assert [one["attempt_number"] for one in done.attempts] == [1, 1]
    assert {one["outcome"] for one in done.attempts} == {"confirmed"}


def test_a_mixed_plan_is_applied_from_either_database(
    settings: Settings, project_root: Path, tmp_path: Path
):
    def load(clock: Clock) -> World:
        return load_world(
            project_root / "data" / "sandbox", only=["harbour"], documents=0, clock=clock
        )

    with an_applier(load, tmp_path, settings) as applier:
        done = applier.apply(mixed_plan(applier.organisation))
        assert done.summary.statuses == {"confirmed": 30, "rejected": 1, "unknown": 1}
        again = applier.apply_again("plan-1")
        assert again.summary.statuses == done.summary.statuses
        assert len(applier.organisation.records["Invoices"]) == 12
