"""WorkGuru's master data and stock records out of a demo organisation's files."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.sandbox.tables import day, decimal, instant, yes
from pipelines.sandbox.workguru_files import Fields, Workbook, lines_of


def contacts(book: Workbook, kind: str) -> Iterator[Fields]:
    """Yield the clients or suppliers (`kind` is one of them, in the singular)."""
    account = "salesAccountCode" if kind == "client" else "expenseAccountCode"
    for row in book.rows(f"{kind}s"):
        identity = book.id(kind, row[kind])
        name = row["name"] or (book.contact(row["xero_contact"])["name"])
        book.call(identity, name)
        yield {
            "id": identity,
            "name": name,
            "accountNumber": row["account_number"] or None,
            "xeroId": book.contact_id(row["xero_contact"]),
            "isActive": not yes(row["inactive"]),
            "taxName": row["tax"] or None,
            "currency": row["currency"] or None,
            account: row["account"] or None,
            "email": row["email"] or None,
            "phone": row["phone"] or None,
            "address1": row["street"] or None,
            "address2": None,
            "city": row["city"] or None,
            "state": row["region"] or None,
            "postcode": row["postcode"] or None,
            "country": row["country"] or None,
            "lastModificationTime": instant(row["updated_at"]),
        }


def jobs(book: Workbook, file: str) -> Iterator[Fields]:
    """Yield the projects or production jobs, whose ids are of one sequence."""
    for row in book.rows(file):
        yield {
            "id": book.id("project", row["project"]),
            "projectNumber": row["project"],
            "projectName": row["name"],
            "status": row["status"],
            "clientId": book.id("client", row["client"]),
            **({"productId": book.id("product", row["product"])} if "product" in row else {}),
            "salesAccountCode": row["sales_account"] or None,
            "expenseAccountCode": row["expense_account"] or None,
            "reportingCategories": book.categories(row["reporting"]),
            "lastModificationTime": instant(row["updated_at"]),
        }


def tasks(book: Workbook) -> Iterator[Fields]:
    """Yield the tasks of projects."""
    for row in book.rows("tasks"):
        yield {
            "id": book.id("task", row["task"]),
            "name": row["name"],
            "projectId": book.id("project", row["project"]),
            "salesAccountCode": row["sales_account"] or None,
            "sellTaxName": row["sell_tax"] or None,
            "lastModificationTime": instant(row["updated_at"]),
        }


def products(book: Workbook) -> Iterator[Fields]:
    """Yield the products."""
    for row in book.rows("products"):
        yield {
            "id": book.id("product", row["sku"]),
            "sku": row["sku"],
            "name": row["name"],
            "trackingType": row["tracking_type"],
            "isActive": not yes(row["inactive"]),
            "accountCode": row["sales_account"] or None,
            "expenseAccountCode": row["expense_account"] or None,
            "sellTaxName": row["sell_tax"] or None,
            "purchaseTaxName": row["purchase_tax"] or None,
            "sellPrice": decimal(row["sell_price"]),
            "buyPrice": decimal(row["buy_price"]),
            "lastModificationTime": instant(row["updated_at"]),
        }


def quotes(book: Workbook) -> Iterator[Fields]:
    """Yield the quotes; nothing of them goes to accounting."""
    for row in book.rows("quotes"):
        yield {
            "id": book.id("quote", row["quote"]),
            "quoteNumber": row["quote"],
            "status": row["status"],
            "date": day(row["date"]),
            "clientId": book.id("client", row["client"]),
            "projectId": book.id("project", row["project"]),
            "total": decimal(row["total"]),
            "totalTax": decimal(row["total_tax"]),
            "lastModificationTime": instant(row["updated_at"]),
        }


def usage(book: Workbook) -> Iterator[Fields]:
    """Yield the uses of stock on projects and production jobs, and what took them back."""
    for row in book.rows("stock_usage"):
        yield {
            "id": book.id("usage", row["usage"]),
            "status": row["status"],
            "usageTime": instant(row["used_at"]),
            "productId": book.id("product", row["item"]),
            "sku": row["item"],
            "quantity": decimal(row["quantity"]),
            "unitCost": decimal(row["unit_cost"]),
            "projectId": book.id("project", row["project"]),
            "reversedUsageId": book.id("usage", row["reverses"]),
            "reportingCategories": book.categories(row["reporting"]),
            "lastModificationTime": instant(row["updated_at"]),
        }


def sales(book: Workbook) -> Iterator[Fields]:
    """Yield the stock sales with what was dispatched."""
    dispatched = lines_of(book.rows("stock_sale_dispatches"), "sale")
    for row in book.rows("stock_sales"):
        yield {
            "id": book.id("stock_sale", row["sale"]),
            "number": row["sale"],
            "status": row["status"],
            "clientId": book.id("client", row["client"]),
            "projectId": book.id("project", row["project"]),
            "reportingCategories": book.categories(row["reporting"]),
            "lastModificationTime": instant(row["updated_at"]),
            "dispatches": [
                {
                    "id": book.next_line_id("dispatches"),
                    "dispatchTime": instant(line["dispatched_at"]),
                    "productId": book.id("product", line["item"]),
                    "sku": line["item"],
                    "quantity": decimal(line["quantity"]),
                    "unitCost": decimal(line["unit_cost"]),
                    "reportingCategories": None,
                }
                for line in dispatched.get(row["sale"], [])
            ],
        }


def counts(book: Workbook, kind: str, file: str) -> Iterator[Fields]:
    """Yield the stock adjustments or stock takes."""
    counted = lines_of(book.rows(f"{kind}_lines"), kind)
    for row in book.rows(file):
        yield {
            "id": book.id(kind, row[kind]),
            "number": row[kind],
            "date": day(row["date"]),
            "description": row["description"],
            "projectId": book.id("project", row["project"]),
            "status": row["status"],
            "sentToAccounting": day(row["sent_on"]),
            "skipSendToAccounting": yes(row["skip"]),
            "reportingCategories": book.categories(row["reporting"]),
            "lastModificationTime": instant(row["updated_at"]),
            "lines": [
                {
                    "id": book.next_line_id(kind),
                    "productId": book.id("product", line["item"]),
                    "sku": line["item"],
                    "description": line["description"],
                    "quantity": decimal(line["quantity"]),
                    "unitCost": decimal(line["unit_cost"]),
                    "isDeleted": False,
                    "reportingCategories": book.categories(line["reporting"]),
                }
                for line in counted.get(row[kind], [])
            ],
        }
