"""What Xero's validation messages mean for the person who has to act: the rule and its remedy.

The texts are those of Xero's documentation and of users' reports (reference, section 7); a message
that is not among them is told as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.push.judgement import locked
from pipelines.push.operations import Finding, Operation

_LOCKED = re.compile(
    r"cannot be edited as it has a payment|not of valid status for modification|lock date", re.I
)
_RULES = (
    (
        re.compile(r"must be unique\.?$|number must be unique", re.I),
        "DOC_DUPLICATE",
        "Give it another number at its source.",
    ),
    (re.compile(r"Price List Item with Code", re.I), "ITEM_EXISTS", "Plan again."),
    (
        re.compile(r"contact name .* is already assigned", re.I),
        "CON_NAME",
        "Rename one of the contacts, or give the one in Xero our contact number.",
    ),
    (re.compile(r"contact number", re.I), "CON_NUMBER", "Change the number of one of them."),
    (re.compile(r"must be un-archived", re.I), "CON_ARCHIVED", "Restore the contact in Xero."),
    (
        re.compile(r"does not match a recognised account|total debits", re.I),
        "JNL_WARNING",
        "Correct the journal's accounts, then plan again.",
    ),
)


def explained(operation: Operation, messages: Sequence[str]) -> Finding:
    """Return the finding for what Xero said of a record; `skip` where nothing can be done."""
    said = " ".join(messages)
    if _LOCKED.search(said):
        found = locked(operation)
        return Finding(found.rule, found.severity, f"{found.message} Xero: {said}", found.remedy)
    for pattern, rule, remedy in _RULES:
        if pattern.search(said):
            return Finding(rule, "block", f"{operation.label}: {said}", remedy)
    remedy = "Correct it at its source or in the settings; then it is planned again."
    return Finding("REFUSED", "block", f"{operation.label}: {said}", remedy)
