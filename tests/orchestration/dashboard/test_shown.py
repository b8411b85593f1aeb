"""How figures look, and the files that are taken away."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pyarrow as pa

from orchestration.dashboard.shown import as_csv, as_excel, change, money
from orchestration.dashboard.xero_links import xero_link

TABLE = pa.table(
    {
        "label": ["200 Sales", "=1+1"],
        "amount": pa.array([Decimal("1234567890123.45"), Decimal("-0.10")], pa.decimal128(18, 2)),
    }
)


def test_amounts_have_thousands_apart_and_negative_ones_stand_in_brackets():
    amounts = [money(Decimal("1234.5")), money(Decimal("-0.125")), money(Decimal("1234.5"), 0)]
    assert amounts == ["1,234.50", "(0.13)", "1,235"]


def test_a_change_is_in_percent_of_what_was_also_of_a_loss():
    assert change(Decimal(110), Decimal(100)) == "+10.0 %"
    assert change(Decimal(-50), Decimal(-100)) == "+50.0 %"
    assert change(Decimal(5), Decimal(0)) is None


def test_csv_holds_every_digit_and_nothing_that_a_spreadsheet_would_run():
    rows = list(csv.reader(io.StringIO(as_csv(TABLE).decode("utf-8-sig"))))
    assert rows == [
        ["label", "amount"],
        ["200 Sales", "1234567890123.45"],
        ["'=1+1", "-0.10"],
    ]


def test_excel_holds_amounts_as_numbers_and_texts_as_texts():
    sheet = openpyxl.load_workbook(io.BytesIO(as_excel(TABLE, "revenue"))).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [["label", "amount"], ["200 Sales", 1234567890123.45], ["=1+1", -0.1]]
    assert sheet["A3"].data_type == "s"


def test_a_link_opens_the_document_in_its_organisation():
    link = xero_link("!hB4rQ", "invoice", "e74b1a1b-51c1-5b99-bd4e-21484c23f1b8")
    assert link == (
        "https://go.xero.com/organisationlogin/default.aspx?shortcode=%21hB4rQ&redirecturl="
        "%2FAccountsReceivable%2FView.aspx%3FInvoiceID%3De74b1a1b-51c1-5b99-bd4e-21484c23f1b8"
    )


def test_what_has_no_page_in_xero_has_no_link():
    assert xero_link("!hB4rQ", "item", "1") is None
