"""What it cost: by code, tracking option, supplier or month, and the lines behind it."""

from __future__ import annotations

from orchestration.dashboard.breakdown_page import show_subject
from orchestration.dashboard.breakdowns import COST_OF_SALES


def show() -> None:
    """Show the page."""
    show_subject(COST_OF_SALES)
