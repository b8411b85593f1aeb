"""PUT, POST and DELETE: many elements in, each saved or refused with Xero's reasons.

With `summarizeErrors=false` every element has an outcome of its own; without it one bad element
refuses all, and nothing is saved. A request that fails as a whole changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from pipelines.sandbox import answers
from pipelines.sandbox.answers import ApiError
from pipelines.sandbox.document_records import ID_FIELDS
from pipelines.sandbox.paging import Rendering, unit_places
from pipelines.sandbox.rendering import encode, to_wire
from pipelines.sandbox.resources import Resource
from pipelines.sandbox.write_body import Given, read_elements
from pipelines.sandbox.write_call import NO_ID, Outcome, WriteCall
from pipelines.sandbox.write_contact_records import write_contact
from pipelines.sandbox.write_documents import write_document
from pipelines.sandbox.write_items import MAX_ELEMENTS, delete_item, write_item
from pipelines.sandbox.write_journals import write_journal
from pipelines.sandbox.write_replays import Replays
from pipelines.sandbox.write_rules import WriteRules
from pipelines.sandbox.xml_rendering import plain_element

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation
    from pipelines.sandbox.world import World

# Set in the scope by the fault controls: the call's tracking is silently dropped.
DROPS_TRACKING = "sandbox.drops_tracking"

WRITERS: Mapping[str, Callable[[Given, WriteCall], Outcome]] = {
    "Invoices": write_document,
    "CreditNotes": write_document,
    "ManualJournals": write_journal,
    "Contacts": write_contact,
    "Items": write_item,
}
DELETERS: Mapping[str, Callable[[WriteCall], None]] = {"Items": delete_item}
MOST_ELEMENTS = {"Items": MAX_ELEMENTS}


class Writes:
    """Answers the writes to one world. Tests may set `rules`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._replays = Replays()
        self.rules = WriteRules()

    def answer(
        self,
        request: Request,
        body: bytes,
        client_id: str,
        organisation: Organisation,
        resource: Resource,
        key: str,
    ) -> Response:
        """Answer one write; under an Idempotency-Key, as it was answered before.

        Raises:
            ApiError: The resource cannot be written like this, or the key cannot be used.
        """
        deletes = request.method == "DELETE"
        is_whole = not key
        if (
            resource.name not in WRITERS
            or (request.method == "PUT" and not is_whole)
            or (deletes and (is_whole or resource.name not in DELETERS))
        ):
            raise ApiError(405, text="Method Not Allowed")
        as_json = answers.wants_json(request)

        def perform() -> Response:
            try:
                call = self._call(request, organisation, resource, key)
                if deletes:
                    DELETERS[resource.name](call)
                    return Response(status_code=204)
                elements = self._elements(body, resource, key)
                return _response(_written(elements, call), call, as_json=as_json)
            except ApiError as error:
                return error.response(as_json=as_json)

        return self._replays.answer(client_id, request, body, self._world.now(), perform)

    def _elements(self, body: bytes, resource: Resource, key: str) -> list[Given]:
        if len(body) > self.rules.max_bytes:
            raise ApiError(413, text="Request Entity Too Large")
        elements = read_elements(body, resource)
        if key and len(elements) != 1:
            raise answers.post_data_invalid(f"One {resource.singular} is expected for one id.")
        most = MOST_ELEMENTS.get(resource.name)
        if most is not None and len(elements) > most:
            raise answers.validation(f"At most {most} {resource.list_key} in one request.")
        return elements

    def _call(
        self, request: Request, organisation: Organisation, resource: Resource, key: str
    ) -> WriteCall:
        query = {name.lower(): value.lower() for name, value in request.query_params.items()}
        return WriteCall(
            organisation=organisation,
            resource=resource,
            rules=self.rules,
            now=self._world.now(),
            creates_only=request.method == "PUT",
            key=key,
            unit_places=unit_places(resource, query),
            summarises=bool(key) or query.get("summarizeerrors") != "false",
            allows_backorders=query.get("allowbackorders") == "true",
            drops_tracking=bool(request.scope.get(DROPS_TRACKING)),
        )


class _RefusedError(Exception):
    """Takes back what the other elements of a request did."""


def _written(elements: list[Given], call: WriteCall) -> list[Outcome]:
    outcomes: list[Outcome] = []
    try:
        with call.organisation.one_change():
            outcomes.extend(WRITERS[call.resource.name](one, call) for one in elements)
            if call.summarises and any(one.findings.errors for one in outcomes):
                raise _RefusedError
    except _RefusedError:
        pass
    return outcomes


def _response(outcomes: list[Outcome], call: WriteCall, *, as_json: bool) -> Response:
    """Return the saved records and the refused elements, in the order they were sent.

    Raises:
        ApiError: 400 with all elements, if one bad element refuses all.
    """
    shown = [_shown(one, call) for one in outcomes]
    if call.summarises and any(one.findings.errors for one in outcomes):
        raise answers.refused(shown)
    if as_json:
        tail = b'"' + call.resource.list_key.encode() + b'":' + encode(shown) + b"}"
        return answers.json_answer(tail, call.now)
    elements = [plain_element(call.resource.singular, one) for one in shown]
    return answers.xml_answer(call.resource.list_key, elements, None, call.now)


def _shown(outcome: Outcome, call: WriteCall) -> dict[str, Any]:
    """Return a record as a single GET shows it, or a refused element as it was sent."""
    errors, warnings = (
        [{"Message": text} for text in texts]
        for texts in (outcome.findings.errors, outcome.findings.warnings)
    )
    if outcome.record is not None and not (call.summarises and errors):
        full = Rendering(is_full=True, unit_places=call.unit_places)
        shown = to_wire(call.resource, outcome.record, full)
    else:
        shown = {call.resource.id_field: NO_ID, **outcome.element}
        if call.resource.name in ID_FIELDS:
            shown["HasErrors"] = bool(errors)
        if call.resource.name == "Contacts":
            shown["HasValidationErrors"] = bool(errors)
    if not call.summarises:
        shown["StatusAttributeString"] = outcome.status
    if errors or call.summarises is False:
        shown["ValidationErrors"] = errors
    if warnings:
        shown["Warnings"] = warnings
    return shown
