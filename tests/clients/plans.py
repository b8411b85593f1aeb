"""Plans for tests: a policy that allows everything, writers that can do everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipelines.push.desired import ORDER, DesiredRecord
from pipelines.push.plan import Circumstances, Plan, make_plan
from pipelines.push.policy import MANUAL, PushPolicy, Rule
from pipelines.push.writer import Capability

NOW = datetime(2026, 11, 22, 8, 0)
OPERATIONS = ("create", "update", "delete", "mark")
ALL_ON = PushPolicy(
    "version-of-the-policy",
    {("*", *relation, each): Rule(MANUAL) for relation in ORDER for each in OPERATIONS},
)


def everything(tenant_id: str, target: str, entity: str) -> Capability:
    """A writer that can do all."""
    return Capability(frozenset(OPERATIONS))


def policy_with(**rules: Rule) -> PushPolicy:
    """The policy with some rules of its own: `xero__items__create=Rule(...)`."""
    named = {("*", *name.split("__")): rule for name, rule in rules.items()}
    return PushPolicy("version-of-the-policy", {**ALL_ON.rules, **named})  # pyright: ignore[reportArgumentType]


def a_plan(
    records: Sequence[DesiredRecord],
    earlier: Mapping[Any, Any] | None = None,
    *,
    policy: PushPolicy = ALL_ON,
    capabilities: Any = everything,
    now: datetime = NOW,
) -> Plan:
    """The plan of some records, made by Anna on 22 November."""
    circumstances = Circumstances(now, "anna", timedelta(days=7), policy, capabilities)
    return make_plan(records, earlier or {}, circumstances)
