"""The sandbox's Unleashed: customers, products, sales orders and invoices, from readable files.

In: `<organisation>/unleashed/*.csv`. Out: records in Unleashed's own field names with Python values
(Decimal, aware datetime); line amounts and totals follow quantities, prices and rates, unless a
file states a line's tax. Exchange rates are foreign units per base unit, as in Xero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from pipelines.sandbox.tables import Row, decimal, instant, read_rows, record_id, yes

Record = dict[str, Any]
RESOURCES = ("Customers", "Products", "SalesOrders", "Invoices")
STAMP = "LastModifiedOn"
PENNY = Decimal("0.01")
MILLISECOND = timedelta(milliseconds=1)
_CONTACT = re.compile(r"@contact:(.+)")


class UnleashedWorld:
    """One account's records by resource and Guid; change them with `change` and `remove`."""

    def __init__(self, now: Callable[[], datetime], base_currency: str = "GBP") -> None:
        self.now = now
        self.base_currency = base_currency
        self.records: dict[str, dict[str, Record]] = {name: {} for name in RESOURCES}
        self._last_stamp = datetime.min.replace(tzinfo=UTC)

    def put(self, resource: str, record: Record) -> Record:
        """Add or replace a record as it is, its stamp included."""
        self._last_stamp = max(self._last_stamp, record[STAMP])
        self.records[resource][record["Guid"]] = record
        return record

    def change(self, resource: str, guid: str, **fields: Any) -> Record:
        """Set fields of a record, stamp it now and return it."""
        now = self.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        stamp = max(now, self._last_stamp + MILLISECOND)
        return self.put(resource, {**self.records[resource][guid], **fields, STAMP: stamp})

    def remove(self, resource: str, guid: str) -> None:
        """Make a record vanish."""
        del self.records[resource][guid]

    def find(self, resource: str, field: str, value: str) -> Record:
        """Return the record whose field has a value; KeyError if there is none."""
        for record in self.records[resource].values():
            if record[field] == value:
                return record
        raise KeyError(f"{resource} with {field} {value}")


def load_unleashed(
    folder: Path, tenant_id: str, base_currency: str, now: Callable[[], datetime]
) -> UnleashedWorld | None:
    """Load an organisation's account from its `unleashed` folder; None where it has none."""
    if not folder.is_dir():
        return None
    world = UnleashedWorld(now, base_currency)
    for row in read_rows(folder / "customers.csv"):
        world.put("Customers", _customer(row, tenant_id, base_currency))
    for row in read_rows(folder / "products.csv"):
        world.put("Products", _product(row, tenant_id))
    lines = _by_document(read_rows(folder / "sales_order_lines.csv"))
    for row in read_rows(folder / "sales_orders.csv"):
        world.put("SalesOrders", _order(row, lines.get(row["number"], []), tenant_id, world))
    lines = _by_document(read_rows(folder / "invoice_lines.csv"))
    for row in read_rows(folder / "invoices.csv"):
        world.put("Invoices", _invoice(row, lines.get(row["number"], []), tenant_id, world))
    return world


