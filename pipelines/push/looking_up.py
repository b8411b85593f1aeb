"""Looks records up before they are sent: which are there, which changed, which are to be sent.

Nothing is created, and nothing of unknown outcome is repeated, before this was asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from pipelines.push import outcomes
from pipelines.push.judgement import SEND, Verdict, judge_change, judge_create
from pipelines.push.operations import CREATE, Finding, Operation
from pipelines.push.outcomes import Settled
from pipelines.push.read_back import ReadBack, Saved
from pipelines.push.tracks import Surroundings, Track, is_attempt_of
from pipelines.push.writer import Capability, Held, Refused, Unavailable, WriteRequest

REPLAYABLE = timedelta(minutes=5)
"""Xero keeps the answer to a key for six minutes from the first call (reference, section 6)."""
EXPIRED = Finding(
    "PLAN_EXPIRED", "skip", "The plan expired before this could be sent.", "Plan and approve again."
)


class LookUp:
    """Sorts records of one tenant and entity that are all created, or all changed."""

    def __init__(self, around: Surroundings, capability: Capability, first: Operation) -> None:
        self._around, self._capability = around, capability
        self._tenant_id, self._entity, self._kind = first.tenant_id, first.entity, first.operation
        self._read_back = ReadBack(around, capability, first)

    def to_send(self, tracks: Sequence[Track]) -> list[Track]:
        """Look records up; settle or compare those that are there, return the others."""
        try:
            verdicts = self._verdicts(tracks)
        except Refused as refused:
            if len(tracks) > 1 and not refused.is_server_error:
                half = len(tracks) // 2
                return [*self.to_send(tracks[:half]), *self.to_send(tracks[half:])]
            if refused.is_server_error:
                raise Unavailable(str(refused)) from None
            self._settle([_not_asked(tracks[0], refused)])
            return []
        if self._is_replayable(tracks, verdicts):
            return list(tracks)
        settled, saved, missing = [], [], []
        for track, verdict in zip(tracks, verdicts, strict=True):
            if verdict.do == "settle":
                found = (verdict.finding,) if verdict.finding else ()
                settled.append(
                    Settled(track.operation, verdict.status, track.last, verdict.target_id, found)
                )
            elif verdict.do == "compare" and verdict.target_id:
                saved.append(Saved(track.sending, verdict.target_id, track.attempts))
            elif self._around.may_send:
                missing.append(track)
            else:
                settled.append(Settled(track.operation, "skipped", track.last, None, (EXPIRED,)))
        self._settle(settled)
        self._read_back.confirm(saved)
        return missing

    def _verdicts(self, tracks: Sequence[Track]) -> list[Verdict]:
        writer = self._around.writer
        if self._kind == CREATE:
            unknown = [track.sending for track in tracks if not track.saved_as]
            found = writer.look_up(self._tenant_id, self._entity, unknown) if unknown else {}
            return [self._verdict_of_create(track, found) for track in tracks]
        ids = [track.sending.target_id or "" for track in tracks]
        held = writer.read(self._tenant_id, self._entity, ids)
        return [
            self._verdict_of_change(track, held.get(target_id))
            for track, target_id in zip(tracks, ids, strict=True)
        ]

    def _verdict_of_create(self, track: Track, found: Mapping[str, Sequence[Held]]) -> Verdict:
        if track.saved_as:
            return Verdict("compare", track.saved_as)
        held = found.get(track.operation.operation_id, ())
        return judge_create(track.sending, held, track.attempts, self._capability)

    def _verdict_of_change(self, track: Track, held: Held | None) -> Verdict:
        differ, operation = self._around.writer.differences, track.operation
        if held is None:
            return judge_change(track.sending, held, track.attempts, (), ())
        from_sent = differ(self._entity, track.sending.payload, held, {})
        from_before = differ(self._entity, operation.before or {}, held, {})
        return judge_change(track.sending, held, track.attempts, from_sent, from_before)

    def _is_replayable(self, tracks: Sequence[Track], verdicts: Sequence[Verdict]) -> bool:
        """Whether a request that got no answer may still be at work, or has one waiting.

        Some of its records are there and some are not: those may be refused, or about to be
        saved. The same request under the same key tells, as long as the target keeps the key.
        """
        if SEND not in verdicts or all(one == SEND for one in verdicts):
            return False
        first = tracks[0].in_doubt
        if first is None or self._around.now() - first.intended_at > REPLAYABLE:
            return False
        return self._around.may_send and is_attempt_of(
            self._request(tracks), self._tenant_id, tracks
        )

    def _request(self, tracks: Sequence[Track]) -> WriteRequest:
        sendings = [track.sending for track in tracks]
        return self._around.writer.request(self._entity, self._kind, sendings)

    def _settle(self, settled: Sequence[Settled]) -> None:
        if settled:
            with self._around.ledger.transaction() as connection:
                outcomes.settle(connection, settled, self._around.now())


def _not_asked(track: Track, refused: Refused) -> Settled:
    what = f"{track.operation.label} cannot be looked up, so it was not sent: {refused}"
    found = Finding("NOT_FINDABLE", "block", what, "Correct it at its source, then plan again.")
    return Settled(track.operation, "skipped", track.last, None, (found,))
