"""The sandbox WorkGuru as a Starlette app: a token for a key, then `/api/services/app/…`.

An answer is `{"result", "success", "error"}`; a refusal may come with HTTP 200. A key belongs to
one organisation: "harbour" with "harbour-secret". "sandbox" with "sandbox-secret" opens the one
whose short name stands in the path (`<url>/workguru/kowhai`), or the first that has a WorkGuru.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from pipelines.sandbox.workguru_files import NEVER, Fields
from pipelines.sandbox.workguru_methods import BY_PATH, CREDIT_NOTE_TYPE, CREDIT_NOTE_TYPES, Method
from pipelines.sandbox.workguru_world import WorkGuru, has_workguru, load_workguru

if TYPE_CHECKING:
    from pipelines.sandbox.world import World

KEY = "sandbox"
TOKEN_LIFETIME = timedelta(days=1)
PAGE_SIZE = 10  # what a list shows when no MaxResultCount is asked for
LONGEST_PAGE = 1000
TOKEN_PATH = "/api/ClientTokenAuth/Authenticate/api/client/v1/tokenauth"
NOT_LOGGED_IN = "Current user did not login to the application!"

_encoder = msgspec.json.Encoder(decimal_format="number")


class RefusedError(Exception):
    """What the app answers with success=false."""

    def __init__(self, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.message, self.status = message, status


class WorkGuruApp:
    """Answers requests over the WorkGurus of one world."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._world, self._clock = world, clock
        self._loaded: dict[str, WorkGuru] = {}
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def of(self, short_name: str) -> WorkGuru:
        """Return an organisation's records; change them and the answers follow."""
        if short_name not in self._loaded:
            organisation = self._world.organisation(short_name)
            self._loaded[short_name] = load_workguru(self._world, organisation)
        return self._loaded[short_name]

    def expire_tokens(self) -> None:
        """Let every token given so far be refused."""
        self._tokens.clear()

    def asgi(self) -> ASGIApp:
        """Return the ASGI app."""
        routes = [
            Route(TOKEN_PATH, self._authenticate, methods=["POST"]),
            Route("/api/services/app/{service}/{method}", self._call, methods=["GET", "POST"]),
        ]
        return Starlette(routes=[*routes, Mount("/{organisation}", routes=routes)])

    async def _authenticate(self, request: Request) -> Response:
        try:
            asked = msgspec.json.decode(await request.body(), type=dict[str, str])
        except msgspec.DecodeError:
            return _refusal(RefusedError("Your request is not valid!", 400))
        key, secret = asked.get("apiKey", ""), asked.get("secret", "")
        short_name = self._opens(key, request.path_params.get("organisation"))
        if short_name is None or secret != f"{key}-secret":
            return _refusal(RefusedError("Invalid API key or secret", 401))
        token = secrets.token_urlsafe(24)
        self._tokens[token] = (short_name, self._clock() + TOKEN_LIFETIME)
        return _json({"accessToken": token, "expireInSeconds": TOKEN_LIFETIME.days * 86_400})

    def _opens(self, key: str, asked: str | None) -> str | None:
        """Return the organisation that a key opens."""
        names = [
            organisation.short_name
            for organisation in self._world.organisations.values()
            if has_workguru(self._world, organisation)
        ]
        if key == KEY:
            return next((name for name in names if asked in (None, name)), None)
        return key if key in names and asked in (None, key) else None

    async def _call(self, request: Request) -> Response:
        try:
            workguru = self._authorised(request)
            path = f"{request.path_params['service']}/{request.path_params['method']}"
            method = BY_PATH.get(path.lower())
            if method is None:
                raise RefusedError("The resource you are looking for is not found!", 404)
            if (method.does in ("mark", "unmark")) != (request.method == "POST"):
                raise RefusedError("The requested resource does not support this method.", 405)
            return _json(_envelope(await self._answer(workguru, method, request)))
        except RefusedError as error:
            return _refusal(error)

    def _authorised(self, request: Request) -> WorkGuru:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        short_name, until = self._tokens.get(token, ("", self._clock()))
        if scheme.lower() != "bearer" or self._clock() >= until:
            raise RefusedError(NOT_LOGGED_IN, 401)
        if request.path_params.get("organisation", short_name) != short_name:
            raise RefusedError(NOT_LOGGED_IN, 401)
        return self.of(short_name)

    async def _answer(self, workguru: WorkGuru, method: Method, request: Request) -> Any:
        records = workguru.records[method.kind]
        query = {name.lower(): value for name, value in request.query_params.items()}
        if method.does == "find":
            return _shown(_found(records, query.get("id", "")))
        if method.does in ("mark", "unmark"):
            return self._marked(workguru, method, query, await request.body())
        listed: Iterable[Fields] = records.values()
        if method.does == "queue":
            listed = (record for record in listed if _is_waiting(record, method.due))
        shown = [_shown(record, method.hides) for record in listed]
        if method.as_array:
            return shown
        skip = _number(query.get("skipcount"), 0)
        count = _number(query.get("maxresultcount"), PAGE_SIZE)
        if not 1 <= count <= LONGEST_PAGE:
            raise RefusedError("Your request is not valid! MaxResultCount is out of range.", 400)
        return {"totalCount": len(shown), "items": shown[skip : skip + count]}

    def _marked(
        self, workguru: WorkGuru, method: Method, query: dict[str, str], body: bytes
    ) -> None:
        try:
            asked = msgspec.json.decode(body, type=dict[str, Any]) if body.strip() else {}
        except msgspec.DecodeError:
            raise RefusedError("Your request is not valid!", 400) from None
        identity = str(asked.get("id", query.get("id", "")))
        kind = _kind(workguru, method, identity, str(asked.get(CREDIT_NOTE_TYPE, "")))
        record = _found(workguru.records[kind], identity)
        if method.does == "mark" and record["sentToAccounting"] not in (None, NEVER):
            # As WorkGuru's habit is: the refusal is in the envelope, the status says 200.
            raise RefusedError("This record has already been sent to accounting.")
        sent = self._clock() if method.does == "mark" else None
        workguru.change(kind, record["id"], sentToAccounting=sent)


