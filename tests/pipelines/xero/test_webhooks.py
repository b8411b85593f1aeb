"""The receiver of Xero's webhooks: what it believes, what it keeps, what it answers."""

from __future__ import annotations

import base64
import hmac
import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from pydantic import SecretStr
from starlette.testclient import TestClient

from pipelines.xero.webhook_app import MOST_BYTES, webhook_app
from pipelines.xero.webhook_events import is_signed
from pipelines.xero.webhook_store import (
    FILE,
    KEPT,
    WebhookStore,
    mark_fetched,
    pending_events,
)

KEY = "webhook-key-of-acme"
TENANT = "45e4708e-d862-4111-ab3a-dd8cd03913e1"
CONTACT = "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777"
OTHER = "717f2bfc-c6d4-41fd-b238-3f2f0c0cf778"
AT = "2026-11-02T01:15:39.902"


def an_event(record: str = CONTACT, category: str = "CONTACT", **changed: Any) -> dict[str, Any]:
    return {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Contacts/{record}",
        "resourceId": record,
        "eventDateUtc": AT,
        "eventType": "UPDATE",
        "eventCategory": category,
        "tenantId": TENANT,
        "tenantType": "ORGANISATION",
        **changed,
    }


def a_body(*events: dict[str, Any]) -> bytes:
    delivery = {"firstEventSequence": 1, "lastEventSequence": 1, "entropy": "S0m3r4Nd0mt3xt"}
    return json.dumps({"events": list(events), **delivery}).encode()


def signature(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.digest(key.encode(), body, "sha256")).decode()


@pytest.fixture
def store(home: Path, clock) -> Iterator[WebhookStore]:
    with WebhookStore(home, clock=clock) as opened:
        yield opened


@pytest.fixture
def post(store: WebhookStore) -> Callable[..., Response]:
    client = TestClient(webhook_app({"acme": SecretStr(KEY)}, store))

    def send(body: bytes, *, signed: str | bytes | None = None, to: str = "acme") -> Response:
        headers = {"x-xero-signature": signature(body) if signed is None else signed}
        return client.post(f"/webhooks/{to}", content=body, headers=headers)

    return send


def waiting(store: WebhookStore, connection: str = "acme") -> dict[str, tuple[str, ...]]:
    return {name: p.record_ids for name, p in store.pending(connection, TENANT).items()}


def test_the_signature_is_that_of_the_published_example():
    # The HMAC-SHA256 that everybody's example has.
    digest = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    signed = base64.b64encode(bytes.fromhex(digest)).decode()
    fox = b"The quick brown fox jumps over the lazy dog"
    assert is_signed(fox, signed, "key")
    assert not is_signed(fox + b".", signed, "key")
    assert not is_signed(fox, signed, "keys")


def test_a_signed_event_is_kept_and_answered_with_nothing(post, store):
    answer = post(a_body(an_event()))
    assert (answer.status_code, answer.content) == (200, b"")
    assert "set-cookie" not in answer.headers
    assert waiting(store) == {"Contacts": (CONTACT,)}


def test_intent_to_receive_is_passed(post, store):
    empty = a_body()
    assert post(empty).status_code == 200
    for wrong in ("", "x", signature(empty, "another"), signature(a_body(an_event()))):
        answer = post(empty, signed=wrong)
        assert (answer.status_code, answer.content) == (401, b"")
    assert waiting(store) == {}


def test_the_signature_is_of_the_raw_body_not_of_what_it_means(post, store):
    body = a_body(an_event())
    spaced = json.dumps(json.loads(body), indent=1).encode()
    assert post(spaced, signed=signature(body)).status_code == 401
    assert post(spaced).status_code == 200
    assert waiting(store) == {"Contacts": (CONTACT,)}


def test_a_mis_signed_event_leaves_no_trace(post, store):
    assert post(a_body(an_event()), signed="bm8=").status_code == 401
    assert post(a_body(an_event()), signed="ñ".encode("latin-1")).status_code == 401
    assert waiting(store) == {}


