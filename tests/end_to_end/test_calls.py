"""A full read of Xero: every record, for the pages that the endpoint honours and what is declared.

The sum that is allowed: for each list the pages of its records, at least one; one call for a list
without pages; one for each budget and for each month end of each report; a token and the list of
organisations besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.xero.endpoints import ENDPOINTS, PAGE_SIZE, Endpoint

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

UNCOUNTED_PAGE = 100


def pages(count: int, size: int) -> int:
    return max(1, -(-count // size))


def allowed(endpoint: Endpoint, served: int, months: int) -> int:
    if endpoint.month_ends:
        return months
    if endpoint.months_each:
        return 1 + served
    if not endpoint.has_counts:
        return served // UNCOUNTED_PAGE + 1  # a full page may be followed by an empty one
    return pages(served, PAGE_SIZE) if endpoint.is_paged else 1


def test_a_full_read_takes_the_pages_and_the_declared_reads_and_no_more(demo: Demo) -> None:
    tables = {one.table: one for one in ENDPOINTS.values() if not one.is_optional}
    for organisation in demo.world.organisations.values():
        reads = [
            read
            for read in demo.sync.reads
            if read.system == "xero" and read.tenant_id == organisation.tenant_id
        ]
        assert {read.endpoint for read in reads} == set(tables)
        for read in reads:
            endpoint = tables[read.endpoint]
            served = len(organisation.records.get(endpoint.name, ()))
            assert read.calls == allowed(endpoint, served, read.records_read), read.endpoint


def test_every_record_that_xero_has_is_held_once_archived_ones_too(demo: Demo) -> None:
    lists = [one for one in ENDPOINTS.values() if not one.is_optional and not one.month_ends]
    for endpoint in lists:
        there = [
            (organisation.tenant_id, record_id)
            for organisation in demo.world.organisations.values()
            for record_id, record in organisation.records.get(endpoint.name, {}).items()
            if endpoint.name != "ContactGroups" or record["Status"] == "ACTIVE"  # not listed else
        ]
        held = demo.rows(f"select tenant_id, record_id from raw_xero.{endpoint.table}")  # noqa: S608
        assert sorted(held) == sorted(there), endpoint.name
        assert there, f"{endpoint.name}: nobody has one"


def test_reports_are_read_for_the_months_with_books_and_the_one_before(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        opened = organisation.opening.date
        dates = demo.rows(
            "select record_id from raw_xero.trial_balance_reports where tenant_id = ?",
            [organisation.tenant_id],
        )
        months = sorted(record_id.removeprefix("TrialBalance/")[:7] for (record_id,) in dates)
        before = f"{opened.year - (opened.month == 1)}-{(opened.month + 10) % 12 + 1:02}"
        assert months[:2] == [before, f"{opened:%Y-%m}"]
        assert len(months) == len(set(months))
