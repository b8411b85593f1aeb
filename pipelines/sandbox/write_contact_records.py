"""Contacts that are written over the API: found by id, number or name, checked, then saved.

An update keeps what it does not mention. PUT only creates: a name or a number that is taken is
refused. POST finds a contact by its number, then by its name, and changes it without a word;
whoever means to create has to use PUT. Archived and merged contacts keep their number.
"""

from __future__ import annotations

from pipelines.sandbox.answers import NOT_FOUND, ApiError
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.contact_fields import blank_contact
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, Outcome, WriteCall
from pipelines.sandbox.write_contact_fields import read_fields
from pipelines.sandbox.write_contacts import name_is_taken

# "seen when a contact has been merged" (docs.garagehive.co.uk): merged ones keep the number.
NUMBER_IS_TAKEN = (
    "Another contact has this contact number. Please enter a different contact number."
)
ACCOUNT_NUMBER_IS_TAKEN = (
    "The Account Number already exists. Please enter a different Account Number."
)
STATUSES = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")
FORBIDDEN = "<>"


def write_contact(given: Given, call: WriteCall) -> Outcome:
    """Create or update one contact, unless something is wrong with it.

    Raises:
        ApiError: The request as a whole cannot be answered (404 for an unknown id in the path,
            400 for what cannot be read, 500 for tracking that Xero falls over).
    """
    found = Findings()
    previous = _previous(given, call, found)
    if found.errors:
        return Outcome(given.fields, None, found)
    fields = read_fields(given, previous, call, found)
    status = given.choice("ContactStatus", STATUSES)
    fields["ContactStatus"] = status or (previous or {}).get("ContactStatus", "ACTIVE")
    after = {**(previous or blank_contact()), **fields}
    _check_status(previous, after, found)
    _check_name(previous, after, call, found)
    _check_numbers(previous, after, call, found)
    if found.errors:
        return Outcome(given.fields, None, found)
    organisation = call.organisation
    if previous is None:
        record = organisation.add("Contacts", after)
        organisation.made_by_api.add(record["ContactID"])
    else:
        record = organisation.change("Contacts", previous["ContactID"], **fields)
    call.remember_contact(record)
    return Outcome(given.fields, record, found)


def _previous(given: Given, call: WriteCall, found: Findings) -> Record | None:
    """Return the contact that an element updates; None for a new one, or with the reason."""
    held = call.organisation.records["Contacts"]
    if call.key:
        numbered = call.contacts_with("ContactNumber", call.key)
        record = held.get(call.key.lower()) or next(iter(numbered), None)
        if record is None:
            raise ApiError(404, text=NOT_FOUND)
        return record
    identity, number, name = map(given.text, ("ContactID", "ContactNumber", "Name"))
    if identity:
        record = held.get(identity.lower())
        if record is None:
            found.refuse("The Contact with the specified ContactID could not be found")
        elif call.creates_only:
            found.refuse(name_is_taken(record["Name"]))
        return record
    if call.creates_only:
        return None
    record = _active(call, "ContactNumber", number) if number else None
    if record is None and name and call.rules.posts_find_contacts_by_name:
        record = _active(call, "Name", name)
        other = record.get("ContactNumber") if record else None
        if number and other and other != number:
            return None  # refused: the name belongs to a contact of another number
    return record


def _active(call: WriteCall, field: str, value: str) -> Record | None:
    same = call.contacts_with(field, value)
    return next((one for one in same if one["ContactStatus"] == "ACTIVE"), None)


def _check_status(previous: Record | None, after: Record, found: Findings) -> None:
    if previous is None or after["ContactStatus"] == previous["ContactStatus"]:
        return
    if previous.get("MergedToContactID") or previous["ContactStatus"] == "GDPRREQUEST":
        found.refuse("A merged or erased contact cannot be restored.")


def _check_name(previous: Record | None, after: Record, call: WriteCall, found: Findings) -> None:
    name = after.get("Name")
    if not name:
        found.refuse("Contact Name cannot be empty.")
        return
    if previous is None or name != previous["Name"]:
        if any(sign in name for sign in FORBIDDEN):
            found.refuse("The contact name cannot contain angle brackets.")
        if name != name.strip() or "  " in name:
            found.refuse("The contact name cannot have leading, trailing or double spaces.")
    if after["ContactStatus"] == "ACTIVE" and _others(call, "Name", name, previous, active=True):
        found.refuse(name_is_taken(name))


def _check_numbers(
    previous: Record | None, after: Record, call: WriteCall, found: Findings
) -> None:
    """Refuse numbers that another contact has; what is not changed may stay."""
    number = _changed("ContactNumber", previous, after)
    if number and _others(call, "ContactNumber", number, previous):
        found.refuse(NUMBER_IS_TAKEN)
    number = _changed("AccountNumber", previous, after)
    if not number or not call.rules.account_numbers_are_unique:
        return
    if _others(call, "AccountNumber", number, previous, active=True):
        found.refuse(ACCOUNT_NUMBER_IS_TAKEN)


def _changed(field: str, previous: Record | None, after: Record) -> str:
    """Return what a field is changed to; empty if it is not."""
    value = after.get(field) or ""
    return "" if value == (previous or {}).get(field) else value


def _others(
    call: WriteCall, field: str, value: str, previous: Record | None, *, active: bool = False
) -> bool:
    own = previous["ContactID"] if previous else None
    return any(
        one["ContactID"] != own and (not active or one["ContactStatus"] == "ACTIVE")
        for one in call.contacts_with(field, value)
    )
