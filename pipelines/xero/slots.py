"""How many calls may be under way at once, over all processes that share a home.

N files stand for N calls. Who holds the lock on one may call; the operating system frees it when
the holder dies.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock

from filelock import FileLock, Timeout

POLL = 0.02  # seconds between two looks for a slot, when other processes hold them all


class CallSlots:
    """The slots of one organisation and app. Threads of one process wait without polling."""

    def __init__(
        self, folder: Path, name: str, count: int, *, sleep: Callable[[float], None]
    ) -> None:
        self._sleep = sleep
        self._threads = BoundedSemaphore(count)
        self._choosing = Lock()
        # A slot is released by the thread that took it, but found by any: not thread-local.
        self._free = [
            FileLock(folder / f"{name}.slot{number}.lock", thread_local=False)
            for number in range(count)
        ]
        random.shuffle(self._free)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for a slot and hold it for the length of the block."""
        with self._threads:
            slot = self._take()
            try:
                yield
            finally:
                slot.release()
                with self._choosing:
                    self._free.append(slot)

    def _take(self) -> FileLock:
        while True:
            with self._choosing:
                for position in reversed(range(len(self._free))):
                    try:
                        self._free[position].acquire(blocking=False)
                    except Timeout:
                        continue
                    return self._free.pop(position)
            self._sleep(POLL)
