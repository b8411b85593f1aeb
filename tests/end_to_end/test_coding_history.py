"""What was sent stays as it was coded, whatever becomes of Xero's configuration afterwards.

Two invoices of WorkGuru share an account, a tax rate and a tracking option. One is sent; then the
account is archived, the option renamed and the tax rate taken out of use, as a bookkeeper does in
Xero. The other one, which was not sent, must feel it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.dbt import build
from orchestration.sandbox import demo_sandbox
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.workguru_app import WorkGuruApp
from pipelines.settings import Settings
from pipelines.sync import sync_all
from pipelines.warehouse import Warehouse

CODED = ["+documents", "+document_lines", "+coding_exceptions"]
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

    def refresh(self, *, full: bool = False) -> None:
        """Read what changed, and build the coding marts."""
        assert sync_all(self.settings).is_complete
        assert build(self.settings, CODED, full_refresh=full).succeeded

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
    from coding.document_lines
    inner join coding.documents using (tenant_id, source_system, document_type, document_id)
    where is_sendable and source_system = 'workguru' and document_type = 'invoice'
        and tenant_id = ? and account_status = 'ok' and tax_type = 'OUTPUT2'
        and tracking_option_id_2 is not null
    group by all
    having count(distinct document_id) > 1
    order by all
    limit 1
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder: Path = tmp_path_factory.mktemp("history") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for secret in ("CLIENT_ID", "CLIENT_SECRET"):
            patch.setenv(f"XERO_CRM_SANDBOX_{secret}", "")
        with demo_sandbox(folder) as (server, settings):
            yield Home(settings, server)


def test_what_was_sent_is_never_recoded_and_keeps_its_snapshot(home: Home) -> None:
    home.refresh()
    ((sent, unsent, account_id, tax_type, option_id),) = home.rows(TWINS, home.tenant_id)
    before, of_unsent = home.decision(sent), home.decision(unsent)
    snapshot = home.snapshot(sent)
    assert {line["snapshot_id"] for line in before + of_unsent} == {snapshot}

    workguru = home.server.systems["workguru"]
    assert isinstance(workguru, WorkGuruApp)
    workguru.of("harbour").change("invoices", int(sent), sentToAccounting=home.server.world.now())
    reconfigure(home.server, account_id, tax_type, option_id)
    # A refresh of everything loses no decision either: it cannot be made again.
    home.refresh(full=True)

    assert home.decision(sent) == before
    assert home.snapshot(sent) == snapshot
    assert home.snapshot(unsent) != snapshot
    after = home.decision(unsent)
    assert {line["snapshot_id"] for line in after} == {home.snapshot(unsent)}
    coded = [line for line in after if line["account_id"] == account_id]
    assert {line["account_status"] for line in coded} == {"archived"}
    assert {line["tax_status"] for line in coded} == {"archived"}
    assert RENAMED in {line["tracking_option_2"] for line in coded}
    assert [line["account_id"] for line in after] == [line["account_id"] for line in of_unsent]


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
