from __future__ import annotations

import base64
import json
from pathlib import Path
from threading import Barrier, Thread

import httpx
import msgspec
import pytest

from pipelines.settings import Credentials
from pipelines.xero.endpoints import default_scopes
from pipelines.xero.errors import (
    BadRequest,
    MalformedAnswer,
    ScopeRefused,
    ServerTrouble,
    SignInNeeded,
    WrongCredentials,
    XeroError,
)
from pipelines.xero.tokens import Token, granted_scopes

SECRET = "s3cr3t-of-acme"


def a_jwt(**payload: object) -> str:
    text = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{text}.c2lnbmF0dXJl"


def test_a_token_is_asked_for_with_client_credentials_and_granular_scopes(a_keeper, xero):
    assert a_keeper().token().access_token == "token-1"
    assert xero.token_forms == [
        {"grant_type": ["client_credentials"], "scope": [" ".join(default_scopes())]}
    ]
    assert all(scope.endswith(".read") for scope in default_scopes())


def test_the_connections_own_scopes_are_asked_for_instead(a_keeper, xero):
    a_keeper(scopes=("accounting.transactions.read",)).token()
    assert xero.token_forms[0]["scope"] == ["accounting.transactions.read"]


def test_a_token_is_kept_in_memory_and_across_processes(a_keeper, xero):
    keeper = a_keeper()
    assert keeper.token() == keeper.token() == a_keeper().token()
    assert xero.tokens == 1


def test_the_file_is_for_its_owner_alone_also_when_it_was_not(a_keeper, home: Path, clock):
    file = home / "tokens" / "acme.json"
    a_keeper().token()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    file.chmod(0o644)
    clock.sleep(1800)
    a_keeper().token()
    assert file.stat().st_mode & 0o777 == 0o600
    assert SECRET not in file.read_text()


def test_a_token_is_renewed_some_time_before_it_expires(a_keeper, xero, clock):
    keeper = a_keeper()
    keeper.token()
    clock.sleep(1800 - 121)
    assert keeper.token().access_token == "token-1"
    clock.sleep(2)
    assert keeper.token().access_token == "token-2"


def test_a_token_of_a_few_seconds_is_still_used(a_keeper, xero, clock):
    xero.token_life = 10
    keeper = a_keeper()
    keeper.token()
    clock.sleep(8)
    assert keeper.token().access_token == "token-1"
    clock.sleep(1.5)
    assert keeper.token().access_token == "token-2"


@pytest.mark.parametrize(
    "changed",
    [
        {"scopes": ("accounting.contacts.read",)},
        {"identity_url": "http://127.0.0.1:9"},
        {"credentials": Credentials.model_validate({"client_id": "b", "client_secret": "c"})},
    ],
)
def test_a_token_of_other_settings_is_not_used(a_keeper, xero, changed):
    a_keeper().token()
    a_keeper(**changed).token()
    assert xero.tokens == 2


def test_a_damaged_token_file_costs_one_request(a_keeper, xero, home: Path):
    a_keeper().token()
    (home / "tokens" / "acme.json").write_text('{"access_token": "tok')
    assert a_keeper().token().access_token == "token-2"


def test_what_a_killed_process_left_is_no_hindrance(a_keeper, home: Path):
    (home / "tokens").mkdir(parents=True)
    (home / "tokens" / "acme.new").write_text("half")
    assert a_keeper().token().access_token == "token-1"


def test_a_rejected_token_is_renewed_once_for_all_who_hold_it(a_keeper, xero):
    first, second = a_keeper(), a_keeper()
    rejected = first.token()
    assert second.token() == rejected
    assert first.renewed(rejected).access_token == "token-2"
    assert second.renewed(rejected).access_token == "token-2"
    assert xero.tokens == 2


def test_threads_that_need_a_token_at_once_ask_once(a_keeper, xero):
    keeper, together, got = a_keeper(), Barrier(4, timeout=10), []

    def ask() -> None:
        together.wait()
        got.append(keeper.token().access_token)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert got == ["token-1"] * 4


