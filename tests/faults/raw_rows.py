"""What the raw log of a home holds, to be compared with another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

Rows = Mapping[tuple[str, str], Sequence[tuple]]
"""What is held: by (table, record id), a record's versions in their order, without times."""


def raw_log(home: Path) -> Rows:
    """Return what the raw log of Xero holds, without the times of reading.

    Reports say themselves when they were read, so only their hash counts, which leaves that out.
    """
    held: dict[tuple[str, str], list[tuple]] = {}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        tables = con.execute(
            "select table_name from information_schema.tables where table_schema = 'raw_xero' "
            "and not starts_with(table_name, '_dlt') order by 1"
        ).fetchall()
        selects = [
            f"select extracted_at, '{table}', record_id, version_hash, record_updated_at, "  # noqa: S608
            f"is_deleted, {'null' if table.endswith('_reports') else 'md5(payload)'} "
            f"from raw_xero.{table}"
            for (table,) in tables
        ]
        rows = con.execute(f"{' union all '.join(selects)} order by 1").fetchall()
    for _, table, record_id, *version in rows:
        held.setdefault((table, record_id), []).append(tuple(version))
    return held
