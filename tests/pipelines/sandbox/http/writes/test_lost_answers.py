"""Writes whose answer never arrives, done or not done, in any system of the sandbox."""

from __future__ import annotations

import httpx
import pytest
from xero_writes import XeroWriter


@pytest.fixture
def control(client):
    return client.server.control


@pytest.fixture
def post(writer: XeroWriter):
    """Create a contact; return the status of the answer, 0 if none came."""

    def send(name: str) -> int:
        try:
            body = {"Contacts": [{"Name": name}]}
            return writer.call("PUT", "Contacts", body, is_checked=False).status_code
        except httpx.TransportError:
            return 0

    return send


@pytest.fixture
def names(organisation):
    return lambda: {one["Name"] for one in organisation.records["Contacts"].values()}


def test_the_nth_write_can_be_done_without_an_answer(post, names, control, writer):
    control.on_write(call=2).resets(after=True)
    statuses = [post("A"), post("B"), post("C")]
    assert statuses == [200, 0, 200]
    assert {"A", "B", "C"} < names()


def test_the_nth_write_can_get_lost_before_it_is_done(post, names, control):
    control.on_write(call=2).resets()
    assert [post("A"), post("B"), post("C")] == [200, 0, 200]
    assert "B" not in names()


@pytest.mark.parametrize("after", [True, False])
def test_a_client_can_run_into_its_own_timeout(post, names, control, writer, after):
    writer.get("Accounts")  # has its token
    control.on_write().is_silent(after=after)
    writer.http.timeout = 0.05
    assert post("A") == 0
    writer.http.timeout = 10
    assert ("A" in names()) == after
    assert post("B") == 200


@pytest.mark.parametrize("after", [True, False])
def test_a_500_may_hide_that_it_was_done(post, names, control, after):
    control.on_write("Contacts").answers(500, after=after)
    assert post("A") == 500
    assert ("A" in names()) == after


def test_reads_and_tokens_are_no_writes(writer, control):
    control.on_write(times=None).answers(500)
    assert writer.get("Accounts")
    assert [call.endpoint for call in control.writes] == []


def test_a_lost_write_is_done_once_under_its_key(writer, organisation, control):
    control.on_write(call=1).resets(after=True)
    body = {"Contacts": [{"Name": "A"}]}
    with pytest.raises(httpx.TransportError):
        writer.call("PUT", "Contacts", body, key="k")
    assert writer.call("PUT", "Contacts", body, key="k").status_code == 200
    assert len(organisation.records["Contacts"]) == 4
    assert [(call.status, call.idempotency_key) for call in control.writes] == [
        *[(0, "k"), (200, "k")],
    ]
    assert control.writes[0].body == control.writes[1].body != b""


def test_writes_to_other_systems_wait_for_their_faults_too(client, control):
    http = client.http
    headers = {"Authorization": "Bearer sandbox-token"}
    codes = "/prospect/XeroAnalysisCodes"
    code = {"Code": "200", "Name": "Sales", "OperatingCompanyCode": "A"}
    control.on_write("prospect/XeroAnalysisCodes").resets(after=True)
    with pytest.raises(httpx.TransportError):
        http.post(codes, headers=headers, json=code)
    assert http.post(codes, headers=headers, json=code).status_code == 400  # it is there
    first, second = control.writes
    assert (first.endpoint, first.status, second.status) == ("prospect/XeroAnalysisCodes", 0, 400)
    assert b"Sales" in first.body


def test_an_address_of_another_system_is_told_by_endpoint_and_key(client, control):
    headers = {"Authorization": "Bearer sandbox-token"}
    client.http.get("/prospect/SalesLedgers(OperatingCompanyCode='A',SalesLedgerId='X')",
                    headers=headers)  # fmt: skip
    client.http.post("/workguru/harbour/api/services/app/Invoice/MarkAsSentToAccounting?id=1")
    told = [(call.endpoint, call.key) for call in control.requests]
    assert told == [
        ("prospect/SalesLedgers", "OperatingCompanyCode='A',SalesLedgerId='X'"),
        ("workguru/Invoice/MarkAsSentToAccounting", ""),
    ]
