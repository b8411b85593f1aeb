"""The budget of calls, shared by every process that uses the same home.

Per app and organisation: calls a minute, calls at once, calls a day. Per app: calls a minute.
In: each call asks before it is made, each answer's headers are shown to `learn`. Out: a wait, or
DayLimitReached. State lies in `<home>/limits/`, one SQLite file per organisation and one per app.
Limits and headers: https://developer.xero.com/documentation/guides/oauth2/limits
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from pyrate_limiter import Rate, RateItem, SQLiteBucket

from pipelines.xero.errors import LONGEST_PACED_WAIT, DayLimitReached, RateLimited
from pipelines.xero.slots import CallSlots
from pipelines.xero.transport import Clock, utc_now

APP_CALLS_PER_MINUTE = 10_000
DAY = 86_400.0
# A second more than Xero's window, which starts when our call arrives there, not when we send it:
# the first call of a window may travel slower than the first of the next.
WINDOW_MS = 61_000
# X-DayLimit-Remaining said 0 but not until when: after an hour one call finds out.
DAY_PROBE = 3600.0
# The count that answers in flight may arrive out of order by; more is Xero's day starting anew.
IN_FLIGHT = 20


@dataclass(frozen=True)
class Usage:
    """Calls made (every try) and bytes received. Subtract an earlier one to get the part since."""

    calls: int = 0
    bytes: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.calls + other.calls, self.bytes + other.bytes)

    def __sub__(self, other: Usage) -> Usage:
        return Usage(self.calls - other.calls, self.bytes - other.bytes)


class SharedBucket:
    """One SQLite file: the last minute's calls, a pause, and the day's count."""

    def __init__(
        self, folder: Path, name: str, per_minute: int, per_day: int | None, clock: Clock
    ) -> None:
        self._clock = clock
        self._per_day = per_day
        self._calls_until_leak = 0
        self._day_stored: int | None = None
        self._leak_every = max(50, per_minute // 10)
        self._thread = Lock()
        self._bucket = SQLiteBucket.init_from_file(
            [Rate(per_minute, WINDOW_MS)],
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
            if now < paused_until <= now + LONGEST_PACED_WAIT:
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
        if wait > WINDOW_MS + 1:  # calls in the future: the clock was set back
            self._bucket.flush()
        return max(wait, 1) / 1000 if wait <= WINDOW_MS + 1 else 0.001

    def pause(self, seconds: float) -> None:
        """Let no call start for so long; a longer pause that is set already stays."""
        with self._locked() as connection:
            self._pause(connection, self._clock().timestamp() + min(seconds, LONGEST_PACED_WAIT))

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
            self._pause(connection, (begun + WINDOW_MS) / 1000)

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


class CallBudget:
    """What one app may still call, of each organisation. Safe for threads and processes."""

    def __init__(
        self,
        home: Path,
        app: str,
        *,
        calls_per_minute: int = 60,
        calls_per_day: int = 5000,
        concurrent_calls: int = 5,
        clock: Clock = utc_now,
        sleep: Callable[[float], None],
    ) -> None:
        """Open the budget. `app` is what Xero counts by: the client id, with the address."""
        self._folder = home / "limits"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._app = hashlib.sha256(app.encode()).hexdigest()[:12]
        self._per_minute, self._per_day = calls_per_minute, calls_per_day
        self._concurrent = concurrent_calls
        self._clock, self._sleep = clock, sleep
        self._opening = Lock()
        self._tenants: dict[str, tuple[SharedBucket, CallSlots]] = {}
        per_minute = max(APP_CALLS_PER_MINUTE, calls_per_minute)
        self._app_bucket = SharedBucket(self._folder, self._app, per_minute, None, clock)

    @contextmanager
    def call(self, tenant_id: str | None, where: str) -> Iterator[None]:
        """Wait until a call may start, and count it. The call is made inside the block.

        `tenant_id` None is a call that belongs to no organisation, such as /connections.

        Raises:
            DayLimitReached: The organisation has no call left today; `where` names it.
        """
        if tenant_id is None:
            self._wait_for(self._app_bucket, where)
            yield
            return
        bucket, slots = self._tenant(tenant_id)
        with slots.hold():
            self._wait_for(bucket, where)
            self._wait_for(self._app_bucket, where)
            yield

    def learn(self, tenant_id: str | None, headers: Mapping[str, str]) -> None:
        """Adjust to what an answer says is left."""
        if _number(headers, "x-appminlimit-remaining") == 0:
            self._app_bucket.exhausted_minute()
        if tenant_id is None:
            return
        bucket, _ = self._tenant(tenant_id)
        if _number(headers, "x-minlimit-remaining") == 0:
            bucket.exhausted_minute()
        remaining = _number(headers, "x-daylimit-remaining")
        if remaining is not None:
            bucket.day_remaining(remaining)

    def refused(self, tenant_id: str | None, refusal: RateLimited | DayLimitReached) -> None:
        """Heed a 429: all processes pause, or leave the organisation alone for the day."""
        bucket = self._app_bucket if tenant_id is None else self._tenant(tenant_id)[0]
        if isinstance(refusal, DayLimitReached):
            bucket.close_day(refusal.retry_after or DAY_PROBE)
        elif refusal.problem == "appminute":
            self._app_bucket.pause(refusal.retry_after or 60.0)
        elif refusal.problem == "minute":
            bucket.pause(refusal.retry_after or 60.0)

    def close(self) -> None:
        """Close the files."""
        self._app_bucket.close()
        for bucket, _ in self._tenants.values():
            bucket.close()

    def _wait_for(self, bucket: SharedBucket, where: str) -> None:
        while wait := bucket.take(where):
            self._sleep(wait)

    def _tenant(self, tenant_id: str) -> tuple[SharedBucket, CallSlots]:
        with self._opening:
            if tenant_id not in self._tenants:
                # Hashed, because an id from outside must not choose a path.
                name = f"{self._app}-{hashlib.sha256(tenant_id.encode()).hexdigest()[:12]}"
                self._tenants[tenant_id] = (
                    SharedBucket(self._folder, name, self._per_minute, self._per_day, self._clock),
                    CallSlots(self._folder, name, self._concurrent, sleep=self._sleep),
                )
            return self._tenants[tenant_id]


def _number(headers: Mapping[str, str], name: str) -> int | None:
    try:
        return int(headers[name])
    except (KeyError, ValueError):
        return None


def _day_closed(where: str, seconds: float) -> DayLimitReached:
    return DayLimitReached(
        f"{where}: the day's calls are spent, free again in {seconds / 3600:.1f} hours.",
        retry_after=seconds,
    )
