"""Reads an organisation's manual journals: the heading and its lines, debit positive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from pipelines.sandbox.configuration import Record, option_id
from pipelines.sandbox.document_records import Names
from pipelines.sandbox.documents import Line, priced
from pipelines.sandbox.ledger_files import tax_percentages
from pipelines.sandbox.tables import Row, day, instant, pairs, read_rows, record_id


def manual_journals(
    folder: Path, tenant_id: str, records: Mapping[str, Mapping[str, Record]], names: Names
) -> dict[str, Record]:
    """Return the records of `manual_journals.csv` and its lines, by id."""
    rates = tax_percentages(records)
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in read_rows(folder / "manual_journal_lines.csv"):
        lines[row["journal"]].append(row)
    found = {}
    for row in read_rows(folder / "manual_journals.csv"):
        identity = record_id(tenant_id, "ManualJournals", row["journal"])
        basis = row["line_amount_types"]
        found[identity] = {
            "ManualJournalID": identity,
            "Date": day(row["date"]),
            "LineAmountTypes": basis,
            "Status": row["status"],
            "Narration": row["narration"],
            "JournalLines": [
                _line(one, basis, tenant_id, names, rates) for one in lines[row["journal"]]
            ],
            "ShowOnCashBasisReports": True,
            "HasAttachments": False,
            "UpdatedDateUTC": instant(row["updated_at"]),
        }
    return found


def _line(
    row: Row, basis: str, tenant_id: str, names: Names, rates: Mapping[str, Decimal]
) -> Record:
    account_id = record_id(tenant_id, "Accounts", row["account"])
    line = priced(Line(line_amount=Decimal(row["amount"]), tax_type=row["tax_type"]), basis, rates)
    fields = {
        "Description": row["description"],
        "TaxType": row["tax_type"],
        "TaxAmount": line.tax_amount,
        "LineAmount": line.line_amount,
        "AccountCode": names.account_code(account_id),
        "Tracking": [
            _tracking(option_id(tenant_id, *pair), names) for pair in pairs(row["tracking"])
        ],
        "AccountID": account_id,
        "IsBlank": False,
    }
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _tracking(option: str, names: Names) -> Record:
    found = names.option_names(option)
    assert found is not None, option
    return {
        "Name": found.category,
        "Option": found.option,
        "TrackingCategoryID": found.category_id,
        "TrackingOptionID": option,
    }
