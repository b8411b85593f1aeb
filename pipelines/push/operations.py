"""One record of a plan as the ledger holds it: what is to be written, and where it stands.

In: a row of `tables.OPERATIONS`. Out: an `Operation`, its JSON decoded with every number as it was
written (fractions as Decimal, never through float). Nothing is decided here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

CREATE, UPDATE, DELETE, MARK, UNCHANGED = "create", "update", "delete", "mark", "unchanged"

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Finding:
    """Something a person must know of a record. severity: block, hold, skip or warn."""

    rule: str
    severity: str
    message: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as the ledger keeps it."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "remedy": self.remedy,
        }


@dataclass(frozen=True)
class Operation:
    """The columns of `tables.OPERATIONS`; `payload_text` is the payload as it was approved.

    `before` holds the payload's fields as the target held them when the plan was made (None: not
    held); `depends_on` the records ("<target>__<entity>/<record_key>") that must be there first.
    """

    operation_id: str
    plan_id: str
    position: int
    tenant_id: str
    target: str
    entity: str
    record_key: str
    operation: str
    label: str
    source_system: str | None
    source_record_id: str | None
    target_id: str | None
    payload: Mapping[str, Any]
    payload_text: str
    payload_hash: str
    before: Mapping[str, Any] | None
    held_version: str | None
    changes: tuple[Mapping[str, Any], ...]
    findings: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Any]
    depends_on: tuple[str, ...]
    undo_of: str | None
    status: str
    changed_at: datetime

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Operation:
        """Return the operation that a row of the table holds.

        Raises:
            msgspec.DecodeError: A column is not the JSON it should be.
        """
        columns = dict(row)
        before = columns["before"]
        columns |= {
            "payload": decode_json(columns["payload"]),
            "payload_text": columns["payload"],
            "before": None if before is None else decode_json(before),
            "changes": tuple(decode_json(columns["changes"])),
            "findings": tuple(decode_json(columns["findings"])),
            "facts": decode_json(columns["facts"]),
            "depends_on": tuple(decode_json(columns["depends_on"])),
        }
        return cls(**columns)

    @property
    def relation(self) -> str:
        """What it is one of, as `depends_on` and placeholders call it: `xero__contacts`."""
        return f"{self.target}__{self.entity}"

    @property
    def is_as_hashed(self) -> bool:
        """Whether the payload is the one that its hash was taken of (MD5 or SHA-256, in hex)."""
        text = self.payload_text.encode()
        digest = hashlib.md5(text, usedforsecurity=False).hexdigest()
        return self.payload_hash in (digest, hashlib.sha256(text).hexdigest())


def decode_json(text: str | bytes) -> Any:
    """Return what a JSON text says; a fraction is a Decimal with the digits that were written."""
    return _decoder.decode(text)


def encode_json(value: Any) -> bytes:
    """Return JSON in which a Decimal is a number with its own digits."""
    return _encoder.encode(value)
