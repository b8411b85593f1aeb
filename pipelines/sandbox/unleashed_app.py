"""The sandbox's Unleashed as an ASGI app: signed requests, numbered pages, changes since a day.

Kept of the real one (README of `pipelines/unleashed`): the signature is over the query string
exactly as it was sent; a wrong one is 403; `modifiedSince` is a day in UTC; deleted invoices are
shown only to who asks for that status; pageSize=0 gives the counts alone. The number of calls
allowed depends on the plan and is not published: here it is not limited unless `window` is set.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pipelines.sandbox.sliding_window import SlidingWindow
from pipelines.sandbox.unleashed_world import (
    RESOURCES,
    STAMP,
    Record,
    UnleashedWorld,
    load_unleashed,
)

if TYPE_CHECKING:
    from pipelines.sandbox.world import World

API_ID = "sandbox"
API_KEY = "sandbox-secret"  # known to everyone on purpose: it opens demo data
PAGE_SIZE, LARGEST_PAGE = 200, 1000
HIDDEN = "Deleted"


class UnleashedApp:
    """Answers requests over one account: that of the first organisation that has one.

    Attributes:
        account: Its records; change them while the app runs, the answers follow.
        window: Set to limit the calls.
        requests: Path and query of each call whose signature was right, as they came.
    """

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        del clock  # only a limit would need it
        self.account = _account(world)
        self.window: SlidingWindow | None = None
        self.requests: list[tuple[str, str]] = []

    def asgi(self) -> ASGIApp:
        """Return the ASGI app, with paths that begin after the prefix."""
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET"])])

    async def _answer(self, request: Request) -> Response:
        raw_query: bytes = request.scope["query_string"]
        if not _is_signed(request, raw_query):
            return _error(403, "Invalid signature or API id.")
        if self.window is not None and not self.window.admits():
            return _error(429, "Too many requests.")
        path = request.path_params["path"].strip("/")
        self.requests.append((path, raw_query.decode("ascii")))
        resource, _, rest = path.partition("/")
        if resource not in RESOURCES:
            return _error(404, f"There is no resource {resource}.")
        if rest and not rest.isdecimal():
            record = self.account.records[resource].get(rest.lower())
            return _json(record) if record else _error(404, f"{resource} {rest} was not found.")
        try:
            return self._page(resource, int(rest or 1), request)
        except ValueError as error:
            return _error(400, str(error))

    def _page(self, resource: str, number: int, request: Request) -> Response:
        query = {name.lower(): value for name, value in request.query_params.items()}
        size = min(int(query.get("pagesize", PAGE_SIZE)), LARGEST_PAGE)
        records = list(self._chosen(resource, query))
        first = (number - 1) * size
        pagination = {
            "NumberOfItems": len(records),
            "PageSize": size,
            "PageNumber": number,
            "NumberOfPages": math.ceil(len(records) / size) if size else 0,
        }
        return _json({"Pagination": pagination, "Items": records[first : first + size]})

    def _chosen(self, resource: str, query: dict[str, str]) -> list[Record]:
        records = list(self.account.records[resource].values())
        if since := query.get("modifiedsince"):
            day = datetime.combine(date.fromisoformat(since[:10]), datetime.min.time(), UTC)
            records = [record for record in records if record[STAMP] >= day]
        if resource == "Invoices":
            asked = {s for s in query.get("invoicestatus", "").split(",") if s}
            records = [
                record
                for record in records
                if (
                    record["InvoiceStatus"] in asked if asked else record["InvoiceStatus"] != HIDDEN
                )
            ]
        return sorted(records, key=lambda record: record["Guid"])


def signature(key: str, raw_query: bytes) -> str:
    """Return what api-auth-signature must be for a query string as it is sent, without `?`."""
    digest = hmac.new(key.encode(), raw_query, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _is_signed(request: Request, raw_query: bytes) -> bool:
    given = request.headers.get("api-auth-signature", "")
    is_known = request.headers.get("api-auth-id") == API_ID
    return is_known and hmac.compare_digest(given.encode(), signature(API_KEY, raw_query).encode())


def _account(world: World) -> UnleashedWorld:
    if world.folder is not None:
        for tenant_id, organisation in world.organisations.items():
            folder = world.folder / "organisations" / organisation.short_name / "unleashed"
            base = organisation.base_currency
            if found := load_unleashed(folder, tenant_id, base, world.now):
                return found
    return UnleashedWorld(world.now)


_encoder = msgspec.json.Encoder(decimal_format="number")


def _json(body: Any, status: int = 200) -> Response:
    return Response(_encoder.encode(_plain(body)), status, media_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return f"/Date({round(value.timestamp() * 1000)})/"
    return value


def _error(status: int, message: str) -> Response:
    return _json({"Description": message}, status)
