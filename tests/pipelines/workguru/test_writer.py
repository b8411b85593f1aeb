"""Marking documents as sent in the sandbox WorkGuru."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from push_plans import a_plan, an_operation
from pydantic import SecretStr
from sqlalchemy import select

from pipelines.connections import WorkGuruConnection
from pipelines.push.apply import apply_plan
from pipelines.push.ledger import open_ledger
from pipelines.push.tables import OPERATIONS
from pipelines.sandbox.server import SandboxServer
from pipelines.settings import Credentials, Settings
from pipelines.workguru.write_client import WorkGuruWriteClient
from pipelines.workguru.writer import MARKED, WorkGuruWriter

TENANT = "t-1"
PLANNED_AT = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)


@pytest.fixture
def writer(server: SandboxServer, tmp_path: Path) -> Iterator[WorkGuruWriter]:
    connection = WorkGuruConnection(
        name="jobs", xero="sandbox", api_url=f"{server.url}/workguru/kowhai", calls_per_minute=6000
    )
    credentials = Credentials(client_id="sandbox", client_secret=SecretStr("sandbox-secret"))
    with WorkGuruWriteClient(connection, credentials, tmp_path, sleep=lambda _: None) as client:
        yield WorkGuruWriter(client)


@pytest.fixture
def records(server: SandboxServer) -> Any:
    app: Any = server.systems["workguru"]
    return app.of("kowhai").records


def is_marked(record: dict[str, Any]) -> bool:
    return record["sentToAccounting"] is not None and record["sentToAccounting"].year > 1900


def a_mark(kind: str, identity: object) -> dict[str, Any]:
    payload = {"kind": kind, "id": str(identity)}
    key = f"{kind}:{identity}"
    return an_operation(TENANT, "sent_marks", "mark", key, payload, target="workguru")


def applied(writer: WorkGuruWriter, home: Path, *operations: dict[str, Any]) -> list[str]:
    with open_ledger(Settings(home=home)) as ledger:
        a_plan(ledger, operations, created_at=PLANNED_AT)
        apply_plan(ledger, "plan-1", lambda *_: writer, applied_by="Mere", sleep=lambda _: None)
        with ledger.reading() as connection:
            chosen = select(OPERATIONS.c.status).order_by(OPERATIONS.c.position)
            return list(connection.execute(chosen).scalars())


def test_a_record_of_each_kind_is_marked(writer: WorkGuruWriter, records: Any, tmp_path: Path):
    open_ones = {
        kind: next(
            (identity for identity, one in records[kind].items() if not is_marked(one)), None
        )
        for kind in MARKED
    }
    chosen = {kind: identity for kind, identity in open_ones.items() if identity is not None}
    assert {"invoices", "purchase_orders", "client_credit_notes"} <= set(chosen)
    marks = [a_mark(kind, identity) for kind, identity in chosen.items()]
    assert applied(writer, tmp_path, *marks) == ["confirmed"] * len(marks)
    assert all(is_marked(records[kind][identity]) for kind, identity in chosen.items())


def test_one_that_is_marked_already_is_left_as_it_is(
    writer: WorkGuruWriter, server: Any, records: Any, tmp_path: Path
):
    identity = next(iter(records["invoices"]))
    sent = datetime(2026, 11, 3, tzinfo=UTC)
    server.systems["workguru"].of("kowhai").change("invoices", identity, sentToAccounting=sent)
    assert applied(writer, tmp_path, a_mark("invoices", identity)) == ["confirmed"]
    assert records["invoices"][identity]["sentToAccounting"] == sent


def test_one_that_is_not_there_is_not_marked(writer: WorkGuruWriter, tmp_path: Path):
    assert applied(writer, tmp_path, a_mark("invoices", 99_999_999)) == ["skipped"]
