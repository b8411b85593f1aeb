"""The cost of the tracked inventory that the demo files' sales moved.

Xero posts it by itself: from the item's inventory account to its cost of sales, on the document's
date. The files hold no history of purchases, so each unit costs what the item's stock costs today.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import CREDITS, SALES, Document, StockMove, to_cents


def stock_sold(
    document: Document, records: Mapping[str, Mapping[str, Record]]
) -> tuple[StockMove, ...]:
    """Return what a posted sales document moved: stock out, or back in on a credit note."""
    if document.type not in SALES or not document.is_posted:
        return ()
    moves = []
    sign = 1 if document.type in CREDITS else -1
    for position, line in enumerate(document.lines):
        item = records["Items"].get(line.item_id or "")
        if item is None or not item["IsTrackedAsInventory"] or not line.quantity:
            continue
        quantity = sign * line.quantity
        moves.append(
            StockMove(
                item_id=item["ItemID"],
                position=position,
                quantity=quantity,
                cost=to_cents(quantity * item["TotalCostPool"] / item["QuantityOnHand"]),
                asset_id=_account(item["InventoryAssetAccountCode"], records),
                expense_id=_account(item["PurchaseDetails"]["COGSAccountCode"], records),
            )
        )
    return tuple(moves)


def _account(code: str, records: Mapping[str, Mapping[str, Record]]) -> str:
    return next(
        identity
        for identity, account in records["Accounts"].items()
        if account.get("Code") == code and account["Status"] == "ACTIVE"
    )
