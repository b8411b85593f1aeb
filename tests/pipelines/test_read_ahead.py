"""Reads that go on at the same time, and one consumer."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, active_count

import pyarrow as pa
import pytest

from pipelines.read_ahead import DEPTH, read_ahead


def numbers(*values: int) -> Iterator[pa.Table]:
    for value in values:
        yield pa.table({"n": [value]})


def taken(batches: Iterator[pa.Table]) -> list[int]:
    return [row["n"] for batch in batches for row in batch.to_pylist()]


def test_each_read_keeps_its_own_order_whichever_is_taken_first():
    reads = {"a": lambda: numbers(1, 2, 3), "b": lambda: numbers(4, 5)}
    with read_ahead(reads) as ahead:
        assert taken(ahead["b"]()) == [4, 5]
        assert taken(ahead["a"]()) == [1, 2, 3]


def test_reads_go_on_at_the_same_time():
    first, second = Event(), Event()

    def one() -> Iterator[pa.Table]:
        first.set()
        assert second.wait(10)
        yield from numbers(1)

    def other() -> Iterator[pa.Table]:
        assert first.wait(10)
        second.set()
        yield from numbers(2)

    with read_ahead({"one": one, "other": other}) as ahead:
        assert taken(ahead["one"]()) == [1]
        assert taken(ahead["other"]()) == [2]


def test_long_reads_that_are_taken_one_after_the_other_never_wait_for_each_other():
    many = {str(n): (lambda: numbers(*range(DEPTH * 5))) for n in range(12)}
    with read_ahead(many) as ahead:
        assert all(len(taken(batches())) == DEPTH * 5 for batches in ahead.values())


def test_an_error_is_raised_where_the_read_is_consumed():
    def breaks() -> Iterator[pa.Table]:
        yield from numbers(1)
        raise OSError("No space left on device")

    with read_ahead({"a": breaks, "b": lambda: numbers(2)}) as ahead:
        assert taken(ahead["b"]()) == [2]
        with pytest.raises(OSError, match="No space left"):
            taken(ahead["a"]())


def test_a_consumer_that_gives_up_leaves_no_thread_behind():
    before = active_count()
    with (
        pytest.raises(RuntimeError, match="given up"),
        read_ahead({"a": lambda: numbers(*range(1000))}),
    ):
        raise RuntimeError("given up")
    assert active_count() == before
