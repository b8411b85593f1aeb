"""Which scopes a token needs, and which endpoints it can read with those it has.

In: a connection's settings, and the scopes of a token. Out: what to ask for, and what is missing.
Xero's granular scopes are the default; apps made before March 2026 may have the broad ones until
September 2027 (`scopes = "broad"`). Scopes: https://developer.xero.com/documentation/guides/oauth2/scopes
"""

from __future__ import annotations

from collections.abc import Collection

from pipelines.connections import XeroConnection
from pipelines.settings import SettingsError
from pipelines.xero.endpoints import ENDPOINTS, Endpoint

OFFLINE_ACCESS = "offline_access"  # without it a sign-in gives no refresh token

_READ = ".read"
_TRANSACTIONS = "accounting.transactions"
_BROAD = {
    **dict.fromkeys(
        (
            "accounting.invoices",
            "accounting.payments",
            "accounting.banktransactions",
            "accounting.manualjournals",
            "accounting.classicexpenses",
        ),
        _TRANSACTIONS,
    ),
    # Items stand under settings and under invoices; no single scope replaces the former.
}
_REPORTS = "accounting.reports."
_BROAD_REPORTS = "accounting.reports.read"
_OWN_REPORTS = "accounting.reports.tenninetynine.read"  # never part of the broad one

_WRITTEN = (
    "accounting.settings.read",
    "accounting.contacts.read",
    "accounting.invoices.read",
    "accounting.manualjournals.read",
)
"""What `may_write` asks for without `.read`: what items, contacts, documents, journals need."""


def endpoints_on(connection: XeroConnection) -> list[Endpoint]:
    """Return the endpoints that the connection reads.

    All but those it switches off; of the optional ones, those it switches on.

    Raises:
        SettingsError: It names an endpoint that there is not, which would be read all the same.
    """
    unknown = {*connection.endpoints_off, *connection.endpoints_daily} - ENDPOINTS.keys()
    if unknown:
        raise SettingsError(
            f"connections.toml: {connection.name} names {', '.join(sorted(unknown))}, which is no "
            f"endpoint. Known are {', '.join(ENDPOINTS)}."
        )
    return [
        each
        for each in ENDPOINTS.values()
        if each.name not in connection.endpoints_off
        and (not each.is_optional or each.name in connection.endpoints_on)
    ]


def wanted_scopes(connection: XeroConnection) -> tuple[str, ...]:
    """Return the scopes to ask for: the connection's own list, or what its endpoints need."""
    offline = (OFFLINE_ACCESS,) if connection.grant == "authorization_code" else ()
    if isinstance(connection.scopes, tuple) and connection.scopes:
        return tuple(dict.fromkeys((*connection.scopes, *offline)))
    needed = [each.scope for each in endpoints_on(connection)]
    if connection.may_write:
        needed = [each.removesuffix(_READ) if each in _WRITTEN else each for each in needed]
        needed += [each.removesuffix(_READ) for each in _WRITTEN]
    if connection.scopes == "broad":
        needed = [_broad(each) or each for each in needed]
    return tuple(dict.fromkeys((*needed, *offline)))


def is_covered(scope: str, granted: Collection[str]) -> bool:
    """Whether a token with these scopes may do what the granular scope allows."""
    wider = {scope, scope.removesuffix(_READ)} if not scope.startswith(_REPORTS) else {scope}
    wider |= {broad for each in tuple(wider) if (broad := _broad(each))}
    return not wider.isdisjoint(granted)


def missing_scopes(connection: XeroConnection, granted: Collection[str]) -> tuple[str, ...]:
    """Return the scopes that the connection's endpoints need and a token lacks, once each."""
    needed = dict.fromkeys(each.scope for each in endpoints_on(connection))
    return tuple(scope for scope in needed if not is_covered(scope, granted))


def has_broad(scopes: Collection[str]) -> bool:
    """Whether one of the broad scopes is among them, which newer apps are refused."""
    return any(
        each.removesuffix(_READ) == _TRANSACTIONS or each == _BROAD_REPORTS for each in scopes
    )


def _broad(scope: str) -> str | None:
    """Return the broad scope that includes a granular one, for the same right; None if none."""
    if scope.startswith(_REPORTS):
        return None if scope in (_OWN_REPORTS, _BROAD_REPORTS) else _BROAD_REPORTS
    right = _READ if scope.endswith(_READ) else ""
    broad = _BROAD.get(scope.removesuffix(_READ))
    return f"{broad}{right}" if broad else None
