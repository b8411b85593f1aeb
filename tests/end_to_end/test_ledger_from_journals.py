"""Organisations whose Journals are read: the ledger is Xero's own, the documents are compared.

The journals are the sandbox's double-entry books as they were posted. What documents cannot tell
is the books' opening balances and the cost of tracked inventory: those, and nothing else, may lie
between the two. In the smallest organisation an invoice becomes void after the documents were read
and before the journals were: that is the one difference without a reason.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from books_postings import SALES, month_of, totals

from orchestration.dbt import build
from orchestration.homes import mark_demo_home
from orchestration.sandbox import connect_home, sandbox_world
from pipelines.reads import ReadSummary, record_reads
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World
from pipelines.sync import list_tenants, sync_settings, sync_tenant
from pipelines.warehouse import Warehouse
from tests.end_to_end.conftest import environment_restored

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

Key = tuple[date, str]
VOIDED_IN = "kowhai"
# What the ledger is made of; the rest of the warehouse is as the demo built it.
MODELS = [
    *("stg_settings__connections", "stg_xero__journals", "int_ledger_bases_compared"),
    *("ledger_lines", "ledger_basis_differences", "int_account_movements_summed"),
    *("trial_balance", "profit_and_loss", "balance_sheet", "reconciliation"),
    *("int_reconciliation_differences_found", "int_reconciliation_differences_explained"),
    *("cost_of_sales_by_analysis_code", "exceptions"),
]


@dataclass(frozen=True)
class Journals:
    """A copy of the demo's warehouse with journals in it, and the world they came from."""

    world: World
    reads: list[ReadSummary]
    second_reads: list[ReadSummary]
    voided_id: str
    home: Path

    def rows(self, query: str, *parameters: object) -> list[tuple]:
        warehouse = Warehouse(self.home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
            return connection.execute(query, list(parameters)).fetchall()

    @property
    def untouched(self) -> list[Organisation]:
        return [one for one in self.world.organisations.values() if one.short_name != VOIDED_IN]


@pytest.fixture(scope="module")
def journals(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journals]:
    home = tmp_path_factory.mktemp("journals") / "home"
    mark_demo_home(home)
    shutil.copy(demo.settings.home / "warehouse.duckdb", home)
    shutil.copytree(demo.settings.home / "dbt", home / "dbt")  # what dbt has parsed already
    world = sandbox_world()
    with (
        environment_restored(),
        SandboxServer(world, limits=Limits(enforced=False), allow_broad_scopes=True) as server,
    ):
        settings = connect_home(home, server.url)
        text = settings.connections.read_text("utf-8")
        switched = text.replace("[[xero]]", '[[xero]]\nendpoints_on = ["Journals"]')
        settings.connections.write_text(switched, "utf-8")
        record_reads(Warehouse(home), sync_settings(settings, run_id="journals"))

        def read(run_id: str) -> list[ReadSummary]:
            done: list[ReadSummary] = []
            for connection in settings.xero_connections():
                for tenant in list_tenants(settings, connection.name):
                    done += sync_tenant(settings, tenant, endpoints=["Journals"], run_id=run_id)
            record_reads(Warehouse(home), done)
            return done

        reads, small = read("first"), world.organisation(VOIDED_IN)
        voided_id = next(
            identity
            for identity, document in small.documents["Invoices"].items()
            if document.status == "AUTHORISED" and document.type == "ACCREC"
        )
        small.change("Invoices", voided_id, Status="VOIDED")
        second_reads = read("second")
        built = build(settings, select=MODELS)
        assert built.succeeded, built.failure
        yield Journals(world, reads, second_reads, voided_id, home)


def cost_of_stock(organisation: Organisation) -> Iterator[tuple[Key, Decimal]]:
    """Yield ((month, account id), amount) of what documents lack: what Xero posts by itself."""
    for documents in organisation.documents.values():
        for document in documents.values():
            if document.is_posted and document.type in SALES:
                for move in document.stock:
                    yield (month_of(document.date), move.expense_id), move.cost
                    yield (month_of(document.date), move.asset_id), -move.cost


def test_journals_are_read_a_hundred_at_a_time_and_then_only_what_is_new(journals) -> None:
    held = {
        one.tenant_id: len(one.records["Journals"]) for one in journals.world.organisations.values()
    }
    for read in journals.reads:
        posted = held[read.tenant_id] - (read.tenant_id == small_of(journals).tenant_id)
        assert (read.is_complete, read.records_read) == (True, posted)
        assert read.calls == posted // 100 + 1
    changed = {read.tenant_id: read.versions_written for read in journals.second_reads}
    assert changed == {key: int(key == small_of(journals).tenant_id) for key in held}
    assert all(read.calls == 1 for read in journals.second_reads)


def small_of(journals: Journals) -> Organisation:
    return journals.world.organisation(VOIDED_IN)


def test_every_account_moves_every_day_as_in_the_books_with_nothing_taken_off(journals) -> None:
    for organisation in journals.world.organisations.values():
        in_ledger = totals(
            ((day, account_id), amount)
            for day, account_id, amount in journals.rows(
                "select posting_date, account_id, net_amount_base from reporting.ledger_lines"
                " where tenant_id = ?",
                organisation.tenant_id,
            )
        )
        in_books = totals(
            ((one.date, one.account_id), one.amount_base) for one in organisation.books.postings
        )
        assert in_ledger == in_books
    assert journals.rows("select distinct basis from reporting.ledger_lines") == [("journal",)]


def test_tracking_options_are_those_of_the_books(journals) -> None:
    for organisation in journals.untouched:
        for slot in (2, 3):
            in_ledger = totals(
                ((option, account_id), amount)
                for option, account_id, amount in journals.rows(
                    f"select tracking_option_id_{slot}, account_id, net_amount_base"  # noqa: S608
                    f" from reporting.ledger_lines where tracking_option_id_{slot} is not null"
                    " and tenant_id = ?",
                    organisation.tenant_id,
                )
            )
            ((category,),) = journals.rows(
                "select tracking_category_id from intermediate.int_tracking_slots_bound"
                " where tenant_id = ? and analysis_slot = ?",
                organisation.tenant_id,
                slot,
            )
            in_books = totals(
                ((posting.tracking[category], posting.account_id), posting.amount_base)
                for posting in organisation.books.postings
                if category in posting.tracking
            )
            assert in_ledger == in_books != {}


def test_with_journals_only_revaluation_lies_between_us_and_xeros_reports(journals) -> None:
    tenants = [one.tenant_id for one in journals.untouched]
    causes = journals.rows(
        "select distinct cause from reporting.reconciliation"
        " where difference <> 0 and list_contains(?, tenant_id)",
        tenants,
    )
    assert causes == [("currency_revaluation",)]
    unexplained = journals.rows(
        "select 1 from reporting.reconciliation"
        " where not is_reconciled and list_contains(?, tenant_id)",
        tenants,
    )
    assert unexplained == []


def test_the_bases_differ_by_exactly_what_no_document_tells(journals) -> None:
    for organisation in journals.untouched:
        opening = organisation.opening
        expected = totals(
            [
                *(((month_of(opening.date), o.account_id), -o.amount) for o in opening.balances),
                *cost_of_stock(organisation),
            ]
        )
        found = journals.rows(
            "select month, account_id, difference_base, unexplained_base, cause, explanation"
            " from reporting.ledger_basis_differences where tenant_id = ?",
            organisation.tenant_id,
        )
        assert {(row[0], row[1]): row[2] for row in found} == expected
        assert {row[3] for row in found} == {Decimal(0)}
        assert {row[4] for row in found} <= {"conversion_balance", "tracked_inventory"}
        assert all(row[5] for row in found)


def test_a_difference_without_a_reason_is_found_and_named(journals) -> None:
    small = small_of(journals)
    voided = small.documents["Invoices"][journals.voided_id]
    findings = journals.rows(
        "select tenant_id, record_id, amount_base, message from quality.exceptions"
        " where rule = 'ledger_bases_differ'"
    )
    posted = totals(
        (posting["AccountID"], posting["NetAmount"])
        for journal in small.records["Journals"].values()
        if journal.get("SourceID") == journals.voided_id
        for posting in journal["JournalLines"]
        if posting["NetAmount"] * (1 if posting["AccountID"] == receivables(small) else -1) > 0
    )
    month = month_of(voided.date)
    assert {(tenant, record, amount) for tenant, record, amount, _ in findings} == {
        (small.tenant_id, f"{account_id}/{month}", amount) for account_id, amount in posted.items()
    }
    assert all("by Xero's journals" in message for *_, message in findings)


def receivables(organisation: Organisation) -> str:
    return next(
        identity
        for identity, account in organisation.records["Accounts"].items()
        if account.get("SystemAccount") == "DEBTORS"
    )


def test_the_cost_of_tracked_inventory_is_the_same_on_either_basis(demo: Demo, journals) -> None:
    query = (
        "select tenant_id, month, analysis_code, net_amount_base"
        " from reporting.cost_of_sales_by_analysis_code where source_type = 'tracked_inventory'"
        " order by all"
    )
    assert journals.rows(query) == demo.rows(query) != []
