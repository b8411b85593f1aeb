"""`xero-crm webhooks serve`: over a real socket, and what it needs."""

from __future__ import annotations

import base64
import hmac
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from orchestration.environment import child_environment
from orchestration.errors import CannotRun
from orchestration.webhook_command import serve_webhooks
from pipelines.settings import Settings

EMPTY = b'{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"X"}'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    connections = tmp_path / "connections.toml"
    connections.write_text('[[xero]]\nname = "acme"\n', "utf-8")
    return Settings(home=tmp_path / "home", connections=connections)


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_a_key_it_says_which_to_set(settings):
    with pytest.raises(CannotRun, match="XERO_CRM_ACME_WEBHOOK_KEY"):
        serve_webhooks(settings, "127.0.0.1", 0, lambda _: None)


def test_it_listens_here_answers_intent_to_receive_and_stops_when_told(settings):
    port = a_free_port()
    start = "from orchestration.cli import main; main()"
    command = [sys.executable, "-c", start, "webhooks", "serve", "--port", str(port)]
    environment = child_environment(settings, XERO_CRM_ACME_WEBHOOK_KEY="key")
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        assert f"http://127.0.0.1:{port}/webhooks/acme" in said
        url = f"http://127.0.0.1:{port}/webhooks/acme"
        signed = base64.b64encode(hmac.digest(b"key", EMPTY, "sha256")).decode()
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(transport=transport, trust_env=False) as client:
            right = client.post(url, content=EMPTY, headers={"x-xero-signature": signed})
            wrong = client.post(url, content=EMPTY, headers={"x-xero-signature": "no"})
        assert (right.status_code, right.content) == (200, b"")
        assert (wrong.status_code, wrong.content) == (401, b"")
        assert "set-cookie" not in right.headers
        assert "server" not in right.headers
        os.kill(process.pid, signal.SIGINT)
        process.wait(20)
    finally:
        process.kill()
        process.wait()
