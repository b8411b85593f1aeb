"""What can go wrong between us and a system: the classes every system's error taxonomy begins with.

One class per kind of remedy. A system derives its own where it has more to say. An error's text
tells what happened, to which list of which organisation, and what to do; no secret reaches it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar


class ReadFailure(Exception):
    """What kept an endpoint from being read to its end; the text says what to do."""


class CallFailure(ReadFailure):
    """Anything that kept a call from its answer.

    `max_tries` counts all tries of one call, the first included; 1 means that trying again cannot
    help. `remedy` is the second half of the message.
    """

    max_tries: ClassVar[int] = 1
    remedy: ClassVar[str] = ""

    @property
    def is_retryable(self) -> bool:
        """Whether the same call may succeed when it is made again."""
        return self.max_tries > 1

    def __str__(self) -> str:
        return f"{super().__str__()} {self.remedy}".strip()


class Unreachable(CallFailure):
    """No answer came: name resolution, refused or reset connection, time-out."""

    max_tries = 5
    remedy = "Check the network, a proxy if there is one, and the addresses in connections.toml."


class ServerTrouble(CallFailure):
    """A 5xx. Some systems answer 500 to bad requests too, so it is tried again only a little."""

    max_tries = 3
    remedy = "The system may be down or in maintenance: run again in five minutes."

    def __init__(self, what: str, *, status: int = 500) -> None:
        super().__init__(what)
        self.status = status


class RateLimited(CallFailure):
    """A 429 that passes by itself. `problem` names the limit where the system has several."""

    max_tries = 8
    remedy = "Another program may be spending the same allowance: let one of them wait."

    def __init__(
        self, what: str, *, problem: str = "minute", retry_after: float | None = None
    ) -> None:
        super().__init__(what)
        self.problem = problem
        self.retry_after = retry_after


class DayLimitReached(CallFailure):
    """The organisation's calls for the day are spent: stop reading it, keep what was read."""

    remedy = "What was read is kept; the next run after that goes on from there."

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class WrongCredentials(CallFailure):
    """The secrets of a connection are not accepted, or they are not set."""


class Forbidden(CallFailure):
    """A 403: whoever the secrets belong to lacks the permission."""


class BadRequest(CallFailure):
    """Any other refusal. `messages` holds everything the system had to say."""

    def __init__(
        self, what: str, *, status: int | None = None, messages: Iterable[str] = ()
    ) -> None:
        super().__init__(what)
        self.status = status
        self.messages = tuple(messages)


class MalformedAnswer(CallFailure):
    """An answer that is not what was asked for: cut short, no JSON, or JSON of another shape."""

    max_tries = 3
    remedy = (
        "Nothing of it was kept. If it happens again, look for a proxy or login page between here "
        "and the system and check the addresses in connections.toml."
    )
