"""What a sync is asked for and what came of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipelines.egress import Egress, EgressPrice, egress_of
from pipelines.reads import ReadSummary


@dataclass(frozen=True)
class Tenant:
    """One organisation that a connection's token can read."""

    connection: str
    tenant_id: str
    name: str


@dataclass(frozen=True)
class Failure:
    """Something that was asked for and not done; `error` says what to do."""

    connection: str
    tenant_id: str | None
    tenant_name: str | None
    error: str


@dataclass(frozen=True)
class SyncSummary:
    """All reads of a run, and what could not be read at all."""

    reads: tuple[ReadSummary, ...]
    failures: tuple[Failure, ...]
    price: EgressPrice = field(default_factory=EgressPrice)

    @property
    def egress(self) -> Egress:
        """What was spent on Xero, in calls, bytes and money."""
        return egress_of(self.reads, self.price)

    @property
    def changed_without_stamp(self) -> int:
        """How many records had changed though their change stamp had not moved."""
        return sum(read.changed_without_stamp for read in self.reads)

    @property
    def is_complete(self) -> bool:
        """Whether everything asked for was read."""
        return not self.failures and all(read.is_complete for read in self.reads)


def new_run_id() -> str:
    """Return an id that sorts by time: 20261121T101500-3f2a9c."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
