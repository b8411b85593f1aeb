"""What was pushed between two days, record by record: what an auditor asks for.

In: the ledger. Out: one row per attempt on a record, and one per record that was settled without
one (skipped because its contact was missing, say), with who approved it and what came of it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from pipelines.push.earlier import ACTED_ON
from pipelines.push.operations import decode_json
from pipelines.push.tables import APPROVALS, ATTEMPTS, OPERATIONS
from pipelines.spreadsheet_text import harmless

COLUMNS = (
    *("at", "tenant_id", "target", "entity", "operation", "record_key", "label"),
    *("source_system", "source_record_id", "currency_code", "total", "status"),
    *("target_id", "target_number", "approved_by", "approved_at", "method", "policy_version"),
    *("payload_hash", "plan_id", "operation_id", "attempt_number", "applied_by", "http_status"),
    *("answered_at", "read_back_at", "outcome", "messages", "warnings", "differences"),
)
_DERIVED = ("currency_code", "total", "messages", "warnings", "differences")


def pushes(connection: Connection, first: date, last: date) -> list[dict[str, Any]]:
    """Return the rows of COLUMNS of all that was sent or settled from one day to another (UTC)."""
    since = datetime.combine(first, time.min)
    before = datetime.combine(last, time.min) + timedelta(days=1)
    at = func.coalesce(ATTEMPTS.c.intended_at, OPERATIONS.c.changed_at).label("at")
    decided = (
        select(APPROVALS, func.row_number().over(
            partition_by=APPROVALS.c.operation_id, order_by=APPROVALS.c.approved_at.desc()
        ).label("rank"))
        .where(APPROVALS.c.decision == "approved")
        .subquery()
    )  # fmt: skip
    approval = [decided.c[n] for n in ("approved_by", "approved_at", "method", "policy_version")]
    taken = [
        each for each in ATTEMPTS.c if each.name not in ("operation_id", "method", "target_id")
    ]
    rows = connection.execute(
        select(OPERATIONS, *approval, *taken, at)
        .join_from(OPERATIONS, ATTEMPTS, isouter=True)
        .join(
            decided,
            and_(decided.c.operation_id == OPERATIONS.c.operation_id, decided.c.rank == 1),
            isouter=True,
        )
        .where(
            at >= since,
            at < before,
            or_(ATTEMPTS.c.attempt_id.is_not(None), OPERATIONS.c.status.in_(ACTED_ON)),
        )
        .order_by(at, OPERATIONS.c.plan_id, OPERATIONS.c.position)
    ).mappings()
    return [_row(row) for row in rows]


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows as CSV with a header; a text that a spreadsheet would run is quoted."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return out.getvalue()


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    facts = decode_json(row["facts"])
    found = {
        name: row[name] for name in COLUMNS if name not in _DERIVED

    }  # fmt: skip
    found |= {name: facts.get(name) for name in ("currency_code", "total")}
    said = [str(each) for each in decode_json(row["errors"] or "[]")]
    said += [f"{each['rule']}: {each['message']}" for each in decode_json(row["findings"])]
    found["messages"] = "; ".join(said)
    found["warnings"] = "; ".join(map(str, decode_json(row["warnings"] or "[]")))
    found["differences"] = "; ".join(
        f"{each['field']}: sent {each['sent']}, held {each['held']}"
        for each in decode_json(row["read_back_differences"] or "[]")
    )
    return {name: found[name] for name in COLUMNS}


def _harmless(value: Any) -> Any:
    """Return a text that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return harmless(value)
