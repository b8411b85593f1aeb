"""The comparison of engines finds what differs, and what is missing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from spark_comparison import Compared, compare, export_raw_log


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        connection.execute("create schema crm; create schema raw_xero")
        connection.execute(
            "create table crm.items as select * from (values"
            " ('a', 1.5000::decimal(18, 4)), ('b', null), ('b', null)) as rows (item_id, price)"
        )
        yield connection


def spark_made(con: duckdb.DuckDBPyConnection, folder: Path, query: str) -> Path:
    table = folder / "crm.db" / "items"
    table.mkdir(parents=True)
    con.execute(f"copy ({query}) to '{table}/part-0.parquet' (format parquet)")
    (table / "_SUCCESS").touch()
    return folder


def test_the_same_rows_in_another_order_of_rows_and_columns_are_the_same(con, tmp_path: Path):
    spark = spark_made(con, tmp_path, "select price, item_id from crm.items order by 2 desc")
    assert list(compare(con, spark)) == [Compared("crm.items", 3, 0, 0)]


def test_a_ten_thousandth_and_a_repeated_row_are_differences(con, tmp_path: Path):
    query = "select distinct item_id, price + 0.0001::decimal(18, 4) as price from crm.items"
    spark = spark_made(con, tmp_path, query)
    assert list(compare(con, spark)) == [Compared("crm.items", 3, 2, 1)]


def test_a_mart_that_was_not_built_is_told_apart(con, tmp_path: Path):
    assert list(compare(con, tmp_path)) == [Compared("crm.items", 3, None, None)]


def test_the_raw_log_is_written_by_tenant_and_date(con, tmp_path: Path):
    con.execute(
        "create table raw_xero.items as select 't1' as tenant_id,"
        " timestamp '2026-03-31 23:59:59.000001' as extracted_at, '{}' as payload"
    )
    export_raw_log(con, tmp_path)
    (file,) = tmp_path.rglob("*.parquet")
    assert file.parent == tmp_path / "raw_xero/items/tenant=t1/date=2026-03-31"
    found = con.execute(
        f"select extracted_at, payload from read_parquet('{file}', hive_partitioning = false)"  # noqa: S608
    ).fetchall()
    assert str(found[0][0]) == "2026-03-31 23:59:59.000001"
