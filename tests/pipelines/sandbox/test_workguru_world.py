"""The demo organisations' WorkGuru holds what its README says, and agrees with their Xero."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.sandbox.tables import DemoDataError
from pipelines.sandbox.workguru_world import WorkGuru, load_workguru
from pipelines.sandbox.world import World, load_world

LISTS = {
    "invoices": ("taskLineItems", "productLineItems", "purchaseLineItems", "otherLineItems"),
    "purchase_orders": ("products", "landedCosts"),
    "client_credit_notes": ("lineItems",),
    "supplier_credit_notes": ("lineItems",),
}
NEW_PRODUCTS = {"SHELF-OAK-900", "HDL-LEATHER"}
NUMBER = re.compile(r"\b(?:WG|PO|CN|SCN|ADJ|ST|KS|KPO|KSC|KSN|KADJ|KST|U|KU)-\d+\b")


@pytest.fixture(params=["harbour", "kowhai"])
def short_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def workguru(demo_world: World, short_name: str) -> WorkGuru:
    return load_workguru(demo_world, demo_world.organisation(short_name))


def lines(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [line for name in LISTS[kind] for line in record[name]]


def test_its_clients_and_suppliers_are_contacts_of_xero(
    demo_world: World, workguru: WorkGuru, short_name: str
) -> None:
    contacts = demo_world.organisation(short_name).records["Contacts"]
    for kind in ("clients", "suppliers"):
        for record in workguru.records[kind].values():
            if record["xeroId"]:
                contact = contacts[record["xeroId"]]
                assert record["name"] == contact["Name"]
                assert record["accountNumber"] in (None, contact.get("AccountNumber"))


def test_four_of_harbours_parties_are_none_of_xero_by_id(demo_world: World) -> None:
    """One is new, one bears a name that is taken, one a number that three have, one supplies."""
    harbour = demo_world.organisation("harbour")
    records = load_workguru(demo_world, harbour).records
    contacts = list(harbour.records["Contacts"].values())
    found = {
        party["name"]: (
            sum(one["Name"] == party["name"] for one in contacts),
            sum(one.get("AccountNumber") == party["accountNumber"] for one in contacts),
        )
        for kind in ("clients", "suppliers")
        for party in records[kind].values()
        if party["xeroId"] is None
    }
    assert found == {
        "Stoke Villas Ltd": (0, 0),
        "Upper Moutere Vineyard Ltd": (1, 0),
        "BuildRight Motueka": (0, 3),
        "Marlborough Oak Mill": (0, 0),
    }


def test_its_reporting_categories_are_tracking_options_of_xero(
    demo_world: World, workguru: WorkGuru, short_name: str
) -> None:
    categories = demo_world.organisation(short_name).records["TrackingCategories"]
    chosen = [
        choice
        for records in workguru.records.values()
        for record in records.values()
        for choice in record.get("reportingCategories") or []
    ]
    assert chosen
    for choice in chosen:
        options = {
            option["TrackingOptionID"]: option["Name"]
            for option in categories[choice["xeroTrackingCategoryId"]]["Options"]
        }
        assert choice["isNone"] or options[choice["xeroTrackingOptionId"]] == choice["optionName"]


def test_its_products_are_items_of_xero_but_for_two_new_ones(
    demo_world: World, workguru: WorkGuru, short_name: str
) -> None:
    items = {item["Code"] for item in demo_world.organisation(short_name).records["Items"].values()}
    products = {product["sku"] for product in workguru.records["products"].values()}
    assert products - items == (NEW_PRODUCTS if short_name == "harbour" else set())


@pytest.mark.parametrize("kind", LISTS)
def test_totals_are_the_lines_unless_the_file_says_otherwise(
    workguru: WorkGuru, kind: str, short_name: str
) -> None:
    differing = []
    for record in workguru.records[kind].values():
        amounts = [line.get("lineAmount", line.get("lineTotal")) for line in lines(record, kind)]
        taxes = [line["taxAmount"] for line in lines(record, kind)]
        total = sum(filter(None, [*amounts, *taxes]), Decimal())
        if record["total"] != total:
            differing.append(record.get("invoiceNumber") or record["number"])
    expected = {"invoices": ["WG-5259", "WG-5260"], "purchase_orders": ["PO-3142"]}
    assert differing == (expected.get(kind, []) if short_name == "harbour" else [])


def test_ids_are_unique_among_their_kind_only(workguru: WorkGuru) -> None:
    client, supplier = (workguru.records[f"{side}_credit_notes"] for side in ("client", "supplier"))
    assert set(client) & set(supplier)
    invoice_lines = [
        (name, line["id"])
        for record in workguru.records["invoices"].values()
        for name in LISTS["invoices"]
        for line in record[name]
    ]
    assert len(set(invoice_lines)) == len(invoice_lines)
    assert max(Counter(identity for _, identity in invoice_lines).values()) > 1


def test_the_readme_names_documents_that_exist(
    workguru: WorkGuru, sandbox_folder: Path, short_name: str
) -> None:
    readme = sandbox_folder / "organisations" / short_name / "workguru" / "README.md"
    named = set(NUMBER.findall(readme.read_text("utf-8")))
    assert named
    numbers = {
        record.get("invoiceNumber") or record.get("number")
        for records in workguru.records.values()
        for record in records.values()
    }
    uses = {row for row in named if row.startswith(("U-", "KU-"))}
    assert named - uses - numbers == set()


def test_a_change_moves_the_stamp_unless_it_is_hidden(demo_world: World) -> None:
    workguru = load_workguru(demo_world, demo_world.organisation("kowhai"))
    order = workguru.numbered("purchase_orders", "KPO-45")
    workguru.change("purchase_orders", order["id"], stamp=False, status="Invoiced")
    hidden = workguru.numbered("purchase_orders", "KPO-45")
    assert hidden["lastModificationTime"] == order["lastModificationTime"]
    workguru.change("purchase_orders", order["id"], status="Invoiced")
    shown = workguru.numbered("purchase_orders", "KPO-45")
    assert shown["lastModificationTime"] == demo_world.now()


def test_a_cell_that_refers_to_nothing_is_named(tmp_path: Path, sandbox_folder: Path) -> None:
    folder = tmp_path / "organisations" / "kowhai"
    original = sandbox_folder / "organisations" / "kowhai"
    for file in original.rglob("*.*"):
        copy = folder / file.relative_to(original)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text("utf-8")
        copy.write_text(text.replace("B-31,Moana", "B-99,Moana"), "utf-8")
    world = load_world(tmp_path)
    with pytest.raises(DemoDataError, match="there is no project 'B-31'"):
        load_workguru(world, world.organisation("kowhai"))
