"""`xero-crm connect` as a person and as a program meets it."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from orchestration import connect_command
from orchestration.cli import app
from orchestration.sandbox import sandbox_folder
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.settings import SettingsError

CONNECTIONS = """
[[xero]]
name = "acme"
grant = "{grant}"
api_url = "{url}"
identity_url = "{url}"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(load_world(sandbox_folder(), documents=1)) as running:
        yield running


@pytest.fixture
def connected_to(server, tmp_path: Path, monkeypatch):
    def write(grant: str) -> None:
        file = tmp_path / "connections.toml"
        file.write_text(CONNECTIONS.format(grant=grant, url=server.url), "utf-8")
        monkeypatch.setenv("XERO_CRM_CONNECTIONS", str(file))
        monkeypatch.setenv("XERO_CRM_ACME_CLIENT_ID", "sandbox")
        monkeypatch.setenv("XERO_CRM_ACME_CLIENT_SECRET", "sandbox-secret")

    return write


def test_a_custom_connection_is_checked_without_a_browser(connected_to, server, monkeypatch):
    connected_to("client_credentials")
    monkeypatch.setattr(webbrowser, "get", lambda: pytest.fail("a browser was opened"))
    done = CliRunner().invoke(app, ["connect", "acme"])
    assert done.exit_code == 0
    for organisation in server.world.organisations.values():
        assert organisation.name in done.stdout
    assert "accounting.contacts.read" in done.stdout


def test_a_sign_in_is_printed_for_a_program_without_a_secret(connected_to, server, monkeypatch):
    connected_to("authorization_code")

    def person(url: str) -> bool:
        httpx.get(url, follow_redirects=True, trust_env=False)
        return True

    monkeypatch.setattr(connect_command, "open_browser", person)
    done = CliRunner().invoke(app, ["connect", "acme", "--port", "0", "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["is_complete"]
    assert {each["tenant_id"] for each in said["organisations"]} == set(server.world.organisations)
    assert "offline_access" in said["scopes"]
    assert "token" not in done.stdout.lower()


def test_a_name_that_is_not_there_says_which_are(connected_to):
    connected_to("client_credentials")
    done = CliRunner().invoke(app, ["connect", "other"])
    assert isinstance(done.exception, SettingsError)
    assert "known: acme" in str(done.exception)


def test_a_browser_in_the_terminal_is_not_opened(monkeypatch):
    opened: list[str] = []

    class Lynx(webbrowser.GenericBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(url)
            return True

    monkeypatch.setattr(webbrowser, "get", lambda: Lynx("lynx"))
    assert not connect_command.open_browser("https://login.xero.com")
    assert opened == []


def test_without_any_browser_it_is_said(monkeypatch):
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not connect_command.open_browser("https://login.xero.com")
