"""Every answer of the sandbox passes Xero's official OpenAPI file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer
from pipelines.sandbox.tokens import DEFAULT_SCOPES

pytestmark = pytest.mark.needs_shared

LISTS = [
    ("Organisation", {}),
    ("Accounts", {}),
    ("TrackingCategories", {}),
    ("TrackingCategories", {"includeArchived": "true"}),
    ("TaxRates", {}),
    ("Items", {}),
    ("Items", {"unitdp": 4}),
    ("Contacts", {}),
    ("Contacts", {"summaryOnly": "true", "page": 1}),
    ("Contacts", {"includeArchived": "true", "page": 1, "pageSize": 1000}),
    ("Invoices", {}),
    ("Invoices", {"Statuses": "DRAFT,AUTHORISED"}),
    ("Invoices", {"summaryOnly": "true", "page": 1}),
    ("Invoices", {"page": 1, "pageSize": 1000, "unitdp": 4}),
    ("CreditNotes", {}),
    ("CreditNotes", {"page": 1, "pageSize": 1000, "unitdp": 4}),
    *(
        (endpoint, query)
        for endpoint in ("BankTransactions", "Prepayments", "Overpayments")
        for query in ({}, {"page": 1, "pageSize": 1000, "unitdp": 4})
    ),
    *(
        (endpoint, query)
        for endpoint in ("Payments", "ManualJournals")
        for query in ({}, {"page": 1, "pageSize": 1000})
    ),
    ("BankTransfers", {}),
    ("BankTransfers", {"includeDeleted": "true"}),
    ("BatchPayments", {}),
    ("PurchaseOrders", {}),
    ("PurchaseOrders", {"page": 1, "pageSize": 1000, "DateFrom": "2026-01-01"}),
    ("Quotes", {}),
    ("Quotes", {"page": 2}),
    ("RepeatingInvoices", {}),
    ("LinkedTransactions", {"page": 1}),
    ("Currencies", {}),
    ("BrandingThemes", {}),
    ("ContactGroups", {}),
    ("Budgets", {}),
    ("Journals", {}),
    ("Journals", {"offset": 100}),
    ("Reports/TrialBalance", {"date": "2026-03-31"}),
    ("Reports/BalanceSheet", {"date": "2026-03-31", "periods": 2}),
    ("Reports/ProfitAndLoss", {"fromDate": "2026-01-01", "toDate": "2026-01-31", "periods": 3}),
]
SINGLES = [
    *("Accounts", "TrackingCategories", "TaxRates", "Items", "Contacts", "Invoices"),
    *("BankTransactions", "BankTransfers", "Payments", "BatchPayments", "Prepayments"),
    *("Overpayments", "ManualJournals", "PurchaseOrders", "Quotes", "RepeatingInvoices"),
    *("LinkedTransactions", "BrandingThemes", "ContactGroups", "Budgets", "Journals"),
]


@pytest.fixture(scope="module")
def http(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, verify=False) as client:
        scopes = " ".join([*DEFAULT_SCOPES, "accounting.journals.read"])
        form = {"grant_type": "client_credentials", "scope": scopes}
        answer = client.post("/connect/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        client.headers["Accept"] = "application/json"
        yield client


@pytest.fixture
def problems(checker: Any, http: httpx.Client, organisation: Organisation) -> Callable[..., Any]:
    """Call the sandbox; return what the official file finds wrong with the call and its answer."""

    def find(path: str, **query: Any) -> list[str]:
        headers = {"xero-tenant-id": organisation.tenant_id}
        answer = http.get(f"/api.xro/2.0/{path}", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return [
            *checker.check_request("GET", f"/{path}", query, headers),
            *checker.check_response("GET", f"/{path}", answer.status_code, answer.json()),
        ]

    return find


@pytest.mark.parametrize(("path", "query"), LISTS)
def test_lists_and_reports_are_as_the_official_file_describes_them(problems, path, query):
    assert problems(path, **query) == []


@pytest.mark.parametrize("endpoint", [*SINGLES, "CreditNotes"])
def test_single_records_are_as_the_official_file_describes_them(problems, organisation, endpoint):
    found = {
        identity: problems(f"{endpoint}/{identity}")
        for identity in list(organisation.records[endpoint])[:60]
    }
    assert {identity: texts for identity, texts in found.items() if texts} == {}
