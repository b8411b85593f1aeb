"""Tells whether the pages of one read fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass
class PageCheck:
    """Whether the pages of one read fit together, and from which page they do not.

    A record that is edited while its list is read moves to the end, and the pages behind its old
    place slide: one record is shown twice and another is missed.
    """

    first_page: dict[str, int] = field(default_factory=dict)
    item_counts: dict[int, int] = field(default_factory=dict)
    twice: dict[str, int] = field(default_factory=dict)

    def add(self, page: int, ids: Sequence[str], item_count: int) -> None:
        """Note what a page showed."""
        self.item_counts[page] = item_count
        for record_id in ids:
            if record_id in self.first_page:
                self.twice[record_id] = self.first_page[record_id]
            else:
                self.first_page[record_id] = page

    def first_affected(self) -> int | None:
        """Return the page from which to read again; None if the pages fit together."""
        affected = list(self.twice.values())
        pages = sorted(self.item_counts)
        # What a shift between two pages hides slid to the end of the earlier one.
        affected += [
            before
            for before, page in pairwise(pages)
            if self.item_counts[before] != self.item_counts[page]
        ]
        if not affected and len(self.first_page) != self.item_counts[pages[-1]]:
            affected = [1]
        return min(affected, default=None)

    def forget_from(self, page: int) -> None:
        """Drop what this and later pages showed."""
        self.first_page = {i: seen for i, seen in self.first_page.items() if seen < page}
        self.item_counts = {seen: n for seen, n in self.item_counts.items() if seen < page}
        self.twice = {}
