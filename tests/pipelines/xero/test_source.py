"""A read of one endpoint, against a list that behaves as Xero's do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.held_versions import live_ids
from pipelines.landing import HeldState
from pipelines.record_log import HeldVersion
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.errors import Unreachable
from pipelines.xero.paging import Page
from pipelines.xero.source import endpoint_read

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
INVOICES = ENDPOINTS["Invoices"]
ITEMS = ENDPOINTS["Items"]


class AList:
    """A list of invoices ordered by stamp, `per_page` a page; `between` runs before each page."""

    def __init__(self, names: str, per_page: int = 3) -> None:
        self.rows = {name: n for n, name in enumerate(names)}
        self.per_page = per_page
        self.calls = 0
        self.since: list[datetime | None] = []
        self.before_call: dict[int, Callable[[], None]] = {}

    def touch(self, name: str) -> None:
        """Add a record, or edit it: it moves to the end."""
        self.rows.pop(name, None)
        self.rows[name] = max(self.rows.values(), default=0) + 1

    def get_page(self, _tenant, _path, _key, params, *, if_modified_since) -> tuple[Page, Any]:
        self.calls += 1
        self.since.append(if_modified_since)
        self.before_call.get(self.calls, lambda: None)()
        number, names = int(params["page"]), sorted(self.rows, key=self.rows.__getitem__)
        shown = names[(number - 1) * self.per_page : number * self.per_page]
        records = [self.record(name) for name in shown]
        count = -(-len(names) // self.per_page)
        page = Page(records, number, self.per_page, count, len(names))  # pyright: ignore
        return page, SimpleNamespace(received_at=NOON + timedelta(seconds=self.calls), status=200)

    def record(self, name: str) -> bytes:
        stamp = 1_700_000_000_000 + self.rows[name] * 1000
        fields = {"InvoiceID": name, "ItemID": name, "UpdatedDateUTC": f"/Date({stamp}+0000)/"}
        return json.dumps(fields).encode()

    def usage(self, _tenant, _path) -> SimpleNamespace:
        return SimpleNamespace(calls=self.calls, bytes=self.calls * 100)


class AnUnpagedList(AList):
    def get_page(self, _tenant, _path, _key, params, *, if_modified_since) -> tuple[Page, Any]:
        self.calls += 1
        records = [self.record(name) for name in self.rows]
        return Page(records), SimpleNamespace(received_at=NOON, status=200)  # pyright: ignore


class ALog:
    """Stands for the raw log: what it holds, by record id."""

    def __init__(self, held: str = "") -> None:
        self.versions = {name: HeldVersion("h" * 32, None, False) for name in held}

    def live_ids(self, _table, _tenant, since=None) -> set[str]:
        return live_ids(self.versions, since)

    def held(self, _table, _tenant, ids: Sequence[str] | None = None) -> HeldState:
        if ids is None:
            return HeldState(self.versions, None)
        return HeldState({i: v for i, v in self.versions.items() if i in ids}, None)


def read(source: AList, log: ALog | None = None, endpoint=INVOICES, **how):
    """Return the rows that were yielded and the summary."""
    started = endpoint_read(source, "t1", endpoint, log or ALog(), **how)  # pyright: ignore
    rows = [row for table in started.batches() for row in table.to_pylist()]
    return rows, started.summary("r1", "acme")


def ids(rows: Iterator[dict] | list[dict], *, deleted: bool = False) -> str:
    return "".join(sorted({row["record_id"] for row in rows if row["is_deleted"] == deleted}))


def test_all_pages_are_read_and_counted() -> None:
    rows, summary = read(AList("abcdefgh"))
    assert ids(rows) == "abcdefgh"
    assert (summary.calls, summary.item_count, summary.records_read) == (3, 8, 8)
    assert summary.is_complete
    assert summary.mode == "whole"


def test_the_cursor_is_the_greatest_stamp_and_the_last_minute_is_read_again() -> None:
    source = AList("abc")
    _, first = read(source)
    assert first.cursor_at == datetime(2023, 11, 14, 22, 13, 22)
    _, second = read(source, cursor=first.cursor_at)
    assert second.mode == "changes"
    assert source.since[-1] == datetime(2023, 11, 14, 22, 12, 22, tzinfo=UTC)


def test_a_record_edited_while_its_list_is_read_hides_no_other() -> None:
    source = AList("abcdefgh")
    source.before_call[3] = lambda: source.touch("b")
    rows, summary = read(source)
    assert ids(rows) == "abcdefgh"
    assert summary.is_complete
    assert summary.calls == 6


def test_a_record_added_while_its_list_is_read_is_read_too() -> None:
    source = AList("abcdefgh")
    source.before_call[3] = lambda: source.touch("i")
    rows, summary = read(source)
    assert ids(rows) == "abcdefghi"
    assert (summary.is_complete, summary.item_count) == (True, 9)


def test_a_list_that_never_rests_fails_after_three_repeats_and_keeps_what_it_saw() -> None:
    source = AList("abcdefgh")
    names = iter("abcdefghabcdefghabcdefgh")
    source.before_call = {n: lambda: source.touch(next(names)) for n in range(2, 40)}
    rows, summary = read(source, ALog("z"))
    assert not summary.is_complete
    assert "changed while it was read, 4 times" in (summary.error or "")
    assert summary.cursor_at is None
    assert len(ids(rows)) >= 6
    assert ids(rows, deleted=True) == ""


def test_a_complete_whole_read_gives_tombstones_and_a_read_of_changes_does_not() -> None:
    rows, summary = read(AList("abc"), ALog("abz"))
    assert ids(rows, deleted=True) == "z"
    assert summary.tombstones == 1
    rows, _ = read(AList("abc"), ALog("abz"), cursor=datetime(2026, 1, 1))
    assert ids(rows, deleted=True) == ""


def test_a_read_that_breaks_off_keeps_its_pages_and_deletes_nothing() -> None:
    source = AList("abcdefgh")

    def reset() -> None:
        raise Unreachable("The connection was reset.")

    source.before_call[2] = reset
    rows, summary = read(source, ALog("z"), cursor=None)
    assert ids(rows) == "abc"
    assert (summary.is_complete, summary.tombstones) == (False, 0)
    assert "reset" in (summary.error or "")
    assert summary.cursor_at == datetime(2023, 11, 14, 22, 13, 22)  # up to which all was read


def test_a_read_that_broke_off_is_gone_on_with_and_counted_over() -> None:
    source, log = AList("abcdefgh"), ALog("abc")
    rows, summary = read(source, log, cursor=datetime(2023, 11, 14, 22, 13, 22), is_resumed=True)
    assert summary.is_complete
    assert source.since[-1] is None  # how many there are in all
    assert ids(rows) == "abcdefgh"  # this list shows all, whatever it is asked


@pytest.mark.parametrize(("full", "deleted"), [(False, ""), (True, "xyz")])
def test_an_empty_list_deletes_what_is_held_only_when_asked_for(full: bool, deleted: str) -> None:
    rows, summary = read(AnUnpagedList(""), ALog("xyz"), ITEMS, full=full)
    assert ids(rows, deleted=True) == deleted
    assert summary.is_complete is full


def test_an_unpaged_list_is_always_read_whole() -> None:
    _, summary = read(AnUnpagedList("abc"), ALog(), ITEMS, cursor=datetime(2026, 1, 1))
    assert (summary.mode, summary.calls) == ("whole", 1)


def test_a_page_without_pagination_is_not_taken_for_the_whole() -> None:
    source = AList("abc")
    whole = source.get_page
    source.get_page = lambda *args, **how: (
        Page(whole(*args, **how)[0].records),
        whole(*args, **how)[1],
    )
    _, summary = read(source)
    assert not summary.is_complete
    assert "no pagination" in (summary.error or "")


def test_a_changed_record_without_a_new_stamp_is_counted() -> None:
    source = AList("a")
    stamp = datetime(2023, 11, 14, 22, 13, 20)
    log = ALog()
    log.versions = {"a": HeldVersion("other", stamp, False)}
    _, summary = read(source, log)
    assert summary.changed_without_stamp == 1
