"""What `doctor` found, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from orchestration.summaries import plain

Severity = Literal["block", "warn", "ok", "unchecked"]
Topic = Literal["settings", "connections", "reads"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        topic: What it is about.
        severity: `block`: something cannot be done until it is mended; `warn`: mend it, or know of
            it; `ok`; `unchecked`: it could not be looked at.
        where: The organisation, connection or settings row.
        message: What was found.
        remedy: What to do; None if nothing.
        rule: The rule that it breaks, where it has a name.
    """

    topic: Topic
    severity: Severity
    where: str
    message: str
    remedy: str | None = None
    rule: str | None = None


@dataclass(frozen=True)
class Diagnosis:
    """All that was looked at, worst first within a topic."""

    checks: tuple[Check, ...]

    @property
    def is_complete(self) -> bool:
        """Whether everything could be checked."""
        return not any(check.severity == "unchecked" for check in self.checks)

    @property
    def counts(self) -> dict[str, int]:
        """How many checks ended how."""
        found = Counter(check.severity for check in self.checks)
        return {severity: found[severity] for severity in ("block", "warn", "unchecked", "ok")}

    def figures(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "is_complete": self.is_complete,
            "counts": self.counts,
            "checks": plain(self.checks),
        }


def age_words(age: timedelta) -> str:
    """Return an age as people say it: "3 hours"."""
    seconds = max(age.total_seconds(), 0.0)
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}" + ("s" if number > 1 else "")
    return "less than a minute"
