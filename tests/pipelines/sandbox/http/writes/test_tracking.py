"""The tracking of a line that is written to the sandbox Xero, with the traps users report."""

from __future__ import annotations

import pytest
from xero_writes import line_of

from pipelines.sandbox.write_rules import WriteRules

REGION, TEAM = (f"7c000000-0000-4000-8000-{number:012d}" for number in (1, 3))
NORTH, SOUTH, RED = (f"70000000-0000-4000-8000-{number:012d}" for number in (1, 2, 3))


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
