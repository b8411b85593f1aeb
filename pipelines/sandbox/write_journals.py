"""Manual journals that are written over the API: balanced, coded, posted when they say so.

An account code that is no account of the chart is only a warning, and its line is removed; what is
left has to balance all the same. DRAFT and NoTax are the defaults.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal

from pipelines.sandbox.answers import NOT_FOUND, ApiError
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import ZERO, Line, priced, to_cents
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, Outcome, WriteCall
from pipelines.sandbox.write_codes import check_tax_type, choose_account, is_refused
from pipelines.sandbox.write_documents import BASES
from pipelines.sandbox.write_status import JOURNAL_STATUSES, check_lock_dates, check_status
from pipelines.sandbox.write_tracking import read_tracking

MIN_LINES = 2
STATUSES = ("DRAFT", "POSTED", "DELETED", "VOIDED", "ARCHIVED")


def write_journal(given: Given, call: WriteCall) -> Outcome:
    """Create or update one manual journal, unless something is wrong with it.

    Raises:
        ApiError: As for documents.
    """
    found = Findings()
    previous = _previous(given, call, found)
    former = previous["Status"] if previous else ""
    status = given.choice("Status", STATUSES) or former or "DRAFT"
    if found.errors or not check_status(JOURNAL_STATUSES, former, status, call, found):
        return Outcome(given.fields, None, found)
    if previous is not None and status in ("DELETED", "VOIDED"):
        fields: Record = {"Status": status}
    else:
        fields = {**_read(given, previous, call, found), "Status": status}
    after = {**(previous or {}), **fields}
    posted = [one["Date"] for one in (previous, after) if one and one["Status"] == "POSTED"]
    if posted and not found.errors:
        check_lock_dates(call, found, *posted)
    if found.errors:
        return Outcome(given.fields, None, found)
    organisation = call.organisation
    if previous is not None:
        record = organisation.change("ManualJournals", previous["ManualJournalID"], **fields)
    else:
        identity = str(uuid.uuid4())
        record = organisation.add("ManualJournals", {"ManualJournalID": identity, **fields})
        organisation.made_by_api.add(identity)
    return Outcome(given.fields, record, found)


def _previous(given: Given, call: WriteCall, found: Findings) -> Record | None:
    held = call.organisation.records["ManualJournals"]
    identity = call.key or given.text("ManualJournalID") or ""
    if not identity:
        return None
    record = held.get(identity.lower())
    if record is None and call.key:
        raise ApiError(404, text=NOT_FOUND)
    if record is None:
        found.refuse(
            "An existing Manual Journal with the specified ManualJournalID could not be found"
        )
    elif call.creates_only:
        found.refuse(f"{call.noun} not of valid status for creation")
    return record


def _read(given: Given, previous: Record | None, call: WriteCall, found: Findings) -> Record:
    """Return the fields of the journal as it is to be."""
    held = previous or {
        "Narration": "",
        "Date": call.today,
        "LineAmountTypes": "NoTax",
        "ShowOnCashBasisReports": True,
        "HasAttachments": False,
        "JournalLines": [],
    }
    basis = given.choice("LineAmountTypes", BASES) or held["LineAmountTypes"]
    show_on_cash = given.flag("ShowOnCashBasisReports")
    fields: Record = {
        **held,
        "Narration": given.text("Narration") or held["Narration"],
        "Date": given.day("Date") or held["Date"],
        "LineAmountTypes": basis,
    }
    if show_on_cash is not None:
        fields["ShowOnCashBasisReports"] = show_on_cash
    if given.has("Url"):
        fields["Url"] = given.text("Url")
    fields.pop("UpdatedDateUTC", None)  # it is stamped anew
    if not fields["Narration"]:
        found.refuse("A manual journal must have a narration.")
    lines = given.objects("JournalLines")
    if lines is not None:
        read = (_line(one, basis, call, found) for one in lines)
        fields["JournalLines"] = [line for line in read if line is not None]
    elif basis != held["LineAmountTypes"]:
        found.refuse("A change of LineAmountTypes needs the journal lines.")
    if len(lines if lines is not None else fields["JournalLines"]) < MIN_LINES:
        found.refuse("A manual journal must have at least two journal lines.")
    _check_balance(fields["JournalLines"], basis, found)
    return fields


def _line(given: Given, basis: str, call: WriteCall, found: Findings) -> Record | None:
    """Return a journal line; None if its account is none of the chart."""
    options = read_tracking(given, call, (), found)
    choice = choose_account(given, call)
    account = choice.account
    if account is None or not choice.is_usable:
        found.warn(
            f"Account code '{choice.shown}' has been removed as it does not match a recognised "
            "account."
        )
        return None
    if is_refused(account, call, call.rules.journal_refused_system_accounts):
        found.refuse(f"Account code '{choice.shown}' is not a valid code for this document.")
    tax_type = given.text("TaxType") or ("NONE" if basis == "NoTax" else account.get("TaxType"))
    tax_type = check_tax_type(tax_type or "NONE", account, call, found)
    stated = given.number("TaxAmount")
    line = Line(
        line_amount=to_cents(given.number("LineAmount") or ZERO),
        tax_type=tax_type,
        tax_amount=ZERO if stated is None else to_cents(stated),
        tax_is_stated=stated is not None,
    )
    line = priced(line, basis, call.organisation.tax_percentages)
    fields = {
        "Description": given.text("Description"),
        "TaxType": tax_type,
        "TaxAmount": line.tax_amount,
        "LineAmount": line.line_amount,
        "AccountCode": account.get("Code"),
        "Tracking": [_tracking(option, call) for option in options],
        "AccountID": account["AccountID"],
        "IsBlank": False,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _tracking(option_id: str, call: WriteCall) -> Record:
    names = call.organisation.option_names(option_id)
    assert names is not None, option_id
    return {
        "Name": names.category,
        "Option": names.option,
        "TrackingCategoryID": names.category_id,
        "TrackingOptionID": option_id,
    }


def _check_balance(lines: Iterable[Record], basis: str, found: Findings) -> None:
    """Debits and credits are equal, tax included."""
    amounts: list[Decimal] = [
        line["LineAmount"] + (line["TaxAmount"] if basis == "Exclusive" else ZERO) for line in lines
    ]
    debits = sum((amount for amount in amounts if amount > 0), ZERO)
    credits_ = sum((amount for amount in amounts if amount < 0), ZERO)
    if debits + credits_:
        found.refuse(f"The total debits ({debits}) must equal total credits ({credits_})")
