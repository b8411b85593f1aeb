"""A record becomes a version; a batch of versions becomes an Arrow table in the one raw shape.

In: the bytes of records as a system sent them, and what the raw log holds of them. Out: the
versions that are new, and tombstones of records that a complete read no longer shows. No HTTP, no
dlt and no rule about codes here. The shape and its meaning: the raw log of the data contracts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa

from pipelines.held_versions import HeldVersion, live_ids

RAW_SCHEMA = pa.schema(
    [
        pa.field("tenant_id", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("version_hash", pa.string(), nullable=False),
        pa.field("record_updated_at", pa.timestamp("us")),
        pa.field("extracted_at", pa.timestamp("us"), nullable=False),
        pa.field("is_deleted", pa.bool_(), nullable=False),
        pa.field("payload", pa.string()),
    ]
)
Payload = bytes | msgspec.Raw
TOMBSTONE_HASH = "0" * 32
MICROSECOND = timedelta(microseconds=1)

# Numbers of more than 15 significant digits do not survive the warehouse's JSON parser. A cheap
# first look finds runs of 16 digits and points; only then are a number's digits counted.
_DIGITS = bytes(ord("0") if byte in b"0123456789." else ord(" ") for byte in range(256))
_LONG_RUN = b"0" * 16
_DATE = re.compile(r"-?\d+")
_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(order="sorted", decimal_format="number")


@dataclass
class VersionCounts:
    """What became of the records that were read."""

    records_read: int = 0
    versions_written: int = 0
    changed_without_stamp: int = 0
    tombstones: int = 0
    without_id: list[str] = field(default_factory=list)
    long_numbers: list[str] = field(default_factory=list)


class VersionLog:
    """Sorts what is read of one tenant's endpoint into new versions and known ones.

    Args:
        tenant_id: The organisation, or `*` for settings that hold for all.
        id_field: The field that names a record; several where the key has several parts.
        stamp_field: The field that holds its change stamp; None where the endpoint has none.
        held: The latest versions by record id; grows with each new version.
        lookup: Finds the latest versions of the ids it is given; None where `held` has them all.
        not_before: The greatest `extracted_at` held; new rows come after it, also when the
            computer's clock was set back.
    """

    apart: frozenset[str] = frozenset()
    """Fields that make no version: they tell of the reading, not of the record."""

    def __init__(
        self,
        tenant_id: str,
        *,
        id_field: str | tuple[str, ...],
        stamp_field: str | None,
        held: Mapping[str, HeldVersion],
        lookup: Callable[[Sequence[str]], Mapping[str, HeldVersion]] | None = None,
        not_before: datetime | None = None,
    ) -> None:
        self.tenant_id = tenant_id
        self.counts = VersionCounts()
        self.latest_stamp: datetime | None = None
        self.page_stamp: datetime | None = None
        self.is_in_order = True
        self._id_fields = (id_field,) if isinstance(id_field, str) else id_field
        self._stamp_field = stamp_field
        self._held = dict(held)
        self._lookup = lookup
        self._next_at = (not_before + MICROSECOND) if not_before else datetime.min

    def append(
        self, payloads: Sequence[Payload], received_at: datetime
    ) -> tuple[pa.Table, list[str]]:
        """Return the new versions among the records of one answer, and the ids of all of them.

        `page_stamp` is then the greatest change stamp of the answer, and `is_in_order` tells
        whether every stamp so far was at least the one before.

        Args:
            payloads: Each record's JSON as received.
            received_at: When the answer came, naive UTC; kept to the millisecond, so that the
                records of one answer (up to 1,000) share it and differ in their microseconds.
        """
        base = self._base(received_at)
        self.page_stamp = None
        rows: list[tuple[Any, ...]] = []
        records = [decode(payload, self.apart) for payload in payloads]
        ids = [self._record_id(fields, digest) for fields, digest in records]
        if self._lookup:
            unknown = [record_id for record_id in ids if record_id not in self._held]
            self._held.update(self._lookup(unknown))
        for position, (record_id, (fields, digest)) in enumerate(zip(ids, records, strict=True)):
            payload = payloads[position]
            stamp = parse_stamp(fields.get(self._stamp_field)) if self._stamp_field else None
            self._note(stamp)
            held = self._held.get(record_id)
            if held and held.version_hash == digest and not held.is_deleted:
                continue
            if held and stamp and not held.is_deleted and held.record_updated_at == stamp:
                self.counts.changed_without_stamp += 1
            raw = bytes(payload)
            if _LONG_RUN in raw.translate(_DIGITS) and has_long_number(fields):
                self.counts.long_numbers.append(record_id)
            self._held[record_id] = HeldVersion(digest, stamp, False)
            at = base + position * MICROSECOND
            text = raw.decode("utf-8")
            rows.append((self.tenant_id, record_id, digest, stamp, at, False, text))
        self.counts.records_read += len(payloads)
        self.counts.versions_written += len(rows)
        self._next_at = base + max(len(payloads), 1) * MICROSECOND
        return raw_table(rows), ids

    def tombstones(self, seen: Iterable[str], read_at: datetime) -> pa.Table:
        """Return a tombstone for each live record that a complete read no longer shows."""
        gone = sorted(self.live_ids().difference(seen))
        base = self._base(read_at)
        rows = [
            (self.tenant_id, record_id, TOMBSTONE_HASH, None, base + n * MICROSECOND, True, None)
            for n, record_id in enumerate(gone)
        ]
        self.counts.tombstones += len(rows)
        self._next_at = base + max(len(rows), 1) * MICROSECOND
        return raw_table(rows)

    def _note(self, stamp: datetime | None) -> None:
        if stamp is None or (self.latest_stamp is not None and stamp < self.latest_stamp):
            self.is_in_order = False
        if stamp is not None:
            self.latest_stamp = max(stamp, self.latest_stamp or stamp)
            self.page_stamp = max(stamp, self.page_stamp or stamp)

    def live_ids(self, since: datetime | None = None) -> set[str]:
        """Return the ids of the records that are known here and live."""
        return live_ids(self._held, since)

    def held_count(self) -> int:
        """Return how many records are held and not deleted."""
        return len(self.live_ids())

    def _record_id(self, fields: Mapping[str, Any], digest: str) -> str:
        parts = [_id_part(fields.get(name)) for name in self._id_fields]
        if None not in parts and any(parts):
            return "|".join(map(str, parts))
        record_id = f"no-id:{digest}"  # kept, and reported: nothing that was read is dropped
        self.counts.without_id.append(record_id)
        return record_id

    def _base(self, at: datetime) -> datetime:
        truncated = at.replace(microsecond=at.microsecond // 1000 * 1000)
        if truncated >= self._next_at:
            return truncated
        after = self._next_at + timedelta(microseconds=999)
        return after.replace(microsecond=after.microsecond // 1000 * 1000)


def raw_table(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Return rows in the raw shape as an Arrow table; no rows give an empty one of that shape."""
    columns = list(zip(*rows, strict=True)) or [()] * len(RAW_SCHEMA)
    pairs = zip(columns, RAW_SCHEMA, strict=True)
    arrays = [pa.array(values, type=column.type) for values, column in pairs]
    return pa.Table.from_arrays(arrays, schema=RAW_SCHEMA)


