"""The external keys that we set in Xero, and which lists find them.

Item: Code. Contact: ContactNumber; one may also be known by its account number or name, and is then
not ours. Sales document: its number, which Xero keeps unique. Bought document: supplier and number,
and our key in Url where we sent one. Journal: date, and `[key]` at the end of the narration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

LONGEST_QUERY = 3_000  # characters of one list or filter, encoded; servers take 4,000 and more
MOST_CODES = 40  # of items; for more the whole list, which is one call, is the shorter way
OURS = "key"

Record = Mapping[str, Any]
Queries = Callable[[Sequence[Record]], Iterator[Mapping[str, str]]]
Matches = Callable[[Record, Record], str | None]
"""(sent, held) to what it was found by, OURS for our key; None if it is another record."""

_NAMED_BY = {
    "items": ("Code",),
    "contacts": ("ContactNumber", "AccountNumber", "Name"),
    "invoices": ("InvoiceNumber",),
    "bills": ("InvoiceNumber",),
    "credit_notes": ("CreditNoteNumber",),
}
_KEY = re.compile(r"\[[^\[\]]+\]$")


# Items


def _item_queries(payloads: Sequence[Record]) -> Iterator[Mapping[str, str]]:
    codes = [f"Code=={_text(one['Code'])}" for one in payloads]
    return where(codes) if len(codes) <= MOST_CODES else iter(({},))


def _is_item(sent: Record, held: Record) -> str | None:
    return OURS if _folded(sent["Code"]) == _folded(held.get("Code")) else None


# Contacts


def _contact_queries(payloads: Sequence[Record]) -> Iterator[Mapping[str, str]]:
    clauses = [
        f"{name}=={_text(payload[name])}"
        for payload in payloads
        for name in ("ContactNumber", "AccountNumber", "Name")
        if payload.get(name)
    ]
    return where(clauses)


def _is_contact(sent: Record, held: Record) -> str | None:
    if _same(sent, held, "ContactNumber"):
        return OURS
    if held.get("ContactStatus") != "ACTIVE":
        return None  # an archived contact's name and account number are free
    names = {"AccountNumber": "account number", "Name": "name"}
    return next((how for name, how in names.items() if _same(sent, held, name)), None)


# Documents


def _sale_queries(payloads: Sequence[Record]) -> Iterator[Mapping[str, str]]:
    numbers = [one["InvoiceNumber"] for one in payloads]
    plain = [one for one in numbers if "," not in one]
    for part in parts(plain, ","):
        yield {"InvoiceNumbers": ",".join(part)}
    yield from where([f"InvoiceNumber=={_text(one)}" for one in numbers if "," in one])


def _is_sale(sent: Record, held: Record) -> str | None:
    is_it = held.get("Type") == "ACCREC" and _same(sent, held, "InvoiceNumber")
    return OURS if is_it else None


def _bill_queries(payloads: Sequence[Record]) -> Iterator[Mapping[str, str]]:
    # Numbers of bills are compared here: Xero does not promise that InvoiceNumbers finds them.
    contacts = list(dict.fromkeys(one["Contact"]["ContactID"] for one in payloads))
    for part in parts(contacts, ","):
        yield {"ContactIDs": ",".join(part), "where": 'Type=="ACCPAY"', "summaryOnly": "true"}


def _is_bill(sent: Record, held: Record) -> str | None:
    if held.get("Type") != "ACCPAY" or not _is_bought(sent, held, "InvoiceNumber"):
        return None
    return OURS if _url(sent) in ("", _url(held)) else "number and supplier"


def _url(record: Record) -> str:
    return (record.get("Url") or "").rstrip("/")


def _note_queries(payloads: Sequence[Record]) -> Iterator[Mapping[str, str]]:
    return where([f"CreditNoteNumber=={_text(one['CreditNoteNumber'])}" for one in payloads])


def _is_note(sent: Record, held: Record) -> str | None:
    if sent.get("Type") != held.get("Type"):
        return None
    number = "CreditNoteNumber"
    is_it = _same(sent, held, number) and (
        sent.get("Type") == "ACCRECCREDIT" or _is_bought(sent, held, number)
    )
    return OURS if is_it else None


def _journal_queries(payloads: Sequence[Record]) -> Iterator[Mapping[str, str]]:
    days = (map(int, one["Date"][:10].split("-")) for one in payloads)
    return where(["Date==DateTime({}, {}, {})".format(*day) for day in days])


def _is_journal(sent: Record, held: Record) -> str | None:
    key = _KEY.search((sent.get("Narration") or "").strip())
    narration = (held.get("Narration") or "").strip()
    return OURS if key and narration.endswith(key[0]) else None


BY_KEY: Mapping[str, tuple[Queries, Matches]] = {
    "items": (_item_queries, _is_item),
    "contacts": (_contact_queries, _is_contact),
    "invoices": (_sale_queries, _is_sale),
    "bills": (_bill_queries, _is_bill),
    "credit_notes": (_note_queries, _is_note),
    "manual_journals": (_journal_queries, _is_journal),
}


def tokens(entity: str, record: Record) -> set[str]:
    """Return what a record may be found by; two that `Matches` takes for one share a token."""
    if entity == "manual_journals":
        key = _KEY.search((record.get("Narration") or "").strip())
        return {key[0]} if key else set()
    return {folded for name in _NAMED_BY[entity] if (folded := _folded(record.get(name)))}


def is_findable(entity: str, payload: Record) -> bool:
    """Whether a payload has all that it is looked up by; one without must never be sent."""
    contact = payload.get("Contact") or {}
    needs_contact = entity == "bills" or payload.get("Type") == "ACCPAYCREDIT"
    return (
        bool(tokens(entity, payload))
        and (bool(contact.get("ContactID")) or not needs_contact)
        and (bool(payload.get("Date")) or entity != "manual_journals")
        and (bool(payload.get("ContactNumber")) or entity != "contacts")
    )


def _is_bought(sent: Record, held: Record, number: str) -> bool:
    supplier = (held.get("Contact") or {}).get("ContactID")
    is_theirs = _folded(sent["Contact"]["ContactID"]) == _folded(supplier)
    return is_theirs and _same(sent, held, number)


def _same(sent: Record, held: Record, name: str) -> bool:
    return bool(sent.get(name)) and _folded(sent[name]) == _folded(held.get(name))


def _folded(text: Any) -> str:
    return str(text or "").strip().casefold()


def _text(value: str) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def where(clauses: list[str]) -> Iterator[Mapping[str, str]]:
    """Yield filters that each hold some of the clauses."""
    for part in parts(list(dict.fromkeys(clauses)), " OR "):
        yield {"where": " OR ".join(part)}


def parts(texts: Iterable[str], between: str) -> Iterator[list[str]]:
    """Yield texts in parts that fit into one query string."""
    part: list[str] = []
    room = LONGEST_QUERY
    for text in texts:
        needs = len(quote_plus(text + between))
        if part and needs > room:
            yield part
            part, room = [], LONGEST_QUERY
        part.append(text)
        room -= needs
    if part:
        yield part
