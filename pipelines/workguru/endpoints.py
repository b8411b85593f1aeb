"""What the extract reads of WorkGuru, as data.

An endpoint is one entry here, a staging model and its YAML. The methods are those of WorkGuru's
Swagger page; no method with a modified-since is known, so every list is read whole. Where a list
leaves a document's lines out, each record that is new or has another change stamp is asked for by
its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ID_FIELD = "id"
STAMP = "lastModificationTime"
PAGE_SIZE = 500
"""MaxResultCount. The framework WorkGuru is built on allows 1000 unless told otherwise."""
# The method wants a period; all of it is wanted.
EVER = {"StartDate": "2000-01-01", "EndDate": "2100-01-01"}


@dataclass(frozen=True)
class Endpoint:
    """One kind of record.

    Attributes:
        name: What messages call it.
        table: The raw table.
        list_method: `Service/Method` that lists all records.
        find_method: `Service/Method` that gives one by its id, if there is one.
        whole_if: Fields one of which a record has when it is whole; empty: the list shows all.
        params: Sent with every call of the list.
    """

    name: str
    table: str
    list_method: str
    find_method: str = ""
    whole_if: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)


ENDPOINTS: dict[str, Endpoint] = {
    endpoint.name: endpoint
    for endpoint in (
        Endpoint("Clients", "clients", "Client/GetClients"),
        Endpoint("Suppliers", "suppliers", "Supplier/GetAllSuppliers"),
        Endpoint("Projects", "projects", "Project/GetAllProjects"),
        Endpoint("ProductionJobs", "production_jobs", "ProductionJob/GetAllCurrentProductionJobs"),
        Endpoint("Tasks", "tasks", "Project/GetAllTasks"),
        Endpoint("Products", "products", "Product/GetAllProducts"),
        Endpoint("Quotes", "quotes", "Quote/GetAllQuotes"),
        Endpoint(
            "Invoices",
            "invoices",
            "Invoice/GetAllInvoices",
            "Invoice/GetInvoiceById",
            ("productLineItems", "taskLineItems", "purchaseLineItems"),
        ),
        Endpoint(
            "ClientCreditNotes",
            "client_credit_notes",
            "CreditNote/GetAllClientCreditNotes",
            "CreditNote/GetClientCreditNoteById",
            ("lineItems",),
        ),
        Endpoint(
            "SupplierCreditNotes",
            "supplier_credit_notes",
            "CreditNote/GetAllSupplierCreditNotes",
            "CreditNote/GetSupplierCreditNoteById",
            ("lineItems",),
        ),
        Endpoint(
            "PurchaseOrders",
            "purchase_orders",
            "PurchaseOrder/GetAllPurchaseOrders",
            "PurchaseOrder/GetPurchaseOrderById",
            ("products",),
        ),
        Endpoint("StockUsage", "stock_usage", "Stock/GetAllStockUsageInDateRage", params=EVER),
        Endpoint(
            "StockSales",
            "stock_sales",
            "StockSale/GetAllStockSales",
            "StockSale/GetStockSaleById",
            ("dispatches",),
        ),
        Endpoint("StockAdjustments", "stock_adjustments", "Stock/GetStockAdjustments"),
        Endpoint("StockTakes", "stock_takes", "Stock/GetStockTakeList"),
    )
}
