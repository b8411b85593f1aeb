"""Whether Spark gives the same tables as DuckDB, row by row.

    make demo && make spark-comparison

The raw log of a built home is written as Parquet by tenant and date; dbt builds the same models
from it on Spark, on a cluster of two worker processes unless `--master` says otherwise; then every
mart is compared with DuckDB's, all columns, both ways. With `--tests` dbt's tests and unit tests
run there too, with `--select` only some models (and what is compared is what is built). Printed: a
line per mart, and how long the models took on both. The home's warehouse is only read, and locked
meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.parsed_project import project_dir
from pipelines.publish import MART_SCHEMAS
from pipelines.settings import load_settings
from pipelines.warehouse import Warehouse

CLUSTER = "local-cluster[2,1,1024]"


class Compared(NamedTuple):
    """One mart: its rows on DuckDB, and the rows that only one engine has (None: not built)."""

    name: str
    rows: int
    only_duckdb: int | None
    only_spark: int | None


def main() -> int:
    """Export, build, compare; 1 unless every mart is the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, default=load_settings().home)
    parser.add_argument("--work", type=Path, help="default: <home>/spark")
    parser.add_argument("--master", default=CLUSTER)
    parser.add_argument("--tests", action="store_true", help="dbt's tests and unit tests there too")
    parser.add_argument("--select", nargs="+", help="models, as dbt selects them; default: all")
    args = parser.parse_args()
    home, work = args.home.resolve(), (args.work or args.home / "spark").resolve()
    warehouse = Warehouse(home)
    with warehouse.lock("comparing engines"), warehouse.connect(read_only=True) as con:
        export_raw_log(con, work / "raw_log")
        built = _dbt(work, args.master, "run-operation", "declare_raw_log")
        selected = ("--select", *args.select) if args.select else ()
        built = _dbt(work, args.master, "run", *selected) and built
        _print_times(home / "dbt" / "target", work / "dbt" / "target")
        if args.tests:
            built = _dbt(work, args.master, "test", *selected) and built
        found = [
            mart
            for mart in compare(con, work / "spark" / "warehouse")
            if not (args.select and mart.only_duckdb is None)
        ]
    print(f"\n{'mart':<44}{'rows':>8}{'only DuckDB':>13}{'only Spark':>12}")
    for mart in found:
        only = ("not built", "") if mart.only_duckdb is None else mart[2:]
        print(f"{mart.name:<44}{mart.rows:>8}{only[0]:>13}{only[1]:>12}")
    same = sum(mart.only_duckdb == mart.only_spark == 0 for mart in found)
    print(f"{same} of {len(found)} marts are the same, row by row, on {args.master}.")
    return 0 if built and same == len(found) else 1


def _print_times(duckdb_target: Path, spark_target: Path) -> None:
    """Print how long the models took that Spark's latest run built, and DuckDB's had built."""
    ours, theirs = (
        json.loads((target / "run_results.json").read_bytes())
        for target in (duckdb_target, spark_target)
    )
    models = {result["unique_id"] for result in theirs["results"]}
    taken = sum(
        result["execution_time"] for result in ours["results"] if result["unique_id"] in models
    )
    print(
        f"{len(models)} models: {taken:.1f} s on DuckDB, one after the other;"
        f" {theirs['elapsed_time']:.1f} s on Spark by the clock, four at a time."
    )


def export_raw_log(con: duckdb.DuckDBPyConnection, log: Path) -> None:
    """Write the raw tables as a raw log of files: a folder per dataset, table, tenant and date."""
    tables = con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where starts_with(table_schema, 'raw_') and not starts_with(table_name, '_dlt')"
    ).fetchall()
    for schema, table in tables:
        folder = log / schema / table
        folder.mkdir(parents=True, exist_ok=True)
        at = "finished_at" if schema == "raw_runs" else "extracted_at"
        con.execute(
            f"copy (select *, tenant_id as tenant, cast({at} as date) as date"  # noqa: S608
            f" from {schema}.{table}) to '{folder}'"
            " (format parquet, partition_by (tenant, date), overwrite)"
        )


def compare(con: duckdb.DuckDBPyConnection, spark: Path) -> Iterator[Compared]:
    """Compare each mart with Spark's Parquet files of it, all columns by name, both ways."""
    marts = con.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in (select unnest($schemas)) order by all",
        {"schemas": sorted(MART_SCHEMAS)},
    ).fetchall()
    for schema, table in marts:
        ours, files = f"{schema}.{table}", spark / f"{schema}.db" / table
        rows = _count(con, f"from {ours}")
        if not (files / "_SUCCESS").exists():
            yield Compared(ours, rows, None, None)
            continue
        columns = ", ".join(f'"{row[0]}"' for row in con.execute(f"describe {ours}").fetchall())
        one = f"select {columns} from {ours}"  # noqa: S608
        other = f"select {columns} from read_parquet('{files}/*.parquet')"  # noqa: S608
        yield Compared(
            ours,
            rows,
            _count(con, f"from ({one} except all {other})"),
            _count(con, f"from ({other} except all {one})"),
        )


def _count(con: duckdb.DuckDBPyConnection, source: str) -> int:
    row = con.execute(f"select count(*) {source}").fetchone()
    assert row
    return row[0]


def _dbt(work: Path, master: str, *command: str) -> bool:
    """Run dbt on Spark; its home is `work`, so that nothing of the real one is touched."""
    project = project_dir()
    environment = os.environ | {
        "XERO_CRM_HOME": str(work),
        "XERO_CRM_RAW_LOG_URL": str(work / "raw_log"),
        "XERO_CRM_SPARK_MASTER": master,
        "SPARK_LOCAL_IP": "127.0.0.1",  # where the cluster's processes listen
    }
    arguments = [
        *(
            str(Path(sys.executable).with_name("dbt")),
            "--log-level-file",
            "info",
            *command,
            "--target",
            "spark",
        ),
        *("--project-dir", str(project), "--profiles-dir", str(project / "dbt_project")),
        *("--target-path", str(work / "dbt" / "target"), "--log-path", str(work / "dbt" / "logs")),
    ]
    return subprocess.run(arguments, cwd=project, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
