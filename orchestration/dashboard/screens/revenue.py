"""What was earned: by code, tracking option, customer or month, and the invoice lines behind it."""

from __future__ import annotations

from orchestration.dashboard.breakdown_page import show_subject
from orchestration.dashboard.breakdowns import REVENUE


def show() -> None:
    """Show the page."""
    show_subject(REVENUE)
