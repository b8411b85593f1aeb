"""Documents that change after Xero's reports were read: what that makes different has its reason.

A sale becomes void, a line of another is recoded (which moves no change stamp); then the documents
are read again, and the reports are not. What should differ is told by the books of the two worlds,
before and after.
"""

from __future__ import annotations

import calendar
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from orchestration.dbt import build
from orchestration.homes import mark_demo_home
from orchestration.sandbox import connect_home, sandbox_world
from pipelines.reads import record_reads
from pipelines.sandbox.documents import Document
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sync import list_tenants, sync_settings, sync_tenant
from pipelines.warehouse import Warehouse
from tests.end_to_end.conftest import environment_restored

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

CHANGED_IN = "harbour"
MODELS = [f"+reconciliation_gate,config.materialized:{kind}" for kind in ("table", "incremental")]
Rows = list[tuple]


def sales(organisation: Organisation, status: str) -> list[Document]:
    """Return unpaid sales at home of a status that move no stock, the oldest first."""
    found = [
        document
        for document in organisation.documents["Invoices"].values()
        if document.type == "ACCREC"
        and document.status == status
        and document.currency == organisation.base_currency
        and not (document.payments or document.allocations or document.stock)
    ]
    return sorted(found, key=lambda document: (document.date, document.document_id))


def recode(organisation: Organisation, document: Document) -> None:
    lines = [
        dict(line) for line in organisation.records["Invoices"][document.document_id]["LineItems"]
    ]
    lines[0].pop("AccountCode", None)
    lines[0]["AccountID"] = next(
        identity
        for identity, account in organisation.records["Accounts"].items()
        if account["Type"] in ("REVENUE", "SALES")
        and account["Status"] == "ACTIVE"
        and identity != lines[0]["AccountID"]
    )
    organisation.change("Invoices", document.document_id, stamp=False, LineItems=lines)


@pytest.fixture(scope="module")
def after(
    demo: Demo, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Organisation, Rows, Rows]]:
    """The changed organisation, the rows of its reconciliation, and who is held back."""
    home = tmp_path_factory.mktemp("changes") / "home"
    mark_demo_home(home)
    shutil.copy(demo.settings.home / "warehouse.duckdb", home)
    shutil.copytree(demo.settings.home / "dbt", home / "dbt")  # what dbt has parsed already
    world = sandbox_world()
    organisation = world.organisation(CHANGED_IN)
    posted = sales(organisation, "AUTHORISED")
    organisation.change("Invoices", posted[0].document_id, Status="VOIDED")
    recode(organisation, posted[1])
    with environment_restored(), SandboxServer(world, limits=Limits(enforced=False)) as server:
        settings = connect_home(home, server.url)
        done = sync_settings(settings, run_id="again")
        for tenant in list_tenants(settings):
            if tenant.tenant_id == organisation.tenant_id:
                done += sync_tenant(
                    settings, tenant, endpoints=["Invoices"], full=True, run_id="again"
                )
        record_reads(Warehouse(home), done)
        assert build(settings, select=MODELS).succeeded
        warehouse = Warehouse(home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
            rows = connection.execute(
                "select report, period, account_id, account_class, difference,"
                " unexplained_amount, cause, explanation from reporting.reconciliation"
                " where tenant_id = ?",
                [organisation.tenant_id],
            ).fetchall()
            held_back = connection.execute(
                "select tenant_id from reporting.reconciliation_gate where is_held_back"
            ).fetchall()
        yield organisation, rows, held_back


def moved(organisation: Organisation, month_end: date) -> dict[str, Decimal]:
    return organisation.books.balances(month_end.replace(day=1), month_end)


def test_nothing_is_unexplained_and_nobody_is_held_back(after) -> None:
    _, rows, held_back = after
    assert len(rows) > 1000
    assert [row for row in rows if abs(row[5]) > Decimal("0.01")] == []
    assert held_back == []


def test_the_accounts_and_months_that_changed_are_named_and_no_others(demo: Demo, after) -> None:
    changed, rows, _ = after
    former = demo.world.organisation(CHANGED_IN)
    periods = {row[1] for row in rows if row[0] == "profit_and_loss"}
    assert all(day.day == calendar.monthrange(day.year, day.month)[1] for day in periods)
    expected = set()
    for period in periods:
        now, then = moved(changed, period), moved(former, period)
        for account_id in now.keys() | then.keys():
            account = changed.records["Accounts"][account_id]
            is_earned = account["Class"] in ("REVENUE", "EXPENSE")
            if is_earned and now.get(account_id) != then.get(account_id):
                expected.add((period, account_id))
    named = {
        (row[1], row[2])
        for row in rows
        if row[0] == "profit_and_loss" and row[6] == "changed_since_read"
    }
    assert named == expected
    assert len({period for period, _ in named}) >= 2
    assert len(named) >= 3


def test_each_reason_gives_its_amount(after) -> None:
    _, rows, _ = after
    reasons = [row[7] for row in rows if row[6] == "changed_since_read"]
    assert all("by records that changed after the report was read" in text for text in reasons)
