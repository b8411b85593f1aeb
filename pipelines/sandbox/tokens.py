"""Who may call the sandbox, and what a token allows: Xero's identity server in small.

Tokens are opaque to the sandbox itself: it looks them up. They have the shape of a JWT with the
claims that Xero's carry, since clients decode the scopes. Custom connections (client credentials)
get no refresh token; the rotation of refresh tokens, and the half hour for which the previous one
still works, follow developer.xero.com as quoted in the reference.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from pipelines.sandbox.sign_in import Codes

ACCESS_LIFETIME = timedelta(minutes=30)
REFRESH_LIFETIME = timedelta(days=60)
GRACE = timedelta(minutes=30)

DEFAULT_SCOPES = (
    "accounting.settings.read",
    "accounting.contacts.read",
    "accounting.invoices.read",
    "accounting.payments.read",
    "accounting.banktransactions.read",
    "accounting.manualjournals.read",
    "accounting.budgets.read",
    "accounting.reports.profitandloss.read",
    "accounting.reports.balancesheet.read",
    "accounting.reports.trialbalance.read",
)
_WITH_READ = (
    *("settings", "contacts", "invoices", "payments", "banktransactions", "manualjournals"),
    *("attachments", "classicexpenses"),
)
_REPORTS = (
    *("aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary"),
    *("profitandloss", "trialbalance", "taxreports", "tenninetynine"),
)
GRANULAR_SCOPES = {
    *(f"accounting.{name}" for name in _WITH_READ),
    *(f"accounting.{name}.read" for name in (*_WITH_READ, "budgets")),
    *(f"accounting.reports.{name}.read" for name in _REPORTS),
    *("offline_access", "app.connections", "openid", "profile", "email"),
}
# Refused to custom connections made from 29 April 2026 on, as Journals are.
BROAD_SCOPES = {
    "accounting.transactions",
    "accounting.transactions.read",
    "accounting.reports.read",
    "accounting.journals.read",
}


class OAuthProblem(Exception):
    """The identity server refuses; `code` is the OAuth error that stands in the answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Client:
    """An app that may ask for tokens, and the organisations it is connected to.

    A public one has no secret: people sign in to it, with PKCE.
    """

    client_id: str
    client_secret: str
    tenant_ids: tuple[str, ...]
    is_public: bool = False


@dataclass(frozen=True)
class Grant:
    """What one access or refresh token allows, until when."""

    client: Client
    scopes: frozenset[str]
    event_id: str
    expires_at: datetime


