"""The sandbox's Prospect as an ASGI app: OData v4 over one workspace, behind a token and a limit.

Ways of the real one that are kept (reference and README of `pipelines/prospect`): a single record
comes as a list of one, or of none; a key of the wrong shape is answered 500; deletes only flag;
create-only and computed properties in a PATCH are ignored without a word; a refused call over the
limit has no Retry-After. How many records a page holds is not known of the real one: here 1,000.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pipelines.sandbox.prospect_keys import KeyShapeError, parse_path
from pipelines.sandbox.prospect_model import ENTITY_SETS, EntitySet
from pipelines.sandbox.prospect_query import QueryError, parse_query
from pipelines.sandbox.prospect_world import ProspectWorld, load_prospect
from pipelines.sandbox.prospect_writes import WriteError, created, patched
from pipelines.sandbox.sliding_window import SlidingWindow

if TYPE_CHECKING:
    from pipelines.sandbox.world import World

TOKEN = "sandbox-token"
CALLS, SPAN = 1200, timedelta(minutes=10)
METHODS = ["GET", "POST", "PATCH", "DELETE"]


class ProspectApp:
    """Answers requests over one workspace: that of the first organisation that has one.

    Attributes:
        workspace: Its records; change them while the app runs, the answers follow.
        window: The calls of the last ten minutes, over all tokens.
        requests: Method and address of each admitted call, as it came.
        tokens: The tokens that open it.
    """

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self.workspace = _workspace(world)
        self.window = SlidingWindow(CALLS, SPAN, clock)
        self.requests: list[tuple[str, str]] = []
        self.tokens = {TOKEN}

    def asgi(self) -> ASGIApp:
        """Return the ASGI app, with paths that begin after the prefix."""
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=METHODS)])

    async def _answer(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in self.tokens:
            return _error(401, "Authorization has been denied for this request.")
        if not self.window.admits():
            return _error(429, "Too many requests. Try again later.")
        self.requests.append((request.method, str(request.url)))
        path = request.path_params["path"]
        try:
            name, key = parse_path(path)
        except KeyShapeError as error:
            return _error(500, str(error))
        if name not in ENTITY_SETS:
            return _error(404, f"No HTTP resource was found that matches '{path}'.")
        try:
            if request.method == "GET":
                return self._list(request, name) if key is None else self._single(name, key)
            return await self._write(request, ENTITY_SETS[name], key)
        except QueryError as error:
            return _error(400, str(error))
        except WriteError as error:
            return _error(400, str(error), error.details)

    def _list(self, request: Request, name: str) -> Response:
        options = dict(request.query_params)
        query = parse_query(ENTITY_SETS[name], options)
        records, count = query.apply(self.workspace.records(name))
        body: dict[str, Any] = {"@odata.context": f"{_base(request)}$metadata#{name}"}
        if query.is_counted:
            body["@odata.count"] = count
        body["value"] = records
        if query.skip + len(records) < count:
            options["$skip"] = str(query.skip + len(records))
            body["@odata.nextLink"] = f"{_base(request)}{name}?{urlencode(options)}"
        return _json(body)

    def _single(self, name: str, key: tuple[Any, ...]) -> Response:
        record = self.workspace.find(name, key)
        properties = ENTITY_SETS[name].properties
        found = [] if record is None else [{each: record[each] for each in properties}]
        return _json({"value": found})

    async def _write(
        self, request: Request, entity_set: EntitySet, key: tuple[Any, ...] | None
    ) -> Response:
        name = entity_set.name
        if request.method == "POST":
            record = created(self.workspace, entity_set, await _fields(request))
            return _json({each: record[each] for each in entity_set.properties}, status=201)
        if key is None or self.workspace.find(name, key) is None:
            return _error(404, f"{name} holds no such record.")
        if request.method == "PATCH":
            patched(self.workspace, entity_set, key, await _fields(request))
        else:
            self.workspace.delete(name, key)
        return Response(status_code=204)


def _workspace(world: World) -> ProspectWorld:
    if world.folder is not None:
        for tenant_id, organisation in world.organisations.items():
            folder = world.folder / "organisations" / organisation.short_name / "prospect"
            if found := load_prospect(folder, tenant_id, world.now):
                return found
    return ProspectWorld(world.now)


def _base(request: Request) -> str:
    prefix = request.scope.get("root_path", "")  # that of the mount; base_url leaves it out
    return f"{request.url.scheme}://{request.url.netloc}{prefix}/"


async def _fields(request: Request) -> dict[str, Any]:
    try:
        fields = _decoder.decode(await request.body())
    except msgspec.DecodeError as error:
        raise WriteError(f"The body is no JSON: {error}") from error
    if not isinstance(fields, dict):
        raise WriteError("The body is no object.")
    return fields


_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


def _json(body: Any, status: int = 200) -> Response:
    content = _encoder.encode(_plain(body))
    return Response(content, status, media_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def _error(status: int, message: str, details: list[dict[str, str]] | None = None) -> Response:
    error: dict[str, Any] = {"code": str(status), "message": message, "details": details or []}
    return _json({"error": error}, status)
