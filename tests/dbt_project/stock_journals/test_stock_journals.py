"""Whatever happens to stock and to journals, the journals balance and carry what moved.

What is expected is worked out here, from the coding rules alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

ZONES = {"NEWZEALANDSTANDARDTIME": "Pacific/Auckland", "GMTSTANDARDTIME": "Europe/London"}
Coding = tuple[str, str | None]  # cost account, option
Pair = tuple[date, str, str | None]  # month that the stock moved in, cost account, option


@dataclass(frozen=True)
class Movement:
    moved_at: datetime
    quantity: Decimal
    unit_cost: Decimal
    coding: Coding
    is_codable: bool = True

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.unit_cost).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass
class Journal:
    month: date
    pairs: dict[Pair, Decimal]
    codings: dict[str, Pair]
    status: str = "DRAFT"


@dataclass
class Story:
    """One organisation: its stock, its journals in Xero, and how far it is locked."""

    zone: str
    movements: dict[str, Movement] = field(default_factory=dict)
    journals: list[Journal] = field(default_factory=list)
    locked_to: date | None = None

    def in_force(self) -> list[Journal]:
        return [journal for journal in self.journals if journal.status != "VOIDED"]

    def is_locked(self, month: date) -> bool:
        last_day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return self.locked_to is not None and last_day <= self.locked_to

    def settled(self) -> dict[tuple[str, date], Pair]:
        """How movements went out for their month that may not be recoded any more."""
        codings: dict[tuple[str, date], Pair] = {}
        for journal in sorted(self.in_force(), key=lambda journal: journal.month, reverse=True):
            if journal.status == "POSTED" or self.is_locked(journal.month):
                codings |= {(name, pair[0]): pair for name, pair in journal.codings.items()}
        return codings

    def moved(self) -> dict[Pair, Decimal]:
        """What moved and can be coded, by month of the organisation's calendar and coding."""
        settled, zone, pairs = self.settled(), ZoneInfo(ZONES[self.zone]), []
        for name, movement in self.movements.items():
            day = movement.moved_at.replace(tzinfo=UTC).astimezone(zone).date()
            pair = settled.get((name, day.replace(day=1)))
            if pair or movement.is_codable:
                pair = pair or (day.replace(day=1), *movement.coding)
                pairs.append({pair: movement.amount})
        return summed(pairs)

    def happens(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("moves", name, movement):
                self.movements[name] = movement
            case ("changes", name, changes) if name in self.movements:
                self.movements[name] = replace(self.movements[name], **changes)
            case ("vanishes", name):
                self.movements.pop(name, None)
            case ("locks", day):
                self.locked_to = day
            case ("becomes", status, place) if self.in_force():
                journal = self.in_force()[place % len(self.in_force())]
                if not self.is_locked(journal.month):
                    journal.status = status


def summed(parts: Iterable[dict[Pair, Decimal]]) -> dict[Pair, Decimal]:
    total: dict[Pair, Decimal] = {}
    for pairs in parts:
        for pair, amount in pairs.items():
            total[pair] = total.get(pair, Decimal(0)) + amount
    return {pair: amount for pair, amount in total.items() if amount}


def run(models: Any, story: Story) -> None:
    """Build the models from the story as it stands."""
    system, moved = ("nz", "workguru"), story.movements.items()
    lines = {name: (*system, "cogs", "J1", name) for name in story.movements}
    sent = story.journals
    rows: dict[str, list[tuple[Any, ...]]] = {
        "int_organisation_limits_read": [("nz", "", "NZD", "NZ", story.zone, story.locked_to)],
        "int_outgoing_stock_movements": [
            (*system, name, "J1", m.moved_at, m.quantity, m.unit_cost, True, *[None] * 4)
            for name, m in moved
        ],
        "int_line_accounts_resolved": [
            (*lines[name], m.coding[0], "630", None, None) for name, m in moved
        ],
        "int_line_tracking_resolved": [
            (*lines[name], m.coding[1], None, None, None) for name, m in moved if m.coding[1]
        ],
        "int_outgoing_findings_collected": [
            (*lines[name], "block", "TRK_MISSING") for name, m in moved if not m.is_codable
        ],
        "int_stock_journals_sent": [
            (*system, j.month, None, j.status, month, account, "630", option, None, amount)
            for j in sent
            for (month, account, option), amount in j.pairs.items()
        ],
        "int_stock_journal_movements_sent": [
            (*system, name, j.month, j.status, month, account, "630", option, None)
            for j in sent
            for name, (month, account, option) in j.codings.items()
        ],
    }
    for table, filled in rows.items():
        models.fill(table, filled)
    models.run()


def desired(models: Any) -> dict[date, dict[Pair, Decimal]]:
    """The pairs that each journal is to hold."""
    columns = "journal_month, period_month, cogs_account_id, tracking_option_id_2, desired_amount"
    journals: dict[date, dict[Pair, Decimal]] = {}
    for month, period, account, option, amount in models.rows(
        columns, "int_stock_journal_pairs_placed"
    ):
        pairs = journals.setdefault(month, {})
        pairs |= {(period, account, option): amount} if amount else {}
    return journals


def actions(models: Any) -> dict[date, str]:
    """What each journal asks for that waits for no movement."""
    planned = "int_stock_journals_planned"
    return dict(models.rows("journal_month, action", planned, "held_movement_count = 0"))


def send(models: Any, story: Story) -> None:
    """Do what is asked for, as if a person had approved all of it."""
    coded = models.rows(
        "movement_id, journal_month, movement_month, cogs_account_id, tracking_option_id_2",
        "int_stock_journal_movements_coded",
        "movement_status = 'in_journal'",
    )
    wanted = desired(models)
    for month, action in actions(models).items():
        before = [journal for journal in story.in_force() if journal.month == month]
        pairs = wanted.get(month, {})
        if action == "none":
            continue
        assert not story.is_locked(month)
        assert (action == "create", action in ("delete", "void")) == (not before, not pairs)
        story.journals = [journal for journal in story.journals if journal not in before]
        if pairs:
            placed = {name: (p, a, o) for name, j, p, a, o in coded if j == month}
            codings = {name: pair for name, pair in placed.items() if pair in pairs}
            status = before[0].status if before else "DRAFT"
            story.journals.append(Journal(month, pairs, codings, status))


NAMES = st.sampled_from("abcde")
CODINGS = st.tuples(st.sampled_from(["310", "325"]), st.sampled_from([None, "north"]))
COSTS = st.decimals(0, 50, places=4)
EDGES = [datetime(2025, 6, 30, 23, 30), datetime(2025, 7, 31, 11, 59), datetime(2025, 7, 31, 12)]
MOVEMENTS = st.builds(
    Movement,
    moved_at=st.datetimes(datetime(2025, 6, 1), datetime(2025, 9, 30)) | st.sampled_from(EDGES),
    quantity=st.decimals(-9, 9, places=3),
    unit_cost=COSTS,
    coding=CODINGS,
)
LOCKS = [None, date(2025, 6, 30), date(2025, 7, 30), date(2025, 7, 31), date(2025, 8, 31)]
STEPS = st.one_of(
    st.tuples(st.just("moves"), NAMES, MOVEMENTS),
    st.tuples(st.just("changes"), NAMES, st.fixed_dictionaries({"unit_cost": COSTS})),
    st.tuples(st.just("changes"), NAMES, st.fixed_dictionaries({"coding": CODINGS})),
    st.tuples(st.just("changes"), NAMES, st.fixed_dictionaries({"is_codable": st.booleans()})),
    st.tuples(st.just("vanishes"), NAMES),
    st.tuples(st.just("locks"), st.sampled_from(LOCKS)),
    st.tuples(st.just("becomes"), st.sampled_from(["POSTED", "VOIDED"]), st.integers(0, 5)),
    st.just(("sends",)),
)


@given(
    zone=st.sampled_from(sorted(ZONES)),
    first=st.dictionaries(NAMES, MOVEMENTS, min_size=2),
    steps=st.lists(STEPS, min_size=3, max_size=14),
)
@settings(max_examples=30, deadline=None)
def test_the_journals_balance_and_carry_what_moved(journals, zone, first, steps):
    story = Story(zone, movements=dict(first))
    for step in [("sends",), *steps, ("sends",)]:
        story.happens(step)
        if step != ("sends",):
            continue
        run(journals, story)
        wanted = desired(journals)
        assert summed(wanted.values()) == story.moved()

        sides = "document_id, sum(line_amount)"
        sums = journals.rows(sides, "int_stock_journal_pairs_sided", "true group by document_id")
        assert [journal for journal, out_by in sums if out_by] == []

        for journal in story.in_force():
            if story.is_locked(journal.month):
                assert wanted[journal.month] == journal.pairs

        send(journals, story)
        run(journals, story)
        assert set(actions(journals).values()) <= {"none"}
        coded = "int_stock_journal_movements_coded"
        if not journals.rows("movement_id", coded, "movement_status = 'held'"):
            assert summed(journal.pairs for journal in story.in_force()) == story.moved()


def test_every_time_zone_of_xero_is_one_that_the_engine_knows(compiled, journals):
    zones = dict(
        re.findall(r"when '(\S+)' then '(\S+)'", compiled["int_stock_journal_calendars_set"])
    )
    known = {
        name for (name,) in journals.con.execute("select name from pg_timezone_names()").fetchall()
    }
    assert len(zones) == 141
    assert set(zones.values()) - known == set()
