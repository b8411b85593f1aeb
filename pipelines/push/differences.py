"""Compares what was sent with what the target holds, field by field.

Pure. Only what was sent is compared: the target may add ids, names and totals of its own. Tolerated
is what stays the same value (1.50 and 1.5, an absent field for an empty text); what else a
system is documented to write differently, its writer brings into one form first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pipelines.push.writer import Difference

Pairing = Callable[[str, Sequence[Any], Sequence[Any]], list[tuple[str, Any, Any]] | None]
"""(the list's field, sent, held) to (name, sent, held) of each; None: by position."""


def differences(sent: Any, held: Any, pairing: Pairing = lambda *_: None) -> list[Difference]:
    """Return what of `sent` is not held as it was sent, in the order of `sent`.

    Lists are compared by position, and must be of one length, unless `pairing` pairs them.
    """
    return list(_compared("", sent, held, pairing))


def _compared(path: str, sent: Any, held: Any, pairing: Pairing) -> Iterator[Difference]:
    if isinstance(sent, Mapping):
        if not isinstance(held, Mapping):
            if sent:
                yield Difference(path, sent, held)
            return
        for name, value in sent.items():
            where = f"{path}.{name}" if path else name
            yield from _compared(where, value, held.get(name), pairing)
    elif isinstance(sent, list | tuple):
        yield from _lists(path, sent, held, pairing)
    elif not is_same(sent, held):
        yield Difference(path, sent, held)


def _lists(path: str, sent: Sequence[Any], held: Any, pairing: Pairing) -> Iterator[Difference]:
    if not isinstance(held, list | tuple):
        if sent:
            yield Difference(path, sent, held)
        return
    pairs = pairing(path.rpartition(".")[2], sent, held)
    if pairs is None:
        if len(sent) != len(held):
            yield Difference(f"{path} (how many)", len(sent), len(held))
        pairs = [(str(at), *pair) for at, pair in enumerate(zip(sent, held, strict=False))]
    for name, one, other in pairs:
        yield from _compared(f"{path}[{name}]", one, other, pairing)


def is_same(sent: Any, held: Any) -> bool:
    """Return whether two scalars are one value; a number is one also where it came as text."""
    if sent in (None, ""):
        return held in (None, "")
    if isinstance(sent, bool) or isinstance(held, bool):
        return sent is held
    if isinstance(sent, int | float | Decimal):
        return _number(held) == Decimal(str(sent))
    return sent == held


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
