"""The applier's own rows in the ledger: what it intends, what was answered, what came of it.

Each function works within the caller's transaction, and each transaction is one step of an apply:
killed between two of them, the next apply finds what is needed to go on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from pipelines.push.attempts import Attempt
from pipelines.push.operations import Finding, Operation, encode_json
from pipelines.push.tables import ATTEMPTS, OPERATIONS
from pipelines.push.writer import Answered, Difference, WriteRequest


@dataclass(frozen=True)
class Settled:
    """What became of an operation, and of the attempt that led there (None: nothing was sent)."""

    operation: Operation
    status: str
    attempt: Attempt | None = None
    target_id: str | None = None
    findings: tuple[Finding, ...] = ()
    differences: Sequence[Difference] | None = None
    read_back_at: datetime | None = None


def intend(
    connection: Connection,
    operations: Sequence[tuple[Operation, int]],
    request: WriteRequest,
    *,
    request_hash: str,
    idempotency_key: str,
    applied_by: str,
    now: datetime,
) -> list[Attempt]:
    """Write down what is about to be sent, with the number of the attempt on each operation."""
    attempts = [
        Attempt(
            uuid.uuid4().hex,
            operation.operation_id,
            number,
            now,
            request.method,
            request_hash,
            idempotency_key,
        )
        for operation, number in operations
    ]
    rows = [
        {
            "attempt_id": attempt.attempt_id,
            "operation_id": attempt.operation_id,
            "attempt_number": attempt.number,
            "intended_at": now,
            "applied_by": applied_by,
            "method": request.method,
            "path": request.path,
            "request_hash": request_hash,
            "idempotency_key": idempotency_key,
        }
        for attempt in attempts
    ]
    connection.execute(insert(ATTEMPTS), rows)
    _move(connection, [{"id": row["operation_id"], "to": "sent"} for row in rows], now)
    return attempts


def answer(
    connection: Connection, answers: Sequence[tuple[Attempt, Answered]], now: datetime
) -> list[Attempt]:
    """Write down what the target said; return the attempts as they stand now."""
    statement = (
        update(ATTEMPTS)
        .where(ATTEMPTS.c.attempt_id == bindparam("id"))
        .values(
            answered_at=now,
            http_status=bindparam("http"),
            response=bindparam("said"),
            errors=bindparam("refusals"),
            warnings=bindparam("remarks"),
            target_id=bindparam("held_id"),
            target_number=bindparam("held_number"),
        )
    )
    rows = [
        {
            "id": attempt.attempt_id,
            "http": said.http_status,
            "said": None if said.response is None else encode_json(said.response).decode(),
            "refusals": encode_json(said.errors).decode(),
            "remarks": encode_json(said.warnings).decode(),
            "held_id": said.target_id,
            "held_number": said.target_number,
        }
        for attempt, said in answers
    ]
    connection.execute(statement, rows)
    return [
        replace(attempt, is_answered=True, http_status=said.http_status, target_id=said.target_id)
        for attempt, said in answers
    ]


def no_answer(connection: Connection, attempts: Sequence[Attempt], reason: str) -> None:
    """Write down why nothing is known of some attempts yet."""
    statement = update(ATTEMPTS).where(ATTEMPTS.c.attempt_id == bindparam("id"))
    errors = encode_json([reason]).decode()
    rows = [{"id": attempt.attempt_id} for attempt in attempts]
    connection.execute(statement.values(errors=errors), rows)


def settle(connection: Connection, outcomes: Sequence[Settled], now: datetime) -> None:
    """Write down what became of operations: their status, findings and read-back."""
    moved: list[dict[str, Any]] = []
    read: list[dict[str, Any]] = []
    for one in outcomes:
        moved.append(
            {
                "id": one.operation.operation_id,
                "to": one.status,
                "held_id": one.target_id or one.operation.target_id,
                "found": _findings(one.operation, one.findings),
            }
        )
        if one.attempt is not None:
            read.append(
                {
                    "id": one.attempt.attempt_id,
                    "outcome_": one.status,
                    "read_at": one.read_back_at,
                    "unlike": None if one.differences is None else _as_json(one.differences),
                    "held_id": one.target_id,
                }
            )
    if moved:
        values: Mapping[str, Any] = {
            "target_id": bindparam("held_id"),
            "findings": bindparam("found"),
        }
        _move(connection, moved, now, **values)
    if read:
        connection.execute(
            update(ATTEMPTS)
            .where(ATTEMPTS.c.attempt_id == bindparam("id"))
            .values(
                outcome=bindparam("outcome_"),
                read_back_at=bindparam("read_at"),
                read_back_differences=bindparam("unlike"),
                target_id=bindparam("held_id"),
            ),
            read,
        )


def _move(
    connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime, **values: Any
) -> None:
    statement = update(OPERATIONS).where(OPERATIONS.c.operation_id == bindparam("id"))
    connection.execute(statement.values(status=bindparam("to"), changed_at=now, **values), rows)


def _findings(operation: Operation, new: Iterable[Finding]) -> str:
    kept = list(operation.findings)
    kept += [found for one in new if (found := one.as_json()) not in kept]
    return encode_json(kept).decode()


def _as_json(unlike: Sequence[Difference]) -> str:
    return encode_json(
        [{"field": one.field, "sent": one.sent, "held": one.held} for one in unlike]
    ).decode()


def statuses(connection: Connection, plan_id: str) -> dict[str, int]:
    """Return how many operations of a plan stand where."""
    counted = (
        select(OPERATIONS.c.status, func.count().label("n"))
        .where(OPERATIONS.c.plan_id == plan_id)
        .group_by(OPERATIONS.c.status)
    )
    return {row.status: row.n for row in connection.execute(counted)}
