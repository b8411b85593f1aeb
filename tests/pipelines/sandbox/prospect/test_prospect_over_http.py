"""The sandbox's Prospect over HTTP, with the demo organisation's data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NEW_PRODUCT = {"ProductItemId": "NEW", "Description": "New", "CategoryId": "EQUIPMENT"}


def test_a_list_leads_from_page_to_page_and_counts_when_asked(http, monkeypatch):
    monkeypatch.setattr("pipelines.sandbox.prospect_query.PAGE", 20)
    query = "?$count=true&$orderby=QuoteId&$filter=OperatingCompanyCode%20eq%20%27A%27"
    url, ids = f"Quotes{query}", []
    while url:
        body = http.get(url).json()
        assert body["@odata.count"] == 48
        ids += [record["QuoteId"] for record in body["value"]]
        url = body.get("@odata.nextLink")
    assert ids == list(range(1001, 1049))


def test_a_single_record_is_a_list_of_one_and_an_unknown_one_a_list_of_none(http):
    (quote,) = http.get("Quotes(1001)").json()["value"]
    assert quote["DecimalHomeNetValue"] == 2786.75
    assert http.get("Quotes(1)").json() == {"value": []}


def test_keys_of_several_parts_are_named(http):
    found = http.get("ProductItems(OperatingCompanyCode='A',ProductItemId='TENT-2')").json()
    assert found["value"][0]["SellingPrice"] == 32900
    assert found["value"][0]["DecimalSellingPrice"] == 329.00
    note = "SalesInvoiceHeaders(OperatingCompanyCode='A',InvoiceNumber='',"
    assert len(http.get(f"{note}CreditNoteNumber='CN-0343')").json()["value"]) == 1


@pytest.mark.parametrize(
    "path", ["ProductItems('TENT-2')", "Quotes('1001')", "Quotes(Nowhere=1)", "Quotes(", "Quotes()"]
)
def test_a_key_of_another_shape_is_answered_with_500(http, path):
    assert http.get(path).status_code in (404, 500)
    if path.endswith(")"):
        assert http.get(path).status_code == 500


def test_money_is_a_whole_number_with_a_count_of_decimals_and_a_decimal(http):
    lines = http.get("QuoteLines?$filter=QuoteId eq 1007&$orderby=Sequence").json()["value"]
    cord = lines[0]
    assert (cord["Quantity"], cord["QuantityDecimals"], cord["DecimalQuantity"]) == (1255, 1, 125.5)
    assert (cord["Price"], cord["SellDecimals"], cord["DecimalPrice"]) == (1225, 3, 1.225)


def test_the_two_headers_have_no_change_stamp_and_their_own_spelling(http):
    for name in ("SalesOrderHeaders", "SalesInvoiceHeaders"):
        record = http.get(f"{name}?$top=1").json()["value"][0]
        assert "LastUpdatedTimestamp" not in record
        assert "Statusflag" in record
    assert "LastUpdatedTimestamp" in http.get("Quotes?$top=1").json()["value"][0]


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer wrong"}, {"Authorization": ""}])
def test_a_wrong_token_is_refused(http, headers):
    answer = http.get("Quotes", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["message"]


def test_1200_calls_in_ten_minutes_and_then_none_until_the_first_is_older(http, app, clock):
    app.tokens.add("another-token")
    for _ in range(1199):
        assert app.window.admits()
    clock.now += timedelta(minutes=5)
    assert http.get("XeroAnalysisCodes?$top=1").status_code == 200
    refused = http.get("Quotes", headers={"Authorization": "Bearer another-token"})
    assert (refused.status_code, refused.headers.get("retry-after")) == (429, None)
    clock.now += timedelta(minutes=5)
    assert http.get("XeroAnalysisCodes?$top=1").status_code == 200


def test_a_bad_query_says_what_is_wrong(http):
    answer = http.get("Quotes?$filter=Status/DeadFlag eq 0")
    assert answer.status_code == 400
    assert "other records" in answer.json()["error"]["message"]


def test_a_product_needs_a_category(http):
    without = {name: value for name, value in NEW_PRODUCT.items() if name != "CategoryId"}
    answer = http.post("ProductItems", json=without)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == [
        {"target": "CategoryId", "message": "CategoryId is required."}
    ]
    assert http.post("ProductItems", json=NEW_PRODUCT).status_code == 201


def test_what_may_only_be_set_at_first_and_what_is_computed_stay_as_they_were(http):
    key = "ProductItems(OperatingCompanyCode='A',ProductItemId='TENT-2')"
    change = {"SalesAnalysis": "4000", "DecimalSellingPrice": 1, "IsTemplate": 1}
    assert http.patch(key, json=change).status_code == 204
    (product,) = http.get(key).json()["value"]
    assert product["SalesAnalysis"] == "4001"
    assert product["DecimalSellingPrice"] == 329.00
    assert product["IsTemplate"] == 1


def test_a_patch_moves_the_change_stamp(http, clock):
    clock.now += timedelta(hours=1)
    key = "XeroAnalysisCodes(Code='4000',OperatingCompanyCode='A')"
    assert http.patch(key, json={"Name": "Trade clothing"}).status_code == 204
    (code,) = http.get(key).json()["value"]
    assert code["Name"] == "Trade clothing"
    assert code["LastUpdatedTimestamp"] == "2026-11-02T10:00:00.000Z"


def test_a_link_that_leads_nowhere_is_refused(http):
    line = {"QuoteId": 1, "Description": "x"}
    answer = http.post("QuoteLines", json=line)
    assert answer.status_code == 400
    assert "No primary key value for foreign key 'Quotes'" in answer.json()["error"]["message"]
    assert "(-194)" in answer.json()["error"]["message"]


def test_a_key_that_exists_is_refused_and_a_number_is_given_where_none_is_stated(http):
    assert http.post("ProductItems", json={**NEW_PRODUCT, "ProductItemId": "TENT-2"}).is_error
    made = http.post("QuoteLines", json={"QuoteId": 1001, "Description": "Free text"}).json()
    assert made["LineId"] == 70076


def test_a_delete_leaves_the_record_flagged(http):
    assert http.delete("Quotes(1001)").status_code == 204
    assert http.get("Quotes(1001)").json()["value"][0]["StatusFlag"] == "D"
    assert http.patch("Quotes(1)", json={}).status_code == 404


def test_the_demo_agrees_with_the_organisations_xero_data(http, server):
    organisation = server.world.organisation("thistle")
    contacts = organisation.records["Contacts"]
    ledgers = http.get("SalesLedgers").json()["value"]
    linked = [ledger["AccountsId"] for ledger in ledgers if ledger["AccountsId"]]
    assert set(linked) <= set(contacts)
    known = {item["Code"] for item in organisation.records["Items"].values()}
    new = {
        product["ProductItemId"]
        for product in http.get("ProductItems").json()["value"]
        if product["ProductItemId"] not in known
    }
    assert new == {"SLING-120", "SVC-REPAIR", "GIFT-CARD", "OLD-TARP", "FREE-KIT"}