def test_the_scopes_granted_are_those_of_the_answer(a_keeper):
    assert a_keeper().token().scopes == ("accounting.settings.read", "accounting.invoices.read")


@pytest.mark.parametrize("scope", ["a.read b.read", ["a.read", "b.read"]])
def test_or_those_of_the_token_itself(a_keeper, xero, scope):
    answer = {"access_token": a_jwt(scope=scope), "expires_in": 1800}
    xero.token_script = [httpx.Response(200, json=answer)]
    assert a_keeper().token().scopes == ("a.read", "b.read")


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.!!!.c", a_jwt(sub="x"), ""])
def test_a_token_that_names_no_scopes_names_none(token):
    assert granted_scopes(token) == ()


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (httpx.Response(400, json={"error": "invalid_client"}), WrongCredentials, "is wrong"),
        (httpx.Response(401), WrongCredentials, "XERO_CRM_ACME_CLIENT_ID"),
        (
            httpx.Response(400, json={"error": "unauthorized_client"}),
            WrongCredentials,
            "custom connection",
        ),
        (
            httpx.Response(400, json={"error": "invalid_scope"}),
            ScopeRefused,
            "accounting.contacts.read",
        ),
        (
            httpx.Response(
                400,
                json={
                    "error": "invalid_request",
                    "error_description": "Client credentials scope validation failed",
                },
            ),
            ScopeRefused,
            "developer.xero.com",
        ),
        (
            httpx.Response(400, json={"error": "unsupported_grant_type"}),
            BadRequest,
            "unsupported_grant_type",
        ),
        (httpx.Response(503, text="down"), ServerTrouble, "503"),
        (httpx.Response(200, text="<html>log in</html>"), MalformedAnswer, "no token"),
        (httpx.Response(200, json={"token": "x"}), MalformedAnswer, "no token"),
        (
            httpx.Response(200, json={"access_token": "new\r\nline"}),
            MalformedAnswer,
            "no plain text",
        ),
        (httpx.Response(200, content=b'{"access_token":"\xff"}'), MalformedAnswer, "no token"),
    ],
)
def test_each_refusal_of_a_token_says_what_to_do(a_keeper, xero, answer, kind, said):
    xero.token_script = [answer]
    with pytest.raises(kind) as caught:
        a_keeper().token()
    assert type(caught.value) is kind
    assert "connection acme" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_a_secret_that_is_not_set_is_named(a_keeper, missing):
    set_ones = {"client_id": "id", "client_secret": SECRET} | {missing: None}
    with pytest.raises(WrongCredentials, match="XERO_CRM_ACME_CLIENT_ID and …_CLIENT_SECRET"):
        a_keeper(credentials=Credentials.model_validate(set_ones))


def test_an_app_that_people_sign_in_to_says_so_until_somebody_has(a_keeper, xero):
    keeper = a_keeper(grant="authorization_code")
    with pytest.raises(SignInNeeded, match="xero-crm connect"):
        keeper.token()
    assert xero.token_forms == []


def test_an_identity_server_that_repeats_the_secret_does_not_get_it_into_a_message(a_keeper, xero):
    basic = base64.b64encode(f"acme-id:{SECRET}".encode()).decode()
    said = f"bad secret {SECRET} in {basic}"
    xero.token_script = [
        httpx.Response(400, json={"error": "invalid_client", "error_description": said})
    ]
    with pytest.raises(XeroError) as caught:
        a_keeper().token()
    for secret in (SECRET, basic):
        assert secret not in str(caught.value)
        assert secret not in repr(caught.value)


def test_a_tokens_text_does_not_show_it():
    token = Token("access", 1.0, ("a",), "b")
    assert "access" not in f"{token} {token!r}"
    assert "access" in msgspec.json.encode(token).decode()
