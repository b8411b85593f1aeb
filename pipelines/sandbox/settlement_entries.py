"""What payments and applied credits post: bank, the balance they clear, the realised currency gain.

A receipt at another rate than its document's realises the difference on its date; so does a credit
that was given at another rate than the invoice it is applied to. A prepayment's lines and tax are
reversed in proportion when it is applied or refunded; an overpayment stands on receivables or
payables from the start.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.sandbox.advance_entries import ADVANCES, advance_sides, reversed_sides
from pipelines.sandbox.clearing import Cleared, Settlement, allocation_key, cleared, of_document
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import payment_id
from pipelines.sandbox.documents import CREDITS, SALES, ZERO, Document, Payment, to_cents
from pipelines.sandbox.money_records import bank_amount
from pipelines.sandbox.postings import Journal, Side, Sides, to_base, total

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

Accounts = Mapping[str, str]
Entries = Iterator[tuple[Journal, Sides]]


def settlement_entries(organisation: Organisation, system: Accounts) -> Entries:
    """Yield payments on documents, credit notes applied, and what becomes of advances."""
    documents = [
        document
        for held in organisation.documents.values()
        for document in held.values()
        if document.is_posted and (document.payments or document.allocations)
    ]
    clears = {document.document_id: of_document(document) for document in documents}
    for document in documents:
        clearing = clears[document.document_id]
        for position, payment in enumerate(document.payments):
            if payment.is_live:
                key = payment_id(document.document_id, position, payment)
                control = _control(document, system, clearing[key], -payment.amount, organisation)
                sign = _sign(document)
                sides = [_bank(payment, document.rate, sign, organisation), control]
                settled = document.type, document.document_id
                yield (
                    Journal(key, payment.date, "PAYMENT", document.contact_id, settles=settled),
                    _with_gain(sides, system),
                )
        if document.type in CREDITS:
            yield from _applied(document, clears, organisation, system)
    for endpoint in ADVANCES:
        for record in organisation.records[endpoint].values():
            if record["Status"] in ("AUTHORISED", "PAID"):
                yield from _of_advance(endpoint, record, clears, organisation, system)


def _applied(
    credit: Document,
    clears: Mapping[str, Mapping[Hashable, Cleared]],
    organisation: Organisation,
    system: Accounts,
) -> Entries:
    for position, one in enumerate(credit.allocations):
        invoice = organisation.documents["Invoices"].get(one.partner_id)
        key = allocation_key(credit.document_id, one.partner_id, one.date, one.amount)
        if invoice is None or key not in clears.get(one.partner_id, {}):
            continue
        sides = [
            _control(document, system, clears[document.document_id][key], -one.amount, organisation)
            for document in (credit, invoice)
        ]
        heading = Journal(
            f"{credit.document_id}/{position}",
            one.date,
            "ALLOCATION",
            credit.contact_id,
            settles=(credit.type, credit.document_id),
        )
        yield heading, _with_gain(sides, system)


def _of_advance(
    endpoint: str,
    record: Record,
    clears: Mapping[str, Mapping[Hashable, Cleared]],
    organisation: Organisation,
    system: Accounts,
) -> Entries:
    identity = record[f"{endpoint.removesuffix('s')}ID"]
    sign = 1 if record["Type"].startswith("RECEIVE") else -1
    contact_id, rate = record["Contact"]["ContactID"], record["CurrencyRate"]
    settled = record["Type"], identity
    live = [one for one in record["Allocations"] if not one["IsDeleted"]]
    refunds = [
        (payment_id(identity, position, payment), payment)
        for position, payment in enumerate(organisation.refunds.get(identity, ()))
        if payment.is_live
    ]
    clearing = cleared(
        record["Total"],
        rate,
        [
            *(Settlement(one["AllocationID"], one["Date"], one["Amount"]) for one in live),
            *(Settlement(key, payment.date, payment.amount) for key, payment in refunds),
        ],
    )
    posted = advance_sides(endpoint, record, organisation, system)
    back = reversed_sides(posted, clearing, system, sign)
    invoices = organisation.documents["Invoices"]
    for one in live:
        invoice_id = one["Invoice"]["InvoiceID"]
        key = allocation_key(identity, invoice_id, one["Date"], one["Amount"])
        found = clears.get(invoice_id, {}).get(key)
        if found is not None:
            invoice = invoices[invoice_id]
            other = _control(invoice, system, found, -one["Amount"], organisation)
            heading = Journal(
                one["AllocationID"], one["Date"], "ALLOCATION", contact_id, settles=settled
            )
            yield heading, _with_gain([*back[one["AllocationID"]], other], system)
    for key, payment in refunds:
        bank = _bank(payment, rate, -sign, organisation)
        yield (
            Journal(key, payment.date, "PAYMENT", contact_id, settles=settled),
            _with_gain([*back[key], bank], system),
        )


def _sign(document: Document) -> int:
    """Return 1 where money comes in: sales invoices, and credit notes of suppliers."""
    return 1 if (document.type in SALES) != (document.type in CREDITS) else -1


def _control(
    document: Document,
    system: Accounts,
    clearing: Cleared,
    amount: Decimal,
    organisation: Organisation,
) -> Side:
    """Return what reduces a document's receivable or payable; `amount` is negative."""
    sign = _sign(document)
    account_id = system["DEBTORS" if document.type in SALES else "CREDITORS"]
    if document.currency == organisation.base_currency:
        return Side(None, account_id, -sign * clearing.base)
    return Side(
        None,
        account_id,
        -sign * clearing.base,
        currency=document.currency,
        currency_amount=sign * amount,
    )


def _bank(payment: Payment, rate: Decimal, sign: int, organisation: Organisation) -> Side:
    account_id = organisation.payment_account(payment)
    rate = payment.rate or rate
    amount = bank_amount(payment, rate, organisation)
    currency = organisation.bank_currency(account_id)
    if currency is None:
        return Side(None, account_id, sign * to_cents(amount))
    return Side(
        None,
        account_id,
        sign * to_base(amount, rate),
        currency=currency,
        currency_amount=sign * amount,
    )


def _with_gain(sides: Sides, system: Accounts) -> Sides:
    left = total(sides)
    if left == ZERO:
        return sides
    return [*sides, Side(None, system["REALISEDCURRENCYGAIN"], -left)]
