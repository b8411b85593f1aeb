"""Items that are written over the API, and their deletion.

An item is found by its id, else by its code; PUT only creates. An update keeps what it does not
mention. An item is tracked as inventory when it has an inventory asset account and a cost of goods
sold account; nothing else makes it so (xero-php#498).
"""

from __future__ import annotations

import uuid
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipelines.sandbox import answers
from pipelines.sandbox.answers import NOT_FOUND, ApiError
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import GONE
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, Outcome, WriteCall
from pipelines.sandbox.write_codes import check_account, check_tax_type, choose_account
from pipelines.sandbox.write_texts import emptied, read_texts

TEXTS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
MAX_ELEMENTS = 500
# calcinai/xero-php#264
COGS_ALONE = "Cost Of Goods Sold Account must be used with an Inventory Asset Account"
_PLACES = {2: Decimal("0.01"), 4: Decimal("0.0001")}
_NOUGHT = Decimal("0.00")


def write_item(given: Given, call: WriteCall) -> Outcome:
    """Create or update one item, unless something is wrong with it.

    Raises:
        ApiError: The request as a whole cannot be answered (404 for an unknown id in the path,
            400 for what cannot be read).
    """
    found = Findings()
    previous = _previous(given, call, found)
    if found.errors:
        return Outcome(given.fields, None, found)
    held = {
        "ItemID": str(uuid.uuid4()),
        "IsSold": True,
        "IsPurchased": True,
        "SalesDetails": {},
        "PurchaseDetails": {},
        "IsTrackedAsInventory": False,
        **(previous or {}),
    }
    after = {**held, **_fields(given, held, call, found)}
    after.pop("UpdatedDateUTC", None)  # it is stamped anew
    _check_code(after, call, found)
    _blank_unused(after)
    _settle_tracking(after, previous, call, found)
    if found.errors:
        return Outcome(given.fields, None, found)
    organisation = call.organisation
    if previous is None:
        record = organisation.add("Items", after)
        organisation.made_by_api.add(record["ItemID"])
    else:
        record = organisation.change("Items", previous["ItemID"], **after)
    return Outcome(given.fields, record, found)


def delete_item(call: WriteCall) -> None:
    """Delete the item of the call's key; it vanishes, documents keep their lines.

    Raises:
        ApiError: 404 if there is none, 400 for a tracked item that a document uses.
    """
    item = _keyed(call)
    if item is None:
        raise ApiError(404, text=NOT_FOUND)
    if item.get("IsTrackedAsInventory") and _is_used(item["ItemID"], call):
        raise answers.validation("A tracked item that has been used cannot be deleted.")
    call.organisation.remove("Items", item["ItemID"])


def _keyed(call: WriteCall) -> Record | None:
    held = call.organisation.records["Items"]
    return held.get(call.key.lower()) or held.get(call.organisation.item_id(call.key) or "")


def _previous(given: Given, call: WriteCall, found: Findings) -> Record | None:
    """Return the item that an element updates; None for a new one, or with the reason."""
    organisation = call.organisation
    if call.key:
        record = _keyed(call)
        if record is None:
            raise ApiError(404, text=NOT_FOUND)
        return record
    identity, code = given.text("ItemID"), given.text("Code")
    if identity:
        record = organisation.item(identity.lower())
        if record is None:
            found.refuse("An existing Item with the specified ItemID could not be found")
        elif call.creates_only:
            found.refuse(_exists(record["Code"]))
        return record
    record = organisation.item(organisation.item_id(code) or "") if code else None
    if record is not None and call.creates_only:
        found.refuse(_exists(record["Code"]))
    return record


def _fields(given: Given, held: Record, call: WriteCall, found: Findings) -> dict[str, Any]:
    fields: dict[str, Any] = emptied(read_texts(given, TEXTS, found))
    for name in ("IsSold", "IsPurchased"):
        flag = given.flag(name)
        if flag is not None:
            fields[name] = flag
    asset = given.text("InventoryAssetAccountCode")
    if asset is not None:
        fields["InventoryAssetAccountCode"] = asset or None
    for name in ("SalesDetails", "PurchaseDetails"):
        details = given.object(name)
        if details is not None:
            fields[name] = _details(details, held[name], call, found)
    return fields


def _details(given: Given, held: Record, call: WriteCall, found: Findings) -> Record:
    """Return prices, account and tax of one side; what is not sent is kept."""
    details = {**held, **read_texts(given, {"AccountCode": 10, "TaxType": 50}, found)}
    code, tax_type = given.text("AccountCode"), given.text("TaxType")
    account = None
    if code:
        choice = choose_account(Given({}, given.path), call, code)
        account = check_account(choice, call, found)
    if tax_type:
        check_tax_type(tax_type, account, call, found)
    if given.has("COGSAccountCode"):
        details["COGSAccountCode"] = given.text("COGSAccountCode")
    price = given.number("UnitPrice")
    if price is not None:
        details["UnitPrice"] = price.quantize(_PLACES[call.unit_places], ROUND_HALF_UP)
    return {name: value for name, value in details.items() if value not in (None, "")}


def _check_code(after: Record, call: WriteCall, found: Findings) -> None:
    code = after.get("Code")
    if not code:
        found.refuse("Price List Item Code must be supplied")
        return
    other = call.organisation.item_id(code)
    if other is not None and other != after["ItemID"]:
        found.refuse(_exists(code))


def _settle_tracking(
    after: Record, previous: Record | None, call: WriteCall, found: Findings
) -> None:
    """Decide whether the item is tracked, and check what tracked items need."""
    purchase = after["PurchaseDetails"]
    asset, cogs = after.get("InventoryAssetAccountCode"), purchase.get("COGSAccountCode")
    was_tracked = bool(previous and previous.get("IsTrackedAsInventory"))
    is_tracked = after["IsTrackedAsInventory"] = bool(asset and cogs)
    if cogs and not asset:
        found.refuse(COGS_ALONE)
    if asset and not cogs:
        found.refuse("Inventory Asset Account must be used with a Cost Of Goods Sold Account")
    if asset and cogs:
        _check_kind(asset, "INVENTORY", "Type", call, found)
        _check_kind(cogs, "EXPENSE", "Class", call, found)
        if purchase.get("AccountCode"):
            found.refuse("AccountCode is not applicable to the purchase details of tracked items.")
        after.setdefault("QuantityOnHand", _NOUGHT)
        after.setdefault("TotalCostPool", _NOUGHT)
    if previous is not None and is_tracked != was_tracked and _is_used(after["ItemID"], call):
        found.refuse("An item that has been used cannot start or stop being tracked.")


def _check_kind(code: str, kind: str, field: str, call: WriteCall, found: Findings) -> None:
    choice = choose_account(Given({}, ""), call, code)
    if not choice.is_usable or (choice.account or {}).get(field) != kind:
        found.refuse(f"Account code '{code}' is not a valid code for this document.")


def _blank_unused(after: Record) -> None:
    """Null what an item that is not sold, or not bought, cannot have."""
    if not after["IsSold"]:
        after |= {"Description": None, "SalesDetails": {}}
    if not after["IsPurchased"]:
        after |= {"PurchaseDescription": None, "PurchaseDetails": {}}


def _is_used(item_id: str, call: WriteCall) -> bool:
    return any(
        line.item_id == item_id
        for held in call.organisation.documents.values()
        for document in held.values()
        if document.status not in GONE
        for line in document.lines
    )


def _exists(code: str) -> str:
    return f"Price List Item with Code '{code}' already exists"
