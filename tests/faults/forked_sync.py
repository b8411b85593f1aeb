"""One sync in a process of its own, which a mishap may kill for good (SIGKILL).

The process is forked, so that Xero's stand-in is in it as it was; what must be known of it after
its death (which change had been made, which tokens had been given) is told through a pipe at once.
Two things are quicker than in earnest: time passes only when it is slept, and rows are put into the
raw log by one transaction a table without dlt, as its load files are. `by_dlt` leaves that to dlt.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pandas  # noqa: F401 - DuckDB would import it in each forked process anew
import pyarrow as pa
import pyarrow.compute
from local_xero import Clock, LocalXero
from pydantic import SecretStr
from small_business import Change
from sync_mishaps import CALLS, SyncMishaps

from pipelines import endpoint_read, sync, xero_sync
from pipelines.landing import Landing
from pipelines.raw_batches import Batches
from pipelines.record_log import RAW_SCHEMA
from pipelines.sandbox.server import PUBLIC_CLIENT_ID
from pipelines.settings import Credentials, Settings
from pipelines.warehouse import Warehouse
from pipelines.xero import own_reads, page_reads, report_reads, rereads, source
from pipelines.xero.client import XeroClient

PAGE_SIZE = 30
MONTHS = 3  # of reports
TWO_AT_ONCE = 3  # exit status
CREDENTIALS = {
    "thistle": Credentials(client_id="thistle", client_secret=SecretStr("thistle-secret")),
    "people": Credentials(client_id=PUBLIC_CLIENT_ID),
}
"""Of a custom connection, and of an app that people sign in to, by the connections' names."""


@dataclass
class Told:
    """What a sync told before it ended or was killed."""

    left: list[Change] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    is_complete: bool = False
    errors: Sequence[str] = ()


class ForkedSync:
    """Syncs a home against a `LocalXero`, as often as `run` is called."""

    def __init__(self, xero: LocalXero, clock: Clock, settings: Settings, log: Path | None) -> None:
        self._xero, self._clock, self._settings, self._log = xero, clock, settings, log

    def run(
        self,
        left: Sequence[Change] = (),
        *,
        seed: int = 0,
        number: int = 0,
        share: float = 0.0,
        kinds: Sequence[str] = CALLS,
        by_dlt: bool = True,
    ) -> Told:
        """Sync; `left` are the changes that may be made meanwhile. Afterwards they are made here.

        The clock and the tokens are then as they were last told of.
        """
        reading, writing = Pipe(duplex=False)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                reading.close()
                inside = _Inside(self._xero, self._clock, list(left), writing)
                inside.disturb(seed, number, share, kinds)
                inside.sync(self._settings, by_dlt=by_dlt, log=self._log)
                status = 0
            finally:
                os._exit(status)
        writing.close()
        told = self._listen(reading, left)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert status == 0 or killed, f"the sync ended with {status}: {told}"
        return told

    def _listen(self, reading: Connection, left: Sequence[Change]) -> Told:
        told, tokens = Told(list(left)), self._xero.tokens
        (organisation,) = self._xero.app.world.organisations.values()
        while True:
            try:
                what, at, *said = reading.recv()
            except (EOFError, OSError):
                return told
            self._clock.now = max(self._clock.now, at)
            if what == "change":
                told.left.pop(*said).make(organisation)
            elif what == "tokens":
                tokens._access, tokens._refresh = said
            elif what == "happened":
                told.happened += said
            elif what == "ended":
                told.is_complete, told.errors = said


