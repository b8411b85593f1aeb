"""Reads plans, decisions and outcomes from the push ledger, for the page that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st
from sqlalchemy import Connection, func, select

from orchestration.dashboard.published import settings
from pipelines.push.ledger import Ledger, open_ledger
from pipelines.push.operations import decode_json
from pipelines.push.plan import Plan
from pipelines.push.planned import load_plan
from pipelines.push.reject import rejected_ids
from pipelines.push.tables import APPROVALS, ATTEMPTS, OPERATIONS, PLANS

MOST_PLANS = 30


def latest_plans() -> list[dict[str, Any]]:
    """Return the latest plans, the newest first: plan_id, created_at, undo_of."""
    with _ledger().reading() as connection:
        found = connection.execute(
            select(PLANS.c.plan_id, PLANS.c.created_at, PLANS.c.undo_of)
            .order_by(PLANS.c.created_at.desc(), PLANS.c.plan_id.desc())
            .limit(MOST_PLANS)
        )
        return [dict(row) for row in found.mappings()]


def plan_as_it_stands(plan_id: str) -> Plan:
    """Return a plan; read again only when something of it changed."""
    with _ledger().reading() as connection:
        return _plan(plan_id, _stamp(connection, plan_id))


def rejected_of(plan_id: str) -> frozenset[str]:
    """Return the operations of a plan that somebody rejected."""
    with _ledger().reading() as connection:
        return rejected_ids(connection, plan_id)


def decisions_on(operation_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the latest decision on each operation: decision, approved_by, approved_at."""
    with _ledger().reading() as connection:
        found = connection.execute(
            select(APPROVALS)
            .where(APPROVALS.c.operation_id.in_(operation_ids))
            .order_by(APPROVALS.c.approved_at)
        )
        return {row["operation_id"]: dict(row) for row in found.mappings()}


def outcomes_of(operation_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what came of the latest attempt on each operation.

    {answered_at, http_status, target_id, target_number, errors, warnings, differences}.
    """
    with _ledger().reading() as connection:
        found = connection.execute(
            select(ATTEMPTS)
            .where(ATTEMPTS.c.operation_id.in_(operation_ids))
            .order_by(ATTEMPTS.c.attempt_number)
        )
        return {
            row["operation_id"]: {
                **{name: row[name] for name in ("answered_at", "http_status", "outcome")},
                **{name: row[name] for name in ("target_id", "target_number")},
                "errors": decode_json(row["errors"] or "[]"),
                "warnings": decode_json(row["warnings"] or "[]"),
                "differences": decode_json(row["read_back_differences"] or "[]"),
            }
            for row in found.mappings()
        }


def _stamp(connection: Connection, plan_id: str) -> tuple[datetime | None, int]:
    """Return what changes whenever an operation of the plan does."""
    row = connection.execute(
        select(
            func.max(OPERATIONS.c.changed_at),
            func.count().filter(OPERATIONS.c.status.in_(("planned", "approved"))),
        ).where(OPERATIONS.c.plan_id == plan_id)
    ).one()
    return row[0], row[1]


@st.cache_data(max_entries=4, show_spinner="Reading the plan …")
def _plan(plan_id: str, stamp: tuple[datetime | None, int]) -> Plan:
    with _ledger().reading() as connection:
        return load_plan(connection, plan_id)


@st.cache_resource(show_spinner=False)
def _ledger() -> Ledger:
    return open_ledger(settings())
