"""The query options of the sandbox's Prospect: what they choose, and what they refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipelines.sandbox.prospect_model import ENTITY_SETS
from pipelines.sandbox.prospect_query import QueryError, parse_filter, parse_query

QUOTES = ENTITY_SETS["Quotes"]
RECORD = {
    **dict.fromkeys(QUOTES.properties),
    "QuoteId": 7,
    "OperatingCompanyCode": "A",
    "Description": "Tents for O'Neill",
    "OverallDiscountPercentage": Decimal("2.5"),
    "LastUpdatedTimestamp": datetime(2026, 10, 5, 9, 30, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("QuoteId eq 7", True),
        ("QuoteId ne 7", False),
        ("QuoteId in (1, 7)", True),
        ("Description eq 'Tents for O''Neill'", True),
        ("contains(Description,'neill') and startswith(Description,'tents')", True),
        ("endswith(Description,'x') or QuoteId gt 6", True),
        ("not (QuoteId eq 7)", False),
        ("OverallDiscountPercentage le 2.5", True),
        ("LastUpdatedTimestamp ge 2026-10-05T09:30:00Z", True),
        ("LastUpdatedTimestamp ge 2026-10-05T10:30:00+01:00", True),
        ("LastUpdatedTimestamp gt 2026-10-05T09:30:00Z", False),
        ("LastUpdatedTimestamp ge 2026-10-05", True),
        ("AccountsId eq null", True),
        ("AccountsId gt 'a'", False),
        ("AccountsId lt 'a'", False),
        ("AccountsId ne 'a'", True),
    ],
)
def test_a_filter_chooses(text, holds):
    assert parse_filter(QUOTES, text)(RECORD) is holds


@pytest.mark.parametrize(
    "text",
    [
        "Status/DeadFlag eq 0",
        "QuoteLines/any(line: line/LineId eq 1)",
        "QuoteLines/any()",
        "Nowhere eq 1",
        "contains(Nowhere,'x')",
        "length(Description) gt 3",
        "cast(QuoteId,'Edm.String') eq '7'",
        "QuoteId add 1 eq 8",
        "QuoteId eq",
        "",
    ],
)
def test_a_filter_that_goes_beyond_the_sets_own_properties_is_refused(text):
    with pytest.raises(QueryError):
        parse_filter(QUOTES, text)(RECORD)


@pytest.mark.parametrize(
    "options",
    [
        {"$expand": "QuoteLines"},
        {"$select": "QuoteId,Nowhere"},
        {"$orderby": "Nowhere"},
        {"$orderby": "QuoteId upwards"},
        {"$top": "-1"},
        {"$skip": "many"},
    ],
)
def test_an_option_that_is_not_understood_is_refused(options):
    with pytest.raises(QueryError):
        parse_query(QUOTES, options)


def test_order_skip_and_top_cut_the_page_out_of_what_matches():
    records = [{**RECORD, "QuoteId": number, "StatusId": number % 2} for number in range(6)]
    query = parse_query(
        QUOTES,
        {
            "$filter": "QuoteId gt 0",
            "$orderby": "StatusId desc,QuoteId",
            "$select": "QuoteId",
            "$skip": "1",
            "$top": "3",
        },
    )
    assert query.apply(records) == ([{"QuoteId": 3}, {"QuoteId": 5}, {"QuoteId": 2}], 5)
