"""Every document of the demo organisations can be written again, and comes to the same amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from xero_writes import XeroWriter

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.sandbox.write_codes import CAN_APPLY_TO

AMOUNTS = ("SubTotal", "TotalTax", "Total", "CurrencyCode", "LineAmountTypes")
LINE_FIELDS = (
    *("Description", "Quantity", "UnitAmount", "ItemCode", "AccountCode", "TaxType"),
    *("DiscountRate", "DiscountAmount", "Tracking"),
)
BATCH = 50


@pytest.fixture(scope="module", params=["harbour", "thistle"])
def writer(request: pytest.FixtureRequest, project_root: Path) -> Iterator[XeroWriter]:
    world = load_world(project_root / "data" / "sandbox", only=[request.param])
    (tenant_id,) = world.organisations
    with (
        SandboxServer(world, limits=Limits(enforced=False)) as server,
        XeroWriter(server, tenant_id) as writer,
    ):
        yield writer


@pytest.mark.parametrize("endpoint", ["Invoices", "CreditNotes"])
def test_a_copy_of_every_document_of_today_comes_to_the_same_amounts(
    writer: XeroWriter, endpoint: str
):
    organisation = writer.server.world.organisations[writer.tenant_id]
    originals = [
        record
        for record in organisation.records[endpoint].values()
        if is_of_today(record, organisation)
    ]
    assert len(originals) > 30
    for first in range(0, len(originals), BATCH):
        batch = originals[first : first + BATCH]
        outcomes = writer.send(endpoint, [copy_of(record) for record in batch])
        for original, outcome in zip(batch, outcomes, strict=True):
            assert outcome.errors == [], original
            assert {name: outcome.record[name] for name in AMOUNTS} == {
                name: original[name] for name in AMOUNTS
            }
            lines = [line["LineAmount"] for line in outcome.record["LineItems"]]
            assert lines == [line["LineAmount"] for line in original["LineItems"]]


def is_of_today(record: Mapping[str, Any], organisation: Organisation) -> bool:
    """Whether a document uses nothing that the API refuses today, archived things above all."""
    records = organisation.records
    if records["Contacts"][record["Contact"]["ContactID"]]["ContactStatus"] != "ACTIVE":
        return False
    for line in record["LineItems"]:
        account = records["Accounts"].get(line.get("AccountID", ""), {"Status": "ACTIVE"})
        tax = records["TaxRates"].get(line.get("TaxType", ""), {"Status": "ACTIVE"})
        if account["Status"] != "ACTIVE" or tax["Status"] != "ACTIVE":
            return False
        if "Class" in account and not tax.get(CAN_APPLY_TO[account["Class"]], True):
            return False  # one bill of each organisation, entered by a person
        if line.get("ItemCode") and organisation.item_id(line["ItemCode"]) is None:
            return False
        if not all(is_active(one, organisation) for one in line["Tracking"]):
            return False
    return True


def is_active(element: Mapping[str, Any], organisation: Organisation) -> bool:
    category = organisation.records["TrackingCategories"].get(element.get("TrackingCategoryID", ""))
    return (
        category is not None
        and category["Status"] == "ACTIVE"
        and any(
            option["TrackingOptionID"] == element["TrackingOptionID"]
            and option["Status"] == "ACTIVE"
            for option in category["Options"]
        )
    )


def copy_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document as an integration would send it, as a new draft."""
    return {
        "Type": record["Type"],
        "Contact": {"ContactID": record["Contact"]["ContactID"]},
        "Date": record["Date"].isoformat(),
        "LineAmountTypes": record["LineAmountTypes"],
        "CurrencyCode": record["CurrencyCode"],
        "CurrencyRate": record["CurrencyRate"],
        "LineItems": [
            {name: line[name] for name in LINE_FIELDS if name in line}
            for line in record["LineItems"]
        ],
    }
