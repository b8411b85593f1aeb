"""How long a sync and a build take, beside what the machine can do with the same bytes.

    make benchmark                       # 10,000 and 100,000 invoices of 5 lines, 5 pairs each

Alternating pairs in one run: DuckDB's `read_json` of the pages as served into a new file, and
`xero-crm sync` of the same organisation into an empty home (start-up included), then
`xero-crm build`. Shown beside: a bare loop that only downloads the pages. Ratios count; seconds
depend on the machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from homes import Home

HERE = Path(__file__).resolve().parent
PAGE_SIZE = 1000


@dataclass(frozen=True)
class Measure:
    """One child process: wall seconds, peak resident memory in MiB, processor seconds."""

    seconds: float
    peak_mib: float
    processor: float


def main() -> int:
    """Run the pairs and print a table per size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--invoices", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--pairs", type=int, default=5)
    args = parser.parse_args()
    for invoices in args.invoices:
        _compare(invoices, args.pairs)
    return 0


def _compare(invoices: int, pairs: int) -> None:
    command = [sys.executable, str(HERE / "serve_documents.py"), "--invoices", str(invoices)]
    with (
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            assert server.stdout
            url, tenant_id = server.stdout.readline().split()
            work = Path(folder)
            loop = download(url, tenant_id, work / "pages")
            size = sum(page.stat().st_size for page in (work / "pages").iterdir())
            print(f"\n{invoices:,} invoices of 5 lines, {size / 2**20:.0f} MiB of JSON")
            print(f"  only downloading the pages: {loop:.2f} s")
            reads, syncs, builds = [], [], []
            for pair in range(1, pairs + 1):
                home = Home(work / f"home{pair}", url).prepare()
                reads.append(read_json(work / "pages", work / f"read{pair}.duckdb"))
                syncs.append(measured(home, "sync"))
                builds.append(measured(home, "build"))
                print(
                    f"  pair {pair}: read_json {reads[-1].seconds:.2f} s, "
                    f"sync {syncs[-1].seconds:.2f} s, build {builds[-1].seconds:.2f} s",
                    flush=True,
                )
            base = statistics.median(m.seconds for m in reads)
            for name, measures, rows in (
                ("read_json", reads, invoices),
                ("sync", syncs, invoices),
                ("build", builds, invoices * 5),
            ):
                seconds = statistics.median(m.seconds for m in measures)
                peak = max(m.peak_mib for m in measures)
                print(
                    f"  {name:9} median {seconds:6.2f} s, {rows / seconds:9,.0f} rows/s, "
                    f"{seconds / base:5.2f} x read_json, peak {peak:,.0f} MiB"
                )
        finally:
            server.terminate()


def download(url: str, tenant_id: str, folder: Path) -> float:
    """Get every page of the invoices, write each to a file of the folder; return the seconds."""
    folder.mkdir()
    form = {"grant_type": "client_credentials", "scope": "accounting.invoices.read"}
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        answer = client.post("/connect/token", data=form, auth=("sandbox", "sandbox-secret"))
        token = answer.raise_for_status().json()["access_token"]
        headers = {
            "Authorization": f"Bearer {token}",
            "xero-tenant-id": tenant_id,
            "Accept": "application/json",
        }
        started, page, count = time.perf_counter(), 1, 1
        while page <= count:
            answer = client.get(
                "/api.xro/2.0/Invoices",
                params={"page": page, "pageSize": PAGE_SIZE, "unitdp": 4},
                headers=headers,
            ).raise_for_status()
            (folder / f"{page:05}.json").write_bytes(answer.content)
            if page == 1:
                count = answer.json()["pagination"]["pageCount"]
            page += 1
        return time.perf_counter() - started


def read_json(pages: Path, target: Path) -> Measure:
    """Let DuckDB read the pages into a new file."""
    script = (
        "import duckdb, sys\n"
        "con = duckdb.connect(sys.argv[2])\n"
        "con.execute('create table t as select unnest(Invoices) from read_json(?)', "
        "[sys.argv[1]])\n"
        "con.execute('checkpoint')\n"
    )
    return _run([sys.executable, "-c", script, str(pages / "*.json"), str(target)], None)


def measured(home: Home, command: str) -> Measure:
    """Run `xero-crm` with a command."""
    program = [sys.executable, "-c", "from orchestration.cli import main; main()", command]
    return _run(program, home)


def _run(command: list[str], home: Home | None) -> Measure:
    started = time.perf_counter()
    child = subprocess.Popen(
        command,
        env=home.environment() if home else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{command[-1]} failed:\n{said}")
    return Measure(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    sys.exit(main())
