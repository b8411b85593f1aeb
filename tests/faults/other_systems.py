"""Prospect and WorkGuru in this process beside Xero: what a mixed plan writes to them, and writers.

Neither knows idempotency keys, batches or a version: only the look-up keeps a record from being
made twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import httpx
from local_xero import Clock
from push_plans import an_operation

from pipelines.connections import ProspectConnection, WorkGuruConnection
from pipelines.prospect.write_client import ProspectWriteClient
from pipelines.prospect.writer import ProspectWriter
from pipelines.push.writer import Writer
from pipelines.sandbox.prospect_app import TOKEN, ProspectApp
from pipelines.sandbox.sliding_window import SlidingWindow
from pipelines.sandbox.systems import SystemApp, system_apps
from pipelines.sandbox.workguru_app import WorkGuruApp
from pipelines.sandbox.world import World
from pipelines.settings import Credentials
from pipelines.workguru.write_client import WorkGuruWriteClient
from pipelines.workguru.writer import MARKED, WorkGuruWriter

CRM, JOBS = "thistle", "harbour"
SETS = (
    "ProductItems",
    "SalesLedgers",
    "SalesLedgerXtras",
    "XeroAnalysisCodes",
    "SalesTransactions",
)
STAMPS = ("LastUpdatedTimestamp", "LastUpdated", "Created")
MARKS = (
    ("invoices", "invoice"),
    ("purchase_orders", "purchase"),
    ("stock_takes", "stock_take"),
)


class OtherSystems:
    """The systems of one world, used for one schedule after another."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world, self._clock = world, clock
        self.apps: Mapping[str, SystemApp] = system_apps(world, clock)
        self._crm = cast(ProspectApp, self.apps["prospect"]).workspace
        self._jobs = cast(WorkGuruApp, self.apps["workguru"]).of(JOBS)

    def operations(self) -> list[dict[str, Any]]:
        """Return what the plan writes to them: good records, and a bad one of each system."""
        crm, jobs = (self._world.organisation(name).tenant_id for name in (CRM, JOBS))
        ledgers = [one["SalesLedgerId"] for one in self._crm.records("SalesLedgers")][:3]
        marks = [
            (kind, str(identity))
            for kind, _ in MARKS
            for identity in list(self._jobs.records[kind])[:2]
        ]
        return [
            *(self._product(crm, number, CategoryId="CLOTHING") for number in (1, 2)),
            self._product(crm, 99),  # without the category that Prospect asks for
            *(self._ledger(crm, key, number) for number, key in enumerate(ledgers)),
            *(self._code(crm, number) for number in (1, 2)),
            *(self._transaction(crm, number, ledgers[0]) for number in (1, 2, 3)),
            *(self._mark(jobs, kind, identity) for kind, identity in marks),
            self._mark(jobs, "invoices", "999999"),  # not there
        ]

    def writers(self, home: Path, transport: httpx.BaseTransport) -> dict[str, Writer]:
        """Return a writer for each, whose calls go through `transport`."""
        common: dict[str, Any] = {
            "clock": self._clock,
            "sleep": self._clock.sleep,
            "transport": transport,
        }
        crm = ProspectConnection(name="crm", xero="sandbox", api_url="http://127.0.0.1/prospect")
        jobs = WorkGuruConnection(
            name="jobs",
            xero="sandbox",
            api_url=f"http://127.0.0.1/workguru/{JOBS}",
            calls_per_minute=100_000,
        )
        token = Credentials.model_validate({"token": TOKEN})
        key = Credentials.model_validate(
            {"client_id": "sandbox", "client_secret": "sandbox-secret"}
        )
        return {
            "prospect": ProspectWriter(ProspectWriteClient(crm, token, home, **common)),
            "workguru": WorkGuruWriter(WorkGuruWriteClient(jobs, key, home, **common)),
        }

    @contextmanager
    def as_they_were(self) -> Iterator[None]:
        """Undo at the end what the block does to them."""
        crm = {
            name: {key: dict(one) for key, one in records.items()}
            for name, records in self._crm._records.items()
        }
        jobs = {kind: dict(records) for kind, records in self._jobs.records.items()}
        app = cast(ProspectApp, self.apps["prospect"])
        try:
            yield
        finally:
            self._crm._records = crm
            self._jobs.records = jobs
            app.requests.clear()
            # The clock goes back too: calls of later hours would never leave the window.
            app.window = SlidingWindow(app.window.calls, app.window.span, self._clock)

    def held(self) -> Counter[str]:
        """Return every record of Prospect's, and what is marked in WorkGuru."""
        held: Counter[str] = Counter()
        for name in SETS:
            for record in self._crm.records(name):
                shown = {key: one for key, one in record.items() if key not in STAMPS}
                held[f"{name} {sorted(shown.items(), key=str)!r}"] += 1
        for kind in MARKED:
            for identity, record in self._jobs.records[kind].items():
                stamp = record["sentToAccounting"]
                held[f"{kind} {identity} {stamp is not None and stamp.year > 1900}"] += 1
        return held

    def _product(self, tenant: str, number: int, **fields: str) -> dict[str, Any]:
        code = f"NEW-{number}"
        payload = {"ProductItemId": code, "Description": f"New product {number}", **fields}
        payload |= {"SalesAnalysis": "4000", "SellingPrice": 1000 + number, "SellDecimals": 2}
        return self._of(tenant, "product_items", "create", code, payload)

    def _ledger(self, tenant: str, key: str, number: int) -> dict[str, Any]:
        held = self._crm.find("SalesLedgers", ("A", key)) or {}
        texts = {"SalesLedgerXtras": {"StandardTextField1": f"Text {number}"}} if number else {}
        payload = {"UserAnalysisCode2": f"CODE-{number}", **texts}
        before = {"UserAnalysisCode2": held.get("UserAnalysisCode2")}
        return self._of(
            tenant, "sales_ledgers", "update", key, payload, target_id=f"A|{key}", before=before
        )

    def _code(self, tenant: str, number: int) -> dict[str, Any]:
        code = f"9{number:03}"
        payload = {"Code": code, "OperatingCompanyCode": "A", "Name": f"New account {number}"}
        return self._of(tenant, "xero_analysis_codes", "create", code, payload)

    def _transaction(self, tenant: str, number: int, ledger: str) -> dict[str, Any]:
        key = f"APUSH-{number}"
        payload = {
            "Id": key,
            "OperatingCompanyCode": "A",
            "DocumentId": "PUSH-1",
            "LineNumber": number,
            "InvoiceNumber": "PUSH-1",
            "Account": ledger,
            "Ledger": ledger,
            "TransactionType": "I",
            "Price": 2500,
            "SellDecimals": 2,
            "Analysis1": "4000",
        }
        return self._of(tenant, "sales_transactions", "create", key, payload)

    def _mark(self, tenant: str, kind: str, identity: str) -> dict[str, Any]:
        payload = {"kind": kind, "id": identity}
        key = f"{kind}:{identity}"
        target_id = f"{kind}|{identity}"
        return an_operation(
            tenant, "sent_marks", "mark", key, payload, target="workguru", target_id=target_id
        )

    def _of(self, tenant: str, entity: str, operation: str, key: str, payload: Any, **more: Any):
        return an_operation(tenant, entity, operation, key, payload, target="prospect", **more)


def is_in_ledger(path: str, paths: Iterable[str]) -> bool:
    """Whether a write to one of them is in the ledger, whose attempts have these paths."""
    known = {unquote(each) for each in paths}
    _, _, rest = path.strip("/").partition("/")
    if path.startswith("/workguru/"):
        return rest.partition("/services/app/")[2] in known
    if rest == "SalesLedgerXtras":  # the first of a ledger's texts; its key is in the body
        return any(each.startswith("SalesLedgers(") for each in known)
    return rest.replace("SalesLedgerXtras(", "SalesLedgers(") in known
