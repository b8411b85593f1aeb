"""Reads one endpoint of one organisation into batches of versions, and says how it went.

In: the client (HTTP), what the raw log holds. Out: Arrow tables for `pipelines.landing`, and a
`ReadSummary`. A read that fails keeps what it saw, moves no cursor and gives no tombstone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from pipelines.landing import Landing
from pipelines.reads import Mode, ReadSummary
from pipelines.record_log import HeldVersion, VersionLog
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import PAGE_SIZE, Endpoint
from pipelines.xero.errors import XeroError
from pipelines.xero.page_check import PageCheck
from pipelines.xero.paging import NOT_MODIFIED, Page
from pipelines.xero.transport import Answer

SYSTEM = "xero"
DATASET = "raw_xero"
MAX_REPEATS = 3
OVERLAP = timedelta(minutes=1)
"""If-Modified-Since has a resolution of one second, and a record may become visible a little after
the stamp it carries: the last minute is read again, and what is known is not written again."""

Progress = Callable[[str], None]


class UnstableRead(XeroError):
    """The list changed under every attempt to read it whole."""


class DoubtfulAnswer(XeroError):
    """An answer that cannot be taken as the whole truth, such as an empty list."""


class EndpointRead:
    """One read of one endpoint: `batches()` once, then `summary()`.

    Args:
        client: Calls Xero.
        tenant_id: The organisation.
        endpoint: What to read.
        landing: What the raw log holds.
        cursor: The greatest change stamp of the last complete read; None reads everything.
        full: Read everything all the same, and take an empty list as it is.
        progress: Told a line per page.
    """

    def __init__(
        self,
        client: XeroClient,
        tenant_id: str,
        endpoint: Endpoint,
        landing: Landing,
        *,
        cursor: datetime | None = None,
        full: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.mode: Mode = "changes" if endpoint.is_paged and cursor and not full else "whole"
        self.failure: XeroError | None = None
        self._client = client
        self._tenant_id = tenant_id
        self._landing = landing
        self._cursor = cursor
        self._full = full
        self._progress = progress or (lambda _: None)
        self._log: VersionLog | None = None
        self._item_count: int | None = None
        self._is_complete = False
        self._started_at = _now()
        self._usage_before = client.usage(tenant_id, endpoint.name)

    def batches(self) -> Iterator[pa.Table]:
        """Yield the new versions page by page; never raises what Xero answered."""
        self._started_at = _now()
        try:
            log = self._log = self._open_log()
            seen: set[str] = set()
            pages = self._read_pages if self.endpoint.is_paged else self._read_list
            yield from pages(log, seen)
            self._check_whole(log, seen)
            if self.mode == "whole":
                yield log.tombstones(seen, _now())
            self._is_complete = True
        except XeroError as error:
            self.failure = error

    def fail(self, error: XeroError) -> None:
        """Note why this endpoint is not read at all, or not landed."""
        self.failure = error
        self._is_complete = False

    def summary(self, run_id: str, connection: str) -> ReadSummary:
        """Return what became of the read."""
        usage = self._client.usage(self._tenant_id, self.endpoint.name)
        log = self._log or self._empty_log()
        return ReadSummary(
            run_id=run_id,
            connection=connection,
            system=SYSTEM,
            tenant_id=self._tenant_id,
            endpoint=self.endpoint.table,
            started_at=self._started_at,
            finished_at=_now(),
            mode=self.mode,
            is_complete=self._is_complete,
            calls=usage.calls - self._usage_before.calls,
            bytes=usage.bytes - self._usage_before.bytes,
            item_count=self._item_count,
            records_read=log.counts.records_read,
            versions_written=log.counts.versions_written,
            changed_without_stamp=log.counts.changed_without_stamp,
            tombstones=log.counts.tombstones,
            error=str(self.failure) if self.failure else _remark(log),
            cursor_at=log.latest_stamp if self._is_complete else None,
        )

    def _read_list(self, log: VersionLog, seen: set[str]) -> Iterator[pa.Table]:
        page, answer = self._get({}, None)
        table, ids = log.append(page.records, _naive(answer.received_at))
        yield table
        repeated = [record_id for record_id, count in Counter(ids).items() if count > 1]
        if repeated:
            raise DoubtfulAnswer(f"{self.endpoint.name}: {repeated[0]} is in the list twice.")
        seen.update(ids)

    def _read_pages(self, log: VersionLog, seen: set[str]) -> Iterator[pa.Table]:
        since = self._cursor - OVERLAP if self._cursor and self.mode == "changes" else None
        check, number, repeats = PageCheck(), 1, 0
        while True:
            paging = {"page": str(number), "pageSize": str(PAGE_SIZE)}
            page, answer = self._get(paging, since)
            item_count = 0 if answer.status == NOT_MODIFIED else page.item_count
            if item_count is None:
                raise DoubtfulAnswer(f"{self.endpoint.name}: the answer has no pagination.")
            table, ids = log.append(page.records, _naive(answer.received_at))
            yield table
            self._item_count = item_count
            check.add(number, ids, item_count)
            self._progress(f"{self.endpoint.name}: {len(check.first_page)} of {item_count}")
            if number < page.page_count:
                number += 1
                continue
            affected = check.first_affected()
            if affected is None:
                seen.update(check.first_page)
                return
            if repeats == MAX_REPEATS:
                raise UnstableRead(
                    f"{self.endpoint.name} changed while it was read, {repeats + 1} times in a "
                    "row. What was read is kept; the next run reads it again."
                )
            repeats += 1
            check.forget_from(affected)
            number = affected

    def _get(self, paging: Mapping[str, str], since: datetime | None) -> tuple[Page, Answer]:
        return self._client.get_page(
            self._tenant_id,
            self.endpoint.name,
            self.endpoint.list_key,
            {**self.endpoint.params, **paging},
            if_modified_since=since.replace(tzinfo=UTC) if since else None,
        )

    def _check_whole(self, log: VersionLog, seen: set[str]) -> None:
        if log.counts.without_id:
            raise DoubtfulAnswer(
                f"{self.endpoint.name}: {len(log.counts.without_id)} records have no "
                f"{self.endpoint.id_field}; they are kept as {log.counts.without_id[0]} …"
            )
        held = log.held_count()
        if self.mode == "whole" and not seen and held and not self._full:
            raise DoubtfulAnswer(
                f"{self.endpoint.name}: Xero answered an empty list, but {held} records are held. "
                "They are kept. If they are really gone, run `xero-crm sync --full`."
            )

    def _open_log(self) -> VersionLog:
        table = self.endpoint.table
        if self.mode == "whole":
            state = self._landing.held(table, self._tenant_id)
            return self._empty_log(held=state.versions, not_before=state.latest_extracted_at)

        def lookup(ids: Sequence[str]) -> Mapping[str, HeldVersion]:
            return self._landing.held(table, self._tenant_id, ids).versions if ids else {}

        state = self._landing.held(table, self._tenant_id, [])
        return self._empty_log(lookup=lookup, not_before=state.latest_extracted_at)

    def _empty_log(
        self,
        *,
        held: Mapping[str, HeldVersion] | None = None,
        lookup: Callable[[Sequence[str]], Mapping[str, HeldVersion]] | None = None,
        not_before: datetime | None = None,
    ) -> VersionLog:
        return VersionLog(
            self._tenant_id,
            id_field=self.endpoint.id_field,
            stamp_field=self.endpoint.stamp_field,
            held=held or {},
            lookup=lookup,
            not_before=not_before,
        )


def _remark(log: VersionLog) -> str | None:
    long_numbers = log.counts.long_numbers
    if not long_numbers:
        return None
    return (
        f"{len(long_numbers)} records hold a number of more than 15 digits, which the warehouse "
        f"cannot type: {long_numbers[0]} …"
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
