"""Signing in to the sandbox Xero over HTTP: the browser is a client that follows redirects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pipelines.connections import XeroConnection
from pipelines.sandbox.server import SandboxServer
from pipelines.settings import Credentials
from pipelines.xero import connect as connect_module
from pipelines.xero.client import XeroClient
from pipelines.xero.connect import Connected, connect
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.errors import (
    ScopeRefused,
    SignInFailed,
    SignInNeeded,
    WrongCredentials,
)
from pipelines.xero.loopback import receiver
from pipelines.xero.sign_in import begin_sign_in, challenge_of

HARBOUR = "45e4708e-d862-4111-ab3a-dd8cd03913e1"
WITH_SECRET = {"client_id": "sandbox", "client_secret": "sandbox-secret"}
PUBLIC = {"client_id": "sandbox-public"}


class ABrowser:
    """Opens what it is shown, as a person's would; keeps where it went and what it saw."""

    def __init__(self, before: Callable[[str], object] | None = None) -> None:
        self.opened: list[str] = []
        self.pages: list[tuple[int, str]] = []
        self._before = before

    def __call__(self, url: str) -> bool:
        self.opened.append(url)
        Thread(target=self._visit, args=(url,), daemon=True).start()
        return True

    def _visit(self, url: str) -> None:
        if self._before:
            self._before(url)
        page = httpx.get(url, follow_redirects=True, trust_env=False)
        self.pages.append((page.status_code, page.text))


def settings_for(server: SandboxServer, **changed: Any) -> XeroConnection:
    fields = {"grant": "authorization_code", "api_url": server.url, "identity_url": server.url}
    return XeroConnection(name="acme", **{**fields, **changed})


@pytest.fixture
def sign_in(home: Path) -> Callable[..., Connected]:
    def run(server, credentials=WITH_SECRET, *, browser=None, timeout=20.0, said=None, **changed):
        return connect(
            settings_for(server, **changed),
            Credentials.model_validate(credentials),
            home,
            open_browser=browser or ABrowser(),
            progress=(said if said is not None else []).append,
            timeout=timeout,
            port=0,
        )

    return run


@pytest.mark.parametrize("credentials", [WITH_SECRET, PUBLIC])
def test_a_sign_in_gives_a_token_for_every_organisation_that_lasts(
    serve, sign_in, credentials, home, clock
):
    server = serve()
    done = sign_in(server, credentials)
    assert [each.tenant_name for each in done.organisations] == ["Harbour", "Mill"]
    assert "offline_access" in done.scopes
    assert done.is_complete
    assert done.switched_off == {}
    assert (home / "tokens" / "acme.json").stat().st_mode & 0o777 == 0o600
    for _ in range(3):  # processes, half an hour apart
        clock.now += timedelta(minutes=45)
        settings, secrets = settings_for(server), Credentials.model_validate(credentials)
        with XeroClient(settings, secrets, home, clock=clock, sleep=clock.sleep) as client:
            client.get(HARBOUR, "Contacts")


