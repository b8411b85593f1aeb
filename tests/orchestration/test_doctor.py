"""`doctor`: what is wrong with settings, connections and reads, and what could not be looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from published_documents import (
    HARBOUR,
    a_configuration_finding,
    a_document,
    a_read_of,
    an_exception,
    publish,
)

from orchestration import connection_checks
from orchestration.diagnosis import Check
from orchestration.doctor import examine
from pipelines.settings import Credentials, Settings, SettingsError
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import default_scopes

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
THEN = NOW.replace(tzinfo=None)
CONNECTIONS = '[[xero]]\nname = "acme"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "connections.toml").write_text(CONNECTIONS, "utf-8")
    connections = folder / "connections.toml"
    return Settings(home=tmp_path / "home", connections=connections, settings_dir=folder)


class AXero:
    """Xero as `doctor` meets it: a token, one organisation, the headers of an answer."""

    def __init__(self) -> None:
        self.scopes = default_scopes()
        self.headers = {
            "date": format_datetime(NOW, usegmt=True),
            "x-daylimit-remaining": "4900",
            "x-minlimit-remaining": "59",
        }
        self.refusal: httpx.Response | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/connect/token":
            token = {"access_token": "t", "expires_in": 1800, "scope": " ".join(self.scopes)}
            return httpx.Response(200, json=token)
        if request.url.path == "/connections":
            organisation = {"tenantId": HARBOUR, "tenantName": "Harbour Joinery"}
            return httpx.Response(200, json=[organisation])
        if self.refusal:
            return self.refusal
        return httpx.Response(200, json={"Organisations": []}, headers=self.headers)


@pytest.fixture
def xero(monkeypatch: pytest.MonkeyPatch) -> AXero:
    xero = AXero()

    def open_client(settings: Settings, connection: Any) -> XeroClient:
        return XeroClient(
            connection,
            Credentials.model_validate({"client_id": "id", "client_secret": "secret"}),
            settings.home,
            clock=lambda: NOW,
            sleep=lambda _: None,
            transport=httpx.MockTransport(xero),
        )

    monkeypatch.setattr(connection_checks, "open_client", open_client)
    return xero


@pytest.fixture
def checked(settings: Settings, xero: AXero) -> Callable[..., list[Check]]:
    """Run the checks; give those of a severity."""

    def run(*severities: str) -> list[Check]:
        found = examine(settings, clock=lambda: NOW).checks
        return [check for check in found if check.severity in severities]

    return run


def everything_read(settings: Settings, **tables: Any) -> None:
    publish(settings.home, **{"published__reads": [a_read_of("invoices", THEN)], **tables})


def test_where_all_is_well_nothing_is_to_mend(settings, checked):
    everything_read(settings)
    assert checked("block", "warn", "unchecked") == []
    said = {check.message for check in checked("ok")}
    assert said >= {
        "It answers.",
        "It may read all that is needed.",
        "4900 of 5000 calls are left today.",
        "The settings fit what is in Xero.",
    }


def test_a_finding_on_a_settings_row_names_file_and_row_and_what_to_do(settings, checked):
    (settings.settings_dir / "gl_defaults.csv").write_text(
        f"tenant_id,role,account_code,tax_type\n*,expense,429,\n{HARBOUR},revenue,2O0,\n", "utf-8"
    )
    finding = a_configuration_finding('gl_defaults.csv names the account "2O0".')
    everything_read(settings, coding__configuration_findings=[finding])
    (found,) = checked("warn")
    assert found.where == "Harbour Joinery, gl_defaults.csv, row 2"
    assert found.message == 'gl_defaults.csv names the account "2O0".'
    assert found.remedy == "The nearest is 200 Sales."


def test_findings_of_the_configuration_are_shown_and_those_of_documents_are_not(settings, checked):
    about_xero = an_exception("Branch is archived.", document_id=None, severity="warn")
    exceptions = [about_xero, an_exception("A line is wrong.")]
    everything_read(settings, coding__exceptions=exceptions)
    (found,) = checked("block", "warn")
    assert (found.where, found.message) == ("Harbour Joinery", "Branch is archived.")


def test_a_settings_file_that_cannot_be_read_is_named_with_row_and_column(settings, checked):
    (settings.settings_dir / "gl_defaults.csv").write_text(
        "tenant_id,role,account_code\nme,revenue,200\n", "utf-8"
    )
    everything_read(settings)
    (found,) = checked("block")
    assert "gl_defaults.csv, row 1: tenant_id 'me' is neither" in found.message


def test_a_missing_scope_is_named(settings, xero, checked):
    everything_read(settings)
    xero.scopes = tuple(each for each in xero.scopes if each != "accounting.payments.read")
    assert "The token lacks accounting.payments.read; it has" in checked("block")[0].message


def test_the_older_broad_scopes_are_enough(settings, xero, checked):
    everything_read(settings)
    names = ("settings", "contacts", "transactions.read", "budgets.read", "reports.read")
    xero.scopes = tuple(f"accounting.{name}" for name in names)
    assert checked("block") == []


@pytest.mark.parametrize(("minutes", "severity"), [(4, "ok"), (-4, "ok"), (6, "block")])
def test_the_clocks_may_differ_by_less_than_five_minutes(
    settings, xero, checked, minutes, severity
):
    everything_read(settings)
    xero.headers["date"] = format_datetime(NOW - timedelta(minutes=minutes), usegmt=True)
    (found,) = [check for check in checked("ok", "block") if "clock" in check.message.lower()]
    assert found.severity == severity
    if severity == "block":
        assert found.message == "This computer's clock is 6 minutes ahead of the server's."


def test_few_calls_left_today_are_said(settings, xero, checked):
    everything_read(settings)
    xero.headers["x-daylimit-remaining"] = "120"
    (found,) = checked("warn")
    assert found.message == "120 of 5000 calls are left today."


def test_an_organisation_that_does_not_answer_could_not_be_checked(settings, xero, checked):
    everything_read(settings)
    xero.refusal = httpx.Response(403, json={"Detail": "AuthenticationUnsuccessful"})
    (found,) = checked("unchecked")
    assert found.where == "Harbour Joinery, acme"


def test_an_organisation_is_named_also_where_its_connection_cannot_be_asked(settings):
    exceptions = [an_exception("Branch is archived.", document_id=None, severity="warn")]
    document = a_document(organisation_name="Harbour & Sons")
    everything_read(settings, coding__exceptions=exceptions, coding__documents=[document])
    found = examine(settings, clock=lambda: NOW).checks
    (branch,) = (check for check in found if check.message == "Branch is archived.")
    assert branch.where == "Harbour & Sons"
    assert any(check.severity == "unchecked" and check.where == "acme" for check in found)


def test_a_list_that_fails_or_is_old_is_named_with_its_last_complete_read(settings, checked):
    earlier = THEN - timedelta(hours=3)
    reads = [
        a_read_of("accounts", THEN),
        a_read_of("contacts", THEN - timedelta(days=2)),
        a_read_of("invoices", earlier),
        a_read_of("invoices", THEN, is_complete=False, error="The list kept changing."),
        a_read_of("items", THEN, is_complete=False, error="Forbidden."),
        a_read_of("gone", THEN, connection="former", is_complete=False, error="No."),
    ]
    publish(settings.home, published__reads=reads)
    invoices, items = checked("block")
    assert invoices.where == "Harbour Joinery, acme"
    assert invoices.message == (
        "invoices could not be read: The list kept changing. It was last read completely"
        " 3 hours ago."
    )
    assert items.message == "items could not be read: Forbidden. It was never read completely."
    (contacts,) = checked("warn")
    assert contacts.message == "contacts was last read completely 2 days ago."


def test_a_connection_that_was_never_read_is_named(settings, checked):
    publish(settings.home)
    (found,) = checked("warn")
    assert (found.where, found.message) == ("acme", "Nothing of it was ever read.")


def test_without_a_published_file_the_connections_are_still_checked(settings, checked):
    (found,) = checked("unchecked")
    assert found.message == "Nothing is published yet. Run `xero-crm run`."
    assert "It answers." in {check.message for check in checked("ok")}


def test_a_source_that_belongs_to_no_connection_is_named(settings, checked):
    everything_read(settings)
    extra = '[[workguru]]\nname = "jobs"\nxero = "acne"\n'
    settings.connections.write_text(CONNECTIONS + extra, "utf-8")
    (found,) = checked("block")
    assert found.message == "It belongs to the connection 'acne', which there is not."


def test_without_connections_it_cannot_run(settings):
    settings.connections.unlink()
    with pytest.raises(SettingsError, match="does not exist"):
        examine(settings)
