"""What it costs to apply 10,000 operations: calls against what batching allows, and our own time.

    make push-benchmark

The sandbox Xero answers in this process; its processor time is taken off. Waits for Xero's limits
and for the disk are not counted.
The least calls: a look-up, a write and a read-back for each batch of 50 (500 items).
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from applied_plans import an_applier
from local_xero import Answer
from mixed_plan import PlanMaker
from push_plans import a_plan

from pipelines.sandbox.world import load_world
from pipelines.xero.written import WRITTEN

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"
SHARES = {"items": 0.2, "contacts": 0.2, "invoices": 0.3, "bills": 0.2, "manual_journals": 0.1}


def main() -> int:
    """Apply the plan once and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--operations", type=int, default=10_000)
    count = parser.parse_args().operations
    with (
        tempfile.TemporaryDirectory() as folder,
        an_applier(
            lambda clock: load_world(SANDBOX, only=["harbour"], documents=0, clock=clock),
            Path(folder),
        ) as applier,
    ):
        operations = planned(PlanMaker(applier.organisation), count)
        plan_id = a_plan(applier.ledger, operations)
        xeros = 0.0

        def timed(_: httpx.Request, answer: Answer) -> httpx.Response:
            nonlocal xeros
            started = time.process_time()
            response = answer()
            xeros += time.process_time() - started
            return response

        applier.xero.mishap = timed
        started = time.process_time()
        summary = applier.apply_again(plan_id).summary
        seconds = time.process_time() - started
        calls = len(applier.xero.sent)
        kinds = Counter(call.method for call in applier.xero.sent)
    least = sum(
        3 * math.ceil(int(count * share) / WRITTEN[entity].capability.batch_size)
        for entity, share in SHARES.items()
    )
    print(f"operations      {len(operations)}: {dict(summary.statuses)}")
    print(f"calls           {calls} {dict(kinds)}; three for each batch would be {least}")
    print(f"processor time  {seconds:.1f} s, of it the sandbox {xeros:.1f} s")
    print(f"our own         {(seconds - xeros) / len(operations) * 1000:.2f} ms a record")
    return 0 if set(summary.statuses) == {"confirmed"} else 1


def planned(make: PlanMaker, count: int) -> list[dict[str, Any]]:
    """Return the operations, some to customers of the same plan, bills of all suppliers."""
    numbers = {entity: range(1, int(count * share) + 1) for entity, share in SHARES.items()}
    known = make.contact_id("cable-bay")
    suppliers = make.active_contacts()
    return [
        *(make.item(number) for number in numbers["items"]),
        *(make.contact(number) for number in numbers["contacts"]),
        *(
            make.invoice(number, make.new_contact(number // 5) if number % 5 == 0 else known)
            for number in numbers["invoices"]
        ),
        *(
            make.bill(number, supplier=suppliers[number % len(suppliers)])
            for number in numbers["bills"]
        ),
        *(make.journal(number) for number in numbers["manual_journals"]),
    ]


if __name__ == "__main__":
    sys.exit(main())
