"""Writes to Xero over HTTP, within the same budget of calls as the reads. One call, one try.

Only a 429 is tried again, which Xero answers before it looks at the request. Whether any other call
without a good answer may be repeated is not known here: see `pipelines.push.batch`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pipelines.connections import XeroConnection
from pipelines.settings import Credentials
from pipelines.web.listing import require_json
from pipelines.web.transport import Answer
from pipelines.xero.calls import Request
from pipelines.xero.client import ACCOUNTING, XeroClient
from pipelines.xero.errors import RateLimited


class XeroWriteClient(XeroClient):
    """A client that may also write; its connection should say `may_write`."""

    def __init__(
        self, connection: XeroConnection, credentials: Credentials, home: Path, **options: Any
    ) -> None:
        """Prepare, as `XeroClient` does; nothing is sent yet."""
        super().__init__(connection, credentials, home, **options)
        self._accounting = f"{connection.api_url.rstrip('/')}{ACCOUNTING}"

    def __enter__(self) -> Self:
        return self

    def write(
        self,
        tenant_id: str,
        method: str,
        path: str,
        params: Mapping[str, str],
        content: bytes | None,
        idempotency_key: str,
    ) -> Answer:
        """Make one write and return the answer, whose body is JSON or empty (204).

        Raises:
            XeroError: Unreachable and MalformedAnswer leave open whether it was processed.
        """
        headers = {"xero-tenant-id": tenant_id}
        if content is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        url = f"{self._accounting}{path}"
        where = f"{path} of organisation {self._names.get(tenant_id) or tenant_id}"
        request = Request(
            tenant_id, path, url, where, headers, params, method=method, content=content
        )

        def once() -> Answer:
            answer = self._calls.once(request)
            if answer.body:
                require_json(answer, where)
            return answer

        return self._calls.retried(once, RateLimited)
