"""One call to Xero: paced, with a token, counted, and tried again where that can help.

In: what to get. Out: an answer below 300 (or 304), or an error of `errors`. What is in the answer
is the caller's affair.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

import tenacity

from pipelines.xero.auth import TokenKeeper
from pipelines.xero.errors import (
    DayLimitReached,
    MissingScope,
    NotAuthorised,
    RateLimited,
    ServerTrouble,
    XeroError,
)
from pipelines.xero.limits import CallBudget, Usage
from pipelines.xero.paging import NOT_MODIFIED
from pipelines.xero.refusals import refusal
from pipelines.xero.tokens import Token
from pipelines.xero.transport import Answer, Transport

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Request:
    """A GET. `tenant_id` None belongs to no organisation; `where` is how messages call it."""

    tenant_id: str | None
    path: str
    url: str
    where: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str | int | bool] = field(default_factory=dict)


class Calls:
    """Makes the calls of one connection; threads may share it."""

    def __init__(
        self,
        transport: Transport,
        tokens: TokenKeeper,
        budget: CallBudget,
        sleep: Callable[[float], None],
    ) -> None:
        self._transport, self._tokens, self._budget = transport, tokens, budget
        self._sleep = sleep
        self._counting = Lock()
        self._usage: defaultdict[tuple[str | None, str], Usage] = defaultdict(Usage)

    def usage(self, tenant_id: str | None, path: str) -> Usage:
        """Return what was spent on a path so far, every try included."""
        with self._counting:
            return self._usage.get((tenant_id, path), Usage())

    def retried(self, call: Callable[[], Result]) -> Result:
        """Make a call, again where its error is retryable, as often as that allows.

        Raises:
            XeroError: The last one.
        """
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(_may_retry),
            stop=_out_of_tries,
            wait=_wait,
            sleep=self._sleep,
            before_sleep=_tell,
            reraise=True,
        )(call)

    def once(self, request: Request) -> Answer:
        """Make one try; a 401 that is not about scopes is answered by one renewal and one more.

        Raises:
            XeroError: Xero refused, or no whole answer came.
        """
        token = self._tokens.token()
        answer = self._counted(request, token)
        error = self._error(request, answer)
        if isinstance(error, NotAuthorised):
            token = self._tokens.renewed(token)
            answer = self._counted(request, token)
            error = self._error(request, answer)
        if isinstance(error, RateLimited | DayLimitReached):
            self._budget.refused(request.tenant_id, error)
        if isinstance(error, MissingScope):
            granted = " ".join(token.scopes) or "none that we can see"
            error = MissingScope(f"{error.args[0]} It includes: {granted}.")
        if error is not None:
            raise error
        return answer

    def _error(self, request: Request, answer: Answer) -> XeroError | None:
        if answer.status < 300 or answer.status == NOT_MODIFIED:
            return None
        return refusal(
            request.where,
            answer.status,
            answer.headers,
            answer.body,
            secrets=self._tokens.secrets,
        )

    def _counted(self, request: Request, token: Token) -> Answer:
        """Wait for the budget, send, count it whatever comes of it, learn what is left."""
        headers = {**request.headers, "Authorization": f"Bearer {token.access_token}"}
        size = 0
        with self._budget.call(request.tenant_id, request.where):
            started = time.perf_counter()
            try:
                answer = self._transport.exchange(
                    "GET", request.url, request.where, headers=headers, params=request.params
                )
                size = answer.bytes_on_wire
            finally:
                with self._counting:
                    self._usage[request.tenant_id, request.path] += Usage(1, size)
        self._budget.learn(request.tenant_id, answer.headers)
        logger.debug(
            "GET %s %s: %s, %s bytes, %.3f s, left: minute %s, day %s",
            request.where,
            dict(request.params),
            answer.status,
            size,
            time.perf_counter() - started,
            answer.headers.get("x-minlimit-remaining"),
            answer.headers.get("x-daylimit-remaining"),
        )
        return answer


def _may_retry(error: BaseException) -> bool:
    return isinstance(error, XeroError) and error.is_retryable


def _raised(state: tenacity.RetryCallState) -> Any:
    return state.outcome.exception() if state.outcome else None


def _out_of_tries(state: tenacity.RetryCallState) -> bool:
    return state.attempt_number >= _raised(state).max_tries


def _tell(state: tenacity.RetryCallState) -> None:
    error = _raised(state)
    logger.info("Try %s of %s failed. %s", state.attempt_number, error.max_tries, error)


# Seconds, jittered. Xero asks for five minutes after a 503; a run waits one at most, then says so.
_BRIEF = tenacity.wait_random_exponential(multiplier=0.5, max=8)
_PATIENT = tenacity.wait_random_exponential(multiplier=4, max=60) + tenacity.wait_fixed(1)


def _wait(state: tenacity.RetryCallState) -> float:
    error = _raised(state)
    if isinstance(error, RateLimited) and error.problem != "concurrent":
        return 0.0  # the budget holds the pause, for every thread and process
    return (_PATIENT if isinstance(error, ServerTrouble) else _BRIEF)(state)
