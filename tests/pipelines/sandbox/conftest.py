"""The demo organisations, loaded once to be read, or afresh to be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.sandbox.documents import Document
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.world import World, load_world

SANDBOX = Path(__file__).resolve().parents[3] / "data" / "sandbox"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ENDPOINTS = {"S": "Invoices", "B": "Invoices", "C": "CreditNotes"}

Finder = Callable[[Organisation, str], Document]


@pytest.fixture(scope="session")
def sandbox_folder() -> Path:
    return SANDBOX


@pytest.fixture(scope="session")
def demo_world() -> World:
    """Both demo organisations. For reading only; `changeable_world` may be changed."""
    return load_world(SANDBOX, clock=lambda: NOW)


@pytest.fixture(params=["harbour", "thistle"])
def demo_organisation(request: pytest.FixtureRequest, demo_world: World) -> Organisation:
    return demo_world.organisation(request.param)


@pytest.fixture
def changeable_harbour() -> Organisation:
    return load_world(SANDBOX, only=["harbour"], clock=lambda: NOW).organisation("harbour")


@pytest.fixture(scope="session")
def document_of() -> Finder:
    """Return the document that the demo files call `S0001`, `B0001` or `C001`."""

    def find(organisation: Organisation, key: str) -> Document:
        endpoint = ENDPOINTS[key[0]]
        return organisation.documents[endpoint][organisation.id_of(endpoint, key)]

    return find
