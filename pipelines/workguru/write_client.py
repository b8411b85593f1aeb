"""Marks records in WorkGuru over HTTP, within the allowance of the reads. One call, one try."""

from __future__ import annotations

from typing import Self

from pipelines.failures import RateLimited
from pipelines.web.listing import decode_answer
from pipelines.workguru.client import SERVICES, WorkGuruClient, envelopes
from pipelines.workguru.errors import NotAuthorised


class WorkGuruWriteClient(WorkGuruClient):
    """A client that may also call methods that change something."""

    def __enter__(self) -> Self:
        return self

    def post(self, method: str, content: bytes, *, key: str) -> None:
        """Call a method; a token that is refused is renewed once, a 429 is tried again.

        Raises:
            CallFailure: Unreachable and MalformedAnswer leave open whether it was processed.
        """
        where = f"{method} of connection {self.connection.name}"

        def answered(token: str) -> None:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            answer = self._caller.once(
                "POST",
                f"{self._base}{SERVICES}{method}",
                where,
                key=key,
                headers=headers,
                content=content,
            )
            if not decode_answer(answer, envelopes, where).success:
                raise self._refuse(where, answer)

        def once() -> None:
            token = self._tokens.token(where)
            try:
                answered(token)
            except NotAuthorised:
                answered(self._tokens.renewed(token, where))

        self._caller.retried(once, RateLimited)
