"""An entity set of the sandbox's Prospect as data: key, properties, what may be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "int", "money", "instant"]
STAMP = "LastUpdatedTimestamp"
COMPANY = "OperatingCompanyCode"


@dataclass(frozen=True)
class EntitySet:
    """One entity set.

    Attributes:
        name: As in the URL.
        key: The parts of the key, in the order of the metadata.
        properties: Type of each property; `money` is Edm.Decimal, `instant` Edm.DateTimeOffset.
        writable: What a PATCH may change; everything else is create-only.
        computed: Never writable, worked out from the others.
        required: What a POST must have, the key apart.
        foreign_keys: (our properties) -> the entity set they must exist in.
        widths: How many characters a text may have, where the metadata says it.
    """

    name: str
    key: tuple[str, ...]
    properties: Mapping[str, Type]
    writable: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    foreign_keys: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_stamped(self) -> bool:
        """Whether its records carry a change stamp; the two headers do not."""
        return STAMP in self.properties


def entity_set(
    name: str,
    key: str,
    *,
    texts: str = "",
    ints: str = "",
    money: str = "",
    instants: str = "",
    computed: str = "",
    writable: str = "",
    required: str = "",
    foreign_keys: Mapping[str, str] | None = None,
    widths: Mapping[str, int] | None = None,
    is_stamped: bool = True,
) -> EntitySet:
    """Make a set; properties are named in lists of words, by their type."""
    stamps = f"Created LastUpdated {STAMP}" if is_stamped else ""
    typed: dict[Type, str] = {
        "text": texts,
        "int": ints,
        "money": f"{money} {computed}",
        "instant": f"{instants} {stamps}",
    }
    return EntitySet(
        name,
        tuple(key.split()),
        {each: kind for kind, names in typed.items() for each in names.split()},
        frozenset(writable.split()),
        frozenset(computed.split()),
        tuple(required.split()),
        {tuple(ours.split()): theirs for ours, theirs in (foreign_keys or {}).items()},
        {each: width for names, width in (widths or {}).items() for each in names.split()},
    )
