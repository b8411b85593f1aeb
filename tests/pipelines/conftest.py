"""A clock that a sleep moves, and a home of the test's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest


@dataclass
class SteppingClock:
    """Stands still until something sleeps."""

    now: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
