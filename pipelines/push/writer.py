"""What a system must be able to do so that records can be written to it, and what comes of it.

`<system>/writer.py` implements `Writer`; `apply` knows no system. A writer makes one call at a time
and never repeats one that may have been processed: whether that is right is for `apply` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from pipelines.failures import BadRequest, CallFailure, MalformedAnswer, ServerTrouble, Unreachable
from pipelines.push.operations import Finding, Operation

OUTAGE = 503
Result = TypeVar("Result")


@dataclass(frozen=True)
class Capability:
    """What a target can do with one entity.

    Attributes:
        operations: Of create, update, delete, mark.
        batch_size: Records in one call, at most.
        cannot_hold: Fields of a payload that the target has no place for.
        deletes_singly: Whether a deletion is a call of its own.
        is_repairable: Whether a draft of ours that lacks tracking may be sent once more.
        duplicate_rule: The finding of a create whose record is already there.
        warning_rule: The finding of a record that was saved with a warning.
    """

    operations: frozenset[str]
    batch_size: int = 1
    cannot_hold: frozenset[str] = frozenset()
    deletes_singly: bool = False
    is_repairable: bool = False
    duplicate_rule: str = "RECORD_EXISTS"
    warning_rule: str = "TARGET_WARNING"


@dataclass(frozen=True)
class Sending:
    """An operation ready to send: its payload without placeholders."""

    operation: Operation
    payload: Mapping[str, Any]
    target_id: str | None = None


@dataclass(frozen=True)
class Held:
    """A record as the target holds it.

    Attributes:
        version: The hash that the raw log would give it.
        is_ours: Whether it carries our own external key; else it only looks the same (`found_by`).
        is_locked: Whether the target no longer lets it be changed (paid, approved, ...).
        is_gone: Whether it is deleted or voided.
    """

    target_id: str
    number: str | None
    record: Mapping[str, Any]
    version: str
    is_ours: bool = True
    found_by: str = "key"
    is_locked: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class WriteRequest:
    """One call that writes; `body` is sent as it is, and is what the hashes cover."""

    method: str
    path: str
    body: bytes = field(repr=False)
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """What the target said of one record of a call."""

    http_status: int
    target_id: str | None = None
    target_number: str | None = None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    response: Any = None


@dataclass(frozen=True)
class Difference:
    """A field that the target does not hold as it was sent. `field` is a path, `LineItems[0].…`."""

    field: str
    sent: Any
    held: Any


class PushFailure(Exception):
    """A call that gave no outcome per record; the text is fit for a message."""


class NoAnswer(PushFailure):
    """No whole answer came: whether the call was processed is unknown. Look the records up."""


class Refused(PushFailure):
    """A definite error for the whole call. The target may keep the answer for the same key."""

    def __init__(self, what: str, *, status: int, messages: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.status = status
        self.messages = tuple(messages) or (what,)

    @property
    def is_server_error(self) -> bool:
        """Whether the same call might succeed later."""
        return self.status >= 500


class Unavailable(PushFailure):
    """The target cannot be written to now: limits of the day, rights, credentials, an outage."""


class Writer(Protocol):
    """Writes to one connection of one system. All methods may raise `PushFailure`."""

    @property
    def target(self) -> str:
        """The system's name."""
        ...

    def capability(self, entity: str) -> Capability | None:
        """Return what can be done with an entity; None: nothing."""
        ...

    def identify(self, operation: Operation, payload: Mapping[str, Any]) -> str | None:
        """Return the target's own id of the record; None where only the target can give it."""
        ...

    def look_up(
        self, tenant_id: str, entity: str, sendings: Sequence[Sending]
    ) -> Mapping[str, Sequence[Held]]:
        """Return what is held under each record's external key, by operation_id.

        Deleted and voided records are left out. A record may be found by more than its key (a
        contact's name): then it is not ours.
        """
        ...

    def read(self, tenant_id: str, entity: str, target_ids: Sequence[str]) -> Mapping[str, Held]:
        """Return whole records by the target's own ids; one that is not there is left out."""
        ...

    def request(self, entity: str, operation: str, sendings: Sequence[Sending]) -> WriteRequest:
        """Return the call that writes these records: the same bytes for the same records."""
        ...

    def send(
        self, tenant_id: str, entity: str, request: WriteRequest, count: int, idempotency_key: str
    ) -> Sequence[Answered]:
        """Make a call once and return what was said of each of its `count` records, in order."""
        ...

    def differences(
        self, entity: str, fields: Mapping[str, Any], held: Held, facts: Mapping[str, Any]
    ) -> Sequence[Difference]:
        """Return which fields are not held so; `facts` give the totals to expect, {} none."""
        ...

    def repair(self, sending: Sending, held: Held) -> Sending:
        """Return the update that sends a draft of ours once more, its lines by their ids."""
        ...

    def explain(self, operation: Operation, messages: Sequence[str]) -> Finding:
        """Return what the target's messages mean for the person who reads them."""
        ...


def push_failure(error: CallFailure) -> PushFailure:
    """Return what an error of a call means for the records in it."""
    what = str(error)
    if isinstance(error, Unreachable | MalformedAnswer):
        return NoAnswer(what)
    if isinstance(error, ServerTrouble):
        return Refused(what, status=error.status)
    if isinstance(error, BadRequest) and error.status is not None:
        return Refused(what, status=error.status, messages=error.messages)
    return Unavailable(what)


def read_or_stop(call: Callable[[], Result]) -> Result:
    """Make reads, which the client has retried: what still fails concerns the whole target.

    Raises:
        Refused: The target cannot answer this very question.
        Unavailable: Anything else.
    """
    try:
        return call()
    except CallFailure as error:
        failure = push_failure(error)
        if isinstance(failure, Refused) and not failure.is_server_error:
            raise failure from None
        raise Unavailable(str(error)) from None
