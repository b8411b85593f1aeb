"""What a run's bytes may cost; worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from pipelines.egress import EgressPrice, egress_of
from pipelines.reads import not_read
from pipelines.sync_results import SyncSummary

AT = datetime(2026, 11, 2)


def a_read(system: str = "xero", **spent):
    read = not_read(
        "", run_id="r", connection="acme", system=system, tenant_id="t", endpoint="e", at=AT
    )
    return replace(read, **spent)


def test_a_gigabyte_costs_what_the_settings_say_and_other_systems_cost_nothing():
    reads = [
        a_read(bytes=400_000_000, calls=3, reread_calls=2),
        a_read(bytes=100_000_000, calls=1),
        a_read("workguru", bytes=9_000_000_000, calls=7),
    ]
    spent = egress_of(reads, EgressPrice())
    assert (spent.calls, spent.reread_calls, spent.bytes) == (4, 2, 500_000_000)
    assert (spent.estimate, spent.currency) == (Decimal("1.2000"), "AUD")
    dearer = egress_of(reads, EgressPrice(Decimal("3"), "NZD"))
    assert (dearer.estimate, dearer.currency) == (Decimal("1.5000"), "NZD")


def test_small_runs_are_not_rounded_to_nothing():
    # 1 MB at 2.40 a GB is 0.24 cents.
    assert egress_of([a_read(bytes=1_000_000)], EgressPrice()).estimate == Decimal("0.0024")


def test_a_person_is_told_that_it_is_an_estimate():
    said = str(SyncSummary((a_read(bytes=2_500_000, calls=12, reread_calls=5),), ()).egress)
    assert said.startswith("12 calls, 5 of them for the whole re-read, 2.50 MB;")
    assert "AUD 0.0060 (an estimate)" in said
