"""Xero's call limits: how many calls an organisation and an app may make, and what a refusal says.

Fixed windows, as developer.xero.com describes them: a minute and a day start at a different time
for each organisation, and what is left lapses when the window ends. A refused call is not counted.
Everything here runs in the server's one event loop; the clock is handed in, so that tests turn it.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

MINUTE = 60
DAY = 86_400


@dataclass(frozen=True)
class Limits:
    """Calls allowed. The defaults are Xero's; `enforced=False` counts nothing and refuses nothing.

    `documents`: a list that selects more answers 400 HighVolumeException (error 51).
    """

    per_minute: int = 60
    concurrent: int = 5
    per_day: int = 5000
    app_per_minute: int = 10_000
    documents: int = 100_000
    enforced: bool = True


XERO_LIMITS = Limits()


@dataclass(frozen=True)
class Admission:
    """Whether a call may go on. `problem` is Xero's word for the limit that refused it, or None."""

    problem: str | None
    headers: dict[str, str]


@dataclass
class _Window:
    """Calls made in the current fixed window of one budget."""

    seconds: int
    start: float
    calls: int = 0
    number: int = field(default=-1)

    def left(self, now: float, limit: int) -> int:
        number = math.floor((now - self.start) / self.seconds)
        if number != self.number:
            self.number, self.calls = number, 0
        return limit - self.calls

    def ends_in(self, now: float) -> int:
        """Whole seconds until the window ends, at least 1: what Retry-After says."""
        return max(1, math.ceil(self.start + (self.number + 1) * self.seconds - now))


class CallBudget:
    """Counts the calls of every organisation and app against the limits."""

    def __init__(self, limits: Limits, clock: Callable[[], datetime]) -> None:
        self.limits = limits
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}
        self._in_flight: dict[str, int] = {}

    def admit(self, tenant_id: str, client_id: str) -> Admission:
        """Count one call of an app to an organisation, or refuse it.

        An admitted call takes one of the organisation's places until `release`.
        """
        limits = self.limits
        if not limits.enforced:
            return Admission(
                None, _headers(limits.per_minute, limits.per_day, limits.app_per_minute)
            )
        now = self._clock().timestamp()
        minute = self._window("minute", tenant_id, MINUTE)
        day = self._window("day", tenant_id, DAY)
        app = self._window("app", client_id, MINUTE)
        left = {
            "minute": minute.left(now, limits.per_minute),
            "day": day.left(now, limits.per_day),
            "appminute": app.left(now, limits.app_per_minute),
            "concurrent": limits.concurrent - self._in_flight.get(tenant_id, 0),
        }
        problem = next((name for name in ("day", *left) if left[name] <= 0), None)
        if problem is None:
            for window in (minute, day, app):
                window.calls += 1
            self._in_flight[tenant_id] = self._in_flight.get(tenant_id, 0) + 1
        spent = problem is None
        headers = _headers(*(left[name] - spent for name in ("minute", "day", "appminute")))
        if problem is not None:
            headers["X-Rate-Limit-Problem"] = problem
        if problem in ("minute", "day"):  # the others carry no Retry-After
            headers["Retry-After"] = str((minute if problem == "minute" else day).ends_in(now))
        return Admission(problem, headers)

    def release(self, tenant_id: str) -> None:
        """Give an admitted call's place back."""
        if self.limits.enforced:
            self._in_flight[tenant_id] -= 1

    def in_flight(self, tenant_id: str) -> int:
        """Return how many calls to an organisation are being answered now."""
        return self._in_flight.get(tenant_id, 0)

    def _window(self, kind: str, key: str, seconds: int) -> _Window:
        found = self._windows.get((kind, key))
        if found is None:
            start = zlib.crc32(key.encode()) % seconds
            found = self._windows[kind, key] = _Window(seconds, start)
        return found


def _headers(minute: int, day: int, app: int) -> dict[str, str]:
    names = ("X-MinLimit-Remaining", "X-DayLimit-Remaining", "X-AppMinLimit-Remaining")
    return {name: str(max(0, left)) for name, left in zip(names, (minute, day, app), strict=True)}
