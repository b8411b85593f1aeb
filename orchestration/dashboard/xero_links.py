"""Addresses of records in Xero, for people: a link opens the record in the right organisation.

The forms are those of Xero's own deep links (developer.xero.com, "Deep link into Xero"); the short
code is what the Organisation endpoint gives.
"""

from __future__ import annotations

from urllib.parse import quote

XERO = "https://go.xero.com"
_PATHS = {
    "invoice": "/AccountsReceivable/View.aspx?InvoiceID={}",
    "credit_note": "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID={}",
    "bill": "/AccountsPayable/View.aspx?InvoiceID={}",
    "bill_credit_note": "/AccountsPayable/ViewCreditNote.aspx?creditNoteID={}",
    "bank_transaction": "/Bank/ViewTransaction.aspx?bankTransactionID={}",
    "prepayment": "/Bank/ViewTransaction.aspx?bankTransactionID={}",
    "overpayment": "/Bank/ViewTransaction.aspx?bankTransactionID={}",
    "manual_journal": "/Journal/View.aspx?invoiceID={}",
    "contact": "/Contacts/View/{}",
}


def xero_link(short_code: str | None, kind: str | None, record_id: str | None) -> str | None:
    """Return the address of a record; None for a kind that has no page of its own."""
    if kind not in _PATHS or not record_id:
        return None
    path = _PATHS[kind].format(quote(record_id, safe=""))
    if not short_code:
        return f"{XERO}{path}"
    query = f"shortcode={quote(short_code, safe='')}&redirecturl={quote(path, safe='')}"
    return f"{XERO}/organisationlogin/default.aspx?{query}"
