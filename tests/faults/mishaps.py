"""What may befall a call to Xero or a commit of the ledger, chosen by a seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import httpx
from local_xero import Answer


class Killed(BaseException):
    """The power goes: nothing may catch it."""


class Mishaps:
    """Decides by a seed what befalls each call and each commit; none after `most` of them."""

    def __init__(self, seed: int, most: int) -> None:
        self._chance = random.Random(seed)
        self.left = self._chance.randint(1, most) if most else 0
        self.share = self._chance.choice([0.05, 0.15, 0.4])
        self.happened: Counter[str] = Counter()
        self.meanwhile: Callable[[], None] = lambda: None

    def _strikes(self) -> bool:
        if not self.left or self._chance.random() >= self.share:
            return False
        self.left -= 1
        return True

    def on_call(self, request: httpx.Request, answer: Answer) -> httpx.Response:
        """Let a call happen, or not, or not be heard of."""
        if not self._strikes():
            return answer()
        kind = self._chance.choice(
            [
                *("timeout before", "timeout after", "reset before", "reset after", "429", "500"),
                *("500 after", "503", "cut", "kill before", "kill after", "second applier"),
            ]
        )
        self.happened[kind] += 1
        if kind == "second applier":
            self.meanwhile()
            return answer()
        if kind in ("429", "500", "503"):
            return httpx.Response(int(kind), headers={"Retry-After": "2"})
        if kind == "kill before":
            raise Killed
        if kind.endswith("before"):
            raise _broken(kind, request)
        response = answer()
        if kind == "kill after":
            raise Killed
        if kind == "500 after":
            return httpx.Response(500)
        if kind == "cut":
            content = response.content
            return httpx.Response(
                response.status_code,
                headers=response.headers,
                content=content[: -len(content) // 2],
            )
        raise _broken(kind, request)

    def at_commit(self, when: str) -> None:
        """Perhaps kill the process here."""
        if self._strikes():
            self.happened[f"kill {when} commit"] += 1
            raise Killed


def _broken(kind: str, request: httpx.Request) -> httpx.HTTPError:
    if kind.startswith("timeout"):
        return httpx.ReadTimeout("timed out", request=request)
    return httpx.ReadError("connection reset", request=request)
