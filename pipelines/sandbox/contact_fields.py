"""Turns rows of contacts.csv and contact_terms.csv into Xero's Contact fields; a blank contact.

What Xero derives from a contact's documents (customer or supplier, balances) comes later, from
`contact_totals`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from pipelines.sandbox.tables import Row, instant, pairs, record_id

Record = dict[str, Any]

ADDRESS_TYPES = ("STREET", "POBOX")
PHONE_TYPES = ("DEFAULT", "DDI", "FAX", "MOBILE")
_PLACE = ("City", "Region", "PostalCode", "Country")


def blank_contact() -> Record:
    """Return what Xero shows of a new contact of whom nothing is known but a name."""
    return {
        "ContactID": str(uuid.uuid4()),
        "ContactStatus": "ACTIVE",
        "BankAccountDetails": "",
        "Addresses": [{"AddressType": kind, **dict.fromkeys(_PLACE, "")} for kind in ADDRESS_TYPES],
        "Phones": [_phone(kind, "") for kind in PHONE_TYPES],
        "ContactGroups": [],
        "IsSupplier": False,
        "IsCustomer": False,
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
        "ContactPersons": [],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }


def contact_fields(
    row: Row, tenant_id: str, names: Mapping[tuple[str, str], tuple[str, str]]
) -> Record:
    """Return the Contact record of a row of `contacts.csv`, without its id.

    `names` gives what the category and option of a (category, option) key are called.
    """

    def tracking(cell: str) -> list[Record]:
        return [
            {"TrackingCategoryName": names[pair][0], "TrackingOptionName": names[pair][1]}
            for pair in pairs(cell)
        ]

    merged = row["merged_to"] and record_id(tenant_id, "Contacts", row["merged_to"])
    return {
        "MergedToContactID": merged,
        "ContactNumber": row["contact_number"],
        "AccountNumber": row["account_number"],
        "ContactStatus": row["status"],
        "Name": row["name"],
        "FirstName": row["first_name"],
        "LastName": row["last_name"],
        "EmailAddress": row["email"],
        "TaxNumber": row["tax_number"],
        "AccountsReceivableTaxType": row["sales_tax_type"],
        "AccountsPayableTaxType": row["purchases_tax_type"],
        "Addresses": _addresses(row),
        "Phones": _phones(row),
        "UpdatedDateUTC": instant(row["updated_at"]),
        "ContactGroups": [],
        "IsSupplier": False,
        "IsCustomer": False,
        "DefaultCurrency": row["currency"],
        "SalesDefaultAccountCode": row["sales_account_code"],
        "PurchasesDefaultAccountCode": row["purchases_account_code"],
        "SalesTrackingCategories": tracking(row["sales_tracking"]),
        "PurchasesTrackingCategories": tracking(row["purchases_tracking"]),
        "ContactPersons": [],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }


def contact_terms(row: Row, tenant_id: str) -> Record:
    """Return branding theme and payment terms of a row of `contact_terms.csv`."""
    theme = row["branding_theme"]
    terms = {
        side: {"Day": int(row[f"{name}_day"]), "Type": row[f"{name}_type"]}
        for side, name in (("Bills", "bills"), ("Sales", "sales"))
        if row[f"{name}_day"]
    }
    fields: Record = {}
    if theme:
        identity = record_id(tenant_id, "BrandingThemes", theme)
        fields["BrandingTheme"] = {"BrandingThemeID": identity, "Name": theme}
    if terms:
        fields["PaymentTerms"] = terms
    return fields


def _addresses(row: Row) -> list[Record]:
    place = {
        "City": row["city"],
        "Region": row["region"],
        "PostalCode": row["postcode"],
        "Country": row["country"],
    }
    street = {"AddressLine1": row["street"]} if row["street"] else {}
    empty = dict.fromkeys(place, "")
    return [{"AddressType": "STREET", **street, **place}, {"AddressType": "POBOX", **empty}]


def _phones(row: Row) -> list[Record]:
    first, *others = PHONE_TYPES
    return [_phone(first, row["phone"]), *[_phone(kind, "") for kind in others]]


def _phone(kind: str, number: str) -> Record:
    return {
        "PhoneType": kind,
        "PhoneNumber": number,
        "PhoneAreaCode": "",
        "PhoneCountryCode": "",
    }
