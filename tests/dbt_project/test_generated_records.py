"""Whatever Xero's own description of its API allows for, no record is lost and none is a crash."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import yaml
from generated_records import SCHEMAS, Records
from hypothesis import HealthCheck, Phase, given, settings

from pipelines.landing import Landing
from pipelines.record_log import VersionLog, raw_table
from pipelines.warehouse import Warehouse
from pipelines.xero.endpoints import ENDPOINTS

TENANT = "11111111-1111-1111-1111-111111111111"
OF_EACH = 15
STAGING = [f"path:dbt_project/models/staging/{part}" for part in ("xero", "runs", "quality")]
STAGED = {
    "organisation": "organisations",
    "profit_and_loss_reports": "profit_and_loss_statements",
    "trial_balance_reports": "trial_balances",
    "balance_sheet_reports": "balance_sheets",
}
"""Staging models that are not called as their raw table."""
FIELDS = [
    ("Invoices", "invoice", "document_id", "Total", "total"),
    ("Invoices", "invoice", "document_id", "DueDate", "due_date"),
    ("Invoices", "invoice", "document_id", "Reference", "reference"),
    ("CreditNotes", "credit_note", "document_id", "Total", "total"),
    ("BankTransactions", "bank_transaction", "document_id", "Total", "total"),
    ("BankTransfers", "bank_transfer", "bank_transfer_id", "Amount", "amount"),
    ("Payments", "payment", "payment_id", "Amount", "amount"),
    ("Payments", "payment", "payment_id", "Date", "payment_date"),
    ("PurchaseOrders", "purchase_order", "document_id", "Total", "total"),
    ("Quotes", "quote", "document_id", "Total", "total"),
    ("Accounts", "account", "account_id", "Name", "account_name"),
    ("Contacts", "contact", "contact_id", "Name", "contact_name"),
]
"""Endpoint, what a finding calls its records, the model's key, a field, and its column."""

pytestmark = [pytest.mark.needs_shared, pytest.mark.xdist_group("dbt_project")]
Sent = dict[str, dict[str, dict[str, Any]]]  # by endpoint and id


def generated(records: Records, endpoint: str) -> dict[str, dict[str, Any]]:
    """Return what hypothesis makes of an endpoint's schema, by id; the same in every run."""
    found: dict[str, dict[str, Any]] = {}
    id_field = ENDPOINTS[endpoint].id_field

    @settings(
        max_examples=OF_EACH,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(records.of(endpoint))
    def collect(record: dict[str, Any]) -> None:
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{endpoint}/{len(found)}"))
        found[key] = {**record, id_field: key}

    collect()
    return found


def expected(value: Any, field: str) -> Any:
    """Return what a generated value is when typed; None for what is none."""
    if value is None or field in ("Name", "Reference"):
        return value
    if "Date" in field:
        return a_date(value)
    try:
        return round(Decimal(str(value)), 4)
    except InvalidOperation:
        return None


def a_date(text: str) -> date | None:
    try:
        if not text.startswith("/Date("):
            return date.fromisoformat(text[:10])
        milliseconds = int(text[6:].partition("+")[0])
        return (datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)).date()
    except (ValueError, OverflowError):
        return None


@pytest.fixture(scope="module")
def sent(shared_reference: Path) -> Sent:
    text = (shared_reference / "xero_accounting.yaml").read_bytes()
    records = Records(yaml.load(text, Loader=yaml.CSafeLoader))
    return {endpoint: generated(records, endpoint) for endpoint in ENDPOINTS}


def logs() -> Iterator[tuple[str, VersionLog]]:
    for name, one in ENDPOINTS.items():
        stamp, key = one.stamp_field, one.id_field
        yield name, VersionLog(TENANT, id_field=key, stamp_field=stamp, held={})


@pytest.fixture(scope="module")
def staged(new_warehouse, sent: Sent) -> Any:
    """Land the records as pages of answers, each twice, and stage all of them at once."""
    warehouse, tables = new_warehouse(), {}
    for endpoint, log in logs():
        records = list(sent[endpoint].values())
        now = datetime.now(UTC).replace(tzinfo=None)
        page = [json.dumps(record).encode() for record in records]
        again = [json.dumps(record, sort_keys=True, indent=1).encode() for record in records]
        table, ids = log.append(page, now)
        assert ids == list(sent[endpoint])
        assert table.num_rows == len(records)
        assert log.append(again, now)[0] == raw_table([]), "written otherwise, it is the same"
        tables[ENDPOINTS[endpoint].table] = lambda table=table: iter([table])
    landing = Landing(Warehouse(warehouse.home), pipeline_name="generated", dataset="raw_xero")
    landing.land(tables)
    warehouse.build(*STAGING, checks=False)
    return warehouse


def test_every_endpoint_has_a_schema_and_records_of_it(sent: Sent):
    assert set(SCHEMAS) == set(ENDPOINTS)
    assert {endpoint for endpoint, found in sent.items() if len(found) < OF_EACH} == set()


def test_every_record_is_staged_once(staged, sent: Sent):
    counted = {
        endpoint: staged.one(
            f"select count(*) from staging.stg_xero__{STAGED.get(one.table, one.table)}"  # noqa: S608
        )
        for endpoint, one in ENDPOINTS.items()
    }
    assert counted == {endpoint: len(found) for endpoint, found in sent.items()}


@pytest.mark.parametrize(("endpoint", "kind", "key", "field", "column"), FIELDS)
def test_a_value_is_what_was_sent_and_what_is_none_is_reported(
    staged, sent: Sent, endpoint: str, kind: str, key: str, field: str, column: str
):
    model = f"staging.stg_xero__{ENDPOINTS[endpoint].table}"
    typed = dict(staged.rows(f"select {key}, {column} from {model}"))  # noqa: S608
    wanted = {one: expected(record.get(field), field) for one, record in sent[endpoint].items()}
    assert typed == wanted
    reported = staged.rows(
        "select record_id from staging.stg_quality__typing_failures "
        "where record_type = ? and field in (?, '$')",
        *(kind, field),
    )
    present = {one for one, record in sent[endpoint].items() if record.get(field) is not None}
    assert {one for (one,) in reported} == {one for one in present if wanted[one] is None}
