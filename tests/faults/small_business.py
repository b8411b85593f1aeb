"""A small organisation that has something at every endpoint, and changes that may befall it.

Each change is of a record of its own and has a stamp of its own, later than all before, so that
whatever order things are read in, the versions that a complete reading ends with are known.
"""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from local_xero import START, Clock

from pipelines.sandbox.organisation import STAMP, Organisation
from pipelines.sandbox.record_kinds import UNSTAMPED
from pipelines.sandbox.world import World, load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"
INVOICES, BANK_TRANSACTIONS = 40, 20  # that are kept of those which nothing else names
APART = timedelta(minutes=2)  # further than what the extract reads twice


@dataclass(frozen=True)
class Change:
    """What somebody does to a record of an endpoint."""

    endpoint: str
    make: Callable[[Organisation], object]


def a_small_business(clock: Clock) -> World:
    """Load the demo organisation with the most endpoints, and drop most of its documents."""
    world = load_world(SANDBOX, only=["thistle"], clock=clock)
    (organisation,) = world.organisations.values()
    _thin_out(organisation, "Invoices", set(_free_invoices(organisation)), INVOICES)
    plain = organisation.records["BankTransactions"].items()
    free = {key for key, record in plain if record["Type"] in ("SPEND", "RECEIVE")}
    _thin_out(organisation, "BankTransactions", free, BANK_TRANSACTIONS)
    organisation._update_totals(set(organisation.records["Contacts"]))
    return world


def changes(organisation: Organisation, plan: int, *, hidden: bool) -> list[Change]:
    """Return the changes of a plan, in the order of their stamps; the same for the same plan."""
    chance = random.Random(f"changes/{plan}")
    held = organisation.records["Contacts"]
    # The first of their lists: where one of them moves to the end, all pages slide.
    contacts = [
        key
        for _, key in organisation.in_order("Contacts")
        if held[key]["ContactStatus"] == "ACTIVE"
    ]
    alone = set(_free_invoices(organisation))
    free = [key for _, key in organisation.in_order("Invoices") if key in alone]
    merged = {"ContactStatus": "ARCHIVED", "MergedToContactID": contacts[11]}
    made: list[_Stamped] = [
        *(_touched("Invoices", key, Reference=f"moved {key[:8]}") for key in free[:20]),
        *(_touched("Contacts", key, FirstName="Ailsa") for key in contacts[:10]),
        _touched("Contacts", contacts[10], **merged),
        *(_copied(organisation, key) for key in free[20:23]),
        *_one_of_each(organisation, chance),
        *(_vanished(organisation, endpoint, chance) for endpoint in VANISHING),
        _archived_option(organisation),
    ]
    if hidden:
        made += [_recoded(organisation, key) for key in free[24:28]]
        made += [_due_later(organisation, key) for key in free[28:30]]
    chance.shuffle(made)
    stamps = (START + APART * number for number in itertools.count(1))
    return [make(next(stamps)) for make in made[: chance.choice([15, 99])]]


_Stamped = Callable[[datetime], Change]
VANISHING = ("RepeatingInvoices", "LinkedTransactions", "BrandingThemes")
TEXTS = {
    "Accounts": "Description",
    "BankTransactions": "Reference",
    "CreditNotes": "Reference",
    "ManualJournals": "Narration",
    "Overpayments": "Reference",
    "Prepayments": "Reference",
    "PurchaseOrders": "Reference",
    "Quotes": "Reference",
}
"""A text of a record of each endpoint that no other record repeats."""


def _free_invoices(organisation: Organisation) -> Iterator[str]:
    """Yield the paid invoices that nothing but their own payments belongs to."""
    linked = {one["SourceTransactionID"] for one in _all(organisation, "LinkedTransactions")}
    linked |= {one.get("TargetTransactionID") for one in _all(organisation, "LinkedTransactions")}
    for key, document in organisation.documents["Invoices"].items():
        alone = not document.allocations and not any(one.batch_id for one in document.payments)
        if alone and document.status == "PAID" and key not in linked:
            yield key


def _all(organisation: Organisation, endpoint: str) -> Iterable[Mapping[str, Any]]:
    return organisation.records[endpoint].values()


def _thin_out(organisation: Organisation, endpoint: str, free: Iterable[str], keep: int) -> None:
    held: Any = organisation.documents.get(endpoint) or organisation._configuration[endpoint]
    for key in sorted(free)[keep:]:
        del held[key]
    organisation.version += 1


def _touched(endpoint: str, key: str, **fields: Any) -> _Stamped:
    def at(stamp: datetime) -> Change:
        stamped: dict[str, Any] = {} if endpoint in UNSTAMPED else {STAMP: stamp}
        return Change(endpoint, lambda held: held.change(endpoint, key, **fields, **stamped))

    return at


def _one_of_each(organisation: Organisation, chance: random.Random) -> Iterator[_Stamped]:
    for endpoint, field in TEXTS.items():
        records = organisation.records[endpoint].items()
        plain = sorted(key for key, one in records if "-" not in one.get("Type", ""))
        key = chance.choice(plain or sorted(organisation.records[endpoint]))
        yield _touched(endpoint, key, **{field: "put right"})


def _copied(organisation: Organisation, key: str) -> _Stamped:
    """Add a draft like an invoice."""
    new = str(uuid.uuid5(uuid.UUID(key), "copy"))

    def at(stamp: datetime) -> Change:
        def add(held: Organisation) -> None:
            record = {**held.records["Invoices"][key], "Payments": [], STAMP: stamp}
            lines = [{**line, "LineItemID": None} for line in record["LineItems"]]
            record |= {"InvoiceID": new, "InvoiceNumber": f"N-{new[:6]}", "Status": "DRAFT"}
            held.add("Invoices", {**record, "LineItems": lines})

        return Change("Invoices", add)

    return at


def _vanished(organisation: Organisation, endpoint: str, chance: random.Random) -> _Stamped:
    key = chance.choice(sorted(organisation.records[endpoint]))
    return lambda _: Change(endpoint, lambda held: held.remove(endpoint, key))


def _archived_option(organisation: Organisation) -> _Stamped:
    key, category = min(organisation.records["TrackingCategories"].items())
    options = [{**one, "Status": "ARCHIVED"} for one in category["Options"]]
    return _touched("TrackingCategories", key, Options=options)


def _recoded(organisation: Organisation, key: str) -> _Stamped:
    """Put the first line of an invoice on another account; its stamp stays, as in Xero."""
    lines = [dict(line) for line in organisation.records["Invoices"][key]["LineItems"]]
    revenue = sorted(
        one["Code"]
        for one in _all(organisation, "Accounts")
        if one.get("Class") == "REVENUE" and one["Status"] == "ACTIVE"
    )
    lines[0]["AccountCode"] = next(code for code in revenue if code != lines[0].get("AccountCode"))
    lines[0].pop("AccountID", None)

    def recode(held: Organisation) -> None:
        held.change("Invoices", key, stamp=False, LineItems=lines)

    return lambda _: Change("Invoices", recode)


def _due_later(organisation: Organisation, key: str) -> _Stamped:
    due = organisation.records["Invoices"][key]["Date"] + timedelta(days=45)

    def move(held: Organisation) -> None:
        held.change("Invoices", key, stamp=False, DueDate=due)

    return lambda _: Change("Invoices", move)
