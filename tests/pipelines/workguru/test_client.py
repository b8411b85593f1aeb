"""The client takes every form WorkGuru answers in, and says what to do when it is refused."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from pipelines.connections import WorkGuruConnection
from pipelines.failures import (
    BadRequest,
    CallFailure,
    MalformedAnswer,
    ServerTrouble,
    WrongCredentials,
)
from pipelines.settings import Credentials
from pipelines.workguru.client import WorkGuruClient
from pipelines.workguru.errors import Forbidden, NotAuthorised, RateLimited

LIST = "Invoice/GetAllInvoices"
ONE = "Invoice/GetInvoiceById"


def envelope(result: object, *, status: int = 200, error: str | None = None) -> httpx.Response:
    said = None if error is None else {"message": error, "details": None}
    body = {"result": result, "success": error is None, "error": said}
    return httpx.Response(status, json=body)


def test_a_list_is_taken_bare_or_as_items(client, workguru):
    workguru.answers(LIST, envelope([{"id": 1}]), envelope({"totalCount": 7, "items": [{"id": 2}]}))
    bare, items = (client.get_list(LIST, {}, key="invoices") for _ in range(2))
    assert ([bytes(r) for r in bare.records], bare.total_count) == ([b'{"id":1}'], None)
    assert ([bytes(r) for r in items.records], items.total_count) == ([b'{"id":2}'], 7)


def test_numbers_arrive_as_they_were_sent(client, workguru):
    body = b'{"result":[{"id":1,"total":0.10000}],"success":true}'
    workguru.answers(LIST, httpx.Response(200, content=body))
    (record,) = client.get_list(LIST, {}, key="invoices").records
    assert bytes(record) == b'{"id":1,"total":0.10000}'


def test_one_token_serves_many_calls(client, workguru):
    workguru.answers(LIST, envelope([]))
    for _ in range(3):
        client.get_list(LIST, {}, key="invoices")
    assert workguru.tokens_given == 1
    assert client.usage("invoices").calls == 3


def test_the_token_may_stand_in_the_result(client, workguru):
    workguru.token_answer = lambda _: envelope({"accessToken": "t0ken", "expireInSeconds": 600})
    workguru.answers(LIST, envelope([]))
    assert client.get_list(LIST, {}, key="invoices").records == []


def test_a_refused_token_is_renewed_once(client, workguru):
    refused = envelope(None, status=401, error="Current user did not login to the application!")
    workguru.answers(LIST, refused, envelope([{"id": 1}]))
    assert len(client.get_list(LIST, {}, key="invoices").records) == 1
    assert workguru.tokens_given == 2
    workguru.answers(LIST, refused)
    with pytest.raises(NotAuthorised, match="WorkGuru does not let us in"):
        client.get_list(LIST, {}, key="invoices")
    assert workguru.tokens_given == 3


def test_a_token_is_renewed_when_its_time_is_over(client, workguru, clock):
    workguru.answers(LIST, envelope([]))
    client.get_list(LIST, {}, key="invoices")
    clock.sleep(3600)
    client.get_list(LIST, {}, key="invoices")
    assert workguru.tokens_given == 2


def test_a_refusal_counts_though_the_status_says_200(client, workguru):
    workguru.answers(ONE, envelope(None, error="There is no such an entity with given id: 9"))
    with pytest.raises(BadRequest, match="no such an entity with given id: 9"):
        client.get_one(ONE, "9", key="invoices")
    assert workguru.asked == [(ONE, {"id": "9"})]  # tried once: it would be refused again


@pytest.mark.parametrize(
    ("answer", "error", "tries"),
    [
        (envelope(None, status=403, error="Required permissions are not granted."), Forbidden, 1),
        (httpx.Response(400, json={"error": {"message": "bad"}}), BadRequest, 1),
        (httpx.Response(302, headers={"location": "https://elsewhere.example"}), BadRequest, 1),
        (httpx.Response(500, text="<html>"), ServerTrouble, 3),
        (httpx.Response(429), RateLimited, 8),
        (httpx.Response(200, text="<html>Sign in"), MalformedAnswer, 3),
        (envelope("nothing"), MalformedAnswer, 3),
        (envelope({"totalCount": 1}), MalformedAnswer, 3),
        (envelope([1]), MalformedAnswer, 3),
    ],
)
def test_each_trouble_has_a_class_and_is_tried_as_often_as_that_can_help(
    client, workguru, answer, error, tries
):
    workguru.answers(LIST, answer)
    with pytest.raises(error):
        client.get_list(LIST, {}, key="invoices")
    assert client.usage("invoices").calls == tries


def test_a_call_that_fails_once_is_made_again(client, workguru):
    workguru.answers(LIST, httpx.Response(503), envelope([{"id": 1}]))
    assert len(client.get_list(LIST, {}, key="invoices").records) == 1


def test_calls_are_paced(client, workguru, clock):
    workguru.answers(LIST, envelope([]))
    for _ in range(31):  # 30 a minute are allowed
        client.get_list(LIST, {}, key="invoices")
    assert sum(clock.slept) > 59


def test_a_429_makes_every_call_wait_as_long_as_it_says(client, workguru, clock):
    workguru.answers(LIST, httpx.Response(429, headers={"Retry-After": "20"}), envelope([]))
    client.get_list(LIST, {}, key="invoices")
    assert sum(clock.slept) == pytest.approx(20, abs=1)


def test_no_secret_reaches_a_message(client, workguru):
    told = "key an-api-key with s3cr3t-of-the-key and token t0ken-1 is wrong"
    workguru.answers(LIST, envelope(None, error=told))
    with pytest.raises(CallFailure) as caught:
        client.get_list(LIST, {}, key="invoices")
    text = str(caught.value)
    assert not [secret for secret in ("an-api-key", "s3cr3t", "t0ken-1") if secret in text]


def test_a_wrong_key_says_which_settings_to_look_at(client, workguru):
    workguru.token_answer = lambda _: envelope(
        None, status=401, error="Invalid API key s3cr3t-of-the-key"
    )
    with pytest.raises(NotAuthorised, match="_CLIENT_SECRET") as caught:
        client.get_list(LIST, {}, key="invoices")
    assert "s3cr3t" not in str(caught.value)


def test_an_answer_without_a_token_is_no_token(client, workguru):
    workguru.token_answer = lambda _: httpx.Response(200, text="welcome")
    with pytest.raises(MalformedAnswer, match="no token"):
        client.get_list(LIST, {}, key="invoices")


def test_without_a_key_nothing_is_asked(tmp_path: Path):
    with pytest.raises(WrongCredentials, match="XERO_CRM_JOBS_CLIENT_ID"):
        WorkGuruClient(WorkGuruConnection(name="jobs", xero="acme"), Credentials(), tmp_path)
