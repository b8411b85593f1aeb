"""WorkGuru's methods as data: what each lists, finds or marks, and in which form it answers.

The methods' names are those of WorkGuru's Swagger page. Which of them answer a bare array, which
`items` with a `totalCount`, and which show lines is seen of invoices (an array, with lines) and of
purchase orders (items, without lines); for the others it is the sandbox's choice, so that both
occur and a client has to take either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# The sandbox's own name: the methods are in the Swagger page, what they take is not.
CREDIT_NOTE_TYPE = "creditNoteType"
CREDIT_NOTE_TYPES = {"client": "client_credit_notes", "supplier": "supplier_credit_notes"}
ORDER_LINES = ("products", "landedCosts", "landedCostPurchaseOrders")


@dataclass(frozen=True)
class Method:
    """One method.

    Attributes:
        does: `list` shows all records, `queue` those due and not sent, `find` one by id, `mark`
            and `unmark` say whether one was sent.
        kind: Whose records.
        as_array: Whether a list is a bare array, which knows no pages.
        hides: Fields that a list leaves out.
        due: The status of what a queue shows.
        other_kind: What the id may belong to instead, for the one method that WorkGuru has for
            two kinds; `CREDIT_NOTE_TYPE` in the body says which.
    """

    does: Literal["list", "queue", "find", "mark", "unmark"]
    kind: str
    as_array: bool = False
    hides: tuple[str, ...] = ()
    due: str = ""
    other_kind: str = ""


def _marks(service: str, kind: str, other_kind: str = "") -> dict[str, Method]:
    return {
        f"{service}/MarkAsSentToAccounting": Method("mark", kind, other_kind=other_kind),
        f"{service}/UnMarkAsSentToAccounting": Method("unmark", kind, other_kind=other_kind),
    }


METHODS: Mapping[str, Method] = {
    "Client/GetClients": Method("list", "clients"),
    "Supplier/GetAllSuppliers": Method("list", "suppliers", as_array=True),
    "Project/GetAllProjects": Method("list", "projects"),
    "Project/GetProjectById": Method("find", "projects"),
    "Project/GetAllTasks": Method("list", "tasks", as_array=True),
    "Product/GetAllProducts": Method("list", "products"),
    "Product/GetProductById": Method("find", "products"),
    "Quote/GetAllQuotes": Method("list", "quotes"),
    "Invoice/GetAllInvoices": Method("list", "invoices", as_array=True),
    "Invoice/GetInvoiceById": Method("find", "invoices"),
    "Invoice/GetInvoicesNotYetSentToAccounting": Method(
        "queue", "invoices", as_array=True, due="Approved"
    ),
    **_marks("Invoice", "invoices"),
    "CreditNote/GetAllClientCreditNotes": Method(
        "list", "client_credit_notes", as_array=True, hides=("lineItems",)
    ),
    "CreditNote/GetClientCreditNoteById": Method("find", "client_credit_notes"),
    "CreditNote/GetClientCreditNotesNotSentToAccounting": Method(
        "queue", "client_credit_notes", as_array=True, due="Approved"
    ),
    "CreditNote/GetAllSupplierCreditNotes": Method(
        "list", "supplier_credit_notes", as_array=True, hides=("lineItems",)
    ),
    "CreditNote/GetSupplierCreditNoteById": Method("find", "supplier_credit_notes"),
    "CreditNote/GetSupplerCreditNotesNotSentToAccounting": Method(
        "queue", "supplier_credit_notes", as_array=True, due="Approved"
    ),
    **_marks("CreditNote", "client_credit_notes", "supplier_credit_notes"),
    "PurchaseOrder/GetAllPurchaseOrders": Method("list", "purchase_orders", hides=ORDER_LINES),
    "PurchaseOrder/GetPurchaseOrderById": Method("find", "purchase_orders"),
    "PurchaseOrder/GetInvoicedPurchaseOrdersNotSentToAccounting": Method(
        "queue", "purchase_orders", as_array=True, due="Invoiced"
    ),
    **_marks("PurchaseOrder", "purchase_orders"),
    "Stock/GetAllStockUsageInDateRage": Method("list", "stock_usage", as_array=True),
    "StockSale/GetAllStockSales": Method("list", "stock_sales"),
    "StockSale/GetStockSaleById": Method("find", "stock_sales"),
    "Stock/GetStockAdjustments": Method("list", "stock_adjustments"),
    "Stock/GetStockAdjustmentsNotSentToAccounting": Method(
        "queue", "stock_adjustments", as_array=True, due="Saved"
    ),
    "Stock/MarkStockAdjustmentAsSentToAccounting": Method("mark", "stock_adjustments"),
    "Stock/MarkStockAdjustmentAsUnsentToAccounting": Method("unmark", "stock_adjustments"),
    "Stock/GetStockTakeList": Method("list", "stock_takes"),
    "Stock/GetStockTakesNotSentToAccounting": Method(
        "queue", "stock_takes", as_array=True, due="Saved"
    ),
    "Stock/MarkStockTakeAsSentToAccounting": Method("mark", "stock_takes"),
    "Stock/MarkStockTakeAsUnsentToAccounting": Method("unmark", "stock_takes"),
    "ProductionJob/GetAllCurrentProductionJobs": Method("list", "production_jobs"),
    "ProductionJob/GetProductionJobById": Method("find", "production_jobs"),
}
BY_PATH = {name.lower(): method for name, method in METHODS.items()}
