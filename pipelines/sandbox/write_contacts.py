"""Whose document it is: a contact by id, by number or by name, or one that is silently created."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.sandbox import answers
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.contact_fields import blank_contact
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, WriteCall

ARCHIVED = (
    "The contact with the specified contact details has been archived. The contact must be "
    "un-archived before creating new invoices or credit notes."
)
_TEXTS = ("ContactNumber", "AccountNumber", "FirstName", "LastName", "EmailAddress")


@dataclass(frozen=True)
class ContactChoice:
    """The contact of a document, and what saving the document does to it."""

    record: Record
    is_new: bool = False
    new_name: str = ""

    @property
    def contact_id(self) -> str:
        """Its id, also before it is created."""
        return self.record["ContactID"]

    def save(self, call: WriteCall) -> None:
        """Create it or rename it, where the document says so."""
        if self.is_new:
            call.remember_contact(call.organisation.add("Contacts", self.record))
            call.organisation.made_by_api.add(self.contact_id)
        elif self.new_name:
            named = call.organisation.change("Contacts", self.contact_id, Name=self.new_name)
            call.remember_contact(named)


def choose_contact(
    given: Given | None, call: WriteCall, former_id: str | None, found: Findings
) -> ContactChoice | None:
    """Return the contact meant; None with the reason. An update without one keeps `former_id`.

    Raises:
        ApiError: 500, where Xero falls over.
    """
    contacts = call.organisation.records["Contacts"]
    if given is None:
        if former_id is not None:
            return ContactChoice(contacts[former_id])
        found.refuse("A Contact must be specified for this type of transaction")
        return None
    if _falls_over(given):
        raise answers.server_error()
    identity, number, name = map(given.text, ("ContactID", "ContactNumber", "Name"))
    if not (identity or number or name):
        found.refuse(
            "The Contact must contain at least 1 of the following elements to identify the "
            "contact: Name, ContactID, ContactNumber"
        )
        return None
    record = _held(call, identity, number, name)
    if record is None:
        if identity or not name:
            what = "ContactID" if identity else "ContactNumber"
            found.refuse(f"The Contact with the specified {what} could not be found")
            return None
        return ContactChoice(_new(given, name), is_new=True)
    if record["ContactStatus"] != "ACTIVE" and record["ContactID"] != former_id:
        found.refuse(ARCHIVED)
        return None
    if name and name != record["Name"] and (identity or number):
        return _renamed(record, name, call, found)
    return ContactChoice(record)


def _held(
    call: WriteCall, identity: str | None, number: str | None, name: str | None
) -> Record | None:
    contacts = call.organisation.records["Contacts"]
    if identity:
        return contacts.get(identity.lower())
    if number:
        same = call.contacts_with("ContactNumber", number)
        if same:
            return min(same, key=lambda one: one["ContactStatus"] != "ACTIVE")
    return named(call, name) if name else None


def named(call: WriteCall, name: str) -> Record | None:
    """Return the contact of a name, an active one first; case does not matter."""
    same = call.contacts_with("Name", name)
    return min(same, key=lambda one: one["ContactStatus"] != "ACTIVE", default=None)


def name_is_taken(name: str) -> str:
    """Return Xero's words for a name that another active contact has."""
    return (
        f"The contact name {name} is already assigned to another contact. "
        "The contact name must be unique across all active contacts."
    )


def _renamed(record: Record, name: str, call: WriteCall, found: Findings) -> ContactChoice | None:
    other = named(call, name)
    if (
        other is not None
        and other["ContactID"] != record["ContactID"]
        and other["ContactStatus"] == "ACTIVE"
    ):
        found.refuse(name_is_taken(name))
        return None
    return ContactChoice(record, new_name=name)


def _new(given: Given, name: str) -> Record:
    texts = {field: given.text(field) for field in _TEXTS}
    return {
        **blank_contact(),
        "Name": name,
        **{field: text for field, text in texts.items() if text},
    }


def _falls_over(given: Given) -> bool:
    """Whether default tracking without a category stands in the contact (xero-php#386)."""
    for side in ("SalesTrackingCategories", "PurchasesTrackingCategories"):
        for element in given.objects(side) or ():
            if not element.text("TrackingCategoryName"):
                return True
    return False
