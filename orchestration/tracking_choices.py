"""Which tracking there is to choose from, by the published file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orchestration.errors import CannotRun
from orchestration.published_file import published_file
from orchestration.relevance import TrackingChoice
from pipelines.settings import Settings

TRACKING = """
    select tenant_id, tracking_category_id, tracking_category_name, tracking_option_id,
        tracking_option_name, analysis_slot, is_offered, is_mandatory_on, reason
    from coding.tracking_availability
    order by tenant_id, analysis_slot nulls last, tracking_category_name, tracking_option_name
"""


class UnknownTracking(CannotRun):
    """The organisation has no such category or option."""


def tracking_choices(
    settings: Settings, tenant_id: str, offer: Iterable[str], hide: Iterable[str]
) -> list[TrackingChoice]:
    """Return the choices that ids (`category` or `category/option`) stand for.

    Raises:
        NothingPublished: There is no published file to look the ids up in.
        UnknownTracking: The organisation has no such category or option.
    """
    with published_file(settings.home, "coding.tracking_availability") as file:
        held = [row for row in file.rows(TRACKING) if row["tenant_id"] == tenant_id]
    asked = [(each, True) for each in offer] + [(each, False) for each in hide]
    return [_choice(held, tenant_id, each, is_relevant) for each, is_relevant in asked]


def _choice(
    held: list[dict[str, Any]], tenant_id: str, asked: str, is_relevant: bool
) -> TrackingChoice:
    category_id, _, option_id = asked.partition("/")
    for row in held:
        of_option = option_id in ("", row["tracking_option_id"])
        if row["tracking_category_id"] == category_id and of_option:
            return TrackingChoice(
                tenant_id,
                category_id,
                row["tracking_category_name"],
                option_id,
                row["tracking_option_name"] if option_id else "",
                is_relevant,
            )
    raise UnknownTracking(
        f"The organisation {tenant_id} has no tracking {asked!r}. `xero-crm sync --only"
        " configuration` reads what Xero has."
    )
