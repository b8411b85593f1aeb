"""The organisations' names, from the published file: no wait for a warehouse that is in use."""

from __future__ import annotations

from orchestration.published_file import NothingPublished, published_file
from pipelines.settings import Settings

_WHERE = """
    select table_schema as schema, table_name as name from information_schema.columns
    where column_name = 'organisation_name' and table_schema in ('coding', 'push', 'reporting')
"""
_NAMES = 'select distinct tenant_id, organisation_name from "{schema}"."{name}"'


def organisation_names(settings: Settings) -> dict[str, str]:
    """Return the names by tenant_id, as far as the published tables tell them."""
    try:
        with published_file(settings.home) as file:
            found = [
                row for table in file.rows(_WHERE) for row in file.rows(_NAMES.format(**table))
            ]
    except NothingPublished:
        return {}
    return {row["tenant_id"]: row["organisation_name"] for row in found if row["organisation_name"]}
