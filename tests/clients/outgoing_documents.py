"""Outgoing documents as the coding marts state them, and as elements of a write to Xero.

    for document in outgoing_documents(demo.rows):
        outcome = send_one(writer, document, element_of(document, "DRAFT"))

An element carries nothing that the marts do not say: tax only on what is bought, because the
supplier's own tax stands, while Xero works out that of a sale.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xero_writes import Outcome, XeroWriter, outcomes_of

Rows = Callable[[str], list[tuple[Any, ...]]]
Row = Mapping[str, Any]
NOT_SENT = frozenset({"CLEARING"})
TYPES = {
    ("invoice", "sales"): ("Invoices", "ACCREC"),
    ("purchase", "purchases"): ("Invoices", "ACCPAY"),
    ("credit_note", "sales"): ("CreditNotes", "ACCRECCREDIT"),
    ("credit_note", "purchases"): ("CreditNotes", "ACCPAYCREDIT"),
}
_KEY = ("tenant_id", "source_system", "document_type", "document_id")
_DOCUMENT = (
    *(*_KEY, "side", "document_number", "contact_id", "document_date", "due_date"),
    *("currency_code", "currency_rate", "line_amount_type", "xero_total", "rounding_amount"),
    *("is_in_locked_period", "is_blocked", "is_sendable"),
)
_LINE = (
    *(*_KEY, "line_id", "line_number", "role", "item_id", "item_code", "description"),
    *("quantity", "unit_amount", "discount_rate", "discount_amount", "line_amount", "tax_amount"),
    *("account_id", "account_code", "tax_type", "tracking_option_id_2", "tracking_option_id_3"),
)


@dataclass(frozen=True)
class OutgoingDocument:
    """One document with its lines, in the columns of the marts.

    `findings` are the rules that block or hold it; `categories` gives the tracking category of each
    option; `stated_codes` the account code that was asked for, by line, where it is no account.
    """

    row: Row
    lines: tuple[Row, ...]
    findings: frozenset[str]
    categories: Mapping[str, str]
    stated_codes: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.row['source_system']} {self.kind} {self.row['document_number']}"

    @property
    def kind(self) -> str:
        """Its type in words that tell sales and purchases apart."""
        return f"{self.row['side']} {self.row['document_type']}"

    @property
    def endpoint(self) -> str:
        """Where it is written; what is no invoice and no credit note is a journal."""
        kind = (self.row["document_type"], self.row["side"])
        return TYPES.get(kind, ("ManualJournals", ""))[0]

    @property
    def total(self) -> Decimal:
        """What Xero should make of it: its own total, with the line that mends it."""
        return self.row["xero_total"] + self.row["rounding_amount"]


def outgoing_documents(rows: Rows) -> list[OutgoingDocument]:
    """Return every document that is due, not sent and not skipped; a month's journal, if any."""
    due = "is_due and not is_sent and not is_skipped"
    documents = _read(rows, "coding.documents", _DOCUMENT, due)
    lines = _by_document(_read(rows, "coding.document_lines", _LINE))
    is_stopping = "severity in ('block', 'hold')"
    findings = _by_document(_read(rows, "coding.exceptions", (*_KEY, "rule"), is_stopping))
    options = ("tracking_option_id", "tracking_category_id")
    categories = {
        row[options[0]]: row[options[1]]
        for row in _read(rows, "staging.stg_xero__tracking_options", options)
    }
    stated = _by_document(
        _read(
            rows,
            "coding.line_candidates",
            (*_KEY, "line_id", "value"),
            "attribute = 'account' and is_winner and status = 'unknown'",
        )
    )
    return [
        OutgoingDocument(
            document,
            tuple(
                line
                for line in sorted(lines[_key(document)], key=lambda line: line["line_number"])
                if line["role"] not in NOT_SENT
            ),
            frozenset(finding["rule"] for finding in findings[_key(document)]),
            categories,
            {one["line_id"]: one["value"] for one in stated[_key(document)]},
        )
        for document in documents
    ]


