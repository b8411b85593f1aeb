"""Makes the calls of one connection to a system with one allowance: paced, counted, refused.

In: what to get or to send. Out: an answer below 300, or a `CallFailure` of the system's taxonomy.
Which answer means what is the system's affair (`refuse`); Xero, with its limits per organisation
and app, has its own in `pipelines/xero/calls.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping

from pipelines.failures import CallFailure, RateLimited
from pipelines.web.retrying import Result, retried
from pipelines.web.shared_bucket import SharedBucket
from pipelines.web.transport import Answer, Transport
from pipelines.web.usage import Usage, UsageCounter

logger = logging.getLogger(__name__)
Refuse = Callable[[str, Answer], CallFailure]
"""Turns (where, an answer of 300 or above) into the error that says what to do."""
DEFAULT_PAUSE = 10.0  # seconds, after a 429 that does not say how long


class Caller:
    """Threads and, through the bucket's file, processes may share an allowance."""

    def __init__(
        self,
        transport: Transport,
        refuse: Refuse,
        *,
        bucket: SharedBucket | None,
        sleep: Callable[[float], None],
    ) -> None:
        """`bucket` None calls without pacing, where the system publishes no limit."""
        self._transport, self._refuse, self._bucket = transport, refuse, bucket
        self._sleep = sleep
        self._usage = UsageCounter()

    def usage(self, key: Hashable) -> Usage:
        """Return what was spent on a key (a list of the API) so far, every try included."""
        return self._usage.of(key)

    def retried(self, call: Callable[[], Result], only: type[CallFailure] = CallFailure) -> Result:
        """Make a call, again where its error is retryable and one of `only`, as that allows.

        Raises:
            CallFailure: The last one.
        """
        return retried(call, self._sleep, only)

    def once(
        self,
        method: str,
        url: str,
        where: str,
        *,
        key: Hashable,
        headers: Mapping[str, str],
        params: Mapping[str, str | int | bool] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Make one try; `where` is how messages call it, `key` what it is counted under.

        Raises:
            CallFailure: The system refused, or no whole answer came.
        """
        self._wait(where)
        size = 0
        try:
            answer = self._transport.exchange(
                method, url, where, headers=headers, params=params, content=content
            )
            size = answer.bytes_on_wire
        finally:
            self._usage.add(key, byte_count=size)
        logger.debug("%s %s: %s, %s bytes", method, where, answer.status, size)
        if answer.status < 300:
            return answer
        error = self._refuse(where, answer)
        if isinstance(error, RateLimited):
            self._pause(error.retry_after or DEFAULT_PAUSE)
        raise error

    def close(self) -> None:
        """Close connections and files."""
        self._transport.close()
        if self._bucket:
            self._bucket.close()

    def _wait(self, where: str) -> None:
        if self._bucket is None:
            return
        while wait := self._bucket.take(where):
            if wait > 1:
                logger.info("%s: waits %.0f s for the allowance of calls.", where, wait)
            self._sleep(wait)

    def _pause(self, seconds: float) -> None:
        if self._bucket is None:
            self._sleep(seconds)
        else:
            self._bucket.pause(seconds)  # for every thread and process
