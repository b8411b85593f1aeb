"""The sandbox's Unleashed over HTTP, with the demo organisation's data."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.sliding_window import SlidingWindow
from pipelines.sandbox.world import load_world

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
Get = Callable[..., httpx.Response]


@pytest.fixture
def server(project_root: Path) -> Iterator[SandboxServer]:
    folder = project_root / "data/sandbox"
    world = load_world(folder, only=["thistle"], documents=0, clock=lambda: START)
    with SandboxServer(world, clock=lambda: START) as server:
        yield server


@pytest.fixture
def app(server) -> Any:
    return server.systems["unleashed"]


@pytest.fixture
def get(server: SandboxServer) -> Iterator[Get]:
    with httpx.Client(verify=False) as http:

        def ask(path: str, query: str = "", *, signed: str | None = None, **headers: str):
            text = (query if signed is None else signed).encode()
            digest = hmac.new(b"sandbox-secret", text, hashlib.sha256).digest()
            given = {
                "api-auth-id": "sandbox",
                "api-auth-signature": base64.b64encode(digest).decode(),
                **{name.replace("_", "-"): value for name, value in headers.items()},
            }
            url = f"{server.url}/unleashed/{path}" + (f"?{query}" if query else "")
            return http.get(url, headers=given)

        yield ask


def test_pages_are_numbered_and_say_how_many_there_are(get):
    body = get("Invoices/2", "pageSize=10").json()
    assert body["Pagination"] == {
        "NumberOfItems": 23,
        "PageSize": 10,
        "PageNumber": 2,
        "NumberOfPages": 3,
    }
    assert len(body["Items"]) == 10
    assert get("Invoices").json()["Pagination"]["PageSize"] == 200


def test_a_page_size_of_none_gives_the_counts_alone(get):
    body = get("Products", "pageSize=0").json()
    assert body["Items"] == []
    assert body["Pagination"]["NumberOfItems"] == 16


def test_a_query_that_was_encoded_again_after_signing_is_refused(get):
    assert get("Customers", "customerCode=a%2Cb").status_code == 200
    assert get("Customers", "customerCode=a%2Cb", signed="customerCode=a,b").status_code == 403
    assert get("Customers", "pageSize=5", signed="").status_code == 403


def test_an_unknown_api_id_is_refused(get):
    assert get("Customers", api_auth_id="someone").status_code == 403


def test_deleted_invoices_are_shown_only_to_who_asks_for_them(get):
    def statuses(query: str) -> set[str]:
        return {each["InvoiceStatus"] for each in get("Invoices", query).json()["Items"]}

    assert statuses("") == {"Completed", "Parked"}
    assert statuses("invoiceStatus=Deleted") == {"Deleted"}
    assert statuses("invoiceStatus=Deleted,Parked") == {"Deleted", "Parked"}


def test_modified_since_is_a_day_in_utc(get, app):
    items = get("Invoices", "modifiedSince=2026-10-28&pageSize=200").json()["Items"]
    assert {item["InvoiceNumber"] for item in items} == {"UI-523", "UI-524"}
    assert get("Invoices", "modifiedSince=yesterday").status_code == 400


def test_dates_are_milliseconds_and_amounts_follow_from_the_lines(get, app):
    guid = app.account.find("Invoices", "InvoiceNumber", "UI-504")["Guid"]
    invoice = get(f"Invoices/{guid}").json()
    assert invoice["InvoiceDate"] == "/Date(1791417600000)/"
    (line,) = invoice["InvoiceLines"]
    assert (line["LineTotal"], line["LineTax"]) == (640.80, 128.16)
    assert invoice["Total"] == 768.96


def test_what_is_not_there_is_not_found(get):
    assert get("Nowhere").status_code == 404
    assert get("Invoices/00000000-0000-4000-8000-000000000000").status_code == 404


def test_an_allowance_can_be_set(get, app):
    app.window = SlidingWindow(1, timedelta(minutes=1), lambda: START)
    assert get("Products").status_code == 200
    assert get("Products").status_code == 429


def test_the_demo_agrees_with_the_organisations_xero_data(get, server):
    contacts = server.world.organisation("thistle").records["Contacts"]
    customers = get("Customers").json()["Items"]
    linked = {each["XeroContactId"] for each in customers if each["XeroContactId"]}
    assert linked
    assert linked <= set(contacts)
    assert [c["CustomerCode"] for c in customers if not c["XeroContactId"]]
