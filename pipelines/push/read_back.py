"""Reads back what was saved, compares every field that was sent, and repairs a draft once.

A write is confirmed only when the target holds it as it was sent, and said nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.push import outcomes
from pipelines.push.attempts import Attempt
from pipelines.push.judgement import judge_read_back
from pipelines.push.operations import CREATE, DELETE, UPDATE, Finding, Operation
from pipelines.push.outcomes import Settled
from pipelines.push.tracks import Surroundings, idempotency_key, request_hash
from pipelines.push.writer import (
    Answered,
    Capability,
    Difference,
    Held,
    NoAnswer,
    Refused,
    Sending,
)

MOST_ATTEMPTS = 6


@dataclass(frozen=True)
class Saved:
    """A record that the target holds; `attempts` empty: it was there before we sent anything."""

    sending: Sending
    target_id: str
    attempts: list[Attempt]
    warnings: tuple[str, ...] = ()

    @property
    def may_be_repaired(self) -> bool:
        """Whether it was sent, and not yet once more with an answer; a few tries at most."""
        answered = [one.method for one in self.attempts if one.http_status == 200]
        is_create = self.sending.operation.operation == CREATE
        first = self.attempts[0].method if self.attempts else ""
        repairs = sum(one != first for one in answered) if is_create else len(answered) - 1
        return 0 < len(self.attempts) < MOST_ATTEMPTS and repairs < 1


class ReadBack:
    """Confirms records of one tenant and entity."""

    def __init__(self, around: Surroundings, capability: Capability, first: Operation) -> None:
        self._around, self._capability = around, capability
        self._tenant_id, self._entity, self._kind = first.tenant_id, first.entity, first.operation

    def confirm(self, saved: Sequence[Saved]) -> None:
        """Read records back, and write down what became of them.

        Raises:
            Unavailable: They cannot be read now; they stay `sent`.
        """
        if not saved:
            return
        ids = [one.target_id for one in saved]
        held = self._around.writer.read(self._tenant_id, self._entity, ids)
        settled, lacking = [], []
        for one in saved:
            record = held.get(one.target_id)
            unlike = self._differences(one, record)
            if record is not None and self._is_repairable(one, record, unlike):
                lacking.append((one, record))
            else:
                settled.append(self._settled(one, record, unlike))
        if settled:
            with self._around.ledger.transaction() as connection:
                outcomes.settle(connection, settled, self._around.now())
        if lacking:
            self._repair(lacking)

    def _differences(self, one: Saved, held: Held | None) -> Sequence[Difference]:
        if held is None or self._kind == DELETE:
            return ()
        operation = one.sending.operation
        differ = self._around.writer.differences
        return differ(self._entity, one.sending.payload, held, operation.facts)

    def _is_repairable(self, one: Saved, held: Held, unlike: Sequence[Difference]) -> bool:
        return (
            self._capability.is_repairable
            and self._around.may_send
            and one.may_be_repaired
            and not (held.is_locked or held.is_gone or one.warnings)
            and any("Tracking" in each.field for each in unlike)
        )

    def _settled(self, one: Saved, held: Held | None, unlike: Sequence[Difference]) -> Settled:
        operation, last = one.sending.operation, one.attempts[-1] if one.attempts else None
        now = self._around.now()
        is_gone = held is None or held.is_gone
        if is_gone and self._kind == DELETE:
            return Settled(operation, "confirmed", last, one.target_id, (), (), now)
        if is_gone or self._kind == DELETE:
            state = "is not there" if is_gone else "is still there"
            what = f"{operation.label} was sent and answered, but {one.target_id} {state}."
            finding = Finding("NOT_AS_ANSWERED", "block", what, "Look for it there.")
            return Settled(operation, "unknown", last, one.target_id, (finding,), None, now)
        status, findings = judge_read_back(
            operation,
            unlike,
            warnings=one.warnings,
            was_sent=bool(one.attempts),
            capability=self._capability,
        )
        return Settled(operation, status, last, one.target_id, findings, unlike, now)

    def _repair(self, lacking: Sequence[tuple[Saved, Held]]) -> None:
        """Send drafts once more, their lines by their ids; then look at them again."""
        writer, around = self._around.writer, self._around
        sendings = [writer.repair(one.sending, held) for one, held in lacking]
        request = writer.request(self._entity, UPDATE, sendings)
        asked = request_hash(self._tenant_id, request)
        numbered = [(one.sending.operation, len(one.attempts) + 1) for one, _ in lacking]
        with around.ledger.transaction() as connection:
            made = outcomes.intend(
                connection,
                numbered,
                request,
                request_hash=asked,
                idempotency_key=idempotency_key(asked, max(number for _, number in numbered)),
                applied_by=around.applied_by,
                now=around.now(),
            )
        key = made[0].idempotency_key
        try:
            said = writer.send(self._tenant_id, self._entity, request, len(made), key)
        except Refused as refused:
            said = [Answered(refused.status, errors=refused.messages)] * len(made)
        except NoAnswer:
            said = []  # the read-back tells
        if said:
            with around.ledger.transaction() as connection:
                made = outcomes.answer(connection, list(zip(made, said, strict=True)), around.now())
        again = [
            Saved(one.sending, one.target_id, [*one.attempts, attempt], ())
            for (one, _), attempt in zip(lacking, made, strict=True)
        ]
        self.confirm(again)
