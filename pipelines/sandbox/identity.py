"""Xero's identity server and `/connections` over HTTP: how a client gets a token, and for what."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import Response

from pipelines.sandbox import answers
from pipelines.sandbox.answers import ApiError
from pipelines.sandbox.rendering import encode
from pipelines.sandbox.sign_in import authorise
from pipelines.sandbox.tokens import Grant, OAuthProblem, Tokens

if TYPE_CHECKING:
    from pipelines.sandbox.world import World


class Identity:
    """Answers token requests, and tells which organisations a token may read."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        self.tokens = tokens
        self._world = world
        self._connected_at = world.now()

    async def token(self, request: Request) -> Response:
        """POST /connect/token: credentials by HTTP Basic or in the body."""
        form, (client_id, secret), is_basic = await _credentials(request)
        try:
            return _json(self.tokens.issue(form, client_id, secret))
        except OAuthProblem as problem:
            status = 401 if is_basic and problem.code == "invalid_client" else 400
            return _json({"error": problem.code}, status)

    async def authorise(self, request: Request) -> Response:
        """GET /identity/connect/authorize: the browser is sent back at once, with a code."""
        tokens = self.tokens
        return authorise(request, tokens.codes, tokens.clients, tokens.known_scopes)

    async def revocation(self, request: Request) -> Response:
        """POST /connect/revocation: 200 whether or not the token was known (RFC 7009)."""
        form, (client_id, secret), _ = await _credentials(request)
        try:
            self.tokens.revoke(form.get("token", ""), self.tokens.client(client_id, secret))
        except OAuthProblem as problem:
            return _json({"error": problem.code}, 400)
        return Response()

    async def connections(self, request: Request) -> Response:
        """GET /connections, also with `authEventId`: the organisations the token may read."""
        if request.path_params["connections"].lower() != "connections":
            return ApiError(404, text=answers.NOT_FOUND).response(as_json=True)
        try:
            grant = bearer(self.tokens, request)
        except ApiError as error:
            return error.response(as_json=True)
        event_id = request.query_params.get("authEventId", grant.event_id)
        tenants = grant.client.tenant_ids if event_id.lower() == grant.event_id else ()
        return _json([self._connection(grant, tenant_id) for tenant_id in tenants])

    def _connection(self, grant: Grant, tenant_id: str) -> dict[str, str]:
        stamp = self._connected_at.strftime("%Y-%m-%dT%H:%M:%S.%f0")  # no zone, 7 digits
        return {
            "id": str(uuid.uuid5(uuid.UUID(tenant_id), grant.client.client_id)),
            "authEventId": grant.event_id,
            "tenantId": tenant_id,
            "tenantType": "ORGANISATION",
            "tenantName": self._world.organisations[tenant_id].name,
            "createdDateUtc": stamp,
            "updatedDateUtc": stamp,
        }


def bearer(tokens: Tokens, request: Request) -> Grant:
    """Return what the request's token allows.

    Raises:
        ApiError: 401, because there is none, or it is unknown, expired or revoked.
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    grant = tokens.grant_of(token.strip()) if kind.lower() == "bearer" else None
    if grant is None:
        raise answers.unauthorised("TokenExpired: the token is not known, or has expired")
    return grant


async def _credentials(request: Request) -> tuple[dict[str, str], tuple[str, str], bool]:
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form, (form.get("client_id", ""), form.get("client_secret", "")), False
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        client_id, secret = "", ""
    return form, (unquote(client_id), unquote(secret)), True


def _json(body: object, status: int = 200) -> Response:
    return Response(encode(body), status, media_type="application/json; charset=utf-8")
