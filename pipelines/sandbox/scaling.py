"""Multiplies an organisation's documents, so that a few files stand for a large organisation.

Deterministic: copy number k of a document has an id and a number that follow from the original's,
the same dates, lines and status, and a change stamp k seconds later. Copies share their lines. What
an advance settled of the original, a payment settles of the copy: advances are not multiplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice

from pipelines.sandbox.documents import Body, Document, Line, Payment
from pipelines.sandbox.ledger_files import Documents
from pipelines.sandbox.tables import derived_id


def scaled(documents: Documents, scale: int) -> Documents:
    """Return `scale` of each document: the original and its copies."""
    if scale < 1:
        raise ValueError("the scale is 1 or more")
    return {
        endpoint: {
            copied.document_id: copied
            for copy in range(1, scale + 1)
            for copied in (_copy(document, copy) for document in held.values())
        }
        for endpoint, held in documents.items()
    }


def exactly(
    documents: Documents, count: int, lines: int, tax_rates: Mapping[str, Decimal]
) -> Documents:
    """Return `count` invoices and bills of exactly `lines` lines each, and no credit notes.

    Each original lends its heading; its lines are filled up with those of the documents after it.
    """
    originals = list(documents["Invoices"].values())
    every_line = {
        sale: [line for held in originals if (held.type == "ACCREC") == sale for line in held.lines]
        for sale in (True, False)
    }
    pools = {
        sale: cycle(line for line in pool if line.account_id) for sale, pool in every_line.items()
    }
    filled = [
        _filled(document, list(islice(pools[document.type == "ACCREC"], lines)), tax_rates)
        for document in islice(originals, count)
    ]
    chosen = islice(_copies(filled), count)
    return {"Invoices": {document.document_id: document for document in chosen}, "CreditNotes": {}}


def _filled(document: Document, lines: list[Line], tax_rates: Mapping[str, Decimal]) -> Document:
    body = Body.of(document.line_amount_types, lines, tax_rates)
    whole = replace(document, body=body, payments=(), allocations=())
    if document.status != "PAID":
        return whole
    paid_on = max((payment.date for payment in document.payments), default=document.date)
    return replace(whole, payments=(Payment(paid_on, body.total),))


def _copies(documents: list[Document]) -> Iterator[Document]:
    copy = 1
    while documents:
        yield from (_copy(document, copy) for document in documents)
        copy += 1


def _copy_id(identity: str, copy: int) -> str:
    return identity if copy == 1 else derived_id(identity, f"copy/{copy}")


def _copy_number(number: str, copy: int) -> str:
    return number if copy == 1 or not number else f"{number}-{copy}"


def _copy(document: Document, copy: int) -> Document:
    if copy == 1:
        return document
    credits_ = [one for one in document.allocations if one.kind == "CreditNotes"]
    advances = [one for one in document.allocations if one.kind != "CreditNotes"]
    return replace(
        document,
        document_id=_copy_id(document.document_id, copy),
        number=_copy_number(document.number, copy),
        updated_at=document.updated_at + timedelta(seconds=copy),
        payments=(
            *(replace(payment, batch_id=None) for payment in document.payments),
            *(Payment(one.date, one.amount) for one in advances),
        ),
        allocations=tuple(
            replace(
                allocation,
                partner_id=_copy_id(allocation.partner_id, copy),
                partner_number=_copy_number(allocation.partner_number, copy),
            )
            for allocation in credits_
        ),
    )
