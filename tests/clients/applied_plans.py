"""Applies plans to a sandbox Xero in this process, and says what came of each record.

outcome = bench.apply([an_operation(...)])
assert outcome.status("invoices A-1") == "confirmed"
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_xero import Clock, LocalXero
from push_plans import a_plan
from sqlalchemy import select

from pipelines.connections import XeroConnection
from pipelines.push.apply import Summary, apply_plan
from pipelines.push.ledger import Ledger, open_ledger
from pipelines.push.tables import ATTEMPTS, OPERATIONS
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.world import World
from pipelines.settings import Credentials, Settings
from pipelines.xero.write_client import XeroWriteClient
from pipelines.xero.writer import XeroWriter


@dataclass(frozen=True)
class Applied:
    """What the ledger says after an apply."""

    summary: Summary
    operations: dict[str, Any]
    attempts: list[dict[str, Any]]

    def status(self, label: str) -> str:
        """Return where an operation stands."""
        return self.operations[label]["status"]

    def rules(self, label: str) -> list[str]:
        """Return the rules of an operation's findings."""
        return [one["rule"] for one in json.loads(self.operations[label]["findings"])]


@dataclass
class Applier:
    """One organisation, one ledger, one sandbox Xero; `xero.mishap` says what goes wrong."""

    world: World
    organisation: Organisation
    home: Path
    clock: Clock
    xero: LocalXero
    ledger: Ledger
    plans: int = field(default=0)

    def apply(self, operations: Sequence[dict[str, Any]], **options: Any) -> Applied:
        """Plan operations, approve them, and apply the plan."""
        self.plans += 1
        return self.apply_again(
            a_plan(self.ledger, operations, plan_id=f"plan-{self.plans}", **options)
        )

    def apply_again(self, plan_id: str) -> Applied:
        """Apply a plan that is there."""
        with closing(self.writer()) as writer:
            summary = apply_plan(
                self.ledger,
                plan_id,
                lambda target, tenant_id: writer,
                applied_by="Mere Tautahi",
                now=self.clock.naive,
                sleep=self.clock.sleep,
            )
        with self.ledger.reading() as connection:
            rows = connection.execute(select(OPERATIONS)).mappings()
            operations = {row["label"]: dict(row) for row in rows if row["plan_id"] == plan_id}
            attempts = [dict(row) for row in connection.execute(select(ATTEMPTS)).mappings()]
        return Applied(summary, operations, attempts)

    def writer(self) -> XeroWriter:
        """Return a writer of its own; close it."""
        connection = XeroConnection(
            name="sandbox", may_write=True, calls_per_minute=100_000, calls_per_day=1_000_000
        )
        credentials = {"client_id": "sandbox", "client_secret": "sandbox-secret"}
        return XeroWriter(
            XeroWriteClient(
                connection,
                Credentials.model_validate(credentials),
                self.home,
                clock=self.clock,
                sleep=self.clock.sleep,
                transport=self.xero,
            )
        )

    def contacts_called(self, name: str) -> list[Any]:
        """Return the contacts of a name."""
        held = self.organisation.records["Contacts"].values()
        return [one for one in held if one["Name"] == name]

    def calls(self, method: str, path: str = "") -> list[Any]:
        """Return the calls that arrived."""
        return [one for one in self.xero.sent if one.method == method and one.path.startswith(path)]


@contextmanager
def an_applier(
    load: Callable[[Clock], World], home: Path, settings: Settings | None = None
) -> Iterator[Applier]:
    """Open an applier over a world made with the clock that it shall follow."""
    clock = Clock()
    world = load(clock)
    xero = LocalXero(world, clock)
    with open_ledger(settings or Settings(home=home)) as ledger:
        organisation = next(iter(world.organisations.values()))
        yield Applier(world, organisation, home, clock, xero, ledger)
    xero.stop()
