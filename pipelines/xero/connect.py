"""Connects the organisations of one connection: signs somebody in, or checks a custom connection.

In: a connection and its secrets. Out: a token in the home, and what it may read. Nothing of an
organisation is read but its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.connections import XeroConnection
from pipelines.settings import Credentials
from pipelines.xero.client import TenantConnection, XeroClient
from pipelines.xero.errors import ScopeRefused, SignInFailed, TenantNotConnected, WrongCredentials
from pipelines.xero.identity_refusals import scope_refusal
from pipelines.xero.loopback import Receiver, receiver
from pipelines.xero.scopes import endpoints_on, is_covered
from pipelines.xero.sign_in import begin_sign_in

SIGN_IN_SECONDS = 300.0
"""A code lives five minutes in Xero; so does our patience."""

Progress = Callable[[str], None]
OpenBrowser = Callable[[str], bool]


@dataclass(frozen=True)
class Connected:
    """What a connection may read now.

    Attributes:
        missing: Organisations that tenant_ids names and the token cannot read; None if it can.
        switched_off: Endpoints that are not read for want of a scope, with the scope of each.
    """

    connection: str
    grant: str
    organisations: tuple[TenantConnection, ...]
    scopes: tuple[str, ...]
    missing: str | None
    switched_off: dict[str, str]

    @property
    def is_complete(self) -> bool:
        """Whether there is an organisation to read, and none that was asked for is missing."""
        return bool(self.organisations) and self.missing is None


def connect(
    connection: XeroConnection,
    credentials: Credentials,
    home: Path,
    *,
    open_browser: OpenBrowser,
    progress: Progress,
    timeout: float = SIGN_IN_SECONDS,
    port: int | None = None,
) -> Connected:
    """Sign in where the grant asks for it, then list what the token may read.

    Args:
        connection: Which one.
        credentials: Its client id, and its secret unless the app is a public one.
        home: Where its token is kept.
        open_browser: Shows a URL to the person; False if it could not.
        progress: Told what to do, a line each.
        timeout: Seconds to wait for the person.
        port: Where the browser comes back to, in place of the connection's redirect_port.

    Raises:
        XeroError: It could not be connected; the class says what to do.
    """
    with XeroClient(connection, credentials, home) as client:
        if connection.grant == "authorization_code":
            with receiver(connection.redirect_port if port is None else port) as listening:
                _sign_in(
                    connection, credentials, client, listening, open_browser, progress, timeout
                )
        else:
            client.renew_token()
        try:
            organisations, missing = client.connections(), None
        except TenantNotConnected as error:
            organisations, missing = list(error.connected), str(error)
        scopes = client.granted_scopes()
    lacking = {
        endpoint.name: endpoint.scope
        for endpoint in endpoints_on(connection)
        if not is_covered(endpoint.scope, scopes)
    }
    return Connected(
        connection.name, connection.grant, tuple(organisations), scopes, missing, lacking
    )


def _sign_in(
    connection: XeroConnection,
    credentials: Credentials,
    client: XeroClient,
    listening: Receiver,
    open_browser: OpenBrowser,
    progress: Progress,
    timeout: float,
) -> None:
    if not credentials.client_id:
        raise WrongCredentials(f"{connection.name}: the client id is not set.")
    sign_in = begin_sign_in(connection, credentials.client_id, client.wanted_scopes, listening.port)
    listening.sign_in = sign_in
    if open_browser(sign_in.url):
        progress("Sign in to Xero in the browser that has opened. If none has, open this there:")
    else:
        progress("Open this in a browser on this machine, sign in to Xero and allow access:")
    progress(sign_in.url)
    try:
        code = listening.code(sign_in, timeout)
    except SignInFailed as error:
        if "invalid_scope" in str(error):
            where = f"Sign-in of {connection.name}"
            raise ScopeRefused(scope_refusal(where, client.wanted_scopes)) from None
        raise
    client.redeem(code, sign_in.verifier, sign_in.redirect_uri)
