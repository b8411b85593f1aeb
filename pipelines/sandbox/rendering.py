"""Records as Xero writes them in JSON: its dates, its decimals, and the fields it leaves out.

The world holds Decimals, dates and instants; here they become numbers with their exact decimals
(never through float), `/Date(ms+0000)/` and the companion strings. Xero omits fields by the kind of
request (`shape`), and rounds unit amounts to 2 decimals unless `unitdp=4` is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec

from pipelines.sandbox.paging import Rendering
from pipelines.sandbox.resources import Resource

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT_FIELDS = frozenset({"UnitAmount", "UnitPrice"})
_COMPANIONS = {name: f"{name}String" for name in ("Date", "DueDate", "ExpiryDate", "DeliveryDate")}
_AS_THEY_ARE = frozenset({str, bool, int, type(None)})
_PLACES = {2: Decimal("0.01"), 4: Decimal("0.0001")}


def shape(resource: Resource, record: Mapping[str, Any], rendering: Rendering) -> dict[str, Any]:
    """Return the record with the fields that this kind of request shows."""
    shown = dict(record)
    if not rendering.is_full:
        for name in resource.unpaged_drops & shown.keys():
            del shown[name]
        for name in resource.unpaged_empty & shown.keys():
            shown[name] = []
    if rendering.summary_only:
        for name in resource.summary_drops & shown.keys():
            del shown[name]
    if resource.nested_archived and not rendering.include_archived:
        name, status = resource.nested_archived
        shown[name] = [one for one in shown.get(name, ()) if one.get(status) != "ARCHIVED"]
    return shown


def to_wire(resource: Resource, record: Mapping[str, Any], rendering: Rendering) -> dict[str, Any]:
    """Return the shaped record in JSON's types, dates and decimals as Xero writes them."""
    unit = _PLACES[rendering.unit_places]
    wire: dict[str, Any] = {}
    for name, value in shape(resource, record, rendering).items():
        if resource.has_date_strings and name in _COMPANIONS and value is not None:
            wire[_COMPANIONS[name]] = f"{value.isoformat()}T00:00:00"
        wire[name] = value if type(value) in _AS_THEY_ARE else _plain(name, value, unit)
        if resource.has_date_strings and name == "UpdatedDateUTC" and value is not None:
            wire["UpdatedDateUTCString"] = value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return wire


def encode(value: Any) -> bytes:
    """Return JSON; Decimals become numbers with their own digits."""
    return _ENCODER.encode(value)


def ms_date(value: date | datetime) -> str:
    """Return `/Date(ms+0000)/`; a calendar date stands at 00:00 UTC."""
    if not isinstance(value, datetime):
        return f"/Date({(value.toordinal() - _EPOCH.toordinal()) * 86_400_000}+0000)/"
    since = value - _EPOCH
    whole = since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
    return f"/Date({whole}+0000)/"


def round_unit(name: str, value: Decimal, unit: Decimal) -> Decimal:
    """Round a unit amount or price to the places asked for; leave every other number alone."""
    return value.quantize(unit, ROUND_HALF_UP) if name in _UNIT_FIELDS else value


def _plain(name: str, value: Any, unit: Decimal) -> Any:
    kind = type(value)
    if kind is Decimal:
        return _number(round_unit(name, value, unit))
    if kind is dict:
        return {
            key: one if type(one) in _AS_THEY_ARE else _plain(key, one, unit)
            for key, one in value.items()
        }
    if kind is list:
        return [_plain(name, one, unit) for one in value]
    if isinstance(value, date):  # a datetime is a date as well
        return ms_date(value)
    if isinstance(value, Mapping):
        return _plain(name, dict(value), unit)
    return value


def _number(value: Decimal) -> Decimal | msgspec.Raw:
    # str(Decimal) turns to 1E+3 and 0E-8, which Xero never writes.
    return msgspec.Raw(format(value, "f").encode()) if "E" in str(value) else value
