"""How long coding 100,000 outgoing lines takes, beside one script written by hand.

    python tests/benchmarks/coding_lines.py      # on an idle machine

The demo organisations are synced and built once; then what their source systems hold is multiplied
until there are enough lines. Alternating pairs: the seconds of the models that make
`coding.document_lines`, by dbt's own run_results.json, one model after the other as the script has
it, and `coding_by_hand.sql` in the same warehouse with the same threads of DuckDB and memory.
Before the ratio is told, both results are compared, row by row. Stock journals are in neither:
their lines are of months. The bar is 3 times.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from jinja2 import Template

from orchestration.dbt import build, prepare_manifest
from orchestration.sandbox import demo_sandbox, sandbox_folder
from pipelines.settings import Settings
from pipelines.sync import sync_all
from pipelines.warehouse import Warehouse

SCRIPT = Path(__file__).with_name("coding_by_hand.sql")
SYSTEMS = ("workguru", "prospect", "unleashed")
PARTS = ("outgoing_documents", "outgoing_lines", "outgoing_candidates")
RESULT = "intermediate.coded_by_hand"
BAR = 3.0
COMPARED = (
    *("tenant_id", "source_system", "document_type", "document_id", "line_id", "role", "item_id"),
    *("quantity", "unit_amount", "discount_rate", "discount_amount", "line_amount", "tax_amount"),
    *("account_id", "account_code", "account_level", "account_status"),
    *("tax_type", "tax_level", "tax_status"),
    *("tracking_option_id_2", "tracking_level_2", "tracking_status_2"),
    *("tracking_option_id_3", "tracking_level_3", "tracking_status_3", "is_blocked"),
)


def main() -> int:
    """Print each pair and the ratio; 1 if the results differ or the bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--home", type=Path, help="the demo's, synced and built; it is used up")
    args = parser.parse_args()
    if args.home:
        return _compared(_settings_of(args.home), args.lines, args.pairs)
    with tempfile.TemporaryDirectory() as folder:
        with demo_sandbox(Path(folder) / "home") as (_, settings):
            assert sync_all(settings).is_complete
            assert build(settings, ["+document_lines"]).succeeded
        return _compared(settings, args.lines, args.pairs)


def _settings_of(home: Path) -> Settings:
    connections, folder = home / "connections.toml", sandbox_folder() / "settings"
    return Settings(home=home, connections=connections, settings_dir=folder, ledger_url=None)


def _compared(settings: Settings, at_least: int, pairs: int) -> int:
    models = _models(settings)
    lines = _multiply(settings, at_least)
    print(f"{lines:,} outgoing lines, {len(models)} models", flush=True)
    by_models, by_hand = [], []
    for pair in range(1, pairs + 1):
        by_models.append(_build(settings, models))
        by_hand.append(_run_script(settings))
        differing = _differing(settings)
        print(
            f"  pair {pair}: models {by_models[-1]:.2f} s, by hand {by_hand[-1]:.2f} s,"
            f" {differing} rows differ",
            flush=True,
        )
        if differing:
            return 1
    ratio = statistics.median(by_models) / statistics.median(by_hand)
    print(f"  {ratio:.2f} times by hand (bar: {BAR:.0f})")
    return 0 if ratio <= BAR else 1


def _models(settings: Settings) -> list[str]:
    """Return the coding models that make the lines, without those that read one source system."""
    manifest = json.loads(prepare_manifest(settings).read_bytes())
    parents, waiting, found = manifest["parent_map"], ["model.xero_crm.document_lines"], set()
    while waiting:
        node = waiting.pop()
        name = node.rsplit(".", 1)[-1]
        path = manifest["nodes"].get(node, {}).get("original_file_path", "")
        of_source = any(name.startswith(f"int_{system}__") for system in SYSTEMS)
        if "/coding/" in path and not of_source and name not in found:
            found.add(name)
            waiting += parents[node]
    return sorted(found)


def _multiply(settings: Settings, at_least: int) -> int:
    """Make what the source systems hold as often as it takes; return how many lines there are."""
    with _warehouse(settings) as con:
        held = sum(_count(con, f"int_{system}__outgoing_lines") for system in SYSTEMS)
        times = -(-at_least // held)
        for system in SYSTEMS:
            for part in PARTS:
                _copy(con, f"int_{system}__{part}", times)
        return held * times


def _count(con: duckdb.DuckDBPyConnection, name: str) -> int:
    ((count,),) = con.execute(f"select count(*) from intermediate.{name}").fetchall()  # noqa: S608
    return count


def _copy(con: duckdb.DuckDBPyConnection, name: str, times: int) -> None:
    columns = [str(row[0]) for row in con.execute(f"describe intermediate.{name}").fetchall()]
    ids = {
        "document_id": "document_id || '-' || g as document_id",
        "credited_document_id": "credited_document_id || '-' || g as credited_document_id",
    }
    wanted = ", ".join(ids.get(column, column) for column in columns)
    con.execute(
        f"create table copied as select {wanted}"  # noqa: S608
        f" from intermediate.{name}, range({times}) as copies(g)"
    )
    ((kind,),) = con.execute(
        "select table_type from information_schema.tables where table_schema = 'intermediate'"
        " and table_name = ?",
        [name],
    ).fetchall()
    con.execute(f"drop {'view' if kind == 'VIEW' else 'table'} intermediate.{name}")
    con.execute(f"create table intermediate.{name} as from copied")
    con.execute("drop table copied")


def _build(settings: Settings, models: list[str]) -> float:
    """Return what the models took in dbt, in seconds: no tests, no start."""
    result = build(settings, models)
    assert not result.failed_models, result.failed_models
    counted = [node for node in result.models if "stock" not in node.name]
    dearest = sorted(counted, key=lambda node: -node.seconds)[:8]
    print("   ", ", ".join(f"{node.name} {node.seconds:.1f}" for node in dearest), flush=True)
    return sum(node.seconds for node in counted)


def _run_script(settings: Settings) -> float:
    script = Template(SCRIPT.read_text("utf-8")).render(result=RESULT)
    with _warehouse(settings) as con:
        started = time.perf_counter()
        con.execute(script)
        return time.perf_counter() - started


def _differing(settings: Settings) -> int:
    columns = ", ".join(COMPARED)
    ours = f"select {columns} from coding.document_lines where side <> 'stock'"  # noqa: S608
    theirs = f"select {columns} from {RESULT}"  # noqa: S608
    with _warehouse(settings) as con:
        one_way = con.execute(f"{ours} except all {theirs}").fetchall()
        return len(one_way) + len(con.execute(f"{theirs} except all {ours}").fetchall())


def _warehouse(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open the warehouse as dbt does (dbt_project/profiles.yml)."""
    config = Warehouse(settings.home).duckdb_config() | {"threads": 2}
    return duckdb.connect(str(settings.home / "warehouse.duckdb"), config=config)


if __name__ == "__main__":
    sys.exit(main())
