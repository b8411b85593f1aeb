"""Items that are written to the sandbox Xero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from xero_writes import XeroWriter

PAINT = "17000000-0000-4000-8000-000000000001"
BOLT = "17000000-0000-4000-8000-000000000002"  # tracked as inventory
SALES = {"UnitPrice": Decimal("12.3456"), "AccountCode": "200", "TaxType": "OUTPUT2"}
PURCHASE = {"UnitPrice": Decimal("5.00"), "AccountCode": "500", "TaxType": "INPUT2"}
TRACKED = {"UnitPrice": Decimal("5.00"), "COGSAccountCode": "310", "TaxType": "INPUT2"}


@pytest.fixture
def put(writer: XeroWriter):
    return lambda **fields: writer.send("Items", [fields], method="PUT")[0]


@pytest.fixture
def post(writer: XeroWriter):
    return lambda **fields: writer.send("Items", [fields])[0]


@pytest.fixture
def held(writer: XeroWriter):
    return lambda identity: writer.get(f"Items/{identity}", unitdp=4)[0]


def test_a_put_creates_an_item(put, held, writer):
    saved = put(
        Code="ROPE", Name="Rope", Description="Rope, 10 m", PurchaseDescription="Rope, bale",
        SalesDetails=SALES, PurchaseDetails=PURCHASE,
    )  # fmt: skip
    record = held(saved.record["ItemID"])
    assert (saved.status, record["Code"], record["Name"]) == ("OK", "ROPE", "Rope")
    assert (record["SalesDetails"], record["PurchaseDetails"]) == (SALES, PURCHASE)
    assert (record["IsSold"], record["IsPurchased"]) == (True, True)
    assert record["IsTrackedAsInventory"] is False
    assert "QuantityOnHand" not in record
    (found,) = writer.get("Items", where='Code=="ROPE"')
    assert found["ItemID"] == record["ItemID"]


def test_a_code_alone_is_enough_and_another_item_may_not_have_it(put):
    assert put(Code="ROPE").status == "OK"
    assert put(Code="ROPE").errors == ["Price List Item with Code 'ROPE' already exists"]


def test_an_item_without_a_code_is_refused(writer):
    answer = writer.call("PUT", "Items", {"Items": [{"Name": "x"}]}, is_checked=False)
    assert answer.status_code == 400


def test_a_post_updates_by_code_or_id_and_keeps_what_it_does_not_mention(post, held):
    before = held(PAINT)
    post(Code="PAINT-5L", Name="Paint")
    post(Code="PAINT-5L", SalesDetails={"TaxType": "NONE"})
    after = held(PAINT)
    assert (after["Name"], after["SalesDetails"]) == (
        "Paint",
        {**before["SalesDetails"], "TaxType": "NONE"},
    )
    post(ItemID=PAINT, Code="PAINT-V")
    assert held(PAINT)["Code"] == "PAINT-V"
    assert post(ItemID=PAINT, Code="BOLT").errors == [
        "Price List Item with Code 'BOLT' already exists"
    ]


def test_the_id_may_stand_in_the_path(writer, held):
    body = {"Items": [{"Code": "PAINT-5L", "Name": "Paint"}]}
    assert writer.call("POST", f"Items/{PAINT}", body).status_code == 200
    assert held(PAINT)["Name"] == "Paint"


def test_an_empty_account_code_takes_it_away(post, held):
    post(Code="PAINT-5L", SalesDetails={"AccountCode": ""})
    assert held(PAINT)["SalesDetails"] == {"UnitPrice": Decimal("17.9567")}


def test_without_unitdp_prices_are_rounded_when_they_are_written(writer, held):
    body = {"Items": [{"Code": "ROPE", "SalesDetails": SALES}]}
    answer = writer.call("PUT", "Items", body)
    assert held(answer.json()["Items"][0]["ItemID"])["SalesDetails"]["UnitPrice"] == Decimal(
        "12.35"
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"SalesDetails": {"AccountCode": "999"}}, "Account code '999' is not a valid code"),
        ({"SalesDetails": {"AccountCode": "400"}}, "Account code '400' has been archived"),
        ({"PurchaseDetails": {"AccountCode": "90"}}, "Account code '90' is not a valid code"),
        ({"SalesDetails": {"TaxType": "GST"}}, "The TaxType code GST does not exist"),
        (
            {"SalesDetails": {"AccountCode": "200", "TaxType": "INPUT2"}},
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
        ),
        ({"PurchaseDetails": TRACKED}, "Cost Of Goods Sold Account must be used with an Invent"),
        ({"InventoryAssetAccountCode": "630"}, "Inventory Asset Account must be used with"),
        (
            {"InventoryAssetAccountCode": "500", "PurchaseDetails": TRACKED},
            "Account code '500' is not a valid code",
        ),
        (
            {
                "InventoryAssetAccountCode": "630",
                "PurchaseDetails": {**TRACKED, "AccountCode": "500"},
            },
            "AccountCode is not applicable to the purchase details of tracked items.",
        ),
    ],
)
def test_what_an_item_may_not_have_is_refused(put, organisation, fields, text):
    (error,) = put(Code="ROPE", **fields).errors
    assert error.startswith(text)
    assert organisation.item_id("ROPE") is None


@pytest.mark.parametrize(
    "fields", [{"Code": "x" * 31}, {"Code": "R", "Name": "x" * 51}], ids=["code", "name"]
)
def test_texts_have_lengths(writer, fields):
    answer = writer.call("PUT", "Items", {"Items": [fields]}, is_checked=False)
    assert answer.status_code == 400


def test_two_accounts_make_a_tracked_item_and_the_flag_alone_does_not(put, held):
    assert put(Code="A", IsTrackedAsInventory=True).record["IsTrackedAsInventory"] is False
    tracked = put(Code="B", InventoryAssetAccountCode="630", PurchaseDetails=TRACKED)
    assert tracked.record["IsTrackedAsInventory"] is True
    assert tracked.record["QuantityOnHand"] == 0


def test_the_sale_of_an_item_that_became_tracked_posts_its_cost_by_itself(
    put, send, sale, sent_line, organisation
):
    """A source that journals the cost as well has it in the books twice."""
    put(Code="B", InventoryAssetAccountCode="630", SalesDetails=SALES, PurchaseDetails=TRACKED)
    bought = sent_line(ItemCode="B", Quantity=10, UnitAmount=4, AccountCode="630", TaxType="NONE")
    send(sale(bought, Type="ACCPAY", Status="AUTHORISED"))
    cost = {"LineAmount": 8, "AccountCode": "310"}, {"LineAmount": -8, "AccountCode": "500"}
    send(
        {"Narration": "Cost [x]", "Date": "2026-10-20", "Status": "POSTED", "JournalLines": cost},
        "ManualJournals",
    )
    send(sale(sent_line(ItemCode="B", Quantity=2), Status="AUTHORISED"))
    account = organisation.account_id("310")
    posted = [one for one in organisation.books.postings if one.account_id == account]
    assert [one.amount_base for one in posted] == [8, 8]


def test_an_item_not_sold_loses_what_belongs_to_sales(post, held):
    post(Code="PAINT-5L", IsSold=False)
    record = held(PAINT)
    assert (record["IsSold"], record["SalesDetails"]) == (False, {})
    assert "Description" not in record


def test_a_used_item_cannot_become_tracked(post, send, sale, sent_line):
    send(sale(sent_line(ItemCode="PAINT-5L")))
    outcome = post(Code="PAINT-5L", InventoryAssetAccountCode="630", PurchaseDetails=TRACKED)
    assert outcome.status == "ERROR"


def test_an_item_is_deleted_and_its_lines_stay(writer, send, sale, sent_line):
    saved = send(sale(sent_line(ItemCode="PAINT-5L")))
    assert writer.call("DELETE", f"Items/{PAINT}").status_code == 204
    assert writer.call("GET", f"Items/{PAINT}", is_checked=False).status_code == 404
    assert writer.call("DELETE", f"Items/{PAINT}", is_checked=False).status_code == 404
    (invoice,) = writer.get(f"Invoices/{saved.record['InvoiceID']}")
    assert invoice["LineItems"][0]["ItemCode"] == "PAINT-5L"


def test_a_tracked_item_that_was_used_cannot_be_deleted(writer, send, sale, sent_line):
    send(sale(sent_line(ItemCode="BOLT", Quantity=1), Status="AUTHORISED"))
    assert writer.call("DELETE", f"Items/{BOLT}").status_code == 400
    assert writer.get(f"Items/{BOLT}")[0]["QuantityOnHand"] == 9


@pytest.mark.parametrize("path", ["Items", f"Contacts/{PAINT}", "Invoices/1"])
def test_nothing_else_can_be_deleted(writer, path):
    assert writer.call("DELETE", path, is_checked=False).status_code == 405


def test_at_most_500_items_stand_in_one_request(writer, organisation):
    items = [{"Code": f"N-{number}"} for number in range(501)]
    answer = writer.call("PUT", "Items", {"Items": items})
    assert (answer.status_code, len(organisation.records["Items"])) == (400, 2)
    assert {one.status for one in writer.send("Items", items[:500], method="PUT")} == {"OK"}


def test_good_items_are_saved_beside_bad_ones_and_a_key_does_it_once(writer, organisation):
    body = {"Items": [{"Code": "A"}, {"Code": "A"}, {"Code": "BOLT"}, {"Code": "B"}]}
    answers = [
        writer.call("PUT", "Items", body, key="k", summarizeErrors="false") for _ in range(2)
    ]
    statuses = [one["StatusAttributeString"] for one in answers[0].json()["Items"]]
    assert statuses == ["OK", "ERROR", "ERROR", "OK"]
    assert answers[0].content == answers[1].content
    assert len(organisation.records["Items"]) == 4
