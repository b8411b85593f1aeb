"""Plan, apply, undo: what the commands and Dagster's assets call; `deciding` approves.

In: the published file, the policy, the ledger, a person. Out: a plan, an approval, a `Push`.
Nothing is written outside but by `apply_now`, and that only sends what is approved. After each step
the ledger is loaded back into the warehouse; where that is in use, the next run does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orchestration.deciding import approve_in
from orchestration.errors import CannotRun
from orchestration.progress import spaced
from orchestration.published_file import published_file
from orchestration.writers import Writers, capability_of
from pipelines.push.apply import Summary, apply_plan
from pipelines.push.approve import approve_by_policy, has_selection, refuse_expired
from pipelines.push.desired import read_desired
from pipelines.push.earlier import read_earlier
from pipelines.push.history import pushes
from pipelines.push.ledger import Ledger, ledger_now, open_ledger
from pipelines.push.loaded_back import load_back
from pipelines.push.operations import Operation
from pipelines.push.person import current_person
from pipelines.push.plan import Circumstances, Plan, make_plan
from pipelines.push.planned import latest_plan, load_plan, store_plan
from pipelines.push.policy import read_policy
from pipelines.push.reject import rejected_ids
from pipelines.push.staleness import withdraw_stale
from pipelines.push.undo import plan_undo
from pipelines.settings import Settings

Progress = Callable[[str], None]
Ask = Callable[[Plan, Sequence[Operation]], bool]


class NothingDesired(CannotRun):
    """The published file has no desired state to plan from."""


class NotApproved(CannotRun):
    """Nothing of the plan is approved, and nobody was there to ask."""


@dataclass(frozen=True)
class Push:
    """What `apply` did.

    Attributes:
        plan: The plan as it stands afterwards.
        summary: What was sent and what became of it; None: the person said no.
        withdrawn: {label: why} of what was approved and overtaken since.
        refused: {label: why} of what could not be approved.
    """

    plan: Plan
    summary: Summary | None
    withdrawn: dict[str, str]
    refused: dict[str, str]

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked for is confirmed."""
        done = self.summary is not None and self.summary.is_done and not self.summary.waiting
        return done and not self.withdrawn and not self.refused


def plan_now(settings: Settings, target: str | None = None) -> Plan:
    """Plan what would be written, and keep the plan.

    Raises:
        NothingDesired: The published file states nothing for the target, or for any.
        NothingPublished: There is no published file.
        SettingsError: push_policy.csv is not valid.
    """
    with published_file(settings.home) as file:
        records = read_desired(file.rows, [target] if target else None)
    circumstances = _circumstances(settings)
    if not records:
        what = f"for {target!r}" if target else "to be written"
        raise NothingDesired(f"The published file states nothing {what}. Run `xero-crm run`.")
    with open_ledger(settings) as ledger:
        with ledger.reading() as connection:
            earlier = read_earlier(connection)
        plan = store_plan(ledger, make_plan(records, earlier, circumstances))
    load_back(settings, wait=False)
    return plan


def apply_now(
    settings: Settings, plan_id: str, *, yes: bool, ask: Ask | None, progress: Progress
) -> Push:
    """Send what is approved of a plan, after asking for what is not.

    Where a person has approved some of the plan's records, those are all that is sent: `yes` or
    the answer to `ask` then approves no more. Otherwise it approves everything.

    Args:
        settings: Whose ledger, connections and policy.
        plan_id: The plan.
        yes: Whether the user says yes beforehand.
        ask: Asks the person at the terminal; None: nobody is there.
        progress: Told a line per batch.

    Raises:
        NotApproved: Nothing is approved and nobody can be asked.
        PushError: The plan is unknown or expired, the person may not approve, another applies.
    """
    with open_ledger(settings) as ledger:
        withdrawn = withdraw_stale(ledger, plan_id, ledger_now())
        plan = _loaded(ledger, plan_id)
        refused: dict[str, str] = {}
        if ledger_now() < plan.expires_at or not _is_under_way(plan):
            refuse_expired(plan, ledger_now())
            found = _approvals(settings, ledger, plan, yes=yes, ask=ask)
            if found is None:
                return Push(plan, None, withdrawn, {})
            refused = found
        with Writers(settings) as writers:
            summary = apply_plan(
                ledger, plan_id, writers, applied_by=current_person(), progress=spaced(progress)
            )
        plan = _loaded(ledger, plan_id)
    load_back(settings, wait=False)
    return Push(plan, summary, withdrawn, refused)


def apply_approved(settings: Settings, progress: Progress) -> Push | None:
    """Send what persons or the policy approved of the latest plan; None: there is nothing.

    Raises:
        PushError: Another process is applying.
    """
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        plan = latest_plan(connection)
    if plan is None or plan.is_empty or ledger_now() >= plan.expires_at:
        return None
    try:
        return apply_now(settings, plan.plan_id, yes=False, ask=None, progress=progress)
    except NotApproved:
        return None


def undo_now(settings: Settings, operation_ids: Sequence[str]) -> Plan:
    """Plan the undoing of operations.

    Raises:
        PushError: One is unknown, was not written, or was written again since.
    """
    circumstances = _circumstances(settings)
    with open_ledger(settings) as ledger:
        plan = plan_undo(ledger, operation_ids, circumstances)
    load_back(settings, wait=False)
    return plan


def pushes_between(settings: Settings, first: date, last: date) -> list[dict[str, Any]]:
    """Return the auditor's rows of all days from the first to the last."""
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        return pushes(connection, first, last)


def _circumstances(settings: Settings) -> Circumstances:
    return Circumstances(
        now=ledger_now(),
        person=current_person(),
        expires_after=timedelta(days=settings.plan_expires_days),
        policy=read_policy(settings.settings_dir),
        capabilities=capability_of,
    )


def _loaded(ledger: Ledger, plan_id: str) -> Plan:
    with ledger.reading() as connection:
        return load_plan(connection, plan_id)


def _is_under_way(plan: Plan) -> bool:
    return any(each.status in ("sent", "unknown") for each in plan.operations)


def _approvals(
    settings: Settings, ledger: Ledger, plan: Plan, *, yes: bool, ask: Ask | None
) -> dict[str, str] | None:
    """Approve what the policy and the person do; give what was refused, None after a no."""
    policy = read_policy(settings.settings_dir)
    by_policy = approve_by_policy(ledger, plan.plan_id, policy, ledger_now())
    refused = {each.label: why for each, why in by_policy.refused}
    plan = _loaded(ledger, plan.plan_id)
    approved = [each for each in plan.operations if each.status == "approved"]
    with ledger.reading() as connection:
        rejected = rejected_ids(connection, plan.plan_id)
        wanted = [each for each in plan.planned_only if each.operation_id not in rejected]
        if has_selection(connection, plan.plan_id):
            wanted = []
    to_send = (*approved, *wanted)
    if ask and not yes and to_send and not ask(plan, to_send):
        return None
    if wanted and (yes or ask):
        done = approve_in(ledger, settings, plan.plan_id)
        refused |= {each.label: why for each, why in done.refused}
    elif wanted and not approved and not _is_under_way(plan):
        raise NotApproved(
            f"Nothing of plan {plan.plan_id} is approved. Look at it, then `xero-crm approve"
            f" {plan.plan_id}` or `xero-crm apply {plan.plan_id} --yes`."
        )
    return refused
