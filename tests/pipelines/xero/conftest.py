"""A Xero that answers what a test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from pipelines.connections import XeroConnection
from pipelines.settings import Credentials
from pipelines.web.transport import Transport
from pipelines.xero.auth import TokenKeeper
from pipelines.xero.client import XeroClient

SECRET = "s3cr3t-of-acme"
TENANT = "45e4708e-d862-4111-ab3a-dd8cd03913e1"

Script = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class ScriptedXero:
    """Gives the next scripted answer, then empty lists; keeps what it was asked."""

    script: list[Script] = field(default_factory=list)
    token_script: list[Script] = field(default_factory=list)
    tenants: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"tenantId": TENANT, "tenantType": "ORGANISATION", "tenantName": "Harbour Ltd"}
        ]
    )
    token_life: int = 1800
    tokens: int = 0
    asked: list[httpx.Request] = field(default_factory=list)
    token_forms: list[dict[str, list[str]]] = field(default_factory=list)
    token_headers: list[httpx.Headers] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/connect/token":
            self.token_headers.append(request.headers)
            self.token_forms.append(parse_qs(request.read().decode()))
            return self._next(self.token_script, request) or self._token()
        self.asked.append(request)
        if answer := self._next(self.script, request):
            return answer
        if request.url.path == "/connections":
            return httpx.Response(200, json=self.tenants)
        return httpx.Response(200, json={request.url.path.split("/")[-1]: []})

    def _token(self) -> httpx.Response:
        self.tokens += 1
        content = {
            "access_token": f"token-{self.tokens}",
            "expires_in": self.token_life,
            "token_type": "Bearer",
            "scope": "accounting.settings.read accounting.invoices.read",
        }
        return httpx.Response(200, json=content)

    @staticmethod
    def _next(script: list[Script], request: httpx.Request) -> httpx.Response | None:
        if not script:
            return None
        step: Script = script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else step(request)


@pytest.fixture
def xero() -> ScriptedXero:
    return ScriptedXero()


@pytest.fixture
def credentials() -> Credentials:
    return Credentials.model_validate({"client_id": "acme-id", "client_secret": SECRET})


@pytest.fixture
def a_client(
    xero: ScriptedXero, clock: Any, home: Path, credentials: Credentials
) -> Iterator[Callable[..., XeroClient]]:
    """Make clients of one home; settings of the connection as keywords."""
    made: list[XeroClient] = []

    def make(**connection: Any) -> XeroClient:
        client = XeroClient(
            XeroConnection(name="acme", **connection),
            credentials,
            home,
            clock=clock,
            sleep=clock.sleep,
            transport=httpx.MockTransport(xero),
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def a_keeper(xero, clock, home: Path, credentials) -> Callable[..., TokenKeeper]:
    def make(credentials: Credentials = credentials, **connection) -> TokenKeeper:
        transport = Transport(clock=clock, transport=httpx.MockTransport(xero))
        settings = XeroConnection(name="acme", **connection)
        return TokenKeeper(settings, credentials, home, transport, clock=clock)

    return make
