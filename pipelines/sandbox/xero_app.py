"""The sandbox Xero as a Starlette app: identity, connections, and the accounting API.

A request passes token, organisation, limits and scope before a record is read or written.
Paths are matched without regard to case. Only `writes` changes the world.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.sandbox import answers
from pipelines.sandbox.answers import ApiError
from pipelines.sandbox.balance_reports import balance_sheet_report, trial_balance_report
from pipelines.sandbox.identity import Identity, bearer
from pipelines.sandbox.limits import CallBudget
from pipelines.sandbox.list_files import within
from pipelines.sandbox.pages import HighVolumeError, Pages, json_tail
from pipelines.sandbox.paging import (
    BadParameterError,
    Rendering,
    read_parameters,
    unit_places,
)
from pipelines.sandbox.rendering import encode
from pipelines.sandbox.reports import profit_and_loss_report
from pipelines.sandbox.resources import (
    BALANCE_SHEET,
    PROFIT_AND_LOSS,
    RESOURCES,
    TRIAL_BALANCE,
    Resource,
)
from pipelines.sandbox.selection import find_record
from pipelines.sandbox.tokens import Grant, Tokens
from pipelines.sandbox.where import QueryParseError
from pipelines.sandbox.writes import Writes
from pipelines.sandbox.xml_rendering import plain_element, records_xml

if TYPE_CHECKING:
    from pipelines.sandbox.world import Organisation, World

API_PREFIX = "/api.xro/2.0/"
# Set in the scope by the fault controls: a pause that happens while the call holds its place.
PAUSE = "sandbox.pause"
WRITING = ("PUT", "POST", "DELETE")

Report = Callable[["Organisation", Mapping[str, str], datetime], dict[str, Any]]
REPORTS: Mapping[str, tuple[tuple[str, ...], Report]] = {
    "reports/profitandloss": (PROFIT_AND_LOSS, profit_and_loss_report),
    "reports/balancesheet": (BALANCE_SHEET, balance_sheet_report),
    "reports/trialbalance": (TRIAL_BALANCE, trial_balance_report),
}


class XeroApp:
    """Answers requests over one world."""

    def __init__(self, world: World, tokens: Tokens, budget: CallBudget) -> None:
        self.world = world
        self.identity = Identity(world, tokens)
        self.budget = budget
        self.writes = Writes(world)
        self._pages: dict[str, Pages] = {}

    def starlette(self) -> Starlette:
        """Return the ASGI app."""
        return Starlette(
            routes=[
                Route("/connect/token", self.identity.token, methods=["POST"]),
                Route("/identity/connect/authorize", self.identity.authorise, methods=["GET"]),
                Route("/connect/revocation", self.identity.revocation, methods=["POST"]),
                Route("/{connections}", self.identity.connections, methods=["GET"]),
                Route(
                    "/{api}/{version}/{resource:path}",
                    self.accounting,
                    methods=["GET", *WRITING],
                ),
            ]
        )

    def pages(self, organisation: Organisation) -> Pages:
        """Return the lists of an organisation."""
        found = self._pages.get(organisation.tenant_id)
        if found is None:
            limits = self.budget.limits
            most = limits.documents if limits.enforced else None
            found = self._pages[organisation.tenant_id] = Pages(organisation, most)
        return found

    async def accounting(self, request: Request) -> Response:
        """Answer under /api.xro/2.0: a list, a single record, a report or a write."""
        headers = {"Xero-Correlation-Id": str(uuid.uuid4())}
        as_json = answers.wants_json(request)
        try:
            grant = bearer(self.identity.tokens, request)
            organisation = self._organisation(request, grant)
            admission = self.budget.admit(organisation.tenant_id, grant.client.client_id)
            headers.update(admission.headers)
            if admission.problem is not None:
                raise ApiError(429, text="The rate limit for this organisation has been exceeded")
            try:
                pause: Callable[[], Awaitable[None]] | None = request.scope.get(PAUSE)
                if pause is not None:
                    await pause()
                if request.method in WRITING:
                    body = await request.body()
                    response = self._write(request, body, grant, organisation)
                else:
                    response = self._answer(request, grant, organisation, as_json=as_json)
            finally:
                self.budget.release(organisation.tenant_id)
        except ApiError as error:
            response = error.response(as_json=as_json)
        response.headers.update(headers)
        return response

    def _organisation(self, request: Request, grant: Grant) -> Organisation:
        tenant_id = request.headers.get("xero-tenant-id", "")
        if not tenant_id and len(grant.client.tenant_ids) == 1:  # a custom connection
            tenant_id = grant.client.tenant_ids[0]
        if tenant_id not in grant.client.tenant_ids:
            raise answers.forbidden("AuthenticationUnsuccessful")
        return self.world.organisations[tenant_id]

    def _answer(
        self, request: Request, grant: Grant, organisation: Organisation, *, as_json: bool
    ) -> Response:
        path = split_path(request.scope["path"])
        name, _, key = path.partition("/")
        try:
            if path.lower() in REPORTS:
                scopes, report = REPORTS[path.lower()]
                _check_scope(grant, scopes)
                return self._report(request, organisation, report, as_json=as_json)
            resource = RESOURCES.get(name.lower())
            if resource is None or "/" in key:
                raise ApiError(404, text=answers.NOT_FOUND)
            _check_scope(grant, resource.scopes)
            if key:
                return self._single(request, organisation, resource, key, as_json=as_json)
            return self._list(request, organisation, resource, as_json=as_json)
        except QueryParseError as error:
            raise answers.query_parse(str(error)) from error
        except BadParameterError as error:
            raise answers.validation(str(error)) from error
        except HighVolumeError as error:
            raise answers.high_volume() from error

    def _write(
        self, request: Request, body: bytes, grant: Grant, organisation: Organisation
    ) -> Response:
        name, _, key = split_path(request.scope["path"]).partition("/")
        resource = RESOURCES.get(name.lower())
        if resource is None or "/" in key:
            raise ApiError(404, text=answers.NOT_FOUND)
        _check_scope(grant, resource.write_scopes)
        client_id = grant.client.client_id
        return self.writes.answer(request, body, client_id, organisation, resource, key)

    def _list(
        self, request: Request, organisation: Organisation, resource: Resource, *, as_json: bool
    ) -> Response:
        wanted, page, rendering = read_parameters(
            resource, request.query_params, request.headers.get("if-modified-since")
        )
        pages, now = self.pages(organisation), self.world.now()
        if as_json:
            return answers.json_answer(pages.json_body(resource, wanted, page, rendering), now)
        records, pagination = pages.select(resource, wanted, page)
        elements = records_xml(resource, records, rendering)
        return answers.xml_answer(resource.list_key, elements, pagination, now)

    def _single(
        self,
        request: Request,
        organisation: Organisation,
        resource: Resource,
        key: str,
        *,
        as_json: bool,
    ) -> Response:
        record = find_record(resource, organisation, key)
        if record is None:
            raise ApiError(404, text=answers.NOT_FOUND)
        query = {name.lower(): value for name, value in request.query_params.items()}
        if resource.name == "Budgets":
            first, last = query.get("datefrom", ""), query.get("dateto", "")
            record = within(record, first[:7], last[:7] or "9999")
        record = {name: one for name, one in record.items() if name not in resource.single_drops}
        rendering = Rendering(True, False, unit_places(resource, query), include_archived=True)
        now = self.world.now()
        if as_json:
            return answers.json_answer(json_tail(resource, [record], None, rendering), now)
        elements = records_xml(resource, [record], rendering)
        return answers.xml_answer(resource.list_key, elements, None, now)

    def _report(
        self, request: Request, organisation: Organisation, make: Report, *, as_json: bool
    ) -> Response:
        now = self.world.now()
        report = make(organisation, request.query_params, now)
        if as_json:
            return answers.json_answer(b'"Reports":[' + encode(report) + b"]}", now)
        return answers.xml_answer("Reports", [plain_element("Report", report)], None, now)


def split_path(path: str) -> str:
    """Return what follows `/api.xro/2.0/`, without a trailing slash; empty for another path."""
    if not path.lower().startswith(API_PREFIX):
        return ""
    return path[len(API_PREFIX) :].strip("/")


def _check_scope(grant: Grant, scopes: tuple[str, ...]) -> None:
    if not grant.scopes & set(scopes):
        # Xero's own spelling.
        raise answers.unauthorised("AuthorizationUnsuccessful", challenge="insufficent_scope")
