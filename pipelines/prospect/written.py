"""What the push writes to Prospect, as data.

Which properties are create-only or computed is what `$metadata` of one tenant says (README).
Products and sales transactions can only be created; codes of customers and the list of codes can
change.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.prospect.endpoints import COMPANY
from pipelines.push.operations import CREATE, UPDATE
from pipelines.push.writer import Capability

XTRAS = "SalesLedgerXtras"
"""The member of a sales ledger's payload whose fields are written to the set of that name."""


@dataclass(frozen=True)
class Written:
    """One entity: its set, the parts of its key as the raw log joins them, what can be done."""

    entity: str
    entity_set: str
    key: tuple[str, ...]
    capability: Capability


def _can(*operations: str, cannot_hold: str = "") -> Capability:
    return Capability(frozenset(operations), cannot_hold=frozenset(cannot_hold.split()))


WRITTEN: dict[str, Written] = {
    each.entity: each
    for each in (
        Written(
            "product_items",
            "ProductItems",
            (COMPANY, "ProductItemId"),
            _can(CREATE, cannot_hold="DecimalSellingPrice DecimalCostPrice"),
        ),
        Written(
            "sales_ledgers",
            "SalesLedgers",
            (COMPANY, "SalesLedgerId"),
            _can(UPDATE, cannot_hold="TaxCode CurrencyCode PaymentTermId"),
        ),
        Written(
            "xero_analysis_codes", "XeroAnalysisCodes", ("Code", COMPANY), _can(CREATE, UPDATE)
        ),
        Written(
            "sales_transactions",
            "SalesTransactions",
            ("Id",),
            _can(CREATE, cannot_hold="Analysis2 Analysis3 CalculatedPrice CalculatedLineValue"),
        ),
    )
}
