from __future__ import annotations

import pytest


@pytest.fixture
def five_invoices(an_invoice):
    return [an_invoice(number) for number in (3, 1, 5, 2, 4)]


def numbers(records: list[dict]) -> list[str]:
    return [record["InvoiceNumber"][-1] for record in records]


def test_the_envelope_has_an_id_a_status_a_provider_and_a_time(client):
    answer = client.get("Accounts").json()
    assert set(answer) == {"Id", "Status", "ProviderName", "DateTimeUTC", "Accounts"}
    assert answer["Status"] == "OK"
    assert answer["DateTimeUTC"] == "/Date(1793610000000)/"


def test_organisation_answers_with_the_key_organisations(client):
    assert [one["Name"] for one in client.get("Organisation").json()["Organisations"]] == [
        "Harbour"
    ]


def test_paths_are_matched_without_regard_to_case(client):
    assert client.get("/API.XRO/2.0/trackingcategories").status_code == 200


@pytest.mark.parametrize("path", ["Receipts", "Invoices/INV-0001/History", "/api.xro/1.0/Accounts"])
def test_what_the_sandbox_does_not_have_is_404_in_plain_text(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert "cannot be found" in answer.text


def test_pagination_is_there_only_when_paging(client, five_invoices):
    assert "pagination" not in client.get("Invoices").json()
    paged = client.get("Invoices", page=2, pageSize=2).json()
    assert paged["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 3, "itemCount": 5}


def test_paged_lists_are_ordered_by_change_stamp_then_id(client, five_invoices):
    pages = [client.records("Invoices", page=page, pageSize=2) for page in (1, 2, 3)]
    assert [numbers(page) for page in pages] == [["1", "2"], ["3", "4"], ["5"]]


def test_records_with_one_stamp_are_ordered_by_id(client, an_invoice, clock):
    for number in (2, 1, 3):
        an_invoice(number, UpdatedDateUTC=clock.now)
    assert numbers(client.records("Invoices", page=1)) == ["1", "2", "3"]


def test_a_page_behind_the_last_is_empty_and_still_counts(client, five_invoices):
    answer = client.get("Invoices", page=9, pageSize=2).json()
    assert answer["Invoices"] == []
    assert answer["pagination"]["itemCount"] == 5


@pytest.mark.parametrize(("asked", "served"), [(None, 100), (0, 1), (-3, 1), (5000, 1000)])
def test_the_page_size_is_100_unless_asked_for_and_clamped_to_1_to_1000(client, asked, served):
    size = {} if asked is None else {"pageSize": asked}
    assert client.get("Invoices", page=1, **size).json()["pagination"]["pageSize"] == served


def test_the_page_size_acts_only_together_with_page(client, five_invoices):
    assert len(client.records("Invoices", pageSize=2)) == 5


@pytest.mark.parametrize("endpoint", ["Accounts", "Items", "TaxRates", "TrackingCategories"])
def test_configuration_lists_are_never_paged(client, endpoint):
    assert "pagination" not in client.get(endpoint, page=1, pageSize=1).json()


def test_line_items_come_with_paged_lists_and_single_records_only(client, five_invoices):
    assert client.records("Invoices")[0]["LineItems"] == []
    assert len(client.records("Invoices", page=1)[0]["LineItems"]) == 1
    assert len(client.records("Invoices/INV-0001")[0]["LineItems"]) == 1


def test_statuses_forces_paging_and_brings_the_lines(client, an_invoice):
    an_invoice(1)
    an_invoice(2, Status="DRAFT")
    an_invoice(3, Status="VOIDED")
    answer = client.get("Invoices", Statuses="AUTHORISED,DRAFT").json()
    assert numbers(answer["Invoices"]) == ["1", "2"]
    assert answer["pagination"] == {"page": 1, "pageSize": 100, "pageCount": 1, "itemCount": 2}
    assert answer["Invoices"][0]["LineItems"]


def test_ids_numbers_and_contacts_select_invoices(client, five_invoices, ids):
    wanted = ",".join([five_invoices[0]["InvoiceID"].upper(), five_invoices[1]["InvoiceID"]])
    assert numbers(client.records("Invoices", page=1, IDs=wanted)) == ["1", "3"]
    assert numbers(client.records("Invoices", InvoiceNumbers="INV-0002,INV-0004")) == ["2", "4"]
    assert len(client.records("Invoices", ContactIDs=ids("contact", 1))) == 5
    assert client.records("Invoices", ContactIDs=ids("contact", 2)) == []


def test_nothing_here_was_created_by_the_calling_app(client, five_invoices):
    assert client.records("Invoices", createdByMyApp="true") == []


def test_a_search_term_looks_into_names_without_regard_to_case(client):
    found = client.records("Contacts", searchTerm="customer 2")
    assert [one["Name"] for one in found] == ["Customer 2"]


def test_default_accounts_and_tracking_of_contacts_come_paged_or_single_only(client, ids):
    fields = {"SalesDefaultAccountCode", "SalesTrackingCategories"}
    assert not fields & client.records("Contacts")[0].keys()
    assert fields <= client.records("Contacts", page=1)[0].keys()
    assert fields <= client.records(f"Contacts/{ids('contact', 1)}")[0].keys()


def test_summary_only_drops_the_documented_fields(client, five_invoices):
    contact = client.records("Contacts", page=1, summaryOnly="true")[0]
    invoice = client.records("Invoices", page=1, summaryOnly="True")[0]
    assert not {"Addresses", "Balances", "IsCustomer", "SalesTrackingCategories"} & contact.keys()
    assert not {"LineItems", "Payments", "HasAttachments"} & invoice.keys()


def test_archived_contacts_are_shown_only_with_include_archived(client):
    assert len(client.records("Contacts", page=1)) == 2
    everyone = client.get("Contacts", page=1, includeArchived="true").json()
    assert len(everyone["Contacts"]) == everyone["pagination"]["itemCount"] == 3


def test_archived_categories_and_options_are_shown_only_with_include_archived(client):
    active = client.records("TrackingCategories")
    assert [one["Name"] for one in active] == ["Region"]
    assert [option["Name"] for option in active[0]["Options"]] == ["North"]
    everything = client.records("TrackingCategories", includeArchived="true")
    assert [one["Name"] for one in everything] == ["Region", "Salesperson"]
    assert [option["Name"] for option in everything[0]["Options"]] == ["North", "South"]


def test_archived_accounts_are_always_shown(client):
    assert "ARCHIVED" in {one["Status"] for one in client.records("Accounts")}


@pytest.mark.parametrize(
    "path",
    [
        "Accounts/acc00000-0000-4000-8000-000000000200",
        "Items/PAINT-5L",
        "Items/17000000-0000-4000-8000-000000000001",
        "Contacts/C-1",
        "TaxRates/OUTPUT2",
        "TrackingCategories/7c000000-0000-4000-8000-000000000001",
        "Invoices/inv-0001",
        "Invoices/AAAAAAAA-0000-4000-8000-000000000001",
    ],
)
def test_one_record_is_served_by_id_and_by_number_or_code_where_xero_has_it(
    client, an_invoice, path
):
    an_invoice(1)
    assert len(client.records(path)) == 1


def test_an_unknown_record_is_404(client):
    assert client.get("Invoices/INV-9999").status_code == 404


def test_a_change_is_seen_by_the_next_call(client, organisation, five_invoices, clock):
    clock.forward(minutes=1)
    identity = five_invoices[0]["InvoiceID"]
    assert client.records("Invoices", page=1)[2]["Reference"] == ""
    organisation.change("Invoices", identity, Reference="PO 7")
    changed = client.records("Invoices", page=1)[-1]  # its stamp moved, so it is last now
    assert (changed["InvoiceID"], changed["Reference"]) == (identity, "PO 7")


def test_a_deleted_record_is_gone_from_the_next_call(client, organisation):
    organisation.remove("Items", next(iter(organisation.records["Items"])))
    assert client.records("Items") == []
