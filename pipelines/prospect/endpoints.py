"""What the extract reads of Prospect's OData service, as data.

An endpoint is one entity set: an entry here, a staging model and its YAML. Keys and stamps are
those of the `$metadata` of one tenant (README). The two header sets carry no change stamp and are
read whole each time. Deletes are soft: a flag, which staging reads.
"""

from __future__ import annotations

from dataclasses import dataclass

STAMP = "LastUpdatedTimestamp"
COMPANY = "OperatingCompanyCode"
PAGE_SIZE = 1000


@dataclass(frozen=True)
class Endpoint:
    """One entity set.

    Attributes:
        name: As in the URL.
        table: The raw table.
        id_field: The properties that make its key; the raw record_id joins them by `|`.
        is_stamped: Whether its records carry LastUpdatedTimestamp.
        of_company: Whether its records name the operating company, so that others can be left out.
    """

    name: str
    table: str
    id_field: tuple[str, ...]
    is_stamped: bool = True
    of_company: bool = True


ENDPOINTS: dict[str, Endpoint] = {
    endpoint.name: endpoint
    for endpoint in (
        Endpoint("ProductItems", "product_items", (COMPANY, "ProductItemId")),
        Endpoint("SalesLedgers", "sales_ledgers", (COMPANY, "SalesLedgerId")),
        Endpoint("SalesLedgerXtras", "sales_ledger_xtras", (COMPANY, "SalesLedgerId")),
        Endpoint("Companies", "companies", ("CompanyId",), of_company=False),
        Endpoint("Divisions", "divisions", ("DivisionId",)),
        Endpoint("Contacts", "contacts", ("ContactId",), of_company=False),
        Endpoint("Quotes", "quotes", ("QuoteId",)),
        Endpoint("QuoteXtras", "quote_xtras", ("QuoteId",), of_company=False),
        Endpoint("QuoteLines", "quote_lines", ("LineId",)),
        Endpoint("QuoteLineXtras", "quote_line_xtras", ("QuoteLineId",), of_company=False),
        Endpoint(
            "SalesOrderHeaders", "sales_order_headers", (COMPANY, "OrderNumber"), is_stamped=False
        ),
        Endpoint(
            "SalesInvoiceHeaders",
            "sales_invoice_headers",
            (COMPANY, "InvoiceNumber", "CreditNoteNumber"),
            is_stamped=False,
        ),
        Endpoint("SalesTransactions", "sales_transactions", ("Id",)),
        Endpoint("XeroAnalysisCodes", "xero_analysis_codes", ("Code", COMPANY)),
    )
}
