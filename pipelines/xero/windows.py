"""Reads a list that Xero will not scan whole (over 100,000 documents) in windows of dates.

Xero answers 400 HighVolumeException (51) whatever page is asked for; repeating it cannot help. A
window that is refused is halved, down to a day. Between two windows a document may move from one
that is still to come to one that is over, so the changes since the beginning are read at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.xero.errors import HighVolume

_FIRST = date(2000, 1, 1)
_DAY = timedelta(days=1)
# Ranges of Date are optimised (developer.xero.com, Invoices); contacts have no date, and nothing
# else to narrow them by.
_STAMPED = frozenset({"Contacts"})
_DATE_PARAMETERS = frozenset({"PurchaseOrders", "Quotes"})  # DateFrom and DateTo, no `where`


@dataclass(frozen=True)
class Window:
    """Dates from `start` up to, not including, `end`; None is open on that side."""

    start: date | None
    end: date | None

    def params(self, endpoint: str) -> dict[str, str]:
        """Return the list parameters that select the window."""
        if endpoint in _DATE_PARAMETERS:
            bounds = {
                "DateFrom": self.start and self.start.isoformat(),
                "DateTo": self.end and (self.end - _DAY).isoformat(),  # inclusive
            }
            return {name: text for name, text in bounds.items() if text}
        name = "UpdatedDateUTC" if endpoint in _STAMPED else "Date"
        tests = []
        if self.start:
            tests.append(f"{name} >= {_literal(self.start)}")
        if self.end:
            tests.append(f"{name} < {_literal(self.end)}")
        return {"where": " && ".join(tests)}

    def halves(self) -> tuple[Window, Window] | None:
        """Return the window's halves; None where it is a day or open."""
        if self.start is None or self.end is None or self.end - self.start <= _DAY:
            return None
        middle = self.start + (self.end - self.start) // 2
        return Window(self.start, middle), Window(middle, self.end)


def first_windows(now: datetime, start: date | None = None) -> list[Window]:
    """Return windows that hold every date from `start` on: a long past, the present, the rest."""
    rest = date(now.year + 2, 1, 1)
    if start is not None:
        return [Window(start, rest), Window(rest, None)] if start < rest else [Window(start, None)]
    return [Window(None, _FIRST), Window(_FIRST, rest), Window(rest, None)]


class Narrowing:
    """Windows still to be read, in order; one that Xero refuses is replaced by its halves."""

    def __init__(self, windows: list[Window]) -> None:
        self._left = list(reversed(windows))

    def __iter__(self) -> Iterator[Window]:
        """Give the windows, those that a refusal has made included."""
        while self._left:
            yield self._left.pop()

    def refused(self, window: Window, error: HighVolume) -> None:
        """Put a window's halves in its place.

        Raises:
            HighVolume: It cannot be halved.
        """
        halves = window.halves()
        if halves is None:
            raise error
        self._left += reversed(halves)

    @property
    def is_over(self) -> bool:
        """Whether every window has been given."""
        return not self._left


def undated_params(endpoint: str) -> Mapping[str, str] | None:
    """Return what selects documents without a date; None where there can be none."""
    if endpoint in _DATE_PARAMETERS or endpoint in _STAMPED:
        return None
    return {"where": "Date == null"}


def _literal(day: date) -> str:
    return f"DateTime({day.year}, {day.month:02}, {day.day:02})"
