"""The webhook receiver against Xero's own description of its webhooks."""

from __future__ import annotations

import base64
import hmac
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from starlette.testclient import TestClient

from pipelines.xero.webhook_app import webhook_app
from pipelines.xero.webhook_events import ENDPOINT_OF
from pipelines.xero.webhook_store import WebhookStore

pytestmark = pytest.mark.needs_shared

KEY = "key"
NOT_RECORDS = {"SUBSCRIPTION"}


@pytest.fixture
def spec(shared_reference: Path) -> dict[str, Any]:
    return yaml.safe_load((shared_reference / "xero-webhooks.yaml").read_text("utf-8"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WebhookStore]:
    with WebhookStore(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(store: WebhookStore) -> TestClient:
    return TestClient(webhook_app({"acme": SecretStr(KEY)}, store))


def post(client: TestClient, delivery: dict[str, Any], key: str = KEY) -> int:
    body = json.dumps(delivery, default=lambda value: value.isoformat()).encode()
    signed = base64.b64encode(hmac.digest(key.encode(), body, "sha256")).decode()
    return client.post(
        "/webhooks/acme", content=body, headers={"x-xero-signature": signed}
    ).status_code


def examples(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every example delivery in the description."""
    if isinstance(node, dict):
        if "events" in node and "entropy" in node and isinstance(node["events"], list):
            yield node
        for value in node.values():
            yield from examples(value)
    elif isinstance(node, list):
        for value in node:
            yield from examples(value)


def constants(spec: dict[str, Any], name: str) -> list[str]:
    event = spec["components"]["schemas"]["WebhookEvent"]["properties"]["events"]["items"]
    return [one["const"] for one in event["properties"][name]["oneOf"]]


def statuses(spec: dict[str, Any]) -> set[str]:
    return {status for hook in spec["webhooks"].values() for status in hook["post"]["responses"]}


def test_every_example_is_taken_and_its_records_are_kept(spec, client, store):
    found = list(examples(spec))
    assert found
    for delivery in found:
        assert post(client, delivery) == 200
        for event in delivery["events"]:
            pending = store.pending("acme", event["tenantId"])
            assert event["resourceId"] in pending[ENDPOINT_OF[event["eventCategory"]]].record_ids


def test_the_answers_are_the_declared_ones(spec, client):
    delivery = next(examples(spec))
    assert statuses(spec) == {"200", "401"}
    assert {str(post(client, delivery)), str(post(client, delivery, "wrong"))} == statuses(spec)


def test_every_declared_category_and_type_is_understood(spec, client, store):
    categories, types = constants(spec, "eventCategory"), constants(spec, "eventType")
    assert set(categories) <= set(ENDPOINT_OF) | NOT_RECORDS
    base = next(examples(spec))
    for category, kind in itertools.product(categories, types):
        for tenant_type in constants(spec, "tenantType"):
            event = {**base["events"][0], "eventCategory": category, "eventType": kind}
            delivery = {**base, "events": [{**event, "tenantType": tenant_type}]}
            assert post(client, delivery) == 200
    tenant_id = base["events"][0]["tenantId"]
    expected = {ENDPOINT_OF[category] for category in categories if category not in NOT_RECORDS}
    assert set(store.pending("acme", tenant_id)) == expected


def test_no_more_than_the_declared_fields_is_needed(spec, client, store):
    event = spec["components"]["schemas"]["WebhookEvent"]["properties"]["events"]["items"]
    base = next(examples(spec))
    only = {name: base["events"][0][name] for name in event["required"]}
    assert post(client, {**base, "events": [only]}) == 200
    assert store.pending("acme", only["tenantId"])
