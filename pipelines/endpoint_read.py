"""One read of one endpoint of one organisation, whatever the system: versions and a summary.

A system's `source.py` says how pages are asked for (`pages`); what is known already, what vanished,
what may be believed and what is written down about the read is the same for all, and stands here.
A read that fails keeps what it saw and gives no tombstone; where it had read everything up to a
change stamp, the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import pyarrow as pa

from pipelines.failures import CallFailure, ReadFailure
from pipelines.landing import Landing
from pipelines.reads import Mode, ReadSummary
from pipelines.record_log import HeldVersion, Payload, VersionLog
from pipelines.reread import Reread

Progress = Callable[[str], None]


class DoubtfulAnswer(ReadFailure):
    """An answer that cannot be taken as the whole truth, such as an empty list."""


class UnstableRead(ReadFailure):
    """The list changed under every attempt to read it whole."""


class Usage(Protocol):
    """Calls and bytes spent so far."""

    @property
    def calls(self) -> int: ...  # noqa: D102
    @property
    def bytes(self) -> int: ...  # noqa: D102


class EndpointRead:
    """One read: `batches()` once, then `summary()`.

    Args:
        system: The system's short name.
        tenant_id: The organisation whose rows these are.
        table: The raw table.
        id_field: The field that names a record; several where the key has several parts.
        stamp_field: The field with its change stamp, if any.
        landing: What the raw log holds.
        mode: `whole` gives tombstones; `changes` compares only what it is shown.
        pages: Asks for pages, shows each to the reader it is given and yields after each; puts
            the ids of the whole read into `reader.seen` at the end, or raises ReadFailure.
        usage: What the client has spent on this endpoint so far.
        accept_empty: Take an empty list as it is, though records are held.
        is_ordered: Whether `pages` shows records by change stamp; a read that broke off goes on.
    """

    def __init__(
        self,
        *,
        system: str,
        tenant_id: str,
        table: str,
        id_field: str | tuple[str, ...],
        stamp_field: str | None,
        landing: Landing,
        mode: Mode,
        pages: Callable[[PageReader], Iterator[None]],
        usage: Callable[[], Usage],
        accept_empty: bool = False,
        is_ordered: bool = False,
    ) -> None:
        self.table = table
        self.mode: Mode = mode
        self.compares_with_all = mode == "whole"  # that is held; else with what is held of a page
        self.failure: Exception | None = None
        self._system = system
        self._tenant_id = tenant_id
        self._id_field = id_field
        self._id_name = id_field if isinstance(id_field, str) else " and ".join(id_field)
        self._stamp_field = stamp_field
        self._landing = landing
        self._pages = pages
        self._usage = usage
        self._accept_empty = accept_empty
        self._is_ordered = is_ordered
        self._reader: PageReader | None = None
        self._is_complete = False
        self._started_at = utc_now()
        self._before = usage()

    def batches(self) -> Iterator[pa.Table]:
        """Yield the new versions page by page; never raises what the system answered."""
        self._started_at = utc_now()
        try:
            reader = self._reader = PageReader(self._open_log())
            for _ in self._pages(reader):
                yield from reader.take()
            yield from reader.take()
            self._doubt(reader)
            if self.mode == "whole":
                yield reader.log.tombstones(reader.seen, utc_now())
            self._is_complete = True
        except ReadFailure as error:
            if self._reader:
                yield from self._reader.take()
            self.failure = error

    @property
    def has_named(self) -> bool:
        """Whether the records that were asked for by name have been read."""
        return self._is_complete and not (self._reader and self._reader.named_failed)

    def summary(self, run_id: str, connection: str) -> ReadSummary:
        """Return what became of the read."""
        spent = self._usage()
        reader = self._reader or PageReader(self._new_log())
        counts, reread = reader.log.counts, reader.reread
        whole_at = self._started_at if self.mode == "whole" and self._is_complete else None
        return ReadSummary(
            run_id=run_id,
            connection=connection,
            system=self._system,
            tenant_id=self._tenant_id,
            endpoint=self.table,
            started_at=self._started_at,
            finished_at=utc_now(),
            mode=self.mode,
            is_complete=self._is_complete,
            calls=spent.calls - self._before.calls,
            bytes=spent.bytes - self._before.bytes,
            item_count=reader.item_count,
            records_read=counts.records_read,
            versions_written=counts.versions_written,
            changed_without_stamp=counts.changed_without_stamp,
            tombstones=counts.tombstones,
            error=str(self.failure) if self.failure else _remark(reader),
            cursor_at=self._cursor(reader),
            whole_at=reread.begun_at if reread else whole_at,
            reread_to=reread.reached if reread and not reread.is_over else None,
            reread_by_date=reread.by_date if reread else None,
            reread_calls=reread.calls if reread else None,
        )

    def _cursor(self, reader: PageReader) -> datetime | None:
        if self._is_complete:
            return reader.cursor
        # The next read goes on from there: what was seen is a beginning of the list.
        goes_on = self._is_ordered and isinstance(self.failure, CallFailure)
        return reader.cursor if goes_on and reader.log.is_in_order else None

    def _doubt(self, reader: PageReader) -> None:
        nameless = reader.log.counts.without_id
        if nameless:
            raise DoubtfulAnswer(
                f"{self.table}: {len(nameless)} records have no {self._id_name}; they are kept "
                f"as {nameless[0]} …"
            )
        held = reader.log.held_count()
        if self.mode == "whole" and not reader.seen and held and not self._accept_empty:
            raise DoubtfulAnswer(
                f"{self.table}: the answer is an empty list, but {held} records are held. They "
                "are kept. If they are really gone, run `xero-crm sync --full`."
            )

    def _open_log(self) -> VersionLog:
        if self.compares_with_all:
            state = self._landing.held(self.table, self._tenant_id)
            return self._new_log(held=state.versions, not_before=state.latest_extracted_at)

        def lookup(ids: Sequence[str]) -> Mapping[str, HeldVersion]:
            return self._landing.held(self.table, self._tenant_id, ids).versions if ids else {}

        state = self._landing.held(self.table, self._tenant_id, [])
        return self._new_log(lookup=lookup, not_before=state.latest_extracted_at)

    def _new_log(
        self,
        *,
        held: Mapping[str, HeldVersion] | None = None,
        lookup: Callable[[Sequence[str]], Mapping[str, HeldVersion]] | None = None,
        not_before: datetime | None = None,
    ) -> VersionLog:
        return VersionLog(
            self._tenant_id,
            id_field=self._id_field,
            stamp_field=self._stamp_field,
            held=held or {},
            lookup=lookup,
            not_before=not_before,
        )


class PageReader:
    """Takes answers from a system's `pages` and hands the new versions on.

    `remarks` are what a person should know of a read that is complete all the same.
    """

    def __init__(self, log: VersionLog) -> None:
        self.log = log
        self.item_count: int | None = None
        self.seen: set[str] = set()
        self.reread: Reread | None = None
        self.remarks: list[str] = []
        self.named_failed = False
        self._tables: list[pa.Table] = []
        self._cursor: tuple[datetime | None] | None = None

    @property
    def cursor(self) -> datetime | None:
        """How far the changes are read: the greatest stamp shown before `hold_cursor`."""
        return self.log.latest_stamp if self._cursor is None else self._cursor[0]

    def hold_cursor(self) -> None:
        """Say that what is shown from here on is no list of changes."""
        self._cursor = (self.log.latest_stamp,)

    def show(
        self, records: Sequence[Payload], received_at: datetime, item_count: int | None = None
    ) -> list[str]:
        """Log one answer (`received_at` with time zone) and return the ids of its records."""
        naive = received_at.astimezone(UTC).replace(tzinfo=None)
        table, ids = self.log.append(records, naive)
        self._tables.append(table)
        self.item_count = item_count
        return ids

    def take(self) -> Iterator[pa.Table]:
        """Yield what was logged since the last call."""
        tables, self._tables = self._tables, []
        yield from tables


def utc_now() -> datetime:
    """Return the time as naive UTC, as the raw log keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _remark(reader: PageReader) -> str | None:
    remarks = [*reader.remarks]
    if long := reader.log.counts.long_numbers:
        said = "records hold a number of more than 15 digits, which the warehouse cannot type"
        remarks.append(f"{len(long)} {said}: {long[0]} …")
    if reader.reread and reader.reread.trouble:
        remarks.append(f"The whole re-read goes on in the next run: {reader.reread.trouble}")
    return " ".join(remarks) or None
