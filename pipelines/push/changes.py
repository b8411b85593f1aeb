"""What would change: a payload against what the target holds, field by field.

Generic JSON comparison, with no knowledge of any field. Numbers are equal by value (1 and 1.00);
only what the payload says is compared, since what it leaves out stays as it is. A list is replaced
as a whole by the targets, so an element that is held and not sent is a change too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

Change = dict[str, Any]

_PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}")
_ABSENT: Any = object()


def field_changes(payload: Any, held: Any) -> list[Change]:
    """Return {field, before, after} of each leaf that differs; None stands for absent."""
    return [
        {"field": path, "before": _shown(before), "after": _shown(after)}
        for path, before, after in _differences("", held, payload)
    ]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (path, value) of each leaf: `LineItems[0].AccountCode`."""
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple) and value:
        for number, each in enumerate(value):
            yield from leaves(each, f"{path}[{number}]")
    else:
        yield path, value


def filled(value: Any, known: Callable[[str], str | None]) -> Any:
    """Return a payload with each placeholder whose record is known replaced by its id.

    Args:
        value: A payload, or a part of one.
        known: Gives the target's id of `<target>__<entity>/<record_key>`, or None.
    """
    if isinstance(value, Mapping):
        return {name: filled(each, known) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [filled(each, known) for each in value]
    if isinstance(value, str) and (found := _PLACEHOLDER.fullmatch(value)):
        return known(found[1]) or value
    return value


def _differences(path: str, held: Any, payload: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(payload, Mapping) and (isinstance(held, Mapping) or held in (_ABSENT, None)):
        for name, after in payload.items():
            before = held.get(name, _ABSENT) if isinstance(held, Mapping) else _ABSENT
            yield from _differences(f"{path}.{name}" if path else name, before, after)
    elif isinstance(payload, list | tuple) and isinstance(held, list | tuple):
        for number in range(max(len(payload), len(held))):
            before = held[number] if number < len(held) else _ABSENT
            after = payload[number] if number < len(payload) else _ABSENT
            yield from _differences(f"{path}[{number}]", before, after)
    elif not _is_equal(held, payload):
        yield path, held, payload


def _is_equal(one: Any, other: Any) -> bool:
    if one is _ABSENT or other is _ABSENT:
        return one is other
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one == other
    return type(one) is type(other) and one == other


def _shown(value: Any) -> Any:
    return None if value is _ABSENT else value