class Tokens:
    """Issues, checks and revokes tokens. `clock` gives aware UTC times."""

    def __init__(
        self,
        clients: Iterable[Client],
        clock: Callable[[], datetime],
        *,
        lifetime: timedelta = ACCESS_LIFETIME,
        allow_broad_scopes: bool = False,
    ) -> None:
        self.clients = {client.client_id: client for client in clients}
        self._clock = clock
        self._lifetime = lifetime
        self.codes = Codes(clock)
        self.known_scopes = GRANULAR_SCOPES | (BROAD_SCOPES if allow_broad_scopes else set())
        self._key = secrets.token_bytes(32)
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def issue(self, form: Mapping[str, str], client_id: str, secret: str) -> dict[str, object]:
        """Answer a token request.

        Raises:
            OAuthProblem: invalid_client, invalid_scope, invalid_grant, unauthorized_client or
                unsupported_grant_type.
        """
        client = self.client(client_id, secret)
        match form.get("grant_type"):
            case "client_credentials" if client.is_public:
                raise OAuthProblem("unauthorized_client")
            case "client_credentials":
                scopes = frozenset(form.get("scope", "").split()) or frozenset(DEFAULT_SCOPES)
                if not scopes <= self.known_scopes:
                    raise OAuthProblem("invalid_scope")
                return self._answer(client, scopes, str(uuid.uuid4()))
            case "authorization_code":
                return self._redeem(client, form)
            case "refresh_token":
                return self._rotate(client, form.get("refresh_token", ""))
            case _:
                raise OAuthProblem("unsupported_grant_type")

    def client(self, client_id: str, secret: str) -> Client:
        """Return the app with these credentials.

        Raises:
            OAuthProblem: invalid_client.
        """
        client = self.clients.get(client_id)
        known = client.client_secret.encode() if client else b""
        if client is None or not hmac.compare_digest(known, secret.encode()):
            raise OAuthProblem("invalid_client")
        return client

    def authorise(self, client_id: str, scopes: Iterable[str] = DEFAULT_SCOPES) -> str:
        """Return a refresh token, as if a person had just consented in the browser."""
        return self._remember_refresh(self.clients[client_id], frozenset(scopes), str(uuid.uuid4()))

    def grant_of(self, token: str) -> Grant | None:
        """Return what an access token allows; None if it is unknown, expired or revoked."""
        grant = self._access.get(token)
        return grant if grant is not None and grant.expires_at > self._clock() else None

    def expire_all(self) -> None:
        """Let every access token expire now; refresh tokens stay good."""
        self._access.clear()

    def revoke(self, token: str, client: Client) -> None:
        """Revoke a refresh token of an app, and all tokens of the same consent."""
        grant = self._refresh.get(token)
        if grant is not None and grant.client == client:
            for held in (self._access, self._refresh):
                for key in [key for key, one in held.items() if one.event_id == grant.event_id]:
                    del held[key]

    def _redeem(self, client: Client, form: Mapping[str, str]) -> dict[str, object]:
        code = self.codes.take(form, client.client_id, is_public=client.is_public)
        if code is None:
            raise OAuthProblem("invalid_grant")
        answer = self._answer(client, code.scopes, code.event_id)
        if "offline_access" in code.scopes:
            answer["refresh_token"] = self._remember_refresh(client, code.scopes, code.event_id)
        return answer

    def _rotate(self, client: Client, token: str) -> dict[str, object]:
        grant = self._refresh.get(token)
        now = self._clock()
        if grant is None or grant.client != client or grant.expires_at <= now:
            raise OAuthProblem("invalid_grant")
        grace = Grant(client, grant.scopes, grant.event_id, min(grant.expires_at, now + GRACE))
        self._refresh[token] = grace
        answer = self._answer(client, grant.scopes, grant.event_id)
        answer["refresh_token"] = self._remember_refresh(client, grant.scopes, grant.event_id)
        return answer

    def _remember_refresh(self, client: Client, scopes: frozenset[str], event_id: str) -> str:
        token = secrets.token_urlsafe(32)
        self._refresh[token] = Grant(client, scopes, event_id, self._clock() + REFRESH_LIFETIME)
        return token

    def _answer(self, client: Client, scopes: frozenset[str], event_id: str) -> dict[str, object]:
        now = self._clock()
        self._access = {key: one for key, one in self._access.items() if one.expires_at > now}
        grant = Grant(client, scopes, event_id, now + self._lifetime)
        token = self._sign(grant, now)
        self._access[token] = grant
        return {
            "access_token": token,
            "expires_in": int(self._lifetime.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(sorted(scopes)),
        }

    def _sign(self, grant: Grant, now: datetime) -> str:
        claims = {
            "iss": "https://identity.xero.com",
            "nbf": int(now.timestamp()),
            "exp": int(grant.expires_at.timestamp()),
            "client_id": grant.client.client_id,
            "xero_userid": str(uuid.uuid5(uuid.NAMESPACE_URL, grant.client.client_id)),
            "authentication_event_id": grant.event_id,
            "jti": uuid.uuid4().hex,
            "scope": sorted(grant.scopes),
        }
        parts = [_base64(msgspec.json.encode(part)) for part in ({"alg": "HS256"}, claims)]
        signature = hmac.new(self._key, ".".join(parts).encode(), hashlib.sha256).digest()
        return ".".join([*parts, _base64(signature)])


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
