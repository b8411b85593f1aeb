"""A small sandbox over HTTP, its clock, and a client that speaks as an integration does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from pipelines.sandbox.organisation import Organisation
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
    return {
        "Organisation": {
            f"0{short_name}": {
                "OrganisationID": f"0{short_name}",
                "Name": short_name.capitalize(),
                "BaseCurrency": "NZD",
                "PeriodLockDate": date(2026, 3, 31),
            }
        },
        "Accounts": _by("AccountID", [_account(*row) for row in _ACCOUNTS]),
        "TrackingCategories": _by("TrackingCategoryID", _CATEGORIES),
        "TaxRates": _by("TaxType", [dict(rate) for rate in _TAX_RATES]),
        "Items": _by("ItemID", [dict(item) for item in _ITEMS]),
        "Contacts": _by("ContactID", [_contact(number) for number in (1, 2, 3)]),
    }


def _by(id_field: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    return {record[id_field]: record for record in records}


_ACCOUNTS = (
    ("90", "Bank", "BANK", "ASSET", ""),
    ("200", "Sales", "REVENUE", "REVENUE", ""),
    ("400", "Advertising", "EXPENSE", "EXPENSE", ""),
    ("500", "Paint bought", "DIRECTCOSTS", "EXPENSE", ""),
    ("610", "Accounts Receivable", "CURRENT", "ASSET", "DEBTORS"),
    ("800", "Accounts Payable", "CURRLIAB", "LIABILITY", "CREDITORS"),
    ("820", "GST", "CURRLIAB", "LIABILITY", "GST"),
    ("860", "Rounding", "CURRLIAB", "LIABILITY", "ROUNDING"),
)


def _account(code: str, name: str, kind: str, group: str, system: str) -> dict[str, Any]:
    return {
        "AccountID": account_id(code),
        "Code": code,
        "Name": name,
        "Type": kind,
        "Class": group,
        "Status": "ARCHIVED" if code == "400" else "ACTIVE",
        "TaxType": "NONE",
        **({"SystemAccount": system} if system else {}),
        "UpdatedDateUTC": START - timedelta(days=int(code)),
    }


_CATEGORIES = [
    {
        "TrackingCategoryID": "7c000000-0000-4000-8000-000000000001",
        "Name": "Region",
        "Status": "ACTIVE",
        "Options": [
            {
                "TrackingOptionID": "70000000-0000-4000-8000-000000000001",
                "Name": "North",
                "Status": "ACTIVE",
            },
            {
                "TrackingOptionID": "70000000-0000-4000-8000-000000000002",
                "Name": "South",
                "Status": "ARCHIVED",
            },
        ],
    },
    {
        "TrackingCategoryID": "7c000000-0000-4000-8000-000000000002",
        "Name": "Salesperson",
        "Status": "ARCHIVED",
        "Options": [],
    },
]
_TAX_RATES = (
    {
        "Name": "15% GST on Income",
        "TaxType": "OUTPUT2",
        "EffectiveRate": Decimal("15.0000"),
        "Status": "ACTIVE",
    },
    {"Name": "No GST", "TaxType": "NONE", "EffectiveRate": Decimal("0.0000"), "Status": "ACTIVE"},
)
_ITEMS = (
    {
        "ItemID": "17000000-0000-4000-8000-000000000001",
        "Code": "PAINT-5L",
        "Name": "Hull paint",
        "SalesDetails": {"UnitPrice": Decimal("17.9567"), "AccountCode": "200"},
        "PurchaseDetails": {},
        "UpdatedDateUTC": START - timedelta(days=2),
    },
)


def _contact(number: int) -> dict[str, Any]:
    return {
        "ContactID": contact_id(number),
        "ContactNumber": f"C-{number}",
        "Name": f"Customer {number}",
        "EmailAddress": f"c{number}@example.com",
        "ContactStatus": "ARCHIVED" if number == 3 else "ACTIVE",
        "Addresses": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "SalesDefaultAccountCode": "200",
        "SalesTrackingCategories": [
            {"TrackingCategoryName": "Region", "TrackingOptionName": "North"}
        ],
        "UpdatedDateUTC": START - timedelta(days=number),
    }