def _id_part(value: Any) -> str | None:
    """Return a part of an id as text; a blank part is one, a missing one or a fraction is none."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def decode(payload: Payload, apart: frozenset[str] = frozenset()) -> tuple[dict[str, Any], str]:
    """Return a record's fields, fractions as Decimal, and its version hash.

    The hash is 32 hexadecimal digits over the canonical JSON: keys sorted, no spaces, numbers as
    they came, the fields `apart` left out. What is no JSON object, or cannot be decoded, has no
    fields and is hashed as is.
    """
    try:
        decoded = _decoder.decode(payload)
        hashed = decoded
        if apart and isinstance(decoded, dict):
            hashed = {name: value for name, value in decoded.items() if name not in apart}
        canonical = _encoder.encode(hashed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        decoded, canonical = None, bytes(payload)
    digest = hashlib.sha256(canonical).hexdigest()[:32]
    return (decoded if isinstance(decoded, dict) else {}), digest


def parse_stamp(value: Any) -> datetime | None:
    """Return a change stamp as naive UTC, or None if it is none.

    Xero writes `/Date(1573755038314+0000)/`: milliseconds since 1970 in UTC; the offset after
    them is informational and ignored. ISO 8601 is taken too.
    """
    if not isinstance(value, str):
        return None
    try:
        if value.startswith("/Date("):
            digits = _DATE.search(value)
            return _EPOCH + timedelta(milliseconds=int(digits[0])) if digits else None
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC).replace(tzinfo=None) if parsed.tzinfo else parsed
    except (ValueError, OverflowError):  # no date, or one beyond the year 9999
        return None


def has_long_number(value: Any) -> bool:
    """Return whether a number in it has more than 15 significant digits."""
    if isinstance(value, Decimal):
        return len(value.normalize().as_tuple().digits) > 15
    if isinstance(value, int):
        return abs(value) >= 10**15
    if isinstance(value, Mapping):
        return any(map(has_long_number, value.values()))
    return isinstance(value, list) and any(map(has_long_number, value))


_EPOCH = datetime(1970, 1, 1)
