"""The tracking of a line, with the traps that users of Xero's API report.

A wrong category id, an unknown option and a trailing space answer 500 for the whole request;
Tracking that is an object, too; elements of another form are accepted and dropped without a word
(xero-node#86, #510, #539, xero-ruby#86, xero-php#84, #636).
"""

from __future__ import annotations

from typing import Any

from pipelines.sandbox import answers
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, WriteCall

MAX_ELEMENTS = 2


def read_tracking(
    given: Given, call: WriteCall, former: tuple[str, ...], found: Findings
) -> tuple[str, ...]:
    """Return the TrackingOptionIDs of a line; `former` is what it has, kept if none are sent.

    Raises:
        ApiError: 500, where Xero falls over.
    """
    if call.drops_tracking or call.rules.drops_tracking:
        return ()
    elements = given.fields.get("Tracking")
    if elements is None:
        return former
    if not isinstance(elements, list):
        raise answers.server_error()
    if len(elements) > MAX_ELEMENTS:
        found.refuse(f"A line can have at most {MAX_ELEMENTS} tracking categories.")
        return ()
    chosen: dict[str, str] = {}
    for element in elements:
        pair = _category_and_option(element, call, former)
        if pair is None:
            continue
        if pair[0] in chosen:
            found.refuse("A line can have one option of a tracking category only.")
        chosen[pair[0]] = pair[1]
    return tuple(chosen.values())


def _category_and_option(
    element: Any, call: WriteCall, former: tuple[str, ...]
) -> tuple[str, str] | None:
    """Return the ids that an element means; None where Xero drops it."""
    if not isinstance(element, dict):
        return None
    category_id, category_name = element.get("TrackingCategoryID"), element.get("Name")
    option_id, option_name = element.get("TrackingOptionID"), element.get("Option")
    if not (category_id or category_name) or not (option_id or option_name):
        return None
    category = _category(call, category_id, category_name)
    if category is None:
        if category_id:
            raise answers.server_error()
        return None
    option = next(
        (one for one in category["Options"] if _is_meant(one, option_id, option_name)), None
    )
    if option is None:
        raise answers.server_error()
    is_archived = "ARCHIVED" in (category["Status"], option["Status"])
    is_new = option["TrackingOptionID"] not in former
    if is_archived and is_new and not call.rules.accepts_archived_tracking:
        raise answers.server_error()
    return category["TrackingCategoryID"], option["TrackingOptionID"]


def _category(call: WriteCall, identity: Any, name: Any) -> Record | None:
    categories = call.organisation.records["TrackingCategories"]
    if identity:
        return categories.get(str(identity).lower())
    return next((one for one in categories.values() if one["Name"] == name), None)


def _is_meant(option: Record, identity: Any, name: Any) -> bool:
    """Whether an id, which counts first, or a name means this option."""
    if identity:
        return option["TrackingOptionID"] == str(identity).lower()
    return option["Name"] == name
