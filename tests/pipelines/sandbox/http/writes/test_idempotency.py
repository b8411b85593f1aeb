"""The Idempotency-Key of the sandbox Xero."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


@pytest.fixture
def post(writer, sale):
    def send(key: str, *, body: Any = None, path: str = "Invoices", **more: Any):
        return writer.call("POST", path, body or {"Invoices": [sale()]}, key=key, **more)

    return send


def test_the_same_request_under_the_same_key_is_done_once(post, organisation):
    first, second = post("k"), post("k")
    assert second.content == first.content
    assert len(organisation.records["Invoices"]) == 1


def test_another_key_or_none_does_it_again(post, writer, sale, organisation):
    post("k")
    post("l")
    writer.call("POST", "Invoices", {"Invoices": [sale()]})
    assert len(organisation.records["Invoices"]) == 3


def test_another_request_under_the_same_key_is_refused(post, sale):
    post("k")
    for answer in (
        post("k", body={"Invoices": [sale(Reference="other")]}),
        post("k", summarizeErrors="false"),
        post("k", path="CreditNotes", body={"CreditNotes": [sale(Type="ACCRECCREDIT")]}),
    ):
        assert answer.status_code == 400
        message = "Idempotency Key: k is used with a different request."
        assert answer.json()["Message"] == message


def test_an_answer_is_kept_six_minutes_from_the_first_call(post, organisation, clock):
    post("k")
    clock.forward(minutes=5)
    post("k")
    assert len(organisation.records["Invoices"]) == 1
    clock.forward(minutes=1)
    post("k")
    assert len(organisation.records["Invoices"]) == 2


def test_errors_are_kept_too(post, sale, organisation):
    bad = {"Invoices": [sale(Contact={"ContactID": "c0000000-0000-4000-8000-000000000003"})]}
    refused = post("k", body=bad)
    organisation.change("Contacts", "c0000000-0000-4000-8000-000000000003", ContactStatus="ACTIVE")
    again = post("k", body=bad)
    assert (again.status_code, again.content) == (400, refused.content)
    assert post("l", body=bad).status_code == 200


def test_a_key_without_the_tenant_answers_another_organisation_with_the_first_ones_answer(
    post, writer, world, tenants
):
    first = post("k")
    writer.tenant_id = tenants["thames"]
    assert post("k").content == first.content
    assert len(world.organisations[tenants["thames"]].records["Invoices"]) == 0


def test_a_key_belongs_to_one_app(post, writer, client, sale, organisation):
    post("k")
    harbour = type(writer)(client.server, writer.tenant_id, "harbour", "harbour-secret")
    with harbour:
        harbour.call("POST", "Invoices", {"Invoices": [sale()]}, key="k")
    assert len(organisation.records["Invoices"]) == 2


def test_a_replay_costs_a_call(post):
    first, second = post("k"), post("k")
    left = "x-minlimit-remaining"
    assert int(second.headers[left]) == int(first.headers[left]) - 1


def test_what_is_refused_by_a_limit_is_not_kept(post, client, organisation):
    client.server.budget.limits = type(client.server.budget.limits)(per_minute=0)
    assert post("k").status_code == 429
    client.server.budget.limits = type(client.server.budget.limits)()
    assert post("k").status_code == 200


def test_a_lost_answer_can_be_asked_for_again(post, client, organisation):
    client.server.control.on("Invoices", method="POST").resets(after=True)
    with pytest.raises(httpx.TransportError):
        post("k")
    assert post("k").status_code == 200
    assert len(organisation.records["Invoices"]) == 1


def test_a_key_of_more_than_128_characters_is_refused(post):
    assert post("k" * 128).status_code == 200
    assert post("k" * 129, is_checked=False).status_code == 400
