"""Xero as a secondary connection: Unleashed owns the customers, and Xero enriches them in the CRM.

The home has two connections to the same Xero; the organisation with a CRM and a stock system is on
the second, whose role is secondary. What is expected is worked out from the sandbox's own records.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestration.dbt import build
from orchestration.environment import set_credentials
from orchestration.sandbox import demo_sandbox
from pipelines.sandbox.prospect_app import TOKEN, ProspectApp
from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer
from pipelines.settings import Credentials
from pipelines.sync import sync_all
from pipelines.warehouse import Warehouse

SUFFIX = "UK"
BUILT = ["+customer_enrichment", "+push_prospect__sales_ledgers"]
SECOND = f"""
[[xero]]
name = "second"
grant = "client_credentials"
may_write = true
role = "secondary"
suffix = "{SUFFIX}"
tenant_ids = ["{{tenant_id}}"]
api_url = "{{url}}"
identity_url = "{{url}}"
calls_per_minute = 600

"""


@dataclass(frozen=True)
class Enriched:
    """The tables of a home with a secondary connection, and the systems behind it."""

    server: SandboxServer
    rows: list[dict[str, Any]]
    desired: dict[str, dict[str, Any]]

    @property
    def contacts(self) -> Mapping[str, Mapping[str, Any]]:
        return self.server.world.organisation("thistle").records["Contacts"]

    @property
    def ledgers(self) -> dict[str, dict[str, Any]]:
        """Prospect's customers as they are now."""
        app = self.server.systems["prospect"]
        assert isinstance(app, ProspectApp)
        return {one["SalesLedgerId"]: one for one in app.workspace.records("SalesLedgers")}


@pytest.fixture(scope="module")
def enriched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enriched]:
    home: Path = tmp_path_factory.mktemp("secondary") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SANDBOX", "SECOND"):
            for secret in ("CLIENT_ID", "CLIENT_SECRET"):
                patch.setenv(f"XERO_CRM_{name}_{secret}", "")
        with demo_sandbox(home) as (server, settings):
            split_connections(settings.connections, server)
            set_credentials(
                "second",
                Credentials.model_validate(
                    {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
                ),
            )
            assert sync_all(settings).is_complete
            assert build(settings, BUILT).succeeded
            warehouse = Warehouse(settings.home)
            with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
                tables = [
                    rows_of(connection, name)
                    for name in ("crm.customer_enrichment", "push.prospect__sales_ledgers")
                ]
            yield Enriched(server, tables[0], {row["record_key"]: row for row in tables[1]})


def rows_of(connection: Any, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table by column name."""
    result = connection.execute(f"select * from {table}")  # noqa: S608 - constants
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def split_connections(connections: Path, server: SandboxServer) -> None:
    """Put the organisation with a CRM on a secondary connection of its own."""
    organisations = server.world.organisations.values()
    (thistle,) = (each for each in organisations if each.short_name == "thistle")
    others = [each.tenant_id for each in organisations if each is not thistle]
    text = connections.read_text("utf-8")
    text = text.replace(
        'name = "sandbox"\n', f'name = "sandbox"\ntenant_ids = {json.dumps(others)}\n'
    )
    head, *tables = text.split("[[")
    of_thistle = ("prospect]]", "unleashed]]")
    for number, table in enumerate(tables):
        if table.startswith(of_thistle):
            tables[number] = table.replace('xero = "sandbox"', 'xero = "second"')
    second = SECOND.format(tenant_id=thistle.tenant_id, url=server.url)
    connections.write_text("[[".join([head, *tables]) + second, "utf-8")


def test_each_customer_is_matched_by_id_then_account_number_then_name_and_email(
    enriched: Enriched,
) -> None:
    expected = {key: found(enriched.contacts, one) for key, one in enriched.ledgers.items()}
    actual = {
        row["crm_customer_id"]: (row["match_method"] or None, row["candidate_count"])
        for row in enriched.rows
    }
    assert actual == {key: (how, count) for key, (how, count, _) in expected.items()}
    ways = Counter(how for how, _ in actual.values())
    assert min(ways[how] for how in ("external_id", "account_number", "name_and_email", None)) > 0


def test_an_ambiguous_customer_is_listed_and_never_guessed(enriched: Enriched) -> None:
    ambiguous = [row for row in enriched.rows if row["match_status"] == "ambiguous"]
    assert ambiguous
    assert all(row["candidate_count"] > 1 for row in ambiguous)
    assert [row["contact_id"] for row in ambiguous if isinstance(row["contact_id"], str)] == []
    assert enriched.desired.keys() & {row["crm_customer_id"] for row in ambiguous} == set()


def test_the_columns_and_ids_carry_the_suffix(enriched: Enriched) -> None:
    assert {row["connection_suffix"] for row in enriched.rows} == {SUFFIX}
    matched = [row for row in enriched.rows if row["match_status"] == "matched"]
    assert matched
    for row in matched:
        assert row["suffixed_contact_id"] == f"{row['contact_id']}-{SUFFIX}"
        contact = enriched.contacts[row["contact_id"]]
        assert row["contact_name"] == contact["Name"]
        assert (row["sales_account_code"] or "") == contact.get("SalesDefaultAccountCode", "")


def test_what_is_written_to_the_crm_fills_blanks_and_overwrites_nothing(enriched: Enriched) -> None:
    before = {key: dict(one) for key, one in enriched.ledgers.items()}
    wanted = {
        key: json.loads(row["payload"])
        for key, row in enriched.desired.items()
        if row["operation_hint"] == "update" and row["findings"] == "[]"
    }
    assert wanted
    with httpx.Client(base_url=f"{enriched.server.url}/prospect", verify=False) as http:
        for key, payload in wanted.items():
            fields = {name: one for name, one in payload.items() if name != "SalesLedgerXtras"}
            if fields:
                http.patch(
                    f"/SalesLedgers(OperatingCompanyCode='A',SalesLedgerId='{key}')",
                    json=fields,
                    headers={"Authorization": f"Bearer {TOKEN}"},
                ).raise_for_status()
    written = 0
    for key, one in enriched.ledgers.items():
        for name, value in before[key].items():
            if name not in ("LastUpdatedTimestamp", "LastUpdated") and one[name] != value:
                assert value in (None, ""), f"{name} of {key} was {value}"
                written += 1
    assert written


def found(
    contacts: Mapping[str, Mapping[str, Any]], ledger: Mapping[str, Any]
) -> tuple[str | None, int, set[str]]:
    """Return how a customer of the CRM is matched, to how many contacts, and which."""

    def tidy(text: Any) -> str:
        return " ".join(str(text or "").split()).casefold()

    def followed(identity: str) -> str:
        return contacts[identity].get("MergedToContactID") or identity

    names = ("AccountsId", "SalesLedgerId", "SecondaryAccountsId")
    by_id = {followed(ledger[name]) for name in names if ledger[name] in contacts}
    active = [one for one in contacts.values() if one["ContactStatus"] == "ACTIVE"]
    code, name, email = ledger["CustomerCode"], tidy(ledger["Name"]), tidy(ledger["Email"])
    by_code = {one["ContactID"] for one in active if code and one.get("AccountNumber") == code}
    by_name = {
        one["ContactID"]
        for one in active
        if email and (tidy(one["Name"]), tidy(one.get("EmailAddress"))) == (name, email)
    }
    for how, which in (
        ("external_id", by_id),
        ("account_number", by_code),
        ("name_and_email", by_name),
    ):
        if which:
            return how, len(which), which
    return None, 0, set()
