"""The lines of an invoice, bill or credit note: what is sent, completed and checked as Xero does.

What a line does not say comes from its item (description, price, account, tax), the tax type from
the contact before that and from the account after it. The lines sent replace the lines held: one
with the LineItemID of a held line changes it, fields left out keep their value; all others are new.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import line_id
from pipelines.sandbox.documents import SALES, ZERO, Document, Line, to_cents
from pipelines.sandbox.write_amounts import Amounts, read_amounts
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, WriteCall
from pipelines.sandbox.write_codes import check_account, check_tax_type, choose_account
from pipelines.sandbox.write_tracking import read_tracking

ACCOUNT_FIELDS = ("AccountCode", "AccountID")


@dataclass(frozen=True)
class Heading:
    """What the lines need to know of their document. `is_final`: SUBMITTED or AUTHORISED."""

    type: str
    line_amount_types: str
    is_final: bool
    is_approved: bool
    contact: Record

    @property
    def is_sale(self) -> bool:
        """Whether it is a sales invoice or a sales credit note."""
        return self.type in SALES

    @property
    def takes_discounts(self) -> bool:
        """Only sales invoices do."""
        return self.type == "ACCREC"


def read_lines(
    given: list[Given] | None,
    heading: Heading,
    call: WriteCall,
    previous: Document | None,
    found: Findings,
) -> tuple[Line, ...]:
    """Return the lines of a document as they are to be kept."""
    former = previous.lines if previous else ()
    document_id = previous.document_id if previous else ""
    held = {line_id(document_id, at, line): line for at, line in enumerate(former)}
    if given is None:
        lines = former
    else:
        lines = tuple(_read_line(one, heading, call, held, found) for one in given)
    if heading.is_final and not lines:
        found.refuse("One or more line items must be specified")
    return lines


def _read_line(
    given: Given, heading: Heading, call: WriteCall, held: dict[str, Line], found: Findings
) -> Line:
    identity = (given.text("LineItemID") or "").lower()
    former = held.get(identity)
    item = _item(given, call, former, found)
    details: Record = item.get("SalesDetails" if heading.is_sale else "PurchaseDetails", {})
    amounts = read_amounts(given, former, details.get("UnitPrice"), call, found)
    if (amounts.discount_rate or amounts.discount_amount) and not heading.takes_discounts:
        found.refuse("Discounts are only supported on sales invoices.")
    account = _account(given, heading, call, item, former, amounts, found)
    tax_type = _tax_type(given, heading, call, details, former, account, found)
    description = given.text("Description")
    if description is None:
        purchase = None if heading.is_sale else item.get("PurchaseDescription")
        description = former.description if former else purchase or item.get("Description")
    if heading.is_final and not description:
        found.refuse("Description needs to be at least 1 char long")
    tax_amount, tax_is_stated = _stated_tax(given, former, amounts, tax_type)
    # A new line of a held document cannot take its id from its position: that may be taken.
    kept_id = identity if former else str(uuid.uuid4()) if held else None
    return Line(
        description=description,
        tax_type=tax_type,
        tax_amount=tax_amount,
        tax_is_stated=tax_is_stated,
        account_id=account["AccountID"] if account else None,
        item_id=item.get("ItemID"),
        item_code=item.get("Code"),
        options=read_tracking(given, call, former.options if former else (), found),
        line_id=kept_id,
        **amounts.fields(),
    )


def _item(given: Given, call: WriteCall, former: Line | None, found: Findings) -> Record:
    """Return the item of a line; an empty record if it has none."""
    code = given.text("ItemCode")
    if not code:
        kept = former.item_id if former and former.item_id else ""
        return call.organisation.item(kept) or {}
    identity = call.organisation.item_id(code)
    if identity is None:
        found.refuse(f"Item code '{code}' is not valid")
        return {}
    return call.organisation.item(identity) or {}


def _account(
    given: Given,
    heading: Heading,
    call: WriteCall,
    item: Record,
    former: Line | None,
    amounts: Amounts,
    found: Findings,
) -> Record | None:
    if any(map(given.text, ACCOUNT_FIELDS)):
        return check_account(choose_account(given, call), call, found)
    accounts = call.organisation.records["Accounts"]
    if former is not None and former.account_id:
        return accounts.get(former.account_id)
    details = item.get("SalesDetails" if heading.is_sale else "PurchaseDetails", {})
    default = details.get("AccountCode")
    if not heading.is_sale and item.get("IsTrackedAsInventory"):
        default = item["InventoryAssetAccountCode"]  # what is bought becomes stock
    if default:
        return check_account(choose_account(given, call, default), call, found)
    if heading.is_approved and not amounts.is_description:
        found.refuse("The account code or ID must be specified")
    return None


def _tax_type(
    given: Given,
    heading: Heading,
    call: WriteCall,
    details: Record,
    former: Line | None,
    account: Record | None,
    found: Findings,
) -> str | None:
    """Return a line's tax type in Xero's order: line, contact, item, account."""
    of_contact = "AccountsReceivableTaxType" if heading.is_sale else "AccountsPayableTaxType"
    tax_type = given.text("TaxType") or (former.tax_type if former else None)
    if not tax_type and heading.line_amount_types == "NoTax":
        return "NONE" if account else None
    tax_type = tax_type or heading.contact.get(of_contact) or details.get("TaxType")
    tax_type = tax_type or (account or {}).get("TaxType")
    is_settled = former is not None and not any(map(given.has, ("TaxType", *ACCOUNT_FIELDS)))
    if tax_type and is_settled:
        return tax_type  # what a line already has may stay, also when it was archived since
    if tax_type:
        return check_tax_type(tax_type, account, call, found)
    if heading.is_approved and account is not None:
        found.refuse("Tax rate must be valid.")
    return None


def _stated_tax(
    given: Given, former: Line | None, amounts: Amounts, tax_type: str | None
) -> tuple[Decimal, bool]:
    """Return the tax that was sent, or was sent before for what has not changed since."""
    sent = given.number("TaxAmount")
    if sent is not None:
        return to_cents(sent), True
    if former is not None and former.tax_is_stated:
        is_same = (former.line_amount, former.tax_type) == (amounts.line_amount, tax_type)
        return (former.tax_amount, True) if is_same else (ZERO, False)
    return ZERO, False
