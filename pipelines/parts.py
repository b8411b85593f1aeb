"""Reads organisations and systems at the same time, so that none waits for another's limits.

In: parts, each an organisation of a Xero connection or another system, with the function that reads
it. Out: what each read, and what could not be read, in the order of the parts. A part that fails
never stops another. Calls are paced by each client's own budget; rows are loaded one part at a time
under the warehouse's lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
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


def read_parts(parts: Sequence[Part], at_once: int) -> tuple[list[ReadSummary], list[Failure]]:
    """Read all parts, at most `at_once` of them at a time; errors are listed, not raised."""
    pool = ThreadPoolExecutor(max(1, at_once), "parts")
    try:
        results = list(pool.map(_read, parts))
    except BaseException:  # an interruption: nothing new is begun
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
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
