"""Which scopes are asked for, and what a token with others may read; the table is Xero's."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pipelines.connections import XeroConnection
from pipelines.settings import SettingsError
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.scopes import endpoints_on, has_broad, is_covered, missing_scopes, wanted_scopes


def acme(**settings) -> XeroConnection:
    return XeroConnection(name="acme", **settings)


def test_what_the_endpoints_need_is_asked_for_once_each_to_read_only():
    asked = wanted_scopes(acme())
    assert {"accounting.settings.read", "accounting.contacts.read"} <= set(asked)
    assert all(scope.endswith(".read") for scope in asked)
    assert len(asked) == len(set(asked))


def test_a_sign_in_asks_for_a_refresh_token_too():
    assert "offline_access" not in wanted_scopes(acme())
    assert "offline_access" in wanted_scopes(acme(grant="authorization_code"))
    own = ("accounting.contacts.read",)
    assert wanted_scopes(acme(scopes=own)) == own
    assert wanted_scopes(acme(scopes=own, grant="authorization_code"))[1:] == ("offline_access",)


def test_broad_scopes_are_an_option():
    asked = wanted_scopes(acme(scopes="broad"))
    assert "accounting.transactions.read" in asked
    assert not any(scope.startswith("accounting.invoices") for scope in asked)
    assert has_broad(asked)
    assert not has_broad(wanted_scopes(acme()))
    assert missing_scopes(acme(), asked) == ()


def test_what_is_written_is_asked_for_without_read():
    asked = set(wanted_scopes(acme(may_write=True)))
    assert {"accounting.invoices", "accounting.contacts", "accounting.manualjournals"} <= asked
    assert "accounting.invoices.read" not in asked
    assert missing_scopes(acme(), asked) == ()


def test_an_endpoint_that_is_off_asks_for_nothing():
    documents = {each.name for each in ENDPOINTS.values() if "invoices" in each.scope}
    asked = wanted_scopes(acme(endpoints_off=tuple(documents)))
    assert not any(scope.startswith("accounting.invoices") for scope in asked)


def test_journals_are_asked_for_only_where_they_are_switched_on():
    assert "accounting.journals.read" not in wanted_scopes(acme())
    switched = acme(endpoints_on=("Journals",))
    assert "accounting.journals.read" in wanted_scopes(switched)
    assert missing_scopes(switched, wanted_scopes(acme())) == ("accounting.journals.read",)
    with pytest.raises(ValidationError):
        acme(endpoints_on=("Journal",))


@pytest.mark.parametrize(
    ("needed", "granted", "is_enough"),
    [
        ("accounting.invoices.read", "accounting.invoices.read", True),
        ("accounting.invoices.read", "accounting.invoices", True),
        ("accounting.invoices.read", "accounting.transactions.read", True),
        ("accounting.invoices.read", "accounting.transactions", True),
        ("accounting.payments.read", "accounting.transactions.read", True),
        ("accounting.banktransactions.read", "accounting.transactions", True),
        ("accounting.manualjournals.read", "accounting.transactions.read", True),
        ("accounting.invoices.read", "accounting.payments.read", False),
        ("accounting.invoices", "accounting.invoices.read", False),
        ("accounting.invoices", "accounting.transactions.read", False),
        ("accounting.settings.read", "accounting.settings", True),
        ("accounting.settings.read", "accounting.transactions", False),
        ("accounting.contacts.read", "accounting.transactions", False),
        ("accounting.budgets.read", "accounting.transactions", False),
        ("accounting.journals.read", "accounting.transactions", False),
        ("accounting.reports.balancesheet.read", "accounting.reports.read", True),
        ("accounting.reports.trialbalance.read", "accounting.reports.profitandloss.read", False),
        ("accounting.reports.tenninetynine.read", "accounting.reports.read", False),
    ],
)
def test_what_a_scope_covers(needed: str, granted: str, is_enough: bool):
    assert is_covered(needed, {granted, "offline_access"}) is is_enough


@pytest.mark.parametrize("setting", ["endpoints_off", "endpoints_daily"])
def test_an_endpoint_that_there_is_not_is_refused_by_name(setting: str):
    with pytest.raises(SettingsError, match=r"acme names TrialBalance, .*Reports/TrialBalance"):
        endpoints_on(acme(**{setting: ("TrialBalance", "Items")}))
