"""The settings files that a bookkeeper keeps, validated, as one more source of the raw log.

In: the CSV files of the settings folder and connections.toml. Out: rows in `raw_settings`, one
table per file, so that what was in force on any day is known. Nothing lands unless every file is
valid; all problems are reported at once, with file, line and column.

What a row names (an organisation, account, tax type, tracking category or option, contact) is not
looked for here, and a stranger is never refused: a row may rightly be written before its
organisation is connected or its account made, and a refusal would stop the reading of every other
organisation for one mistyped cell. The build looks for it in the raw log, and `xero-crm doctor`
names what is unknown, with its file, row, column and the nearest match
(`coding.configuration_findings`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
import pyarrow as pa

from pipelines.endpoint_read import utc_now
from pipelines.landing import HeldState, Landing
from pipelines.reads import ReadSummary
from pipelines.record_log import VersionLog
from pipelines.settings import Settings, SettingsError
from pipelines.settings_files import SETTINGS_FILES, SettingsFile
from pipelines.warehouse import warehouse_of

SYSTEM = "settings"
DATASET = "raw_settings"
ALL_TENANTS = "*"
ID_FIELD = "_record_id"

Row = dict[str, str]


def read_settings_files(folder: Path) -> dict[str, list[Row]]:
    """Return the rows of each settings file by table name; a missing file has none.

    Raises:
        SettingsError: A file has an unknown column, lacks one, or a row is not valid.
    """
    problems: list[str] = []
    tables: dict[str, list[Row]] = {}
    for file in SETTINGS_FILES:
        path = folder / f"{file.name}.csv"
        tables[file.name] = list(_read_rows(path, file, problems)) if path.exists() else []
    known = {file.name for file in SETTINGS_FILES}
    problems += [
        f"{path}: not a settings file; the known ones are {', '.join(sorted(known))}."
        for path in sorted(folder.glob("*.csv"))
        if path.stem not in known
    ]
    if problems:
        raise SettingsError("\n".join(problems))
    return tables


def row_numbers(folder: Path) -> dict[tuple[str, str, str], int]:
    """Return where each row stands: {(file, tenant_id, record_id): row}, 1 after the header.

    Raises:
        SettingsError: As `read_settings_files`.
    """
    tables = read_settings_files(folder)
    return {
        (file.name, row["tenant_id"], record_id(row, file.key)): number
        for file in SETTINGS_FILES
        for number, row in enumerate(tables[file.name], start=1)
    }


def record_id(row: Row, key: Sequence[str]) -> str:
    """Return what names a row within its file and tenant: its key columns, joined by `|`."""
    return "|".join(row[column] for column in key)


def sync_settings(settings: Settings, *, run_id: str) -> list[ReadSummary]:
    """Land the settings files and the connections, without secrets, in `raw_settings`.

    Raises:
        SettingsError: A file is not valid; then nothing lands.
    """
    keys = {file.name: file.key for file in SETTINGS_FILES} | {"connections": ("system", "name")}
    tables = read_settings_files(settings.settings_dir)
    tables["connections"] = _connection_rows(settings)
    warehouse = warehouse_of(settings)
    landing = Landing(warehouse, pipeline_name=SYSTEM, dataset=DATASET)
    started_at = utc_now()
    held = landing.held_by_tenant(tables)
    logs: dict[str, list[VersionLog]] = {table: [] for table in tables}
    versions = {
        table: list(_versions((held or {}).get(table, {}), rows, keys[table], logs[table]))
        for table, rows in tables.items()
    }
    if held is None or any(batch.num_rows for batches in versions.values() for batch in batches):
        landing.land({table: partial(iter, batches) for table, batches in versions.items()})
    return [
        ReadSummary(
            run_id=run_id,
            connection=SYSTEM,
            system=SYSTEM,
            tenant_id=ALL_TENANTS,
            endpoint=table,
            started_at=started_at,
            finished_at=utc_now(),
            mode="whole",
            is_complete=True,
            calls=0,
            bytes=0,
            item_count=len(rows),
            records_read=sum(log.counts.records_read for log in logs[table]),
            versions_written=sum(log.counts.versions_written for log in logs[table]),
            changed_without_stamp=0,
            tombstones=sum(log.counts.tombstones for log in logs[table]),
            error=None,
            cursor_at=None,
        )
        for table, rows in tables.items()
    ]


def _versions(
    held: Mapping[str, HeldState],
    rows: Sequence[Row],
    key: Sequence[str],
    logs: list[VersionLog],
) -> Iterator[pa.Table]:
    by_tenant: dict[str, dict[str, bytes]] = {tenant_id: {} for tenant_id in held}
    for row in rows:
        tenant_id = row.get("tenant_id", ALL_TENANTS)
        identity = record_id(row, key)
        payload = msgspec.json.encode({ID_FIELD: identity, **row})
        by_tenant.setdefault(tenant_id, {})[identity] = payload
    for tenant_id, payloads in by_tenant.items():
        state = held.get(tenant_id, HeldState())
        log = VersionLog(
            tenant_id,
            id_field=ID_FIELD,
            stamp_field=None,
            held=state.versions,
            not_before=state.latest_extracted_at,
        )
        logs.append(log)
        yield log.append(list(payloads.values()), utc_now())[0]
        yield log.tombstones(payloads, utc_now())


def _connection_rows(settings: Settings) -> list[Row]:
    """Return the tables of connections.toml as rows; it holds no secrets."""
    return [
        {"system": system, **{column: _text(value) for column, value in table.items()}}
        for system, tables in settings.connection_tables().items()
        for table in tables
    ]


def _read_rows(path: Path, file: SettingsFile, problems: list[str]) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(line for line in stream if not line.startswith("#"))
        header = [column.strip() for column in reader.fieldnames or []]
        reader.fieldnames = header
        wrong = [*(f"unknown column {c!r}" for c in header if c not in file.columns)]
        wrong += [f"the column {c!r} is missing" for c in file.required if c not in header]
        if wrong:
            problems.append(f"{path}: {'; '.join(wrong)}. Columns: {', '.join(file.columns)}.")
            return
        seen: set[tuple[str, ...]] = set()
        for number, raw in enumerate(reader, start=1):
            row = {column: (raw.get(column) or "").strip() for column in file.columns}
            found = [*file.problems(row)]
            if None in raw:
                found.append("more values than columns")
            identity = tuple(row[column] for column in ("tenant_id", *file.key))
            if identity in seen:
                found.append(f"{', '.join(file.key)} repeat those of an earlier row")
            seen.add(identity)
            problems.extend(f"{path}, row {number}: {problem}." for problem in found)
            yield row


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)
