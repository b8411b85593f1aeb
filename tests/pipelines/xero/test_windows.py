"""Windows of dates: together they hold every date once, however often they are halved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.xero.errors import HighVolume
from pipelines.xero.windows import Narrowing, Window, first_windows, undated_params

NOW = datetime(2026, 11, 2, 12)


def holds(window: Window, day: date) -> bool:
    return (window.start is None or window.start <= day) and (
        window.end is None or day < window.end
    )


def read(documents: list[date], most: int, start: date | None = None) -> list[Window]:
    """Read windows as Xero would let us: one with more than `most` documents is refused."""
    windows, read = Narrowing(first_windows(NOW, start)), []
    for window in windows:
        if sum(holds(window, day) for day in documents) > most:
            windows.refused(window, HighVolume("too many"))
        else:
            read.append(window)
    return read


@given(st.lists(st.dates(date(1990, 1, 1), date(2040, 1, 1)), max_size=40), st.integers(1, 5))
def test_every_document_is_in_exactly_one_window(documents, most):
    within = [day for day in documents if date(2000, 1, 1) <= day < date(2028, 1, 1)]
    days = list(dict.fromkeys(within))  # not more on a day than may be read
    for window_count in [[sum(holds(w, day) for w in read(days, most)) for day in days]]:
        assert window_count == [1] * len(days)


def test_a_window_of_a_day_that_is_refused_ends_it():
    with pytest.raises(HighVolume):
        read([date(2026, 3, 3)] * 3, 2)


def test_windows_go_on_from_a_date_in_order():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(30)]
    found = read(days, 4, start=date(2026, 1, 11))
    starts = [window.start for window in found if window.start]
    assert starts == sorted(starts)
    assert not any(holds(window, date(2026, 1, 10)) for window in found)


def test_how_each_list_is_told_its_window():
    march = Window(date(2026, 3, 1), date(2026, 4, 1))
    where = "Date >= DateTime(2026, 03, 01) && Date < DateTime(2026, 04, 01)"
    assert march.params("Invoices") == {"where": where}
    assert march.params("Contacts")["where"].startswith("UpdatedDateUTC >= ")
    inclusive = {"DateFrom": "2026-03-01", "DateTo": "2026-03-31"}
    assert march.params("PurchaseOrders") == inclusive
    assert undated_params("Invoices") == {"where": "Date == null"}
    assert undated_params("Contacts") is None
