"""Whether Xero holds a record as it was sent, apart from what it is documented to write otherwise.

Dates come back as `/Date(ms)/` with a companion string, ids in small letters, BASEXCLUDED in place
of NONE (Australia); phones and addresses of every type, and tracking by category, in an order of
Xero's own. Totals are compared with those the plan stated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pipelines.push.differences import differences
from pipelines.push.writer import Difference

_MS_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DAYS = ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate")
_NO_TAX = ("NONE", "BASEXCLUDED")
_NAMED_BY = {
    "Phones": ("PhoneType",),
    "Addresses": ("AddressType",),
    "SalesTrackingCategories": ("TrackingCategoryName",),
    "PurchasesTrackingCategories": ("TrackingCategoryName",),
    "Tracking": ("TrackingCategoryID", "Name"),
}


def unlike(
    fields: Mapping[str, Any], held: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[Difference]:
    """Return what of the fields Xero does not hold, and totals that are not the plan's."""
    expected = {**fields, **_totals(facts, held)}
    return differences(_plain(expected), _plain(held), _paired)


def _totals(facts: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return Total as the plan states it, and its parts if they are parts of that total."""
    total = facts.get("target_total") or facts.get("total")
    if total is None or "Total" not in held:
        return {}
    expected = {"Total": Decimal(total)}
    net, tax = facts.get("net"), facts.get("tax")
    if net is not None and tax is not None and Decimal(net) + Decimal(tax) == Decimal(total):
        expected |= {"SubTotal": Decimal(net), "TotalTax": Decimal(tax)}
    return expected


def _plain(value: Any, name: str = "") -> Any:
    """Return a value in one form, whichever of the two sides it comes from."""
    if isinstance(value, Mapping):
        return {key: _plain(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, name) for one in value]
    if not isinstance(value, str):
        return value
    if name in _DAYS:
        return _day(value)
    if name == "TaxType" and value in _NO_TAX:
        return _NO_TAX[0]
    return value.lower() if name.endswith("ID") and _GUID.fullmatch(value) else value


def _day(text: str) -> str:
    found = _MS_DATE.fullmatch(text)
    if found is None:
        return text[:10]
    return datetime.fromtimestamp(int(found[1]) / 1000, UTC).date().isoformat()


def _paired(
    field: str, sent: Sequence[Any], held: Sequence[Any]
) -> list[tuple[str, Any, Any]] | None:
    """Pair the elements of a list that Xero orders by itself; None where the order is ours."""
    if field not in _NAMED_BY:
        return None
    pairs = []
    for one in sent:
        by = next((each for each in _NAMED_BY[field] if one.get(each)), None)
        same = (each for each in held if by and each.get(by) == one[by])
        pairs.append((str(one.get(by) if by else "?"), one, next(same, None)))
    return pairs
