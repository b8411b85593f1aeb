"""Reads the body of a write: its elements, and their fields in the types that Xero expects.

Numbers keep their digits (never through float). A field that is null counts as absent. What cannot
be read refuses the whole request, as Xero's own parser does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from pipelines.sandbox import answers
from pipelines.sandbox.answers import ApiError
from pipelines.sandbox.resources import Resource

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_MS_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_LARGEST = Decimal(10) ** 15


def read_elements(body: bytes, resource: Resource) -> list[Given]:
    """Return the elements: of the envelope `{"Invoices":[…]}`, or one that stands bare.

    Raises:
        ApiError: The body is no JSON object, or holds no element.
    """
    try:
        whole = _DECODER.decode(body)
    except (msgspec.DecodeError, InvalidOperation) as error:
        raise answers.post_data_invalid(f"JSON for post data was invalid,{error}") from error
    if not isinstance(whole, dict):
        raise answers.post_data_invalid("JSON for post data was invalid,an object was expected")
    listed = whole.get(resource.list_key, [whole] if whole else [])
    elements = [listed] if isinstance(listed, dict) else listed
    if not isinstance(elements, list) or not all(isinstance(one, dict) for one in elements):
        raise answers.post_data_invalid(
            f"JSON for post data was invalid,a list of objects was expected at {resource.list_key}"
        )
    if not elements:
        raise answers.no_data(resource.singular)
    return [Given(one, f"{resource.list_key}[{at}]") for at, one in enumerate(elements)]


@dataclass(frozen=True)
class Given:
    """An object of the body; `path` says where it stands. Each method may raise `ApiError`."""

    fields: Mapping[str, Any]
    path: str

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.fields.get(name) is not None

    def text(self, name: str) -> str | None:
        """Return a text; a number counts as its digits (an account code without quotes)."""
        value = self.fields.get(name)
        if isinstance(value, dict | list):
            raise self._unreadable(name, "string")
        return None if value is None else str(value)

    def number(self, name: str) -> Decimal | None:
        """Return a number, also when it is sent as a text."""
        value = self.fields.get(name)
        if value is None or value == "":
            return None
        try:
            number = Decimal("NaN") if isinstance(value, bool | dict | list) else Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= _LARGEST:
            raise self._unreadable(name, "decimal")
        return number

    def day(self, name: str) -> date | None:
        """Return a calendar date: `2026-11-02`, with or without a time, or `/Date(ms)/`."""
        value = self.text(name)
        if not value:
            return None
        try:
            matched = _MS_DATE.fullmatch(value)
            if matched:
                return datetime.fromtimestamp(int(matched[1]) / 1000, UTC).date()
            return date.fromisoformat(value[:10])
        except (ValueError, OverflowError, OSError) as error:
            raise self._unreadable(name, "date") from error

    def flag(self, name: str) -> bool | None:
        """Return a truth value, also when it is sent as a text."""
        value = self.fields.get(name)
        if value is None or isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "false"):
            return str(value).lower() == "true"
        raise self._unreadable(name, "boolean")

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """Return one of the words that Xero knows for a field."""
        value = self.text(name)
        if value and value not in allowed:
            raise self._unreadable(name, name)
        return value or None

    def object(self, name: str) -> Given | None:
        """Return a nested object."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._unreadable(name, name)
        return None if value is None else Given(value, f"{self.path}.{name}")

    def objects(self, name: str) -> list[Given] | None:
        """Return a nested list of objects; None where the field is absent."""
        if not self.has(name):
            return None
        return list(self._objects(name))

    def _objects(self, name: str) -> Iterator[Given]:
        value = self.fields[name]
        if not isinstance(value, list):
            raise self._unreadable(name, "list")
        for at, one in enumerate(value):
            if not isinstance(one, dict):
                raise self._unreadable(f"{name}[{at}]", "object")
            yield Given(one, f"{self.path}.{name}[{at}]")

    def _unreadable(self, name: str, kind: str) -> ApiError:
        value = self.fields.get(name)
        shown = f'"{value}"' if isinstance(value, str) else str(value)
        return answers.post_data_invalid(
            f"Error converting value {shown} to type '{kind}'. Path '{self.path}.{name}'."
        )
