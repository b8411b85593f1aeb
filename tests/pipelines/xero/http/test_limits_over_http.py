"""The client against the limits of the sandbox Xero, which are those of the real one."""

from __future__ import annotations

from threading import Thread

import pytest

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.xero.errors import DayLimitReached, HighVolume

HARBOUR = "45e4708e-d862-4111-ab3a-dd8cd03913e1"
MILL = "0b1e2c3d-0000-4111-ab3a-dd8cd03913e1"


def refusals(server: SandboxServer) -> int:
    return sum(call.status == 429 for call in server.control.requests)


def test_paced_by_its_own_count_the_client_is_never_refused(serve, connect, all_contacts):
    server = serve(limits=Limits(per_minute=10))
    client = connect(server, calls_per_minute=10)
    for _ in range(12):
        all_contacts(client)
    assert refusals(server) == 0


def test_paced_by_what_xero_says_is_left_it_is_hardly_refused(serve, connect, all_contacts):
    server = serve(limits=Limits(per_minute=10))
    client = connect(server, calls_per_minute=1000)
    for _ in range(12):
        all_contacts(client)
    assert refusals(server) <= 4


def test_the_days_last_call_is_used_and_no_more(serve, connect, all_contacts):
    server = serve(limits=Limits(per_day=7))
    client = connect(server)
    all_contacts(client)
    all_contacts(client)
    with pytest.raises(DayLimitReached, match="Contacts of organisation"):
        all_contacts(client)
    with pytest.raises(DayLimitReached):
        connect(server).get(HARBOUR, "Items")
    assert server.control.total_calls(HARBOUR) == 7
    all_contacts(client, MILL)


def test_many_threads_of_two_clients_stay_within_the_calls_at_once(serve, connect, all_contacts):
    server = serve(limits=Limits(concurrent=2, per_minute=1000))
    clients = [connect(server, calls_per_minute=1000, concurrent_calls=2) for _ in range(2)]
    threads = [Thread(target=all_contacts, args=(client,)) for client in clients * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert server.control.calls[HARBOUR, "Contacts"] == 24
    assert refusals(server) == 0


def test_more_documents_than_xero_scans_is_told_at_once(serve, connect):
    server = serve(limits=Limits(documents=3))
    with pytest.raises(HighVolume, match="Ask for less at once"):
        connect(server).get(HARBOUR, "Contacts", {"page": 1})
    assert server.control.total_calls(HARBOUR) == 1
