"""What an apply carries from step to step: each record's attempts, and what is worked with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.push.attempts import Attempt
from pipelines.push.ledger import Ledger
from pipelines.push.operations import Operation
from pipelines.push.writer import Sending, Writer, WriteRequest


@dataclass
class Track:
    """One record on its way through an apply."""

    sending: Sending
    attempts: list[Attempt] = field(default_factory=list)
    server_errors: int = 0

    @property
    def operation(self) -> Operation:
        """What is to be done."""
        return self.sending.operation

    @property
    def last(self) -> Attempt | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def in_doubt(self) -> Attempt | None:
        """The latest attempt, if nobody knows what became of it."""
        return self.last if self.last and self.last.is_in_doubt else None

    @property
    def saved_as(self) -> str | None:
        """The id that an answer gave it."""
        return next((one.target_id for one in self.attempts if one.target_id), None)


@dataclass(frozen=True)
class Surroundings:
    """What an apply works with. `sleep` waits seconds; `now` is naive UTC."""

    ledger: Ledger
    writer: Writer
    applied_by: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    may_send: bool = True


def is_attempt_of(request: WriteRequest, tenant_id: str, tracks: Sequence[Track]) -> bool:
    """Whether a request is the one of an attempt that is in doubt: then it is that attempt."""
    asked = request_hash(tenant_id, request)
    last = [track.in_doubt for track in tracks]
    return all(one and one.request_hash == asked for one in last)


def idempotency_key(asked: str, number: int) -> str:
    """Return the key of a request (by its hash, which names the tenant) and attempt number."""
    return hashlib.sha256(f"{asked} {number}".encode()).hexdigest()


def request_hash(tenant_id: str, request: WriteRequest) -> str:
    """Return what tells a request from any other: tenant, method, path, parameters and body."""
    params = "&".join(f"{name}={value}" for name, value in sorted(request.params.items()))
    head = "\n".join((tenant_id, request.method, request.path, params, ""))
    return hashlib.sha256(head.encode() + request.body).hexdigest()
