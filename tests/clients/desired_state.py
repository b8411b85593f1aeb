"""Desired states for tests: rows of `push` relations, as dbt would publish them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.push.desired import DesiredRecord, desired_record

HARBOUR = "11111111-1111-4111-8111-111111111111"
THISTLE = "22222222-2222-4222-8222-222222222222"
COLUMNS = (
    *("tenant_id", "record_key", "operation_hint", "payload", "payload_hash", "label"),
    *("target_id", "held_payload", "held_version", "findings", "facts", "depends_on"),
    *("source_system", "source_record_id", "snapshot_id"),
)
Row = dict[str, Any]


def a_row(payload: Mapping[str, Any], held: Mapping[str, Any] | None = None, **fields: Any) -> Row:
    """A record to create, or to update where `held` says what the target holds."""
    text = json.dumps(payload)
    row = {
        "tenant_id": HARBOUR,
        "record_key": "key",
        "operation_hint": "create" if held is None else "update",
        "payload": text,
        "payload_hash": hashlib.sha256(text.encode()).hexdigest(),
        "label": "A record",
        "target_id": None if held is None else "target-id",
        "held_payload": None if held is None else json.dumps(held),
        "held_version": None if held is None else "version-1",
        "findings": [],
        "facts": {},
        "depends_on": [],
        "source_system": "workguru",
        "source_record_id": "1",
        "snapshot_id": "snapshot-1",
        **fields,
    }
    return {
        name: json.dumps(value) if isinstance(value, list | dict) else value
        for name, value in row.items()
    }


def an_item(code: str = "BNCH", held: Mapping[str, Any] | None = None, **fields: Any) -> Row:
    payload = {"Code": code, "Name": f"Item {code}", **fields.pop("payload", {})}
    return a_row(payload, held, **{"record_key": code, "label": f"Item {code}", **fields})


def a_contact(
    key: str = "workguru:17", held: Mapping[str, Any] | None = None, **fields: Any
) -> Row:
    payload = {"ContactNumber": key, "Name": "Bay Kitchens", **fields.pop("payload", {})}
    if held is None:
        payload["SalesTrackingCategories"] = [
            {"TrackingCategoryName": "Division", "TrackingOptionName": "Kitchens"}
        ]
    facts = {"template_contact": "Template, retail", "contact": "new"}
    base = {"record_key": key, "label": "Contact Bay Kitchens", "facts": facts}
    return a_row(payload, held, **{**base, **fields})


def a_line(account: str, net: str, tax: str, *tracking: str, tax_type: str = "OUTPUT2") -> Row:
    names = {"200": "Sales", "260": "Delivery", "310": "Purchases"}
    return {
        "account_code": account,
        "account_name": names[account],
        "tax_type": tax_type,
        "net": net,
        "tax": tax,
        "tracking": list(tracking),
    }


def a_document(
    number: str,
    kind: str,
    amounts: tuple[str, str, str],
    lines: Sequence[Row],
    **fields: Any,
) -> Row:
    """A document of Xero's type `kind`; amounts are net, tax and total."""
    net, tax, total = amounts
    facts = {
        "document_type": {"ACCREC": "invoice", "ACCPAY": "bill"}.get(kind, "credit_note"),
        "document_date": "2026-11-10",
        "due_date": "2026-12-10",
        "lock_date": "2026-09-30",
        "currency_code": "NZD",
        "net": net,
        "tax": tax,
        "total": total,
        "source_total": total,
        "target_total": total,
        "contact": "existing",
        "contact_name": "Bay Kitchens",
        "lines": list(lines),
        **fields.pop("facts", {}),
    }
    payload = {"Type": kind, "InvoiceNumber": number, "Status": "DRAFT"}
    base = {"record_key": number, "label": f"Invoice {number} to Bay Kitchens", "facts": facts}
    return a_row({**payload, **fields.pop("payload", {})}, **{**base, **fields})


def an_invoice(number: str = "INV-1042", **fields: Any) -> Row:
    """A sales invoice of two lines: 1,230.00 net, 184.50 tax."""
    lines = [
        a_line("200", "1000.00", "150.00", "Kitchens", "North"),
        a_line("260", "230.00", "34.50", "North"),
    ]
    return a_document(number, "ACCREC", ("1230.00", "184.50", "1414.50"), lines, **fields)


def a_record(target: str, entity: str, row: Mapping[str, Any]) -> DesiredRecord:
    return desired_record(target, entity, row)


def publish_desired(home: Path, **relations: Sequence[Row]) -> None:
    """Write `push` relations into the published file of a home; `xero__items=[…]` is one."""
    home.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home / "marts.duckdb")) as connection:
        connection.execute("create schema if not exists push")
        columns = ", ".join(f"{name} varchar" for name in COLUMNS)
        for relation, rows in relations.items():
            connection.execute(f"create or replace table push.{relation} ({columns})")
            for row in rows:
                marks = ", ".join("?" * len(COLUMNS))
                values = [row[name] for name in COLUMNS]
                connection.execute(
                    f"insert into push.{relation} values ({marks})",  # noqa: S608
                    values,
                )
