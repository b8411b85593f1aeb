"""The demo organisations over HTTP, for clients that we did not write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from xero_python import accounting as sdk
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_writes import SCOPES, XeroWriter

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxServer
from pipelines.sandbox.world import World, load_world


@pytest.fixture(scope="session")
def world(project_root: Path) -> World:
    return load_world(project_root / "data" / "sandbox")


@pytest.fixture(scope="session")
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(world, limits=Limits(enforced=False)) as running:
        yield running


@pytest.fixture(scope="session", params=["harbour", "thistle"])
def organisation(world: World, request: pytest.FixtureRequest) -> Organisation:
    return world.organisation(request.param)
