"""What can go wrong on the way, on demand, and what was asked: the controls of a sandbox in tests.

    control.on("Invoices", page=2).resets()
    control.on("Contacts", times=2).answers(503)
    control.on("Invoices", page=3).calls(lambda: organisation.change("Invoices", ...))
    control.on_write(call=5).resets(after=True)  # the fifth write is done, its answer is lost

A fault waits for requests that match its endpoint, page, tenant, method and number, and acts on
the first `times` of them. Endpoints are called as in Xero ("Invoices", "Reports/ProfitAndLoss"),
besides "token" and "connections"; single GETs count as their endpoint. Other systems' stand behind
their name: "prospect/SalesLedgers", "workguru/Invoice/MarkAsSentToAccounting".
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Problem = Literal["minute", "day", "concurrent", "appminute"]
Moment = Literal["", "before", "after"]
REMEMBERED_CALLS = 20_000
WRITING = frozenset({"PUT", "POST", "PATCH", "DELETE"})
SIGNING_IN = frozenset({"token", "revocation", "workguru/token"})  # their bodies hold secrets


@dataclass(frozen=True)
class Call:
    """One request as the sandbox saw it and what it answered; never holds a secret.

    `status` is 0 where the connection was reset before an answer; `bytes` are those of its body.
    `body` is what was sent, if the app has read it, except for tokens.
    """

    method: str
    tenant_id: str
    endpoint: str
    key: str
    page: int | None
    query: dict[str, str]
    if_modified_since: str | None
    status: int = 0
    bytes: int = 0
    body: bytes = b""
    idempotency_key: str = ""

    @property
    def is_write(self) -> bool:
        """Whether it was to change records; asking for a token does not count."""
        return self.method in WRITING and self.endpoint not in SIGNING_IN


@dataclass(frozen=True)
class Effect:
    """What a fault does to one call. Fields left at their default do nothing."""

    before: Callable[[], object] | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"
    is_after: bool = False
    reset: Moment = ""
    silent: Moment = ""
    truncate_at: float | None = None
    rewrite: Callable[[bytes], bytes] | None = None
    delay: float = 0.0
    until: threading.Event | None = None
    drops_tracking: bool = False


@dataclass
class Fault:
    """Which calls an effect waits for. Made by `Control.on`; its methods say what happens."""

    control: Control
    endpoint: str | None
    page: int | None
    tenant_id: str | None
    call: int | None
    times: int | None
    method: str | None = None
    is_write: bool | None = None
    effect: Effect | None = None
    seen: int = 0
    acted: int = 0

    def answers(
        self,
        status: int,
        body: bytes = b"",
        *,
        headers: dict[str, str] | None = None,
        after: bool = False,
    ) -> None:
        """Answer with a status (500, 503, …) in place of the app, or after the app has done it."""
        self._arm(Effect(status=status, body=body, headers=headers or {}, is_after=after))

    def is_rate_limited(self, problem: Problem = "minute", retry_after: int | None = None) -> None:
        """Answer 429; `Retry-After` goes out if given (Xero: for minute and day only)."""
        headers = {"X-Rate-Limit-Problem": problem}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        self._arm(Effect(status=429, body=b"", headers=headers, content_type="text/plain"))

    def overrides(self, body: bytes, content_type: str = "application/json") -> None:
        """Answer 200 with this body in place of the real one."""
        self._arm(Effect(status=200, body=body, content_type=content_type))

    def rewrites(self, rewrite: Callable[[bytes], bytes]) -> None:
        """Send what the function makes of the real body."""
        self._arm(Effect(rewrite=rewrite))

    def garbles(self) -> None:
        """Send JSON that breaks off in the middle, as a complete HTTP answer."""
        self._arm(Effect(rewrite=lambda body: body[: len(body) // 2]))

    def truncates(self, at: float = 0.5) -> None:
        """Announce the whole body, send this share of it, then close the connection."""
        self._arm(Effect(truncate_at=at))

    def resets(self, *, after: bool = False) -> None:
        """Reset the connection, before the app has seen the request or after it has done it."""
        self._arm(Effect(reset="after" if after else "before"))

    def is_silent(self, *, after: bool = False) -> None:
        """Never answer: the client's own timeout ends the call, done or not done."""
        self._arm(Effect(silent="after" if after else "before"))

    def is_slow(self, seconds: float) -> None:
        """Answer late; the call holds one of the organisation's places meanwhile."""
        self._arm(Effect(delay=seconds))

    def holds(self, until: threading.Event) -> None:
        """Answer when the event is set; the call holds one of the organisation's places."""
        self._arm(Effect(until=until))

    def expires_tokens(self) -> None:
        """Let all access tokens expire just before the call is looked at."""
        self._arm(Effect(before=lambda: self.control.expire_tokens()))

    def calls(self, before: Callable[[], object]) -> None:
        """Call a function before the request is looked at: the world changes between two pages."""
        self._arm(Effect(before=before))

    def drops_tracking(self) -> None:
        """Save what is written without its tracking, and say nothing about it."""
        self._arm(Effect(drops_tracking=True))

    def matches(self, call: Call) -> bool:
        """Count a call, and tell whether this fault acts on it."""
        wanted = (self.endpoint, self.page, self.tenant_id, self.method, self.is_write)
        given = (call.endpoint, call.page, call.tenant_id, call.method, call.is_write)
        if any(want is not None and want != got for want, got in zip(wanted, given, strict=True)):
            return False
        self.seen += 1
        if self.call is not None and self.seen != self.call:
            return False
        if self.times is not None and self.acted >= self.times:
            return False
        self.acted += 1
        return True

    def _arm(self, effect: Effect) -> None:
        self.effect = effect
        self.control.arm(self)


