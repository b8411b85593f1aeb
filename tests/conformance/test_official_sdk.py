"""Xero's own Python SDK reads every endpoint of the sandbox and finds what the world holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import RateLimitException
from xero_python.identity import IdentityApi

from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def api_client(server: SandboxServer) -> Iterator[ApiClient]:
    """The SDK with a token that has expired, so that it must refresh before its first call."""
    token: dict[str, Any] = {
        "access_token": "expired",
        "refresh_token": server.tokens.authorise(CLIENT_ID),
        "scope": ["offline_access"],
        "token_type": "Bearer",
        "expires_in": 1800,
        "expires_at": 0,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in ("refresh_token_url", "client_credentials_token_url"):
            patch.setattr(TokenApi, name, f"{server.url}/connect/token")
        yield ApiClient(
            Configuration(oauth2_token=OAuth2Token(CLIENT_ID, CLIENT_SECRET)),
            pool_threads=1,
            oauth2_token_getter=lambda: token,
            oauth2_token_saver=token.update,
        )


@pytest.fixture(scope="module")
def accounting(api_client: ApiClient, server: SandboxServer) -> AccountingApi:
    return AccountingApi(api_client, base_url=f"{server.url}/api.xro/2.0")


def every_page(fetch: Callable[..., Any], tenant_id: str, key: str, **query: Any) -> list[Any]:
    found: list[Any] = []
    while True:
        answer = fetch(tenant_id, page=len(found) // 50 + 1, page_size=50, **query)
        found += getattr(answer, key)
        if answer.pagination.page >= answer.pagination.page_count:
            assert len(found) == answer.pagination.item_count
            return found


def held(organisation: Organisation, endpoint: str) -> dict[str, Any]:
    records = organisation.records[endpoint]
    return {identity: records[identity] for identity in records}


def exact(value: Any) -> Decimal:
    """Undo what the SDK does to decimals, which it reads through float."""
    return Decimal(value).quantize(CENT)


def test_the_sdk_gets_a_token_and_the_connections(api_client, server, world):
    connections: Any = IdentityApi(api_client, base_url=server.url).get_connections()
    assert {one.tenant_id: one.tenant_name for one in connections} == {
        identity: organisation.name for identity, organisation in world.organisations.items()
    }


def test_the_organisation(accounting, organisation):
    (found,) = accounting.get_organisations(organisation.tenant_id).organisations
    assert found.name == organisation.name
    assert found.base_currency.value == organisation.base_currency


def test_all_accounts_and_each_of_them(accounting, organisation):
    expected = held(organisation, "Accounts")
    found = accounting.get_accounts(organisation.tenant_id).accounts
    assert {one.account_id: (one.code, one.name) for one in found} == {
        identity: (account.get("Code"), account["Name"]) for identity, account in expected.items()
    }
    for identity in expected:
        (one,) = accounting.get_account(organisation.tenant_id, identity).accounts
        assert one.name == expected[identity]["Name"]


def test_accounts_by_a_where_filter(accounting, organisation):
    found = accounting.get_accounts(organisation.tenant_id, where='Type=="BANK"').accounts
    expected = held(organisation, "Accounts").values()
    assert len(found) == sum(account["Type"] == "BANK" for account in expected) > 0


def test_all_tracking_categories_with_their_options(accounting, organisation):
    expected = held(organisation, "TrackingCategories")
    found = accounting.get_tracking_categories(organisation.tenant_id, include_archived=True)
    assert {
        category.tracking_category_id: [
            (option.tracking_option_id, option.name) for option in category.options
        ]
        for category in found.tracking_categories
    } == {
        identity: [(option["TrackingOptionID"], option["Name"]) for option in category["Options"]]
        for identity, category in expected.items()
    }
    for identity in expected:
        one = accounting.get_tracking_category(organisation.tenant_id, identity)
        assert one.tracking_categories[0].name == expected[identity]["Name"]


def test_all_tax_rates_and_each_of_them(accounting, organisation):
    expected = held(organisation, "TaxRates")
    found = accounting.get_tax_rates(organisation.tenant_id).tax_rates
    assert {one.tax_type: exact(one.effective_rate) for one in found} == {
        identity: exact(rate["EffectiveRate"]) for identity, rate in expected.items()
    }
    for identity in expected:
        one = accounting.get_tax_rate_by_tax_type(organisation.tenant_id, identity).tax_rates[0]
        assert one.name == expected[identity]["Name"]


def test_all_items_and_each_of_them(accounting, organisation):
    expected = held(organisation, "Items")
    found = accounting.get_items(organisation.tenant_id, unitdp=4).items
    assert {one.item_id: (one.code, one.name) for one in found} == {
        identity: (item.get("Code"), item.get("Name")) for identity, item in expected.items()
    }
    for identity in expected:
        (one,) = accounting.get_item(organisation.tenant_id, identity).items
        assert one.code == expected[identity].get("Code")


def test_all_contacts_and_each_of_them(accounting, organisation):
    expected = held(organisation, "Contacts")
    found = every_page(
        accounting.get_contacts, organisation.tenant_id, "contacts", include_archived=True
    )
    assert {one.contact_id: one.name for one in found} == {
        identity: contact["Name"] for identity, contact in expected.items()
    }
    for identity, contact in expected.items():
        (one,) = accounting.get_contact(organisation.tenant_id, identity).contacts
        assert one.sales_default_account_code == contact.get("SalesDefaultAccountCode")
        assert [each.tracking_option_name for each in one.sales_tracking_categories or []] == [
            each["TrackingOptionName"] for each in contact["SalesTrackingCategories"]
        ]


def test_a_contact_by_its_number(accounting, organisation):
    contacts = held(organisation, "Contacts").values()
    contact = next(one for one in contacts if one.get("ContactNumber"))
    number = contact["ContactNumber"]
    (one,) = accounting.get_contact_by_contact_number(organisation.tenant_id, number).contacts
    assert one.contact_id == contact["ContactID"]


@pytest.mark.parametrize(
    ("endpoint", "key", "id_field", "many", "single"),
    [
        ("Invoices", "invoices", "invoice_id", "get_invoices", "get_invoice"),
        ("CreditNotes", "credit_notes", "credit_note_id", "get_credit_notes", "get_credit_note"),
    ],
)
def test_all_documents_with_their_lines_and_totals(
    accounting, organisation, endpoint, key, id_field, many, single
):
    expected = held(organisation, endpoint)
    found = every_page(getattr(accounting, many), organisation.tenant_id, key, unitdp=4)
    assert [getattr(one, id_field) for one in found] == [
        identity for _, identity in organisation.in_order(endpoint)
    ]
    for one in found:
        record = expected[getattr(one, id_field)]
        assert getattr(one.status, "value", one.status) == record["Status"]
        assert exact(one.total) == record["Total"]
        assert exact(one.total_tax) == record["TotalTax"]
        assert [
            (
                line.line_item_id,
                exact(line.line_amount),
                line.account_code,
                len(line.tracking or []),
            )
            for line in one.line_items
        ] == [
            (
                line["LineItemID"],
                line["LineAmount"],
                line.get("AccountCode"),
                len(line["Tracking"]),
            )
            for line in record["LineItems"]
        ]
    assert sum(exact(one.total) for one in found) == sum(
        record["Total"] for record in expected.values()
    )
    for identity in list(expected)[:25]:
        (one,) = getattr(getattr(accounting, single)(organisation.tenant_id, identity), key)
        assert exact(one.total) == expected[identity]["Total"]


def test_documents_since_a_moment(accounting, organisation):
    stamp = organisation.in_order("Invoices")[-1][0]
    found = accounting.get_invoices(organisation.tenant_id, if_modified_since=stamp, page=1)
    assert len(found.invoices) >= 1


def test_the_profit_and_loss_report(accounting, organisation):
    found = accounting.get_report_profit_and_loss(
        organisation.tenant_id, from_date="2026-01-01", to_date="2026-01-31", periods=2
    )
    (report,) = found.reports
    titles = [row.title for row in report.rows if row.title]
    assert titles[0] == "Income"
    assert len(report.rows[0].cells) == 4


def test_a_429_becomes_the_sdks_rate_limit_exception(accounting, organisation, server):
    # Without Retry-After, for which the SDK's connection pool would wait by itself.
    server.control.on("Accounts").is_rate_limited("concurrent")
    with pytest.raises(RateLimitException) as caught:
        accounting.get_accounts(organisation.tenant_id)
    assert (caught.value.headers or {})["X-Rate-Limit-Problem"] == "concurrent"
