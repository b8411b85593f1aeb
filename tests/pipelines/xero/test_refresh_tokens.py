"""Sign-ins and refresh tokens: each works once, so none may be lost on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import httpx
import pytest

from pipelines.settings import Credentials
from pipelines.xero.auth import TokenKeeper
from pipelines.xero.errors import ServerTrouble, SignInNeeded, XeroError


def an_answer(number: int, **changed: object) -> httpx.Response:
    content = {
        "access_token": f"access-{number}",
        "refresh_token": f"refresh-{number}",
        "expires_in": 1800,
        "scope": "accounting.settings.read offline_access",
    }
    return httpx.Response(200, json={**content, **changed})


REFUSED = httpx.Response(400, json={"error": "invalid_grant"})


@pytest.fixture
def signed_in(a_keeper, xero) -> Callable[..., TokenKeeper]:
    """Sign in once, and give keepers of that home; each stands for a process."""

    def make(**connection) -> TokenKeeper:
        return a_keeper(grant="authorization_code", **connection)

    xero.token_script = [an_answer(1)]
    make().redeem("the-code", "the-verifier", "http://localhost:8974/callback")
    return make


def used(xero) -> list[str]:
    return [form["refresh_token"][0] for form in xero.token_forms if "refresh_token" in form]


def held(home: Path) -> dict[str, object]:
    return json.loads((home / "tokens" / "acme.json").read_text())


def test_a_code_is_taken_for_a_token_with_its_verifier(signed_in, xero):
    assert signed_in().token().access_token == "access-1"
    assert xero.token_forms == [
        {
            "grant_type": ["authorization_code"],
            "code": ["the-code"],
            "code_verifier": ["the-verifier"],
            "redirect_uri": ["http://localhost:8974/callback"],
        }
    ]


def test_each_refresh_uses_the_latest_token_and_keeps_the_next_for_its_owner_alone(
    signed_in, xero, clock, home: Path
):
    for number in (2, 3):
        clock.sleep(1700)
        xero.token_script = [an_answer(number)]
        assert signed_in().token().access_token == f"access-{number}"
    assert used(xero) == ["refresh-1", "refresh-2"]
    assert held(home)["refresh_token"] == "refresh-3"
    assert (home / "tokens" / "acme.json").stat().st_mode & 0o777 == 0o600


def test_the_new_refresh_token_is_on_disk_before_the_access_token_is_used(
    signed_in, xero, clock, monkeypatch
):
    clock.sleep(1700)
    xero.token_script = [an_answer(2)]

    def full_disk(_self, _token) -> None:
        raise OSError("No space left on device")

    keeper = signed_in()
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.xero.token_file.TokenFile.write", full_disk)
        with pytest.raises(OSError, match="No space left"):
            keeper.token()
    xero.token_script = [an_answer(3)]
    assert keeper.token().access_token == "access-3"  # access-2 was never given out
    assert used(xero) == ["refresh-1", "refresh-1"]


def test_after_a_lost_answer_the_old_refresh_token_is_used_again(signed_in, xero, clock):
    clock.sleep(1700)
    xero.token_script = [httpx.ReadError("reset"), an_answer(3)]
    keeper = signed_in()
    with pytest.raises(XeroError):
        keeper.token()
    assert keeper.token().access_token == "access-3"
    assert used(xero) == ["refresh-1", "refresh-1"]


def test_when_the_latest_refresh_token_is_refused_its_predecessor_is_tried_within_the_grace(
    signed_in, xero, clock, home: Path
):
    clock.sleep(1700)
    xero.token_script = [an_answer(2)]
    rejected = signed_in().token()
    clock.sleep(1000)
    xero.token_script = [REFUSED, an_answer(4)]
    assert signed_in().renewed(rejected).access_token == "access-4"
    assert used(xero) == ["refresh-1", "refresh-2", "refresh-1"]
    assert held(home)["refresh_token"] == "refresh-4"


def test_after_the_grace_it_is_not_and_somebody_has_to_sign_in(signed_in, xero, clock):
    clock.sleep(1700)
    xero.token_script = [an_answer(2)]
    signed_in().token()
    clock.sleep(1801)
    xero.token_script = [REFUSED, an_answer(4)]
    with pytest.raises(SignInNeeded, match="60 days"):
        signed_in().token()
    assert used(xero) == ["refresh-1", "refresh-2"]


def test_a_failure_of_the_server_is_no_reason_to_use_the_predecessor(signed_in, xero, clock):
    clock.sleep(1700)
    xero.token_script = [an_answer(2)]
    rejected = signed_in().token()
    xero.token_script = [httpx.Response(503)]
    with pytest.raises(ServerTrouble):
        signed_in().renewed(rejected)
    assert used(xero) == ["refresh-1", "refresh-2"]


def test_an_answer_without_a_refresh_token_leaves_the_one_that_is_held(
    signed_in, xero, clock, home: Path
):
    clock.sleep(1700)
    xero.token_script = [an_answer(2, refresh_token=None)]
    signed_in().token()
    assert held(home)["refresh_token"] == "refresh-1"


def test_other_scopes_in_the_settings_do_not_end_a_sign_in(signed_in):
    assert signed_in(scopes=("accounting.contacts.read",)).token().access_token == "access-1"


def test_threads_of_two_processes_refresh_once(signed_in, xero, clock):
    clock.sleep(1700)
    xero.token_script = [an_answer(2)]
    keepers, together, got = [signed_in(), signed_in()] * 3, Barrier(6, timeout=10), []

    def ask(keeper: TokenKeeper) -> None:
        together.wait()
        got.append(keeper.token().access_token)

    threads = [Thread(target=ask, args=(keeper,)) for keeper in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert got == ["access-2"] * 6
    assert used(xero) == ["refresh-1"]


def test_a_public_app_sends_its_id_and_no_secret(a_keeper, xero):
    public = Credentials.model_validate({"client_id": "acme-id"})
    xero.token_script = [an_answer(1)]
    keeper = a_keeper(credentials=public, grant="authorization_code")
    keeper.redeem("the-code", "the-verifier", "http://localhost:8974/callback")
    assert xero.token_forms[0]["client_id"] == ["acme-id"]
    assert "client_secret" not in xero.token_forms[0]
    assert "authorization" not in xero.token_headers[0]


def test_no_code_or_refresh_token_gets_into_a_message(signed_in, xero, clock):
    clock.sleep(1700)
    said = {"error": "invalid_grant", "error_description": "refresh-1 of the-code is spent"}
    xero.token_script = [httpx.Response(400, json=said)]
    with pytest.raises(SignInNeeded) as caught:
        signed_in().token()
    assert "refresh-1" not in str(caught.value)
