"""What a sync costs at size: the first, one that finds nothing, one that finds 100 changes.

    PYTHONPATH=tests/faults python tests/benchmarks/sync_at_size.py --invoices 0 100000 1000000

Beside it, with the pages as served: a bare loop that downloads them, and DuckDB's `read_json` of
them into a new file (`--beside`, for sizes up to that many). Of 0 invoices: what the rest costs.
Processor seconds are those of the sync alone; the sandbox that answers has its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
from homes import Home
from sync_and_build import HERE, Measure, download, measured, read_json

COLUMNS = "{:>9} {:22} {:>9} {:>9} {:>8}"


def main() -> int:
    """Measure each size and print a line for each measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--invoices", type=int, nargs="+", default=[0, 10_000, 100_000])
    parser.add_argument("--beside", type=int, default=100_000)
    args = parser.parse_args()
    print(COLUMNS.format("invoices", "", "seconds", "processor", "MiB"))
    for invoices in args.invoices:
        _measure(invoices, beside=0 < invoices <= args.beside)
    return 0


def _measure(invoices: int, *, beside: bool) -> None:
    script = str(HERE / "serve_many_invoices.py")
    command = [sys.executable, script, "--invoices", str(invoices)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as server, tempfile.TemporaryDirectory() as folder:
        try:
            assert server.stdout
            assert server.stdin
            url, tenant_id = server.stdout.readline().split()
            if beside:
                seconds = download(url, tenant_id, Path(folder) / "pages")
                _show(invoices, "only downloading", Measure(seconds, 0, 0))
                read = read_json(Path(folder) / "pages", Path(folder) / "read.duckdb")
                _show(invoices, "read_json of the pages", read)
            home = Home(Path(folder) / "home", url).prepare()
            _show(invoices, "first sync", measured(home, "sync"))
            assert _rows(home) == invoices
            _show(invoices, "nothing changed", measured(home, "sync"))
            assert _rows(home) == invoices
            changed = min(100, invoices)
            server.stdin.write(f"{changed}\n")
            server.stdin.flush()
            server.stdout.readline()
            _show(invoices, "100 changed", measured(home, "sync"))
            assert _rows(home) == invoices + changed
        finally:
            server.terminate()


def _show(invoices: int, what: str, measure: Measure) -> None:
    figures = f"{measure.seconds:.2f}", f"{measure.processor:.2f}", f"{measure.peak_mib:.0f}"
    print(COLUMNS.format(f"{invoices:,}", what, *figures), flush=True)


def _rows(home: Home) -> int:
    with duckdb.connect(str(home.folder / "warehouse.duckdb"), read_only=True) as con:
        (count,) = con.execute("select count(*) from raw_xero.invoices").fetchall()[0]
    return count


if __name__ == "__main__":
    sys.exit(main())
