"""The push ledger's tables: what was planned, who approved it, what was sent and what came of it.

In: nothing. Out: table definitions for `ledger` and for the migrations, the same on SQLite and
PostgreSQL. Rows are added, and an operation's status moves forward; nothing is ever removed here.
Money in `facts` and `control_totals` is a JSON string, as SQLite has no decimal.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

# planned -> approved -> sent -> confirmed | rejected | dropped_fields | unknown | skipped.
# A blocked one never leaves the plan; `unsupported` is what a target cannot hold.
STATUSES = (
    *("planned", "approved", "sent", "confirmed", "rejected", "dropped_fields", "unknown"),
    *("skipped", "blocked", "unsupported"),
)

PLANS = Table(
    "plans",
    METADATA,
    Column("plan_id", String(40), primary_key=True),
    Column("created_at", DateTime, nullable=False),  # naive UTC, as every time here
    Column("created_by", String(200), nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("targets", Text, nullable=False),  # JSON list
    Column("undo_of", Text),  # JSON list of operation ids; null for a plan of desired states
    Column("snapshot_ids", Text, nullable=False),  # JSON: tenant_id -> configuration snapshot
    Column("control_totals", Text, nullable=False),  # JSON, as the plan opens with them
    Column("stops", Text, nullable=False),  # JSON list: limits on size that this plan breaks
)

OPERATIONS = Table(
    "operations",
    METADATA,
    Column("operation_id", String(40), primary_key=True),
    Column("plan_id", ForeignKey("plans.plan_id"), nullable=False),
    Column("position", Integer, nullable=False),  # the order of sending within the plan
    Column("tenant_id", String(60), nullable=False),
    Column("target", String(40), nullable=False),  # xero, prospect, workguru ...
    Column("entity", String(60), nullable=False),  # items, contacts, invoices, bills ...
    Column("record_key", String(300), nullable=False),  # the external key
    Column("operation", String(20), nullable=False),  # create, update, delete, mark, unchanged
    Column("label", Text, nullable=False),
    Column("source_system", String(40)),
    Column("source_record_id", String(200)),
    Column("target_id", String(100)),  # the target's own id, once known
    Column("payload", Text, nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("before", Text),  # JSON: the payload's fields as the target holds them; null: not held
    Column("held_version", String(64)),  # hash of what the target held when the plan was made
    Column("changes", Text, nullable=False),  # JSON list of {field, before, after}
    Column("findings", Text, nullable=False),  # JSON list of {rule, severity, message, remedy}
    Column("facts", Text, nullable=False),  # JSON: totals, dates, contact, template
    Column("depends_on", Text, nullable=False),  # JSON list of "<target>__<entity>/<record_key>"
    Column("undo_of", String(40)),  # the operation whose before-image this one restores
    Column("status", String(20), nullable=False),
    Column("changed_at", DateTime, nullable=False),
    UniqueConstraint("plan_id", "position"),
    Index("operations_of_record", "tenant_id", "target", "entity", "record_key"),
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("approval_id", String(40), primary_key=True),
    Column("plan_id", ForeignKey("plans.plan_id"), nullable=False),
    Column("operation_id", ForeignKey("operations.operation_id"), nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("decision", String(10), nullable=False),  # approved, rejected
    Column("approved_by", String(200), nullable=False),
    Column("approved_at", DateTime, nullable=False),
    Column("method", String(20), nullable=False),  # person, policy
    Column("policy_version", String(64)),
    Column("snapshot_id", String(64)),
    Column("control_totals", Text, nullable=False),  # JSON, of what was approved together
    Index("approvals_of_operation", "operation_id"),
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("attempt_id", String(40), primary_key=True),
    Column("operation_id", ForeignKey("operations.operation_id"), nullable=False),
    Column("attempt_number", Integer, nullable=False),  # from 1; a new one only after an error
    Column("intended_at", DateTime, nullable=False),  # committed before the call
    Column("applied_by", String(200), nullable=False),
    Column("method", String(10), nullable=False),
    Column("path", String(300), nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("idempotency_key", String(128)),
    Column("answered_at", DateTime),
    Column("http_status", Integer),
    Column("response", Text),  # the record's part of the answer, without secrets
    Column("errors", Text),  # JSON list of the target's own messages
    Column("warnings", Text),  # JSON list
    Column("target_id", String(100)),
    Column("target_number", String(100)),
    Column("read_back_at", DateTime),
    Column("read_back_differences", Text),  # JSON list of {field, sent, held}
    Column("outcome", String(20)),  # as STATUSES; null while nobody knows
    Index("attempts_of_operation", "operation_id"),
)
