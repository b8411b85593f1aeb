"""Who may change something in the dashboard."""

from __future__ import annotations

import sys

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from orchestration.dashboard.people import signed_in

APPROVERS = "anna@example.com, Bea@Example.com"


def test_who_is_named_may_approve_whatever_the_capitals():
    who = signed_in("bea@example.com", is_verified=True, approvers=APPROVERS)
    assert (who.name, who.why_not) == ("bea@example.com", None)


@pytest.mark.parametrize("approvers", [APPROVERS, ""])
def test_who_is_not_named_may_only_look(approvers):
    who = signed_in("mallory@example.com", is_verified=True, approvers=approvers)
    assert "XERO_CRM_APPROVERS" in (who.why_not or "")


def test_an_address_that_the_login_does_not_vouch_for_is_nobody():
    assert signed_in("anna@example.com", is_verified=False, approvers=APPROVERS).why_not
    assert signed_in(None, is_verified=True, approvers=APPROVERS).why_not


def page_that_does():
    import streamlit as st

    from orchestration.dashboard import deeds

    deeds.run_command = lambda *_: st.write("it ran")
    deeds.do("Approving", ["approve", "20261122-1"])


def test_beyond_loopback_without_a_login_no_command_is_run(monkeypatch):
    given = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: "0.0.0.0" if name == "server.address" else given(name)
    )
    # The page takes the place of __main__, and a process that is spawned later would run it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    page = AppTest.from_function(page_that_does).run()
    assert page.error[0].value.startswith("This dashboard can be reached")
    assert "it ran" not in [text.value for text in page.markdown]
