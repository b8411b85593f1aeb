"""One call to Xero: paced, with a token, counted, and tried again where that can help.

In: what to get or to send. Out: an answer below 300 (or 304), or an error of `errors`. What is in
the answer is the caller's affair.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipelines.web.retrying import Result, retried
from pipelines.web.transport import Answer, Transport
from pipelines.web.usage import Usage, UsageCounter
from pipelines.xero.auth import TokenKeeper
from pipelines.xero.errors import (
    DayLimitReached,
    MissingScope,
    NotAuthorised,
    RateLimited,
    XeroError,
)
from pipelines.xero.limits import CallBudget
from pipelines.xero.paging import NOT_MODIFIED
from pipelines.xero.refusals import refusal
from pipelines.xero.tokens import Token

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """One call. `tenant_id` None belongs to no organisation; `where` is how messages call it."""

    tenant_id: str | None
    path: str
    url: str
    where: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str | int | bool] = field(default_factory=dict)
    method: str = "GET"
    content: bytes | None = field(default=None, repr=False)


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
        self._usage = UsageCounter()

    def usage(self, tenant_id: str | None, path: str) -> Usage:
        """Return what was spent on a path so far, every try included."""
        return self._usage.of((tenant_id, path))

    def retried(self, call: Callable[[], Result], only: type[XeroError] = XeroError) -> Result:
        """Make a call, again where its error is retryable and one of `only`, as that allows.

        Raises:
            XeroError: The last one.
        """
        return retried(call, self._sleep, only)

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
                    request.method,
                    request.url,
                    request.where,
                    headers=headers,
                    params=request.params,
                    content=request.content,
                )
                size = answer.bytes_on_wire
            finally:
                self._usage.add((request.tenant_id, request.path), byte_count=size)
        self._budget.learn(request.tenant_id, answer.headers)
        logger.debug(
            "%s %s %s: %s, %s bytes, %.3f s, left: minute %s, day %s",
            request.method,
            request.where,
            dict(request.params),
            answer.status,
            size,
            time.perf_counter() - started,
            answer.headers.get("x-minlimit-remaining"),
            answer.headers.get("x-daylimit-remaining"),
        )
        return answer
