"""One HTTP exchange: a whole answer of any status, or an error that says why there is none.

Knows time-outs and broken connections; knows nothing of tokens, limits or retries. Errors are
raised outside the `except` blocks, so that no HTTP library exception, which holds the request and
its Authorization header, travels with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from pipelines.failures import CallFailure, MalformedAnswer, Unreachable
from pipelines.web.quoting import quoted

Clock = Callable[[], datetime]

TIMEOUTS = httpx.Timeout(connect=10.0, read=100.0, write=30.0, pool=60.0)  # seconds
LONGEST_ANSWER = 300.0  # seconds; an answer that drips in slower than this is given up


def utc_now() -> datetime:
    """Return the time as an aware UTC datetime."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Answer:
    """What came back. `bytes_on_wire` is the body as sent, still compressed."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    received_at: datetime
    bytes_on_wire: int


class Transport:
    """A pool of connections to one system, safe to use from several threads."""

    def __init__(
        self,
        *,
        through_proxy: bool = True,
        clock: Clock = utc_now,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Make the pool. `through_proxy` honours the proxy of the environment."""
        self._clock = clock
        self._http = httpx.Client(
            transport=transport,
            timeout=TIMEOUTS,
            trust_env=through_proxy,
            follow_redirects=False,  # a redirect must never carry the token elsewhere
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": "xero-crm",
            },
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        )

    def exchange(
        self,
        method: str,
        url: str,
        where: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str | int | bool] | None = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Send one request, with a form or other content, and read the whole answer of any status.

        Raises:
            Unreachable: No answer began.
            MalformedAnswer: The answer broke off, came too slowly, or cannot be decompressed.
        """
        trouble: CallFailure
        has_begun = False
        try:
            with self._http.stream(
                method, url, headers=headers, params=params or None, data=form, content=content
            ) as response:
                has_begun = True
                body = self._read(response)
                return Answer(
                    status=response.status_code,
                    body=body,
                    headers=response.headers,
                    received_at=self._clock(),
                    # Nothing was downloaded where a test's transport hands over a whole answer.
                    bytes_on_wire=response.num_bytes_downloaded or len(body),
                )
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            reason = f"{type(error).__name__}: {quoted(str(error), headers.values())}"
            host = quoted(url.split("?")[0])
            if has_begun:
                trouble = MalformedAnswer(f"{where}: the answer broke off ({reason}).")
            else:
                trouble = Unreachable(f"{where}: no answer from {host} ({reason}).")
        raise trouble

    def _read(self, response: httpx.Response) -> bytes:
        begun_at = self._clock()
        chunks = []
        for chunk in response.iter_bytes():
            chunks.append(chunk)
            if (self._clock() - begun_at).total_seconds() > LONGEST_ANSWER:
                raise httpx.ReadTimeout(f"not complete after {LONGEST_ANSWER:.0f} s")
        return b"".join(chunks)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
