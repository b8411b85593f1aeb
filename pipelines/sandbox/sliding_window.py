"""How many calls are allowed within a window of time that moves along: the systems beside Xero."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta


class SlidingWindow:
    """Admits `calls` within any `span`; a refused call does not count."""

    def __init__(self, calls: int, span: timedelta, now: Callable[[], datetime]) -> None:
        self.calls, self.span = calls, span
        self._now = now
        self._times: deque[datetime] = deque()
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Count a call, and tell whether it is allowed."""
        with self._lock:
            now = self._now()
            while self._times and self._times[0] <= now - self.span:
                self._times.popleft()
            if len(self._times) >= self.calls:
                return False
            self._times.append(now)
            return True
