"""Makes an organisation of any size out of a demo organisation's raw log, by SQL alone.

In: a home that holds the demo organisation as synced. Out: the same home with each document,
payment, transfer and journal so many times, every copy under ids and numbers of its own that still
refer to each other; a contact serves `COPIES_PER_CONTACT` copies of its documents. Configuration
and items stay. What Xero's reports said of the one copy is removed.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.warehouse import Warehouse

COPIES_PER_CONTACT = 5
DOCUMENTS = (
    *("invoices", "credit_notes", "bank_transactions", "prepayments", "overpayments"),
    *("manual_journals", "payments", "batch_payments", "bank_transfers"),
)
REPORTS = ("trial_balance_reports", "profit_and_loss_reports", "balance_sheet_reports")
_IDS = (
    "InvoiceID|CreditNoteID|PaymentID|(?:From|To)?BankTransactionID|BankTransferID|PrepaymentID|"
    "OverpaymentID|AllocationID|BatchPaymentID|ManualJournalID|LineItemID|ID"
)
_NUMBERS = "InvoiceNumber|CreditNoteNumber"


def multiply(home: Path, copies: int) -> int:
    """Hold each document `copies` times; return how many lines they have."""
    with Warehouse(home).connect() as con:
        con.execute("set preserve_insertion_order = false")
        for table in REPORTS:
            con.execute(f"delete from raw_xero.{table}")  # noqa: S608
        for table in DOCUMENTS:
            of_contact = _with_id("ContactID", "payload", f"g // {COPIES_PER_CONTACT}")
            _copy(con, table, copies, _numbered(_NUMBERS, _with_id(_IDS, of_contact, "g")))
        contacts = -(-copies // COPIES_PER_CONTACT)
        _copy(con, "contacts", contacts, _numbered("Name|AccountNumber", _with_id("ContactID")))
        counts = [
            con.execute(
                "select coalesce(sum(coalesce(json_array_length(payload, '$.LineItems'), 0)"  # noqa: S608
                " + coalesce(json_array_length(payload, '$.JournalLines'), 0)), 0)"
                f" from raw_xero.{table}"
            ).fetchall()[0][0]
            for table in DOCUMENTS
        ]
        con.execute("checkpoint")
    return int(sum(counts))


def change_one_invoice(home: Path) -> None:
    """Hold a new version of one invoice, as a sync that found it changed would."""
    with Warehouse(home).connect() as con:
        con.execute(
            "insert into raw_xero.invoices by name select * replace ("
            " cast(get_current_timestamp() at time zone 'utc' as timestamp) as extracted_at,"
            " uuid() as version_hash,"
            ' regexp_replace(payload, \'"Reference":"[^"]*\', \'"Reference":"changed\') as payload'
            ") from (select * from raw_xero.invoices order by extracted_at desc, record_id limit 1)"
        )


def _copy(con: duckdb.DuckDBPyConnection, table: str, copies: int, payload: str) -> None:
    con.execute(
        f"insert into raw_xero.{table} by name"  # noqa: S608
        f" select * exclude (g)"
        f" replace ({_hex('g')} || substr(record_id, 9) as record_id, {payload} as payload)"
        f" from raw_xero.{table}, range(1, {copies}) as every(g)"
    )


def _with_id(names: str, payload: str = "payload", copy: str = "g") -> str:
    """Give the ids of these names another beginning; copy 0 keeps it."""
    pattern = f'\'("(?:{names})":")[0-9a-f]{{8}}\''
    changed = f"regexp_replace({payload}, {pattern}, '\\1' || {_hex(copy)}, 'g')"
    return f"case when {copy} > 0 then {changed} else {payload} end"


def _numbered(names: str, payload: str) -> str:
    return f"regexp_replace({payload}, '(\"(?:{names})\":\"[^\"]+)', '\\1-' || g, 'g')"


def _hex(copy: str) -> str:
    return f"printf('%08x', {copy})"
