"""Large worlds out of small files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pipelines.sandbox.world import World, load_world


def fingerprint(world: World) -> dict[str, list]:
    return {
        organisation.short_name: [
            organisation.in_order(endpoint) for endpoint in ("Invoices", "CreditNotes", "Contacts")
        ]
        for organisation in world.organisations.values()
    }


def test_two_loads_are_the_same_world(sandbox_folder: Path, demo_world: World) -> None:
    assert fingerprint(load_world(sandbox_folder)) == fingerprint(demo_world)


def test_a_scaled_world_holds_the_small_one_and_its_copies(
    sandbox_folder: Path, demo_world: World
) -> None:
    small = demo_world.organisation("thistle")
    large = load_world(sandbox_folder, scale=3, only=["thistle"]).organisation("thistle")
    again = load_world(sandbox_folder, scale=3, only=["thistle"]).organisation("thistle")
    for endpoint, held in small.records.items():
        # A payment stands in for an advance, and the journals follow from everything.
        if endpoint in ("Payments", "Journals"):
            continue
        factor = 3 if endpoint in ("Invoices", "CreditNotes") else 1
        assert len(large.records[endpoint]) == factor * len(held)
        assert set(held) <= set(large.records[endpoint])
        assert large.in_order(endpoint) == again.in_order(endpoint)
    assert large.books.revenue() == {
        key: 3 * amount for key, amount in small.books.revenue().items()
    }


def test_a_copy_has_its_own_ids_and_settles_with_copies(sandbox_folder: Path) -> None:
    world = load_world(sandbox_folder, scale=2, only=["harbour"])
    harbour = world.organisation("harbour")
    notes, invoices = harbour.records["CreditNotes"], harbour.records["Invoices"]
    copies = [note for note in notes.values() if note["CreditNoteNumber"].endswith("-2")]
    assert copies
    for note in copies:
        for allocation in note["Allocations"]:
            invoice = invoices[allocation["Invoice"]["InvoiceID"]]
            applied = [entry["CreditNoteID"] for entry in invoice["CreditNotes"]]
            assert note["CreditNoteID"] in applied
    line_ids = [line["LineItemID"] for held in invoices.values() for line in held["LineItems"]]
    assert len(line_ids) == len(set(line_ids))
    numbers = [held["InvoiceNumber"] for held in invoices.values() if held["Type"] == "ACCREC"]
    assert len(numbers) == len(set(numbers))


def test_a_benchmark_world_has_the_asked_documents_and_lines(sandbox_folder: Path) -> None:
    world = load_world(sandbox_folder, documents=1500, lines=5, only=["harbour"])
    harbour = world.organisation("harbour")
    assert len(harbour.records["Invoices"]) == 1500
    assert len(harbour.records["CreditNotes"]) == 0
    assert {len(document.lines) for document in harbour.documents["Invoices"].values()} == {5}
    for document in harbour.documents["Invoices"].values():
        assert (document.status == "PAID") <= (document.due == 0)
    assert sum(posting.amount_base for posting in harbour.books.postings) == Decimal(0)


def test_no_documents_leaves_configuration_and_contacts(sandbox_folder: Path) -> None:
    harbour = load_world(sandbox_folder, documents=0).organisation("harbour")
    assert not harbour.records["Invoices"]
    assert not harbour.records["CreditNotes"]
    assert not harbour.books.postings
    assert len(harbour.records["Contacts"]) > 60
