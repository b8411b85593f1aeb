from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from pipelines.web.usage import Usage
from pipelines.xero.errors import (
    Forbidden,
    MalformedAnswer,
    TenantNotConnected,
)

SECRET = "s3cr3t-of-acme"
HARBOUR = "45e4708e-d862-4111-ab3a-dd8cd03913e1"
MILL = "0b1e2c3d-0000-4111-ab3a-dd8cd03913e1"
ONE_INVOICE = {"Invoices": [{"InvoiceID": "1"}]}


def test_a_call_carries_what_xero_asks_for(a_client, xero):
    since = datetime(2026, 11, 2, 22, 30, 15, 999999, timezone(timedelta(hours=13)))
    a_client().get(HARBOUR, "Invoices", {"page": 1, "unitdp": 4}, if_modified_since=since)
    request = xero.asked[0]
    assert str(request.url) == "https://api.xero.com/api.xro/2.0/Invoices?page=1&unitdp=4"
    assert request.headers["accept"] == "application/json"
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers["xero-tenant-id"] == HARBOUR
    assert request.headers["if-modified-since"] == "2026-11-02T09:30:15Z"
    assert request.headers["authorization"] == "Bearer token-1"


def test_a_change_stamp_without_a_zone_is_a_mistake(a_client):
    with pytest.raises(ValueError, match="time zone"):
        a_client().get(HARBOUR, "Invoices", if_modified_since=datetime(2026, 11, 2))


def test_an_answer_says_when_it_came_and_how_many_bytes_it_took(a_client, xero, clock):
    body = gzip.compress(b'{"Invoices":[' + b",".join([b'{"InvoiceID":"1"}'] * 500) + b"]}")

    class Stream(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield body

    xero.script = [httpx.Response(200, stream=Stream(), headers={"Content-Encoding": "gzip"})]
    page, answer = a_client().get_page(HARBOUR, "Invoices", "Invoices")
    assert len(page.records) == 500
    assert answer.received_at == clock.now
    assert answer.received_at.tzinfo is UTC
    assert answer.bytes_on_wire == len(body) < len(answer.body)


def test_the_organisations_of_a_token_are_listed_without_practices(a_client, xero):
    xero.tenants.append({"tenantId": "p", "tenantType": "PRACTICE", "tenantName": "Books & Co"})
    listed = a_client().connections()
    assert [(each.tenant_id, each.tenant_name) for each in listed] == [(HARBOUR, "Harbour Ltd")]


def test_only_the_organisations_of_the_settings_are_listed(a_client, xero):
    xero.tenants.append({"tenantId": MILL, "tenantType": "ORGANISATION", "tenantName": None})
    listed = a_client(tenant_ids=(MILL,)).connections()
    assert [(each.tenant_id, each.tenant_name) for each in listed] == [(MILL, "")]


def test_an_organisation_that_the_token_cannot_read_is_named_and_the_others_are_given(a_client):
    with pytest.raises(TenantNotConnected, match=MILL) as caught:
        a_client(tenant_ids=(MILL, HARBOUR)).connections()
    assert [each.tenant_id for each in caught.value.connected] == [HARBOUR]


@pytest.mark.parametrize("body", [b'{"a":1}', b"[{}]", b"[1", b"<html>"])
def test_a_list_of_organisations_of_another_shape_is_malformed(a_client, xero, body):
    xero.script = [httpx.Response(200, content=body)] * 3
    with pytest.raises(MalformedAnswer, match="Organisations of connection acme"):
        a_client().connections()


def test_messages_name_the_organisation_once_its_name_is_known(a_client, xero):
    client = a_client()
    xero.script = [httpx.Response(403)]
    with pytest.raises(Forbidden, match=f"Invoices of organisation {HARBOUR}"):
        client.get(HARBOUR, "Invoices")
    client.connections()
    xero.script = [httpx.Response(403)]
    with pytest.raises(Forbidden, match="Invoices of organisation Harbour Ltd"):
        client.get(HARBOUR, "Invoices")


def test_a_page_that_stays_malformed_is_given_up(a_client, xero):
    xero.script = [httpx.Response(200, json={"Invoices": None})] * 9
    with pytest.raises(MalformedAnswer, match=r"got `null` - at `\$\.Invoices`"):
        a_client().get_page(HARBOUR, "Invoices", "Invoices")
    assert len(xero.asked) == 3


def test_the_count_of_one_path_is_not_that_of_another(a_client):
    client = a_client()
    client.get(HARBOUR, "Invoices")
    client.get(HARBOUR, "Contacts")
    client.get(MILL, "Invoices")
    assert client.usage(HARBOUR, "Invoices").calls == 1
    assert client.usage(HARBOUR, "Items") == Usage()


def test_an_answer_of_304_is_an_empty_page(a_client, xero):
    xero.script = [httpx.Response(304)]
    page, answer = a_client().get_page(HARBOUR, "Invoices", "Invoices")
    assert (list(page.records), page.item_count, answer.status) == ([], 0, 304)
