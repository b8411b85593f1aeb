from __future__ import annotations

import httpx
import pytest

from pipelines.failures import MalformedAnswer, WrongCredentials
from pipelines.settings import Credentials
from pipelines.unleashed.client import UnleashedClient, query_string, signature
from pipelines.unleashed.errors import RateLimited, WrongSignature

KEY = "k3y-of-acme"
EMPTY = {"Pagination": {"NumberOfItems": 0, "NumberOfPages": 0}, "Items": []}


def answers(*script: httpx.Response) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    left, asked = list(script), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0) if len(left) > 1 else left[0]

    return httpx.MockTransport(answer), asked


def test_the_signature_is_the_one_that_was_worked_out_with_openssl():
    # printf '%s' 'pageSize=200' | openssl dgst -sha256 -hmac key -binary | base64
    assert signature("key", "pageSize=200") == "8Dx5rMk44oq5jjkntTrEPm6KKUfn6AN8JBe/sgtsvLQ="
    assert signature("key", "") == "XV0TlWPJW1lnub2ajJsjOp3ttFByeUzSMtwbdIMmB9A="


@pytest.mark.parametrize(
    "options",
    [
        {"pageSize": "200"},
        {"invoiceStatus": "Parked,Completed", "modifiedSince": "2026-10-05"},
        {"customerCode": "A & B/Ltd (ünïcode) +1 100% ~x'"},
        {},
    ],
)
def test_what_is_signed_is_what_is_sent_to_the_byte(connect, options):
    transport, asked = answers(httpx.Response(200, json=EMPTY))
    connect(key=KEY, transport=transport).get_page("Customers", 1, options)
    sent = asked[0].url.raw_path.decode().partition("?")[2]
    assert sent == query_string(options)
    assert asked[0].headers["api-auth-signature"] == signature(KEY, sent)


def test_the_sandbox_accepts_the_signature_of_any_query(connect, unleashed):
    options = {"customerCode": "A & B/Ltd (ünïcode) +1", "pageSize": "5"}
    assert connect().get_page("Customers", 1, options).item_count == 0
    assert unleashed.requests == [("Customers/1", query_string(options))]


def test_a_wrong_key_is_told_at_once_and_never_shown(connect):
    with pytest.raises(WrongSignature, match="_CLIENT_SECRET") as caught:
        connect(key=KEY).get_page("Customers", 1, {})
    assert KEY not in str(caught.value)


def test_a_connection_without_a_key_says_which_settings_to_fill(connect, home):
    with pytest.raises(WrongCredentials, match="XERO_CRM_STOCK_CLIENT_ID"):
        UnleashedClient(connect().connection, Credentials(), home)


def test_records_are_handed_on_as_the_bytes_that_came(connect):
    body = (
        b'{"Pagination":{"NumberOfItems":1,"PageSize":200,"PageNumber":1,"NumberOfPages":1},'
        b'"Items":[{"Guid":"a","Total":17.9600}]}'
    )
    transport, _ = answers(httpx.Response(200, content=body))
    page = connect(transport=transport).get_page("Invoices", 1, {})
    assert [bytes(record) for record in page.records] == [b'{"Guid":"a","Total":17.9600}']
    assert (page.page_count, page.item_count) == (1, 1)


@pytest.mark.parametrize("body", [b'{"Items":[]}', b"<html></html>", b'{"Pagination":null}'])
def test_an_answer_of_another_shape_is_malformed(connect, body):
    transport, _ = answers(httpx.Response(200, content=body))
    with pytest.raises(MalformedAnswer, match="Invoices of connection stock"):
        connect(transport=transport).get_page("Invoices", 1, {})


def test_calls_are_paced_by_the_allowance_of_the_plan(connect, clock):
    transport, asked = answers(httpx.Response(200, json=EMPTY))
    client = connect(transport=transport, calls_per_minute=2)
    for _ in range(3):
        client.get_page("Products", 1, {})
    assert len(asked) == 3
    assert 60 <= sum(clock.slept) <= 63
    assert client.usage("Products").calls == 3


def test_too_many_calls_wait_as_long_as_the_answer_says(connect, clock):
    refused = httpx.Response(429, headers={"Retry-After": "7"})
    transport, _ = answers(refused, httpx.Response(200, json=EMPTY))
    connect(transport=transport).get_page("Products", 1, {})
    assert sum(clock.slept) == pytest.approx(7, abs=1)


def test_an_allowance_that_others_spend_is_told_with_the_setting_to_lower(connect):
    transport, asked = answers(httpx.Response(429))
    with pytest.raises(RateLimited, match="calls_per_minute"):
        connect(transport=transport).get_page("Products", 1, {})
    assert len(asked) == 8
