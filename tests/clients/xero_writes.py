"""A small client that writes to the sandbox Xero, for any test that sends documents to it.

    writer = XeroWriter(server, tenant_id)
    outcomes = writer.send("Invoices", [{...}, {...}])      # summarizeErrors=false
    assert [one.errors for one in outcomes] == [[], []]

With a checker (the official OpenAPI file) every call and answer is held against it; `problems`
says what was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

import httpx
import msgspec

from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer

SCOPES = (
    *("accounting.invoices", "accounting.manualjournals", "accounting.contacts"),
    *("accounting.settings", "accounting.reports.profitandloss.read"),
)
WITH_UNIT_PLACES = frozenset({"Invoices", "CreditNotes", "Items"})
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True)
class Outcome:
    """What became of one element. `status` is OK, WARNING or ERROR; numbers are Decimals."""

    status: str
    errors: list[str]
    warnings: list[str]
    record: Mapping[str, Any]

    @property
    def is_saved(self) -> bool:
        return self.status != "ERROR"


@dataclass
class XeroWriter:
    """Writes to one organisation of a running sandbox; fetches a token when it first calls."""

    server: SandboxServer
    tenant_id: str
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    scopes: Sequence[str] = SCOPES
    checker: Any = None
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Certificates are no matter on loopback, and reading them costs more than the test.
        self.http = httpx.Client(base_url=self.server.url, timeout=30, verify=False)
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def send(
        self,
        endpoint: str,
        elements: Sequence[Mapping[str, Any]],
        *,
        method: str = "POST",
        unitdp: int = 4,
        **query: Any,
    ) -> list[Outcome]:
        """Write elements with summarizeErrors=false; return one outcome for each, in order."""
        answer = self.call(
            method,
            endpoint,
            {endpoint: list(elements)},
            summarizeErrors="false",
            **({"unitdp": unitdp} if endpoint in WITH_UNIT_PLACES else {}),
            **query,
        )
        assert answer.status_code == 200, answer.text
        outcomes = outcomes_of(answer, endpoint)
        assert len(outcomes) == len(elements)
        return outcomes

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        is_checked: bool = True,
        **query: Any,
    ) -> httpx.Response:
        """Make one call; `key` is its Idempotency-Key. Not checked: what is wrong on purpose."""
        sent = {"xero-tenant-id": self.tenant_id, "Accept": "application/json", **(headers or {})}
        if key is not None:
            sent["Idempotency-Key"] = key
        if not self._token:
            self._token = self._ask_token()
        content = body if isinstance(body, bytes) or body is None else _ENCODER.encode(body)
        answer = self.http.request(
            method,
            f"/api.xro/2.0/{path}",
            params=query,
            headers={**sent, "Authorization": f"Bearer {self._token}"},
            content=content,
        )
        if self.checker is not None and is_checked:
            self._check(method, path, query, sent, content, answer)
        return answer

    def get(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Return the records of a GET."""
        answer = self.call("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return decoded(answer)[path.partition("/")[0]]

    def _ask_token(self) -> str:
        answer = self.http.post(
            "/connect/token",
            data={"grant_type": "client_credentials", "scope": " ".join(self.scopes)},
            auth=(self.client_id, self.client_secret),
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def _check(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        headers: Mapping[str, str],
        content: bytes | None,
        answer: httpx.Response,
    ) -> None:
        body = msgspec.json.decode(content) if content is not None else None
        found = self.checker.check_request(method, f"/{path}", query, headers, body)
        if answer.status_code in (200, 400):
            status, payload = answer.status_code, answer.json()
            found += self.checker.check_response(method, f"/{path}", status, payload)
        self.problems += [f"{method} {path}: {problem}" for problem in found]


def outcomes_of(answer: httpx.Response, endpoint: str) -> list[Outcome]:
    """Return what a write with summarizeErrors=false says of each element."""
    return [
        Outcome(
            record["StatusAttributeString"],
            [one["Message"] for one in record.get("ValidationErrors", [])],
            [one["Message"] for one in record.get("Warnings", [])],
            record,
        )
        for record in decoded(answer)[endpoint]
    ]


def line_of(outcome: Outcome) -> dict[str, Any]:
    """Return the first line of a document that was saved."""
    assert outcome.errors == []
    return outcome.record["LineItems"][0]


def decoded(answer: httpx.Response) -> dict[str, Any]:
    """Return an answer's JSON with its numbers as they were sent."""
    return _DECODER.decode(answer.content)
