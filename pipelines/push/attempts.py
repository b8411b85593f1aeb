"""What the ledger says to whoever applies: what may be sent, what was tried, what is there already.

Each function reads within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from pipelines.push.operations import Operation
from pipelines.push.placeholders import KnownRecord
from pipelines.push.tables import APPROVALS, ATTEMPTS, OPERATIONS, PLANS

RESUMED = ("approved", "sent", "unknown")
"""Where an operation may stand when it is applied: `unknown` is looked up once more."""


@dataclass(frozen=True)
class Attempt:
    """One attempt on one record, as far as the next one needs to know it."""

    attempt_id: str
    operation_id: str
    number: int
    intended_at: datetime
    method: str
    request_hash: str
    idempotency_key: str
    http_status: int | None = None
    is_answered: bool = False
    target_id: str | None = None

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody knows if it was processed."""
        return not self.is_answered


def to_apply(connection: Connection, plan_id: str) -> list[Operation]:
    """Return the operations of a plan that are approved or on their way, in order of sending."""
    chosen = select(OPERATIONS).where(
        OPERATIONS.c.plan_id == plan_id, OPERATIONS.c.status.in_(RESUMED)
    )
    rows = connection.execute(chosen.order_by(OPERATIONS.c.position))
    return [Operation.of_row(row._asdict()) for row in rows]


def expires_at(connection: Connection, plan_id: str) -> datetime | None:
    """Return until when a plan may be sent (naive UTC); None if there is no such plan."""
    return connection.execute(
        select(PLANS.c.expires_at).where(PLANS.c.plan_id == plan_id)
    ).scalar_one_or_none()


def approved_hashes(connection: Connection, plan_id: str) -> dict[str, str]:
    """Return the payload hash that was approved, by operation; the latest decision counts."""
    decisions = select(APPROVALS).where(APPROVALS.c.plan_id == plan_id)
    hashes: dict[str, str] = {}
    for row in connection.execute(decisions.order_by(APPROVALS.c.approved_at)).mappings():
        if row["decision"] == "approved":
            hashes[row["operation_id"]] = row["payload_hash"]
        else:
            hashes.pop(row["operation_id"], None)
    return hashes


def attempts_of(connection: Connection, plan_id: str) -> dict[str, list[Attempt]]:
    """Return the attempts on a plan's operations, the first one first."""
    chosen = (
        select(ATTEMPTS)
        .join(OPERATIONS, OPERATIONS.c.operation_id == ATTEMPTS.c.operation_id)
        .where(OPERATIONS.c.plan_id == plan_id)
        .order_by(ATTEMPTS.c.attempt_number)
    )
    found: dict[str, list[Attempt]] = {}
    for row in connection.execute(chosen).mappings():
        attempt = Attempt(
            attempt_id=row["attempt_id"],
            operation_id=row["operation_id"],
            number=row["attempt_number"],
            intended_at=row["intended_at"],
            method=row["method"],
            request_hash=row["request_hash"],
            idempotency_key=row["idempotency_key"],
            http_status=row["http_status"],
            is_answered=row["answered_at"] is not None,
            target_id=row["target_id"],
        )
        found.setdefault(attempt.operation_id, []).append(attempt)
    return found


def known_records(
    connection: Connection, tenant_id: str, names: Iterable[str]
) -> dict[str, KnownRecord]:
    """Return what the ledger knows of the records called `<target>__<entity>/<record_key>`.

    Of several operations on a record the latest that tells where it is counts, else the latest.
    """
    wanted = set(names)
    keys = sorted({name.partition("/")[2] for name in wanted})
    known: dict[str, KnownRecord] = {}
    for start in range(0, len(keys), 500):
        chosen = select(OPERATIONS).where(
            OPERATIONS.c.tenant_id == tenant_id,
            OPERATIONS.c.record_key.in_(keys[start : start + 500]),
        )
        for row in connection.execute(chosen.order_by(OPERATIONS.c.changed_at)).mappings():
            name = f"{row['target']}__{row['entity']}/{row['record_key']}"
            record = KnownRecord(row["label"], row["operation"], row["status"], row["target_id"])
            if name in wanted and (record.is_there or not _is_there(known.get(name))):
                known[name] = record
    return known


def _is_there(record: KnownRecord | None) -> bool:
    return record is not None and record.is_there
