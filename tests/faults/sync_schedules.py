"""Seeded schedules: syncs of a small organisation that go wrong, then one that does not.

What the raw log holds in the end is compared with what it holds where nothing went wrong. A
schedule begins with an empty home or one that was synced before; changes are made in Xero before
the first sync, or in the middle of those that go wrong, and the last may be the one that reads
everything again.
"""

from __future__ import annotations

import base64
import hashlib
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from forked_sync import CREDENTIALS, ForkedSync, Told
from local_xero import START, Clock, LocalXero, as_it_was
from raw_rows import Rows, raw_log
from small_business import Change, a_small_business, changes
from sync_mishaps import CALLS

from pipelines.landing import Landing
from pipelines.sandbox.limits import CallBudget, Limits
from pipelines.sandbox.server import PUBLIC_CLIENT_ID
from pipelines.sandbox.tokens import DEFAULT_SCOPES
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import ENDPOINTS

PLANS = 3
VERIFIER = "a-verifier-that-nobody-may-find-again-4711"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:-1]
REPORTS = [each.name for each in ENDPOINTS.values() if each.month_ends]
NEXT_DAY = timedelta(hours=25)
SOON = timedelta(minutes=5)  # within the half hour for which a spent refresh token still works


@dataclass(frozen=True)
class Schedule:
    """What a seed makes happen."""

    seed: int
    is_synced: bool
    is_during: bool
    plan: int
    hidden: bool
    signs_in: bool
    limits: Limits
    shares: tuple[float, ...]
    gaps: tuple[timedelta, ...]
    by_dlt: bool
    reports: bool  # they take the sandbox as long as all else
    drifts: bool  # nothing happens but that records change while they are read

    @classmethod
    def of(cls, seed: int) -> Schedule:
        """Return the schedule of a seed."""
        chance = random.Random(f"schedule/{seed}")
        rounds = chance.choice([1, 1, 1, 2, 3])
        return cls(
            seed,
            is_synced=chance.random() < 0.5,
            is_during=chance.random() < 0.7,
            plan=chance.randrange(PLANS),
            hidden=chance.random() < 0.4,
            signs_in=chance.random() < 0.5,
            limits=chance.choice(
                [Limits(enforced=False)] * 4 + [Limits(), Limits(per_day=60), Limits(per_minute=20)]
            ),
            shares=tuple(chance.choice([0.03, 0.06, 0.1]) for _ in range(rounds)),
            gaps=tuple(timedelta(minutes=chance.choice([1, 10, 300, 1500])) for _ in range(rounds)),
            by_dlt=seed % 20 == 0,
            reports=seed % 4 == 0,
            drifts=seed % 5 == 2,
        )


@dataclass
class Ended:
    """How a schedule ended."""

    schedule: Schedule
    rows: Rows
    last: Told
    happened: Counter[str] = field(default_factory=Counter)


