"""Progress of many small batches, told as often as a person can read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

Progress = Callable[[str], None]
_BATCH = re.compile(r"(\d+) of (\d+)$")


def spaced(progress: Progress, clock: Callable[[], float] = monotonic) -> Progress:
    """Return a progress function that is told of batches once a second, and of each last one."""
    told_at = float("-inf")

    def tell(line: str) -> None:
        nonlocal told_at
        batch = _BATCH.search(line)
        if not batch or batch[1] == batch[2] or clock() - told_at >= 1:
            told_at = clock()
            progress(line)

    return tell
