"""Invoices, bills and credit notes that are written over the API: checked, then saved.

An element that is refused changes nothing. An update keeps what it does not mention, but replaces
the whole set of lines where it sends lines.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from pipelines.sandbox.answers import NOT_FOUND, ApiError
from pipelines.sandbox.document_records import ID_FIELDS, NUMBER_FIELDS
from pipelines.sandbox.documents import GONE, SALES, ZERO, Body, Document
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, Outcome, WriteCall
from pipelines.sandbox.write_contacts import ContactChoice, choose_contact
from pipelines.sandbox.write_currencies import choose_currency
from pipelines.sandbox.write_lines import Heading, read_lines
from pipelines.sandbox.write_numbers import NOT_UNIQUE, choose_number
from pipelines.sandbox.write_status import (
    DOCUMENT_STATUSES,
    HAS_PAYMENTS,
    check_lock_dates,
    check_settled,
    check_status,
    is_settled,
)
from pipelines.sandbox.write_stock import move_stock, settle_stock

TYPES = {"Invoices": ("ACCREC", "ACCPAY"), "CreditNotes": ("ACCRECCREDIT", "ACCPAYCREDIT")}
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
BASES = ("Exclusive", "Inclusive", "NoTax")
_APPROVED = frozenset({"AUTHORISED", "PAID"})
_EXTRA_DATES = ("ExpectedPaymentDate", "PlannedPaymentDate")


def write_document(given: Given, call: WriteCall) -> Outcome:
    """Create or update one document, unless something is wrong with it.

    Raises:
        ApiError: The request as a whole cannot be answered (404 for an unknown id in the path,
            400 for what cannot be read, 500 for tracking that Xero falls over).
    """
    found = Findings()
    previous = _previous(given, call, found)
    former = previous.status if previous else ""
    status = given.choice("Status", STATUSES) or former or "DRAFT"
    if found.errors:
        return Outcome(given.fields, None, found)
    if not check_status(DOCUMENT_STATUSES, former, status, call, found):
        if previous is not None and is_settled(previous):
            found.refuse(HAS_PAYMENTS)
        return Outcome(given.fields, None, found)
    if previous is not None and status in GONE:
        document, contact = replace(previous, status=status), None
    else:
        document, contact = _read(given, status, previous, call, found)
    if document is None:
        return Outcome(given.fields, None, found)
    _check(document, previous, call, found)
    document = move_stock(document, previous, call, found)
    if found.errors:
        return Outcome(given.fields, None, found)
    if contact is not None:
        contact.save(call)
    settle_stock(document, previous, call)
    if previous is None:
        call.organisation.made_by_api.add(document.document_id)
    call.remember_number(document)
    return Outcome(given.fields, call.organisation.save(document), found)


def _previous(given: Given, call: WriteCall, found: Findings) -> Document | None:
    """Return the document that an element updates; None for a new one."""
    endpoint = call.resource.name
    held = call.organisation.documents[endpoint]
    if call.key:
        document = held.get(call.key.lower()) or call.numbered(call.key)
        if document is None:
            raise ApiError(404, text=NOT_FOUND)
        return document
    identity = given.text(ID_FIELDS[endpoint])
    if identity:
        document = held.get(identity.lower())
        if document is None:
            noun = "Credit Note" if endpoint == "CreditNotes" else "Invoice"
            field = ID_FIELDS[endpoint]
            found.refuse(f"An existing {noun} with the specified {field} could not be found")
        elif call.creates_only:
            found.refuse(f"{call.noun} not of valid status for creation")
        return document
    number = given.text(NUMBER_FIELDS[endpoint])
    is_sale = given.choice("Type", TYPES[endpoint]) in (None, *SALES)
    document = call.numbered(number) if number and is_sale else None
    if document is not None and call.creates_only:
        found.refuse(NOT_UNIQUE)
    return document


def _read(
    given: Given, status: str, previous: Document | None, call: WriteCall, found: Findings
) -> tuple[Document | None, ContactChoice | None]:
    """Return the document as it is to be, and its contact; None if it cannot be worked out."""
    endpoint, organisation = call.resource.name, call.organisation
    day, due = given.day("Date"), given.day("DueDate")
    kind = given.choice("Type", TYPES[endpoint]) or (previous.type if previous else None)
    if kind is None or (previous is not None and kind != previous.type):
        found.refuse(f"The Type of {endpoint} must be one of {', '.join(TYPES[endpoint])}.")
        return None, None
    contact = choose_contact(
        given.object("Contact"), call, previous.contact_id if previous else None, found
    )
    basis = given.choice("LineAmountTypes", BASES) or (
        previous.line_amount_types if previous else "Exclusive"
    )
    heading = Heading(
        type=kind,
        line_amount_types=basis,
        is_final=status in ("SUBMITTED", *_APPROVED),
        is_approved=status in _APPROVED,
        contact=contact.record if contact else {},
    )
    lines = read_lines(given.objects("LineItems"), heading, call, previous, found)
    number = choose_number(given.text(NUMBER_FIELDS[endpoint]), kind, previous, call, found)
    currency, rate = choose_currency(given, contact, previous, call, found)
    if contact is None:
        return None, None
    document = previous or Document(
        endpoint=endpoint,
        document_id=str(uuid.uuid4()),
        type=kind,
        number=number,
        contact_id=contact.contact_id,
        date=call.today,
        status=status,
        currency=currency,
        rate=rate,
        updated_at=call.now,
        body=Body.of(basis, (), {}),
    )
    changed = replace(
        document,
        number=number,
        contact_id=contact.contact_id,
        date=day or document.date,
        due_date=due or document.due_date or _due(status, day or document.date, endpoint),
        status=status,
        currency=currency,
        rate=rate,
        body=Body.of(basis, lines, organisation.tax_percentages),
        extra={**document.extra, **_extra(given)},
        **_texts(given, document),
    )
    if changed.status == "AUTHORISED" and not changed.body.total:
        changed = replace(changed, status="PAID")  # nothing is owed
    return changed, contact


def _due(status: str, day: date, endpoint: str) -> date | None:
    """A final invoice without a due date is due on its own date."""
    return day if endpoint == "Invoices" and status in ("SUBMITTED", *_APPROVED) else None


def _texts(given: Given, document: Document) -> dict[str, Any]:
    """Return reference (of sales only), link and whether it was sent (only once approved)."""
    texts: dict[str, Any] = {}
    reference, url, sent = given.text("Reference"), given.text("Url"), given.flag("SentToContact")
    if reference is not None and document.type in SALES:
        texts["reference"] = reference
    if url is not None and document.endpoint == "Invoices":
        texts["url"] = url
    if sent is not None and document.type == "ACCREC":
        texts["sent"] = sent
    return texts


def _extra(given: Given) -> dict[str, Any]:
    fields: dict[str, Any] = {name: given.day(name) for name in _EXTRA_DATES if given.has(name)}
    if given.has("BrandingThemeID"):
        fields["BrandingThemeID"] = given.text("BrandingThemeID")
    return fields


def _check(document: Document, previous: Document | None, call: WriteCall, found: Findings) -> None:
    """Check the document as a whole: total, payments, lock dates."""
    if document.body.total < ZERO and not found.errors:
        found.refuse("The Total for this document must be greater than or equal to zero.")
    if previous is not None:
        check_settled(document, previous, call, found)
    posted = [one.date for one in (document, previous) if one is not None and one.is_posted]
    if posted and not found.errors:
        check_lock_dates(call, found, *posted)
