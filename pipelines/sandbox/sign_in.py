"""Xero's page where somebody lets an app in, without the page: consent is given at once.

A code works once, for five minutes, for the redirect URI it was asked with, and for whoever knows
the verifier of its challenge (PKCE, S256). What may be a redirect URI follows developer.xero.com:
https, or http on localhost, which 127.0.0.1 is not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

CODE_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True)
class Code:
    """What a code may be exchanged for."""

    client_id: str
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str
    event_id: str
    expires_at: datetime


class Codes:
    """Gives codes and takes them back. `consents=False`: the person says no."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.consents = True
        self._clock = clock
        self._codes: dict[str, Code] = {}

    def give(self, client_id: str, query: Mapping[str, str]) -> str:
        """Return a code for a consent."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(
            client_id,
            frozenset(query.get("scope", "").split()),
            query["redirect_uri"],
            query.get("code_challenge", ""),
            str(uuid.uuid4()),
            self._clock() + CODE_LIFETIME,
        )
        return code

    def take(self, form: Mapping[str, str], client_id: str, *, is_public: bool) -> Code | None:
        """Return what a code was given for, once; None if anything about it does not fit."""
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.expires_at <= self._clock() or code.client_id != client_id:
            return None
        if code.redirect_uri != form.get("redirect_uri"):
            return None
        if not code.challenge:
            return None if is_public else code
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return code if hmac.compare_digest(challenge, code.challenge) else None


def authorise(
    request: Request, codes: Codes, clients: Mapping[str, object], known_scopes: set[str]
) -> Response:
    """Answer GET /identity/connect/authorize: back to the app, with a code or with an error."""
    query = dict(request.query_params)
    redirect_uri = query.get("redirect_uri", "")
    if query.get("client_id") not in clients or not may_redirect_to(redirect_uri):
        return PlainTextResponse("Error: unauthorized_client, or an invalid redirect_uri", 400)
    answer = {"state": query["state"]} if "state" in query else {}
    if query.get("response_type") != "code" or query.get("code_challenge_method", "S256") != "S256":
        answer["error"] = "invalid_request"
    elif not set(query.get("scope", "").split()) <= known_scopes:
        answer["error"] = "invalid_scope"
    elif not codes.consents:
        answer["error"] = "access_denied"
    else:
        answer["code"] = codes.give(query["client_id"], query)
    return RedirectResponse(f"{redirect_uri}?{urlencode(answer)}", 302)


def may_redirect_to(address: str) -> bool:
    """Whether an app may have this redirect URI."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")
