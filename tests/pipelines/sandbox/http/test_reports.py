from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

NORTH = "70000000-0000-4000-8000-000000000001"
REGION = "7c000000-0000-4000-8000-000000000001"


@pytest.fixture
def trade(an_invoice, line, ids):
    """Sales of 100 in October (60 of them North) and 40 in September, paint for 30 in October."""
    north = [{"TrackingCategoryID": REGION, "TrackingOptionID": NORTH}]
    an_invoice(
        1,
        LineItems=[
            line(UnitAmount=Decimal("60.00"), Tracking=north),
            line(UnitAmount=Decimal("40.00")),
        ],
    )
    an_invoice(2, Date=date(2026, 9, 30), LineItems=[line(UnitAmount=Decimal("40.00"))])
    bought = line(
        UnitAmount=Decimal("30.00"),
        TaxType="NONE",
        AccountCode="500",
        AccountID=ids("account", 500),
    )
    an_invoice(3, Type="ACCPAY", LineItems=[bought])
    an_invoice(4, Status="DRAFT")


def figures(client, **query) -> dict[str, list[str]]:
    """Return the amounts of each row by its title."""
    answer = client.get("Reports/ProfitAndLoss", **query)
    assert answer.status_code == 200, answer.text
    (report,) = answer.json()["Reports"]
    rows = [row for top in report["Rows"] for row in top.get("Rows", [top])]
    return {row["Cells"][0]["Value"]: [c["Value"] for c in row["Cells"][1:]] for row in rows}


def test_the_profit_and_loss_statement_is_that_of_the_books(client, trade):
    found = figures(client, fromDate="2026-10-01", toDate="2026-10-31", standardLayout="true")
    assert found == {
        "": ["31 Oct 26"],
        "Sales": ["100.00"],
        "Total Income": ["100.00"],
        "Paint bought": ["30.00"],
        "Total Cost of Sales": ["30.00"],
        "Gross Profit": ["70.00"],
        "Total Other Income": ["0.00"],
        "Total Operating Expenses": ["0.00"],
        "Net Profit": ["70.00"],
    }


def test_rows_of_accounts_carry_the_account_id(client, trade, ids):
    report = client.get("Reports/ProfitAndLoss", fromDate="2026-10-01").json()["Reports"][0]
    income = next(row for row in report["Rows"] if row.get("Title") == "Income")
    cell = income["Rows"][0]["Cells"][1]
    assert cell["Attributes"] == [{"Value": ids("account", 200), "Id": "account"}]


def test_periods_add_columns_for_the_months_before_latest_first(client, trade):
    found = figures(client, fromDate="2026-10-01", toDate="2026-10-31", periods=2)
    assert found[""] == ["31 Oct 26", "30 Sep 26", "31 Aug 26"]
    assert found["Sales"] == ["100.00", "40.00", "0.00"]


def test_a_quarter_steps_by_three_months(client, trade):
    found = figures(
        client, fromDate="2026-10-01", toDate="2026-12-31", periods=1, timeframe="QUARTER"
    )
    assert (found[""], found["Sales"]) == (["31 Dec 26", "30 Sep 26"], ["100.00", "40.00"])


def test_a_tracking_category_gives_a_column_for_each_option(client, trade):
    found = figures(client, fromDate="2026-10-01", toDate="2026-10-31", trackingCategoryID=REGION)
    assert found[""] == ["North", "South", "Unassigned", "Total"]
    assert found["Sales"] == ["60.00", "0.00", "40.00", "100.00"]
    assert found["Net Profit"] == ["60.00", "0.00", "10.00", "70.00"]


def test_a_tracking_option_narrows_the_report(client, trade):
    found = figures(
        client,
        fromDate="2026-10-01",
        toDate="2026-10-31",
        trackingCategoryID=REGION,
        trackingOptionID=NORTH,
    )
    assert (found[""], found["Net Profit"]) == (["31 Oct 26"], ["60.00"])


def test_without_dates_it_is_the_current_month(client, trade):
    report = client.get("Reports/ProfitAndLoss").json()["Reports"][0]
    assert report["ReportTitles"][2] == "1 November 2026 to 30 November 2026"


@pytest.mark.parametrize(
    "query",
    [
        {"fromDate": "soon"},
        {"periods": 12},
        {"periods": "many"},
        {"timeframe": "WEEK"},
        {"trackingCategoryID": "unknown"},
        {"trackingOptionID": "unknown"},
        {"trackingCategoryID2": REGION},
        {"paymentsOnly": "true"},
    ],
)
def test_what_the_report_cannot_give_is_refused_and_never_ignored(client, query):
    assert client.get("Reports/ProfitAndLoss", **query).status_code == 400


def test_the_report_needs_its_own_scope(client):
    client.token = client.ask_token(scope="accounting.invoices.read").json()["access_token"]
    assert client.get("Reports/ProfitAndLoss").status_code == 401
