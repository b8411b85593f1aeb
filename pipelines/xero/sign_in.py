"""A sign-in by browser: where to send the person, and what proves that it was us who did.

Authorisation code with PKCE (RFC 7636, S256): the verifier stays here, only its hash travels, so a
code that somebody else catches is worth nothing. `state` ties the answer to the question.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pipelines.connections import XeroConnection

CALLBACK = "/callback"


@dataclass(frozen=True)
class SignIn:
    """One attempt. `url` goes to the browser; the rest stays here, and out of any text."""

    url: str = field(repr=False)
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)

    def is_answered_by(self, state: str) -> bool:
        """Whether an answer belongs to this attempt; takes as long whatever it holds."""
        return hmac.compare_digest(state.encode(), self.state.encode())


def begin_sign_in(
    connection: XeroConnection, client_id: str, scopes: tuple[str, ...], port: int
) -> SignIn:
    """Return a new attempt whose answer comes to `http://localhost:<port>/callback`.

    Xero takes `localhost` for a redirect on this machine, and refuses 127.0.0.1.
    """
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    redirect_uri = redirect_uri_of(port)
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    url = f"{connection.login_url}/identity/connect/authorize?{urlencode(query)}"
    return SignIn(url, redirect_uri, state, verifier)


def redirect_uri_of(port: int) -> str:
    """Return the redirect URI, exactly as the app's settings in Xero must hold it."""
    return f"http://localhost:{port}{CALLBACK}"


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier: its SHA-256 in base64url without padding."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
