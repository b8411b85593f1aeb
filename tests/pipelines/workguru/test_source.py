"""A read lands what WorkGuru has, asks no more than it must, and believes no half answer."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from pipelines.endpoint_read import EndpointRead
from pipelines.workguru.endpoints import ENDPOINTS, Endpoint
from pipelines.workguru.source import endpoint_read, reads

TENANT = "7e4c5b34-4dc8-583b-ac95-5a9f2558d650"
ORDERS = ENDPOINTS["PurchaseOrders"]
PRODUCTS = ENDPOINTS["Products"]
TASKS = ENDPOINTS["Tasks"]
ORDER_LIST = "workguru/PurchaseOrder/GetAllPurchaseOrders"
ORDER_BY_ID = "workguru/PurchaseOrder/GetPurchaseOrderById"


@pytest.fixture
def read(sandbox_client, landing):
    """Read lists of the sandbox into the raw log; all of them unless one is named."""

    def run(endpoint: Endpoint | None = None, *, full: bool = False) -> dict[str, Any]:
        prepared = (
            reads(sandbox_client, TENANT, landing, cursors={}, full=full)
            if endpoint is None
            else [endpoint_read(sandbox_client, TENANT, endpoint, landing, full=full)]
        )
        return land(landing, prepared)

    return run


def land(landing: Any, prepared: list[EndpointRead]) -> dict[str, Any]:
    landing.land({each.table: each.batches for each in prepared})
    return {each.table: each.summary("run", "jobs") for each in prepared}


def payloads(warehouse: Any, table: str) -> list[dict[str, Any]]:
    with warehouse.connect(read_only=True) as con:
        rows = con.execute(
            f"select payload from raw_workguru.{table} order by record_id"  # noqa: S608
        ).fetchall()
    return [json.loads(row[0]) for row in rows]


def test_a_first_read_lands_every_list_whole(read, warehouse, server):
    summaries = read()
    assert {summary.mode for summary in summaries.values()} == {"whole"}
    assert all(summary.is_complete for summary in summaries.values())
    held = server.systems["workguru"].of("kowhai").records
    assert {table: summary.versions_written for table, summary in summaries.items()} == {
        kind: len(records) for kind, records in held.items()
    }
    assert all(order["products"] for order in payloads(warehouse, "purchase_orders"))
    assert all(
        invoice["productLineItems"] is not None for invoice in payloads(warehouse, "invoices")
    )


def test_a_list_with_lines_costs_one_call_and_one_without_one_more_a_record(read):
    summaries = read()
    assert summaries["invoices"].calls == 1
    assert summaries["purchase_orders"].calls == 1 + 5


def test_nothing_changed_costs_one_call_a_list_and_writes_nothing(read):
    read()
    again = read()
    assert {summary.calls for summary in again.values()} == {1}
    assert sum(summary.versions_written for summary in again.values()) == 0
    assert sum(summary.tombstones for summary in again.values()) == 0


def test_only_the_record_that_changed_is_asked_for_again(read, server):
    read(ORDERS)
    workguru = server.systems["workguru"].of("kowhai")
    order = workguru.numbered("purchase_orders", "KPO-45")
    workguru.change("purchase_orders", order["id"], status="Invoiced")
    again = read(ORDERS)["purchase_orders"]
    assert (again.calls, again.versions_written) == (2, 1)


def test_a_change_that_the_stamp_hides_is_found_by_a_full_read(read, server):
    read(ORDERS)
    workguru = server.systems["workguru"].of("kowhai")
    order = workguru.numbered("purchase_orders", "KPO-41")
    workguru.change("purchase_orders", order["id"], stamp=False, supplierInvoiceNumber="HU-1")
    assert read(ORDERS)["purchase_orders"].versions_written == 0
    full = read(ORDERS, full=True)["purchase_orders"]
    assert (full.versions_written, full.changed_without_stamp) == (1, 1)


def test_a_record_that_vanished_gets_a_tombstone_and_one_that_returns_is_read_again(read, server):
    read(ORDERS)
    workguru = server.systems["workguru"].of("kowhai")
    order = workguru.numbered("purchase_orders", "KPO-42")
    workguru.remove("purchase_orders", order["id"])
    assert read(ORDERS)["purchase_orders"].tombstones == 1
    workguru.records["purchase_orders"][order["id"]] = order
    back = read(ORDERS)["purchase_orders"]
    assert (back.calls, back.versions_written) == (2, 1)


def test_one_record_that_cannot_be_read_stops_no_other_and_gives_no_tombstone(read, server):
    refusal = b'{"result":null,"success":false,"error":{"message":"Mapping error"}}'
    server.control.on(ORDER_BY_ID, call=2).overrides(refusal)
    summary = read(ORDERS)["purchase_orders"]
    assert (summary.is_complete, summary.versions_written, summary.tombstones) == (False, 4, 0)
    assert "1 records could not be read" in summary.error
    assert "Mapping error" in summary.error
    assert read(ORDERS)["purchase_orders"].is_complete


def test_a_list_that_fails_leaves_the_others_read(read, server):
    server.control.on(ORDER_LIST, times=None).answers(403)
    summaries = read()
    assert not summaries["purchase_orders"].is_complete
    assert summaries["purchase_orders"].cursor_at is None
    assert summaries["invoices"].is_complete


def test_an_empty_list_is_not_believed_where_records_are_held(read, server):
    read(ORDERS)
    records = server.systems["workguru"].of("kowhai").records["purchase_orders"]
    records.clear()
    summary = read(ORDERS)["purchase_orders"]
    assert (summary.is_complete, summary.tombstones) == (False, 0)
    assert read(ORDERS, full=True)["purchase_orders"].tombstones == 5


def test_an_expired_token_is_replaced_in_the_middle_of_a_read(read, server):
    app = server.systems["workguru"]
    server.control.on(ORDER_BY_ID, call=3).calls(app.expire_tokens)
    assert read(ORDERS)["purchase_orders"].is_complete


def answered(result: Any) -> httpx.Response:
    return httpx.Response(200, json={"result": result, "success": True, "error": None})


def records(*ids: int) -> list[dict[str, Any]]:
    return [{"id": each, "sku": f"P{each}"} for each in ids]


def pages_of(ids: range, size: int) -> list[httpx.Response]:
    return [
        answered({"totalCount": len(ids), "items": records(*ids[start : start + size])})
        for start in range(0, len(ids), size)
    ]


def test_pages_are_read_to_the_end_though_the_server_makes_them_smaller(client, workguru, landing):
    workguru.answers(PRODUCTS.list_method, *pages_of(range(250), 100))
    (summary,) = land(landing, [endpoint_read(client, TENANT, PRODUCTS, landing)]).values()
    assert (summary.is_complete, summary.versions_written, summary.calls) == (True, 250, 3)
    assert [asked["SkipCount"] for _, asked in workguru.asked] == ["0", "100", "200"]


def test_a_list_that_moves_is_read_again_and_at_last_given_up(client, workguru, landing):
    shifted = [
        answered({"totalCount": 4, "items": records(0, 1)}),
        answered({"totalCount": 4, "items": records(1, 2)}),
    ]
    workguru.answers(PRODUCTS.list_method, *shifted, *pages_of(range(4), 2))
    (summary,) = land(landing, [endpoint_read(client, TENANT, PRODUCTS, landing)]).values()
    assert (summary.is_complete, summary.versions_written) == (True, 4)
    workguru.answers(PRODUCTS.list_method, *shifted * 4)
    (summary,) = land(landing, [endpoint_read(client, TENANT, PRODUCTS, landing)]).values()
    assert not summary.is_complete
    assert "changed while it was read" in summary.error


def test_a_bare_array_that_may_be_cut_is_asked_for_the_rest(client, workguru, landing):
    cut, rest = answered(records(*range(500))), answered(records(*range(500, 520)))
    workguru.answers(TASKS.list_method, cut, rest)
    (summary,) = land(landing, [endpoint_read(client, TENANT, TASKS, landing)]).values()
    assert (summary.is_complete, summary.versions_written, summary.calls) == (True, 520, 2)


def test_a_bare_array_that_knows_no_pages_is_the_whole_list(client, workguru, landing):
    workguru.answers(TASKS.list_method, answered(records(*range(500))))
    (summary,) = land(landing, [endpoint_read(client, TENANT, TASKS, landing)]).values()
    assert (summary.is_complete, summary.versions_written, summary.calls) == (True, 500, 2)


def test_a_record_without_an_id_is_kept_and_reported(client, workguru, landing):
    workguru.answers(TASKS.list_method, answered([{"name": "nameless"}, {"id": 1}]))
    (summary,) = land(landing, [endpoint_read(client, TENANT, TASKS, landing)]).values()
    assert (summary.is_complete, summary.versions_written) == (False, 2)
    assert "have no id" in summary.error
