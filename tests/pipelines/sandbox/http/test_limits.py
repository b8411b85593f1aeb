from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.sandbox.limits import XERO_LIMITS, Limits


def test_the_limits_are_xeros_unless_told_otherwise():
    assert (XERO_LIMITS.per_minute, XERO_LIMITS.concurrent) == (60, 5)
    assert (XERO_LIMITS.per_day, XERO_LIMITS.app_per_minute) == (5000, 10_000)


def test_every_answer_says_what_is_left_and_has_a_correlation_id(client):
    first, second = client.get("Accounts"), client.get("Contacts/nobody")
    assert first.headers["x-minlimit-remaining"] == "59"
    assert first.headers["x-daylimit-remaining"] == "4999"
    assert first.headers["x-appminlimit-remaining"] == "9999"
    assert second.status_code == 404
    assert second.headers["x-minlimit-remaining"] == "58"
    assert first.headers["xero-correlation-id"] != second.headers["xero-correlation-id"]


def test_calls_over_the_minute_limit_are_429_with_the_seconds_to_wait(serve, clock):
    with serve(limits=Limits(per_minute=2)) as client:
        assert [client.get("Accounts").status_code for _ in range(2)] == [200, 200]
        refused = client.get("Accounts")
        assert refused.status_code == 429
        assert refused.headers["x-rate-limit-problem"] == "minute"
        assert refused.headers["x-minlimit-remaining"] == "0"
        wait = int(refused.headers["retry-after"])
        assert 1 <= wait <= 60
        clock.forward(seconds=wait)
        assert client.get("Accounts").status_code == 200


def test_calls_over_the_day_limit_wait_for_the_end_of_the_day(serve, clock):
    with serve(limits=Limits(per_minute=2, per_day=3)) as client:
        client.get("Accounts")
        client.get("Accounts")
        clock.forward(minutes=1)
        client.get("Accounts")
        refused = client.get("Accounts")
        assert refused.headers["x-rate-limit-problem"] == "day"
        assert 60 < int(refused.headers["retry-after"]) <= 86_400
        clock.forward(seconds=int(refused.headers["retry-after"]))
        client.token = ""
        assert client.get("Accounts").status_code == 200


def test_refused_calls_are_not_counted(serve, clock):
    with serve(limits=Limits(per_minute=1, per_day=2)) as client:
        for _ in range(4):
            client.get("Accounts")
        clock.forward(minutes=1)
        assert client.get("Accounts").status_code == 200


def test_windows_are_fixed_and_start_at_another_time_for_each_organisation(serve, tenants):
    with serve(limits=Limits(per_minute=0)) as client:
        waits = []
        for client.tenant_id in tenants.values():
            waits.append(client.get("Accounts").headers["retry-after"])
    assert waits[0] != waits[1]


def test_organisations_have_budgets_of_their_own(serve, tenants):
    with serve(limits=Limits(per_minute=1)) as client:
        statuses = []
        for client.tenant_id in tenants.values():
            statuses.append(client.get("Accounts").status_code)
    assert statuses == [200, 200]


def test_the_app_limit_spans_organisations_and_has_no_retry_after(serve, tenants):
    with serve(limits=Limits(app_per_minute=1)) as client:
        client.get("Accounts")
        client.tenant_id = tenants["thames"]
        refused = client.get("Accounts")
    assert refused.headers["x-rate-limit-problem"] == "appminute"
    assert "retry-after" not in refused.headers


def test_more_calls_at_once_than_allowed_are_429_without_retry_after(serve, world, tenants):
    with serve(limits=Limits(concurrent=2)) as client, ThreadPoolExecutor(2) as threads:
        client.get("Accounts")
        release = threading.Event()
        arrived = threading.Semaphore(0)
        client.server.control.on("Contacts", times=None).calls(arrived.release)
        client.server.control.on("Contacts", times=None).holds(release)
        held = [threads.submit(client.get, "Contacts") for _ in range(2)]
        for _ in held:
            arrived.acquire(timeout=5)
        refused = client.get("Accounts")
        while refused.status_code == 200:  # the second call has been seen, but not yet admitted
            refused = client.get("Accounts")
        release.set()
        assert [one.result(timeout=5).status_code for one in held] == [200, 200]
        assert client.get("Accounts").status_code == 200
    assert refused.headers["x-rate-limit-problem"] == "concurrent"
    assert "retry-after" not in refused.headers


def test_limits_that_are_not_enforced_never_refuse_and_always_show_what_is_full(serve):
    with serve(limits=Limits(per_minute=1, enforced=False)) as client:
        answers = [client.get("Accounts") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["x-minlimit-remaining"] for answer in answers} == {"1"}


@pytest.mark.parametrize("paging", [{}, {"page": 1}])
def test_a_list_of_too_many_documents_is_a_high_volume_exception(serve, an_invoice, paging):
    for number in range(1, 4):
        an_invoice(number)
    with serve(limits=Limits(documents=2)) as client:
        answer = client.get("Invoices", **paging)
        narrowed = client.get("Invoices", since="2026-11-02T09:00:02Z", **paging)
    assert answer.status_code == 400
    assert answer.json() == {"Type": "HighVolumeException", "ErrorNumber": 51}
    assert narrowed.status_code == 200
