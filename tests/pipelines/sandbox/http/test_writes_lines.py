"""The lines of documents that are written to the sandbox Xero: codes, tax, tracking, amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from xero_writes import Outcome, decoded

from pipelines.sandbox.write_rules import WriteRules

REGION, TEAM = (f"7c000000-0000-4000-8000-{number:012d}" for number in (1, 3))
NORTH, SOUTH, RED = (f"70000000-0000-4000-8000-{number:012d}" for number in (1, 2, 3))
NO_SUCH_CODE = "Account code '{}' is not a valid code for this document."


@pytest.fixture
def send_line(writer, sale, sent_line):
    """Send a sales invoice of one line; fields of the document stand under `document`."""

    def send(document: dict[str, Any] | None = None, **fields: Any) -> Outcome:
        (outcome,) = writer.send("Invoices", [sale(sent_line(**fields), **(document or {}))])
        return outcome

    return send


def line_of(outcome: Outcome) -> dict[str, Any]:
    assert outcome.errors == []
    return outcome.record["LineItems"][0]


# Accounts


@pytest.mark.parametrize("code", ["999", "90", "610", "800"])
def test_unknown_bank_and_control_accounts_have_one_text(send_line, code):
    assert send_line(AccountCode=code, TaxType="NONE").errors == [NO_SUCH_CODE.format(code)]


def test_an_archived_account_has_a_text_of_its_own(send_line):
    assert send_line(AccountCode="400", TaxType="NONE").errors == [
        "Account code '400' has been archived, or has been deleted. "
        "Each line item must reference a valid account."
    ]


def test_which_accounts_are_refused_can_be_set(send_line, client):
    client.server.app.writes.rules = WriteRules(
        refused_types=frozenset(), refused_system_accounts=frozenset({"GST"})
    )
    assert send_line(AccountCode="90", TaxType="NONE").errors == []
    assert send_line(AccountCode="820", TaxType="NONE").errors == [NO_SUCH_CODE.format("820")]


def test_an_account_can_be_named_by_its_id(send_line, ids):
    outcome = send_line(AccountCode=None, AccountID=ids("account", 500), TaxType="NONE")
    assert line_of(outcome)["AccountCode"] == "500"


def test_a_draft_needs_no_account_but_an_approved_document_does(send_line):
    assert send_line(AccountCode=None).errors == []
    approved = send_line({"Status": "AUTHORISED"}, AccountCode=None)
    assert approved.errors == ["The account code or ID must be specified"]


def test_a_line_that_is_only_a_description_needs_no_account(writer, sale, sent_line):
    lines = [sent_line(), {"Description": "Thank you"}]
    (outcome,) = writer.send("Invoices", [sale(*lines, Status="AUTHORISED")])
    assert outcome.errors == []
    assert outcome.record["Total"] == Decimal("115.00")


def test_xero_takes_a_revenue_account_on_a_bill(writer, sale, sent_line):
    bill = sale(sent_line(TaxType="NONE"), Type="ACCPAY")
    assert writer.send("Invoices", [bill])[0].errors == []


# Tax


def test_a_tax_type_that_is_unknown_gets_both_texts(send_line):
    assert send_line(TaxType="15% GST on Income").errors == [
        "The TaxType code 15% GST on Income does not exist or cannot be used for this type of "
        "transaction.",
        "The TaxType code '15% GST on Income' cannot be used with account code '200'.",
    ]


def test_a_tax_type_that_is_archived_does_not_exist(send_line):
    assert send_line(TaxType="OUTPUT").errors[0].startswith("The TaxType code OUTPUT does not")


def test_a_tax_type_must_apply_to_the_class_of_the_account(send_line):
    assert send_line(TaxType="INPUT2").errors == [
        "The TaxType code 'INPUT2' cannot be used with account code '200'."
    ]


def test_a_missing_tax_type_is_the_accounts(send_line):
    assert line_of(send_line(AccountCode="420", TaxType=None))["TaxType"] == "INPUT2"


def test_the_contacts_tax_type_goes_before_the_items_and_the_accounts(send_line, organisation, ids):
    organisation.change("Contacts", ids("contact", 1), AccountsReceivableTaxType="NONE")
    line = line_of(send_line(ItemCode="BOLT", TaxType=None, AccountCode=None))
    assert line["TaxType"] == "NONE"


@pytest.mark.parametrize(
    ("basis", "tax", "total"),
    [("Exclusive", "15.00", "115.00"), ("Inclusive", "13.04", "100.00"), ("NoTax", "0", "100.00")],
)
def test_tax_follows_the_line_amount_types(send_line, basis, tax, total):
    record = send_line({"LineAmountTypes": basis}).record
    assert (record["TotalTax"], record["Total"]) == (Decimal(tax), Decimal(total))
    assert record["SubTotal"] == record["Total"] - record["TotalTax"]


def test_tax_is_rounded_for_each_line(writer, sale, sent_line):
    lines = [sent_line(Quantity=1, UnitAmount=Decimal("0.10"))] * 3
    (saved,) = writer.send("Invoices", [sale(*lines)])
    assert saved.record["TotalTax"] == Decimal("0.06")  # 0.015 is 0.02, three times


def test_a_stated_tax_amount_is_kept(send_line):
    record = send_line(TaxAmount=Decimal("14.99")).record
    assert (record["TotalTax"], record["Total"]) == (Decimal("14.99"), Decimal("114.99"))


def test_a_stated_tax_amount_stays_until_its_line_changes(writer, send_line):
    saved = send_line(TaxAmount=Decimal("14.99")).record
    identity, line = saved["InvoiceID"], saved["LineItems"][0]["LineItemID"]
    for change, tax in (({"Description": "x"}, "14.99"), ({"Quantity": 4}, "30.00")):
        update = {"InvoiceID": identity, "LineItems": [{"LineItemID": line, **change}]}
        (outcome,) = writer.send("Invoices", [update])
        assert outcome.record["TotalTax"] == Decimal(tax)


# Amounts


def test_a_negative_quantity_is_refused(send_line):
    assert send_line(Quantity=Decimal("-2")).errors == [
        "The quantity value '-2.0000' is invalid. Quantity must not be less than zero."
    ]


def test_a_negative_price_is_accepted_while_the_total_is_not_negative(writer, sale, sent_line):
    lines = [sent_line(), sent_line(Quantity=1, UnitAmount=Decimal("-30"))]
    (outcome,) = writer.send("Invoices", [sale(*lines)])
    assert outcome.record["SubTotal"] == Decimal("70.00")
    (outcome,) = writer.send("Invoices", [sale(lines[1])])
    assert outcome.errors == ["The Total for this document must be greater than or equal to zero."]


def test_a_line_amount_that_does_not_fit_is_refused(send_line):
    assert send_line(LineAmount=Decimal("99.00")).errors == [
        "The line total 99.00 does not match the expected line total 100.00"
    ]


def test_a_missing_unit_amount_or_quantity_follows_from_the_line_amount(send_line):
    unit = line_of(send_line(UnitAmount=None, Quantity=3, LineAmount=Decimal("100")))
    assert (unit["UnitAmount"], unit["LineAmount"]) == (Decimal("33.3333"), Decimal("100.00"))
    quantity = line_of(send_line(Quantity=None, LineAmount=Decimal("25.00")))
    assert (quantity["Quantity"], quantity["LineAmount"]) == (Decimal("0.5"), Decimal("25.00"))


def test_without_unitdp_the_unit_amount_is_rounded_before_the_line_is_worked_out(
    writer, sale, sent_line
):
    bill = {"Invoices": [sale(sent_line(Quantity=1000, UnitAmount=Decimal("0.1234")))]}
    (rounded,) = decoded(writer.call("POST", "Invoices", bill))["Invoices"]
    (exact,) = decoded(writer.call("POST", "Invoices", bill, unitdp=4))["Invoices"]
    assert rounded["LineItems"][0]["LineAmount"] == Decimal("120.00")
    assert exact["LineItems"][0]["LineAmount"] == Decimal("123.40")


@pytest.mark.parametrize("discount", [{"DiscountRate": 10}, {"DiscountAmount": 10}])
def test_a_sales_invoice_takes_discounts(send_line, discount):
    assert line_of(send_line(**discount))["LineAmount"] == Decimal("90.00")


@pytest.mark.parametrize(
    ("endpoint", "kind"),
    [("Invoices", "ACCPAY"), ("CreditNotes", "ACCRECCREDIT"), ("CreditNotes", "ACCPAYCREDIT")],
)
def test_bills_and_credit_notes_take_none(writer, sale, sent_line, endpoint, kind):
    line = sent_line(DiscountRate=10, TaxType="NONE")
    (outcome,) = writer.send(endpoint, [sale(line, Type=kind)])
    assert outcome.errors == ["Discounts are only supported on sales invoices."]
    (outcome,) = writer.send(endpoint, [sale({**line, "DiscountRate": 0}, Type=kind)])
    assert outcome.errors == []


def test_an_approved_line_needs_a_description(send_line):
    assert send_line({"Status": "AUTHORISED"}, Description=None).errors == [
        "Description needs to be at least 1 char long"
    ]


# Items


def test_an_item_gives_what_the_line_leaves_out(writer, sale):
    line = {"ItemCode": "BOLT", "Quantity": 2}
    sold, bought = (
        line_of(writer.send("Invoices", [sale(line, Type=kind)])[0])
        for kind in ("ACCREC", "ACCPAY")
    )
    assert (sold["AccountCode"], sold["UnitAmount"]) == ("200", Decimal("9.5"))
    assert (sold["Description"], sold["TaxType"]) == ("Steel bolt", "OUTPUT2")
    assert sold["Item"]["Code"] == "BOLT"
    assert (bought["AccountCode"], bought["UnitAmount"]) == ("630", Decimal("4"))
    assert (bought["Description"], bought["TaxType"]) == ("Steel bolt, box", "INPUT2")


def test_what_the_line_says_goes_before_its_item(send_line):
    line = line_of(send_line(ItemCode="BOLT", UnitAmount=Decimal("7"), AccountCode="500",
                             TaxType="NONE"))  # fmt: skip
    assert (line["UnitAmount"], line["AccountCode"]) == (Decimal("7"), "500")


def test_an_unknown_item_is_refused(send_line):
    assert send_line(ItemCode="NUT").errors == ["Item code 'NUT' is not valid"]


# Tracking


def tracking(**fields: str) -> list[dict[str, str]]:
    names = {"category": "TrackingCategoryID", "option": "TrackingOptionID"}
    return [{names.get(name, name): value for name, value in fields.items()}]


@pytest.mark.parametrize(
    "element",
    [
        tracking(Name="Region", Option="North"),
        tracking(category=REGION, option=NORTH),
        tracking(category=REGION, Option="North"),
        tracking(category=REGION.upper(), option=NORTH.upper()),
    ],
)
def test_tracking_is_taken_by_ids_and_by_names(send_line, element):
    assert line_of(send_line(Tracking=element))["Tracking"] == [
        {
            "Name": "Region",
            "Option": "North",
            "TrackingCategoryID": REGION,
            "TrackingOptionID": NORTH,
        }
    ]


@pytest.mark.parametrize(
    "element",
    [
        tracking(Name="Region", Option="North "),
        tracking(Name="Region", Option="West"),
        tracking(category=REGION, option=RED),
        tracking(category="7c000000-0000-4000-8000-000000000009", option=NORTH),
        tracking(Name="Region", Option="South"),  # archived
        {"Name": "Region", "Option": "North"},
        "Region",
    ],
)
def test_xero_falls_over_tracking_it_does_not_know(writer, sale, sent_line, element):
    body = {"Invoices": [sale(sent_line(Tracking=element))]}
    answer = writer.call("POST", "Invoices", body, summarizeErrors="false", is_checked=False)
    assert answer.status_code == 500
    assert set(answer.json()) == {"Title", "Detail", "Status", "Instance"}
    assert answer.json()["Detail"].startswith("An error occurred in Xero.")


@pytest.mark.parametrize(
    "element",
    [
        [{"TrackingCategory": {"Name": "Region", "Option": "North"}}],
        [{"TrackingCategoryName": "Region", "TrackingOptionName": "North"}],
        [{"TrackingOptionID": NORTH}],
        [{"Name": "Continent", "Option": "North"}],
        [None],
    ],
)
def test_tracking_in_another_form_is_dropped_without_a_word(writer, sale, sent_line, element):
    body = {"Invoices": [sale(sent_line(Tracking=element))]}
    answer = writer.call("POST", "Invoices", body, is_checked=False)
    assert answer.status_code == 200
    assert answer.json()["Invoices"][0]["LineItems"][0]["Tracking"] == []


def test_two_categories_are_taken_and_three_elements_refused(send_line):
    two = tracking(category=REGION, option=NORTH) + tracking(category=TEAM, option=RED)
    assert len(line_of(send_line(Tracking=two))["Tracking"]) == 2
    assert send_line(Tracking=two + two[:1]).errors == [
        "A line can have at most 2 tracking categories."
    ]


def test_an_archived_option_may_stay_where_it_is(writer, an_invoice, line):
    held = {"TrackingCategoryID": REGION, "TrackingOptionID": SOUTH}
    record = an_invoice(LineItems=[line(Tracking=[held])], Status="DRAFT")
    identity = record["LineItems"][0]["LineItemID"]
    update = {
        "InvoiceID": record["InvoiceID"],
        "LineItems": [{"LineItemID": identity, "Description": "New", "Tracking": [held]}],
    }
    (outcome,) = writer.send("Invoices", [update])
    assert line_of(outcome)["Tracking"][0]["Option"] == "South"


def test_an_archived_option_is_taken_if_the_rules_say_so(send_line, client):
    client.server.app.writes.rules = WriteRules(accepts_archived_tracking=True)
    line = line_of(send_line(Tracking=tracking(Name="Region", Option="South")))
    assert line["Tracking"][0]["TrackingOptionID"] == SOUTH


def test_tracking_is_dropped_on_demand_and_the_answer_says_nothing(send_line, client):
    client.server.control.on("Invoices", method="POST").drops_tracking()
    dropped = send_line(Tracking=tracking(Name="Region", Option="North"))
    kept = send_line(Tracking=tracking(Name="Region", Option="North"))
    assert (dropped.status, line_of(dropped)["Tracking"]) == ("OK", [])
    assert len(line_of(kept)["Tracking"]) == 1
