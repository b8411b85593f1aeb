"""The client against the sandbox Xero, over real HTTP on loopback. Both follow the same clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from pipelines.connections import XeroConnection
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World
from pipelines.settings import Credentials
from pipelines.xero.client import XeroClient
from pipelines.xero.errors import (
    DayLimitReached,
    Forbidden,
    HighVolume,
    MissingScope,
    ScopeRefused,
    Unreachable,
    WrongCredentials,
)

HARBOUR = "45e4708e-d862-4111-ab3a-dd8cd03913e1"
MILL = "0b1e2c3d-0000-4111-ab3a-dd8cd03913e1"
CONTACTS = 7

Connect = Callable[..., XeroClient]


def an_organisation(short_name: str, tenant_id: str, clock: Any) -> Organisation:
    contacts = {
        f"contact-{number}": {
            "ContactID": f"contact-{number}",
            "Name": f"Contact {number} “Ünïcode” 🐟 ",
            "ContactStatus": "ACTIVE",
            "UpdatedDateUTC": clock() + timedelta(seconds=number),
        }
        for number in range(1, CONTACTS + 1)
    }
    books = {"OrganisationID": short_name, "Name": short_name.capitalize(), "BaseCurrency": "NZD"}
    empty = ("Accounts", "TrackingCategories", "TaxRates", "Items")
    configuration: dict[str, Any] = {name: {} for name in empty}
    configuration |= {"Organisation": {short_name: books}, "Contacts": contacts}
    return Organisation(
        short_name, tenant_id, configuration, {"Invoices": {}, "CreditNotes": {}}, clock
    )


@pytest.fixture
def world(clock) -> World:
    world = World(clock)
    for short_name, tenant_id in (("harbour", HARBOUR), ("mill", MILL)):
        world.organisations[tenant_id] = an_organisation(short_name, tenant_id, clock)
    return world


@pytest.fixture
def serve(world: World, clock) -> Iterator[Callable[..., SandboxServer]]:
    running: list[SandboxServer] = []

    def start(**options: Any) -> SandboxServer:
        running.append(SandboxServer(world, clock=clock, **options).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture
def connect(clock, home: Path) -> Iterator[Connect]:
    made: list[XeroClient] = []

    def make(
        server: SandboxServer, client_id: str = "sandbox", secret: str = "", **connection: Any
    ) -> XeroClient:
        settings = XeroConnection(
            name="sandbox", api_url=server.url, identity_url=server.url, **connection
        )
        credentials = {"client_id": client_id, "client_secret": secret or f"{client_id}-secret"}
        made.append(
            XeroClient(
                settings,
                Credentials.model_validate(credentials),
                home,
                clock=clock,
                sleep=clock.sleep,
            )
        )
        return made[-1]

    yield make
    for client in made:
        client.close()


def all_contacts(client: XeroClient, tenant_id: str = HARBOUR) -> list[bytes]:
    records, number = [], 1
    while True:
        page, _ = client.get_page(
            tenant_id, "Contacts", "Contacts", {"page": number, "pageSize": 3}
        )
        records += [bytes(record) for record in page.records]
        if number >= page.page_count:
            assert page.item_count == len(records)
            return records
        number += 1


def refusals(server: SandboxServer) -> int:
    return sum(call.status == 429 for call in server.control.requests)


def test_every_page_of_every_organisation_of_the_token_is_read(serve, connect):
    server = serve()
    client = connect(server)
    tenants = client.connections()
    assert [tenant.tenant_name for tenant in tenants] == ["Harbour", "Mill"]
    for tenant in tenants:
        assert len(all_contacts(client, tenant.tenant_id)) == CONTACTS
        spent = client.usage(tenant.tenant_id, "Contacts")
        assert spent.calls == server.control.calls[tenant.tenant_id, "Contacts"] == 3
        assert spent.bytes == server.control.bytes[tenant.tenant_id, "Contacts"]


def test_only_what_changed_since_is_sent(serve, connect, clock):
    since = clock() + timedelta(seconds=CONTACTS)
    client = connect(serve())
    page, _ = client.get_page(HARBOUR, "Contacts", "Contacts", {"page": 1}, if_modified_since=since)
    assert len(page.records) == 1


def test_a_custom_connection_reads_its_one_organisation(serve, connect):
    client = connect(serve(), client_id="mill")
    assert [tenant.tenant_id for tenant in client.connections()] == [MILL]
    with pytest.raises(Forbidden, match="Contacts of organisation 45e4708e"):
        client.get(HARBOUR, "Contacts")


def test_a_wrong_secret_is_told(serve, connect):
    with pytest.raises(WrongCredentials, match="XERO_CRM_SANDBOX_CLIENT_ID"):
        connect(serve(), secret="wrong").connections()


def test_scopes_that_the_app_may_not_have_are_told(serve, connect):
    with pytest.raises(ScopeRefused, match=r"accounting\.transactions"):
        connect(serve(), scopes=("accounting.transactions",)).connections()


def test_a_missing_scope_stops_that_endpoint_alone_and_asks_for_no_new_token(serve, connect):
    server = serve()
    client = connect(server, scopes=("accounting.settings.read",))
    with pytest.raises(MissingScope, match=r"It includes: accounting\.settings\.read"):
        client.get(HARBOUR, "Contacts")
    client.get(HARBOUR, "Organisation")
    assert server.control.calls["", "token"] == 1


def test_a_host_that_is_gone_is_unreachable(serve, connect):
    server = serve()
    client = connect(server)
    client.connections()
    server.__exit__()
    with pytest.raises(Unreachable, match="no answer from http://127"):
        client.get(HARBOUR, "Contacts")


def test_tokens_that_expire_between_two_pages_cost_one_call(serve, connect):
    server = serve()
    server.control.on("Contacts", page=2).expires_tokens()
    client = connect(server)
    assert len(all_contacts(client)) == CONTACTS
    assert client.usage(HARBOUR, "Contacts").calls == 4
    assert server.control.calls["", "token"] == 2


def test_a_run_longer_than_a_tokens_life_never_shows_an_old_one(serve, connect, clock):
    server = serve(token_lifetime=timedelta(minutes=2))
    client = connect(server)
    for _ in range(10):
        all_contacts(client)
        clock.sleep(40)
    assert {call.status for call in server.control.requests} == {200}


TROUBLES: dict[str, Callable[[Fault], None]] = {
    "truncated": lambda fault: fault.truncates(),
    "truncated at once": lambda fault: fault.truncates(0.01),
    "half a JSON": lambda fault: fault.garbles(),
    "reset before": lambda fault: fault.resets(),
    "reset after": lambda fault: fault.resets(after=True),
    "500": lambda fault: fault.answers(500),
    "503": lambda fault: fault.answers(503),
    "HTML": lambda fault: fault.overrides(b"<html>maintenance</html>", "text/html"),
    "null for a list": lambda fault: fault.overrides(b'{"Contacts":null}'),
    "no UTF-8": lambda fault: fault.rewrites(lambda body: body.replace(b"Contact ", b"\xff\xfe")),
    "minute": lambda fault: fault.is_rate_limited("minute", 12),
    "appminute": lambda fault: fault.is_rate_limited("appminute"),
    "concurrent": lambda fault: fault.is_rate_limited("concurrent"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_between_two_pages_changes_nothing_of_what_is_read(serve, connect, trouble):
    server = serve()
    client = connect(server)
    undisturbed = all_contacts(client)
    TROUBLES[trouble](server.control.on("Contacts", page=2, times=2))
    assert all_contacts(client) == undisturbed
    assert client.usage(HARBOUR, "Contacts").calls == 3 + 5


def test_paced_by_its_own_count_the_client_is_never_refused(serve, connect):
    server = serve(limits=Limits(per_minute=10))
    client = connect(server, calls_per_minute=10)
    for _ in range(12):
        all_contacts(client)
    assert refusals(server) == 0


def test_paced_by_what_xero_says_is_left_it_is_hardly_refused(serve, connect):
    server = serve(limits=Limits(per_minute=10))
    client = connect(server, calls_per_minute=1000)
    for _ in range(12):
        all_contacts(client)
    assert refusals(server) <= 4


def test_the_days_last_call_is_used_and_no_more(serve, connect):
    server = serve(limits=Limits(per_day=7))
    client = connect(server)
    all_contacts(client)
    all_contacts(client)
    with pytest.raises(DayLimitReached, match="Contacts of organisation"):
        all_contacts(client)
    with pytest.raises(DayLimitReached):
        connect(server).get(HARBOUR, "Items")
    assert server.control.total_calls(HARBOUR) == 7
    all_contacts(client, MILL)


def test_many_threads_of_two_clients_stay_within_the_calls_at_once(serve, connect):
    server = serve(limits=Limits(concurrent=2, per_minute=1000))
    clients = [connect(server, calls_per_minute=1000, concurrent_calls=2) for _ in range(2)]
    threads = [Thread(target=all_contacts, args=(client,)) for client in clients * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert server.control.calls[HARBOUR, "Contacts"] == 24
    assert refusals(server) == 0


def test_more_documents_than_xero_scans_is_told_at_once(serve, connect):
    server = serve(limits=Limits(documents=3))
    with pytest.raises(HighVolume, match="Ask for less at once"):
        connect(server).get(HARBOUR, "Contacts", {"page": 1})
    assert server.control.total_calls(HARBOUR) == 1
