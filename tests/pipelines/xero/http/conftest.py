"""A sandbox Xero over real HTTP on loopback, and clients that follow the same clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World
from pipelines.settings import Credentials, XeroConnection
from pipelines.xero.client import XeroClient

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


@pytest.fixture
def all_contacts() -> Callable[..., list[bytes]]:
    """Read all pages of the contacts, three records each."""

    def read(client: XeroClient, tenant_id: str = HARBOUR) -> list[bytes]:
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

    return read
