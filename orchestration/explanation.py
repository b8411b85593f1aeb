"""Why each line of an outgoing document got its account, tax and tracking.

In: the published file. Out: an `Explanation`. The rules and their words are in the coding marts;
nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from orchestration.errors import CannotRun
from orchestration.outgoing_documents import find_document
from orchestration.published_file import PublishedFile, published_file
from pipelines.settings import Settings

Row = dict[str, Any]
TABLES = tuple(
    f"coding.{name}"
    for name in (
        "documents",
        "document_lines",
        "line_candidates",
        "exceptions",
        "tracking_availability",
    )
)

_SAME_DOCUMENT = """
    tenant_id = $tenant_id and source_system = $source_system
    and document_type = $document_type and document_id = $document_id
"""
_LINES = f"""
    select * from coding.document_lines where {_SAME_DOCUMENT}
    order by line_number, line_id
"""  # noqa: S608 - constants
_CANDIDATES = f"""
    select * from coding.line_candidates where {_SAME_DOCUMENT}
    order by line_id, attribute, tracking_category_name, level_rank, is_winner desc, value
"""  # noqa: S608 - constants
_FINDINGS = f"""
    select line_id, rule, severity, message, remedy from coding.exceptions
    where {_SAME_DOCUMENT}
    order by line_id, array_position(['block', 'hold', 'skip', 'warn'], severity), rule, message
"""  # noqa: S608 - constants
_CATEGORIES = """
    select distinct analysis_slot, tracking_category_name from coding.tracking_availability
    where tenant_id = $tenant_id and analysis_slot is not null
"""


class NoSuchLine(CannotRun):
    """The document has no line of that number; the message names those it has."""


@dataclass(frozen=True)
class LineExplanation:
    """One line: its row of `coding.document_lines`, what was considered, what was found."""

    line: Row
    candidates: tuple[Row, ...]
    findings: tuple[Row, ...]


@dataclass(frozen=True)
class Explanation:
    """One document. `categories` are the tracking categories' names by analysis slot."""

    document: Row
    findings: tuple[Row, ...]
    categories: dict[int, str]
    lines: tuple[LineExplanation, ...]


def explain(settings: Settings, name: str, line: int | None = None) -> Explanation:
    """Explain a document, or one line of it, from the published file.

    Args:
        settings: Whose published file.
        name: The document, as `find_document` takes it.
        line: The number of the line on the document; None for all.

    Raises:
        NothingPublished: There is no published file with outgoing documents.
        UnknownDocument: No document is called so.
        AmbiguousDocument: Several are.
        NoSuchLine: It has no such line.
    """
    with published_file(settings.home, *TABLES) as file:
        document = find_document(file, name)
        return _explained(file, document, line)


def _explained(file: PublishedFile, document: Row, line: int | None) -> Explanation:
    key = {
        part: document[part]
        for part in ("tenant_id", "source_system", "document_type", "document_id")
    }
    lines = file.rows(_LINES, key)
    numbers = [row["line_number"] for row in lines]
    if line is not None and line not in numbers:
        has = f"It has {', '.join(map(str, numbers))}." if numbers else "It has no lines."
        raise NoSuchLine(f"{document['document_number']} has no line {line}. {has}")
    candidates, findings = file.rows(_CANDIDATES, key), file.rows(_FINDINGS, key)
    categories = file.rows(_CATEGORIES, {"tenant_id": document["tenant_id"]})
    return Explanation(
        document=document,
        findings=_of(findings, None),
        categories={row["analysis_slot"]: row["tracking_category_name"] for row in categories},
        lines=tuple(
            LineExplanation(row, _of(candidates, row["line_id"]), _of(findings, row["line_id"]))
            for row in lines
            if line is None or row["line_number"] == line
        ),
    )


def _of(rows: Iterable[Row], line_id: str | None) -> tuple[Row, ...]:
    return tuple(row for row in rows if row["line_id"] == line_id)
