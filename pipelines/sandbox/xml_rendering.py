"""The same answers as XML, which is what Xero sends unless JSON is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as Xml

from pipelines.sandbox.paging import Rendering
from pipelines.sandbox.rendering import round_unit, shape
from pipelines.sandbox.resources import Resource

# An element of a list is named in the singular; these are not the list's name less an s.
_SINGULAR = {
    "Addresses": "Address",
    "Tracking": "TrackingCategory",
    "TrackingCategories": "TrackingCategory",
    "SalesTrackingCategories": "SalesTrackingCategory",
    "PurchasesTrackingCategories": "PurchasesTrackingCategory",
}
_UNITS = {2: Decimal("0.01"), 4: Decimal("0.0001")}


def records_xml(
    resource: Resource, records: Iterable[Mapping[str, Any]], rendering: Rendering
) -> list[Xml.Element]:
    """Return one element per record."""
    unit = _UNITS[rendering.unit_places]
    return [
        _element(resource.singular, shape(resource, record, rendering), unit) for record in records
    ]


def envelope_xml(
    head: Mapping[str, str],
    list_key: str,
    elements: Iterable[Xml.Element],
    pagination: Mapping[str, int] | None,
) -> bytes:
    """Return a whole answer: `<Response>` with the envelope's fields and the list."""
    root = Xml.Element("Response")
    for name, value in head.items():
        Xml.SubElement(root, name).text = value
    if pagination is not None:
        root.append(_element("pagination", pagination, _UNITS[2]))
    listed = Xml.SubElement(root, list_key)
    listed.extend(elements)
    return Xml.tostring(root, encoding="utf-8", xml_declaration=True)


def plain_element(name: str, value: Any) -> Xml.Element:
    """Return any JSON-like value as an element (reports)."""
    return _element(name, value, _UNITS[4])


def _element(name: str, value: Any, unit: Decimal) -> Xml.Element:
    element = Xml.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, one, unit) for key, one in value.items() if one is not None)
    elif isinstance(value, list | tuple):
        singular = _SINGULAR.get(name, name.removesuffix("s"))
        element.extend(_element(singular, one, unit) for one in value)
    else:
        element.text = _text(name, value, unit)
    return element


def _text(name: str, value: Any, unit: Decimal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(round_unit(name, value, unit), "f")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00"
    return str(value)
