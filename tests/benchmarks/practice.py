"""A practice's organisations of mixed size, and the Xero that they are read from.

Simulated: how many records an organisation has, hence the calls that a read of each endpoint takes
and which of them wait for which; how long Xero takes for an answer. Real: how a call is paced,
counted, tried again and refused (`pipelines.xero.calls`), and Xero's limits (`pipelines.sandbox`).
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock

from virtual_time import VirtualTime

from pipelines.sandbox.limits import XERO_LIMITS, CallBudget
from pipelines.web.transport import Answer
from pipelines.xero import own_reads, report_reads
from pipelines.xero.calls import Calls, Request
from pipelines.xero.endpoints import ENDPOINTS, PAGE_SIZE, Endpoint
from pipelines.xero.errors import XeroError

APP = "practice"
LATENCY, SLOW_LATENCY, SLOW_SHARE = 0.3, 3.0, 0.02  # seconds; of an answer, and of one in fifty
MEAN_LATENCY = LATENCY * (1 - SLOW_SHARE) + SLOW_LATENCY * SLOW_SHARE
CALLS_AT_ONCE = XERO_LIMITS.concurrent
MEDIAN_RECORDS, SPREAD, MOST_RECORDS = 3_000, 1.6, 400_000
_SHARES = {  # of the records, by list; what is not named has few
    "Invoices": 0.35,
    "BankTransactions": 0.3,
    "Payments": 0.2,
    "Contacts": 0.1,
    "CreditNotes": 0.02,
    "ManualJournals": 0.01,
    "Quotes": 0.01,
    "LinkedTransactions": 0.01,
}


@dataclass(frozen=True)
class Organisation:
    """One organisation: how many records it has, over how many months, and what befalls it."""

    number: int
    records: int
    months: int
    misfortune: str = ""  # slow, failing, refusing, day_spent

    @property
    def tenant_id(self) -> str:
        """Its id."""
        return f"organisation-{self.number}"

    def chains(self, *, whole: bool) -> list[tuple[str, int, bool]]:
        """Return what is read: endpoint, calls, and whether each call waits for the one before."""
        read = [endpoint for endpoint in ENDPOINTS.values() if not endpoint.is_optional]
        return [(each.name, *self._calls(each, whole)) for each in read]

    def calls(self, *, whole: bool) -> int:
        """Return how many calls a read of it takes."""
        return sum(calls for _, calls, _ in self.chains(whole=whole))

    def floor(self, *, whole: bool) -> float:
        """Return the seconds below which no program can read it, however alone it is."""
        calls = self.calls(whole=whole)
        longest = max(
            calls if in_turn else math.ceil((calls - 1) / CALLS_AT_ONCE) + 1
            for _, calls, in_turn in self.chains(whole=whole)
        )
        minutes = 60.0 * ((calls - 1) // XERO_LIMITS.per_minute)
        return max(minutes, calls * MEAN_LATENCY / CALLS_AT_ONCE, longest * LATENCY)

    def _calls(self, endpoint: Endpoint, whole: bool) -> tuple[int, bool]:
        records = int(self.records * _SHARES.get(endpoint.name, 0.0005))
        if endpoint.month_ends:
            most = report_reads.MAX_MONTHS if whole else report_reads.RECENT
            return min(self.months + endpoint.month_ends.empty_months, most), True
        if endpoint.months_each:
            return 1 + min(3, self.records // 20_000), True  # the list, and each budget
        if not endpoint.has_counts:
            changed = 0 if endpoint.takes_since and not whole else records
            return changed // own_reads.PAGE_SIZE + 1, True
        return max(1, math.ceil(records / PAGE_SIZE)) if endpoint.is_paged and whole else 1, False


def practice(organisations: int, seed: int) -> list[Organisation]:
    """Return organisations of mixed size, most of them small, a few very large."""
    random = Random(seed)
    return [
        Organisation(
            number,
            min(MOST_RECORDS, int(random.lognormvariate(math.log(MEDIAN_RECORDS), SPREAD))),
            random.randint(3, 60),
        )
        for number in range(organisations)
    ]


class SimulatedXero:
    """Stands for `Transport`: answers late, and refuses by the sandbox's count of Xero's limits."""

    def __init__(self, time: VirtualTime, organisations: Sequence[Organisation], seed: int) -> None:
        self._time = time
        self._limits = CallBudget(XERO_LIMITS, time)
        self._misfortunes = {each.tenant_id: each.misfortune for each in organisations}
        # One for each, so that an organisation's answers do not depend on what befalls others.
        self._random = {id_: Random(f"{seed} {id_}") for id_ in self._misfortunes}
        self.answers: Counter[str] = Counter()

    def exchange(self, *_: object, headers: Mapping[str, str], **__: object) -> Answer:
        """Answer one call."""
        tenant_id = headers["xero-tenant-id"]
        misfortune = self._misfortunes[tenant_id]
        if misfortune == "day_spent":
            return self._answer("429 day, as arranged", 429, _too_many("day", 40_000))
        if misfortune == "refusing" and self._time.seconds < 600:
            return self._answer("429 minute, as arranged", 429, _too_many("minute", 45))
        admission = self._limits.admit(tenant_id, APP)
        told = {name.lower(): value for name, value in admission.headers.items()}
        if admission.problem:
            return self._answer(f"429 {admission.problem}", 429, told)
        is_slow = self._random[tenant_id].random() < SLOW_SHARE
        late = 20.0 if misfortune == "slow" else 0.0
        self._time.sleep(late + (SLOW_LATENCY if is_slow else LATENCY))
        self._limits.release(tenant_id)
        if misfortune == "failing":
            return self._answer("500, as arranged", 500, told)
        return self._answer("200", 200, told)

    def _answer(self, kind: str, status: int, headers: Mapping[str, str]) -> Answer:
        self.answers[kind] += 1
        return Answer(status, b"", headers, self._time(), 0)


def _too_many(problem: str, seconds: int) -> dict[str, str]:
    return {"x-rate-limit-problem": problem, "retry-after": str(seconds)}


@dataclass
class OrganisationRead:
    """The read of one organisation: its calls, five at once, each list's in the order it needs."""

    organisation: Organisation
    calls: Calls
    time: VirtualTime
    whole: bool
    errors: list[XeroError] = field(default_factory=list)
    began: float = -1.0
    ended: float = -1.0

    def run(self) -> None:
        """Make all calls."""
        self.began = self.time.seconds
        self._ready: deque[tuple[str, int, bool]] = deque()
        self._under_way, self._callers, self._parked = 0, CALLS_AT_ONCE, list[Lock]()
        self._ready.extend(self.organisation.chains(whole=self.whole))
        for _ in range(CALLS_AT_ONCE - 1):
            self.time.start(self._caller)
        self._caller()
        while self._callers:
            self.time.park(self._parked)
        self.ended = self.time.seconds

    def _caller(self) -> None:
        while True:
            while not self._ready and self._under_way:
                self.time.park(self._parked)
            if not self._ready:
                break
            name, left, in_turn = self._ready.popleft()
            self._under_way += 1
            try:
                self._call(name)
                following = [(name, left - 1, True)] if in_turn else [(name, 1, False)] * (left - 1)
                self._ready.extend(following if left > 1 else [])
            except XeroError as error:
                self.errors.append(error)
            self._under_way -= 1
            self.time.wake(self._parked)
        self._callers -= 1
        self.time.wake(self._parked)

    def _call(self, name: str) -> None:
        tenant_id = self.organisation.tenant_id
        where = f"{name} of {tenant_id}"
        request = Request(tenant_id, name, "", where, {"xero-tenant-id": tenant_id})
        self.calls.retried(lambda: self.calls.once(request))
