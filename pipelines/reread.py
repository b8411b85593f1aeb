"""What becomes of a whole re-read that is spread over several runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Reread:
    """A part of a whole re-read that goes on over several runs.

    Attributes:
        begun_at: When its first part began, naive UTC.
        reached: Up to which change stamp, or date, it has come; None before its first record.
        by_date: Whether `reached` is a date of documents, not a change stamp.
        is_over: Whether this part was the last.
        trouble: What ended the part early, if anything did.
    """

    begun_at: datetime
    reached: datetime | None
    by_date: bool = False
    is_over: bool = False
    calls: int = 0
    records: int = 0
    trouble: str | None = None
