"""What a sync is asked for and what came of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

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

    @property
    def is_complete(self) -> bool:
        """Whether everything asked for was read."""
        return not self.failures and all(read.is_complete for read in self.reads)


def new_run_id() -> str:
    """Return an id that sorts by time: 20261121T101500-3f2a9c."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
