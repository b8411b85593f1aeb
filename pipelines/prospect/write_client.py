"""Writes to Prospect over HTTP, within the same allowance as the reads. One call, one try."""

from __future__ import annotations

from typing import Self

from pipelines.failures import RateLimited
from pipelines.prospect.client import ProspectClient
from pipelines.web.transport import Answer


class ProspectWriteClient(ProspectClient):
    """A client that may also write."""

    def __enter__(self) -> Self:
        return self

    def write(self, method: str, path: str, content: bytes) -> Answer:
        """Make one POST or PATCH; only a 429, which was not processed, is tried again.

        Raises:
            CallFailure: Unreachable and MalformedAnswer leave open whether it was processed.
        """
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        entity_set = path.partition("(")[0]

        def once() -> Answer:
            return self._caller.once(
                method,
                f"{self._base}/{path}",
                self._where(entity_set),
                key=entity_set,
                headers=headers,
                content=content,
            )

        return self._caller.retried(once, RateLimited)