def element_of(document: OutgoingDocument, status: str) -> dict[str, Any]:
    """Return the element that writes a document with this status."""
    row = document.row
    if document.endpoint == "ManualJournals":
        return _stated(
            Narration=row["document_number"],
            Date=_day(row["document_date"]),
            LineAmountTypes=row["line_amount_type"],
            Status=status,
            JournalLines=[_journal_line(document, line) for line in document.lines],
        )
    endpoint, kind = TYPES[row["document_type"], row["side"]]
    number = "CreditNoteNumber" if endpoint == "CreditNotes" else "InvoiceNumber"
    return _stated(
        Type=kind,
        Status=status,
        Contact={"ContactID": row["contact_id"]} if row["contact_id"] else None,
        **{number: row["document_number"]},
        Date=_day(row["document_date"]),
        DueDate=_day(row["due_date"]),
        CurrencyCode=row["currency_code"],
        CurrencyRate=row["currency_rate"],
        LineAmountTypes=row["line_amount_type"],
        LineItems=[_line_item(document, line) for line in document.lines],
    )


def send_one(writer: XeroWriter, document: OutgoingDocument, element: Row) -> Outcome:
    """Create one document; a call that fails as a whole is a refusal with the answer's text."""
    query: dict[str, Any] = {"summarizeErrors": "false"}
    if document.endpoint != "ManualJournals":
        query["unitdp"] = 4
    body = {document.endpoint: [element]}
    answer = writer.call("PUT", document.endpoint, body, **query)
    if answer.status_code != 200:
        return Outcome("ERROR", [f"{answer.status_code} {answer.text}"], [], {})
    (outcome,) = outcomes_of(answer, document.endpoint)
    return outcome


def read_back(writer: XeroWriter, document: OutgoingDocument, outcome: Outcome) -> Row:
    """Return the document as Xero shows it afterwards; nothing of one that was refused."""
    if not outcome.is_saved:
        return {}
    identity = outcome.record[f"{document.endpoint.removesuffix('s')}ID"]
    (record,) = writer.get(f"{document.endpoint}/{identity}", unitdp=4)
    return record


def options_of(line: Row) -> list[str]:
    """Return the tracking options of a line."""
    options = (line["tracking_option_id_2"], line["tracking_option_id_3"])
    return [option for option in options if option is not None]


def _line_item(document: OutgoingDocument, line: Row) -> dict[str, Any]:
    if line["role"] == "TEXT":
        return _stated(Description=line["description"])
    is_bought = document.row["side"] == "purchases"
    return _stated(
        Description=line["description"],
        ItemCode=line["item_code"] if line["item_id"] else None,
        Quantity=line["quantity"],
        UnitAmount=line["unit_amount"],
        DiscountRate=line["discount_rate"],
        DiscountAmount=line["discount_amount"],
        LineAmount=line["line_amount"],
        TaxAmount=line["tax_amount"] if is_bought else None,
        AccountCode=line["account_code"] or document.stated_codes.get(line["line_id"]),
        TaxType=line["tax_type"],
        Tracking=_tracking(document, line),
    )


def _journal_line(document: OutgoingDocument, line: Row) -> dict[str, Any]:
    return _stated(
        Description=line["description"],
        LineAmount=line["line_amount"],
        AccountCode=line["account_code"],
        TaxType=line["tax_type"],
        Tracking=_tracking(document, line),
    )


def _tracking(document: OutgoingDocument, line: Row) -> list[dict[str, str]]:
    return [
        {"TrackingCategoryID": document.categories[option], "TrackingOptionID": option}
        for option in options_of(line)
    ]


def _stated(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in _KEY)


def _by_document(found: list[Row]) -> dict[tuple[str, ...], list[Row]]:
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in found:
        grouped[_key(row)].append(row)
    return grouped


def _read(rows: Rows, table: str, columns: tuple[str, ...], where: str = "true") -> list[Row]:
    query = f"select {', '.join(columns)} from {table} where {where}"  # noqa: S608
    return [dict(zip(columns, row, strict=True)) for row in rows(query)]
