"""How assets are grouped, as the data flows, and who answers for each group.

An owner of Dagster is a team or a mail address; who is in a team is the instance's to say.
"""

from datetime import timedelta

import dagster as dg

from pipelines.systems import SYSTEMS

ENGINEERING, ANALYSIS, BOOKKEEPING = "team:data_engineering", "team:analysts", "team:bookkeeping"

OWNERS = {
    **{f"sync_{name}": ENGINEERING for name in ("settings", "xero", "ledger", *SYSTEMS)},
    "sync": ENGINEERING,
    "staging": ENGINEERING,
    "intermediate": ENGINEERING,
    "marts": ANALYSIS,
    "metrics": ANALYSIS,
    "coding": BOOKKEEPING,
    "publish": ANALYSIS,
    "push": BOOKKEEPING,
    "plan": BOOKKEEPING,
    "apply": BOOKKEEPING,
}

HOURLY = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(hours=2), fail_window=timedelta(hours=26)
)
"""Of what each hourly run makes: late after two runs missed, stale after a day of them."""

SAFE_TO_REPEAT = dg.RetryPolicy(max_retries=2, delay=15, backoff=dg.Backoff.EXPONENTIAL)
"""For steps that do the same thing again: a warehouse in use is worth waiting for. Sync retries
each call itself; apply is never repeated by itself, a person or a sensor starts it again."""


def group_of_model(folders: list[str]) -> str:
    """Return the group of a dbt model by the folders it is in: `coding` is a flow of its own."""
    return "coding" if "coding" in folders[:2] else folders[0]
