"""Parts of a sync that are read at the same time."""

from __future__ import annotations

from datetime import datetime
from threading import Event

import pytest

from pipelines.parts import Part, read_parts
from pipelines.reads import ReadSummary, not_read
from pipelines.settings import SettingsError
from pipelines.sync_results import Tenant

NOON = datetime(2026, 11, 20, 12)
LONG = 20.0  # seconds after which a wait is taken for one that never ends


def a_read(endpoint: str) -> ReadSummary:
    return not_read(
        "It is switched off.",
        run_id="run",
        connection="acme",
        system="xero",
        tenant_id="t",
        endpoint=endpoint,
        at=NOON,
    )


def test_an_organisation_that_waits_for_its_limit_keeps_no_other_waiting():
    other_is_read = Event()

    def waits() -> list[ReadSummary]:
        assert other_is_read.wait(LONG)
        return [a_read("invoices")]

    def reads() -> list[ReadSummary]:
        other_is_read.set()
        return [a_read("contacts")]

    done, failures = read_parts([Part("acme", None, waits), Part("jobs", None, reads)], 2)
    assert [read.endpoint for read in done] == ["invoices", "contacts"]
    assert failures == []


def test_no_more_are_read_at_the_same_time_than_asked_for():
    under_way, most = set(), 0

    def reads(name: str) -> list[ReadSummary]:
        nonlocal most
        under_way.add(name)
        most = max(most, len(under_way))
        under_way.remove(name)
        return []

    read_parts([Part(name, None, lambda name=name: reads(name)) for name in "abcdef"], 1)
    assert most == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [(SettingsError("Write its tenant_id."), "Write its tenant_id."), (KeyError("x"), "KeyError")],
)
def test_what_cannot_be_read_is_listed_and_stops_no_other(error, said):
    def fails() -> list[ReadSummary]:
        raise error

    tenant = Tenant("acme", "t-1", "Harbour")
    parts = [Part("acme", tenant, fails), Part("jobs", None, lambda: [a_read("clients")])]
    done, (failure,) = read_parts(parts, 2)
    assert [read.endpoint for read in done] == ["clients"]
    assert (failure.connection, failure.tenant_id, failure.tenant_name) == (
        "acme",
        "t-1",
        "Harbour",
    )
    assert said in failure.error


def test_what_takes_the_most_calls_begins_first_and_results_keep_their_order():
    begun: list[str] = []

    def part(name: str) -> Part:
        def read() -> list[ReadSummary]:
            begun.append(name)
            return [a_read(name)]

        return Part("acme", Tenant("acme", name, name), read)

    parts = [part("small"), part("never read"), part("large"), part("middling")]
    done, _ = read_parts(parts, 1, {"small": 30, "large": 400, "middling": 90})
    assert begun == ["never read", "large", "middling", "small"]
    assert [read.endpoint for read in done] == ["small", "never read", "large", "middling"]
