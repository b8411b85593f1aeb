"""Plans, operations, approvals and attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.String(40), primary_key=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("targets", sa.Text, nullable=False),
        sa.Column("undo_of", sa.Text),
        sa.Column("snapshot_ids", sa.Text, nullable=False),
        sa.Column("control_totals", sa.Text, nullable=False),
        sa.Column("stops", sa.Text, nullable=False),
    )
    op.create_table(
        "operations",
        sa.Column("operation_id", sa.String(40), primary_key=True),
        sa.Column("plan_id", sa.String(40), sa.ForeignKey("plans.plan_id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(60), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("entity", sa.String(60), nullable=False),
        sa.Column("record_key", sa.String(300), nullable=False),
        sa.Column("operation", sa.String(20), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("source_system", sa.String(40)),
        sa.Column("source_record_id", sa.String(200)),
        sa.Column("target_id", sa.String(100)),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("payload_hash", sa.String(64), nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("held_version", sa.String(64)),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("depends_on", sa.Text, nullable=False),
        sa.Column("undo_of", sa.String(40)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("plan_id", "position"),
    )
    op.create_index(
        "operations_of_record", "operations", ["tenant_id", "target", "entity", "record_key"]
    )
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.String(40), primary_key=True),
        sa.Column("plan_id", sa.String(40), sa.ForeignKey("plans.plan_id"), nullable=False),
        sa.Column(
            "operation_id",
            sa.String(40),
            sa.ForeignKey("operations.operation_id"),
            nullable=False,
        ),
        sa.Column("payload_hash", sa.String(64), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("approved_by", sa.String(200), nullable=False),
        sa.Column("approved_at", sa.DateTime, nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("policy_version", sa.String(64)),
        sa.Column("snapshot_id", sa.String(64)),
        sa.Column("control_totals", sa.Text, nullable=False),
    )
    op.create_index("approvals_of_operation", "approvals", ["operation_id"])
    op.create_table(
        "attempts",
        sa.Column("attempt_id", sa.String(40), primary_key=True),
        sa.Column(
            "operation_id",
            sa.String(40),
            sa.ForeignKey("operations.operation_id"),
            nullable=False,
        ),
        sa.Column("attempt_number", sa.Integer, nullable=False),
        sa.Column("intended_at", sa.DateTime, nullable=False),
        sa.Column("applied_by", sa.String(200), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(128)),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("http_status", sa.Integer),
        sa.Column("response", sa.Text),
        sa.Column("errors", sa.Text),
        sa.Column("warnings", sa.Text),
        sa.Column("target_id", sa.String(100)),
        sa.Column("target_number", sa.String(100)),
        sa.Column("read_back_at", sa.DateTime),
        sa.Column("read_back_differences", sa.Text),
        sa.Column("outcome", sa.String(20)),
    )
    op.create_index("attempts_of_operation", "attempts", ["operation_id"])
