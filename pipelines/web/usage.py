"""What was spent on a system: calls and bytes, counted by a key of the caller's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True)
class Usage:
    """Calls made (every try) and bytes received. Subtract an earlier one to get the part since."""

    calls: int = 0
    bytes: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.calls + other.calls, self.bytes + other.bytes)

    def __sub__(self, other: Usage) -> Usage:
        return Usage(self.calls - other.calls, self.bytes - other.bytes)


class UsageCounter:
    """Counts by key; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._usage: defaultdict[Hashable, Usage] = defaultdict(Usage)

    def add(self, key: Hashable, *, byte_count: int) -> None:
        """Count one call and the bytes it brought."""
        with self._lock:
            self._usage[key] += Usage(1, byte_count)

    def of(self, key: Hashable) -> Usage:
        """Return what was spent on a key so far."""
        with self._lock:
            return self._usage.get(key, Usage())
