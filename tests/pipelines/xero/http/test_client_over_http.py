"""The client against the sandbox Xero: what it reads, and what trouble does to that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipelines.sandbox.faults import Fault
from pipelines.xero.errors import (
    Forbidden,
    MissingScope,
    ScopeRefused,
    Unreachable,
    WrongCredentials,
)

HARBOUR = "45e4708e-d862-4111-ab3a-dd8cd03913e1"
MILL = "0b1e2c3d-0000-4111-ab3a-dd8cd03913e1"
CONTACTS = 7


def test_every_page_of_every_organisation_of_the_token_is_read(serve, connect, all_contacts):
    server = serve()
    client = connect(server)
    tenants = client.connections()
    assert [tenant.tenant_name for tenant in tenants] == ["Harbour", "Mill"]
    for tenant in tenants:
        assert len(all_contacts(client, tenant.tenant_id)) == CONTACTS
        spent = client.usage(tenant.tenant_id, "Contacts")
        assert spent.calls == server.control.calls[tenant.tenant_id, "Contacts"] == 3
        assert spent.bytes == server.control.bytes[tenant.tenant_id, "Contacts"]


def test_only_what_changed_since_is_sent(serve, connect, clock):
    since = clock() + timedelta(seconds=CONTACTS)
    client = connect(serve())
    page, _ = client.get_page(HARBOUR, "Contacts", "Contacts", {"page": 1}, if_modified_since=since)
    assert len(page.records) == 1


def test_a_custom_connection_reads_its_one_organisation(serve, connect):
    client = connect(serve(), client_id="mill")
    assert [tenant.tenant_id for tenant in client.connections()] == [MILL]
    with pytest.raises(Forbidden, match="Contacts of organisation 45e4708e"):
        client.get(HARBOUR, "Contacts")


def test_a_wrong_secret_is_told(serve, connect):
    with pytest.raises(WrongCredentials, match="XERO_CRM_SANDBOX_CLIENT_ID"):
        connect(serve(), secret="wrong").connections()


def test_scopes_that_the_app_may_not_have_are_told(serve, connect):
    with pytest.raises(ScopeRefused, match=r"accounting\.transactions"):
        connect(serve(), scopes=("accounting.transactions",)).connections()


def test_a_missing_scope_stops_that_endpoint_alone_and_asks_for_no_new_token(serve, connect):
    server = serve()
    client = connect(server, scopes=("accounting.settings.read",))
    with pytest.raises(MissingScope, match=r"It includes: accounting\.settings\.read"):
        client.get(HARBOUR, "Contacts")
    client.get(HARBOUR, "Organisation")
    assert server.control.calls["", "token"] == 1


def test_a_host_that_is_gone_is_unreachable(serve, connect):
    server = serve()
    client = connect(server)
    client.connections()
    server.__exit__()
    with pytest.raises(Unreachable, match="no answer from http://127"):
        client.get(HARBOUR, "Contacts")


def test_tokens_that_expire_between_two_pages_cost_one_call(serve, connect, all_contacts):
    server = serve()
    server.control.on("Contacts", page=2).expires_tokens()
    client = connect(server)
    assert len(all_contacts(client)) == CONTACTS
    assert client.usage(HARBOUR, "Contacts").calls == 4
    assert server.control.calls["", "token"] == 2


def test_a_run_longer_than_a_tokens_life_never_shows_an_old_one(
    serve, connect, clock, all_contacts
):
    server = serve(token_lifetime=timedelta(minutes=2))
    client = connect(server)
    for _ in range(10):
        all_contacts(client)
        clock.sleep(40)
    assert {call.status for call in server.control.requests} == {200}


TROUBLES: dict[str, Callable[[Fault], None]] = {
    "truncated": lambda fault: fault.truncates(),
    "truncated at once": lambda fault: fault.truncates(0.01),
    "half a JSON": lambda fault: fault.garbles(),
    "reset before": lambda fault: fault.resets(),
    "reset after": lambda fault: fault.resets(after=True),
    "500": lambda fault: fault.answers(500),
    "503": lambda fault: fault.answers(503),
    "HTML": lambda fault: fault.overrides(b"<html>maintenance</html>", "text/html"),
    "null for a list": lambda fault: fault.overrides(b'{"Contacts":null}'),
    "no UTF-8": lambda fault: fault.rewrites(lambda body: body.replace(b"Contact ", b"\xff\xfe")),
    "minute": lambda fault: fault.is_rate_limited("minute", 12),
    "appminute": lambda fault: fault.is_rate_limited("appminute"),
    "concurrent": lambda fault: fault.is_rate_limited("concurrent"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_between_two_pages_changes_nothing_of_what_is_read(
    serve, connect, trouble, all_contacts
):
    server = serve()
    client = connect(server)
    undisturbed = all_contacts(client)
    TROUBLES[trouble](server.control.on("Contacts", page=2, times=2))
    assert all_contacts(client) == undisturbed
    assert client.usage(HARBOUR, "Contacts").calls == 3 + 5
