from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest


def claims(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_client_credentials_by_http_basic_give_a_bearer_token_for_30_minutes(client):
    answer = client.ask_token()
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 1800
    assert "refresh_token" not in answer.json()


def test_credentials_in_the_body_are_accepted_as_well(client):
    form = {
        "grant_type": "client_credentials",
        "client_id": "sandbox",
        "client_secret": "sandbox-secret",
    }
    answer = client.http.post("/connect/token", data=form)
    assert answer.status_code == 200


def test_a_token_carries_the_scopes_that_were_asked_for(client):
    answer = client.ask_token(scope="accounting.contacts.read accounting.settings.read").json()
    assert answer["scope"] == "accounting.contacts.read accounting.settings.read"
    assert claims(answer["access_token"])["scope"] == answer["scope"].split()


def test_asking_for_no_scope_gives_the_granular_read_scopes(client):
    scopes = client.ask_token().json()["scope"].split()
    assert "accounting.invoices.read" in scopes
    assert "accounting.transactions.read" not in scopes


@pytest.mark.parametrize(
    "scope", ["accounting.nonsense", "accounting.transactions.read", "accounting.journals.read"]
)
def test_an_unknown_or_broad_scope_is_an_invalid_scope(client, scope):
    answer = client.ask_token(scope=scope)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_scope"})


def test_broad_scopes_can_be_allowed_as_for_apps_made_before_march_2026(serve):
    with serve(allow_broad_scopes=True) as client:
        assert client.ask_token(scope="accounting.transactions.read").status_code == 200


def test_a_wrong_secret_is_an_invalid_client_401_by_basic_and_400_in_the_body(client):
    wrong = {"grant_type": "client_credentials", "client_id": "sandbox", "client_secret": "guess"}
    by_basic = client.http.post("/connect/token", data=wrong, auth=("sandbox", "guess"))
    in_body = client.http.post("/connect/token", data=wrong)
    assert (by_basic.status_code, by_basic.json()) == (401, {"error": "invalid_client"})
    assert (in_body.status_code, in_body.json()) == (400, {"error": "invalid_client"})


def test_another_grant_type_is_refused(client):
    answer = client.ask_token(grant_type="password")
    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


def test_a_token_works_until_it_expires_and_then_gives_401(client, clock):
    assert client.get("Accounts").status_code == 200
    clock.forward(minutes=30)
    assert client.get("Accounts").status_code == 401


def test_the_lifetime_of_tokens_can_be_set(serve, clock):
    with serve(token_lifetime=timedelta(seconds=90)) as client:
        assert client.ask_token().json()["expires_in"] == 90
        client.get("Accounts")
        clock.forward(seconds=91)
        assert client.get("Accounts").status_code == 401


def test_no_token_or_an_invented_one_gives_401(client):
    assert client.http.get("/api.xro/2.0/Accounts").status_code == 401
    client.token = "invented"
    assert client.get("Accounts").status_code == 401
    assert client.get("/connections").status_code == 401


def test_a_missing_scope_is_401_and_named_only_by_its_challenge(client):
    client.token = client.ask_token(scope="accounting.contacts.read").json()["access_token"]
    answer = client.get("Invoices", page=1)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "insufficent_scope"
    assert client.get("Contacts", page=1).status_code == 200


def test_a_bad_token_carries_no_scope_challenge(client):
    client.token = "invented"
    assert "www-authenticate" not in client.get("Accounts").headers


def test_an_organisation_that_the_token_may_not_read_is_403(client, tenants):
    client.client_id = "harbour"
    assert client.get("Accounts").status_code == 200
    client.tenant_id = tenants["thames"]
    assert client.get("Accounts").status_code == 403


def test_a_custom_connection_needs_no_tenant_header(client):
    client.client_id, client.tenant_id = "thames", ""
    assert client.records("Organisation")[0]["Name"] == "Thames"


def test_a_token_for_several_organisations_needs_the_tenant_header(client):
    client.tenant_id = ""
    assert client.get("Accounts").status_code == 403


def test_connections_lists_the_organisations_of_the_token(client, tenants):
    found = client.get("/connections").json()
    assert {one["tenantName"]: one["tenantId"] for one in found} == {
        "Harbour": tenants["harbour"],
        "Thames": tenants["thames"],
    }
    assert {one["tenantType"] for one in found} == {"ORGANISATION"}
    assert found[0]["createdDateUtc"] == "2026-11-02T09:00:00.0000000"


def test_connections_may_be_spelt_with_a_capital_and_filtered_by_consent(client):
    event = claims(client.ask_token().json()["access_token"])["authentication_event_id"]
    own = client.get("/Connections").json()
    assert len(own) == 2
    assert client.get("/Connections", authEventId=event).json() == []
    assert client.get("/Connections", authEventId=own[0]["authEventId"]).json() == own


def test_a_refresh_token_gives_a_new_token_and_rotates(client):
    first = client.server.tokens.authorise("sandbox", ["accounting.settings.read"])
    answer = client.ask_token(grant_type="refresh_token", refresh_token=first).json()
    assert answer["scope"] == "accounting.settings.read"
    assert answer["refresh_token"] != first


def test_the_previous_refresh_token_works_for_another_half_hour(client, clock):
    first = client.server.tokens.authorise("sandbox")
    client.ask_token(grant_type="refresh_token", refresh_token=first)
    clock.forward(minutes=29)
    assert client.ask_token(grant_type="refresh_token", refresh_token=first).status_code == 200
    clock.forward(minutes=2)
    late = client.ask_token(grant_type="refresh_token", refresh_token=first)
    assert (late.status_code, late.json()) == (400, {"error": "invalid_grant"})


def test_a_refresh_token_unused_for_60_days_is_dead(client, clock):
    token = client.server.tokens.authorise("sandbox")
    clock.forward(days=60)
    answer = client.ask_token(grant_type="refresh_token", refresh_token=token)
    assert answer.json() == {"error": "invalid_grant"}


def test_a_refresh_token_belongs_to_one_app(client):
    token = client.server.tokens.authorise("sandbox")
    client.client_id = "harbour"
    answer = client.ask_token(grant_type="refresh_token", refresh_token=token)
    assert answer.json() == {"error": "invalid_grant"}


def test_revoking_ends_the_refresh_token_and_the_access_tokens_of_its_consent(client):
    token = client.server.tokens.authorise("sandbox")
    renewed = client.ask_token(grant_type="refresh_token", refresh_token=token).json()
    client.token = renewed["access_token"]
    assert client.get("Accounts").status_code == 200
    form = {"token": renewed["refresh_token"]}
    answer = client.http.post("/connect/revocation", data=form, auth=("sandbox", "sandbox-secret"))
    assert answer.status_code == 200
    assert client.get("Accounts").status_code == 401
    again = client.ask_token(grant_type="refresh_token", refresh_token=renewed["refresh_token"])
    assert again.json() == {"error": "invalid_grant"}
