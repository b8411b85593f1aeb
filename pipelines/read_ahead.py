"""Lets several reads go on at the same time, while one consumer takes what each of them yields.

Each read runs in a thread of its own, a few batches ahead of the consumer; how many calls are under
way at once is decided by the client's budget, not here. Loading stays with the consumer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from queue import Empty, Full, Queue
from threading import Event, Thread

import pyarrow as pa

Batches = Callable[[], Iterator[pa.Table]]

DEPTH = 4  # batches that a read may be ahead; bounds memory
_LOOK = 0.1  # seconds between two looks whether the consumer is gone


@contextmanager
def read_ahead(reads: Mapping[str, Batches]) -> Iterator[dict[str, Batches]]:
    """Start every read, and give the same mapping with what they yield, in each one's own order.

    An error of a read is raised where its batches are consumed. At the end of the block, reads
    that were not consumed are stopped at their next batch and waited for.
    """
    stop = Event()
    ahead = {name: _Ahead(name, batches, stop) for name, batches in reads.items()}
    for each in ahead.values():
        each.thread.start()
    try:
        yield {name: each.batches for name, each in ahead.items()}
    finally:
        stop.set()
        for each in ahead.values():
            each.thread.join()


class _Ahead:
    def __init__(self, name: str, batches: Batches, stop: Event) -> None:
        self._read, self._stop = batches, stop
        self._queue: Queue[pa.Table | BaseException | None] = Queue(DEPTH)
        self.thread = Thread(target=self._run, name=f"read-{name}", daemon=True)

    def batches(self) -> Iterator[pa.Table]:
        while (found := self._take()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found

    def _run(self) -> None:
        try:
            for batch in self._read():
                if not self._put(batch):
                    return
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, found: pa.Table | BaseException | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(found, timeout=_LOOK)
            except Full:
                continue
            return True
        return False

    def _take(self) -> pa.Table | BaseException | None:
        while True:
            try:
                return self._queue.get(timeout=_LOOK)
            except Empty:
                if self._stop.is_set():
                    raise RuntimeError("batches were asked for after the reads had ended") from None
