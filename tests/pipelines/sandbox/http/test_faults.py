from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest


@pytest.fixture
def control(client):
    return client.server.control


@pytest.mark.parametrize("status", [500, 503])
def test_an_endpoint_answers_with_a_status_once_and_then_as_always(client, control, status):
    control.on("Contacts").answers(status)
    statuses = [client.get(path).status_code for path in ("Accounts", "Contacts", "Contacts")]
    assert statuses == [200, status, 200]


def test_a_fault_waits_for_its_page_and_its_organisation(client, control, tenants):
    control.on("Invoices", page=2, tenant_id=tenants["harbour"]).answers(500)
    client.tenant_id = tenants["thames"]
    assert client.get("Invoices", page=2).status_code == 200
    client.tenant_id = tenants["harbour"]
    assert client.get("Invoices", page=1).status_code == 200
    assert client.get("Invoices", page=2).status_code == 500


def test_a_fault_can_wait_for_the_nth_call_and_act_always(client, control):
    control.on("Accounts", call=2).answers(500)
    control.on("Items", times=None).answers(503)
    assert [client.get("Accounts").status_code for _ in range(3)] == [200, 500, 200]
    assert [client.get("Items").status_code for _ in range(3)] == [503, 503, 503]
    control.clear()
    assert client.get("Items").status_code == 200


@pytest.mark.parametrize("problem", ["minute", "day", "concurrent", "appminute"])
def test_every_kind_of_429_can_be_had(client, control, problem):
    control.on("Accounts").is_rate_limited(problem, retry_after=7 if problem == "day" else None)
    answer = client.get("Accounts")
    assert answer.status_code == 429
    assert answer.headers["x-rate-limit-problem"] == problem
    assert answer.headers.get("retry-after") == ("7" if problem == "day" else None)


def test_a_reset_before_the_request_is_done_breaks_the_connection(client, control):
    control.on("Accounts").resets()
    with pytest.raises(httpx.TransportError):
        client.get("Accounts")
    assert client.get("Accounts").headers["x-daylimit-remaining"] == "4999"


def test_a_reset_after_it_has_cost_a_call(client, control):
    control.on("Accounts").resets(after=True)
    with pytest.raises(httpx.TransportError):
        client.get("Accounts")
    assert client.get("Accounts").headers["x-daylimit-remaining"] == "4998"


def test_a_truncated_body_ends_before_its_announced_length(client, control):
    control.on("Accounts").truncates(0.3)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message"):
        client.get("Accounts")


def test_a_garbled_body_is_a_complete_answer_that_is_no_json(client, control):
    control.on("Accounts").garbles()
    answer = client.get("Accounts")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_body_can_be_replaced_or_rewritten(client, control):
    control.on("Accounts").overrides(b'{"Accounts":null}')
    control.on("Items").rewrites(lambda body: body.replace(b"PAINT-5L", b"PAINT-6L"))
    assert client.get("Accounts").json() == {"Accounts": None}
    assert client.records("Items")[0]["Code"] == "PAINT-6L"


def test_tokens_can_expire_in_the_middle_of_a_read(client, control):
    control.on("Invoices", page=2).expires_tokens()
    assert client.get("Invoices", page=1).status_code == 200
    assert client.get("Invoices", page=2).status_code == 401
    client.token = ""
    assert client.get("Invoices", page=2).status_code == 200


def test_the_world_can_change_between_two_pages(client, control, organisation, an_invoice, clock):
    first = an_invoice(1)["InvoiceID"]
    an_invoice(2)
    an_invoice(3)
    clock.forward(minutes=1)
    control.on("Invoices", page=2).calls(
        lambda: organisation.change("Invoices", first, Reference="late")
    )
    pages = [client.records("Invoices", page=page, pageSize=2) for page in (1, 2)]
    assert [[one["InvoiceNumber"] for one in page] for page in pages] == [
        ["INV-0001", "INV-0002"],
        ["INV-0001"],  # moved behind the third, which slipped to page 1 and is missed
    ]


def test_a_held_answer_waits_and_a_client_may_give_up_on_it(client, control):
    client.get("Accounts")
    release = threading.Event()
    control.on("Accounts").holds(release)
    client.http.timeout = httpx.Timeout(0.05)
    with pytest.raises(httpx.ReadTimeout):
        client.get("Accounts")
    release.set()


def test_a_slow_answer_comes_all_the_same(client, control):
    control.on("Accounts").is_slow(0.01)
    assert client.get("Accounts").status_code == 200


def test_token_and_connections_can_fail_as_well(client, control):
    control.on("token").answers(503)
    assert client.ask_token().status_code == 503
    control.on("connections").answers(500)
    assert client.get("/connections").status_code == 500


def test_several_faults_act_on_one_call(client, control):
    seen = []
    control.on("Accounts").calls(lambda: seen.append("called"))
    control.on("Accounts").answers(503)
    assert (client.get("Accounts").status_code, seen) == (503, ["called"])


def test_calls_and_bytes_are_counted_per_organisation_and_endpoint(client, control, tenants):
    client.get("accounts")
    answer = client.get("Invoices", page=1)
    client.get("Invoices/unknown")
    harbour = tenants["harbour"]
    assert control.calls == {
        ("", "token"): 1,
        (harbour, "Accounts"): 1,
        (harbour, "Invoices"): 2,
    }
    first_page = [call for call in control.requests if call.page == 1]
    assert [call.bytes for call in first_page] == [len(answer.content)]
    assert control.total_calls(harbour) == 3
    assert control.total_calls() == 4
    control.reset_counters()
    assert control.total_calls() == 0


def test_requests_are_remembered_without_their_secrets(client, control, tenants):
    client.get("Invoices", page=3, unitdp=4, since="2026-01-01T00:00:00Z")
    call = control.requests[-1]
    assert (call.endpoint, call.page, call.status) == ("Invoices", 3, 200)
    assert call.query == {"page": "3", "unitdp": "4"}
    assert call.if_modified_since == "2026-01-01T00:00:00Z"
    assert client.token not in repr(list(control.requests))


def test_a_call_without_an_answer_is_counted_with_status_0(client, control):
    client.get("Items")
    control.on("Accounts").resets()
    with pytest.raises(httpx.TransportError), ThreadPoolExecutor(1) as threads:
        threads.submit(client.get, "Accounts").result()
    assert control.requests[-1].status == 0
