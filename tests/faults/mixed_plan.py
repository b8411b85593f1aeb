"""A plan of everything that Xero takes, with a good record and a bad one of most kinds.

Two bad ones: a bill whose account is archived (Xero says why), and an invoice with an option that
does not exist (Xero answers 500 to the whole call).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from push_plans import an_operation

from pipelines.push.operations import decode_json
from pipelines.sandbox.organisation import Organisation

TEMPLATE = {
    "SalesDefaultAccountCode": "200",
    "SalesTrackingCategories": [
        {"TrackingCategoryName": "Branch", "TrackingOptionName": "Nelson"},
        {"TrackingCategoryName": "Division", "TrackingOptionName": "Kitchens"},
    ],
}
NUMBERS = (1, 2, 3, 4)


def mixed_plan(organisation: Organisation) -> list[dict[str, Any]]:
    """Return the operations of the plan, in order of sending."""
    make = PlanMaker(organisation)
    return [
        *(make.item(number) for number in NUMBERS),
        make.item_update("LED-STRIP", "41.2500"),
        *(make.contact(number) for number in NUMBERS),
        make.contact_update("tasman-bay-builders", "office@tasman-bay-builders.example"),
        make.contact_update("waimea-homes", "office@waimea-homes.example"),
        *(make.invoice(number, make.new_contact(number)) for number in NUMBERS),
        *(make.invoice(number + 10, make.contact_id("cable-bay")) for number in NUMBERS),
        make.invoice(99, make.contact_id("cable-bay"), option="Atlantis"),
        *(make.bill(number) for number in NUMBERS),
        make.bill(99, account="335"),
        *(make.credit_note(number, "ACCRECCREDIT") for number in NUMBERS[:2]),
        *(make.credit_note(number, "ACCPAYCREDIT") for number in NUMBERS[2:]),
        *(make.journal(number) for number in NUMBERS[:3]),
    ]


class PlanMaker:
    """Makes operations on one organisation; labels are `<entity> <record key>`."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation, self._tenant = organisation, organisation.tenant_id

    def contact_id(self, name: str) -> str:
        return self._organisation.id_of("Contacts", name)

    def active_contacts(self) -> list[str]:
        """Return the ids of the contacts that documents may name."""
        held = self._organisation.records["Contacts"].values()
        return [one["ContactID"] for one in held if one["ContactStatus"] == "ACTIVE"]

    def item(self, number: int) -> dict[str, Any]:
        code = f"NEW-{number}"
        payload = {
            "Code": code,
            "Name": f"New item {number}",
            "SalesDetails": {
                "UnitPrice": Decimal("10.1250") * number,
                "AccountCode": "205",
                "TaxType": "OUTPUT2",
            },
        }
        return an_operation(self._tenant, "items", "create", code, payload)

    def item_update(self, code: str, price: str) -> dict[str, Any]:
        items = self._organisation.records["Items"].values()
        held = next(one for one in items if one["Code"] == code)
        before = {"UnitPrice": held["SalesDetails"]["UnitPrice"]}
        return an_operation(
            self._tenant,
            "items",
            "update",
            code,
            {"Code": code, "SalesDetails": {"UnitPrice": Decimal(price)}},
            target_id=held["ItemID"],
            before={"Code": code, "SalesDetails": before},
        )

    def new_contact(self, number: int) -> str:
        """Return the placeholder of a contact that is created before."""
        return f"{{{{xero__contacts/workguru:{number}}}}}"

    def changed(self, operation: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Return an operation with other fields in its payload."""
        given = {**decode_json(operation["payload"]), **fields}
        return self._again(operation, given)

    def without(self, operation: dict[str, Any], name: str) -> dict[str, Any]:
        """Return an operation without a field of its payload."""
        given = decode_json(operation["payload"])
        return self._again(operation, {key: one for key, one in given.items() if key != name})

    def with_lines(
        self, operation: dict[str, Any], name: str, lines: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Return an operation with more lines."""
        given = decode_json(operation["payload"])
        return self._again(operation, {**given, name: [*given[name], *lines]})

    def update_of(
        self,
        entity: str,
        target_id: str,
        fields: dict[str, Any],
        before: dict[str, Any],
        operation: str = "update",
    ) -> dict[str, Any]:
        """Return an operation on a record that is there."""
        return an_operation(
            self._tenant, entity, operation, target_id, fields, target_id=target_id, before=before
        )

    def _again(self, operation: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
        made = an_operation(
            self._tenant,
            operation["entity"],
            operation["operation"],
            operation["record_key"],
            payload,
        )
        return {**operation, "payload": made["payload"], "payload_hash": made["payload_hash"]}

    def contact(self, number: int, **fields: Any) -> dict[str, Any]:
        key = f"workguru:{number}"
        payload = {"Name": f"New Customer {number}", "ContactNumber": key, **TEMPLATE, **fields}
        return an_operation(
            self._tenant, "contacts", "create", key, payload, facts={"template_contact": "x"}
        )

    def contact_update(self, name: str, email: str) -> dict[str, Any]:
        identity = self.contact_id(name)
        held = self._organisation.records["Contacts"][identity]
        return an_operation(
            self._tenant,
            "contacts",
            "update",
            f"workguru:{name}",
            {"Name": held["Name"], "EmailAddress": email},
            target_id=identity,
            before={"Name": held["Name"], "EmailAddress": held["EmailAddress"]},
        )

    def invoice(self, number: int, contact_id: str, option: str = "Nelson") -> dict[str, Any]:
        payload = {
            **self._document("ACCREC", contact_id, "200", "OUTPUT2", option),
            "InvoiceNumber": f"PUSH-{number}",
        }
        return self._stated("invoices", f"workguru:invoice:{number}", payload)

    def bill(
        self, number: int, account: str = "300", supplier: str | None = None
    ) -> dict[str, Any]:
        supplier = supplier or self.contact_id("buildright-nelson")
        payload = {
            **self._document("ACCPAY", supplier, account, "INPUT2", "Nelson"),
            "InvoiceNumber": f"B-{number}",
            "Url": f"https://workguru.example/po/{number}",
        }
        return self._stated("bills", f"workguru:po:{number}", payload)

    def credit_note(self, number: int, kind: str) -> dict[str, Any]:
        is_sale = kind == "ACCRECCREDIT"
        account, tax = ("200", "OUTPUT2") if is_sale else ("300", "INPUT2")
        contact = self.contact_id("buildright-nelson")
        payload = {
            **self._document(kind, contact, account, tax, "Wellington"),
            "CreditNoteNumber": f"PUSH-CN-{number}",
        }
        return self._stated("credit_notes", f"workguru:credit:{number}", payload)

    def journal(self, number: int) -> dict[str, Any]:
        key = f"2026-{number:02}"
        lines = [
            {
                "LineAmount": Decimal(amount),
                "AccountCode": account,
                "TaxType": "NONE",
                "Description": "Stock used",
                "Tracking": self._tracking("Nelson"),
            }
            for amount, account in (("120.5000", "310"), ("-120.5000", "315"))
        ]
        payload = {
            "Narration": f"Cost of goods sold [{key}]",
            "Date": f"2026-{(number - 1) % 12 + 1:02}-{28 - number // 12 % 28:02}",
            "LineAmountTypes": "NoTax",
            "Status": "DRAFT",
            "JournalLines": lines,
        }
        return an_operation(self._tenant, "manual_journals", "create", key, payload)

    def _stated(self, entity: str, key: str, payload: dict[str, Any]) -> dict[str, Any]:
        facts = {"net": "100.00", "tax": "15.00", "total": "115.00", "target_total": "115.00"}
        return an_operation(self._tenant, entity, "create", key, payload, facts=facts)

    def _document(
        self, kind: str, contact_id: str, account: str, tax: str, option: str
    ) -> dict[str, Any]:
        line = {
            "Description": "Cabinet",
            "Quantity": Decimal("4.0000"),
            "UnitAmount": Decimal("25.0000"),
            "AccountCode": account,
            "TaxType": tax,
            "LineAmount": Decimal("100.00"),
            "Tracking": self._tracking(option),
        }
        return {
            "Type": kind,
            "Status": "DRAFT",
            "Contact": {"ContactID": contact_id},
            "Date": "2026-11-20",
            "LineAmountTypes": "Exclusive",
            "LineItems": [line],
        }

    def _tracking(self, option: str) -> list[dict[str, str]]:
        return [{"Name": "Branch", "Option": option}]
