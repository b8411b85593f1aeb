"""Reads organisations and systems at the same time, so that none waits for another's limits.

In: parts, each an organisation of a Xero connection or another system, with the function that reads
it. Out: what each read, and what could not be read, in the order of the parts. A part that fails
never stops another. What takes the most calls begins first, since an organisation's calls a minute
cannot be hurried: begun last, it would keep the run waiting alone. Calls are paced by each client's
own budget; rows are loaded one part at a time under the warehouse's lock.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pipelines.disk import FULL, is_full
from pipelines.failures import ReadFailure
from pipelines.landing import RowsLost
from pipelines.reads import ReadSummary
from pipelines.settings import SettingsError
from pipelines.sync_results import Failure, Tenant
from pipelines.warehouse import WarehouseBusy

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """What is read on its own; `tenant` is None for a system beside Xero."""

    connection: str
    tenant: Tenant | None
    read: Callable[[], list[ReadSummary]]


def read_parts(
    parts: Sequence[Part], at_once: int, calls: Mapping[str, int] | None = None
) -> tuple[list[ReadSummary], list[Failure]]:
    """Read all parts, at most `at_once` of them at a time; errors are listed, not raised.

    `calls` says how many an organisation is expected to take, by tenant id. What is not in it, such
    as one that was never read, begins before all others.
    """
    known = calls or {}

    def expected(part: Part) -> float:
        return known.get(part.tenant.tenant_id, math.inf) if part.tenant else math.inf

    pool = ThreadPoolExecutor(max(1, at_once), "parts")
    order = sorted(range(len(parts)), key=lambda number: -expected(parts[number]))
    try:
        found = pool.map(_read, (parts[number] for number in order))
        by_number = dict(zip(order, found, strict=True))
    except BaseException:  # an interruption: nothing new is begun
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    results = [by_number[number] for number in range(len(parts))]
    done = [read for result in results if isinstance(result, list) for read in result]
    return done, [result for result in results if isinstance(result, Failure)]


def failure(error: Exception, connection: str, tenant: Tenant | None) -> Failure:
    """Return how the result tells of an error; one that we did not foresee is named by its type."""
    expected = isinstance(error, ReadFailure | SettingsError | WarehouseBusy | RowsLost)
    text = str(error) if expected else f"{type(error).__name__}: {error}"
    if is_full(error):
        text = FULL
    return Failure(
        connection=connection,
        tenant_id=tenant.tenant_id if tenant else None,
        tenant_name=tenant.name if tenant else None,
        error=text,
    )


def _read(part: Part) -> list[ReadSummary] | Failure:
    try:
        return part.read()
    except Exception as error:
        log.debug("sync of %s failed", part.tenant or part.connection, exc_info=True)
        return failure(error, part.connection, part.tenant)
