"""The path of an OData request: an entity set, and the key of one record if there is one."""

from __future__ import annotations

import re
from typing import Any

from pipelines.sandbox.prospect_model import ENTITY_SETS, EntitySet

_PATH = re.compile(r"(\w+)(?:\((.*)\))?/?")
_PART = re.compile(r"(?:(\w+)=)?('(?:[^']|'')*'|-?\d+)(?:,|$)")


class KeyShapeError(Exception):
    """A key that has not the set's shape. Prospect answers it with 500, not 400."""


def parse_path(path: str) -> tuple[str, tuple[Any, ...] | None]:
    """Return the set and the key's values in the order of its parts; None without a key.

    Raises:
        KeyShapeError: The key does not fit the set.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        return path, None
    name, key = found.groups()
    if key is None or name not in ENTITY_SETS:
        return name, None
    return name, _key(ENTITY_SETS[name], key)


def _key(entity_set: EntitySet, text: str) -> tuple[Any, ...]:
    parts = list(_PART.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text:
        raise KeyShapeError(f"Cannot read the key ({text}) of {entity_set.name}.")
    if len(parts) == 1 and len(entity_set.key) == 1 and parts[0][1] is None:
        values = {entity_set.key[0]: parts[0][2]}
    else:
        values = {part[1]: part[2] for part in parts}
        # Public clients address an invoice by the first two parts of its three.
        values = {"CreditNoteNumber": "''"} | values if _is_invoice(entity_set) else values
    if set(values) != set(entity_set.key):
        raise KeyShapeError(f"The key of {entity_set.name} is {', '.join(entity_set.key)}.")
    return tuple(_value(entity_set, name, values[name]) for name in entity_set.key)


def _is_invoice(entity_set: EntitySet) -> bool:
    return "CreditNoteNumber" in entity_set.key


def _value(entity_set: EntitySet, name: str, text: str) -> Any:
    is_text = text.startswith("'")
    if is_text != (entity_set.properties[name] == "text"):
        raise KeyShapeError(f"{name} of {entity_set.name} is of another type.")
    return text[1:-1].replace("''", "'") if is_text else int(text)
