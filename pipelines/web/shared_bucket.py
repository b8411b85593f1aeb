"""The calls of one organisation, app or token: counted in a file that all processes share.

In: each call asks before it is made; what the system says is left. Out: a wait, or DayLimitReached.
Every change happens under one file lock; the limit of a sliding window (a minute, unless told) is
pyrate-limiter's, the pause and the day are ours, in a table beside its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock

from pyrate_limiter import Rate, RateItem, SQLiteBucket

from pipelines.failures import DayLimitReached
from pipelines.web.transport import Clock

DAY = 86_400.0
MINUTE = 60.0
# Added to the system's window, which starts when our call arrives there, not when we send it: the
# first call of a window may travel slower than the first of the next.
TRAVEL = 1.0
LONGEST_PACED_WAIT = 300.0  # seconds; of a window of a minute, a longer wait is the day's
# X-DayLimit-Remaining said 0 but not until when: after an hour one call finds out.
DAY_PROBE = 3600.0
# The count that answers in flight may arrive out of order by; more is Xero's day starting anew.
IN_FLIGHT = 20


class SharedBucket:
    """One SQLite file: the calls of the last window, a pause, and the day's count."""

    def __init__(
        self,
        folder: Path,
        name: str,
        per_window: int,
        per_day: int | None,
        clock: Clock,
        *,
        window: float = MINUTE,
    ) -> None:
        """Open the file. `window` is the length of the sliding window in seconds."""
        self._window_ms = int((window + TRAVEL) * 1000)
        self._longest_pause = max(LONGEST_PACED_WAIT, window + TRAVEL)
        self._clock = clock
        self._per_day = per_day
        self._calls_until_leak = 0
        self._day_stored: int | None = None
        self._leak_every = max(50, per_window // 10)
        self._thread = Lock()
        self._bucket = SQLiteBucket.init_from_file(
            [Rate(per_window, self._window_ms)],
            table="calls",
            db_path=str(folder / f"{name}.sqlite"),
            use_file_lock=True,
        )
        with self._locked() as connection:
            connection.execute(
                "create table if not exists state (paused_until real, closed_until real, "
                "day_started real, day_calls integer, day_remaining integer)"
            )
            connection.execute(
                "insert into state select 0, 0, 0, 0, null where not exists (select 1 from state)"
            )
            connection.commit()

    @contextmanager
    def _locked(self) -> Iterator[sqlite3.Connection]:
        # The file lock polls, so threads of this process queue up before it.
        with self._thread, self._bucket.limiter_lock() or nullcontext():
            yield self._bucket.conn

    def take(self, where: str) -> float:
        """Count one call and return 0, or return the seconds after which to ask again.

        Raises:
            DayLimitReached: No call is left for the day.
        """
        with self._locked() as connection:
            now = self._clock().timestamp()
            paused_until, closed_until, day_started, day_calls = connection.execute(
                "select paused_until, closed_until, day_started, day_calls from state"
            ).fetchone()
            if now < closed_until <= now + DAY:
                raise _day_closed(where, closed_until - now)
            if not day_started <= now < day_started + DAY:
                day_started, day_calls = now, 0
            if self._per_day is not None and day_calls >= self._per_day:
                raise _day_closed(where, day_started + DAY - now)
            if now < paused_until <= now + self._longest_pause:
                return paused_until - now
            return self._count(connection, now, day_started, day_calls)

    def _count(
        self, connection: sqlite3.Connection, now: float, day_started: float, day_calls: int
    ) -> float:
        self._calls_until_leak -= 1
        if self._calls_until_leak < 0:
            self._bucket.leak(int(now * 1000))
            self._calls_until_leak = self._leak_every
        item = RateItem("call", int(now * 1000))
        # Uncommitted until the bucket commits its own row, or rolled back with its refusal.
        connection.execute(
            "update state set day_started = ?, day_calls = ?", (day_started, day_calls + 1)
        )
        if self._bucket.put(item):
            return 0.0
        connection.rollback()
        wait = self._bucket.waiting(item)
        assert isinstance(wait, int)
        if wait > self._window_ms + 1:  # calls in the future: the clock was set back
            self._bucket.flush()
        return max(wait, 1) / 1000 if wait <= self._window_ms + 1 else 0.001

    def pause(self, seconds: float) -> None:
        """Let no call start for so long; a longer pause that is set already stays."""
        with self._locked() as connection:
            now = self._clock().timestamp()
            self._pause(connection, now + min(seconds, self._longest_pause))

    def close_day(self, seconds: float) -> None:
        """Let no call start until Xero's day is over."""
        with self._locked() as connection:
            until = self._clock().timestamp() + min(seconds, DAY)
            connection.execute("update state set closed_until = ?", (until,))
            connection.commit()

    def exhausted_minute(self) -> None:
        """Xero says that no call is left this minute: pause until our oldest one is a window old.

        Xero does not say when its window ends. It began with a call of ours, or of another home's.
        """
        with self._locked() as connection:
            now_ms = int(self._clock().timestamp() * 1000)
            self._bucket.leak(now_ms)
            oldest = self._bucket.peek(self._bucket.count() - 1)
            begun = oldest.timestamp if isinstance(oldest, RateItem) else now_ms
            self._pause(connection, (begun + self._window_ms) / 1000)

    def day_remaining(self, remaining: int) -> None:
        """Take X-DayLimit-Remaining into account: 0 closes the day, a rise begins a new one."""
        stored = self._day_stored
        if remaining and stored is not None and 0 <= stored - remaining < IN_FLIGHT:
            return  # nothing that another process must know yet; saves a write on most calls
        self._day_stored = remaining
        with self._locked() as connection:
            now = self._clock().timestamp()
            last = connection.execute("select day_remaining from state").fetchone()[0]
            connection.execute("update state set day_remaining = ?", (remaining,))
            if last is not None and remaining > last + IN_FLIGHT:
                connection.execute("update state set day_started = ?, day_calls = 1", (now,))
            if remaining == 0:
                connection.execute("update state set closed_until = ?", (now + DAY_PROBE,))
            connection.commit()

    @staticmethod
    def _pause(connection: sqlite3.Connection, until: float) -> None:
        connection.execute("update state set paused_until = max(paused_until, ?)", (until,))
        connection.commit()

    def close(self) -> None:
        """Close the file."""
        self._bucket.close()


def _day_closed(where: str, seconds: float) -> DayLimitReached:
    return DayLimitReached(
        f"{where}: the day's calls are spent, free again in {seconds / 3600:.1f} hours.",
        retry_after=seconds,
    )
