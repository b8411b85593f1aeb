"""Processes that are killed while they apply, and two that apply at once, over real HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from homes import PROJECT
from mixed_plan import PlanMaker
from push_plans import a_plan

from pipelines.push.ledger import open_ledger
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.settings import Settings

APPLIES = Path(__file__).with_name("applies_a_plan.py")
PLANNED_AT = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
NUMBERS = (1, 2, 3)


@pytest.fixture
def server(project_root: Path) -> Iterator[SandboxServer]:
    world = load_world(project_root / "data" / "sandbox", only=["harbour"], documents=0)
    with SandboxServer(world, limits=Limits(enforced=False)) as running:
        yield running


@pytest.fixture
def organisation(server: SandboxServer) -> Organisation:
    return server.world.organisation("harbour")


@pytest.fixture
def home(organisation: Organisation, tmp_path: Path) -> Path:
    make = PlanMaker(organisation)
    with open_ledger(Settings(home=tmp_path)) as ledger:
        operations = [
            *(make.contact(number) for number in NUMBERS),
            *(make.bill(number) for number in NUMBERS),
            *(make.journal(number) for number in NUMBERS),
        ]
        a_plan(ledger, operations, created_at=PLANNED_AT)
    return tmp_path


def applying(home: Path, server: SandboxServer, *dies_at: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(APPLIES), str(home), server.url, *map(str, dies_at)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def made_once(organisation: Organisation) -> bool:
    """Whether each bill, journal and customer of the plan is there, and is there once."""
    documents = organisation.records["Invoices"].values()
    journals = organisation.records["ManualJournals"].values()
    contacts = organisation.records["Contacts"].values()
    found = Counter(one["InvoiceNumber"] for one in documents)
    found += Counter(one["Narration"] for one in journals)
    found += Counter(one["Name"] for one in contacts if one["Name"].startswith("New "))
    return sorted(found.values()) == [1] * 3 * len(NUMBERS)


@pytest.mark.parametrize("dies_at", [4, 7, 9, 13, 15, 19])
def test_killed_at_any_step_the_next_apply_goes_on(
    home: Path, server: SandboxServer, organisation: Organisation, dies_at: int
):
    killed = applying(home, server, dies_at)
    killed.communicate(timeout=120)
    assert killed.returncode == 137
    printed, complaint = applying(home, server).communicate(timeout=120)
    assert printed.strip() == "{'confirmed': 9}", complaint
    assert made_once(organisation)


def test_of_two_appliers_at_once_one_sends_and_the_other_says_who_does(
    home: Path, server: SandboxServer, organisation: Organisation
):
    both = [applying(home, server) for _ in range(2)]
    said = [one.communicate(timeout=120) for one in both]
    statuses = sorted(one.returncode for one in both)
    for (printed, complaint), one in zip(said, both, strict=True):
        if one.returncode == 0:
            assert printed.strip() == "{'confirmed': 9}", complaint
        else:
            assert "is applying from this ledger" in complaint
    assert statuses[0] == 0
    assert made_once(organisation)
