"""Applies a plan: sends what is approved, record by record accounted for, and nothing else.

In: a ledger, a plan's id, a writer for each target and organisation. Out: a `Summary`, and the
outcome of every record in the ledger. It may be killed anywhere and run again: what is on its way
is looked up first. One bad record stops no other, and one organisation that cannot be written to
(its calls for the day are spent) stops no other.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.push import outcomes
from pipelines.push.attempts import (
    Attempt,
    approved_hashes,
    attempts_of,
    expires_at,
    known_records,
    to_apply,
)
from pipelines.push.batch import Batch
from pipelines.push.claim import claimed
from pipelines.push.errors import PlanRefused, UnknownPlan
from pipelines.push.judgement import unsupported
from pipelines.push.ledger import Ledger, ledger_now
from pipelines.push.operations import DELETE, Finding, Operation
from pipelines.push.outcomes import Settled
from pipelines.push.placeholders import filled, needed, readiness
from pipelines.push.tracks import Surroundings, Track
from pipelines.push.writer import Sending, Unavailable, Writer

MOST_BYTES = 3_400_000
"""Of payloads in one call; Xero takes 3.5 MB at least (reference, section 2)."""

WriterOf = Callable[[str, str], Writer]
Progress = Callable[[str], None]


@dataclass
class Summary:
    """What an apply did. `statuses` counts the plan's operations by where they stand afterwards.

    Attributes:
        stopped: Targets and organisations that could not be written to, and why.
        waiting: Labels of records that wait for another, and for which.
    """

    plan_id: str
    statuses: Counter[str] = field(default_factory=Counter)
    stopped: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether all that was approved is confirmed."""
        open_or_failed = ("approved", "sent", "unknown", "rejected", "dropped_fields", "skipped")
        return not self.stopped and not any(self.statuses[one] for one in open_or_failed)


def apply_plan(
    ledger: Ledger,
    plan_id: str,
    writer_of: WriterOf,
    *,
    applied_by: str,
    progress: Progress = lambda _: None,
    now: Callable[[], datetime] = ledger_now,
    sleep: Callable[[float], None] = time.sleep,
) -> Summary:
    """Send what is approved of a plan, and settle what an earlier apply left open.

    Args:
        ledger: Where the plan is.
        plan_id: Which one.
        writer_of: (target, tenant_id) to its writer; may raise `Unavailable`.
        applied_by: Who runs it.
        progress: Told a line per batch.
        now: The time, naive UTC.
        sleep: Waits seconds before a call is tried again.

    Raises:
        UnknownPlan: There is no such plan.
        PlanRefused: It expired, and nothing of it is on its way.
        ApplyInProgress: Another process is applying.
    """
    with claimed(ledger, applied_by):
        with ledger.reading() as connection:
            until = expires_at(connection, plan_id)
            operations = to_apply(connection, plan_id)
        if until is None:
            raise UnknownPlan(f"There is no plan {plan_id}.")
        may_send = now() < until
        if not may_send:
            operations = [one for one in operations if one.status != "approved"]
            if not operations:
                raise PlanRefused(f"Plan {plan_id} expired on {until:%Y-%m-%d %H:%M}. Plan again.")
        run = _Run(ledger, plan_id, writer_of, applied_by, progress, now, sleep, may_send)
        return run.apply(operations)


