"""Marks documents as sent to accounting in WorkGuru, so that it neither sends nor changes them.

A mark's payload is `{"kind": "invoices", "id": "17"}`: the raw table and WorkGuru's id. Which
method marks what is WorkGuru's Swagger page; one method marks credit notes of both kinds, and is
told which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.failures import BadRequest, CallFailure
from pipelines.push.operations import MARK, Finding, Operation, decode_json, encode_json
from pipelines.push.writer import (
    Answered,
    Capability,
    Difference,
    Held,
    Sending,
    WriteRequest,
    push_failure,
    read_or_stop,
)
from pipelines.record_log import decode
from pipelines.workguru.write_client import WorkGuruWriteClient

SENT = "sentToAccounting"
NEVER = "1900-01-01"  # how WorkGuru writes "not sent" on invoices
ENTITY = "sent_marks"
_CAN_MARK = Capability(frozenset({MARK}))


@dataclass(frozen=True)
class Marked:
    """A kind of record: the method that marks it, and how one is found (or the whole list)."""

    method: str
    find_method: str = ""
    list_method: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


MARKED: Mapping[str, Marked] = {
    "invoices": Marked("Invoice/MarkAsSentToAccounting", "Invoice/GetInvoiceById"),
    "purchase_orders": Marked(
        "PurchaseOrder/MarkAsSentToAccounting", "PurchaseOrder/GetPurchaseOrderById"
    ),
    "client_credit_notes": Marked(
        "CreditNote/MarkAsSentToAccounting",
        "CreditNote/GetClientCreditNoteById",
        extra={"creditNoteType": "client"},
    ),
    "supplier_credit_notes": Marked(
        "CreditNote/MarkAsSentToAccounting",
        "CreditNote/GetSupplierCreditNoteById",
        extra={"creditNoteType": "supplier"},
    ),
    "stock_adjustments": Marked(
        "Stock/MarkStockAdjustmentAsSentToAccounting", list_method="Stock/GetStockAdjustments"
    ),
    "stock_takes": Marked(
        "Stock/MarkStockTakeAsSentToAccounting", list_method="Stock/GetStockTakeList"
    ),
}


class WorkGuruWriter:
    """Implements `pipelines.push.writer.Writer` for one connection. The client is the caller's."""

    target = "workguru"

    def __init__(self, client: WorkGuruWriteClient) -> None:
        self._client = client

    def capability(self, entity: str) -> Capability | None:
        """Return what can be done: marks, one a call."""
        return _CAN_MARK if entity == ENTITY else None

    def identify(self, operation: Operation, payload: Mapping[str, Any]) -> str | None:
        """Return kind and id, which together name a record."""
        return f"{payload['kind']}|{payload['id']}"

    def look_up(
        self, tenant_id: str, entity: str, sendings: Sequence[Sending]
    ) -> Mapping[str, Sequence[Held]]:
        """Return nothing: nothing is created in WorkGuru."""
        return {}

    def read(self, tenant_id: str, entity: str, target_ids: Sequence[str]) -> Mapping[str, Held]:
        """Return records by kind and id."""
        return read_or_stop(lambda: dict(self._held(target_ids)))

    def request(self, entity: str, operation: str, sendings: Sequence[Sending]) -> WriteRequest:
        """Return the call that marks one record."""
        (sending,) = sendings
        kind, _, identity = (sending.target_id or "").partition("|")
        body = {"id": int(identity), **MARKED[kind].extra}
        return WriteRequest("POST", MARKED[kind].method, encode_json(body))

    def send(
        self, tenant_id: str, entity: str, request: WriteRequest, count: int, idempotency_key: str
    ) -> Sequence[Answered]:
        """Make the call once. WorkGuru knows no idempotency key; a mark can be read instead."""
        try:
            self._client.post(request.path, request.body, key=ENTITY)
        except CallFailure as error:
            raise push_failure(error) from None
        return [Answered(200)]

    def differences(
        self, entity: str, fields: Mapping[str, Any], held: Held, facts: Mapping[str, Any]
    ) -> Sequence[Difference]:
        """Return nothing if the record is marked; there is no telling by whom."""
        stamp = str(held.record.get(SENT) or NEVER)
        return [Difference(SENT, "a date", None)] if fields and stamp.startswith(NEVER) else []

    def repair(self, sending: Sending, held: Held) -> Sending:
        """Return the same: a mark is never repaired."""
        return sending

    def explain(self, operation: Operation, messages: Sequence[str]) -> Finding:
        """Return what WorkGuru's messages mean."""
        what = f"{operation.label}: {' '.join(messages)}"
        return Finding("REFUSED", "block", what, "Mark it as sent in WorkGuru yourself.")

    def close(self) -> None:
        """Close the client."""
        self._client.close()

    def _held(self, target_ids: Sequence[str]) -> Iterator[tuple[str, Held]]:
        wanted: dict[str, list[str]] = {}
        for target_id in target_ids:
            kind, _, identity = target_id.partition("|")
            wanted.setdefault(kind, []).append(identity)
        for kind, ids in wanted.items():
            for raw in self._records(MARKED[kind], ids):
                record = decode_json(raw)
                target_id = f"{kind}|{record['id']}"
                yield target_id, Held(target_id, None, record, decode(raw)[1])

    def _records(self, marked: Marked, ids: Sequence[str]) -> Iterator[bytes]:
        if marked.list_method:
            answer = self._client.get_list(marked.list_method, {}, key=ENTITY)
            yield from map(bytes, answer.records)
            return
        for identity in ids:
            try:
                yield bytes(self._client.get_one(marked.find_method, identity, key=ENTITY)[0])
            except BadRequest:
                continue  # WorkGuru refuses an id that is not there