class _Inside:
    """What happens in the forked process."""

    def __init__(
        self, xero: LocalXero, clock: Clock, left: list[Change], writing: Connection
    ) -> None:
        self._xero, self._clock, self._left, self._writing = xero, clock, left, writing
        self._mishaps: SyncMishaps | None = None

    def tell(self, what: str, *said: Any) -> None:
        with self._xero.lock:
            self._writing.send((what, self._clock.now, *said))

    def disturb(self, seed: int, number: int, share: float, kinds: Sequence[str]) -> None:
        mishaps = SyncMishaps(
            seed,
            number,
            share,
            tuple(kinds),
            self._xero,
            self._clock,
            self.tell,
            change=self._change,
            second_sync=self._second_sync,
        )
        self._mishaps = mishaps

        def on_call(request: Any, answer: Callable[[], Any]) -> Any:
            def answer_and_tell() -> Any:
                with self._xero.lock:
                    response = answer()
                    if request.url.path.startswith("/connect/"):
                        tokens = self._xero.tokens
                        self.tell("tokens", tokens._access, tokens._refresh)
                return response

            return mishaps.on_call(request, answer_and_tell)

        self._xero.mishap = self._xero.mishap_elsewhere = on_call

    def sync(self, settings: Settings, *, by_dlt: bool, log: Path | None) -> None:
        self._settings = settings
        for module in (endpoint_read, xero_sync, source):
            setattr(module, "utc_now", self._clock.naive)  # noqa: B010 - a module's, for pyright
        for module in (page_reads, rereads):
            setattr(module, "PAGE_SIZE", PAGE_SIZE)  # noqa: B010
        report_reads.MAX_MONTHS = MONTHS
        assert own_reads.PAGE_SIZE == 100, "Xero's own"
        sync.open_client = self._client
        sync.sync_settings = lambda *_, **__: []
        if log:
            logging.basicConfig(filename=log, level=logging.DEBUG, force=True)
            sys.stdout = sys.stderr = log.open("a")
        if by_dlt:
            self._let_dlt_die()
        else:
            # An opening of the file costs more than all else; this process is its only user.
            opened = Warehouse(settings.home).connect()
            Warehouse.connect = lambda *_, **__: opened.cursor()
            Landing.land = lambda *land, **kind: self._land(*land, **kind)
        done = sync.sync_all(settings)
        errors = [each.error for each in done.failures]
        errors += [f"{each.endpoint}: {each.error}" for each in done.reads if each.error]
        self.tell("ended", done.is_complete, errors)

    def _client(self, settings: Settings, connection: Any) -> XeroClient:
        return XeroClient(
            connection,
            CREDENTIALS[connection.name],
            settings.home,
            clock=self._clock,
            sleep=self._clock.sleep,
            transport=self._xero,
        )

    def _change(self, endpoint: str) -> bool:
        """Make the next two changes of an endpoint, if there are so many."""
        (organisation,) = self._xero.app.world.organisations.values()
        with self._xero.lock:
            found = [each for each in self._left if each.endpoint == endpoint][:2]
            for change in found:
                position = self._left.index(change)
                self._left.pop(position).make(organisation)
                self.tell("change", position)
            return bool(found)

    def _second_sync(self) -> None:
        """Try a second sync of the home while the first is at work: it must read nothing."""
        if sync.sync_all(self._settings).reads:
            os._exit(TWO_AT_ONCE)

    def _land(
        self, landing: Landing, tables: Mapping[str, Batches], *, schema: pa.Schema = RAW_SCHEMA
    ) -> int:
        """Put rows into the raw log, each table's by one commit, as dlt does its load files."""
        assert self._mishaps
        rows = {
            name: pa.concat_tables([schema.empty_table(), *run()]) for name, run in tables.items()
        }
        with landing._warehouse.lock("a test"), landing._warehouse.connect() as con:
            for name, found in rows.items():
                if found.num_rows:
                    self._mishaps.at_step(f"before a commit: {name}")
                    con.execute(
                        f"insert into {landing._dataset}.{name} by name "  # noqa: S608
                        "select *, 'load' as _dlt_load_id from found"
                    )
                    self._mishaps.at_step(f"after a commit: {name}")
        return sum(found.num_rows for found in rows.values())

    def _let_dlt_die(self) -> None:
        from dlt.destinations.impl.duckdb.duck import DuckDbCopyJob

        assert self._mishaps
        run, at_step = DuckDbCopyJob.run, self._mishaps.at_step

        def run_or_die(job: DuckDbCopyJob) -> None:
            at_step(f"before a load file: {job.load_table_name}")
            run(job)
            at_step(f"after a load file: {job.load_table_name}")

        DuckDbCopyJob.run = run_or_die  # type: ignore[method-assign]
