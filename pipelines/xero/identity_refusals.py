"""What the identity server's refusals mean, and what a person does about each."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pipelines.web.quoting import quoted
from pipelines.web.transport import Answer
from pipelines.xero.errors import (
    BadRequest,
    ScopeRefused,
    SignInNeeded,
    WrongCredentials,
    XeroError,
)
from pipelines.xero.refusals import refusal
from pipelines.xero.scopes import has_broad

JOURNALS = "accounting.journals.read"
INVALID_GRANT = "invalid_grant"


def identity_refusal(
    where: str,
    answer: Answer,
    *,
    scopes: tuple[str, ...],
    signs_in: bool,
    variables: str,
    secrets: Iterable[str],
) -> XeroError:
    """Return the error that a refused token request stands for.

    Args:
        where: How messages call the token.
        answer: What the identity server said.
        scopes: What was asked for.
        signs_in: Whether people sign in to the app, rather than a custom connection's secret.
        variables: The names of the settings that hold id and secret.
        secrets: What must not be repeated.
    """
    secrets = tuple(secrets)
    error, description = oauth_error(answer.body)
    said = quoted(f"{error}: {description}" if description else error, secrets)
    if error == "invalid_scope" or "scope validation" in description.lower():
        return ScopeRefused(scope_refusal(where, scopes))
    if error == "unauthorized_client":
        return WrongCredentials(
            f"{where}: the app may not use this grant ({said}). Only a custom connection has "
            'client credentials; one that people sign in to needs grant = "authorization_code".'
        )
    if error == INVALID_GRANT and signs_in:
        return SignInNeeded(
            f"{where}: the sign-in does not hold any more ({said}). It ends after 60 days without "
            "use, or when somebody disconnects the app in Xero."
        )
    if error in {"invalid_client", INVALID_GRANT} or answer.status == 401:
        return WrongCredentials(
            f"{where}: the client id or secret is wrong ({said or answer.status}). "
            f"Check {variables}."
        )
    if error and answer.status < 500 and answer.status != 429:
        return BadRequest(f"{where}: refused ({said}).", status=answer.status)
    return refusal(where, answer.status, answer.headers, answer.body, secrets=secrets)


def scope_refusal(where: str, scopes: tuple[str, ...]) -> str:
    """Return what to say when the scopes asked for are refused."""
    asked = f"{where}: the scopes asked for ({' '.join(scopes)}) were refused."
    if JOURNALS in scopes:
        return (
            f"{asked} Xero lets only apps of its Advanced tier read Journals, and no custom "
            "connection made from 29 April 2026 on: take Journals out of `endpoints_on`."
        )
    if has_broad(scopes):
        return (
            f"{asked} Xero gives broad scopes only to apps made before 2 March 2026 and custom "
            "connections made before 29 April 2026: take `scopes` out of connections.toml."
        )
    return f'{asked} An app made before March 2026 may have the broad ones: scopes = "broad".'


def oauth_error(body: bytes) -> tuple[str, str]:
    """Return `error` and `error_description` of an OAuth answer; empty where it has none."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "", ""
    if not isinstance(content, dict):
        return "", ""
    return str(content.get("error") or ""), str(content.get("error_description") or "")
