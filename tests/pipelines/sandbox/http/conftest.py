"""A small sandbox over HTTP, its clock, and a client that speaks as an integration does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipelines.sandbox.organisation import ID_FIELDS, Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World

HARBOUR = "11111111-1111-4111-8111-111111111111"
THAMES = "22222222-2222-4222-8222-222222222222"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Client:
    """Calls one organisation with a token, asking for JSON."""

    def __init__(self, server: SandboxServer, client_id: str = "sandbox") -> None:
        self.server = server
        # Certificates are no matter on loopback, and reading them costs more than the test.
        self.http = httpx.Client(base_url=server.url, timeout=10, verify=False)
        self.client_id = client_id
        self.tenant_id = HARBOUR
        self.token = ""

    def ask_token(self, **form: str) -> httpx.Response:
        return self.http.post(
            "/connect/token",
            data={"grant_type": "client_credentials", **form},
            auth=(self.client_id, f"{self.client_id}-secret"),
        )

    def get(
        self, path: str, *, since: str | None = None, json: bool = True, **query: Any
    ) -> httpx.Response:
        if not self.token:
            self.token = self.ask_token().json()["access_token"]
        headers = {"Authorization": f"Bearer {self.token}", "xero-tenant-id": self.tenant_id}
        if json:
            headers["Accept"] = "application/json"
        if since is not None:
            headers["If-Modified-Since"] = since
        url = path if path.startswith("/") else f"/api.xro/2.0/{path}"
        return self.http.get(url, params=query, headers=headers)

    def records(self, endpoint: str, **more: Any) -> list[dict[str, Any]]:
        answer = self.get(endpoint, **more)
        assert answer.status_code == 200, answer.text
        name = endpoint.partition("/")[0]
        return answer.json()["Organisations" if name == "Organisation" else name]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    world = World(clock)
    for tenant_id, short_name in ((HARBOUR, "harbour"), (THAMES, "thames")):
        organisation = Organisation(
            short_name,
            tenant_id,
            _configuration(short_name),
            {"Invoices": {}, "CreditNotes": {}},
            clock,
        )
        world.organisations[tenant_id] = organisation
    return world


@pytest.fixture
def tenants() -> dict[str, str]:
    return {"harbour": HARBOUR, "thames": THAMES}


@pytest.fixture
def organisation(world: World) -> Organisation:
    return world.organisations[HARBOUR]


@pytest.fixture
def serve(world: World, clock: Clock) -> Callable[..., Any]:
    @contextmanager
    def start(**options: Any) -> Iterator[Client]:
        server = SandboxServer(world, clock=clock, **options).__enter__()
        client = Client(server)
        try:
            yield client
        finally:
            client.http.close()
            # A clean stop takes a fifth of a second, which the next test need not wait for.
            threading.Thread(target=server.__exit__).start()

    return start


@pytest.fixture
def client(serve: Callable[..., Any]) -> Iterator[Client]:
    with serve() as client:
        yield client


@pytest.fixture
def ids() -> Callable[[str, int], str]:
    """Give the id of an account by its code, or of a contact by its number."""
    return lambda kind, number: account_id(str(number)) if kind == "account" else contact_id(number)


@pytest.fixture
def line() -> Callable[..., dict[str, Any]]:
    """Make one sales line; give fields to change it."""
    return a_line


@pytest.fixture
def an_invoice(organisation: Organisation) -> Callable[..., dict[str, Any]]:
    """Add an invoice of one line and return its record."""

    def add(number: int = 1, **fields: Any) -> dict[str, Any]:
        record = {
            "Type": "ACCREC",
            "InvoiceID": f"aaaaaaaa-0000-4000-8000-{number:012d}",
            "InvoiceNumber": f"INV-{number:04d}",
            "Contact": {"ContactID": contact_id(1)},
            "Date": date(2026, 10, 20),
            "DueDate": date(2026, 11, 20),
            "Status": "AUTHORISED",
            "LineAmountTypes": "Exclusive",
            "CurrencyCode": "NZD",
            "CurrencyRate": Decimal("1.000000"),
            "LineItems": [a_line()],
            "UpdatedDateUTC": START + timedelta(seconds=number),
            **fields,
        }
        return organisation.add("Invoices", record)

    return add


def a_line(**fields: Any) -> dict[str, Any]:
    return {
        "Description": "Hull paint",
        "Quantity": Decimal("1.0000"),
        "UnitAmount": Decimal("17.9567"),
        "AccountCode": "200",
        "AccountID": account_id("200"),
        "TaxType": "OUTPUT2",
        "Tracking": [],
        **fields,
    }


def account_id(code: str) -> str:
    return f"acc00000-0000-4000-8000-{int(code):012d}"


def contact_id(number: int) -> str:
    return f"c0000000-0000-4000-8000-{number:012d}"


def _configuration(short_name: str) -> dict[str, dict[str, Any]]:
    """Read the small organisation that both tenants are."""
    text = Path(__file__).with_name("small_organisation.json").read_text("utf-8")
    endpoints = json.loads(text, parse_float=Decimal)
    for record in (record for records in endpoints.values() for record in records):
        if "UpdatedDateUTC" in record:
            record["UpdatedDateUTC"] = datetime.fromisoformat(record["UpdatedDateUTC"])
    (settings,) = endpoints["Organisation"]
    settings["Name"] = short_name.capitalize()
    settings["PeriodLockDate"] = date.fromisoformat(settings["PeriodLockDate"])
    return {
        endpoint: {record[ID_FIELDS[endpoint]]: record for record in records}
        for endpoint, records in endpoints.items()
    }
