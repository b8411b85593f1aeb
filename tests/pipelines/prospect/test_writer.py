"""Writing to the sandbox Prospect: created, changed, read back, and refused in its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from push_plans import a_plan, an_operation
from sqlalchemy import select

from pipelines.connections import ProspectConnection
from pipelines.prospect.write_client import ProspectWriteClient
from pipelines.prospect.writer import ProspectWriter
from pipelines.push.apply import apply_plan
from pipelines.push.ledger import Ledger, open_ledger
from pipelines.push.tables import OPERATIONS
from pipelines.settings import Credentials, Settings

TENANT = "t-1"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(Settings(home=tmp_path)) as opened:
        yield opened


@pytest.fixture
def writer(server: Any, clock: Any, tmp_path: Path) -> Iterator[ProspectWriter]:
    connection = ProspectConnection.model_validate(
        {"name": "crm", "api_url": f"{server.url}/prospect", "xero": "acme"}
    )
    credentials = Credentials.model_validate({"token": "sandbox-token"})
    with ProspectWriteClient(
        connection, credentials, tmp_path, clock=clock, sleep=clock.sleep
    ) as client:
        yield ProspectWriter(client)


@pytest.fixture
def applied(ledger: Ledger, writer: ProspectWriter, clock: Any):
    def apply(*operations: dict[str, Any]) -> dict[str, str]:
        created_at = clock().replace(tzinfo=None)
        a_plan(ledger, operations, created_at=created_at)
        apply_plan(
            ledger,
            "plan-1",
            lambda *_: writer,
            applied_by="Mere",
            now=lambda: clock().replace(tzinfo=None),
            sleep=clock.sleep,
        )
        with ledger.reading() as connection:
            rows = connection.execute(select(OPERATIONS.c.record_key, OPERATIONS.c.status))
            return {row.record_key: row.status for row in rows}

    return apply


def an(entity: str, operation: str, key: str, payload: dict[str, Any], **more: Any) -> Any:
    return an_operation(TENANT, entity, operation, key, payload, target="prospect", **more)


def test_a_code_is_created_and_one_that_is_there_is_changed(applied: Any, prospect: Any):
    prospect.workspace.add(
        "XeroAnalysisCodes", {"Code": "205", "OperatingCompanyCode": "A", "Name": "Old"}
    )
    assert applied(
        an("xero_analysis_codes", "create", "200", {"Code": "200", "Name": "Sales, O'Neill"}),
        an(
            "xero_analysis_codes",
            "update",
            "205",
            {"Name": "New"},
            target_id="205|A",
            before={"Name": "Old"},
        ),
    ) == {"200": "confirmed", "205": "confirmed"}
    names = {
        key[0]: prospect.workspace.find("XeroAnalysisCodes", key)["Name"]
        for key in (("200", "A"), ("205", "A"))
    }
    assert names == {"200": "Sales, O'Neill", "205": "New"}


def test_a_customers_codes_go_to_the_ledger_and_its_texts_beside_it(applied: Any, prospect: Any):
    for number in ("L-1", "L-2"):
        prospect.workspace.add(
            "SalesLedgers", {"OperatingCompanyCode": "A", "SalesLedgerId": number, "Name": number}
        )
    prospect.workspace.add(
        "SalesLedgerXtras", {"OperatingCompanyCode": "A", "SalesLedgerId": "L-2"}
    )
    payload = {"AnalysisCode": "200", "SalesLedgerXtras": {"StandardTextField1": "Nelson"}}
    operations = [
        an("sales_ledgers", "update", number, payload, target_id=f"A|{number}", before={})
        for number in ("L-1", "L-2")
    ]
    assert applied(*operations) == {"L-1": "confirmed", "L-2": "confirmed"}
    for number in ("L-1", "L-2"):
        assert prospect.workspace.find("SalesLedgers", ("A", number))["AnalysisCode"] == "200"
        texts = prospect.workspace.find("SalesLedgerXtras", ("A", number))
        assert texts["StandardTextField1"] == "Nelson"


def test_a_product_is_created_once_and_never_changed(applied: Any, prospect: Any):
    payload = {"ProductItemId": "SKU-1", "Description": "Cabinet", "CategoryId": "K"}
    done = applied(
        an("product_items", "create", "SKU-1", payload),
        an("product_items", "update", "SKU-2", {"SalesAnalysis": "200"}, target_id="A|SKU-2"),
        an("product_items", "create", "SKU-3", {"ProductItemId": "SKU-3"}),
    )
    assert done == {"SKU-1": "confirmed", "SKU-2": "unsupported", "SKU-3": "rejected"}


def test_what_prospect_ignores_is_a_dropped_field(applied: Any, prospect: Any):
    prospect.workspace.add(
        "SalesLedgers", {"OperatingCompanyCode": "A", "SalesLedgerId": "L-1", "Name": "Acme"}
    )
    payload = {"CustomerCode": "C-1"}
    operation = an("sales_ledgers", "update", "L-1", payload, target_id="A|L-1", before={})
    assert applied(operation) == {"L-1": "dropped_fields"}


def test_a_place_that_the_api_has_not_is_unsupported(applied: Any):
    payload = {"Id": "T1", "DocumentId": "1", "LineNumber": 1, "InvoiceNumber": "1"}
    lines = {**payload, "Analysis2": "Nelson"}
    assert applied(an("sales_transactions", "create", "T1", lines)) == {"T1": "unsupported"}
