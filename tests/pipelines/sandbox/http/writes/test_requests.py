"""Writing to the sandbox Xero: what a request may look like, and what comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from xero_writes import XeroWriter, decoded

UNKNOWN = "'999' is not a valid code for this document."


def test_a_put_creates_and_answers_the_whole_record(writer, sale, organisation):
    answer = writer.call("PUT", "Invoices", {"Invoices": [sale(InvoiceNumber="A-1")]})
    (record,) = decoded(answer)["Invoices"]
    assert answer.status_code == 200
    assert (record["Status"], record["InvoiceNumber"]) == ("DRAFT", "A-1")
    assert record["Total"] == Decimal("115.00")
    assert record["Contact"]["Name"] == "Customer 1"
    assert record["InvoiceID"] in organisation.records["Invoices"]
    assert "StatusAttributeString" not in record


def test_an_element_may_stand_bare(writer, sale):
    answer = writer.call("POST", "Invoices", sale(), is_checked=False)
    assert decoded(answer)["Invoices"][0]["Total"] == Decimal("115.00")


def test_what_is_written_is_in_the_lists_with_the_time_of_writing(writer, sale, clock):
    clock.forward(hours=1)
    (saved,) = writer.send("Invoices", [sale()])
    (listed,) = writer.get("Invoices", page=1)
    assert listed["InvoiceID"] == saved.record["InvoiceID"]
    assert listed["UpdatedDateUTCString"] == "2026-11-02T10:00:00Z"
    since = {"If-Modified-Since": datetime(2026, 11, 2, 10, 0, 1, tzinfo=UTC).isoformat()}
    assert decoded(writer.call("GET", "Invoices", page=1, headers=since))["Invoices"] == []


def test_a_post_with_the_id_in_the_path_updates(writer, sale):
    (saved,) = writer.send("Invoices", [sale()])
    identity = saved.record["InvoiceID"]
    answer = writer.call("POST", f"Invoices/{identity}", {"Invoices": [{"Reference": "PO 7"}]})
    assert decoded(answer)["Invoices"][0]["Reference"] == "PO 7"
    assert len(writer.get("Invoices", page=1)) == 1


def test_a_post_with_the_id_or_the_number_in_the_element_updates(writer, sale):
    (saved,) = writer.send("Invoices", [sale(InvoiceNumber="A-1")])
    identity = saved.record["InvoiceID"]
    writer.send("Invoices", [{"InvoiceID": identity, "Reference": "by id"}])
    (by_number,) = writer.send("Invoices", [sale(InvoiceNumber="A-1", Reference="by number")])
    assert by_number.record["InvoiceID"] == identity
    assert by_number.record["Reference"] == "by number"


def test_an_id_that_is_nowhere_is_404_in_the_path_and_an_error_in_an_element(writer, sale):
    unknown = "dddddddd-0000-4000-8000-000000000000"
    answer = writer.call("POST", f"Invoices/{unknown}", {"Invoices": [sale()]})
    assert (answer.status_code, answer.headers["content-type"][:10]) == (404, "text/plain")
    (outcome,) = writer.send("CreditNotes", [{"CreditNoteID": unknown, "Status": "DRAFT"}])
    assert outcome.errors == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]


def test_without_summarizeerrors_false_one_bad_element_refuses_all(
    writer, sale, sent_line, organisation
):
    bad = sale(sent_line(AccountCode="999"))
    answer = writer.call("POST", "Invoices", {"Invoices": [sale(), bad]})
    body = decoded(answer)
    assert answer.status_code == 400
    assert (body["ErrorNumber"], body["Type"]) == (10, "ValidationException")
    assert body["Message"] == "A validation exception occurred"
    errors = [element.get("ValidationErrors", []) for element in body["Elements"]]
    assert errors == [[], [{"Message": f"Account code {UNKNOWN}"}]]
    assert body["Elements"][1]["LineItems"][0]["AccountCode"] == "999"
    assert len(organisation.records["Invoices"]) == 0


def test_with_summarizeerrors_false_good_elements_are_saved_and_bad_ones_not(
    writer, sale, sent_line, organisation
):
    bad = sale(sent_line(AccountCode="999"), InvoiceNumber="B")
    outcomes = writer.send("Invoices", [sale(InvoiceNumber="A"), bad, sale(InvoiceNumber="C")])
    assert [one.status for one in outcomes] == ["OK", "ERROR", "OK"]
    assert outcomes[1].errors == [f"Account code {UNKNOWN}"]
    assert outcomes[1].record["InvoiceID"] == "00000000-0000-0000-0000-000000000000"
    assert outcomes[1].record["HasErrors"] is True
    numbers = {one["InvoiceNumber"] for one in organisation.records["Invoices"].values()}
    assert numbers == {"A", "C"}


def test_all_messages_of_an_element_come_at_once(writer, sale, sent_line):
    lines = [sent_line(AccountCode="999"), sent_line(Quantity=-1)]
    (outcome,) = writer.send("Invoices", [sale(*lines, Contact={"Name": ""})])
    assert len(outcome.errors) == 3


def test_a_request_that_fails_as_a_whole_saves_nothing(writer, sale, sent_line, organisation):
    broken = sale(sent_line(Tracking={"Name": "Region", "Option": "North"}))
    answer = writer.call(
        "POST", "Invoices", {"Invoices": [sale(), broken]}, summarizeErrors="false",
        is_checked=False,
    )  # fmt: skip
    assert answer.status_code == 500
    assert len(organisation.records["Invoices"]) == 0


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b"{", 14),
        (b"[]", 14),
        (b'{"Invoices": []}', 17),
        (b'{"Invoices": ["x"]}', 14),
        (b'{"Invoices": [{"Status": "APPROVED"}]}', 14),
        (b'{"Invoices": [{"Type": "ACCREC", "LineAmountTypes": "NO_TAX"}]}', 14),
        (b'{"Invoices": [{"Type": "ACCREC", "LineItems": [], "Date": "20.10.2026"}]}', 14),
        (b'{"Invoices": [{"Type":"ACCREC","LineItems": [{"UnitAmount": "much"}]}]}', 14),
        (b'{"Invoices": [{"Type":"ACCREC","LineItems": {"UnitAmount": 1}}]}', 14),
    ],
)
def test_what_cannot_be_read_refuses_the_whole_request(writer, body, number):
    answer = writer.call("POST", "Invoices", body, summarizeErrors="false", is_checked=False)
    assert (answer.status_code, answer.json()["ErrorNumber"]) == (400, number)


def test_amounts_keep_the_digits_they_were_sent_with(writer, sale, sent_line):
    line = sent_line(Quantity=Decimal("3.3333"), UnitAmount=Decimal("17.9567"))
    (saved,) = writer.send("Invoices", [sale(line)])
    read = saved.record["LineItems"][0]
    assert (read["Quantity"], read["UnitAmount"]) == (Decimal("3.3333"), Decimal("17.9567"))
    assert read["LineAmount"] == Decimal("59.86")  # 59.85506…


def test_dates_may_be_iso_or_in_milliseconds(writer, sale):
    forms = ["2026-10-20", "2026-10-20T00:00:00", "/Date(1792454400000+0000)/"]
    outcomes = writer.send("Invoices", [sale(Date=form) for form in forms])
    assert {one.record["DateString"] for one in outcomes} == {"2026-10-20T00:00:00"}


def test_a_missing_date_is_today_where_the_organisation_is(writer, sale, organisation, clock):
    (identity,) = organisation.records["Organisation"]
    organisation.change("Organisation", identity, Timezone="NEWZEALANDSTANDARDTIME")
    clock.forward(hours=4)  # 13:00 UTC, the next day in Auckland
    (saved,) = writer.send("Invoices", [sale(Date=None)])
    assert saved.record["DateString"] == "2026-11-03T00:00:00"


def test_only_a_write_scope_may_write(writer, client, sale):
    narrow = XeroWriter(client.server, writer.tenant_id, scopes=["accounting.invoices.read"])
    with narrow:
        answer = narrow.call("POST", "Invoices", {"Invoices": [sale()]})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "insufficent_scope"


def test_journals_have_a_scope_of_their_own(writer, client):
    with XeroWriter(client.server, writer.tenant_id, scopes=["accounting.invoices"]) as narrow:
        body = {"ManualJournals": [{"Narration": "x"}]}
        assert narrow.call("PUT", "ManualJournals", body).status_code == 401


def test_writes_count_against_the_limits(writer, sale, client):
    left = int(writer.call("GET", "Accounts").headers["x-minlimit-remaining"])
    answer = writer.call("POST", "Invoices", {"Invoices": [sale()]})
    assert int(answer.headers["x-minlimit-remaining"]) == left - 1
    assert "xero-correlation-id" in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "Accounts", 405),
        ("PUT", "Invoices/INV-1", 405),
        ("POST", "Nothing", 404),
        ("POST", "Invoices/1/Attachments", 404),
    ],
)
def test_what_cannot_be_written_is_said(writer, sale, method, path, status):
    answer = writer.call(method, path, {"Invoices": [sale()]}, is_checked=False)
    assert answer.status_code == status


def test_a_body_larger_than_ten_megabytes_is_refused(writer, sale):
    body = b" " * 10_000_001
    answer = writer.call("POST", "Invoices", body, is_checked=False)
    assert answer.status_code == 413


def test_what_the_api_made_can_be_listed_apart(writer, sale, an_invoice):
    an_invoice(1)
    (saved,) = writer.send("Invoices", [sale()])
    (listed,) = writer.get("Invoices", createdByMyApp="true", page=1)
    assert listed["InvoiceID"] == saved.record["InvoiceID"]


def test_xml_is_answered_to_who_does_not_ask_for_json(writer, sale):
    headers = {"Accept": "application/xml"}
    answer = writer.call(
        "PUT", "Invoices", {"Invoices": [sale()]}, headers=headers, is_checked=False
    )
    assert answer.text.count("<InvoiceID>") == 1


def test_the_controls_keep_what_was_sent(writer, sale, client):
    writer.call("POST", "Invoices", {"Invoices": [sale(Reference="to find")]}, key="key-1")
    call = client.server.control.requests[-1]
    assert (call.method, call.idempotency_key) == ("POST", "key-1")
    assert b"to find" in call.body


def test_bodies_with_secrets_are_not_kept(writer, client):
    writer.get("Accounts")
    token = next(one for one in client.server.control.requests if one.endpoint == "token")
    assert token.body == b""


def test_a_fault_can_wait_for_writes_alone(writer, sale, client):
    client.server.control.on("Invoices", method="POST").answers(503)
    assert writer.call("GET", "Invoices", page=1).status_code == 200
    assert writer.call("POST", "Invoices", {"Invoices": [sale()]}).status_code == 503
