"""Tracked inventory: what posting a document moves, and what it costs.

A sale takes stock out at its average cost and Xero posts that cost by itself, a credit note brings
it back; a purchase brings it in at what was paid. Drafts move nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from pipelines.sandbox.books import to_base
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import CREDITS, SALES, ZERO, Document, StockMove, to_cents
from pipelines.sandbox.write_call import Findings, WriteCall

INSUFFICIENT = "Insufficient stock. Items are eligible for backorder."


def move_stock(
    document: Document, previous: Document | None, call: WriteCall, found: Findings
) -> Document:
    """Return the document with its stock moves; refuse it if there is not enough.

    What the previous version moved counts as brought back.
    """
    undone = _sums(previous.stock if previous else ())
    moves = []
    if document.is_posted:
        for position, line in enumerate(document.lines):
            item = call.organisation.item(line.item_id) if line.item_id else None
            if item is not None and item.get("IsTrackedAsInventory") and line.quantity:
                moves.append(_move(document, position, item, undone, call))
    for item_id, (quantity, _) in _sums(moves).items():
        before = undone.get(item_id, (ZERO, ZERO))[0]
        on_hand = (call.organisation.item(item_id) or {}).get("QuantityOnHand", ZERO)
        takes = quantity < before  # only what takes more out than before can lack stock
        if takes and on_hand - before + quantity < 0 and not call.allows_backorders:
            found.refuse(INSUFFICIENT)
    return replace(document, stock=tuple(moves))


def settle_stock(document: Document, previous: Document | None, call: WriteCall) -> None:
    """Bring the items' quantities and values up to date with a document that is saved."""
    after, before = _sums(document.stock), _sums(previous.stock if previous else ())
    for item_id in after.keys() | before.keys():
        item = call.organisation.item(item_id)
        quantity, cost = (
            new - old
            for new, old in zip(
                after.get(item_id, (ZERO, ZERO)), before.get(item_id, (ZERO, ZERO)), strict=True
            )
        )
        if item is not None and (quantity or cost):
            call.organisation.change(
                "Items",
                item_id,
                QuantityOnHand=item.get("QuantityOnHand", ZERO) + quantity,
                TotalCostPool=item.get("TotalCostPool", ZERO) + cost,
            )


def _move(
    document: Document,
    position: int,
    item: Record,
    undone: dict[str, tuple[Decimal, Decimal]],
    call: WriteCall,
) -> StockMove:
    line = document.lines[position]
    is_sale = document.type in SALES
    inward = is_sale == (document.type in CREDITS)
    quantity = (line.quantity or ZERO) * (1 if inward else -1)
    if is_sale:
        back_quantity, back_cost = undone.get(item["ItemID"], (ZERO, ZERO))
        held = item.get("QuantityOnHand", ZERO) - back_quantity
        pool = item.get("TotalCostPool", ZERO) - back_cost
        cost = to_cents(quantity * pool / held) if held else ZERO
    else:
        cost = to_base(document.body.net(line), document.rate) * (1 if inward else -1)
    accounts = call.organisation
    return StockMove(
        item_id=item["ItemID"],
        position=position,
        quantity=quantity,
        cost=cost,
        asset_id=accounts.account_id(item["InventoryAssetAccountCode"]) or "",
        expense_id=accounts.account_id(item["PurchaseDetails"]["COGSAccountCode"]) or "",
    )


def _sums(moves: tuple[StockMove, ...] | list[StockMove]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return {item id: (quantity, cost)} of some moves."""
    sums: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for move in moves:
        quantity, cost = sums[move.item_id]
        sums[move.item_id] = (quantity + move.quantity, cost + move.cost)
    return sums
