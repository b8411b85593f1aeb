"""Writes records to Prospect, one a call: the API has no batches and no upsert.

A record's id is its key, the parts joined by `|` as in the raw log. A sales ledger's free texts
stand under `SalesLedgerXtras` in its payload and go to that set: PATCH, and POST where there is
none yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from pipelines.failures import BadRequest, CallFailure
from pipelines.prospect.endpoints import COMPANY
from pipelines.prospect.write_client import ProspectWriteClient
from pipelines.prospect.written import WRITTEN, XTRAS, Written
from pipelines.push.differences import differences
from pipelines.push.operations import CREATE, Finding, Operation, decode_json, encode_json
from pipelines.push.writer import (
    Answered,
    Capability,
    Difference,
    Held,
    NoAnswer,
    Refused,
    Sending,
    WriteRequest,
    push_failure,
    read_or_stop,
)
from pipelines.record_log import decode

AT_ONCE = 20  # records asked for in one filter
NOT_FOUND = 404


class ProspectWriter:
    """Implements `pipelines.push.writer.Writer` for one connection. The client is the caller's."""

    target = "prospect"

    def __init__(self, client: ProspectWriteClient) -> None:
        self._client = client

    def capability(self, entity: str) -> Capability | None:
        """Return what can be done with an entity."""
        written = WRITTEN.get(entity)
        return written.capability if written else None

    def identify(self, operation: Operation, payload: Mapping[str, Any]) -> str | None:
        """Return the key: we choose it, so it is known before the record is there."""
        if operation.target_id:
            return operation.target_id
        company = self._client.connection.operating_company
        tail = operation.record_key.rpartition("|")[2]
        parts = (
            payload.get(name) or (company if name == COMPANY else tail)
            for name in WRITTEN[operation.entity].key
        )
        return "|".join(map(str, parts))

    def look_up(
        self, tenant_id: str, entity: str, sendings: Sequence[Sending]
    ) -> Mapping[str, Sequence[Held]]:
        """Return what is held under each record's key."""
        held = self.read(tenant_id, entity, [one.target_id or "" for one in sendings])
        return {
            one.operation.operation_id: [found]
            for one in sendings
            if (found := held.get(one.target_id or ""))
        }

    def read(self, tenant_id: str, entity: str, target_ids: Sequence[str]) -> Mapping[str, Held]:
        """Return whole records by key; of sales ledgers their free texts too."""
        return read_or_stop(lambda: self._held(WRITTEN[entity], target_ids))

    def request(self, entity: str, operation: str, sendings: Sequence[Sending]) -> WriteRequest:
        """Return the call: POST creates, PATCH changes what is not part of the key."""
        (sending,) = sendings
        written = WRITTEN[entity]
        key = _parts(written, sending.target_id)
        if operation == CREATE:
            return WriteRequest("POST", written.entity_set, encode_json({**key, **sending.payload}))
        fields = {name: one for name, one in sending.payload.items() if name not in key}
        return WriteRequest("PATCH", f"{written.entity_set}({_address(key)})", encode_json(fields))

    def send(
        self, tenant_id: str, entity: str, request: WriteRequest, count: int, idempotency_key: str
    ) -> Sequence[Answered]:
        """Make the call once. Prospect knows no idempotency key: the look-up stands in for it."""
        fields = decode_json(request.body)
        texts = fields.pop(XTRAS, None) if entity == "sales_ledgers" else None
        is_half_done = False
        try:
            if fields:
                self._client.write(request.method, request.path, encode_json(fields))
                is_half_done = bool(texts)
            if texts:
                self._write_texts(request.path.partition("(")[2].rstrip(")"), texts)
        except CallFailure as error:
            failure = push_failure(error)
            if is_half_done and isinstance(failure, Refused) and failure.is_server_error:
                raise NoAnswer(f"Done in part: {failure}") from None  # the look-up tells the rest
            raise failure from None
        return [Answered(200)]

    def differences(
        self, entity: str, fields: Mapping[str, Any], held: Held, facts: Mapping[str, Any]
    ) -> Sequence[Difference]:
        """Return what Prospect does not hold as it was sent."""
        return differences(fields, held.record)

    def repair(self, sending: Sending, held: Held) -> Sending:
        """Return the same: nothing of Prospect is repaired."""
        return sending

    def explain(self, operation: Operation, messages: Sequence[str]) -> Finding:
        """Return what Prospect's messages mean."""
        what = f"{operation.label}: {' '.join(messages)}"
        return Finding("REFUSED", "block", what, "Correct it at its source, then plan again.")

    def close(self) -> None:
        """Close the client."""
        self._client.close()

    def _write_texts(self, address: str, texts: Mapping[str, Any]) -> None:
        try:
            self._client.write("PATCH", f"{XTRAS}({address})", encode_json(texts))
        except BadRequest as error:
            if error.status != NOT_FOUND:
                raise
            key = _from_address(address)
            self._client.write("POST", XTRAS, encode_json({**key, **texts}))

    def _held(self, written: Written, target_ids: Sequence[str]) -> dict[str, Held]:
        held: dict[str, Held] = {}
        texts: dict[str, Any] = {}
        for start in range(0, len(target_ids), AT_ONCE):
            wanted = target_ids[start : start + AT_ONCE]
            for raw in self._found(written, written.entity_set, wanted):
                record = decode_json(raw)
                one = Held(_id_of(written, record), None, record, decode(raw)[1])
                if record.get("StatusFlag", record.get("Statusflag")) != "D":
                    held[one.target_id] = one
            if written.entity == "sales_ledgers":
                for raw in self._found(written, XTRAS, wanted):
                    texts[_id_of(written, decode_json(raw))] = decode_json(raw)
        for target_id, fields in texts.items():
            if one := held.get(target_id):
                record = {**one.record, XTRAS: fields}
                held[target_id] = Held(target_id, None, record, one.version)
        return held

    def _found(self, written: Written, entity_set: str, wanted: Sequence[str]) -> Iterator[bytes]:
        tests = (
            " and ".join(f"{name} eq {_quoted(one)}" for name, one in _parts(written, key).items())
            for key in wanted
        )
        page = self._client.get_page(
            entity_set, {"$filter": " or ".join(f"({one})" for one in tests)}
        )
        yield from map(bytes, page.records)
        while page.next_link:
            page = self._client.follow(entity_set, page.next_link)
            yield from map(bytes, page.records)


def _parts(written: Written, target_id: str | None) -> dict[str, str]:
    # A code may hold a bar itself; the company never does.
    parts = (target_id or "").split("|", len(written.key) - 1)
    if written.key[-1] == COMPANY:
        parts = (target_id or "").rsplit("|", len(written.key) - 1)
    return dict(zip(written.key, parts, strict=True))


def _id_of(written: Written, record: Mapping[str, Any]) -> str:
    return "|".join(str(record[name]) for name in written.key)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _address(key: Mapping[str, str]) -> str:
    return ",".join(f"{name}={quote(_quoted(value), safe='')}" for name, value in key.items())


def _from_address(address: str) -> dict[str, str]:
    parts = (part.partition("=") for part in address.split(","))
    return {name: unquote(value)[1:-1].replace("''", "'") for name, _, value in parts}
