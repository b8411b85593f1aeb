"""Runs that follow one another: what a limit, a hidden change or a full list must not spoil."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import duckdb
import pytest

from pipelines.sandbox.limits import Limits
from pipelines.warehouse import Warehouse

TWO = ("accounting.settings.read", "accounting.contacts.read")
SECOND_DAY = timedelta(hours=23)


def recode(business, position: int) -> str:
    """Put the first line of an invoice on another account; its change stamp stays, as in Xero."""
    invoices = business.organisation.records["Invoices"]
    identity = sorted(invoices)[position]
    lines = [dict(line) for line in invoices[identity]["LineItems"]]
    lines[0]["AccountCode"] = "200" if lines[0].get("AccountCode") != "200" else "260"
    lines[0].pop("AccountID", None)
    business.organisation.change("Invoices", identity, stamp=False, LineItems=lines)
    return identity


def test_an_endpoint_whose_scope_is_lacking_is_off_with_the_reason_and_costs_no_call(business):
    acme = business()
    done = acme.run(scopes=list(TWO))
    assert done["contacts"].is_complete
    assert not done["invoices"].is_complete
    assert "lacks the scope accounting.invoices.read" in (done["invoices"].error or "")
    assert "endpoints_off" in (done["invoices"].error or "")
    assert acme.calls("Invoices") == 0
    assert acme.calls("token") == 0 or acme.server.control.calls["", "token"] == 1


def test_an_endpoint_that_is_off_is_no_failure(business):
    done = business().run(endpoints_off=["Invoices"], scopes=list(TWO))
    assert set(done) == {"contacts"}


def test_pages_and_endpoints_are_read_at_once_within_the_limit(business):
    acme = business()
    most, budget = 0, acme.server.budget

    def look() -> None:
        nonlocal most
        most = max(most, budget.in_flight(acme.organisation.tenant_id))

    for endpoint in ("Contacts", "Invoices"):
        acme.server.control.on(endpoint, times=None).is_slow(0.1)
        acme.server.control.on(endpoint, times=None).calls(look)
    done = acme.run()
    assert all(read.is_complete for read in done.values())
    assert 3 <= most <= 5
    assert not any(call.status == 429 for call in acme.server.control.requests)
    assert done["invoices"].records_read == len(acme.organisation.records["Invoices"])


def test_a_day_breach_keeps_what_was_read_and_the_next_run_goes_on_from_there(business):
    undisturbed = business(home="other")
    undisturbed.run("Invoices")
    pages = undisturbed.calls("Invoices")
    acme = business(Limits(per_minute=100_000, per_day=4))
    first = acme.run("Invoices")["invoices"]
    assert not first.is_complete
    assert "day's calls are spent" in (first.error or "")
    assert 0 < first.versions_written < len(acme.organisation.records["Invoices"])
    assert acme.run("Invoices")["invoices"].calls == 0  # the same day: nothing is tried
    calls = acme.calls("Invoices")
    reads = []
    for _ in range(pages):
        acme.new_day()
        reads.append(acme.run("Invoices")["invoices"])
        if reads[-1].is_complete:
            break
    assert reads[-1].is_complete
    assert acme.rows("invoices") == undisturbed.rows("invoices")
    assert acme.calls("Invoices") - calls < 2 * pages  # nothing like once more for each day
    assert sum(read.tombstones for read in reads) == 0


def test_a_record_that_slid_behind_a_read_that_broke_off_is_found(business):
    acme = business()
    first = sorted(
        acme.organisation.records["Invoices"].items(), key=lambda item: item[1]["UpdatedDateUTC"]
    )[0][0]
    control = acme.server.control
    touch = lambda: acme.organisation.change("Invoices", first, Reference="moved")  # noqa: E731
    control.on("Invoices", page=3).calls(touch)  # everything behind it slides by one
    control.on("Invoices", page=5, times=None).answers(403)
    acme.options["concurrent_calls"] = 1
    assert not acme.run("Invoices")["invoices"].is_complete
    control.clear()
    assert acme.run("Invoices")["invoices"].is_complete
    assert {row[0] for row in acme.rows("invoices")} == set(acme.organisation.records["Invoices"])


def test_a_change_that_slid_behind_a_read_of_changes_that_broke_off_is_found(business):
    acme = business()
    acme.run("Invoices")
    changed = sorted(acme.organisation.records["Invoices"])[:12]
    hours = (datetime.now(UTC) - timedelta(hours=20 - number) for number in count())
    for identity in changed:
        at = next(hours)
        acme.organisation.change("Invoices", identity, Reference="changed", UpdatedDateUTC=at)
    control = acme.server.control
    touch = lambda: acme.organisation.change("Invoices", changed[0], Reference="again")  # noqa: E731
    control.on("Invoices", page=2).calls(touch)  # the first of page 2 slides to page 1
    control.on("Invoices", page=3, times=None).answers(403)
    acme.options["concurrent_calls"] = 1
    assert not acme.run("Invoices")["invoices"].is_complete
    control.clear()
    assert acme.run("Invoices")["invoices"].is_complete
    assert [acme.versions("invoices", identity) for identity in changed] == [3] + [2] * 11


def test_a_recoded_line_is_found_within_a_day_and_not_looked_for_before(business):
    acme = business()
    acme.run()
    recoded = recode(acme, 7)
    same_day = acme.run()
    assert same_day["invoices"].mode == "changes"
    assert acme.versions("invoices", recoded) == 1
    acme.later = SECOND_DAY
    next_day = acme.run()
    assert next_day["invoices"].mode == "whole"
    assert next_day["invoices"].changed_without_stamp == 1
    assert acme.versions("invoices", recoded) == 2
    acme.later = SECOND_DAY + timedelta(minutes=5)
    assert acme.run()["invoices"].mode == "changes"


def test_a_list_that_is_longer_than_the_calls_of_a_run_is_read_again_in_parts(business):
    acme = business()
    acme.run("Invoices", full=True)
    recoded = [recode(acme, position) for position in (1, 11, -2)]
    acme.later = SECOND_DAY
    found, parts = 0, 0
    while parts < 30:
        parts += 1
        read = acme.run("Invoices", whole_reread_calls_per_run=3)["invoices"]
        assert read.is_complete
        assert read.mode == "changes"
        assert (read.reread_calls or 0) <= 3
        assert read.tombstones == 0
        found += read.changed_without_stamp
        if read.reread_to is None:
            break
    assert parts > 2
    assert found == 3
    assert [acme.versions("invoices", identity) for identity in recoded] == [2, 2, 2]
    done = acme.run("Invoices", whole_reread_calls_per_run=3)["invoices"]
    assert (done.reread_calls, done.calls) == (None, 1)


def test_a_list_without_pages_is_read_by_every_run_or_once_a_day_as_the_settings_say(business):
    acme = business()
    acme.options["endpoints_daily"] = ["Items"]
    assert set(acme.run("Items", "Accounts")) == {"items", "accounts"}
    assert set(acme.run("Items", "Accounts")) == {"accounts"}
    assert set(acme.run("Items", "Accounts", full=True)) == {"items", "accounts"}
    acme.later = SECOND_DAY
    done = acme.run("Items", "Accounts")
    assert (done["items"].mode, done["items"].is_complete) == ("whole", True)


def test_no_calls_for_it_means_no_whole_reread(business):
    acme = business()
    acme.run("Invoices")
    acme.later = SECOND_DAY
    assert acme.run("Invoices", whole_reread_calls_per_run=0)["invoices"].mode == "changes"


def test_what_xero_will_not_scan_is_read_in_windows_and_nothing_is_missed(business):
    undisturbed = business(home="other")
    undisturbed.run()
    acme = business(Limits(per_minute=100_000, documents=15))
    done = acme.run()
    refused = [call for call in acme.server.control.requests if call.status == 400]
    assert refused
    assert all(read.is_complete for read in done.values()), [r.error for r in done.values()]
    for table in ("invoices", "contacts"):
        assert acme.rows(table) == undisturbed.rows(table)
    assert done["invoices"].item_count == len(acme.organisation.records["Invoices"])


def test_a_document_that_moves_between_two_windows_is_not_taken_for_gone(business):
    acme = business(Limits(per_minute=100_000, documents=15))
    acme.run("Invoices")
    invoices = acme.organisation.records["Invoices"]
    latest = max(invoices, key=lambda identity: invoices[identity]["Date"])
    earliest = min(record["Date"] for record in invoices.values())
    windows = [c for c in acme.server.control.requests if "where" in c.query and c.status == 200]
    acme.server.control.on("Invoices", call=len(windows) // 2 + 2).calls(
        lambda: acme.organisation.change("Invoices", latest, Date=earliest)
    )
    done = acme.run("Invoices", full=True)["invoices"]
    assert (done.is_complete, done.tombstones) == (True, 0)


def test_a_long_list_that_xero_will_not_scan_is_read_again_by_date(business):
    acme = business(Limits(per_minute=100_000, documents=15))
    acme.run("Invoices")
    recoded = [recode(acme, position) for position in (0, 20, -1)]
    acme.later = SECOND_DAY
    for _ in range(15):
        read = acme.run("Invoices", whole_reread_calls_per_run=6)["invoices"]
        if read.reread_to is None:
            break
    assert read.reread_by_date
    assert [acme.versions("invoices", identity) for identity in recoded] == [2, 2, 2]


def test_a_home_of_an_earlier_version_is_read_on(business):
    acme = business()
    acme.run("Contacts")
    with duckdb.connect(str(acme.home / "warehouse.duckdb")) as connection:
        for column in ("whole_at", "reread_to", "reread_by_date", "reread_calls"):
            connection.execute(f"alter table raw_runs.reads drop column {column}")
    assert acme.run("Contacts")["contacts"].mode == "changes"
    acme.later = SECOND_DAY
    assert acme.run("Contacts")["contacts"].mode == "whole"


def test_a_report_of_many_months_opens_the_warehouse_for_none_of_them(
    business, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    reading = Warehouse.reading

    def noted(self, purpose: str, *where):
        opened.append(purpose)
        return reading(self, purpose, *where)

    organisation = business()
    organisation.run("Reports/TrialBalance")
    monkeypatch.setattr(Warehouse, "reading", noted)
    (read,) = organisation.run("Reports/TrialBalance", full=True).values()
    assert read.is_complete and read.records_read > 5 and read.versions_written == 0
    assert 0 < len(opened) < read.records_read
