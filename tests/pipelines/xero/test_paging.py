from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.web.transport import Answer
from pipelines.xero.errors import MalformedAnswer
from pipelines.xero.paging import Page, read_page


def an_answer(body: bytes, status: int = 200) -> Answer:
    return Answer(status, body, {}, datetime(2026, 11, 2, tzinfo=UTC), len(body))


def page_of(body: bytes) -> Page:
    return read_page(an_answer(body), "Invoices", "Invoices of organisation Harbour Ltd")


def test_records_keep_the_bytes_that_came():
    page = page_of(
        b'{"Id":"x","pagination":{"page":2,"pageSize":1000,"pageCount":3,"itemCount":2001},'
        b'"Invoices":[{"Total": 17.9600,"Url":"a\\/b"},{"Total":1e2}]}'
    )
    assert [bytes(record) for record in page.records] == [
        b'{"Total": 17.9600,"Url":"a\\/b"}',
        b'{"Total":1e2}',
    ]
    assert (page.page, page.page_size, page.page_count, page.item_count) == (2, 1000, 3, 2001)


def test_a_list_without_pagination_is_page_one_of_one():
    page = page_of(b'{"Invoices":[]}')
    assert (page.page, page.page_count, page.item_count) == (1, 1, None)


def test_an_answer_of_304_is_an_empty_page():
    page = read_page(an_answer(b"", 304), "Invoices")
    assert (list(page.records), page.item_count) == ([], 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"Invoices":null}', "Expected `array`, got `null` - at `$.Invoices`"),
        (b'{"Contacts":[]}', "missing required field `Invoices`"),
        (b'{"Invoices":{}}', "Expected `array`, got `object`"),
        (b'[{"InvoiceID":1}]', "Expected `object`, got `array`"),
        (b'{"Invoices":[{},null]}', "record 1 of Invoices is no object"),
        (b'{"Invoices":[[]]}', "record 0 of Invoices is no object"),
        (b'{"Invoices":[{"InvoiceID":"1"},{"Invo', "truncated"),
        (b'{"Invoices":[{"a":tru}]}', "malformed"),
        (b'{"Invoices":[]}{"Invoices":[]}', "trailing"),
        (b'{"Invoices":[{"Name":"\xff"}]}', "no UTF-8"),
        (b'{"Invoices":[],"pagination":{"page":1}}', "missing required field"),
        (b'{"Invoices":[],"pagination":[]}', "Expected"),
        (b"<html></html>", "malformed"),
        (b"", "truncated"),
    ],
)
def test_an_answer_of_another_shape_is_malformed_and_says_how(body, said):
    with pytest.raises(MalformedAnswer) as caught:
        page_of(body)
    assert str(caught.value).startswith("Invoices of organisation Harbour Ltd: ")
    assert said in str(caught.value)
