"""What was sent stays as it was coded, and journals that are left empty are taken back.

Two invoices of WorkGuru share an account, a tax rate and a tracking option. One is sent; then the
account is archived, the option renamed and the tax rate taken out of use, as a bookkeeper does in
Xero. The other one, which was not sent, must feel it. The stock journals are sent too; then stock
vanishes in WorkGuru, and some journals are posted in Xero. All is rebuilt from the raw log alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from desired_payloads import DesiredSender, SentRecord, desired_records, write_ledger

from orchestration.dbt import build
from orchestration.sandbox import connect_home, sandbox_world
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.workguru_app import WorkGuruApp
from pipelines.settings import Settings
from pipelines.sync import sync_all
from pipelines.warehouse import Warehouse
from tests.end_to_end.conftest import environment_restored, models_alone

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")
BUILT = ["+document_lines", "+push_xero__invoices", "+push_xero__manual_journals"]
DECISION = (
    *("line_id", "account_id", "account_code", "account_level", "account_status"),
    *("tax_type", "tax_level", "tax_status", "tracking_option_id_2", "tracking_option_2"),
    *("tracking_level_2", "tracking_status_2", "snapshot_id"),
)
INVOICE = (
    "source_system = 'workguru' and document_type = 'invoice' and tenant_id = ? and document_id = ?"
)
RENAMED = "Renamed after it was sent"


@dataclass
class Home:
    """A home, and the sandbox that it reads."""

    settings: Settings
    server: SandboxServer

    def refresh(self) -> None:
        """Read everything, and build what is to be sent from the raw log alone."""
        sync = sync_all(self.settings, full=True)  # only a whole read believes an empty list
        assert sync.is_complete, sync.failures
        with models_alone():
            assert build(self.settings, BUILT, full_refresh=True).succeeded

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        warehouse = Warehouse(self.settings.home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
            return connection.execute(query, list(parameters)).fetchall()

    @property
    def tenant_id(self) -> str:
        """The organisation of the invoices."""
        return self.server.world.organisation("harbour").tenant_id

    def decision(self, document_id: str) -> list[dict[str, Any]]:
        """Return how each line of an invoice is coded."""
        lines = self.rows(
            f"select {', '.join(DECISION)} from coding.document_lines"  # noqa: S608 - constants
            f" where {INVOICE} order by line_number",
            self.tenant_id,
            document_id,
        )
        return [dict(zip(DECISION, line, strict=True)) for line in lines]

    def snapshot(self, document_id: str) -> str:
        """Return the configuration that a document was coded with."""
        ((snapshot,),) = self.rows(
            f"select snapshot_id from coding.documents where {INVOICE}",  # noqa: S608 - constants
            self.tenant_id,
            document_id,
        )
        return snapshot


TWINS = """
    select min(document_id), max(document_id), account_id, tax_type, tracking_option_id_2
    from coding.document_lines as lines
    inner join push.xero__invoices as wanted
        on lines.tenant_id = wanted.tenant_id
            and wanted.record_key = 'workguru:invoice:' || lines.document_id
    where wanted.operation_hint = 'create' and wanted.findings = '[]'
        and wanted.payload not like '%{{%'
        and lines.source_system = 'workguru' and lines.document_type = 'invoice'
        and lines.tenant_id = ? and account_status = 'ok' and tax_type = 'OUTPUT2'
        and tracking_option_id_2 is not null
    group by all
    having count(distinct document_id) > 1
    order by all limit 1
