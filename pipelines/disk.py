"""Tells a full disk from other trouble, whichever library ran into it."""

from __future__ import annotations

import errno
from collections.abc import Iterator

FULL = (
    "No room is left on the disk of XERO_CRM_HOME. What had landed is kept and nothing is half "
    "written: make room, then run again."
)
SAYINGS = ("no space left on device", "disk is full", "disk full")  # the system, SQLite, DuckDB


def is_full(error: BaseException) -> bool:
    """Whether an error, or one that it came from, says that there is no room left on a disk."""
    return any(
        (isinstance(each, OSError) and each.errno in (errno.ENOSPC, errno.EDQUOT))
        or any(saying in str(each).lower() for saying in SAYINGS)
        for each in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            left += [each.__cause__, each.__context__]
