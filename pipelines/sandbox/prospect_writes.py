"""What the sandbox's Prospect makes of a POST or a PATCH: create-only, computed, required, linked.

A PATCH of a create-only or computed property is ignored, as is one that names what the set does
not have; the real one ignores or refuses it, depending on the property.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pipelines.sandbox.prospect_model import COMPANY, ENTITY_SETS, EntitySet
from pipelines.sandbox.prospect_world import Key, ProspectWorld, Record

# Codes of the database behind Prospect; the first one is seen in answers, the second follows it.
FOREIGN_KEY = "-194"
TOO_LONG = "-638"


class WriteError(Exception):
    """A write that Prospect refuses with 400. `details` holds {target, message} of each cause."""

    def __init__(self, message: str, details: list[dict[str, str]] | None = None) -> None:
        super().__init__(message)
        self.details = details or []


def created(world: ProspectWorld, entity_set: EntitySet, fields: Mapping[str, Any]) -> Record:
    """Add a record and return it; a numeric key that is not given is the next number.

    Raises:
        WriteError: A required property is missing, a value does not fit, or a link leads nowhere.
    """
    values = _typed(entity_set, fields, set(entity_set.properties) - entity_set.computed)
    if COMPANY in entity_set.properties:
        values.setdefault(COMPANY, "A")
    key = entity_set.key
    if len(key) == 1 and entity_set.properties[key[0]] == "int":
        values.setdefault(key[0], world.next_number(entity_set.name))
    missing = [name for name in (*key, *entity_set.required) if values.get(name) in (None, "")]
    if missing:
        causes = [{"target": name, "message": f"{name} is required."} for name in missing]
        raise WriteError(f"{entity_set.name}: {', '.join(missing)} is required.", causes)
    _check_links(world, entity_set, values)
    try:
        return world.add(entity_set.name, values)
    except ValueError as error:
        raise WriteError(f"Primary key is not unique: {error}.") from error


def patched(
    world: ProspectWorld, entity_set: EntitySet, key: Key, fields: Mapping[str, Any]
) -> None:
    """Change what may be changed of a record.

    Raises:
        WriteError: A value does not fit, or a link leads nowhere.
    """
    values = _typed(entity_set, fields, entity_set.writable)
    record = world.find(entity_set.name, key) or {}
    _check_links(world, entity_set, {**record, **values})
    world.change(entity_set.name, key, **values)


def _typed(
    entity_set: EntitySet, fields: Mapping[str, Any], allowed: set[str] | frozenset[str]
) -> Record:
    accepted = {"text": str, "int": int, "money": (int, Decimal), "instant": str}
    values: Record = {}
    for name, value in fields.items():
        if name not in allowed:
            continue
        kind = entity_set.properties[name]
        if value is not None and not isinstance(value, accepted[kind]):
            cause = {"target": name, "message": f"Cannot convert {value!r} to {kind}."}
            raise WriteError(f"{name}: {cause['message']}", [cause])
        width = entity_set.widths.get(name)
        if width is not None and value is not None and len(value) > width:
            cause = {"target": name, "message": f"Right truncation of string data ({TOO_LONG})"}
            raise WriteError(f"{name}: {cause['message']}", [cause])
        values[name] = _converted(kind, value)
    return values


def _converted(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "instant":
        return datetime.fromisoformat(value)
    return Decimal(value) if kind == "money" else value


def _check_links(world: ProspectWorld, entity_set: EntitySet, values: Mapping[str, Any]) -> None:
    for ours, theirs in entity_set.foreign_keys.items():
        key = tuple(values.get(name) for name in ours)
        if None in key or "" in key:
            continue
        if world.find(ENTITY_SETS[theirs].name, key) is None:
            message = (
                f"No primary key value for foreign key '{theirs}' in table '{entity_set.name}' "
                f"({FOREIGN_KEY})"
            )
            raise WriteError(message, [{"target": ours[-1], "message": message}])