class Control:
    """Injects faults and counts calls. `requests` holds the latest calls in order."""

    def __init__(self, expire_tokens: Callable[[], None]) -> None:
        self.expire_tokens = expire_tokens
        self.requests: deque[Call] = deque(maxlen=REMEMBERED_CALLS)
        self.calls: Counter[tuple[str, str]] = Counter()
        self.bytes: Counter[tuple[str, str]] = Counter()
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def on(
        self,
        endpoint: str | None = None,
        *,
        page: int | None = None,
        tenant_id: str | None = None,
        call: int | None = None,
        times: int | None = 1,
        method: str | None = None,
    ) -> Fault:
        """Describe the calls that a fault waits for; None matches any.

        `call`: the number of the matching call, from 1. `times`: how often it acts, None: always.
        """
        return Fault(self, endpoint, page, tenant_id, call, times, method)

    def on_write(
        self,
        endpoint: str | None = None,
        *,
        tenant_id: str | None = None,
        call: int | None = None,
        times: int | None = 1,
    ) -> Fault:
        """Describe the writes that a fault waits for, whatever their method and system."""
        return Fault(self, endpoint, None, tenant_id, call, times, is_write=True)

    @property
    def writes(self) -> list[Call]:
        """The latest writes in order, also those that were never processed."""
        return [call for call in self.requests if call.is_write]

    def arm(self, fault: Fault) -> None:
        """Let a fault take effect from the next request on."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self._faults = []

    def reset_counters(self) -> None:
        """Forget the calls made so far."""
        with self._lock:
            self.requests.clear()
            self.calls.clear()
            self.bytes.clear()

    def total_calls(self, tenant_id: str | None = None) -> int:
        """Return the calls to one organisation, or all, token and connections included."""
        return sum(
            count for (tenant, _), count in self.calls.items() if tenant_id in (None, tenant)
        )

    def effects(self, call: Call) -> list[Effect]:
        """Return what happens to a call, in the order the faults were made."""
        with self._lock:
            return [
                fault.effect
                for fault in self._faults
                if fault.effect is not None and fault.matches(call)
            ]

    def record(self, call: Call) -> None:
        """Count a call that is over."""
        with self._lock:
            self.requests.append(call)
            self.calls[call.tenant_id, call.endpoint] += 1
            self.bytes[call.tenant_id, call.endpoint] += call.bytes
