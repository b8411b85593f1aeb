"""What else shows a new name when an account is re-numbered or a tracking option renamed.

Items, contact defaults and manual journals show account codes and tracking names, but Xero links
them by id: they show the new code or name at once, and their own change stamps do not move.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.sandbox.configuration import Record

ITEM_CODES = ("AccountCode", "COGSAccountCode")
CONTACT_CODES = ("SalesDefaultAccountCode", "PurchasesDefaultAccountCode")
CONTACT_TRACKING = ("SalesTrackingCategories", "PurchasesTrackingCategories")


def follow(
    endpoint: str, former: Record, record: Record, records: Mapping[str, dict[str, Record]]
) -> None:
    """Carry a changed account code or tracking name into the items and contacts that show it."""
    if endpoint in ("Accounts", "TrackingCategories"):
        _follow_in_journals(endpoint, record, records["ManualJournals"])
    if endpoint == "Accounts":
        old, new = former.get("Code"), record.get("Code")
        if old and new and old != new and former["Status"] == "ACTIVE":
            _renumber(old, new, records)
    elif endpoint == "TrackingCategories":
        _rename(former, record, records["Contacts"])


def _renumber(old: str, new: str, records: Mapping[str, dict[str, Record]]) -> None:
    for identity, item in list(records["Items"].items()):
        followed = {
            side: {
                field: new if field in ITEM_CODES and value == old else value
                for field, value in item[side].items()
            }
            for side in ("SalesDetails", "PurchaseDetails")
        }
        records["Items"][identity] = {**item, **followed}
    for identity, contact in list(records["Contacts"].items()):
        followed = {field: new for field in CONTACT_CODES if contact.get(field) == old}
        records["Contacts"][identity] = {**contact, **followed}


def _rename(former: Record, record: Record, contacts: dict[str, Record]) -> None:
    present = {option["TrackingOptionID"]: option["Name"] for option in record["Options"]}
    renamed = {
        (former["Name"], option["Name"]): {
            "TrackingCategoryName": record["Name"],
            "TrackingOptionName": present[option["TrackingOptionID"]],
        }
        for option in former["Options"]
        if option["TrackingOptionID"] in present
    }
    for identity, contact in list(contacts.items()):
        followed = {
            field: [
                renamed.get((entry["TrackingCategoryName"], entry["TrackingOptionName"]), entry)
                for entry in contact.get(field, [])
            ]
            for field in CONTACT_TRACKING
        }
        contacts[identity] = {**contact, **followed}


def _follow_in_journals(endpoint: str, record: Record, journals: dict[str, Record]) -> None:
    options = {option["TrackingOptionID"]: option["Name"] for option in record.get("Options", ())}

    def renamed(element: Record) -> Record:
        if element["TrackingCategoryID"] != record["TrackingCategoryID"]:
            return element
        name = options.get(element["TrackingOptionID"], element["Option"])
        return {**element, "Name": record["Name"], "Option": name}

    for identity, journal in list(journals.items()):
        lines = journal["JournalLines"]
        if endpoint == "TrackingCategories":
            lines = [{**line, "Tracking": [*map(renamed, line["Tracking"])]} for line in lines]
        else:
            lines = [
                {**line, "AccountCode": record.get("Code")}
                if line["AccountID"] == record["AccountID"]
                else line
                for line in lines
            ]
        journals[identity] = {**journal, "JournalLines": lines}
