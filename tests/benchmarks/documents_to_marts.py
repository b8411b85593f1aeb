"""How long the raw log takes to become the marts, beside a script written by hand.

    PYTHONPATH=tests/faults python tests/benchmarks/documents_to_marts.py --lines 500000 --marginal

One demo organisation is synced and its documents multiplied (many_documents.py). Then, in one run:
the build of everything into an empty warehouse; `ledger_by_hand.sql` over the same raw log with the
same threads and, unless `--memory` gives it more, the same memory, its results compared row by row;
and, with `--marginal`, a build after nothing changed and one after one invoice changed, less the
same builds of the organisation without documents.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from homes import Home
from jinja2 import Template
from many_documents import DOCUMENTS, change_one_invoice, multiply

from orchestration.parsed_project import ParsedProject, project_dir
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.warehouse import Warehouse

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"
SCRIPT = Path(__file__).with_name("ledger_by_hand.sql")
BUILD = Path(__file__).with_name("build_as_scheduled.py")
RESULTS = {
    "sales_transaction_lines": "crm",
    "ledger_lines": "reporting",
    "revenue_by_analysis_code": "reporting",
    "revenue_by_customer": "reporting",
    "trial_balance": "reporting",
}
BAR = 3.0
MEMORY_BAR = 2048  # MiB
MARGINAL_BAR = 1 / 20


@dataclass(frozen=True)
class Build:
    """One build: wall seconds, most memory of all its processes, seconds by model and of tests."""

    seconds: float
    peak_mib: float
    models: dict[str, float]
    tests: float


def main() -> int:
    """Print the figures per size; 1 if results differ or a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, nargs="+", default=[500_000])
    parser.add_argument("--marginal", action="store_true")
    parser.add_argument("--times", type=int, default=1, help="builds per marginal figure")
    parser.add_argument("--home", type=Path, help="one with many documents, not built yet")
    parser.add_argument(
        "--alone", action="store_true", help="without the script, where its tables have no room"
    )
    parser.add_argument("--memory", help="of the script by hand, where what dbt has is too little")
    args = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        for lines in args.lines:
            own = Path(folder) / str(lines)
            full = Home(args.home, "") if args.home else _with_lines(own / "full", lines)
            print(f"\n{multiply(full.folder, 1):,} lines of documents", flush=True)
            if args.alone:
                missed |= _build_and_tell(full).peak_mib > MEMORY_BAR
            else:
                missed |= _measure(full, own, args.times * args.marginal, args.memory)
    return int(missed)


