from __future__ import annotations

from datetime import timedelta

import pytest


@pytest.fixture
def five_invoices(an_invoice):
    return [an_invoice(number) for number in (3, 1, 5, 2, 4)]


def numbers(records: list[dict]) -> list[str]:
    return [record["InvoiceNumber"][-1] for record in records]


@pytest.mark.parametrize(
    "form",
    [
        "2026-11-02T09:00:03Z",
        "2026-11-02T09:00:03",
        "2026-11-02T09:00:03+00:00",
        "2026-11-02T09:00:03.900Z",
        "2026-11-02T22:00:03+13:00",
        "Mon, 02 Nov 2026 09:00:03 GMT",
    ],
)
@pytest.mark.parametrize("paging", [{}, {"page": 1}])
def test_if_modified_since_takes_every_form_and_includes_that_second(
    client, five_invoices, form, paging
):
    assert sorted(numbers(client.records("Invoices", since=form, **paging))) == ["3", "4", "5"]


def test_if_modified_since_counts_in_the_pagination(client, five_invoices):
    answer = client.get("Invoices", page=1, since="2026-11-02T09:00:04Z").json()
    assert answer["pagination"]["itemCount"] == 2


def test_nothing_modified_is_an_empty_list_and_not_304(client, five_invoices):
    answer = client.get("Invoices", page=1, since="2027-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()["Invoices"]) == (200, [])


def test_contacts_items_and_accounts_honour_if_modified_since(client, clock):
    day_ago = (clock.now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [one["Name"] for one in client.records("Contacts", since=day_ago)] == ["Customer 1"]
    assert client.records("Items", since=day_ago) == []
    assert client.records("Accounts", since=day_ago) == []


def test_endpoints_without_a_change_stamp_ignore_if_modified_since(client):
    assert len(client.records("TrackingCategories", since="2030-01-01T00:00:00Z")) == 1
    assert len(client.records("TaxRates", since="2030-01-01T00:00:00Z")) == 2
    assert len(client.records("Organisation", since="2030-01-01T00:00:00Z")) == 1


def test_an_unreadable_if_modified_since_is_refused_so_that_it_is_noticed(client):
    answer = client.get("Invoices", since="yesterday")
    assert answer.status_code == 400
    assert "yesterday" in answer.json()["Message"]
