"""A small published file: tables of the coding marts with the rows that a test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
HARBOUR = "11111111-1111-4111-8111-111111111111"
THISTLE = "22222222-2222-4222-8222-222222222222"
KEY = {
    "tenant_id": HARBOUR,
    "source_system": "workguru",
    "document_type": "invoice",
    "document_id": "7001",
}


def a_document(**fields: Any) -> Row:
    """An invoice of WorkGuru that can be sent."""
    return {
        **KEY,
        "organisation_name": "Harbour Joinery",
        "side": "sales",
        "document_number": "WG-5001",
        "source_status": "Approved",
        "is_due": True,
        "is_sent": False,
        "is_skipped": False,
        "contact_id": "c-1",
        "contact_name": "Bay Kitchens",
        "document_date": date(2026, 10, 15),
        "currency_code": "NZD",
        "source_net": Decimal("1230.00"),
        "source_tax": Decimal("184.50"),
        "source_total": Decimal("1414.50"),
        "xero_net": Decimal("1230.00"),
        "xero_tax": Decimal("184.50"),
        "xero_total": Decimal("1414.50"),
        "rounding_amount": Decimal("0.00"),
        "is_in_locked_period": False,
        "is_blocked": False,
        **fields,
    }


def a_line(number: int = 1, **fields: Any) -> Row:
    """A line of that invoice: account from the item, Division from the document."""
    return {
        **KEY,
        "line_id": f"line-{number}",
        "line_number": number,
        "role": "REVENUE",
        "item_code": "BNCH",
        "description": "Benchtop",
        "line_amount": Decimal("1230.00"),
        "account_code": "250",
        "account_level": "item_override",
        "contra_account_code": None,
        "contra_account_level": None,
        "tax_type": "OUTPUT2",
        "tax_level": "line",
        "tracking_option_2": "Kitchens",
        "tracking_level_2": "transaction",
        "tracking_option_3": None,
        "tracking_level_3": None,
        "is_blocked": False,
        **fields,
    }


def a_candidate(level: str, value: str, *, rank: int = 1, wins: bool = False, **fields: Any) -> Row:
    """Something that a level offers for the account of the first line."""
    return {
        **KEY,
        "line_id": "line-1",
        "attribute": "account",
        "tracking_category_id": "none",
        "tracking_category_name": None,
        "level": level,
        "level_rank": rank,
        "value": value.split()[0],
        "value_label": value,
        "status": "ok",
        "is_winner": wins,
        "reason": "Used: the item comes first." if wins else "The item comes before it.",
        **fields,
    }


def an_exception(message: str, remedy: str | None = None, **fields: Any) -> Row:
    """A finding that stops the first line."""
    return {
        **KEY,
        "line_id": "line-1",
        "record_label": "Invoice WG-5001, line 1",
        "rule": "ACC_ARCHIVED",
        "severity": "block",
        "message": message,
        "remedy": remedy,
        **fields,
    }


def a_configuration_finding(message: str, **fields: Any) -> Row:
    """A finding on the settings."""
    return {
        "tenant_id": HARBOUR,
        "organisation_name": "Harbour Joinery",
        "settings_file": "gl_defaults",
        "record_id": "revenue",
        "rule": "NAME_UNKNOWN",
        "severity": "warn",
        "message": message,
        "remedy": "The nearest is 200 Sales.",
        **fields,
    }


def a_slot(slot: int, name: str) -> Row:
    """A tracking category with its slot."""
    return {"tenant_id": HARBOUR, "analysis_slot": slot, "tracking_category_name": name}


def a_read_of(endpoint: str, finished_at: datetime, **fields: Any) -> Row:
    """A complete read."""
    return {
        "connection": "acme",
        "system": "xero",
        "tenant_id": HARBOUR,
        "endpoint": endpoint,
        "finished_at": finished_at,
        "is_complete": True,
        "error": None,
        **fields,
    }


EXAMPLES: Mapping[str, Row] = {
    "coding.documents": a_document(),
    "coding.document_lines": a_line(),
    "coding.line_candidates": a_candidate("line", "200 Sales"),
    "coding.exceptions": an_exception("It is wrong.", "Mend it."),
    "coding.tracking_availability": a_slot(2, "Division"),
    "coding.configuration_findings": a_configuration_finding("It is wrong."),
    "published.reads": a_read_of("invoices", datetime(2026, 11, 20)),
}
_TYPES = {bool: "boolean", int: "bigint", Decimal: "decimal(18,4)", date: "date"}


def publish(home: Path, **tables: Sequence[Row]) -> None:
    """Write the published file of a home; `coding__documents=[…]` is a table, others are empty."""
    home.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home / "marts.duckdb")) as con:
        for name, example in EXAMPLES.items():
            schema = name.split(".")[0]
            columns = ", ".join(f"{column} {_type(value)}" for column, value in example.items())
            con.execute(f"create schema if not exists {schema}")
            con.execute(f"create table {name} ({columns})")
            for row in tables.get(name.replace(".", "__"), ()):
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                con.execute(
                    f"insert into {name} ({names}) values ({marks})",  # noqa: S608
                    list(row.values()),
                )


def _type(value: Any) -> str:
    return "timestamp" if isinstance(value, datetime) else _TYPES.get(type(value), "varchar")
