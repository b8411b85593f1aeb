"""Progress is told as often as a person can read it."""

from __future__ import annotations

from orchestration.progress import spaced


def test_progress_is_told_once_a_second_and_each_end_is():
    told, times = [], iter([0.0, 0.0, 0.2, 0.4, 1.1, 1.1])
    tell = spaced(told.append, lambda: next(times))
    for line in ("a: 1 of 9", "a: 2 of 9", "a: 3 of 9", "a: 4 of 9"):
        tell(line)
    assert told == ["a: 1 of 9", "a: 4 of 9"]
    tell = spaced(told.append, lambda: 0.0)
    for line in ("b: 1 of 2", "b: 2 of 2", "b: stopped."):
        tell(line)
    assert told[2:] == ["b: 1 of 2", "b: 2 of 2", "b: stopped."]
