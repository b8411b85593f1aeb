"""One organisation's files as the readers of money see them: headings, lines, bank accounts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.document_records import Names, line_id, line_record
from pipelines.sandbox.documents import Body, Line
from pipelines.sandbox.ledger_files import (
    lines_by_document,
    payments_by_document,
    tax_percentages,
)
from pipelines.sandbox.tables import (
    DemoDataError,
    Row,
    day,
    instant,
    read_rows,
    record_id,
)


class MoneyFiles:
    """The files of one organisation, and what every record that moves money has in common."""

    def __init__(
        self,
        folder: Path,
        tenant_id: str,
        records: Mapping[str, Mapping[str, Record]],
        names: Names,
    ) -> None:
        self.folder, self.tenant_id = folder, tenant_id
        self.records, self.names = records, names
        self.rates = tax_percentages(records)
        self.base = next(iter(records["Organisation"].values()))["BaseCurrency"]
        self.numbers = {row["invoice"]: row["number"] for row in read_rows(folder / "invoices.csv")}
        self.payments = payments_by_document(folder, tenant_id)

    def heading(self, row: Row, identity: str, body: Body) -> Record:
        """Return what a record with lines has in common with others: contact, lines, totals."""
        contact_id = self.id("Contacts", row["contact"])
        if contact_id not in self.records["Contacts"]:
            raise DemoDataError(f"{row['contact']!r} is not in contacts.csv")
        return {
            **({"Type": row["type"]} if "type" in row else {}),
            "Reference": row["reference"],
            "Contact": {"ContactID": contact_id, "Name": self.names.contact_name(contact_id)},
            **({"Date": day(row["date"])} if "date" in row else {}),
            "Status": row["status"],
            "LineAmountTypes": body.line_amount_types,
            "LineItems": [
                line_record(line, line_id(identity, position, line), self.names)
                for position, line in enumerate(body.lines)
            ],
            "SubTotal": body.total - body.total_tax,
            "TotalTax": body.total_tax,
            "Total": body.total,
            **({"UpdatedDateUTC": instant(row["updated_at"])} if "updated_at" in row else {}),
            "CurrencyCode": row["currency"],
            **({"CurrencyRate": Decimal(row["rate"])} if "rate" in row else {}),
        }

    def lines(self, file: str, key: str) -> dict[str, tuple[Line, ...]]:
        """Return the lines of a file by the record (column `key`) they belong to."""
        return lines_by_document(self.folder / file, key, self.tenant_id, self.records)

    def bank(self, account: str) -> dict[str, Record]:
        """Return a record's BankAccount."""
        record = self.records["Accounts"][self.id("Accounts", account)]
        fields = ("AccountID", "Code", "Name")
        return {"BankAccount": {name: record[name] for name in fields if name in record}}

    def currency(self, account: str) -> str:
        """Return the currency of a bank account."""
        record = self.records["Accounts"][self.id("Accounts", account)]
        return record.get("CurrencyCode", self.base)

    def id(self, *key: str) -> str:
        """Return the id of a record by its endpoint and key."""
        return record_id(self.tenant_id, *key)
