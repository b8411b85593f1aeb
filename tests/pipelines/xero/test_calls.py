from __future__ import annotations

import logging
import traceback
from threading import Thread

import httpx
import pytest

from pipelines.xero import calls as calls_module
from pipelines.xero.errors import (
    BadRequest,
    DayLimitReached,
    HighVolume,
    MalformedAnswer,
    MissingScope,
    NotAuthorised,
    RateLimited,
    ServerTrouble,
    Unreachable,
    WrongCredentials,
    XeroError,
)

SECRET = "s3cr3t-of-acme"
HARBOUR = "45e4708e-d862-4111-ab3a-dd8cd03913e1"
MILL = "0b1e2c3d-0000-4111-ab3a-dd8cd03913e1"
ONE_INVOICE = {"Invoices": [{"InvoiceID": "1"}]}


def too_many(problem: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(429, headers={"X-Rate-Limit-Problem": problem, **named})


def test_a_token_that_expires_on_the_way_is_renewed_once_and_the_call_repeated(a_client, xero):
    client = a_client()
    client.get(HARBOUR, "Invoices")
    xero.script = [httpx.Response(401)]
    client.get(HARBOUR, "Invoices")
    assert [request.headers["authorization"] for request in xero.asked] == [
        "Bearer token-1",
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_401_that_a_new_token_does_not_cure_ends_it(a_client, xero):
    xero.script = [httpx.Response(401), httpx.Response(401)]
    with pytest.raises(NotAuthorised, match="connect it again"):
        a_client().get(HARBOUR, "Invoices")
    assert len(xero.asked) == 2
    assert xero.tokens == 2


def test_a_missing_scope_is_never_answered_by_a_renewal(a_client, xero):
    xero.script = [httpx.Response(401, headers={"WWW-Authenticate": "insufficent_scope"})]
    with pytest.raises(MissingScope, match=r"It includes: accounting\.settings\.read") as caught:
        a_client().get(HARBOUR, "Contacts")
    assert "Contacts of organisation" in str(caught.value)
    assert (len(xero.asked), xero.tokens) == (1, 1)


def test_a_wrong_secret_is_told_at_the_first_call_and_not_tried_again(a_client, xero):
    xero.token_script = [httpx.Response(400, json={"error": "invalid_client"})]
    with pytest.raises(WrongCredentials, match="client id or secret is wrong"):
        a_client().connections()
    assert (len(xero.token_forms), xero.asked) == (1, [])


def test_a_token_request_that_failed_by_chance_is_repeated(a_client, xero):
    xero.token_script = [httpx.ConnectError("refused"), httpx.Response(503)]
    assert a_client().granted_scopes() == ("accounting.settings.read", "accounting.invoices.read")


@pytest.mark.parametrize(
    ("trouble", "kind", "tries"),
    [
        (httpx.ConnectError("refused"), Unreachable, 5),
        (httpx.ReadTimeout("slow"), Unreachable, 5),
        (httpx.Response(500, text="An error occurred in Xero"), ServerTrouble, 3),
        (httpx.Response(503), ServerTrouble, 3),
        (httpx.Response(200, text="<html></html>"), MalformedAnswer, 3),
        (httpx.Response(200, content=b'{"Invoices":[{"Inv'), MalformedAnswer, 3),
        (httpx.Response(200, content=b""), MalformedAnswer, 3),
        (too_many("concurrent"), RateLimited, 8),
        (too_many("minute", retry_after="20"), RateLimited, 8),
        (too_many("day", retry_after="40000"), DayLimitReached, 1),
        (httpx.Response(400, json={"ErrorNumber": 51}), HighVolume, 1),
        (httpx.Response(400, json={"Message": "QueryParseException"}), BadRequest, 1),
        (httpx.Response(404, text="cannot be found"), BadRequest, 1),
        (httpx.Response(302, headers={"Location": "https://login.example"}), BadRequest, 1),
    ],
)
def test_only_what_can_succeed_is_tried_again_and_each_try_is_counted(
    a_client, xero, trouble, kind, tries
):
    xero.script = [trouble] * 20
    client = a_client()
    with pytest.raises(kind) as caught:
        client.get(HARBOUR, "Invoices")
    assert type(caught.value) is kind
    assert str(caught.value).startswith(f"Invoices of organisation {HARBOUR}: ")
    assert len(xero.asked) == tries
    assert client.usage(HARBOUR, "Invoices").calls == tries


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.Response(500),
        httpx.Response(200, content=b'{"Invoices":[{"InvoiceID":"1"}'),
        httpx.Response(200, content=b'{"Invoices":null}'),
        too_many("concurrent"),
        too_many("minute", retry_after="3"),
        too_many("appminute", retry_after="3"),
    ],
)
def test_trouble_that_passes_leaves_no_trace_in_the_page(a_client, xero, trouble):
    xero.script = [trouble, httpx.Response(200, json=ONE_INVOICE)]
    client = a_client()
    page, answer = client.get_page(HARBOUR, "Invoices", "Invoices")
    assert [bytes(record) for record in page.records] == [b'{"InvoiceID":"1"}']
    assert client.usage(HARBOUR, "/Invoices").calls == 2
    assert client.usage(HARBOUR, "Invoices").bytes >= answer.bytes_on_wire