def test_the_address_asks_for_s256_and_for_localhost_and_holds_no_secret(serve, sign_in):
    server, browser = serve(), ABrowser()
    sign_in(server, browser=browser)
    query = parse_qs(urlsplit(browser.opened[0]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert urlsplit(query["redirect_uri"][0]).hostname == "localhost"
    assert "sandbox-secret" not in browser.opened[0]
    assert browser.pages[0][0] == 200
    assert "closed" in browser.pages[0][1]


def test_the_challenge_is_that_of_the_standards_own_example():
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_where_no_browser_opens_the_address_is_printed(serve, sign_in):
    said: list[str] = []
    browser = ABrowser()

    def cannot_open(url: str) -> bool:
        browser(url)  # the person copies it
        return False

    sign_in(serve(), browser=cannot_open, said=said)
    assert "Open this in a browser" in said[0]
    assert said[1] == browser.opened[0]


def test_an_answer_with_another_state_is_refused_and_the_right_one_still_counts(serve, sign_in):
    seen = []

    def attack(url: str) -> None:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        for stray in (f"{back}?code=stolen&state=guessed", f"{back}?code=stolen", back + "/x"):
            seen.append(httpx.get(stray, trust_env=False).status_code)

    assert sign_in(serve(), browser=ABrowser(attack)).is_complete
    assert seen == [400, 400, 404]


def test_a_person_who_says_no_is_told_so(serve, sign_in):
    server = serve()
    server.tokens.codes.consents = False
    with pytest.raises(SignInFailed, match="cancelled in Xero"):
        sign_in(server)


def test_scopes_that_the_app_may_not_have_are_told_with_what_to_do(serve, sign_in):
    with pytest.raises(ScopeRefused, match=r"2 March 2026.*take `scopes` out"):
        sign_in(serve(), scopes="broad")


def test_broad_scopes_of_an_older_app_read_everything(serve, sign_in):
    done = sign_in(serve(allow_broad_scopes=True), scopes="broad")
    assert "accounting.transactions.read" in done.scopes
    assert done.switched_off == {}


def test_when_nobody_comes_back_it_ends_and_names_the_redirect_uri(serve, sign_in):
    with pytest.raises(SignInFailed, match=r"within 0 s.*redirect URI http://localhost:\d+/callb"):
        sign_in(serve(), browser=lambda _: True, timeout=0.01)


def test_a_port_that_is_taken_is_told(serve, sign_in, home):
    with receiver(0) as taken, pytest.raises(SignInFailed, match="redirect_port"):
        connect(
            settings_for(serve(), redirect_port=taken.port),
            Credentials.model_validate(WITH_SECRET),
            home,
            open_browser=lambda _: True,
            progress=lambda _: None,
        )


def test_a_code_is_worth_nothing_to_whoever_lacks_the_verifier(serve, home):
    server = serve()
    settings, secrets = settings_for(server), Credentials.model_validate(PUBLIC)
    attempt = begin_sign_in(settings, "sandbox-public", ("offline_access",), 9)
    answer = httpx.get(attempt.url, trust_env=False)
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    with XeroClient(settings, secrets, home) as client, pytest.raises(SignInNeeded):
        client.redeem(code, "another-verifier", attempt.redirect_uri)


def test_an_answer_that_was_lost_costs_one_more_request(serve, sign_in, home, clock):
    server = serve()
    sign_in(server)
    clock.now += timedelta(minutes=45)
    server.control.on("token").resets(after=True)  # rotated, and nobody heard of it
    settings, secrets = settings_for(server), Credentials.model_validate(WITH_SECRET)
    with XeroClient(settings, secrets, home, clock=clock, sleep=clock.sleep) as client:
        client.get(HARBOUR, "Contacts")


def test_a_custom_connection_is_checked_and_shows_what_it_lacks(serve, sign_in):
    secrets = {"client_id": "harbour", "client_secret": "harbour-secret"}
    granted = ("accounting.settings.read", "accounting.contacts.read")
    done = sign_in(serve(), secrets, grant="client_credentials", scopes=granted)
    assert [each.tenant_name for each in done.organisations] == ["Harbour"]
    wanted = [each for each in ENDPOINTS.values() if not each.is_optional]
    documents = {each.name for each in wanted if each.scope not in granted}
    assert set(done.switched_off) == documents
    assert done.switched_off["Invoices"] == "accounting.invoices.read"


def test_a_wrong_secret_of_a_custom_connection_is_told(serve, sign_in):
    with pytest.raises(WrongCredentials, match="ACME_CLIENT_ID"):
        sign_in(serve(), {"client_id": "harbour", "client_secret": "x"}, grant="client_credentials")


def test_an_organisation_that_is_not_connected_is_named_and_the_others_are_listed(serve, sign_in):
    done = sign_in(serve(), tenant_ids=(HARBOUR, "00000000-0000-4000-8000-000000000000"))
    assert [each.tenant_id for each in done.organisations] == [HARBOUR]
    assert "00000000-0000" in (done.missing or "")
    assert not done.is_complete


def test_the_patience_is_a_codes_life():
    assert connect_module.SIGN_IN_SECONDS == 300