@dataclass
class _Run:
    ledger: Ledger
    plan_id: str
    writer_of: WriterOf
    applied_by: str
    progress: Progress
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    may_send: bool

    def apply(self, operations: Sequence[Operation]) -> Summary:
        summary = Summary(self.plan_id)
        with self.ledger.reading() as connection:
            attempts = attempts_of(connection, self.plan_id)
            approved = approved_hashes(connection, self.plan_id)
        operations = self._as_approved(operations, approved)
        groups: dict[tuple[str, ...], list[Operation]] = {}
        for one in operations:
            key = (one.target, one.entity, one.tenant_id, one.operation)
            groups.setdefault(key, []).append(one)
        for (target, _, tenant_id, _), group in groups.items():
            where = f"{target} of organisation {tenant_id}"
            if where in summary.stopped:
                continue
            try:
                self._apply_group(self.writer_of(target, tenant_id), group, attempts, summary)
            except Unavailable as error:
                summary.stopped[where] = str(error)
                self.progress(f"{where}: stopped. {error}")
        self._count(summary)
        return summary

    def _as_approved(
        self, operations: Sequence[Operation], approved: Mapping[str, str]
    ) -> list[Operation]:
        """Leave out, and settle, what is not as it was approved."""
        good, settled = [], []
        for one in operations:
            if one.is_as_hashed and approved.get(one.operation_id) == one.payload_hash:
                good.append(one)
                continue
            what = f"{one.label}: its payload is not the one that was approved."
            found = Finding("NOT_AS_APPROVED", "block", what, "Plan and approve again.")
            settled.append(Settled(one, "skipped", findings=(found,)))
        self._settle(settled)
        return good

    def _apply_group(
        self,
        writer: Writer,
        group: Sequence[Operation],
        attempts: Mapping[str, list[Attempt]],
        summary: Summary,
    ) -> None:
        first = group[0]
        capability = writer.capability(first.entity)
        around = Surroundings(
            self.ledger, writer, self.applied_by, self.now, self.sleep, self.may_send
        )
        tracks = self._tracks(writer, group, attempts, summary)
        done = 0
        if capability is None:
            return
        is_single = capability.deletes_singly and first.operation == DELETE
        for part in batches(tracks, 1 if is_single else capability.batch_size):
            Batch(around, capability, first).apply(part)
            done += len(part)
            what = f"{first.operation} {first.entity} of {first.target}"
            self.progress(f"{what}, organisation {first.tenant_id}: {done} of {len(tracks)}")

    def _tracks(
        self,
        writer: Writer,
        group: Sequence[Operation],
        attempts: Mapping[str, list[Attempt]],
        summary: Summary,
    ) -> list[Track]:
        """Return what can be sent now; settle what never can, tell what waits."""
        names = {name for one in group for name in needed(one)}
        with self.ledger.reading() as connection:
            known = known_records(connection, group[0].tenant_id, names) if names else {}
        tracks, settled = [], []
        for one in group:
            ready = readiness(one, known)
            if ready.waits_for:
                summary.waiting[one.label] = ready.waits_for
                continue
            if ready.finding:
                settled.append(Settled(one, "skipped", findings=(ready.finding,)))
                continue
            if lacking := unsupported(one, writer.capability(one.entity)):
                settled.append(Settled(one, "unsupported", findings=(lacking,)))
                continue
            payload = filled(one.payload, known)
            sending = Sending(one, payload, writer.identify(one, payload))
            tracks.append(Track(sending, list(attempts.get(one.operation_id, ()))))
        self._settle(settled)
        return tracks

    def _settle(self, settled: Sequence[Settled]) -> None:
        if settled:
            with self.ledger.transaction() as connection:
                outcomes.settle(connection, settled, self.now())

    def _count(self, summary: Summary) -> None:
        with self.ledger.reading() as connection:
            summary.statuses.update(outcomes.statuses(connection, self.plan_id))


def batches(tracks: Sequence[Track], size: int) -> Iterator[list[Track]]:
    """Yield tracks in batches; those of a request that is in doubt stay together and come first."""
    together: dict[str, list[Track]] = {}
    part: list[Track] = []
    fresh: list[Track] = []
    for track in tracks:
        if track.in_doubt:
            together.setdefault(track.in_doubt.idempotency_key, []).append(track)
        else:
            fresh.append(track)
    yield from together.values()
    room = MOST_BYTES
    for track in fresh:
        needs = len(track.operation.payload_text.encode())
        if part and (len(part) == size or needs > room):
            yield part
            part, room = [], MOST_BYTES
        part.append(track)
        room -= needs
    if part:
        yield part
