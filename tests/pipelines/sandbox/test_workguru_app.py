"""The sandbox WorkGuru speaks as WorkGuru does: tokens, the envelope, pages, queues."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

TOKEN = "/api/ClientTokenAuth/Authenticate/api/client/v1/tokenauth"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class Caller:
    """Calls one organisation's WorkGuru."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=10, verify=False)
        self.token = ""

    def enter(self, key: str = "sandbox", secret: str = "sandbox-secret") -> httpx.Response:
        answer = self.http.post(TOKEN, json={"apiKey": key, "secret": secret})
        self.token = answer.json().get("accessToken", "")
        return answer

    def get(self, method: str, **query: Any) -> httpx.Response:
        if not self.token:
            self.enter()
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.get(f"/api/services/app/{method}", params=query, headers=headers)

    def result(self, method: str, **query: Any) -> Any:
        answer = self.get(method, **query).json()
        assert answer["success"], answer
        return answer["result"]

    def post(self, method: str, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.post(f"/api/services/app/{method}", json=body, headers=headers).json()


class Clock:
    """A clock that tests move."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(sandbox_folder: Path, clock: Clock) -> Iterator[SandboxServer]:
    world = load_world(sandbox_folder, documents=0, only=["harbour", "kowhai"], clock=clock)
    with SandboxServer(world, clock=clock) as running:
        yield running


@pytest.fixture
def caller(server: SandboxServer) -> Caller:
    return Caller(f"{server.url}/workguru/kowhai")


def test_a_key_and_its_secret_give_a_token(server, caller):
    assert caller.enter().json()["expireInSeconds"] == 86_400
    assert caller.get("Client/GetClients").status_code == 200
    own = Caller(f"{server.url}/workguru")
    own.enter("kowhai", "kowhai-secret")
    assert own.result("Client/GetClients", MaxResultCount=100)["totalCount"] == 7
    first = Caller(f"{server.url}/workguru")
    assert first.result("Client/GetClients", MaxResultCount=100)["totalCount"] == 22


@pytest.mark.parametrize(
    ("key", "secret"),
    [("sandbox", "wrong"), ("harbour", "harbour-secret"), ("nobody", "nobody-secret"), ("", "")],
)
def test_a_wrong_key_and_another_organisations_key_are_refused(caller, key, secret):
    answer = caller.enter(key, secret)
    assert answer.status_code == 401
    assert answer.json()["success"] is False


def test_no_token_an_old_one_and_another_organisations_are_refused(server, caller, clock):
    caller.token = "made-up"
    refused = caller.get("Client/GetClients")
    assert (refused.status_code, refused.json()["unAuthorizedRequest"]) == (401, True)
    caller.enter()
    elsewhere = Caller(f"{server.url}/workguru/harbour")
    elsewhere.token = caller.token
    assert elsewhere.get("Client/GetClients").status_code == 401
    clock.now += timedelta(days=1)
    assert caller.get("Client/GetClients").status_code == 401


def test_an_answer_comes_in_the_envelope(caller):
    answer = caller.get("Project/GetAllTasks").json()
    assert (answer["success"], answer["error"], answer["__abp"]) == (True, None, True)
    assert [task["name"] for task in answer["result"]] == ["Preparation", "Keel bolts"]


def test_a_refusal_may_come_with_status_200(caller):
    answer = caller.get("PurchaseOrder/GetPurchaseOrderById", id=9)
    assert answer.status_code == 200
    assert answer.json()["success"] is False
    assert answer.json()["error"]["message"] == "There is no such an entity with given id: 9"
    assert caller.get("PurchaseOrder/GetNothing").status_code == 404


def test_items_come_in_pages_of_ten_unless_asked_otherwise(server):
    harbour = Caller(f"{server.url}/workguru/harbour")
    first = harbour.result("Product/GetAllProducts")
    assert (first["totalCount"], len(first["items"])) == (30, 10)
    last = harbour.result("Product/GetAllProducts", MaxResultCount=20, SkipCount=20)
    assert [product["sku"] for product in last["items"]][-1] == "HDL-LEATHER"
    assert len(last["items"]) == 10
    assert harbour.get("Product/GetAllProducts", MaxResultCount=1001).status_code == 400


def test_the_list_of_orders_has_no_lines_and_the_order_has(caller):
    (listed, *_) = caller.result("PurchaseOrder/GetAllPurchaseOrders")["items"]
    assert "products" not in listed
    order = caller.result("PurchaseOrder/GetPurchaseOrderById", id=listed["id"])
    assert {name: order[name] for name in listed} == listed
    (line,) = order["products"]
    assert (line["sku"], line["lineTotal"], line["taxAmount"]) == ("ANTIFOUL-4L", 2310.0, 346.5)
    assert order["invoiceDate"] == "2026-08-10T00:00:00+00:00"


def test_a_queue_shows_what_is_due_and_not_sent(caller):
    method = "Invoice/GetInvoicesNotYetSentToAccounting"
    waiting = {invoice["invoiceNumber"]: invoice["id"] for invoice in caller.result(method)}
    assert sorted(waiting) == [f"KS-012{n}" for n in range(6)]  # KS-0126 is a draft
    assert caller.post("Invoice/MarkAsSentToAccounting", id=waiting["KS-0120"])["success"]
    assert len(caller.result(method)) == 5
    again = caller.post("Invoice/MarkAsSentToAccounting", id=waiting["KS-0120"])
    assert again["error"]["message"] == "This record has already been sent to accounting."
    assert caller.post("Invoice/UnMarkAsSentToAccounting", id=waiting["KS-0120"])["success"]
    assert len(caller.result(method)) == 6


def test_an_invoice_never_sent_says_the_year_1900(caller):
    (invoice, *_) = caller.result("Invoice/GetAllInvoices")
    assert invoice["sentToAccounting"] == "1900-01-01T00:00:00+00:00"


def test_a_change_of_the_world_is_shown_at_once(server, caller):
    workguru = server.systems["workguru"].of("kowhai")
    order = workguru.numbered("purchase_orders", "KPO-45")
    workguru.change("purchase_orders", order["id"], status="Invoiced")
    shown = caller.result("PurchaseOrder/GetPurchaseOrderById", id=order["id"])
    assert (shown["status"], shown["lastModificationTime"]) == ("Invoiced", NOW.isoformat())


MARKED = [
    ("Invoice/{}AsSentToAccounting", "invoices", {}),
    ("PurchaseOrder/{}AsSentToAccounting", "purchase_orders", {}),
    ("CreditNote/{}AsSentToAccounting", "client_credit_notes", {"creditNoteType": "Client"}),
    ("CreditNote/{}AsSentToAccounting", "supplier_credit_notes", {"creditNoteType": "Supplier"}),
    ("Stock/MarkStockAdjustmentAs{}ToAccounting", "stock_adjustments", {}),
    ("Stock/MarkStockTakeAs{}ToAccounting", "stock_takes", {}),
]


@pytest.mark.parametrize(("method", "kind", "more"), MARKED, ids=[one[1] for one in MARKED])
def test_whatever_goes_to_accounting_is_marked_and_unmarked(server, clock, method, kind, more):
    harbour = Caller(f"{server.url}/workguru/harbour")
    harbour.enter()
    workguru = server.systems["workguru"].of("harbour")
    record = next(
        one
        for one in workguru.records[kind].values()
        if one["sentToAccounting"] is None or one["sentToAccounting"].year == 1900
    )
    others = {key: one for key, one in workguru.records[kind].items() if key != record["id"]}
    clock.now += timedelta(hours=1)
    is_stock = method.startswith("Stock")
    mark, unmark = ("Sent", "Unsent") if is_stock else ("Mark", "UnMark")
    assert harbour.post(method.format(mark), id=record["id"], **more)["success"]
    after = workguru.records[kind][record["id"]]
    assert after["sentToAccounting"] == after["lastModificationTime"] == clock.now
    assert not harbour.post(method.format(mark), id=record["id"], **more)["success"]
    assert harbour.post(method.format(unmark), id=record["id"], **more)["success"]
    assert workguru.records[kind][record["id"]]["sentToAccounting"] is None
    assert {key: workguru.records[kind][key] for key in others} == others


def test_a_mark_shows_in_the_next_list(server):
    harbour = Caller(f"{server.url}/workguru/harbour")
    queue = "CreditNote/GetSupplerCreditNotesNotSentToAccounting"
    before = harbour.result(queue)
    mark = "CreditNote/MarkAsSentToAccounting"
    assert harbour.post(mark, id=before[0]["id"], creditNoteType="Supplier")["success"]
    assert harbour.result(queue) == before[1:]
    listed = {one["id"]: one for one in harbour.result("CreditNote/GetAllSupplierCreditNotes")}
    assert listed[before[0]["id"]]["sentToAccounting"] == NOW.isoformat()


def test_an_id_that_two_credit_notes_have_is_not_guessed(server):
    harbour = Caller(f"{server.url}/workguru/harbour")
    harbour.enter()
    workguru = server.systems["workguru"].of("harbour")
    shared = min(workguru.records["client_credit_notes"])
    assert shared in workguru.records["supplier_credit_notes"]
    answer = harbour.post("CreditNote/MarkAsSentToAccounting", id=shared)
    assert answer["error"]["message"].startswith("creditNoteType is required")
