from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest


@pytest.mark.parametrize("accept", ["", "*/*", "text/xml"])
def test_the_answer_is_xml_unless_json_is_asked_for(client, an_invoice, accept):
    an_invoice(1)
    client.get("Accounts")
    answer = client.http.get(
        "/api.xro/2.0/Invoices?page=1",
        headers={
            "Authorization": f"Bearer {client.token}",
            "xero-tenant-id": client.tenant_id,
            "Accept": accept,
        },
    )
    assert answer.headers["content-type"].startswith("text/xml")
    root = Xml.fromstring(answer.text)
    assert root.findtext("Status") == "OK"
    assert root.findtext("pagination/itemCount") == "1"
    assert root.findtext("Invoices/Invoice/LineItems/LineItem/UnitAmount") == "17.96"
    assert root.findtext("Invoices/Invoice/Date") == "2026-10-20T00:00:00"


def test_errors_reports_and_single_records_are_xml_too(client):
    item = Xml.fromstring(client.get("Items/PAINT-5L", json=False).text)
    assert item.findtext("Items/Item/Code") == "PAINT-5L"
    report = Xml.fromstring(client.get("Reports/ProfitAndLoss", json=False).text)
    assert report.findtext("Reports/Report/ReportName") == "Profit and Loss"
    error = Xml.fromstring(client.get("Accounts", where="(", json=False).text)
    assert error.findtext("Type") == "QueryParseException"
