"""The demo organisations over HTTP, for clients that we did not write."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
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


@pytest.fixture(scope="session")
def checker(shared_reference: Path) -> Any:
    """The official OpenAPI file; a test that asks for it carries `needs_shared`."""
    path = shared_reference / "xero_openapi_conformance.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # its NamedTuple looks its own module up
    spec.loader.exec_module(module)
    return module.SpecChecker()