def _with_lines(folder: Path, at_least: int) -> Home:
    home = _synced(folder)
    multiply(home.folder, -(-at_least // multiply(home.folder, 1)))
    return home


def _measure(home: Home, folder: Path, times: int, memory: str | None) -> bool:
    full = _build_and_tell(home)
    models = sum(full.models[name] for name in _chain(home))
    by_hand = _run_script(home, memory)
    print(f"  by hand {by_hand:.1f} s: {models / by_hand:.2f} times (bar: {BAR:.0f})", flush=True)
    differing = {name: count for name in RESULTS if (count := _differing(home, name, memory))}
    print(f"  rows that differ: {differing or 'none'}", flush=True)
    missed = bool(differing) or models > BAR * by_hand or full.peak_mib > MEMORY_BAR
    return missed | (_is_marginal_missed(folder, home, full, times) if times else False)


def _build_and_tell(home: Home) -> Build:
    full = _build(home)
    chain = _chain(home)
    print(
        f"  build {full.seconds:.1f} s: {len(full.models)} models"
        f" {sum(full.models.values()):.1f} s, checks {full.tests:.1f} s, the rest is start-up;"
        f" peak {full.peak_mib:,.0f} MiB (bar: {MEMORY_BAR:,})"
    )
    print(
        f"  {len(chain)} models of the main chain {sum(full.models[name] for name in chain):.1f} s"
    )
    for name in sorted(full.models, key=lambda name: -full.models[name])[:12]:
        print(f"    {full.models[name]:6.2f} s  {name}{'' if name in chain else ' (not compared)'}")
    sys.stdout.flush()
    return full


def _is_marginal_missed(folder: Path, home: Home, full: Build, times: int) -> bool:
    empty_home = _synced(folder / "empty", documents=0)
    empty_full = _build(empty_home)
    unchanged = statistics.median(_build(home).seconds for _ in range(times))
    changed, empty = [], []
    for _ in range(times):
        change_one_invoice(home.folder)
        changed.append(_build(home).seconds)
        empty.append(_build(empty_home).seconds)
    whole = full.seconds - empty_full.seconds
    missed = False
    for what, seconds in (("no change", unchanged), ("one changed", statistics.median(changed))):
        share = (seconds - statistics.median(empty)) / whole
        missed |= share > MARGINAL_BAR
        print(
            f"  {what}: {seconds:.1f} s, empty {statistics.median(empty):.1f} s: {share:.3f} of the"
            f" full build's {whole:.1f} s more than empty (bar: {MARGINAL_BAR})",
            flush=True,
        )
    return missed


def _synced(folder: Path, documents: int | None = None) -> Home:
    """Read the demo organisation, or its configuration alone, into a new home."""
    world = load_world(SANDBOX, only=["harbour"], documents=documents)
    with SandboxServer(world, limits=Limits(enforced=False)) as server:
        home = Home(folder, server.url)
        folder.parent.mkdir(exist_ok=True)
        home.prepare().run("sync")
    return home


def _build(home: Home) -> Build:
    started = time.perf_counter()
    child = home.start(script=BUILD)
    peak = _Peak(child.pid)
    printed, _ = child.communicate()
    seconds = time.perf_counter() - started
    assert child.returncode == 0, printed
    results = json.loads((home.folder / "dbt" / "target" / "run_results.json").read_bytes())
    nodes = {each["unique_id"]: each["execution_time"] for each in results["results"]}
    models = {
        node.rsplit(".", 1)[-1]: taken for node, taken in nodes.items() if node.startswith("model.")
    }
    return Build(seconds, peak.mib(), models, sum(nodes.values()) - sum(models.values()))


class _Peak:
    """The most memory that a process and all below it held, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self._kib = 0
        self._thread = threading.Thread(target=self._watch, args=(pid,), daemon=True)
        self._thread.start()

    def mib(self) -> float:
        """Return it, once the process has ended."""
        self._thread.join()
        return self._kib / 1024

    def _watch(self, pid: int) -> None:
        while (kib := _resident(pid)) > 0:
            self._kib = max(self._kib, kib)
            time.sleep(0.1)


def _resident(pid: int) -> int:
    """Return KiB of a process and its descendants; 0 if it has ended."""
    try:
        fields = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        )
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    own = int(fields.get("VmRSS", "0 kB").split()[0])
    return own and own + sum(_resident(int(child)) for child in below)


def _chain(home: Home) -> set[str]:
    """Return the models between documents and the compared results, both included."""
    kept = ParsedProject(project_dir(), home.folder / "dbt" / "target").manifest
    manifest: dict[str, Any] = json.loads(kept.read_bytes())
    sources = {f"source.xero_crm.raw_xero.{table}" for table in DOCUMENTS}
    after = _reached(manifest["child_map"], sources)
    before = _reached(manifest["parent_map"], {f"model.xero_crm.{name}" for name in RESULTS})
    return {node.rsplit(".", 1)[-1] for node in after & before if node.startswith("model.")}


def _reached(edges: dict[str, list[str]], start: set[str]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        new = set(edges[waiting.pop()]) - found
        found |= new
        waiting += new
    return found


def _run_script(home: Home, memory: str | None) -> float:
    script = Template(SCRIPT.read_text("utf-8")).render()
    with _warehouse(home, memory) as con:
        started = time.perf_counter()
        con.execute(script)
        return time.perf_counter() - started


def _differing(home: Home, name: str, memory: str | None) -> int:
    with _warehouse(home, memory) as con:
        columns = ", ".join(
            str(row[0]) for row in con.execute(f"describe by_hand.{name}").fetchall()
        )
        ours = f"select {columns} from {RESULTS[name]}.{name}"  # noqa: S608
        theirs = f"select {columns} from by_hand.{name}"  # noqa: S608
        ((rows,),) = con.execute(
            f"select (select count(*) from ({ours} except all {theirs}))"  # noqa: S608
            f" + (select count(*) from ({theirs} except all {ours}))"
        ).fetchall()
        return int(rows)


def _warehouse(home: Home, memory: str | None) -> duckdb.DuckDBPyConnection:
    """Open the warehouse as dbt does: as many threads, as much memory unless it needs more."""
    config = Warehouse(home.folder).duckdb_config() | {"threads": os.cpu_count() or 2}
    config |= {"memory_limit": memory} if memory else {}
    return duckdb.connect(str(home.folder / "warehouse.duckdb"), config=config)


if __name__ == "__main__":
    sys.exit(main())
