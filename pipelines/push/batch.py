"""Applies a batch: looks its records up, sends what is missing, reads back, says what came of it.

Each step is in the ledger before the next one begins, so that a process killed between any two of
them, or a call without an answer, is made good by looking the records up again. A request is only
repeated as it was, under its idempotency key, or after the look-up showed what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.push import outcomes
from pipelines.push.looking_up import LookUp
from pipelines.push.operations import CREATE, Finding, Operation
from pipelines.push.outcomes import Settled
from pipelines.push.read_back import ReadBack, Saved
from pipelines.push.tracks import (
    Surroundings,
    Track,
    idempotency_key,
    is_attempt_of,
    request_hash,
)
from pipelines.push.writer import (
    OUTAGE,
    Answered,
    Capability,
    Held,
    NoAnswer,
    Refused,
    Unavailable,
    WriteRequest,
)

MOST_TRIES = 3
"""Calls without an answer, or answered by a server error, before a record or a tenant is left."""


class Batch:
    """Records of one tenant and entity that are all created, or all changed."""

    def __init__(self, around: Surroundings, capability: Capability, first: Operation) -> None:
        self._around = around
        self._tenant_id, self._entity, self._kind = first.tenant_id, first.entity, first.operation
        self._look_up = LookUp(around, capability, first)
        self._read_back = ReadBack(around, capability, first)
        self._tries = 0

    def apply(self, tracks: Sequence[Track]) -> None:
        """Take records as far as they get.

        Raises:
            Unavailable: The target cannot be written to now; what was sent stays `sent`.
        """
        parts = [self._look_up.to_send(tracks)]
        while parts:
            part = parts.pop(0)
            if part:
                parts = [*self._sent(part), *parts]

    def _sent(self, tracks: list[Track]) -> list[list[Track]]:
        """Make one call; return what is still to be sent, in the parts to send it in."""
        request = self._request(tracks)
        if not is_attempt_of(request, self._tenant_id, tracks):
            self._intend(tracks, request)
        key = tracks[0].attempts[-1].idempotency_key
        writer, ledger = self._around.writer, self._around.ledger
        try:
            answers = writer.send(self._tenant_id, self._entity, request, len(tracks), key)
        except NoAnswer as silence:
            with ledger.transaction() as connection:
                latest = [track.attempts[-1] for track in tracks]
                outcomes.no_answer(connection, latest, str(silence))
            self._tried(silence)
            return [self._look_up.to_send(tracks)]
        except Refused as refused:
            said = Answered(refused.status, errors=refused.messages)
            self._answered(tracks, [said] * len(tracks))
            return self._refused(self._look_up.to_send(tracks), refused)
        self._take(tracks, answers)
        return []

    def _request(self, tracks: Sequence[Track]) -> WriteRequest:
        sendings = [track.sending for track in tracks]
        return self._around.writer.request(self._entity, self._kind, sendings)

    def _intend(self, tracks: Sequence[Track], request: WriteRequest) -> None:
        numbered = [(track.operation, len(track.attempts) + 1) for track in tracks]
        asked = request_hash(self._tenant_id, request)
        number = max(number for _, number in numbered)
        with self._around.ledger.transaction() as connection:
            made = outcomes.intend(
                connection,
                numbered,
                request,
                request_hash=asked,
                idempotency_key=idempotency_key(asked, number),
                applied_by=self._around.applied_by,
                now=self._around.now(),
            )
        for track, attempt in zip(tracks, made, strict=True):
            track.attempts.append(attempt)

    def _answered(self, tracks: Sequence[Track], said: Sequence[Answered]) -> None:
        pairs = [(track.attempts[-1], one) for track, one in zip(tracks, said, strict=True)]
        with self._around.ledger.transaction() as connection:
            latest = outcomes.answer(connection, pairs, self._around.now())
        for track, attempt in zip(tracks, latest, strict=True):
            track.attempts[-1] = attempt

    def _take(self, tracks: Sequence[Track], answers: Sequence[Answered]) -> None:
        """Settle what was refused, and read back what was saved."""
        self._answered(tracks, answers)
        pairs = list(zip(tracks, answers, strict=True))
        failed = [(track, said) for track, said in pairs if said.errors]
        # What an attempt without an answer saved is refused the second time: it is there.
        doubtful = [track.sending for track, _ in failed if len(track.attempts) > 1]
        found: Mapping[str, Sequence[Held]] = {}
        if doubtful and self._kind == CREATE:
            found = self._around.writer.look_up(self._tenant_id, self._entity, doubtful)
        settled, saved = [], []
        for track, said in failed:
            held = [one for one in found.get(track.operation.operation_id, ()) if one.is_ours]
            if len(held) == 1:
                saved.append(Saved(track.sending, held[0].target_id, track.attempts))
            else:
                settled.append(self._rejected(track, said.errors))
        self._settle(settled)
        for track, said in pairs:
            if not said.errors:
                target_id = said.target_id or track.sending.target_id or ""
                saved.append(Saved(track.sending, target_id, track.attempts, said.warnings))
        self._read_back.confirm(saved)

    def _refused(self, tracks: list[Track], refused: Refused) -> list[list[Track]]:
        """Isolate the record for which a whole call was refused; return the parts to send next."""
        if not tracks:
            return []
        if refused.status == OUTAGE:
            self._tried(refused)
            return [tracks]
        for track in tracks:
            track.server_errors += refused.is_server_error
        if len(tracks) == 1:
            return self._refused_one(tracks[0], refused)
        if refused.is_server_error and tracks[0].server_errors == 1:
            self._around.sleep(1.0)
            return [tracks]
        half = len(tracks) // 2
        return [tracks[:half], tracks[half:]]

    def _refused_one(self, track: Track, refused: Refused) -> list[list[Track]]:
        if not refused.is_server_error:
            self._settle([self._rejected(track, refused.messages)])
            return []
        if track.server_errors < MOST_TRIES:
            self._around.sleep(float(track.server_errors))
            return [[track]]
        what = f"{track.operation.label}: {refused}"
        remedy = "Its payload is kept. Correct the record at its source, or apply the plan again."
        finding = Finding("QUARANTINED", "block", what, remedy)
        self._settle([Settled(track.operation, "unknown", track.last, None, (finding,))])
        return []

    def _rejected(self, track: Track, messages: Sequence[str]) -> Settled:
        finding = self._around.writer.explain(track.operation, messages)
        status = "skipped" if finding.severity == "skip" else "rejected"
        return Settled(track.operation, status, track.last, track.sending.target_id, (finding,))

    def _tried(self, failure: Exception) -> None:
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise Unavailable(str(failure)) from None
        self._around.sleep(float(2**self._tries))

    def _settle(self, settled: Sequence[Settled]) -> None:
        if settled:
            with self._around.ledger.transaction() as connection:
                outcomes.settle(connection, settled, self._around.now())
