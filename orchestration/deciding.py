"""A person's decisions on a plan: approve, reject. What the commands call.

In: the plan in the ledger, and who decides: the user who runs the command, or whom the dashboard's
login vouches for, who is recorded beside that user. Out: what was approved or rejected.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.push.approve import Approved, approve
from pipelines.push.ledger import Ledger, ledger_now, open_ledger
from pipelines.push.loaded_back import load_back
from pipelines.push.person import named_person, refuse_who_changed_the_settings
from pipelines.push.reject import Rejected, reject
from pipelines.settings import Settings


def approve_now(
    settings: Settings,
    plan_id: str,
    only: Sequence[str],
    excepted: Sequence[str],
    signed_in: str | None = None,
) -> Approved:
    """Approve records of a plan as a person.

    Raises:
        PushError: The plan or a record is unknown, the plan expired, the person may not.
    """
    with open_ledger(settings) as ledger:
        done = approve_in(ledger, settings, plan_id, only, excepted, signed_in)
    load_back(settings, wait=False)
    return done


def approve_in(
    ledger: Ledger,
    settings: Settings,
    plan_id: str,
    only: Sequence[str] = (),
    excepted: Sequence[str] = (),
    signed_in: str | None = None,
) -> Approved:
    """Approve records of a plan in an open ledger; as `approve_now`."""
    folder = settings.settings_dir if settings.four_eyes else None
    if folder and signed_in:  # and, within `approve`, the user who runs the command
        refuse_who_changed_the_settings(signed_in, folder)
    return approve(
        ledger,
        plan_id,
        named_person(signed_in),
        ledger_now(),
        only=only,
        excepted=excepted,
        four_eyes=folder,
    )


def reject_now(
    settings: Settings, plan_id: str, only: Sequence[str], signed_in: str | None = None
) -> Rejected:
    """Reject records of a plan as a person.

    Raises:
        PushError: The plan or a record is unknown.
    """
    with open_ledger(settings) as ledger:
        done = reject(ledger, plan_id, named_person(signed_in), ledger_now(), only)
    load_back(settings, wait=False)
    return done
