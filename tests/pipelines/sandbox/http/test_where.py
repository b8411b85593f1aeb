from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sandbox.where import QueryParseError, parse_where, sort_by

INVOICE = {
    "Type": "ACCREC",
    "Status": "AUTHORISED",
    "Reference": 'a "quoted" word',
    "AmountDue": Decimal("5000.01"),
    "SentToContact": True,
    "Date": date(2026, 10, 20),
    "UpdatedDateUTC": datetime(2026, 10, 21, 8, 30, tzinfo=UTC),
    "Contact": {"ContactID": "c0000000-0000-4000-8000-00000000000a", "Name": "Peter Pan"},
}


@pytest.mark.parametrize(
    "text",
    [
        'Type=="ACCREC"',
        'Type = "ACCREC"',
        'Type!="ACCPAY"',
        'Status=="AUTHORISED" && Type=="ACCREC"',
        'Status=="DRAFT" || Status=="AUTHORISED"',
        'Status=="DRAFT" or (Status=="AUTHORISED" AND AmountDue>0)',
        '!(Status=="DRAFT")',
        "AmountDue > 5000 and Date > DateTime(2015, 01, 01)",
        "AmountDue >= 5000.01",
        "Date >= DateTime(2026,10,20) && Date < DateTime(2026,10,21)",
        "UpdatedDateUTC>DateTime(2026,10,21,8,0,0)",
        'Contact.ContactID==Guid("C0000000-0000-4000-8000-00000000000A")',
        'Contact.Name.Contains("pan")',
        'Contact.Name.StartsWith("Peter") && Contact.Name.EndsWith("Pan")',
        'Reference=="a \\"quoted\\" word"',
        "SentToContact==true",
        "SentToContact",
        "DueDate==null",
        "Date!=null",
    ],
)
def test_the_documented_forms_of_where_select_the_invoice(text):
    assert parse_where(text)(INVOICE)


@pytest.mark.parametrize(
    "text",
    [
        'Type=="ACCPAY"',
        "AmountDue < 5000",
        "Date > DateTime(2026,10,20)",
        "DueDate > DateTime(2000,01,01)",
        'Contact.Name.Contains("Wendy")',
        'Contact.Nothing.Below=="x"',
    ],
)
def test_other_values_do_not_select_it(text):
    assert not parse_where(text)(INVOICE)


@pytest.mark.parametrize(
    "text",
    [
        "(",
        'Type=="ACCREC" &&',
        "Type==",
        "Type #",
        'Type=="A" "B"',
        "Name.Reverse(1)",
        "DateTime(1)==",
    ],
)
def test_what_cannot_be_understood_is_an_error(text):
    with pytest.raises(QueryParseError):
        parse_where(text)


def test_comparing_unlike_things_is_an_error():
    with pytest.raises(QueryParseError, match="incompatible"):
        parse_where('AmountDue > "much"')(INVOICE)


WORDS = st.sampled_from(
    [
        *("Type", "Contact", "Date", "SentToContact", "null", "true", "1", '"A"', '"', "#", "é"),
        *("==", ">", "<", "(", ")", "!", "&&", "||", ",", "and", "or"),
        *("DateTime(2026,13,1)", 'DateTime("x")', "Guid(1)", 'Contact.Contains("a")'),
    ]
)


@given(st.lists(WORDS, max_size=7).map(" ".join))
def test_any_text_is_understood_or_an_error_of_its_own_kind(text):
    try:
        parse_where(text)(INVOICE)
    except QueryParseError:
        return


def test_order_takes_several_fields_and_directions_with_the_absent_first():
    records = [{"A": "x", "B": 1}, {"A": "y", "B": 1}, {"A": "x", "B": 2}, {"B": 0}]
    assert sort_by(records, "A DESC, B asc") == [records[1], records[0], records[2], records[3]]
    assert sort_by(records, "A")[0] == {"B": 0}
    for order in ("A SIDEWAYS", "", "A,"):
        with pytest.raises(QueryParseError):
            sort_by(records, order)
    with pytest.raises(QueryParseError, match="no order"):
        sort_by([INVOICE, {"Contact": {}}], "Contact")


def test_where_and_order_act_over_http_on_paged_and_unpaged_lists(client, an_invoice):
    an_invoice(1, Status="DRAFT")
    an_invoice(2)
    an_invoice(3)
    found = client.get(
        "Invoices", page=1, where='Status=="AUTHORISED"', order="InvoiceNumber DESC"
    ).json()
    assert [one["InvoiceNumber"] for one in found["Invoices"]] == ["INV-0003", "INV-0002"]
    assert found["pagination"]["itemCount"] == 2
    assert [one["Code"] for one in client.records("Accounts", where='Type=="BANK"')] == ["90"]


def test_a_where_that_cannot_be_understood_is_a_400_of_xeros_kind(client):
    answer = client.get("Accounts", where='Type=="BANK')
    assert answer.status_code == 400
    assert answer.json()["Type"] == "QueryParseException"


def test_many_alternatives_of_one_field_are_the_same_as_each_by_itself():
    records = [{"Name": name, "Rank": rank} for rank, name in enumerate("abcab")]
    records += [{"Rank": 9}, {"Name": ["a"], "Rank": 10}, {"Name": "true", "Rank": 11}]

    def ranks(where: str) -> list[int]:
        test = parse_where(where)
        return [record["Rank"] for record in records if test(record)]

    assert ranks('Name=="a" OR Name=="c" || Name=="z"') == [0, 2, 3]
    assert ranks('Name=="a" OR Rank==1 OR Rank=9') == [0, 1, 3, 9]
    assert ranks('(Name=="a" OR Name=="b") AND Rank>=3') == [3, 4]
    assert ranks('Name.Contains("a")==true AND Rank < 10') == [0, 3]
    assert ranks('Name=="true"') == [11]
