"""What the raw log must hold after a schedule, whatever went wrong on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forked_sync import CREDENTIALS
from raw_rows import Rows
from secret_scan import held_tokens, leaks
from sync_schedules import VERIFIER, Ended, SyncBench


def broken_promises(ended: Ended, undisturbed: Rows) -> list[str]:
    """Return what is not as it must be; nothing if all is well."""
    return [*_last_run_is_complete(ended), *_same_rows(ended, undisturbed)]


def secrets_left(bench: SyncBench) -> list[str]:
    """Return where a secret stands in what the schedules left: homes and logs, not token files."""
    secrets = {one.get_secret_value() for app in CREDENTIALS.values() if (one := app.client_secret)}
    secrets |= {VERIFIER, *bench.secrets, *held_tokens(bench.home)}
    assert len(secrets) > 2, "no token was ever given"
    return leaks(bench.folder, secrets)


def _last_run_is_complete(ended: Ended) -> Iterable[str]:
    if not ended.last.is_complete:
        yield f"the run after the mishaps is not complete: {ended.last.errors}"


def _same_rows(ended: Ended, undisturbed: Rows) -> Iterable[str]:
    for key in sorted(ended.rows.keys() | undisturbed.keys()):
        held, wanted = ended.rows.get(key, ()), undisturbed.get(key, ())
        if list(held) != list(wanted) and not _may_differ(ended, key[0], held, wanted):
            yield f"{key}: {len(held)} versions {_kinds(held)}, not {len(wanted)} {_kinds(wanted)}"


def _may_differ(ended: Ended, table: str, held: Sequence[tuple], wanted: Sequence[tuple]) -> bool:
    """Whether the difference is one of when things were read, not of what is held in the end."""
    schedule = ended.schedule
    if not schedule.is_during:
        return False
    if table.endswith("_reports") and held:
        return held[-1] == wanted[-1]  # a report shows what many changes, one by one, make of it
    if not schedule.is_synced and len(wanted) == 2:  # changed before it was read for the first time
        is_gone = wanted[-1][2]
        return list(held) == ([] if is_gone else list(wanted[1:]))
    return False


def _kinds(rows: Sequence[tuple]) -> list[str]:
    return ["gone" if is_deleted else digest[:6] for digest, _, is_deleted, _ in rows]
