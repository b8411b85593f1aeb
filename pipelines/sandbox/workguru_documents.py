"""WorkGuru's documents out of a demo organisation's files: sales, purchases, credit notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipelines.sandbox.tables import DemoDataError, Row, day, decimal, instant, yes
from pipelines.sandbox.workguru_files import (
    NEVER,
    Fields,
    Workbook,
    lines_of,
    priced_line,
    totals,
    without_documents,
)

INVOICE_LISTS = {"task": "taskLineItems", "product": "productLineItems"}
OTHER_LISTS = {"purchase": "purchaseLineItems"}
ORDER_LISTS = {"product": "products", "landed_cost": "landedCosts"}


def invoices(book: Workbook) -> Iterator[Fields]:
    """Yield the invoices, their lines in four lists as WorkGuru keeps them."""
    for row, lines in _with_lines(book, "invoices", "invoice", "invoice_lines"):
        lists: dict[str, list[Fields]] = {
            name: [] for name in (*INVOICE_LISTS.values(), *OTHER_LISTS.values(), "otherLineItems")
        }
        for line in lines:
            name = {**INVOICE_LISTS, **OTHER_LISTS}.get(line["kind"], "otherLineItems")
            lists[name].append(_sales_line(book, line, name, row["invoice"]))
        total, tax = totals(row, [line for found in lists.values() for line in found])
        yield {
            "id": book.id("invoice", row["invoice"]),
            "invoiceNumber": row["invoice"],
            "date": day(row["date"]),
            "dueDate": day(row["due_date"]),
            **_client(book, row),
            "projectId": book.id("project", row["project"]),
            "clientPurchaseOrder": row["client_order"] or None,
            "xeroId": None,
            **_outgoing(book, row, never=NEVER),
            **_priced(row),
            "total": total,
            "totalTax": tax,
            **lists,
        }


def client_credit_notes(book: Workbook) -> Iterator[Fields]:
    """Yield the credit notes given to clients."""
    found = _with_lines(book, "client_credit_notes", "credit_note", "client_credit_note_lines")
    for row, rows in found:
        lines = []
        for line in rows:
            fields = _sales_line(book, line, "clientCreditNoteLines")
            fields["creditedLineId"] = book.line_id(row["credits"], line["credited_line"])
            fields |= _return(line)
            lines.append(fields)
        total, tax = totals(row, lines)
        yield {
            "id": book.id("client_credit_note", row["credit_note"]),
            "number": row["credit_note"],
            "date": day(row["date"]),
            **_client(book, row),
            "projectId": book.id("project", row["project"]),
            "invoiceId": book.id("invoice", row["credits"]),
            **_outgoing(book, row),
            **_priced(row),
            "total": total,
            "totalTax": tax,
            "lineItems": lines,
        }


def supplier_credit_notes(book: Workbook) -> Iterator[Fields]:
    """Yield the credit notes received from suppliers."""
    found = _with_lines(book, "supplier_credit_notes", "credit_note", "supplier_credit_note_lines")
    for row, rows in found:
        lines = []
        for line in rows:
            fields = _sales_line(book, line, "supplierCreditNoteLines")
            fields["creditedLineId"] = book.line_id(row["credits"], line["credited_line"])
            fields |= _return(line)
            lines.append(fields)
        total, tax = totals(row, lines)
        yield {
            "id": book.id("supplier_credit_note", row["credit_note"]),
            "number": row["credit_note"],
            "date": day(row["date"]),
            **_supplier(book, row),
            "projectId": book.id("project", row["project"]),
            "purchaseOrderId": book.id("purchase_order", row["credits"]),
            **_outgoing(book, row),
            **_priced(row),
            "total": total,
            "totalTax": tax,
            "lineItems": lines,
        }


def purchase_orders(book: Workbook) -> Iterator[Fields]:
    """Yield the purchase orders with their landed costs."""
    for row, rows in _with_lines(book, "purchase_orders", "order", "purchase_order_lines"):
        lists: dict[str, list[Fields]] = {name: [] for name in ORDER_LISTS.values()}
        for line in rows:
            name = ORDER_LISTS[line["kind"]]
            lists[name].append(_purchase_line(book, line, name, row["order"]))
        lines = [line for found in lists.values() for line in found]
        total, tax = totals(row, lines, amount="lineTotal")
        orders = [order.strip() for order in row["landed_for"].split("|") if order.strip()]
        yield {
            "id": book.id("purchase_order", row["order"]),
            "number": row["order"],
            "supplierInvoiceNumber": row["supplier_invoice"] or None,
            "issueDate": day(row["issue_date"]),
            "receivedDate": day(row["received_date"]),
            "invoiceDate": day(row["invoice_date"]),
            "invoiceDueDate": day(row["due_date"]),
            **_supplier(book, row),
            "projectId": book.id("project", row["project"]),
            "isLandedCostsPo": bool(orders),
            "landedCostPurchaseOrders": [
                {"id": book.id("purchase_order", order), "number": order} for order in orders
            ],
            **_outgoing(book, row),
            **_priced(row),
            "total": total,
            "taxTotal": tax,
            **lists,
        }


def _with_lines(
    book: Workbook, file: str, key: str, line_file: str
) -> Iterator[tuple[Row, Iterable[Row]]]:
    rows = book.rows(file)
    lines = lines_of(book.rows(line_file), key)
    for missing in without_documents(lines, (row[key] for row in rows)):
        raise DemoDataError(f"{book.folder / line_file}: there is no {key} {missing!r}")
    for row in rows:
        yield row, lines.get(row[key], [])


def _outgoing(book: Workbook, row: Row, never: object = None) -> Fields:
    return {
        "status": row["status"],
        "sentToAccounting": day(row["sent_on"]) or never,
        "skipSendToAccounting": yes(row["skip"]),
        "reportingCategories": book.categories(row["reporting"]),
        "lastModificationTime": instant(row["updated_at"]),
    }


def _priced(row: Row) -> Fields:
    return {
        "currency": row["currency"] or None,
        "exchangeRate": decimal(row["rate"]),
        "isTaxInclusive": False,
    }


def _client(book: Workbook, row: Row) -> Fields:
    identity = book.id("client", row["client"])
    return {"clientId": identity, "client": {"id": identity, "name": book.called(identity)}}


def _supplier(book: Workbook, row: Row) -> Fields:
    identity = book.id("supplier", row["supplier"])
    return {"supplierId": identity, "supplier": {"id": identity, "name": book.called(identity)}}


def _sales_line(book: Workbook, row: Row, list_name: str, document: str = "") -> Fields:
    is_task = list_name == "taskLineItems"
    return {
        "id": book.next_line_id(list_name, document, row["line"]),
        "lineType": row.get("kind", "").capitalize() or None,
        "productId": None if is_task else book.id("product", row["item"]),
        "taskId": book.id("task", row["item"]) if is_task else None,
        "sku": None if is_task else row["item"] or None,
        "name": row["item"] or None,
        "description": row["description"],
        **priced_line(row),
        "discountAmount": None,
        "accountCode": row["account"] or None,
        "sortOrder": int(row["line"]),
        "isDeleted": False,
        "reportingCategories": book.categories(row.get("reporting", "")),
    }


def _purchase_line(book: Workbook, row: Row, list_name: str, document: str) -> Fields:
    return {
        "id": book.next_line_id(list_name, document, row["line"]),
        "productId": book.id("product", row["item"]),
        "sku": row["item"] or None,
        "name": row["item"] or None,
        "description": row["description"],
        **priced_line(row, amount="lineTotal", price="invoicePrice"),
        "orderPrice": decimal(row["unit_amount"]),
        "discountAmount": None,
        "glAccountCode": row["account"] or None,
        "expenseAccountCode": None,
        "sortOrder": int(row["line"]),
        "isDeleted": False,
        "reportingCategories": book.categories(row.get("reporting", "")),
    }


def _return(row: Row) -> Fields:
    return {
        "isReturned": yes(row["returned"]),
        "returnedTime": instant(row["returned_at"]),
        "unitCost": decimal(row["unit_cost"]),
    }