def test_a_minute_breach_is_waited_out_as_long_as_xero_says(a_client, xero, clock):
    xero.script = [too_many("minute", retry_after="23")]
    a_client().get(HARBOUR, "Invoices")
    assert sum(clock.slept) == pytest.approx(23, abs=0.1)


def test_a_concurrency_breach_backs_off_briefly(a_client, xero, clock):
    xero.script = [too_many("concurrent")] * 3
    a_client().get(HARBOUR, "Invoices")
    assert 0 < sum(clock.slept) < 8


def test_a_day_breach_stops_that_organisation_before_its_next_call(a_client, xero, clock):
    xero.script = [too_many("day", retry_after="66975")]
    client = a_client()
    for path in ("Invoices", "Contacts"):
        with pytest.raises(DayLimitReached, match=f"{path} of organisation .* 18.6 hours"):
            client.get(HARBOUR, path)
    assert len(xero.asked) == 1
    assert clock.slept == []
    client.get(MILL, "Invoices")


def test_calls_are_paced_before_xero_refuses_one(a_client, clock):
    client = a_client(calls_per_minute=2)
    for _ in range(5):
        client.get(HARBOUR, "Invoices")
    assert sum(clock.slept) == pytest.approx(122, abs=0.1)


def test_threads_share_a_client(a_client, xero):
    client = a_client(calls_per_minute=1000)
    threads = [
        Thread(target=lambda: [client.get(HARBOUR, "Invoices") for _ in range(10)])
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert client.usage(HARBOUR, "Invoices").calls == len(xero.asked) == 60
    assert xero.tokens == 1


def test_no_secret_or_token_gets_into_a_log_a_message_or_a_chain(a_client, xero, caplog):
    caplog.set_level(logging.DEBUG)
    repeats_all = httpx.Response(
        400, json={"Message": f"{SECRET} Bearer token-1 token-1", "Elements": []}
    )
    repeats_header = httpx.LocalProtocolError("Illegal header value b'Bearer token-1'")
    troubles = [
        repeats_all,
        *[repeats_header] * 5,
        *[httpx.Response(500, text=f"{SECRET} token-1")] * 3,
        *[httpx.Response(200, content=b"token-1")] * 3,
        httpx.Response(401, headers={"WWW-Authenticate": "insufficent_scope"}),
        too_many("day"),
    ]
    xero.script = troubles
    client = a_client()
    texts = []
    while xero.script:
        with pytest.raises(XeroError) as caught:
            client.get(HARBOUR, "Invoices")
        error: BaseException | None = caught.value
        texts += traceback.format_exception(error)
        while error is not None:
            texts += [str(error), repr(error), repr(vars(error))]
            error = error.__cause__ or error.__context__
    texts += [record.getMessage() for record in caplog.records]
    assert any("GET Invoices of organisation" in text for text in texts)
    for secret in (SECRET, "token-1", "YWNtZS1pZDpzM2NyM3Q"):
        assert not [text for text in texts if secret in text]


def test_each_call_is_one_debug_line_with_what_is_left(a_client, xero, caplog):
    caplog.set_level(logging.DEBUG, logger=calls_module.__name__)
    left = {"X-MinLimit-Remaining": "58", "X-DayLimit-Remaining": "4998"}
    xero.script = [httpx.Response(200, json=ONE_INVOICE, headers=left)]
    a_client().get(HARBOUR, "Invoices", {"page": 3})
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"GET Invoices of organisation {HARBOUR} {{'page': 3}}: 200, ")
    assert line.endswith("left: minute 58, day 4998")
