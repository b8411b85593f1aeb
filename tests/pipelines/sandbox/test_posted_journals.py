"""Journals as Xero posts them: none ever changes, and together they are the books."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.world import load_world


@pytest.fixture
def harbour(project_root: Path) -> Organisation:
    return load_world(project_root / "data" / "sandbox", only=["harbour"]).organisation("harbour")


def totals(amounts: Any) -> dict[Any, Decimal]:
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for key, amount in amounts:
        sums[key] += amount
    return {key: amount for key, amount in sums.items() if amount}


def in_journals(harbour: Organisation) -> dict[Any, Decimal]:
    return totals(
        ((journal["JournalDate"], line["AccountID"]), line["NetAmount"])
        for journal in harbour.records["Journals"].values()
        for line in journal["JournalLines"]
    )


def in_books(harbour: Organisation) -> dict[Any, Decimal]:
    return totals(((one.date, one.account_id), one.amount_base) for one in harbour.books.postings)


def a_sale(harbour: Organisation) -> str:
    return next(
        identity
        for identity, document in harbour.documents["Invoices"].items()
        if document.type == "ACCREC" and document.status == "AUTHORISED" and not document.payments
    )


def test_together_they_are_the_books_and_each_comes_to_nothing(harbour: Organisation):
    assert in_journals(harbour) == in_books(harbour) != {}
    for journal in harbour.records["Journals"].values():
        assert sum(line["NetAmount"] for line in journal["JournalLines"]) == 0


def test_what_is_voided_is_taken_back_by_a_journal_of_its_own_date(harbour: Organisation):
    before = dict(harbour.records["Journals"])
    sale = a_sale(harbour)
    harbour.change("Invoices", sale, Status="VOIDED")
    after = harbour.records["Journals"]
    assert list(after.values())[: len(before)] == list(before.values())
    (reversal,) = list(after.values())[len(before) :]
    (posted,) = (one for one in before.values() if one.get("SourceID") == sale)
    assert (reversal["SourceID"], reversal["JournalDate"]) == (sale, posted["JournalDate"])
    assert [(line["AccountID"], -line["NetAmount"]) for line in reversal["JournalLines"]] == [
        (line["AccountID"], line["NetAmount"]) for line in posted["JournalLines"]
    ]
    assert in_journals(harbour) == in_books(harbour)


def test_a_recoded_line_is_taken_back_and_posted_again_though_its_stamp_did_not_move(
    harbour: Organisation,
):
    before = len(harbour.records["Journals"])
    sale = a_sale(harbour)
    lines = [dict(line) for line in harbour.records["Invoices"][sale]["LineItems"]]
    lines[0]["AccountID"] = next(
        identity
        for identity, account in harbour.records["Accounts"].items()
        if account["Type"] == "REVENUE"
        and account["Status"] == "ACTIVE"
        and identity != lines[0]["AccountID"]
    )
    lines[0].pop("AccountCode", None)
    harbour.change("Invoices", sale, stamp=False, LineItems=lines)
    assert len(harbour.records["Journals"]) == before + 2
    assert in_journals(harbour) == in_books(harbour)


def test_numbers_and_times_of_creation_grow_together(harbour: Organisation):
    harbour.change("Invoices", a_sale(harbour), Status="VOIDED")
    order = [
        (one["JournalNumber"], one["CreatedDateUTC"])
        for one in harbour.records["Journals"].values()
    ]
    assert order == sorted(order)
    assert [number for number, _ in order] == list(range(1, len(order) + 1))


def test_only_what_was_taken_over_from_other_books_has_no_source(harbour: Organisation):
    sourceless = [one for one in harbour.records["Journals"].values() if "SourceType" not in one]
    (opening,) = sourceless
    assert opening["JournalDate"] == harbour.opening.date
    assert "SourceID" not in opening