"""


@pytest.fixture(scope="module")
def home(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder: Path = tmp_path_factory.mktemp("history") / "home"
    shutil.copytree(demo.settings.home, folder, symlinks=True)
    limits = Limits(enforced=False)
    with environment_restored(), SandboxServer(sandbox_world(), limits=limits) as server:
        yield Home(connect_home(folder, server.url), server)


@dataclass(frozen=True)
class Past:
    """What was sent and how it was coded, before everything changed."""

    sent: str
    unsent: str
    account_id: str
    decisions: dict[str, list[dict[str, Any]]]
    snapshot: str
    journals: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def past(home: Home) -> Past:
    """Send an invoice and all journals; change Xero and WorkGuru; read, and rebuild everything."""
    ((sent, unsent, account_id, tax_type, option_id),) = home.rows(TWINS, home.tenant_id)
    decisions = {each: home.decision(each) for each in (sent, unsent)}
    snapshot = home.snapshot(sent)
    chosen = [
        one
        for one in desired_records(home.rows, ("invoices", "manual_journals"))
        if one.entity == "manual_journals"
        or (one.row["tenant_id"], one.row["record_key"])
        == (home.tenant_id, f"workguru:invoice:{sent}")
    ]
    with DesiredSender(home.server) as sender:
        records = sender.send_all(chosen)
    write_ledger(Warehouse(home.settings.home), records, datetime.now(UTC).replace(tzinfo=None))
    journals = ids_of(records)
    workguru = home.server.systems["workguru"]
    assert isinstance(workguru, WorkGuruApp)
    workguru.of("harbour").change("invoices", int(sent), sentToAccounting=home.server.world.now())
    reconfigure(home.server, account_id, tax_type, option_id)
    # kowhai: October is left empty as a draft, August once it is posted; an adjustment vanishes.
    for usage in (300001, 300002):
        workguru.of("kowhai").remove("stock_usage", usage)
    workguru.of("kowhai").remove("stock_adjustments", 701)
    kowhai, harbour = (home.server.world.organisation(name) for name in ("kowhai", "harbour"))
    # harbour: September is posted, and 1,385.00 of it turns out never to have left.
    for organisation, month in ((kowhai, "2026-08"), (harbour, "2026-09")):
        identity = journals[organisation.tenant_id, f"workguru:cogs:cogs-{month}"]
        organisation.change("ManualJournals", identity, Status="POSTED")
    workguru.of("harbour").remove("stock_usage", 300003)
    # A refresh of everything loses no decision: what was sent is in the raw log.
    home.refresh()
    return Past(sent, unsent, account_id, decisions, snapshot, journals)


def test_what_was_sent_is_never_recoded_and_keeps_its_snapshot(home: Home, past: Past) -> None:
    before, of_unsent = past.decisions[past.sent], past.decisions[past.unsent]
    assert {line["snapshot_id"] for line in before + of_unsent} == {past.snapshot}

    assert home.decision(past.sent) == before
    assert home.snapshot(past.sent) == past.snapshot
    assert home.snapshot(past.unsent) != past.snapshot
    after = home.decision(past.unsent)
    assert {line["snapshot_id"] for line in after} == {home.snapshot(past.unsent)}
    coded = [line for line in after if line["account_id"] == past.account_id]
    assert {line["account_status"] for line in coded} == {"archived"}
    assert {line["tax_status"] for line in coded} == {"archived"}
    assert RENAMED in {line["tracking_option_2"] for line in coded}
    assert [line["account_id"] for line in after] == [line["account_id"] for line in of_unsent]


def test_a_journal_that_is_left_empty_is_deleted_as_a_draft_and_voided_once_posted(
    home: Home, past: Past
) -> None:
    tenant = home.server.world.organisation("kowhai").tenant_id
    planned = {
        one.row["record_key"]: (one.row["target_id"], json.loads(one.row["payload"]))
        for one in desired_records(home.rows, ("manual_journals",))
        if one.row["operation_hint"] == "delete" and one.row["tenant_id"] == tenant
    }
    keys = {
        "workguru:cogs:cogs-2026-10": "DELETED",
        "workguru:cogs:cogs-2026-08": "VOIDED",
        "workguru:adjustment:701": "DELETED",
    }
    asked = {key: (past.journals[tenant, key], {"Status": now}) for key, now in keys.items()}
    assert planned == asked


def test_a_posted_journal_that_comes_to_something_else_is_changed_with_old_and_new_shown(
    home: Home, past: Past
) -> None:
    (one,) = (
        one
        for one in desired_records(home.rows, ("manual_journals",))
        if one.row["tenant_id"] == home.tenant_id
        and one.row["record_key"] == "workguru:cogs:cogs-2026-09"
    )
    assert one.row["operation_hint"] == "update"
    assert one.row["target_id"] == past.journals[home.tenant_id, one.row["record_key"]]
    (found,) = json.loads(one.row["findings"])
    assert found["rule"] == "JNL_POSTED_CHANGED"
    # 10,589.76 was posted; less the 1,385.00 that never left.
    assert "posted with 10589.76 and comes to 9204.76, a difference of -1385.00" in found["message"]
    assert sum(line["LineAmount"] for line in json.loads(one.row["payload"])["JournalLines"]) == 0


def test_what_is_asked_for_of_the_journals_is_taken_by_xero(home: Home, past: Past) -> None:
    records = [
        one
        for one in desired_records(home.rows, ("manual_journals",))
        if one.is_sendable and one.row["operation_hint"] != "create"
    ]
    with DesiredSender(home.server) as sender:
        sent = sender.send_all(records)
    assert len(sent) == 4
    assert [one.outcome.errors for one in sent if not one.outcome.is_saved] == []
    now = sorted(one.outcome.record["Status"] for one in sent)
    assert now == ["DELETED", "DELETED", "POSTED", "VOIDED"]


def ids_of(records: list[SentRecord]) -> dict[tuple[str, str], str]:
    """Return Xero's ids of what was sent, by organisation and key."""
    assert [one.outcome.errors for one in records if not one.outcome.is_saved] == []
    rows = ((one.desired.row, one.target_id) for one in records)
    return {(row["tenant_id"], row["record_key"]): target_id for row, target_id in rows}


def reconfigure(server: SandboxServer, account_id: str, tax_type: str, option_id: str) -> None:
    """Archive the account, take the tax rate out of use and rename the option, in Xero."""
    harbour = server.world.organisation("harbour")
    harbour.change("Accounts", account_id, Status="ARCHIVED")
    harbour.change("TaxRates", tax_type, Status="DELETED")
    for identity, category in harbour.records["TrackingCategories"].items():
        options = [
            {**option, "Name": RENAMED} if option["TrackingOptionID"] == option_id else option
            for option in category["Options"]
        ]
        if options != category["Options"]:
            harbour.change("TrackingCategories", identity, Options=options)
