"""Alerts reach a mailbox and a chat, one that fails stops nothing, and no secret is logged."""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from orchestration.alerts import Alert, EmailNotifier, WebhookNotifier, notifiers, notify
from pipelines.settings import Settings, SettingsError

ALERT = Alert("xero-crm: the run refresh failed", "dbt: model revenue_by_item: no such column")


@contextmanager
def serving(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def mailbox() -> Iterator[SimpleNamespace]:
    """An SMTP server without encryption that keeps what it is told."""
    told: list[str] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            in_data = False
            for raw in self.rfile:
                line = raw.decode().rstrip("\r\n")
                told.append(line)
                if in_data:
                    in_data = line != "."
                    answer = b"" if in_data else b"250 kept\r\n"
                elif line.lower() == "data":
                    in_data, answer = True, b"354 go on\r\n"
                else:
                    answer = b"221 bye\r\n" if line.lower() == "quit" else b"250 fine\r\n"
                self.wfile.write(answer)

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)) as port:
        yield SimpleNamespace(port=port, told=told)


@pytest.fixture
def chat() -> Iterator[SimpleNamespace]:
    """A webhook that keeps what is posted and answers as it is told to."""
    state = SimpleNamespace(posted=[], status=200)

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.posted.append((self.path, json.loads(body)))
            self.send_response(state.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Hook)) as port:
        state.url = f"http://127.0.0.1:{port}/services/SECRET"
        yield state


def test_without_settings_an_alert_is_logged(caplog):
    with caplog.at_level(logging.ERROR, "xero_crm.alerts"):
        assert notify(notifiers(Settings()), ALERT) == []
    assert ALERT.subject in caplog.text and ALERT.text in caplog.text


def test_a_mail_goes_to_everyone_named(mailbox):
    settings = Settings(
        alert_email_to="ann@example.org, bo@example.org",
        alert_email_from="books@example.org",
        alert_smtp_url=SecretStr(f"smtp://127.0.0.1:{mailbox.port}"),
    )
    assert notify(notifiers(settings), ALERT) == []
    recipients = [line for line in mailbox.told if line.lower().startswith("rcpt to")]
    assert [line.split("<")[1].split(">")[0] for line in recipients] == [
        "ann@example.org",
        "bo@example.org",
    ]
    assert f"Subject: {ALERT.subject}" in mailbox.told and ALERT.text in mailbox.told


def test_a_password_is_not_sent_where_nothing_is_encrypted(mailbox):
    url = f"smtp://books:s3cret@127.0.0.1:{mailbox.port}"
    assert notify([EmailNotifier(url, "a@example.org", ("b@example.org",))], ALERT) == ["email"]
    assert not any("auth" in line.lower() or "rcpt" in line.lower() for line in mailbox.told)


def test_a_chat_gets_the_text_as_slack_takes_it(chat):
    settings = Settings(alert_webhook_url=SecretStr(chat.url))
    assert notify(notifiers(settings), ALERT) == []
    assert chat.posted == [("/services/SECRET", {"text": f"{ALERT.subject}\n{ALERT.text}"})]


class Listening:
    name = "other"

    def __init__(self) -> None:
        self.sent: list[Alert] = []

    def send(self, alert: Alert) -> None:
        self.sent.append(alert)


def test_one_that_fails_stops_no_other_and_its_secret_is_not_logged(chat, caplog):
    chat.status = 500
    other = Listening()
    unreachable = WebhookNotifier("http://127.0.0.1:1/services/SECRET", "unreachable")
    failed = notify([WebhookNotifier(chat.url), unreachable, other], ALERT)
    assert failed == ["webhook", "unreachable"]
    assert other.sent == [ALERT]
    assert "could not be sent by webhook" in caplog.text and "SECRET" not in caplog.text


def test_someone_to_mail_to_without_a_server_is_a_mistake_in_the_settings():
    with pytest.raises(SettingsError, match="XERO_CRM_ALERT_SMTP_URL"):
        notifiers(Settings(alert_email_to="ann@example.org"))


def test_secrets_are_not_shown_with_the_settings(chat):
    settings = Settings(
        alert_webhook_url=SecretStr(chat.url), alert_smtp_url=SecretStr("smtp://u:s3cret@h")
    )
    assert "SECRET" not in repr(settings) and "s3cret" not in repr(settings)