def _by_document(rows: list[dict[str, str]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["document"], []).append(row)
    return found


def _customer(row: Row, tenant_id: str, base_currency: str) -> Record:
    linked = _CONTACT.fullmatch(row["xero_contact"])
    return {
        "Guid": record_id(tenant_id, "UnleashedCustomers", row["code"]),
        "CustomerCode": row["code"],
        "CustomerName": row["name"],
        "Email": row["email"] or None,
        "Currency": {"CurrencyCode": row["currency"] or base_currency},
        "Taxable": row["tax_code"] not in ("", "NONE"),
        "TaxCode": row["tax_code"] or None,
        "XeroContactId": record_id(tenant_id, "Contacts", linked[1]) if linked else None,
        "XeroSalesAccount": row["sales_account"] or None,
        "XeroCostOfGoodsAccount": None,
        "SourceId": None,
        "PhoneNumber": row["phone"] or None,
        "Addresses": [_address(row)] if row["street"] else [],
        "Obsolete": yes(row["obsolete"]),
        STAMP: instant(row["modified_at"]),
    }


def _address(row: Row) -> Record:
    return {
        "AddressType": "Postal",
        "AddressName": "Main",
        "StreetAddress": row["street"],
        "StreetAddress2": None,
        "City": row["city"] or None,
        "Region": row["region"] or None,
        "PostalCode": row["postcode"] or None,
        "Country": row["country"] or None,
    }


def _product(row: Row, tenant_id: str) -> Record:
    return {
        "Guid": record_id(tenant_id, "UnleashedProducts", row["code"]),
        "ProductCode": row["code"],
        "ProductDescription": row["description"],
        "ProductGroup": {"GroupName": row["group"]} if row["group"] else None,
        "DefaultSellPrice": decimal(row["sell_price"]),
        "XeroTaxCode": row["purchase_tax_code"] or None,
        "XeroSalesTaxCode": row["sales_tax_code"] or None,
        "TaxableSales": row["sales_tax_code"] not in ("", "NONE"),
        "TaxablePurchase": row["purchase_tax_code"] not in ("", "NONE"),
        "XeroSalesAccount": row["sales_account"] or None,
        "XeroCostOfGoodsAccount": row["cogs_account"] or None,
        "PurchaseAccount": row["purchase_account"] or None,
        "IsSerialized": row["tracking"] == "Serial",
        "IsBatchTracked": row["tracking"] == "Batch",
        "NeverDiminishing": row["tracking"] == "NonStock",
        "Obsolete": yes(row["obsolete"]),
        STAMP: instant(row["modified_at"]),
    }


def _order(row: Row, lines: list[Row], tenant_id: str, world: UnleashedWorld) -> Record:
    rate = decimal(row["rate"]) or Decimal(1)
    made = [
        {
            **_line(line, row["number"], "OrderQuantity", rate, tenant_id, world),
            "LineTaxCode": line["tax_code"] or None,
            "XeroTaxCode": line["xero_tax_code"] or None,
            "XeroSalesAccount": line["sales_account"] or None,
            "CostOfGoodsAccount": None,
        }
        for line in lines
    ]
    return {
        **_document(row, made, "SalesOrders", tenant_id, world),
        "OrderNumber": row["number"],
        "OrderStatus": row["status"],
        "OrderDate": instant(f"{row['date']}T00:00:00Z"),
        "RequiredDate": None,
        "CustomerRef": row["reference"] or None,
        "XeroTaxCode": None,
        "SalesOrderLines": made,
    }


def _invoice(row: Row, lines: list[Row], tenant_id: str, world: UnleashedWorld) -> Record:
    rate = decimal(row["rate"]) or Decimal(1)
    made = [_line(line, row["number"], "InvoiceQuantity", rate, tenant_id, world) for line in lines]
    return {
        **_document(row, made, "Invoices", tenant_id, world),
        "InvoiceNumber": row["number"],
        "OrderNumber": row["order"] or None,
        "InvoiceStatus": row["status"],
        "InvoiceDate": instant(f"{row['date']}T00:00:00Z"),
        "DueDate": instant(f"{row['due_date']}T00:00:00Z") if row["due_date"] else None,
        "InvoiceLines": made,
    }


def _document(
    row: Row, lines: list[Record], resource: str, tenant_id: str, world: UnleashedWorld
) -> Record:
    customer = world.find("Customers", "CustomerCode", row["customer"])
    sums = {
        total: sum((line[field] for line in lines), Decimal(0))
        for total, field in (
            ("SubTotal", "LineTotal"),
            ("TaxTotal", "LineTax"),
            ("BCSubTotal", "BCLineTotal"),
            ("BCTaxTotal", "BCLineTax"),
        )
    }
    return {
        "Guid": record_id(tenant_id, f"Unleashed{resource}", row["number"]),
        "Customer": {name: customer[name] for name in ("Guid", "CustomerCode", "CustomerName")},
        "Currency": {"CurrencyCode": row["currency"] or world.base_currency},
        "ExchangeRate": decimal(row["rate"]) or Decimal(1),
        **sums,
        "Total": sums["SubTotal"] + sums["TaxTotal"],
        "BCTotal": sums["BCSubTotal"] + sums["BCTaxTotal"],
        STAMP: instant(row["modified_at"]),
    }


def _line(
    row: Row, document: str, quantity: str, rate: Decimal, tenant_id: str, world: UnleashedWorld
) -> Record:
    count, price = decimal(row["quantity"]) or Decimal(0), decimal(row["price"]) or Decimal(0)
    discount, tax_rate = decimal(row["discount"]), decimal(row["tax_rate"]) or Decimal(0)
    total = _rounded(count * price * (1 - (discount or Decimal(0))))
    stated = decimal(row["tax"])
    tax = _rounded(total * tax_rate) if stated is None else stated
    product: Mapping[str, Any] | None = None
    if row["product"]:
        known = world.find("Products", "ProductCode", row["product"])
        product = {name: known[name] for name in ("Guid", "ProductCode", "ProductDescription")}
    return {
        "Guid": record_id(tenant_id, "UnleashedLines", quantity, document, row["line"]),
        "LineNumber": int(row["line"]),
        "LineType": None if product else "Charge",
        "Product": product,
        quantity: count,
        "UnitPrice": price,
        "DiscountRate": discount or Decimal(0),
        "LineTotal": total,
        "LineTax": tax,
        "TaxRate": tax_rate,
        "BCLineTotal": _rounded(total / rate),
        "BCLineTax": _rounded(tax / rate),
        "Comments": row["comments"] or None,
    }


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, ROUND_HALF_UP)
