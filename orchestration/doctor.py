"""Checks the settings against Xero, the connections, and how old the data is.

In: the published file, the settings files, and one call per organisation. Out: a `Diagnosis`. What
is wrong with the settings is decided in `coding.configuration_findings` and `coding.exceptions`;
here it is only read. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from orchestration.connection_checks import check_connections
from orchestration.diagnosis import Check, Diagnosis, age_words
from orchestration.organisation_names import organisation_names
from orchestration.published_file import NothingPublished, PublishedFile, published_file
from orchestration.push_checks import check_pushes
from pipelines.bookkeeping import row_numbers
from pipelines.connections import Connection
from pipelines.settings import Settings, SettingsError
from pipelines.web.transport import Clock, utc_now

Progress = Callable[[str], None]
RowNumbers = Mapping[tuple[str, str, str], int]

OLD = timedelta(days=1)
"""From when on a read counts as old; the schedule reads every hour."""

_WORST_FIRST = ("block", "unchecked", "warn", "ok")
_CONFIGURATION = """
    select * from coding.configuration_findings
    order by severity, organisation_name, settings_file, record_id, message
"""
_EXCEPTIONS = """
    select tenant_id, record_label, rule, severity, message, remedy from coding.exceptions
    where document_id is null
    order by severity, tenant_id, record_label, message
"""
_READS = """
    select
        connection, tenant_id, endpoint,
        max(finished_at) filter (where is_complete) as read_at,
        max_by(is_complete, finished_at) as is_latest_complete,
        max_by(error, finished_at) as error,
        max_by(system, finished_at) as system
    from published.reads
    where system <> 'settings'
    group by all
    order by all
"""


def examine(
    settings: Settings, *, progress: Progress | None = None, clock: Clock = utc_now
) -> Diagnosis:
    """Check everything that can be; what cannot is in the result as `unchecked`.

    Raises:
        SettingsError: connections.toml cannot be used.
    """
    settings.connections_of(Connection)
    live, connected = check_connections(settings, progress=progress, clock=clock)
    names = organisation_names(settings) | connected
    checks = [*live, *_checks_of_files(settings)]
    try:
        with published_file(settings.home, "published.reads") as file:
            checks += _checks_of_reads(settings, file, names, clock())
        tables = ("coding.configuration_findings", "coding.exceptions")
        with published_file(settings.home, *tables) as file:
            checks += _checks_of_configuration(file, _row_numbers(settings), names)
        with published_file(settings.home, "coding.documents") as file:
            checks += check_pushes(settings, file, names)
    except NothingPublished as error:
        checks.append(Check("settings", "unchecked", "published file", str(error)))
    return Diagnosis(tuple(_sorted(checks)))


def _checks_of_files(settings: Settings) -> list[Check]:
    folder = str(settings.settings_dir)
    try:
        rows = row_numbers(settings.settings_dir)
    except SettingsError as error:
        remedy = "Correct it; until then nothing is read."
        return [Check("settings", "block", folder, each, remedy) for each in str(error).split("\n")]
    return [Check("settings", "ok", folder, f"{len(rows)} rows of settings can be read.")]


def _row_numbers(settings: Settings) -> RowNumbers:
    try:
        return row_numbers(settings.settings_dir)
    except SettingsError:
        return {}


def _checks_of_configuration(
    file: PublishedFile, numbers: RowNumbers, names: Mapping[str, str]
) -> list[Check]:
    checks = []
    for row in file.rows(_CONFIGURATION):
        name = row["organisation_name"] or names.get(row["tenant_id"]) or row["tenant_id"]
        number = numbers.get((row["settings_file"], row["tenant_id"], row["record_id"]))
        where = f"{'all organisations' if name == '*' else name}, {row['settings_file']}.csv"
        where += f", row {number}" if number else ""
        checks.append(_finding(row, where))
    checks += [
        _finding(row, names.get(row["tenant_id"], row["tenant_id"]))
        for row in file.rows(_EXCEPTIONS)
    ]
    said = "The settings fit what is in Xero."
    return checks or [Check("settings", "ok", "settings and Xero", said)]


def _finding(row: Mapping[str, Any], where: str) -> Check:
    severity = "block" if row["severity"] in ("block", "hold") else "warn"
    return Check("settings", severity, where, row["message"], row["remedy"], row["rule"])


def _checks_of_reads(
    settings: Settings, file: PublishedFile, names: Mapping[str, str], now: datetime
) -> list[Check]:
    connected = {connection.name for connection in settings.connections_of(Connection)}
    at = now.replace(tzinfo=None)
    reads: dict[str, list[dict[str, Any]]] = {}
    for row in file.rows(_READS):
        if row["connection"] in connected:
            name = names.get(row["tenant_id"], row["tenant_id"])
            reads.setdefault(f"{name}, {row['connection']}", []).append(row)
    checks = [check for where, rows in reads.items() for check in _read_checks(where, rows, at)]
    read = {row["connection"] for rows in reads.values() for row in rows}
    checks += [
        Check("reads", "warn", name, "Nothing of it was ever read.", "Run `xero-crm run`.")
        for name in sorted(connected - read)
    ]
    return checks


def _read_checks(where: str, rows: list[dict[str, Any]], now: datetime) -> Iterable[Check]:
    """Yield each list that fails or is old, and one line for all that are well."""
    well = []
    for row in rows:
        read_at = row["read_at"]
        age = now - read_at if read_at else None
        last = f"last read completely {age_words(age)} ago" if age else "never read completely"
        if not row["is_latest_complete"]:
            said = f"{row['endpoint']} could not be read: {row['error']} It was {last}."
            yield Check("reads", "block", where, said, "See the reason, then `xero-crm sync`.")
        elif age is None or age > OLD:
            said = f"{row['endpoint']} was {last}."
            yield Check("reads", "warn", where, said, "Run `xero-crm run`.")
        else:
            well.append(age)
    if well:
        said = f"{len(well)} lists were read completely, the oldest {age_words(max(well))} ago."
        yield Check("reads", "ok", where, said)


def _sorted(checks: Iterable[Check]) -> list[Check]:
    topics = ("settings", "connections", "reads")
    return sorted(
        checks, key=lambda check: (topics.index(check.topic), _WORST_FIRST.index(check.severity))
    )
