"""The budget of calls, shared by every process that uses the same home.

Per app and organisation: calls a minute, calls at once, calls a day. Per app: calls a minute.
In: each call asks before it is made, each answer's headers are shown to `learn`. Out: a wait, or
DayLimitReached. State lies in `<home>/limits/`, one SQLite file per organisation and one per app.
Limits and headers: https://developer.xero.com/documentation/guides/oauth2/limits
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from threading import Lock

from pipelines.web.shared_bucket import DAY_PROBE, TRAVEL, SharedBucket
from pipelines.web.transport import Clock, utc_now
from pipelines.xero.errors import DayLimitReached, RateLimited
from pipelines.xero.slots import CallSlots

APP_CALLS_PER_MINUTE = 10_000
# Organisations whose files stay open while nobody calls them. Each has three, and a process may
# often open no more than 1,024.
MOST_IDLE = 32

logger = logging.getLogger(__name__)


@dataclass
class _Organisation:
    bucket: SharedBucket
    slots: CallSlots
    users: int = 0


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
        self._tenants: dict[str, _Organisation] = {}  # those used last stand last
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
        with self._using(tenant_id) as tenant, tenant.slots.hold():
            self._wait_for(tenant.bucket, where)
            # After a long wait for the one, the minute in which the other counted the call is over.
            for bucket in cycle((self._app_bucket, tenant.bucket)):
                if self._wait_for(bucket, where) <= TRAVEL:
                    break
            yield

    def learn(self, tenant_id: str | None, headers: Mapping[str, str]) -> None:
        """Adjust to what an answer says is left."""
        if _number(headers, "x-appminlimit-remaining") == 0:
            self._app_bucket.exhausted_minute()
        if tenant_id is None:
            return
        with self._using(tenant_id) as tenant:
            if _number(headers, "x-minlimit-remaining") == 0:
                tenant.bucket.exhausted_minute()
            remaining = _number(headers, "x-daylimit-remaining")
            if remaining is not None:
                tenant.bucket.day_remaining(remaining)

    def refused(self, tenant_id: str | None, refusal: RateLimited | DayLimitReached) -> None:
        """Heed a 429: all processes pause, or leave the organisation alone for the day."""
        if tenant_id is None:
            if isinstance(refusal, RateLimited):  # an app has no day of its own
                self._heed(self._app_bucket, refusal)
            return
        with self._using(tenant_id) as tenant:
            self._heed(tenant.bucket, refusal)

    def close(self) -> None:
        """Close the files."""
        self._app_bucket.close()
        for tenant in self._tenants.values():
            tenant.bucket.close()

    def _heed(self, bucket: SharedBucket, refusal: RateLimited | DayLimitReached) -> None:
        if isinstance(refusal, DayLimitReached):
            bucket.close_day(refusal.retry_after or DAY_PROBE)
        elif refusal.problem == "appminute":
            self._app_bucket.pause(refusal.retry_after or 60.0)
        elif refusal.problem == "minute":
            bucket.pause(refusal.retry_after or 60.0)

    def _wait_for(self, bucket: SharedBucket, where: str) -> float:
        """Count a call as soon as there is one left, and return the seconds waited."""
        waited = 0.0
        while wait := bucket.take(where):
            if wait > 1:
                logger.info("%s: waits %.0f s, the calls of the minute are spent.", where, wait)
            self._sleep(wait)
            waited += wait
        return waited

    @contextmanager
    def _using(self, tenant_id: str) -> Iterator[_Organisation]:
        """Hold an organisation's files open for the length of the block."""
        with self._opening:
            tenant = self._tenants.pop(tenant_id, None) or self._opened(tenant_id)
            self._tenants[tenant_id] = tenant
            tenant.users += 1
        try:
            yield tenant
        finally:
            with self._opening:
                tenant.users -= 1
                idle = [name for name, each in self._tenants.items() if not each.users]
                for name in idle[: max(0, len(idle) - MOST_IDLE)]:
                    self._tenants.pop(name).bucket.close()

    def _opened(self, tenant_id: str) -> _Organisation:
        # Hashed, because an id from outside must not choose a path.
        name = f"{self._app}-{hashlib.sha256(tenant_id.encode()).hexdigest()[:12]}"
        return _Organisation(
            SharedBucket(self._folder, name, self._per_minute, self._per_day, self._clock),
            CallSlots(self._folder, name, self._concurrent, sleep=self._sleep),
        )


def _number(headers: Mapping[str, str], name: str) -> int | None:
    try:
        return int(headers[name])
    except (KeyError, ValueError):
        return None
