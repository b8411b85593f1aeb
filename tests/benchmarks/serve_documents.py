"""Serves one organisation with N invoices, its pages rendered beforehand; for the benchmarks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"


def main() -> None:
    """Print the address when ready; change one invoice for each line read from standard input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, required=True)
    parser.add_argument("--lines", type=int, default=5)
    args = parser.parse_args()
    world = load_world(SANDBOX, documents=args.invoices, lines=args.lines, only=["harbour"])
    (organisation,) = world.organisations.values()
    with SandboxServer(world, limits=Limits(enforced=False)) as server:
        for endpoint in ("Contacts", "Invoices", "CreditNotes"):
            server.prerender(endpoint, page_size=1000)
        print(server.url, organisation.tenant_id, flush=True)
        for _ in sys.stdin:
            invoice = next(iter(organisation.records["Invoices"]))
            reference = f"changed at {world.now():%H:%M:%S.%f}"
            organisation.change("Invoices", invoice, Reference=reference)
            print("changed", flush=True)


if __name__ == "__main__":
    main()
