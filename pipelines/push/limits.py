"""Limits on the size of a plan: `max_records` and `max_share` of push_policy.csv.

Pure. A share is of all records that the desired state lists for the organisation and the entity,
whatever is to be done with them: "this plan would change 80 % of contacts".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pipelines.push.decision import PLANNED
from pipelines.push.policy import OFF, PushPolicy

Kind = tuple[str, str, str, str]
"""(tenant_id, target, entity, operation)."""


def stops_of(counts: Mapping[Kind, Counter[str]], policy: PushPolicy) -> Iterable[dict[str, Any]]:
    """Yield each limit that the planned records break; `counts` are by kind and state."""
    listed: Counter[tuple[str, str, str]] = Counter()
    for kind, count in counts.items():
        listed[kind[:3]] += count.total()
    for kind, count in counts.items():
        rule, planned = policy.rule(*kind), count[PLANNED]
        if rule.mode == OFF or not planned:
            continue
        tenant_id, target, entity, operation = kind
        all_of_them = listed[tenant_id, target, entity]
        said = f"It would {operation} {planned} {target} {entity.replace('_', ' ')}"
        limits = []
        if rule.max_records is not None and planned > rule.max_records:
            limits.append(f"{said}; max_records is {rule.max_records}.")
        if rule.max_share is not None and Decimal(planned) > rule.max_share * all_of_them:
            share = Decimal(100 * planned) / all_of_them
            limits.append(
                f"{said}, {share:.0f} % of {all_of_them}; max_share is {rule.max_share:f}."
            )
        for message in limits:
            yield {
                "tenant_id": tenant_id,
                "target": target,
                "entity": entity,
                "operation": operation,
                "records": planned,
                "message": message,
                "remedy": "Find out why there are so many. If it is right, raise the limit in"
                " push_policy.csv and plan again.",
            }
