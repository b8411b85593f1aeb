"""Writes records to Xero: one call a batch, an outcome for each record.

In: what the applier has decided to send. Out: what Xero said of each record, and what it holds.
`summarizeErrors=false` lets the good records of a call be saved beside the bad ones; `unitdp=4`
keeps unit amounts from being rounded to two places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pipelines.failures import CallFailure
from pipelines.push.operations import (
    CREATE,
    DELETE,
    Finding,
    Operation,
    decode_json,
    encode_json,
)
from pipelines.push.writer import (
    Answered,
    Capability,
    Difference,
    Held,
    NoAnswer,
    Sending,
    WriteRequest,
    push_failure,
    read_or_stop,
)
from pipelines.xero.as_held import unlike
from pipelines.xero.explanations import explained
from pipelines.xero.lookup import Lookup
from pipelines.xero.write_client import XeroWriteClient
from pipelines.xero.written import WRITTEN

NO_ID = "00000000-0000-0000-0000-000000000000"
LINES = ("LineItems", "JournalLines")


class XeroWriter:
    """Implements `pipelines.push.writer.Writer` for one connection. The client is the caller's."""

    target = "xero"

    def __init__(self, client: XeroWriteClient) -> None:
        self._client = client
        self._lookup = Lookup(client)

    def capability(self, entity: str) -> Capability | None:
        """Return what can be done with an entity."""
        written = WRITTEN.get(entity)
        return written.capability if written else None

    def identify(self, operation: Operation, payload: Mapping[str, Any]) -> str | None:
        """Return the id that the plan found in Xero."""
        return operation.target_id

    def look_up(
        self, tenant_id: str, entity: str, sendings: Sequence[Sending]
    ) -> Mapping[str, Sequence[Held]]:
        """Return what is held under each record's key."""
        return read_or_stop(lambda: self._lookup.by_key(tenant_id, WRITTEN[entity], sendings))

    def read(self, tenant_id: str, entity: str, target_ids: Sequence[str]) -> Mapping[str, Held]:
        """Return whole records by id."""
        return read_or_stop(lambda: self._lookup.by_id(tenant_id, WRITTEN[entity], target_ids))

    def request(self, entity: str, operation: str, sendings: Sequence[Sending]) -> WriteRequest:
        """Return the call: PUT creates and never updates, POST updates, items are DELETEd."""
        written = WRITTEN[entity]
        if operation == DELETE and not written.is_document:
            return WriteRequest("DELETE", f"{written.endpoint}/{sendings[0].target_id}", b"")
        elements = []
        for sending in sendings:
            fields = dict(sending.payload)
            if operation == DELETE:
                fields = {"Status": "DELETED", **fields}
            if operation != CREATE:
                fields[written.id_field] = sending.target_id
            elements.append(fields)
        params = {"summarizeErrors": "false"}
        if written.sends_unit_places:
            params["unitdp"] = "4"
        method = "PUT" if operation == CREATE else "POST"
        return WriteRequest(
            method, written.endpoint, encode_json({written.endpoint: elements}), params
        )

    def send(
        self, tenant_id: str, entity: str, request: WriteRequest, count: int, idempotency_key: str
    ) -> Sequence[Answered]:
        """Make the call once."""
        content = request.body or None
        try:
            answer = self._client.write(
                tenant_id, request.method, request.path, request.params, content, idempotency_key
            )
        except CallFailure as error:
            raise push_failure(error) from None
        if request.method == "DELETE":
            return [Answered(200, request.path.rpartition("/")[2])]
        written = WRITTEN[entity]
        try:
            elements = decode_json(answer.body)[written.endpoint]
        except (msgspec.DecodeError, KeyError, TypeError):
            raise NoAnswer(f"{request.path}: an answer without {written.endpoint}.") from None
        if len(elements) != count:
            raise NoAnswer(f"{request.path}: {len(elements)} outcomes for {count} records.")
        return [_answered(one, written.id_field, written.number_field) for one in elements]

    def differences(
        self, entity: str, fields: Mapping[str, Any], held: Held, facts: Mapping[str, Any]
    ) -> Sequence[Difference]:
        """Return what Xero does not hold as it was sent."""
        return unlike(fields, held.record, facts)

    def repair(self, sending: Sending, held: Held) -> Sending:
        """Return the update that sends a draft once more, each line with the id it has got."""
        payload = dict(sending.payload)
        for name in LINES:
            lines, there = payload.get(name), held.record.get(name) or []
            if lines and len(lines) == len(there) and all("LineItemID" in one for one in there):
                payload[name] = [
                    {**line, "LineItemID": known["LineItemID"]}
                    for line, known in zip(lines, there, strict=True)
                ]
        return Sending(sending.operation, payload, held.target_id)

    def explain(self, operation: Operation, messages: Sequence[str]) -> Finding:
        """Return what Xero's messages mean."""
        return explained(operation, messages)

    def close(self) -> None:
        """Close the client."""
        self._client.close()


def _answered(element: Mapping[str, Any], id_field: str, number_field: str) -> Answered:
    errors = _messages(element, "ValidationErrors")
    if not errors and element.get("StatusAttributeString") == "ERROR":
        errors = ("Xero refused it without saying why.",)
    target_id = element.get(id_field)
    return Answered(
        200,
        None if errors or target_id == NO_ID else target_id,
        element.get(number_field),
        errors,
        _messages(element, "Warnings"),
        element,
    )


def _messages(element: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(one.get("Message", "") for one in element.get(name) or ())
