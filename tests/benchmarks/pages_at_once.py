"""How long 100 pages take when every answer is late: one page after the other, and several at once.

    PYTHONPATH=tests/faults python tests/benchmarks/pages_at_once.py [seconds of delay]

A sandbox Xero over loopback without minute limit, with Xero's five calls at once; the read ends at
the batches, so that loading is no part of it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from pipelines.connections import XeroConnection
from pipelines.landing import HeldState, Landing
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.settings import Credentials
from pipelines.xero import page_reads
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import ENDPOINTS
from pipelines.xero.source import endpoint_read

PAGES = 100
RECORDS = 5  # a page
DELAY = 0.2


class NothingHeld:
    """Stands for a raw log that is empty."""

    def held(self, *_: Any) -> HeldState:
        """Return that nothing is held."""
        return HeldState()


def seconds(client: XeroClient, tenant_id: str, pool: ThreadPoolExecutor | None) -> float:
    """Return how long a whole read of the invoices takes."""
    invoices = ENDPOINTS["Invoices"]
    read = endpoint_read(client, tenant_id, invoices, cast(Landing, NothingHeld()), pool=pool)
    started = time.perf_counter()
    rows = sum(batch.num_rows for batch in read.batches())
    taken = time.perf_counter() - started
    assert rows == PAGES * RECORDS, read.failure
    return taken


def main() -> None:
    """Measure both, and print them."""
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else DELAY
    page_reads.PAGE_SIZE = RECORDS
    folder = Path(__file__).resolve().parents[2] / "data" / "sandbox"
    world = load_world(folder, documents=PAGES * RECORDS, only=["harbour"])
    (tenant_id,) = world.organisations
    secrets = Credentials.model_validate(
        {"client_id": "sandbox", "client_secret": "sandbox-secret"}
    )
    with (
        tempfile.TemporaryDirectory() as home,
        SandboxServer(world, limits=Limits(per_minute=10**6, app_per_minute=10**6)) as server,
    ):
        server.prerender("Invoices", RECORDS)
        server.control.on("Invoices", times=None).is_slow(delay)
        connection = XeroConnection(
            name="bench", api_url=server.url, identity_url=server.url, calls_per_minute=10**6
        )
        with XeroClient(connection, secrets, Path(home)) as client, ThreadPoolExecutor(5) as pool:
            one_by_one = seconds(client, tenant_id, None)
            at_once = seconds(client, tenant_id, pool)
        refused = sum(call.status == 429 for call in server.control.requests)
    print(f"{PAGES} pages, each answer {delay} s late: {one_by_one:.1f} s one after the other,")
    times = one_by_one / at_once
    print(f"{at_once:.1f} s five at once ({times:.1f} times as fast), {refused} refused")


if __name__ == "__main__":
    main()
