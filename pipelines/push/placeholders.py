"""Values that are only known once another record is there: `{{xero__contacts/workguru:17}}`.

Pure. A placeholder stands for the target's own id of a record; it is filled in just before sending,
so that an approval covers the payload with placeholders, and the request's hash the one without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.push.operations import MARK, UNCHANGED, UPDATE, Finding, Operation

_PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}")
# Of these something may still come; a record that depends on one waits.
OPEN = frozenset({"planned", "approved", "sent", "unknown"})


@dataclass(frozen=True)
class KnownRecord:
    """What the ledger knows of a record that others depend on, by its latest operation."""

    label: str
    operation: str
    status: str
    target_id: str | None

    @property
    def is_there(self) -> bool:
        """Whether the target holds it, as it was planned or not."""
        return self.target_id is not None and (
            self.operation in (UNCHANGED, UPDATE)
            or self.status in ("confirmed", "dropped_fields", "skipped")
        )

    @property
    def is_as_planned(self) -> bool:
        """Whether the target holds it as it was planned."""
        return self.is_there and (self.operation == UNCHANGED or self.status == "confirmed")


@dataclass(frozen=True)
class Readiness:
    """Whether an operation may be sent: now, later (`waits_for`), or not from this plan."""

    waits_for: str | None = None
    finding: Finding | None = None


def readiness(operation: Operation, known: Mapping[str, KnownRecord]) -> Readiness:
    """Return whether all that an operation depends on is in the target.

    A mark (sent to accounting) needs its document as planned; others only need the record's id.
    """
    for name in needed(operation):
        record = known.get(name)
        if record is None:
            what = f"{operation.label} needs {name}, which was never planned."
            return Readiness(finding=Finding("DEPENDENCY", "skip", what, "Plan again."))
        if record.is_as_planned or (record.is_there and operation.operation != MARK):
            continue
        if record.operation != UNCHANGED and record.status in OPEN:
            return Readiness(waits_for=record.label)
        what = f"{operation.label} needs {record.label}, which is {record.status}."
        return Readiness(finding=Finding("DEPENDENCY", "skip", what, "Settle that, plan again."))
    return Readiness()


def needed(operation: Operation) -> tuple[str, ...]:
    """Return the records an operation depends on: those it names and those of its placeholders."""
    return tuple(dict.fromkeys((*operation.depends_on, *_names(operation.payload))))


def filled(payload: Any, known: Mapping[str, KnownRecord]) -> Any:
    """Return a payload with ids in place of its placeholders.

    Raises:
        KeyError: A placeholder's record is not known, or has no id; `readiness` says so before.
    """

    def of(found: re.Match[str]) -> str:
        target_id = known[found[1]].target_id
        if target_id is None:
            raise KeyError(found[1])
        return target_id

    if isinstance(payload, str):
        return _PLACEHOLDER.sub(of, payload)
    if isinstance(payload, Mapping):
        return {name: filled(value, known) for name, value in payload.items()}
    return [filled(value, known) for value in payload] if isinstance(payload, list) else payload


def _names(payload: Any) -> list[str]:
    if isinstance(payload, str):
        return _PLACEHOLDER.findall(payload)
    values = payload.values() if isinstance(payload, Mapping) else payload
    return [name for one in values for name in _names(one)] if _has_parts(payload) else []


def _has_parts(payload: Any) -> bool:
    return isinstance(payload, Mapping | list)
