"""The currency of a document and its rate: foreign units for one of the base currency."""

from __future__ import annotations

from decimal import Decimal

from pipelines.sandbox.documents import Document
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, WriteCall
from pipelines.sandbox.write_contacts import ContactChoice


def choose_currency(
    given: Given,
    contact: ContactChoice | None,
    previous: Document | None,
    call: WriteCall,
    found: Findings,
) -> tuple[str, Decimal]:
    """Return currency and rate; a missing rate is that of the latest document in the currency."""
    base = call.organisation.base_currency
    of_contact = contact.record.get("DefaultCurrency") if contact else None
    kept = previous.currency if previous else of_contact or base
    currency = given.text("CurrencyCode") or kept
    if currency != base and currency not in subscribed(call):
        found.refuse(f"Organisation is not subscribed to currency {currency}")
    sent = given.number("CurrencyRate")
    if currency == base or (sent is not None and sent <= 0):
        return currency, Decimal("1.000000")
    if sent is not None:
        return currency, sent.quantize(Decimal("0.000001"))
    if previous is not None and previous.currency == currency:
        return currency, previous.rate
    same = [
        document
        for held in call.organisation.documents.values()
        for document in held.values()
        if document.currency == currency
    ]
    latest = max(same, key=lambda document: document.date, default=None)
    return currency, latest.rate if latest else Decimal("1.000000")


def subscribed(call: WriteCall) -> frozenset[str]:
    """Return the currencies that the organisation may use; the base currency always is."""
    if call.rules.currencies is not None:
        return call.rules.currencies
    organisation = call.organisation
    accounts = organisation.records["Accounts"].values()
    contacts = organisation.records["Contacts"].values()
    documents = (one for held in organisation.documents.values() for one in held.values())
    return frozenset(
        {
            *(account["CurrencyCode"] for account in accounts if account.get("CurrencyCode")),
            *(contact["DefaultCurrency"] for contact in contacts if contact.get("DefaultCurrency")),
            *(document.currency for document in documents),
        }
    )
