"""Asks for the pages of one list of Xero, several at a time, and sees that they fit together.

In: how to get a page, and who is shown its records. Pages are shown in their order whatever order
they arrive in, so that what was shown is always a beginning of the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.endpoint_read import DoubtfulAnswer, PageReader, Progress, UnstableRead
from pipelines.web.page_check import PageCheck
from pipelines.web.transport import Answer
from pipelines.xero.endpoints import PAGE_SIZE, Endpoint
from pipelines.xero.paging import NOT_MODIFIED, Page

MAX_REPEATS = 3
PAGES_AHEAD = 5  # as many as may be under way at once; more would only wait, and cost memory


@dataclass(frozen=True)
class Ask:
    """What of a list is asked for, its page apart: changes since (naive UTC), a filter."""

    since: datetime | None = None
    params: Mapping[str, str] = field(default_factory=dict)


Get = Callable[[Ask, Mapping[str, str]], tuple[Page, Answer]]


def read_list(endpoint: Endpoint, get: Get, reader: PageReader) -> Iterator[None]:
    """Read a list that has no pages.

    Raises:
        DoubtfulAnswer: A record is in it twice.
    """
    page, answer = get(Ask(), {})
    ids = reader.show(page.records, answer.received_at)
    yield
    repeated = [record_id for record_id, count in Counter(ids).items() if count > 1]
    if repeated:
        raise DoubtfulAnswer(f"{endpoint.name}: {repeated[0]} is in the list twice.")
    reader.seen.update(ids)


def read_pages(
    endpoint: Endpoint,
    get: Get,
    ask: Ask,
    reader: PageReader,
    progress: Progress,
    pool: Executor | None = None,
) -> Iterator[None]:
    """Read every page; `pool` gets the next ones while one is worked on.

    Raises:
        UnstableRead: The list changed under every attempt.
        DoubtfulAnswer: An answer does not say how many records there are.
    """
    check, number, repeats = PageCheck(), 1, 0
    with _Pages(get, ask, pool) as pages:
        while True:
            page, answer = pages.take(number)
            item_count = 0 if answer.status == NOT_MODIFIED else page.item_count
            if item_count is None:
                raise DoubtfulAnswer(f"{endpoint.name}: the answer has no pagination.")
            pages.ahead_of(number, page.page_count)
            ids = reader.show(page.records, answer.received_at, item_count)
            yield
            check.add(number, ids, item_count)
            progress(f"{endpoint.name}: {len(check.first_page)} of {item_count}")
            if number < page.page_count:
                number += 1
                continue
            affected = check.first_affected()
            if affected is None:
                reader.seen.update(check.first_page)
                return
            if repeats == MAX_REPEATS:
                raise UnstableRead(
                    f"{endpoint.name} changed while it was read, {repeats + 1} times in a row. "
                    "What was read is kept; the next run reads it again."
                )
            repeats += 1
            check.forget_from(affected)
            pages.forget()
            number = affected


class _Pages:
    """Gets pages of one list, those behind the one that is worked on as well."""

    def __init__(self, get: Get, ask: Ask, pool: Executor | None) -> None:
        self._get, self._ask, self._pool = get, ask, pool
        self._under_way: dict[int, Future[tuple[Page, Answer]]] = {}

    def take(self, number: int) -> tuple[Page, Answer]:
        """Return a page: the one that was asked for ahead, or asked for now."""
        future = self._under_way.pop(number, None)
        return future.result() if future else self._one(number)

    def ahead_of(self, number: int, last: int) -> None:
        """Ask for the pages that follow one, so many as may be under way."""
        if self._pool is None:
            return
        for wanted in range(number + 1, min(number + PAGES_AHEAD, last) + 1):
            if wanted not in self._under_way:
                self._under_way[wanted] = self._pool.submit(self._one, wanted)

    def forget(self) -> None:
        """Drop what was asked for ahead, when it has been answered."""
        for future in self._under_way.values():
            future.cancel()
        wait(self._under_way.values())  # their calls are counted before the read is summed up
        self._under_way.clear()

    def _one(self, number: int) -> tuple[Page, Answer]:
        return self._get(self._ask, {"page": str(number), "pageSize": str(PAGE_SIZE)})

    def __enter__(self) -> _Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.forget()
