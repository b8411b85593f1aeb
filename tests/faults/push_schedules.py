"""One seeded schedule of mishaps over a mixed plan, and what must be true whatever happened.

A mishap befalls a call (no answer before or after it was processed, a reset, 429, 500, 503), or
kills the applier between two steps: at a call, or before or after a commit of the ledger. After a
kill everything is opened again and the plan is applied again, until nothing is left to settle.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_xero import START, Clock, LocalXero, as_it_was
from mishaps import Killed, Mishaps
from mixed_plan import mixed_plan
from other_systems import JOBS, OtherSystems
from push_plans import a_plan
from sqlalchemy import Connection, event, select

from pipelines.connections import XeroConnection
from pipelines.push.apply import Summary, apply_plan
from pipelines.push.claim import ApplyInProgress
from pipelines.push.ledger import Ledger, open_ledger
from pipelines.push.tables import ATTEMPTS, OPERATIONS
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.world import World
from pipelines.settings import Credentials, Settings
from pipelines.xero.write_client import XeroWriteClient
from pipelines.xero.writer import XeroWriter

PLAN = "plan-1"
MOST_ROUNDS = 25
PATIENCE = 12  # rounds, after which nothing more goes wrong
QUARANTINED = 1  # the invoice that Xero always answers 500 to; it is never settled
WRITTEN = ("Items", "Contacts", "Invoices", "CreditNotes", "ManualJournals")
MADE_BY_XERO = ("ItemID", "ContactID", "InvoiceID", "CreditNoteID", "ManualJournalID", "ID")


def _never_mind_the_disk(connection: Any, _: object) -> None:
    connection.execute("pragma synchronous = off")


class MortalLedger(Ledger):
    """A ledger whose user may die before or after any commit."""

    mishaps: Mishaps | None = None

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Connection]:
        """Open a transaction that may end with the process."""
        with super().transaction(alone=alone) as connection:
            yield connection
            if self.mishaps:
                self.mishaps.at_commit("before")
        if self.mishaps:
            self.mishaps.at_commit("after")


@dataclass
class Ended:
    """How a schedule ended."""

    statuses: Mapping[str, str]
    held: Counter[str]
    attempts: Sequence[Mapping[str, Any]]
    calls: list[Any]
    happened: Counter[str] = field(default_factory=Counter)
    rounds: int = 0


class Bench:
    """An organisation and a planned ledger, used for one schedule after another."""

    def __init__(self, world: World, clock: Clock, folder: Path) -> None:
        self.world, self.clock, self.folder = world, clock, folder
        self.organisation: Organisation = world.organisation(JOBS)
        self.others = OtherSystems(world, clock)
        self._template = folder / "planned.sqlite"
        with open_ledger(Settings(home=folder / "template")) as ledger:
            a_plan(ledger, [*mixed_plan(self.organisation), *self.others.operations()])
        shutil.copy(folder / "template" / "push.sqlite", self._template)

    def run(self, seed: int, most: int = 12) -> Ended:
        """Apply the plan under the mishaps of a seed, again and again until all is settled."""
        mishaps = Mishaps(seed, most)
        self.clock.now = START
        xero = LocalXero(self.world, self.clock, self.others.apps)
        xero.mishap = mishaps.on_call
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        shutil.copy(self._template, home / "push.sqlite")
        with as_it_was(self.organisation), self.others.as_they_were():
            try:
                with open_ledger(Settings(home=home)) as opened:
                    # What is tested is the order of commits, not the disk's.
                    event.listen(opened._engine, "connect", _never_mind_the_disk)
                    opened.close()
                    self._ledger = MortalLedger(opened._engine)
                    rounds = self._until_settled(home, xero, mishaps)
                    return self._ended(opened, xero, mishaps, rounds)
            finally:
                xero.stop()

    def _until_settled(self, home: Path, xero: LocalXero, mishaps: Mishaps) -> int:
        mishaps.meanwhile = lambda: self._is_kept_out(home, xero)
        for rounds in range(1, MOST_ROUNDS + 1):
            try:
                summary = self._apply(home, xero, mishaps)
            except Killed:
                self.clock.sleep(random.Random(rounds).choice([1, 200, 1000]))
                continue
            statuses = summary.statuses
            is_open = summary.stopped or summary.waiting or statuses["sent"] or statuses["approved"]
            # What mishaps brought into quarantine is settled by the next apply.
            if not is_open and statuses["unknown"] <= QUARANTINED:
                return rounds
            mishaps.left = mishaps.left if rounds < PATIENCE else 0
        raise AssertionError(f"not settled after {MOST_ROUNDS} rounds: {mishaps.happened}")

    def _apply(self, home: Path, xero: LocalXero, mishaps: Mishaps | None) -> Summary:
        connection = XeroConnection(
            name="sandbox", may_write=True, calls_per_minute=100_000, calls_per_day=1_000_000
        )
        credentials = Credentials.model_validate(
            {"client_id": "sandbox", "client_secret": "sandbox-secret"}
        )
        self._ledger.mishaps = mishaps
        client = XeroWriteClient(
            connection,
            credentials,
            home,
            clock=self.clock,
            sleep=self.clock.sleep,
            transport=xero,
        )
        with ExitStack() as stack:
            writers = {"xero": XeroWriter(client), **self.others.writers(home, xero)}
            for writer in writers.values():
                stack.callback(writer.close)
            return apply_plan(
                self._ledger,
                PLAN,
                lambda target, tenant_id: writers[target],
                applied_by="Mere Tautahi",
                now=self.clock.naive,
                sleep=self.clock.sleep,
            )

    def _is_kept_out(self, home: Path, xero: LocalXero) -> None:
        """Let a second applier try while the first is in the middle of a call."""
        before = len(xero.sent)
        try:
            self._apply(home, xero, None)
        except ApplyInProgress:
            assert len(xero.sent) == before, "the second applier called Xero"
            return
        raise AssertionError("two appliers at once")

    def _ended(self, ledger: Ledger, xero: LocalXero, mishaps: Mishaps, rounds: int) -> Ended:
        with ledger.reading() as connection:
            rows = connection.execute(select(OPERATIONS)).mappings()
            outcomes = {row["label"]: row["status"] for row in rows}
            attempts = [dict(row) for row in connection.execute(select(ATTEMPTS)).mappings()]
        held = self.others.held()
        for endpoint in WRITTEN:
            names = {
                identity: record.get("ContactNumber") or record["Name"]
                for identity, record in self.organisation.records["Contacts"].items()
            }
            for record in self.organisation.records[endpoint].values():
                held[f"{endpoint} {_without_ids(record, names)!r}"] += 1
        return Ended(outcomes, held, attempts, xero.sent, mishaps.happened, rounds)


def _without_ids(value: Any, names: Mapping[str, str]) -> Any:
    """Return a record without what Xero makes up: ids of its own and times."""
    if isinstance(value, Mapping):
        made_up = {*MADE_BY_XERO, "UpdatedDateUTC", "LineItemID"}
        if "Contact" in value:
            contact = names[value["Contact"]["ContactID"]]
            value = {**value, "Contact": contact}
        return {
            name: _without_ids(one, names)
            for name, one in sorted(value.items())
            if name not in made_up
        }
    return [_without_ids(one, names) for one in value] if isinstance(value, list) else value
