"""A page of a list becomes its records, each still the bytes that Xero sent.

In: an answer and the key its list stands under. Out: a `Page`. Records are not
parsed here, so numbers reach the raw log as they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from pipelines.web.listing import decode_answer, require_objects
from pipelines.web.transport import Answer

NOT_MODIFIED = 304


@dataclass(frozen=True)
class Page:
    """One answer's records. An unpaged list is page 1 of 1 and has no `item_count`."""

    records: Sequence[msgspec.Raw]
    page: int = 1
    page_size: int | None = None
    page_count: int = 1
    item_count: int | None = None


class _Pagination(msgspec.Struct, rename="camel"):
    page: int
    page_size: int
    page_count: int
    item_count: int


@lru_cache(maxsize=64)
def _decoder(list_key: str) -> msgspec.json.Decoder[Any]:
    envelope = msgspec.defstruct(
        "Envelope",
        [
            ("records", list[msgspec.Raw], msgspec.field(name=list_key)),
            ("pagination", _Pagination | None, None),
        ],
    )
    return msgspec.json.Decoder(envelope)


def read_page(answer: Answer, list_key: str, where: str = "") -> Page:
    """Cut the records under `list_key` out of an answer, unparsed.

    An answer of 304 is an empty page. The records share the body's memory; `.copy()` one that is
    to outlive the page.

    Raises:
        MalformedAnswer: The body is not JSON in UTF-8, was cut short, lacks the list, or holds
            something else in its place or among its records.
    """
    where = where or list_key
    if answer.status == NOT_MODIFIED:
        return Page((), item_count=0)
    envelope = decode_answer(answer, _decoder(list_key), where)
    require_objects(envelope.records, list_key, where)
    paging = envelope.pagination
    if paging is None:
        return Page(envelope.records)
    return Page(
        envelope.records, paging.page, paging.page_size, paging.page_count, paging.item_count
    )
