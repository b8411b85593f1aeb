"""Records that no bookkeeper expects reach the marts or the findings, and stop nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestration.build_result import BuildResult
from orchestration.dbt import build
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.settings import Settings
from pipelines.sync import sync_all
from pipelines.warehouse import Warehouse

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"
NAME = 'Ōtautahi "Joinery" 🪵 & Söhne  '
NEVER_DUE = date(2031, 1, 1)
HUGE = Decimal("1000000000000.10")

pytestmark = pytest.mark.xdist_group("odd_records")


@dataclass
class Odd:
    """The warehouse after the odd records went through it, and their ids by what is odd."""

    settings: Settings
    built: BuildResult | None = None
    ids: dict[str, str] = field(default_factory=dict)

    def rows(self, query: str, *parameters: Any) -> list[tuple]:
        warehouse = Warehouse(self.settings.home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as con:
            return con.execute(query, list(parameters)).fetchall()

    def lines(self, what: str) -> int:
        query = "select count(*) from crm.sales_transaction_lines where document_id = ?"
        return self.rows(query, self.ids[what])[0][0]

    def findings(self, rule: str, what: str) -> list[str]:
        query = (
            "select message from quality.exceptions where rule = ? and record_id like ? || '%' "
            "order by record_id"
        )
        return [row[0] for row in self.rows(query, rule, self.ids[what])]


def a_line(amount: Decimal = Decimal("10.00"), **fields: Any) -> dict[str, Any]:
    line = {
        "Description": "Odd",
        "Quantity": Decimal(1),
        "UnitAmount": amount,
        "AccountCode": "200",
        "TaxType": "NONE",
    }
    return {**line, **fields}


def make_odd(organisation: Organisation, odd: Odd) -> None:
    posted = iter(
        invoice_id
        for invoice_id, invoice in organisation.records["Invoices"].items()
        if invoice["Type"] == "ACCREC" and invoice["Status"] == "AUTHORISED"
    )

    def change(what: str, **fields: Any) -> None:
        odd.ids[what] = next(posted)
        organisation.change("Invoices", odd.ids[what], **fields)

    change("thousand lines", LineItems=[a_line() for _ in range(1000)])
    change("no lines", LineItems=[])
    change("null lines", LineItems=None)
    change("unknown status", Status="PARTLY_IMAGINED")
    change("huge", LineItems=[a_line(HUGE)])
    change("text for a date", DueDate=NEVER_DUE)
    odd.ids["name"] = next(iter(organisation.records["Contacts"]))
    organisation.change("Contacts", odd.ids["name"], Name=NAME)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    home = tmp_path_factory.mktemp("odd")
    world = load_world(SANDBOX, only=["harbour"])
    (organisation,) = world.organisations.values()
    with (
        SandboxServer(world, limits=Limits(enforced=False)) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XERO_CRM_SANDBOX_CLIENT_ID", "sandbox")
        patch.setenv("XERO_CRM_SANDBOX_CLIENT_SECRET", "sandbox-secret")
        connections = home / "connections.toml"
        connections.write_text(
            f'[[xero]]\nname = "sandbox"\napi_url = "{server.url}"\n'
            f'identity_url = "{server.url}"\ncalls_per_minute = 100000\n'
        )
        made = Odd(
            Settings(home=home / "home", connections=connections, settings_dir=home / "settings")
        )
        make_odd(organisation, made)
        server.control.on("Invoices", times=None).rewrites(
            lambda body: body.replace(f"{NEVER_DUE}T00:00:00".encode(), b"soon")
        )
        done = sync_all(made.settings)
        assert done.is_complete, (done.failures, [read.error for read in done.reads if read.error])
        made.built = build(made.settings)
        yield made


def test_no_model_fails(odd: Odd) -> None:
    assert odd.built
    failed = [node for node in odd.built.nodes if node.status in ("error", "fail", "skipped")]
    assert [node.name for node in failed] == []


def test_a_document_of_a_thousand_lines_has_them_all(odd: Odd) -> None:
    assert odd.lines("thousand lines") == 1000


@pytest.mark.parametrize("what", ["no lines", "null lines"])
def test_a_posted_document_without_lines_is_a_finding(odd: Odd, what: str) -> None:
    assert odd.lines(what) == 0
    (message,) = odd.findings("posted_document_without_lines", what)
    assert "line" in message


def test_an_unknown_status_is_kept_and_is_in_no_report(odd: Odd) -> None:
    rows = odd.rows(
        "select distinct document_status, is_posted from crm.sales_transaction_lines "
        "where document_id = ?",
        odd.ids["unknown status"],
    )
    assert rows == [("PARTLY_IMAGINED", False)]


def test_an_amount_of_a_million_million_is_exact(odd: Odd) -> None:
    query = (
        "select net_amount, net_amount_base from crm.sales_transaction_lines where document_id = ?"
    )
    assert odd.rows(query, odd.ids["huge"]) == [(HUGE, HUGE)]


def test_a_date_that_is_none_is_a_finding_and_its_document_stays(odd: Odd) -> None:
    assert odd.lines("text for a date") > 0
    (message,) = odd.findings("value_not_typed", "text for a date")
    assert "soon" in message


def test_a_name_with_emoji_quotes_and_trailing_spaces_is_the_same_everywhere(odd: Odd) -> None:
    query = "select contact_name from crm.customer_analysis where contact_id = ?"
    assert odd.rows(query, odd.ids["name"]) == [(NAME,)]
