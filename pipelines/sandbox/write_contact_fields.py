"""The fields of a contact as they are sent: texts, addresses, defaults for its documents.

Returned are only fields that were sent, so that an update keeps the others. Addresses and phones
are kept by type; all other lists replace what is held.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.sandbox import answers
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.contact_fields import ADDRESS_TYPES, PHONE_TYPES, blank_contact
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, WriteCall
from pipelines.sandbox.write_codes import check_account, check_tax_type, choose_account
from pipelines.sandbox.write_currencies import subscribed
from pipelines.sandbox.write_texts import emptied, read_texts

TEXTS = {
    **dict.fromkeys(("ContactNumber", "AccountNumber", "CompanyNumber", "TaxNumber"), 50),
    **dict.fromkeys(("Name", "FirstName", "LastName", "EmailAddress"), 255),
    **dict.fromkeys(("BankAccountDetails", "XeroNetworkKey"), 255),
}
ADDRESS = {
    **dict.fromkeys(("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4"), 500),
    **dict.fromkeys(("City", "Region", "AttentionTo"), 255),
    **dict.fromkeys(("PostalCode", "Country"), 50),
}
PHONE = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
PERSON = {"FirstName": 255, "LastName": 255, "EmailAddress": 255}
MAX_PERSONS = 5
MAX_CATEGORIES = 2
LINE_AMOUNT_TYPES = ("INCLUSIVE", "EXCLUSIVE", "NONE")
TERMS = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")
LATEST_DAY = 31
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_fields(
    given: Given, previous: Record | None, call: WriteCall, found: Findings
) -> dict[str, Any]:
    """Return the fields that an element sends, checked one by one.

    Raises:
        ApiError: A field cannot be read, or a tracking option that Xero falls over (500).
    """
    held = previous or blank_contact()
    fields: dict[str, Any] = emptied(read_texts(given, TEXTS, found))
    email = fields.get("EmailAddress")
    if email and not _EMAIL.fullmatch(email):
        found.refuse("Email address must be valid.")
    fields |= _by_type(given, "Addresses", "AddressType", ADDRESS_TYPES, ADDRESS, held, found)
    fields |= _by_type(given, "Phones", "PhoneType", (*PHONE_TYPES, "OFFICE"), PHONE, held, found)
    persons = given.objects("ContactPersons")
    if persons is not None:
        fields["ContactPersons"] = [_person(one, found) for one in persons]
        if len(persons) > MAX_PERSONS:
            found.refuse(f"A contact can have at most {MAX_PERSONS} contact persons.")
    return fields | _defaults(given, held, call, found)


def _defaults(given: Given, held: Record, call: WriteCall, found: Findings) -> dict[str, Any]:
    """Return what documents of the contact start with."""
    fields: dict[str, Any] = {}
    for side, category in (("Sales", "SalesCategory"), ("Purchases", "PurchasesCategory")):
        name = f"{side}DefaultAccountCode"
        code = given.text(name)
        if code is not None:
            fields[name] = code or None
            if code and code != held.get(name):
                check_account(choose_account(Given({}, given.path), call, code), call, found)
        name = f"{side}DefaultLineAmountType"
        if given.has(name):
            fields[name] = given.choice(name, LINE_AMOUNT_TYPES)
        name = f"{side}TrackingCategories"
        if given.has(name) and not (call.drops_tracking or call.rules.drops_tracking):
            fields[name] = _tracking(given, name, category, call, found)
    for name in ("AccountsReceivableTaxType", "AccountsPayableTaxType"):
        tax_type = given.text(name)
        if tax_type is not None:
            fields[name] = tax_type or None
            if tax_type:
                check_tax_type(tax_type, None, call, found)
    currency = given.text("DefaultCurrency")
    if currency:
        fields["DefaultCurrency"] = currency
        if currency != call.organisation.base_currency and currency not in subscribed(call):
            found.refuse(f"Organisation is not subscribed to currency {currency}")
    theme = given.object("BrandingTheme")
    if theme is not None and theme.has("BrandingThemeID"):
        texts = {name: theme.text(name) for name in ("BrandingThemeID", "Name")}
        fields["BrandingTheme"] = {name: text for name, text in texts.items() if text}
    terms = given.object("PaymentTerms")
    if terms is not None:
        fields["PaymentTerms"] = {**held.get("PaymentTerms", {}), **_terms(terms, found)}
    return fields


def _tracking(
    given: Given, name: str, category_noun: str, call: WriteCall, found: Findings
) -> list[Record]:
    """Return default tracking: matched by the names of ACTIVE categories, ids are not looked at."""
    elements = given.objects(name) or []
    if len(elements) > MAX_CATEGORIES:
        found.refuse(f"A contact can have at most {MAX_CATEGORIES} default tracking categories.")
    kept = []
    for element in elements:
        category_name = element.text("TrackingCategoryName") or ""
        option_name = element.text("TrackingOptionName") or ""
        if option_name != option_name.strip():
            raise answers.server_error()
        if not category_name:
            found.refuse(f"{category_noun} is missing a TrackingCategoryName")
        category = next(
            (
                one
                for one in call.organisation.records["TrackingCategories"].values()
                if one["Name"] == category_name and one["Status"] == "ACTIVE"
            ),
            None,
        )
        if category is None:
            found.refuse(f"There is no ACTIVE tracking category with the name '{category_name}'")
            continue
        is_known = any(
            option["Name"] == option_name and option["Status"] == "ACTIVE"
            for option in category["Options"]
        )
        if is_known:
            kept.append({"TrackingCategoryName": category_name, "TrackingOptionName": option_name})
        elif call.rules.refuses_unknown_contact_options:
            found.refuse(f"There is no ACTIVE tracking option with the name '{option_name}'")
    return kept


def _by_type(
    given: Given,
    name: str,
    type_field: str,
    types: tuple[str, ...],
    texts: dict[str, int],
    held: Record,
    found: Findings,
) -> dict[str, Any]:
    elements = given.objects(name)
    if elements is None:
        return {}
    kept = {one[type_field]: one for one in held.get(name, ())}
    for element in elements:
        kind = element.choice(type_field, types) or types[0]
        kept[kind] = {type_field: kind, **kept.get(kind, {}), **read_texts(element, texts, found)}
    return {name: list(kept.values())}


def _person(given: Given, found: Findings) -> Record:
    included = given.flag("IncludeInEmails")
    return {**read_texts(given, PERSON, found), "IncludeInEmails": bool(included)}


def _terms(given: Given, found: Findings) -> Record:
    terms: Record = {}
    for side in ("Bills", "Sales"):
        one = given.object(side)
        if one is None:
            continue
        day, kind = one.number("Day"), one.choice("Type", TERMS)
        if day is None or kind is None or day != int(day) or not 0 <= day <= LATEST_DAY:
            found.refuse(f"PaymentTerms: {side} need a Day from 0 to {LATEST_DAY} and a Type.")
            continue
        terms[side] = {"Day": int(day), "Type": kind}
    return terms