class SyncBench:
    """An organisation and homes to begin with, used for one schedule after another."""

    def __init__(self, folder: Path, *, log: Path | None = None) -> None:
        self.folder, self._log = folder, log
        self.clock = Clock()
        self.world = a_small_business(self.clock)
        (self.organisation,) = self.world.organisations.values()
        self.secrets: set[str] = set()
        self._undisturbed: dict[tuple, Rows] = {}

    def run(self, seed: int) -> Ended:
        """Run the schedule of a seed."""
        schedule = Schedule.of(seed)
        happened: Counter[str] = Counter()
        xero = self._xero(schedule)
        with as_it_was(self.organisation):
            left = self._changes(schedule)
            sync = ForkedSync(xero, self.clock, self._home(schedule, xero), self._log)
            if not schedule.is_during:
                left = self._make(left)
            for number, share in enumerate(schedule.shares, start=1):
                budget = xero.app.budget
                budget.limits = schedule.limits
                told = sync.run(
                    left,
                    seed=seed,
                    number=number,
                    share=0.3 if schedule.drifts else share,
                    kinds=("change",) if schedule.drifts else CALLS,
                    by_dlt=schedule.by_dlt,
                )
                left = told.left
                happened.update(told.happened)
                gap = schedule.gaps[number - 1]
                self.clock.sleep(min(gap, SOON if schedule.signs_in else gap).total_seconds())
            xero.app.budget.limits = Limits(enforced=False)
            last = self._end(schedule, sync, left)
            self.secrets.update(xero.tokens._access, xero.tokens._refresh)
        return Ended(schedule, raw_log(self.home), last, happened)

    def undisturbed(self, schedule: Schedule, *, afresh: bool = False) -> Rows:
        """Return what is held where nothing goes wrong; `afresh` leaves it in the home, too."""
        key = (
            *(schedule.is_synced, schedule.is_during, schedule.plan),
            *(schedule.hidden, schedule.reports),
        )
        if afresh or key not in self._undisturbed:
            xero = self._xero(schedule)
            with as_it_was(self.organisation):
                left = self._changes(schedule)
                sync = ForkedSync(xero, self.clock, self._home(schedule, xero), None)
                if not schedule.is_during:
                    left = self._make(left)
                elif not schedule.is_synced:
                    assert sync.run(by_dlt=False).is_complete
                last = self._end(schedule, sync, left)
            assert last.is_complete, last.errors
            self._undisturbed[key] = raw_log(self.home)
        return self._undisturbed[key]

    @property
    def home(self) -> Path:
        """The home of the schedule that ran last."""
        return self.folder / "home"

    def _end(self, schedule: Schedule, sync: ForkedSync, left: Sequence[Change]) -> Told:
        """Make what changes are left, and let a day pass for the limits of the one before."""
        self._make(left)
        if schedule.signs_in:  # the answer that brought the next refresh token may be lost
            sync.run(by_dlt=schedule.by_dlt)
        self.clock.sleep(NEXT_DAY.total_seconds())
        return sync.run(by_dlt=schedule.by_dlt)

    def _xero(self, schedule: Schedule) -> LocalXero:
        self.clock.now = START
        xero = LocalXero(self.world, self.clock)
        xero.app.budget = CallBudget(Limits(enforced=False), self.clock)
        return xero

    def _changes(self, schedule: Schedule) -> list[Change]:
        return changes(self.organisation, schedule.plan, hidden=schedule.hidden)

    def _make(self, left: Sequence[Change]) -> list[Change]:
        for change in left:
            change.make(self.organisation)
        return []

    def _home(self, schedule: Schedule, xero: LocalXero) -> Settings:
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self._synced if schedule.is_synced else self._empty, self.home)
        settings = self._settings(self.home, schedule)
        if schedule.signs_in:
            self._sign_in(settings, xero)
        return settings

    def _settings(self, home: Path, schedule: Schedule | None = None) -> Settings:
        signs_in = schedule is not None and schedule.signs_in
        off = [] if schedule is None or schedule.reports else REPORTS
        # Where nothing is hidden, nothing is read again: what is missed then stays missed.
        hours = 24 if schedule is not None and schedule.hidden else 10_000
        home.mkdir(parents=True, exist_ok=True)
        file = home / "connections.toml"
        file.write_text(
            f"""
            [[xero]]
            name = "{"people" if signs_in else "thistle"}"
            grant = "{"authorization_code" if signs_in else "client_credentials"}"
            api_url = "http://127.0.0.1"
            identity_url = "http://127.0.0.1"
            whole_reread_hours = {hours}
            endpoints_off = {off!r}
            calls_per_minute = 100_000
            calls_per_day = 1_000_000
            """,
            "utf-8",
        )
        return Settings(home=home, connections=file)

    def _sign_in(self, settings: Settings, xero: LocalXero) -> None:
        (connection,) = settings.xero_connections()
        redirect = "http://localhost:8974/callback"
        asked = {"redirect_uri": redirect, "scope": " ".join([*DEFAULT_SCOPES, "offline_access"])}
        app = CREDENTIALS[connection.name]
        with XeroClient(connection, app, settings.home, clock=self.clock, transport=xero) as client:
            asked["code_challenge"] = CHALLENGE
            client.redeem(xero.tokens.codes.give(PUBLIC_CLIENT_ID, asked), VERIFIER, redirect)

    @cached_property
    def _empty(self) -> Path:
        """A home whose raw tables exist, as after the first sync of settings."""
        home = self.folder / "empty"
        landing = Landing(Warehouse(home), pipeline_name="tables", dataset="raw_xero")
        landing.land({each.table: lambda: iter(()) for each in ENDPOINTS.values()})
        return home

    @cached_property
    def _synced(self) -> Path:
        home = self.folder / "synced"
        shutil.copytree(self._empty, home)
        self.clock.now = START
        sync = ForkedSync(LocalXero(self.world, self.clock), self.clock, self._settings(home), None)
        told = sync.run(by_dlt=True)
        assert told.is_complete, told.errors
        return home
