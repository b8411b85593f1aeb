"""What the build says Xero should hold is taken by Xero as it stands, and is then held as wanted.

The payloads go to a sandbox Xero of their own, by a client that knows nothing of plans; what was
sent is noted as the push ledger would, everything is read and built again, and nothing is left.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from desired_payloads import Desired, DesiredSender, SentRecord, desired_records, write_ledger
from official_openapi import spec_checker

from orchestration.dbt import build
from orchestration.sandbox import connect_home
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.sync import sync_all
from pipelines.warehouse import Warehouse

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"
AT_LEAST = {
    ("items", "create"): 2,
    ("items", "update"): 2,
    ("contacts", "create"): 3,
    ("invoices", "create"): 60,
    ("bills", "create"): 20,
    ("credit_notes", "create"): 8,
    ("manual_journals", "create"): 6,
}
CODING_OF_CONTACTS = ("Tracking", "DefaultAccount", "TaxType", "PaymentTerms", "BrandingTheme")

pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True)
class Round:
    """What was sent of the first build's states, and what the second build says of all of them."""

    sent: list[SentRecord]
    after: dict[tuple[str, str, str], Desired]


@pytest.fixture(scope="module")
def once(demo: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    home = tmp_path_factory.mktemp("desired") / "home"
    shutil.copytree(demo.settings.home, home, symlinks=True)
    with SandboxServer(load_world(SANDBOX), limits=Limits(enforced=False)) as server:
        settings = connect_home(home, server.url)
        with DesiredSender(server) as sender:
            sent = sender.send_all(desired_records(demo.rows))
        warehouse = Warehouse(home)
        write_ledger(warehouse, sent, datetime.now(UTC).replace(tzinfo=None))
        sync = sync_all(settings)
        assert sync.is_complete, sync.failures
        result = build(settings)
        assert result.succeeded

    def rows(query: str) -> list[tuple[Any, ...]]:
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
            return connection.execute(query).fetchall()

    after = {
        (one.entity, one.row["tenant_id"], one.row["record_key"]): one
        for one in desired_records(rows)
    }
    yield Round(sent, after)


def test_records_of_every_kind_are_sent(once: Round) -> None:
    counts = Counter((one.desired.entity, one.desired.row["operation_hint"]) for one in once.sent)
    assert {kind: counts[kind] for kind, least in AT_LEAST.items() if counts[kind] < least} == {}


def test_xero_takes_every_record_as_it_is_stated(once: Round) -> None:
    refused = {
        one.desired.name: [*one.outcome.errors, *one.outcome.warnings]
        for one in once.sent
        if not one.outcome.is_saved or one.outcome.warnings
    }
    assert refused == {}


def test_no_existing_contact_is_sent_tracking_or_account_defaults(once: Round) -> None:
    updates = [
        json.dumps(one.element)
        for one in once.sent
        if one.desired.entity == "contacts" and one.desired.row["operation_hint"] == "update"
    ]
    contacts = [one.element["Contact"] for one in once.sent if "Contact" in one.element]
    assert contacts
    assert [body for body in updates if any(word in body for word in CODING_OF_CONTACTS)] == []
    assert [contact for contact in contacts if set(contact) != {"ContactID"}] == []


def test_a_new_customer_bears_the_templates_tracking(once: Round) -> None:
    created = [
        one.outcome.record
        for one in once.sent
        if one.desired.entity == "contacts" and one.desired.row["operation_hint"] == "create"
    ]
    customers = [one for one in created if "supplier" not in one["ContactNumber"]]
    assert customers
    assert all(one["SalesTrackingCategories"] for one in customers)


def test_nothing_is_left_to_do_once_all_is_there(once: Round) -> None:
    left = {}
    for one in once.sent:
        row = once.after.get(
            (one.desired.entity, one.desired.row["tenant_id"], one.desired.row["record_key"])
        )
        if row is not None and row.row["operation_hint"] != "none":
            left[one.desired.name] = (row.row["operation_hint"], row.row["payload"])
    assert left == {}


def test_what_was_sent_is_known_by_the_id_that_xero_gave_it(once: Round) -> None:
    unlike = {
        one.desired.name: one.target_id
        for one in once.sent
        if once.after[
            one.desired.entity, one.desired.row["tenant_id"], one.desired.row["record_key"]
        ].row["target_id"]
        != one.target_id
    }
    assert unlike == {}


@pytest.mark.needs_shared
def test_every_payload_passes_the_official_openapi_file(demo: Any, shared_reference: Path) -> None:
    checker = spec_checker(shared_reference)
    with (
        SandboxServer(load_world(SANDBOX), limits=Limits(enforced=False)) as server,
        DesiredSender(server, checker) as sender,
    ):
        sent = sender.send_all(desired_records(demo.rows))
        assert len(sent) >= sum(AT_LEAST.values())
        assert sender.problems == []
