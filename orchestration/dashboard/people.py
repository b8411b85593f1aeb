"""Who is at the page, and whether he may change anything.

On loopback it is the user that runs the dashboard, as at the command line. Beyond loopback a
person is who the login says (OIDC, by streamlit), if `XERO_CRM_APPROVERS` names him; without a
login nobody may.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from orchestration.dashboard.published import settings
from orchestration.dashboard.same_origin import on_loopback
from pipelines.push.person import current_person


@dataclass(frozen=True)
class Person:
    """Who is at the page.

    Attributes:
        name: How approvals name the person.
        signed_in_as: The address that the login gave; None: the user that runs the dashboard.
        why_not: Why nothing may be changed; None if it may.
    """

    name: str
    signed_in_as: str | None = None
    why_not: str | None = None


def ask_to_sign_in() -> None:
    """Show nothing else before somebody has signed in, where a login is set up."""
    if _has_login() and not st.user.is_logged_in:
        st.write("Sign in to see the figures.")
        if st.button("Sign in", type="primary"):
            st.login()
        st.stop()


def person() -> Person:
    """Return who is at the page."""
    if _has_login():
        return signed_in(
            st.user.get("email"),  # pyright: ignore[reportArgumentType]
            is_verified=st.user.get("email_verified") is not False,
            approvers=settings().approvers,
        )
    if on_loopback():
        return Person(current_person())
    return Person(
        "nobody",
        why_not="This dashboard can be reached from other machines and has no login, so nothing"
        " can be changed here. Set up a login (orchestration/dashboard/README.md), or use the"
        " command line.",
    )


def signed_in(email: str | None, *, is_verified: bool, approvers: str) -> Person:
    """Return the person whom a login named; `approvers` are addresses between commas."""
    if not email or not is_verified:
        return Person("nobody", why_not="The login gave no verified address.")
    named = {each.strip().lower() for each in approvers.split(",")} - {""}
    if email.lower() in named:
        return Person(email, email)
    return Person(email, email, f"{email} is not among XERO_CRM_APPROVERS, so may only look.")


def show_person() -> None:
    """Say who is at the page, and offer to sign out."""
    if not _has_login() or not st.user.is_logged_in:
        return
    st.caption(f"Signed in as {st.user.get('email')}")
    if st.button("Sign out", type="tertiary"):
        st.logout()


def _has_login() -> bool:
    # Without a secrets file, looking for one is an error of streamlit's.
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False
