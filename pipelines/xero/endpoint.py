"""What an endpoint of Xero's Accounting API is to the extract: one list, or one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PAGE_SIZE = 1000

Group = Literal["configuration", "contacts", "documents", "reports"]


@dataclass(frozen=True)
class MonthEnds:
    """A report that is read once for each month end, from the present month back.

    Attributes:
        last: The parameter for the month's last day.
        first: The parameter for its first day, where the report is about a period.
        empty_months: After how many months in a row without a figure nothing earlier is asked for.
    """

    last: str
    first: str | None = None
    empty_months: int = 1


@dataclass(frozen=True)
class Endpoint:
    """One list of the API.

    Attributes:
        name: Xero's name, also the path below `/api.xro/2.0`.
        table: The raw table.
        list_key: The key of the records in the answer.
        id_field: The field that names a record.
        is_paged: Whether `page` and `pageSize` are honoured. An endpoint without pages is read
            whole on every run, without If-Modified-Since; that read gives tombstones.
        stamp_field: The field with the change stamp, if the records have one.
        params: Sent with every call.
        group: Which part of a run reads it.
        month_ends: Set where it is a report, read for each month end.
        has_counts: False where pages are of 100 whatever is asked, and do not say how many there
            are: the first that is not full is the last.
        takes_since: Whether If-Modified-Since counts, where there are no counts.
        months_each: Set where a list shows no lines, and each record is read by its id for so
            many months around the present one.
        scope: The granular scope a token needs.
    """

    name: str
    table: str
    list_key: str
    id_field: str
    group: Group
    scope: str
    is_paged: bool = False
    stamp_field: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    month_ends: MonthEnds | None = None
    has_counts: bool = True
    takes_since: bool = False
    months_each: int | None = None
    number_field: str | None = None
    is_optional: bool = False

    @property
    def reads_its_own_way(self) -> bool:
        """Whether it is neither a list in one answer nor one of counted pages."""
        return bool(self.month_ends or self.months_each or self.number_field) or not self.has_counts
