"""What may befall a call to Xero, or a step of landing, while a sync runs; chosen by a seed.

What befalls a call follows from the seed, the round and the call itself, not from the order of the
calls: they are made at the same time, and that order is never twice the same.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
from local_xero import Answer, Clock, LocalXero

Tell = Callable[..., None]
LIMITS = ("minute", "day", "concurrent", "appminute")
CALLS = (
    *(f"429 {problem}" for problem in LIMITS * 2),
    *("500", "503", "timeout before", "timeout after", "reset before", "reset after"),
    *("broken off", "garbled", "expired token", "slow", "second sync"),
    *("outage", "outage", "outage", *("change",) * 8, "kill before", "kill after"),
)
SIGN_IN = ("500", "503", "timeout before", "reset after", "broken off", "kill before", "kill after")
LONGEST_DAY = 66_975  # seconds: what Retry-After has been seen to say of a day


@dataclass
class SyncMishaps:
    """What befalls one round of a schedule.

    Attributes:
        seed: Of the schedule.
        number: Of the round.
        share: How many of the calls, and of the steps, something befalls.
        kinds: What may befall a call to the accounting API.
        tell: Writes down what happened, for whoever outlives this process.
        change: Makes the next changes of an endpoint, if some are left.
        second_sync: Starts another sync of the same home.
    """

    seed: int
    number: int
    share: float
    kinds: tuple[str, ...]
    xero: LocalXero
    clock: Clock
    tell: Tell
    change: Callable[[str], bool]
    second_sync: Callable[[], object]

    def __post_init__(self) -> None:
        self._nth: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._down: set[str] = set()

    def on_call(self, request: httpx.Request, answer: Answer) -> httpx.Response:
        """Let a call happen, or not, or not be heard of."""
        query = sorted(request.url.params.items())
        is_api = request.url.path.startswith("/api.xro/")
        if not is_api and self.kinds != CALLS:
            return answer()
        kind = self._strikes(f"{request.url.path} {query}", self.kinds if is_api else SIGN_IN)
        if f"{request.url.path} {query}" in self._down:
            return httpx.Response(503)
        if kind is None or (kind == "change" and not self.change(_endpoint(request))):
            return answer()
        self.tell("happened", kind)
        if kind.startswith("429"):
            return self._refused(kind.removeprefix("429 "))
        if kind in ("500", "503"):
            return httpx.Response(int(kind))
        if kind == "outage":  # for as long as the round goes on
            self._down.add(f"{request.url.path} {query}")
            return httpx.Response(503)
        if kind == "kill before":
            _die()
        if kind.endswith("before"):
            raise _broken(kind, request)
        if kind == "expired token":
            self.xero.tokens.expire_all()
        if kind == "slow":
            self.clock.sleep(self._chance("slow").choice([20, 250, 400]))
        if kind == "second sync":
            self.second_sync()
        response = answer()
        if kind == "kill after":
            _die()
        if kind.endswith("after"):
            raise _broken(kind, request)
        if kind == "garbled":
            half = response.content[: len(response.content) // 2]
            return httpx.Response(response.status_code, content=half)
        if kind == "broken off":
            return httpx.Response(200, stream=_BrokenOff(response.content, request))
        return response

    def at_step(self, what: str) -> None:
        """Perhaps die here: between two commits, or between a commit and what follows it."""
        if self.kinds == CALLS and self._strikes(what, ("kill",)):
            self.tell("happened", f"kill {what.partition(':')[0]}")
            _die()

    def _strikes(self, what: str, kinds: tuple[str, ...]) -> str | None:
        with self._lock:
            self._nth[what] += 1
            chance = self._chance(f"{what} {self._nth[what]}")
        share = self.share / 5 if kinds == ("kill",) else self.share  # many steps, one way to die
        return chance.choice(kinds) if chance.random() < share else None

    def _chance(self, what: str) -> random.Random:
        return random.Random(f"{self.seed}/{self.number}/{what}")

    def _refused(self, problem: str) -> httpx.Response:
        headers = {"X-Rate-Limit-Problem": problem}
        longest = {"minute": 60, "day": LONGEST_DAY}.get(problem)
        if longest:  # the others carry no Retry-After
            headers["Retry-After"] = str(self._chance("wait").randint(1, longest))
        return httpx.Response(429, headers=headers, text="The rate limit has been exceeded")


def _endpoint(request: httpx.Request) -> str:
    return request.url.path.removeprefix("/api.xro/2.0/").partition("/")[0]


class _BrokenOff(httpx.SyncByteStream):
    """An answer whose connection breaks in the middle of it."""

    def __init__(self, content: bytes, request: httpx.Request) -> None:
        self._content, self._request = content, request

    def __iter__(self) -> Iterator[bytes]:
        yield self._content[: len(self._content) // 2]
        raise httpx.RemoteProtocolError("peer closed connection", request=self._request)


def _broken(kind: str, request: httpx.Request) -> httpx.HTTPError:
    if kind.startswith("timeout"):
        return httpx.ReadTimeout("timed out", request=request)
    return httpx.ReadError("connection reset", request=request)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