def _kind(workguru: WorkGuru, method: Method, identity: str, note_type: str) -> str:
    """Return whose record is meant; of two kinds that share ids it has to be said."""
    if not method.other_kind:
        return method.kind
    if note_type:
        kind = CREDIT_NOTE_TYPES.get(note_type.lower())
        if kind is None:
            raise RefusedError("Your request is not valid!", 400)
        return kind
    kinds = (method.kind, method.other_kind)
    having = [
        kind for kind in kinds if identity.isdecimal() and int(identity) in workguru.records[kind]
    ]
    if len(having) > 1:
        raise RefusedError(f"{CREDIT_NOTE_TYPE} is required: two credit notes have this id.")
    return having[0] if having else method.kind


def _is_waiting(record: Fields, due: str) -> bool:
    return (
        record["status"] == due
        and record["sentToAccounting"] in (None, NEVER)
        and not record["skipSendToAccounting"]
    )


def _found(records: dict[int, Fields], identity: str) -> Fields:
    record = records.get(int(identity)) if identity.isdecimal() else None
    if record is None:
        raise RefusedError(f"There is no such an entity with given id: {identity or 'none'}")
    return record


def _number(text: str | None, default: int) -> int:
    try:
        return int(text) if text else default
    except ValueError:
        raise RefusedError("Your request is not valid!", 400) from None


def _shown(record: Fields, hides: tuple[str, ...] = ()) -> Fields:
    return {name: _plain(value) for name, value in record.items() if name not in hides}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00+00:00"
    if isinstance(value, Decimal):
        return value
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _envelope(result: Any, error: Fields | None = None, *, unauthorised: bool = False) -> Fields:
    return {
        "result": result,
        "targetUrl": None,
        "success": error is None,
        "error": error,
        "unAuthorizedRequest": unauthorised,
        "__abp": True,
    }


def _refusal(refused: RefusedError) -> Response:
    error = {"code": 0, "message": refused.message, "details": None, "validationErrors": None}
    body = _envelope(None, error, unauthorised=refused.status == 401)
    return _json(body, refused.status)


def _json(content: Any, status: int = 200) -> Response:
    return Response(_encoder.encode(content), status, media_type="application/json")
