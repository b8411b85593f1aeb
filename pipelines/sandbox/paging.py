"""What a list request asks for: its parameters read once, with Xero's defaults and clamps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from pipelines.sandbox.resources import Resource

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000


class BadParameterError(Exception):
    """A parameter or header that the sandbox refuses, so that a client's mistake is seen."""


@dataclass(frozen=True)
class Page:
    """One page of a list; `number` counts from 1."""

    number: int
    size: int

    def describe(self, item_count: int) -> dict[str, int]:
        """Return the answer's `pagination`."""
        return {
            "page": self.number,
            "pageSize": self.size,
            "pageCount": -(-item_count // self.size),
            "itemCount": item_count,
        }


@dataclass(frozen=True)
class ListRequest:
    """A list request without its page: equal requests select the same records."""

    since: datetime | None = None
    where: str = ""
    order: str = ""
    search_term: str = ""
    filters: tuple[tuple[str, frozenset[str]], ...] = ()
    dates: tuple[tuple[str, str, date], ...] = ()
    include_archived: bool = False
    created_by_my_app: bool = False
    offset: int = 0


@dataclass(frozen=True)
class Rendering:
    """How much of each record is shown. `unit_places`: decimals of unit amounts."""

    is_full: bool
    summary_only: bool = False
    unit_places: int = 2
    include_archived: bool = False


def read_parameters(
    resource: Resource, query: Mapping[str, str], since: str | None
) -> tuple[ListRequest, Page | None, Rendering]:
    """Read the parameters of a list request; what the endpoint does not offer is ignored.

    Raises:
        BadParameterError: A date, or `If-Modified-Since`, is in none of the accepted forms.
    """
    given = {name.lower(): value for name, value in query.items()}
    filters = tuple(
        (path, frozenset(one.strip().lower() for one in given[name.lower()].split(",")))
        for name, path in resource.filters.items()
        if given.get(name.lower())
    )
    request = ListRequest(
        since=parse_since(since) if since and resource.has_since else None,
        where=given.get("where", "") if resource.has_where else "",
        order=given.get("order", "") if resource.has_where else "",
        search_term=given.get("searchterm", "").lower() if resource.search_fields else "",
        filters=filters,
        dates=tuple(
            (path, end, _day(name, given[name.lower()]))
            for name, (path, end) in resource.date_filters.items()
            if given.get(name.lower())
        ),
        include_archived=resource.archived_field is not None
        and _is_true(given.get(resource.hidden_status[1])),
        created_by_my_app=resource.name == "Invoices" and _is_true(given.get("createdbymyapp")),
        offset=_whole(given.get("offset"), 0) if resource.number_field else 0,
    )
    # Statuses forces paging (developer.xero.com, Invoices); pageSize acts only with page.
    is_paged = resource.is_paged and (
        resource.always_paged or "page" in given or bool(given.get("statuses"))
    )
    page = None
    if is_paged:
        sized = resource.page_sized and "page" in given
        size = _whole(given.get("pagesize"), DEFAULT_PAGE_SIZE) if sized else None
        page = Page(
            number=max(1, _whole(given.get("page"), 1)),
            size=min(max(1, DEFAULT_PAGE_SIZE if size is None else size), MAX_PAGE_SIZE),
        )
    rendering = Rendering(
        is_full=is_paged,
        summary_only=bool(resource.summary_drops) and _is_true(given.get("summaryonly")),
        unit_places=unit_places(resource, given),
        include_archived=request.include_archived,
    )
    return request, page, rendering


def unit_places(resource: Resource, query: Mapping[str, str]) -> int:
    """Return the decimals of unit amounts: 4 only if `unitdp=4` is sent (keys in lower case)."""
    return 4 if resource.has_unit_places and query.get("unitdp") == "4" else 2


def parse_since(text: str) -> datetime:
    """Read an `If-Modified-Since`: ISO with `Z`, an offset or no zone (UTC), or RFC 1123.

    The resolution is one second, as Xero's: fractions are cut off.

    Raises:
        BadParameterError: It is in none of these forms. (What Xero does then is not documented;
            ignoring it would make a client re-read everything without noticing.)
    """
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = parse(text.strip())
        except ValueError:
            continue
        aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    raise BadParameterError(f"If-Modified-Since {text!r} is not a date that can be read")


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise BadParameterError(f"{name} {text!r} is not a date") from error


def _is_true(text: str | None) -> bool:
    return (text or "").lower() == "true"


def _whole(text: str | None, default: int) -> int:
    try:
        return int(text) if text else default
    except ValueError:
        return default
