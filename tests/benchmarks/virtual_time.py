"""Time that costs nothing: it stands still while a thread works, and jumps when all of them wait.

Exactly one of the threads runs at any moment: the one whose moment comes first, and of those the
one that asked first. So a simulation comes out the same however busy the machine is. It holds for
threads that wait here alone: one that waits for something else while it is its turn stops all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from threading import Lock, Thread

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class VirtualTime:
    """A clock (call it) whose `sleep` and whose threads are simulated."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._changing = Lock()
        self._order = count()
        self._asleep: list[tuple[float, int, int, Lock]] = []
        self._at_work = 0
        self._to_come = 0

    def __call__(self) -> datetime:
        """Return the simulated time."""
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """Let others run until so much time has passed."""
        self._wait(lambda gate: self._push(self.seconds + seconds, gate))

    def expect(self, tasks: int, at_once: int) -> None:
        """Announce tasks of a pool of so many threads: each calls `begin` first and `end` last."""
        self._at_work, self._to_come = min(tasks, at_once), tasks - min(tasks, at_once)

    def begin(self, number: int) -> None:
        """Wait until all threads of the pool have come; they start in the tasks' order."""
        self._wait(lambda gate: self._push(self.seconds, gate, number))

    def end(self) -> None:
        """Go on with the next task, or let others run."""
        with self._changing:
            if self._to_come:
                self._to_come -= 1  # the pool's thread keeps its turn until the next `begin`
            else:
                self._at_work -= 1
                self._next()

    def start(self, work: Callable[[], None]) -> None:
        """Run `work` in a thread of its own, from now on."""
        gate = Lock()
        gate.acquire()

        def run() -> None:
            gate.acquire()
            work()
            with self._changing:
                self._at_work -= 1
                self._next()

        Thread(target=run, daemon=True).start()
        with self._changing:
            self._push(self.seconds, gate)

    def park(self, parked: list[Lock]) -> None:
        """Wait until somebody wakes those who are parked there."""
        self._wait(parked.append)

    def wake(self, parked: list[Lock]) -> None:
        """Let those who are parked there go on, in their order."""
        with self._changing:
            for gate in parked:
                self._push(self.seconds, gate)
            parked.clear()

    def _wait(self, enter: Callable[[Lock], None]) -> None:
        gate = Lock()
        gate.acquire()
        with self._changing:
            enter(gate)
            self._at_work -= 1
            self._next()
        gate.acquire()

    def _push(self, moment: float, gate: Lock, rank: int = 0) -> None:
        heappush(self._asleep, (moment, rank, next(self._order), gate))

    def _next(self) -> None:
        if self._at_work == 0 and self._asleep:
            moment, _, _, gate = heappop(self._asleep)
            self.seconds = max(self.seconds, moment)
            self._at_work = 1
            gate.release()
