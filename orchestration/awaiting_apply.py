"""Which records wait to be written: approved by a person, or by the policy as it stands."""

from __future__ import annotations

from pipelines.push.ledger import ledger_now, open_ledger
from pipelines.push.planned import latest_plan
from pipelines.push.policy import AUTO, read_policy
from pipelines.settings import Settings


def awaiting_apply(settings: Settings) -> list[str]:
    """Return the operations of the latest plan that `apply_approved` would send, by their ids.

    Those that a person approved, and those that the policy approves by itself.
    """
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        plan = latest_plan(connection)
    if plan is None or ledger_now() >= plan.expires_at:
        return []
    policy = read_policy(settings.settings_dir)
    return [
        each.operation_id
        for each in plan.operations
        if each.status == "approved"
        or (
            each.status == "planned"
            and policy.rule(each.tenant_id, each.target, each.entity, each.operation).mode == AUTO
        )
    ]
