"""Records that a webhook named are fetched by the next sync, those alone where it is asked for."""

from __future__ import annotations

from itertools import count

import pytest

from pipelines.sync import sync_tenant
from pipelines.sync_results import Tenant
from pipelines.xero.webhook_events import Event
from pipelines.xero.webhook_store import WebhookStore, pending_events

LISTS = ("Contacts", "Invoices", "CreditNotes")


@pytest.fixture
def acme(business):
    return business()


@pytest.fixture
def told(acme):
    """Let Xero tell of a change of records."""
    times = count()

    def tell(endpoint: str, *record_ids: str) -> None:
        tenant = acme.organisation.tenant_id
        events = [Event(tenant, endpoint, each, "UPDATE", str(next(times))) for each in record_ids]
        with WebhookStore(acme.home) as store:
            store.add("acme", events)

    return tell


def only_events(acme):
    tenant = Tenant("acme", acme.organisation.tenant_id, acme.organisation.name)
    done = sync_tenant(acme.settings(), tenant, run_id="events", only_events=True)
    return {read.endpoint: read for read in done}


def change_quietly(acme, endpoint: str, **fields) -> str:
    identity = sorted(acme.organisation.records[endpoint])[3]
    acme.organisation.change(endpoint, identity, stamp=False, **fields)
    return identity


def waits(acme) -> set[str]:
    return set(pending_events(acme.home, "acme", acme.organisation.tenant_id))


def test_just_the_named_records_are_fetched_and_no_cursor_moves(acme, told):
    acme.run(*LISTS)
    before = acme.server.control.total_calls(acme.organisation.tenant_id)
    invoice = change_quietly(acme, "Invoices", Reference="told of")
    told("Invoices", invoice)
    done = only_events(acme)
    assert set(done) == {"invoices"}
    read = done["invoices"]
    assert (read.is_complete, read.calls, read.records_read, read.versions_written) == (
        True,
        1,
        1,
        1,
    )
    assert (read.mode, read.cursor_at, read.tombstones) == ("changes", None, 0)
    assert acme.server.control.total_calls(acme.organisation.tenant_id) == before + 1
    assert acme.versions("invoices", invoice) == 2
    assert waits(acme) == set()
    assert only_events(acme) == {}


def test_a_record_fetched_by_name_is_the_one_that_the_list_shows(acme, told):
    acme.run(*LISTS)
    for endpoint in ("Contacts", "Invoices"):
        told(endpoint, *sorted(acme.organisation.records[endpoint])[:3])
    assert all(read.versions_written == 0 for read in only_events(acme).values())


def test_many_are_fetched_forty_at_a_time(acme, told):
    acme.run(*LISTS)
    told("Contacts", *sorted(acme.organisation.records["Contacts"])[:41])
    read = only_events(acme)["contacts"]
    assert (read.calls, read.records_read) == (2, 41)


def test_a_usual_sync_fetches_them_besides_what_changed(acme, told):
    acme.run(*LISTS)
    contact = change_quietly(acme, "Contacts", IsSupplier=True, Name="Told of, unstamped")
    told("Contacts", contact)
    read = acme.run(*LISTS)["contacts"]
    assert (read.mode, read.is_complete) == ("changes", True)
    assert acme.versions("contacts", contact) == 2
    assert waits(acme) == set()


def test_what_could_not_be_fetched_waits_for_the_next_run(acme, told):
    acme.run(*LISTS)
    contact = change_quietly(acme, "Contacts", Name="Told of, unstamped")
    told("Contacts", contact)
    acme.server.control.on("Contacts", call=2).answers(403)
    read = acme.run(*LISTS)["contacts"]
    assert read.is_complete
    assert "wait for the next run" in (read.error or "")
    assert waits(acme) == {"Contacts"}
    acme.server.control.clear()
    assert acme.run(*LISTS)["contacts"].versions_written == 1
    assert waits(acme) == set()


def test_a_failure_of_named_records_alone_is_one(acme, told):
    acme.run(*LISTS)
    told("Contacts", sorted(acme.organisation.records["Contacts"])[0])
    acme.server.control.on("Contacts").answers(403)
    assert not only_events(acme)["contacts"].is_complete
    assert waits(acme) == {"Contacts"}


def test_a_record_that_xero_does_not_have_is_said_and_nothing_is_deleted(acme, told):
    acme.run(*LISTS)
    told("Invoices", "00000000-0000-4000-8000-000000000000")
    read = only_events(acme)["invoices"]
    assert (read.is_complete, read.tombstones) == (True, 0)
    assert "has it not" in (read.error or "")
    assert waits(acme) == set()


def test_before_the_first_read_everything_is_read_anyway(acme, told):
    told("Contacts", sorted(acme.organisation.records["Contacts"])[0])
    read = acme.run(*LISTS)["contacts"]
    assert (read.mode, read.calls) == ("whole", -(-read.records_read // 5))
    assert waits(acme) == set()
