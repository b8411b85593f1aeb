"""Codes that are written to the sandbox's Prospect: on customers, in custom fields, on lines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipelines.sandbox.prospect_model import ENTITY_SETS

LEDGER = "SalesLedgers(OperatingCompanyCode='A',SalesLedgerId='{}')"


@pytest.fixture
def ledger(http) -> str:
    return LEDGER.format(http.get("SalesLedgers?$top=1").json()["value"][0]["SalesLedgerId"])


@pytest.mark.parametrize(
    ("field", "width"),
    [("AnalysisCode", 100), ("UserAnalysisCode1", 20), ("UserAnalysisCode3", 20)],
)
def test_a_code_wider_than_its_field_is_refused_and_changes_nothing(http, ledger, field, width):
    assert http.patch(ledger, json={field: "x" * width}).status_code == 204
    refused = http.patch(ledger, json={field: "y" * (width + 1), "Name": "Renamed"})
    assert (refused.status_code, refused.json()["error"]["details"][0]["target"]) == (400, field)
    (record,) = http.get(ledger).json()["value"]
    assert (record[field], record["Name"] != "Renamed") == ("x" * width, True)


def test_widths_are_those_of_the_metadata_for_all_demo_records(app):
    for name, entity_set in ENTITY_SETS.items():
        for record in app.workspace.records(name):
            for field, width in entity_set.widths.items():
                assert len(record[field] or "") <= width, (name, field)


def test_custom_texts_are_made_once_and_then_changed(http, clock, app):
    ledgers = {one["SalesLedgerId"] for one in app.workspace.records("SalesLedgers")}
    having = {one["SalesLedgerId"] for one in app.workspace.records("SalesLedgerXtras")}
    identity = min(ledgers - having)
    fields = {"OperatingCompanyCode": "A", "SalesLedgerId": identity, "StandardTextField1": "North"}
    assert http.post("SalesLedgerXtras", json=fields).status_code == 201
    assert http.post("SalesLedgerXtras", json=fields).status_code == 400
    clock.now += timedelta(hours=1)
    key = LEDGER.format(identity).replace("SalesLedgers", "SalesLedgerXtras")
    assert http.patch(key, json={"StandardTextField1": "South"}).status_code == 204
    (record,) = http.get(key).json()["value"]
    assert (record["StandardTextField1"], record["LastUpdatedTimestamp"][:16]) == (
        *("South", "2026-11-02T10:00"),
    )
    unknown = {**fields, "SalesLedgerId": "nobody"}
    refused = http.post("SalesLedgerXtras", json=unknown)
    assert refused.json()["error"]["message"].startswith("No primary key value for foreign key")


def test_a_sales_transaction_is_made_with_its_code_and_never_coded_again(http):
    fields = {
        "Id": "A~INV-1~1",
        "OperatingCompanyCode": "A",
        "DocumentId": "INV-1",
        "LineNumber": 1,
        "InvoiceNumber": "INV-1",
        "Analysis1": "4001",
        "LineValue": 12550,
        "CurrencyDecimals": 2,
        "CalculatedLineValue": 1,
        "DiscountRate": 5,
    }
    made = http.post("SalesTransactions", json=fields)
    assert (made.status_code, made.json()["CalculatedLineValue"]) == (201, 125.50)
    assert http.post("SalesTransactions", json=fields).status_code == 400
    key = "SalesTransactions('A~INV-1~1')"
    change = {"Analysis1": "4002", "UserDefinedField1": "x", "DiscountRate": 7}
    assert http.patch(key, json=change).status_code == 204
    (line,) = http.get(key).json()["value"]
    assert (line["Analysis1"], line["UserDefinedField1"], line["DiscountRate"]) == ("4001", None, 7)


def test_the_list_of_xero_codes_takes_new_ones_and_lets_old_ones_go(http):
    code = {"Code": "4777", "OperatingCompanyCode": "A", "Name": "Samples"}
    assert http.post("XeroAnalysisCodes", json=code).status_code == 201
    key = "XeroAnalysisCodes(Code='4777',OperatingCompanyCode='A')"
    assert http.patch(key, json={"Name": "Samples sold"}).status_code == 204
    assert http.delete(key).status_code == 204
    (record,) = http.get(key).json()["value"]
    assert (record["Name"], record["Obsolete"]) == ("Samples sold", 1)
    assert http.patch(key.replace("4777", "4998"), json={"Name": "x"}).status_code == 404
