"""Numbers of documents: unique for sales invoices and sales credit notes, free for what is bought.

A number of a VOIDED or DELETED document may be used again. A missing number of a sales document is
the next of its series (INV-…, CN-…).
"""

from __future__ import annotations

import re

from pipelines.sandbox.document_records import NUMBER_FIELDS
from pipelines.sandbox.documents import SALES, Document
from pipelines.sandbox.write_call import Findings, WriteCall

NOT_UNIQUE = "Invoice # must be unique."
MAX_LENGTH = 255
_SERIES = {"Invoices": "INV-", "CreditNotes": "CN-"}


def choose_number(
    sent: str | None, kind: str, previous: Document | None, call: WriteCall, found: Findings
) -> str:
    """Return the number of a document of this type, or say why it cannot have it."""
    if not sent:
        if previous is not None:
            return previous.number
        return next_number(call) if kind in SALES else ""
    if len(sent) > MAX_LENGTH:
        field = NUMBER_FIELDS[call.resource.name]
        found.refuse(f"{field} is longer than {MAX_LENGTH} characters.")
    if kind in SALES:
        other = call.numbered(sent)
        if other is not None and (previous is None or other.document_id != previous.document_id):
            found.refuse(NOT_UNIQUE)
    return sent


def next_number(call: WriteCall) -> str:
    """Return the number after the highest of the series."""
    prefix = _SERIES[call.resource.name]
    pattern = re.compile(re.escape(prefix) + r"(\d{1,12})")
    numbers = [
        matched[1]
        for document in call.organisation.documents[call.resource.name].values()
        if document.type in SALES and (matched := pattern.fullmatch(document.number))
    ]
    latest = max(numbers, key=int, default="0000")
    return f"{prefix}{int(latest) + 1:0{len(latest)}d}"
