"""Applies the plan in the home of the first argument to the sandbox at the second, as a process.

With a third, a number, it dies without a word at that step: a call to Xero, or a commit.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from pipelines.connections import XeroConnection
from pipelines.push.apply import apply_plan
from pipelines.push.claim import ApplyInProgress
from pipelines.push.ledger import open_ledger
from pipelines.settings import Credentials, Settings
from pipelines.web.transport import Transport
from pipelines.xero.write_client import XeroWriteClient
from pipelines.xero.writer import XeroWriter

home, url = Path(sys.argv[1]), sys.argv[2]
dies_at = int(sys.argv[3]) if len(sys.argv) > 3 else 0
steps = itertools.count(1)
exchange = Transport.exchange


def step(*_: Any) -> None:
    """Take a step, or die before it."""
    if next(steps) == dies_at:
        os._exit(137)


def exchange_as_a_step(*args: Any, **options: Any) -> Any:
    """Make a call; both before and after it the power may go."""
    step()
    answer = exchange(*args, **options)
    step()
    return answer


Transport.exchange = exchange_as_a_step  # type: ignore[method-assign]
connection = XeroConnection(
    name="sandbox",
    api_url=url,
    identity_url=url,
    may_write=True,
    calls_per_minute=100_000,
    calls_per_day=1_000_000,
)
credentials = Credentials.model_validate(
    {"client_id": "sandbox", "client_secret": "sandbox-secret"}
)
with open_ledger(Settings(home=home)) as ledger:
    event.listen(ledger._engine, "commit", step)
    with XeroWriteClient(connection, credentials, home) as client:
        writer = XeroWriter(client)
        try:
            summary = apply_plan(
                ledger, "plan-1", lambda *_: writer, applied_by="Mere", sleep=lambda _: None
            )
        except ApplyInProgress as error:
            sys.exit(str(error))
print(dict(summary.statuses), flush=True)