def test_a_connection_without_a_key_receives_nothing(post, store):
    assert post(a_body(an_event()), to="other").status_code == 404
    assert waiting(store, "other") == {}


def test_duplicates_and_replays_are_held_once_also_after_they_were_fetched(post, store, clock):
    body = a_body(an_event(), an_event())
    post(body)
    post(body)
    pending = store.pending("acme", TENANT)["Contacts"]
    assert pending.record_ids == (CONTACT,)
    assert len(pending.numbers) == 1
    store.fetched(pending)
    clock.sleep(timedelta(days=31).total_seconds())
    post(body)
    assert waiting(store) == {}
    post(a_body(an_event(eventDateUtc="2026-11-02T01:15:40.000")))
    assert waiting(store) == {"Contacts": (CONTACT,)}


def test_an_event_that_comes_while_its_record_is_fetched_stays(post, store):
    post(a_body(an_event()))
    pending = store.pending("acme", TENANT)["Contacts"]
    post(a_body(an_event(eventDateUtc="2026-11-02T09:00:00.000")))
    store.fetched(pending)
    assert waiting(store) == {"Contacts": (CONTACT,)}


def test_events_survive_the_process_and_wait_by_organisation(post, store, home: Path):
    post(a_body(an_event(), an_event(OTHER, "INVOICE", eventType="Create")))
    store.close()
    assert pending_events(home, "acme", TENANT)["Invoices"].record_ids == (OTHER,)
    assert pending_events(home, "acme", OTHER) == {}
    mark_fetched(home, list(pending_events(home, "acme", TENANT).values()))
    assert pending_events(home, "acme", TENANT) == {}


def test_where_nothing_was_received_no_file_is_made(tmp_path: Path):
    assert pending_events(tmp_path, "acme", TENANT) == {}
    mark_fetched(tmp_path, [])
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "event",
    [
        an_event(category="SUBSCRIPTION", tenantType="APPLICATION"),
        an_event(tenantType="APPLICATION"),
        an_event(record='" || true || "'),
        an_event(tenantId="../../etc"),
        an_event(category="SOMETHING_NEW"),
    ],
)
def test_what_is_no_record_of_an_organisation_is_taken_and_not_kept(post, store, event):
    assert post(a_body(event)).status_code == 200
    assert waiting(store) == {}


def test_a_signed_body_that_cannot_be_read_is_kept_for_a_person(post, store, home: Path):
    for body in (b'{"events": 1}', b"\xff", b"[]"):
        assert post(body).status_code == 200
        assert post(body).status_code == 200
    with sqlite3.connect(home / FILE) as file:
        assert file.execute("select count(*) from unreadable").fetchone() == (3,)


def test_xero_is_told_to_come_again_when_an_event_cannot_be_kept(post, store, monkeypatch):
    def full_disk(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "add", full_disk)
        assert post(a_body(an_event())).status_code == 503
    assert post(a_body(an_event())).status_code == 200


def test_a_body_longer_than_any_of_xeros_is_not_read_to_its_end(post):
    assert post(b"x" * (MOST_BYTES + 1)).status_code == 413


def test_what_was_fetched_long_ago_is_forgotten(post, store, home: Path, clock):
    post(a_body(an_event(), an_event(OTHER)))
    pending = store.pending("acme", TENANT)["Contacts"]
    store.fetched(pending)
    post(a_body(an_event(OTHER, eventDateUtc="2026-11-02T02:00:00.000")))
    clock.sleep((KEPT + timedelta(days=1)).total_seconds())
    with WebhookStore(home, clock=clock) as opened:
        assert waiting(opened) == {"Contacts": (OTHER,)}
    with sqlite3.connect(home / FILE) as file:
        assert file.execute("select count(*) from events").fetchone() == (1,)


def test_nothing_but_post_is_answered(store):
    client = TestClient(webhook_app({"acme": SecretStr(KEY)}, store))
    assert client.get("/webhooks/acme").status_code == 405
    assert client.post("/").status_code == 404
