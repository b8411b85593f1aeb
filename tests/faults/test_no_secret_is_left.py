"""After syncs that went wrong in every way, no secret stands anywhere but in the token file."""

from __future__ import annotations

import gzip
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
from secret_scan import leaks
from sync_promises import secrets_left
from sync_schedules import SyncBench

SECRET = "wNq7-planted+secret/0815"
SIGNED_IN, CUSTOM = 28, 5  # schedules by their seeds


def in_a_warehouse(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("create table t as select 'x' || i as a from range(5000) r(i)")
        con.execute("insert into t values (?)", [f"Bearer {SECRET}"])


def in_a_ledger(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (a text)")
        connection.execute("insert into t values (?)", [f"{'x' * 5000}{SECRET}"])


def in_a_load_file(path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"a": [SECRET] * 3}), path, compression="zstd")


def encoded(path: Path) -> None:
    import base64

    path.write_bytes(base64.b64encode(f"client:{SECRET}".encode()))


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        ("warehouse.duckdb", in_a_warehouse),
        ("push.sqlite", in_a_ledger),
        ("load.parquet", in_a_load_file),
        ("run.log", lambda path: path.write_text(f"sent {SECRET}.")),
        ("run.log.gz", lambda path: path.write_bytes(gzip.compress(SECRET.encode()))),
        ("headers.txt", encoded),
    ],
)
def test_the_scan_finds_a_secret_wherever_it_stands(
    tmp_path: Path, name: str, plant: Callable[[Path], object]
):
    (tmp_path / "deep").mkdir()
    plant(tmp_path / "deep" / name)
    assert leaks(tmp_path, [SECRET]) == [f"deep/{name}: 1 of the secrets"]
    assert leaks(tmp_path, ["another-secret-altogether"]) == []


@pytest.mark.parametrize("seed", [SIGNED_IN, CUSTOM])
def test_no_secret_is_left_by_a_schedule_of_mishaps_with_all_that_is_logged(
    tmp_path: Path, seed: int
):
    bench = SyncBench(tmp_path, log=tmp_path / "everything.log")
    assert bench.run(seed).last.is_complete
    assert len(bench.secrets) > 1
    assert (tmp_path / "everything.log").stat().st_size > 10_000
    assert secrets_left(bench) == []
    for path in (bench.home / "tokens").glob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
