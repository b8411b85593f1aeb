"""The demo organisations over HTTP, for clients that we did not write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from official_openapi import spec_checker
from xero_python import accounting as sdk
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_writes import SCOPES, XeroWriter

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer
from pipelines.sandbox.tokens import DEFAULT_SCOPES
from pipelines.sandbox.world import World, load_world

EVERYTHING = (*DEFAULT_SCOPES, "accounting.journals.read")


@pytest.fixture(scope="session")
def world(project_root: Path) -> World:
    return load_world(project_root / "data" / "sandbox")


@pytest.fixture(scope="session")
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(world, limits=Limits(enforced=False), allow_broad_scopes=True) as running:
        yield running


@pytest.fixture(scope="session", params=["harbour", "thistle"])
def organisation(world: World, request: pytest.FixtureRequest) -> Organisation:
    return world.organisation(request.param)


@pytest.fixture(scope="session")
def checker(shared_reference: Path) -> Any:
    """The official OpenAPI file; a test that asks for it carries `needs_shared`."""
    return spec_checker(shared_reference)


@pytest.fixture
def writable(project_root: Path) -> World:
    """A world of the test's own, since it is changed."""
    return load_world(project_root / "data" / "sandbox", only=["harbour"])


@pytest.fixture
def harbour(writable: World) -> Organisation:
    return writable.organisation("harbour")


@pytest.fixture
def accounting(writable: World, harbour: Organisation) -> Iterator[sdk.AccountingApi]:
    with (
        SandboxServer(writable, limits=Limits(enforced=False)) as server,
        XeroWriter(server, harbour.tenant_id) as writer,
    ):
        form = {"grant_type": "client_credentials", "scope": " ".join(SCOPES)}
        answer = writer.http.post("/connect/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
        token = {**answer.json(), "scope": list(SCOPES)}
        client = ApiClient(
            Configuration(oauth2_token=OAuth2Token(CLIENT_ID, CLIENT_SECRET)),
            pool_threads=1,
            oauth2_token_getter=lambda: token,
            oauth2_token_saver=token.update,
        )
        yield sdk.AccountingApi(client, base_url=f"{server.url}/api.xro/2.0")


@pytest.fixture
def contact(harbour: Organisation) -> sdk.Contact:
    return sdk.Contact(contact_id=harbour.id_of("Contacts", "tasman-bay-builders"))


@pytest.fixture(scope="session")
def reader(server: SandboxServer) -> AccountingApi:
    """Xero's own SDK with a token that may read all organisations."""
    answer = httpx.post(
        f"{server.url}/connect/token",
        data={"grant_type": "client_credentials", "scope": " ".join(EVERYTHING)},
        auth=(CLIENT_ID, CLIENT_SECRET),
        verify=False,
    )
    token: dict[str, Any] = answer.json()
    client = ApiClient(
        Configuration(oauth2_token=OAuth2Token(CLIENT_ID, CLIENT_SECRET)),
        pool_threads=1,
        oauth2_token_getter=lambda: token,
        oauth2_token_saver=token.update,
    )
    return AccountingApi(client, base_url=f"{server.url}/api.xro/2.0")
