"""One organisation of the sandbox over HTTP, read by whole runs, in pages of five records."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.reads import ReadSummary, record_reads
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import World, load_world
from pipelines.settings import Settings
from pipelines.sync import sync_tenant
from pipelines.sync_results import Tenant
from pipelines.warehouse import Warehouse

DOCUMENTS = 40
PAGE = 5


@dataclass
class Business:
    """An organisation, the server that shows it, and the home that it is read into."""

    organisation: Organisation
    server: SandboxServer
    home: Path
    monkeypatch: pytest.MonkeyPatch
    options: dict[str, Any] = field(default_factory=dict)
    runs: int = 0
    later: timedelta = timedelta()

    def run(self, *endpoints: str, **options: Any) -> dict[str, ReadSummary]:
        """Sync the endpoints, record the reads, and return them by table."""
        self.runs += 1
        at = self.later
        for module in ("xero_sync", "endpoint_read", "xero.source"):
            self.monkeypatch.setattr(
                f"pipelines.{module}.utc_now",
                lambda: datetime.now(UTC).replace(tzinfo=None) + at,
            )
        full = options.pop("full", False)
        tenant = Tenant("acme", self.organisation.tenant_id, self.organisation.name)
        done = sync_tenant(
            self.settings(**options),
            tenant,
            run_id=f"run-{self.runs}",
            endpoints=endpoints or ("Contacts", "Invoices"),
            full=full,
        )
        record_reads(Warehouse(self.home), done)
        return {read.endpoint: read for read in done}

    def settings(self, **options: Any) -> Settings:
        self.home.mkdir(parents=True, exist_ok=True)
        lines = ["[[xero]]", 'name = "acme"', f'api_url = "{self.server.url}"']
        lines.append(f'identity_url = "{self.server.url}"')
        for name, value in {"calls_per_minute": 100_000, **self.options, **options}.items():
            lines.append(f"{name} = {value!r}".replace("'", '"'))
        file = self.home / "connections.toml"
        file.write_text("\n".join(lines), "utf-8")
        return Settings(home=self.home, connections=file)

    def calls(self, endpoint: str) -> int:
        return self.server.control.calls[self.organisation.tenant_id, endpoint]

    def new_day(self) -> None:
        """Let Xero's day end, and ours."""
        shutil.rmtree(self.home / "limits")
        self.server.budget._windows.clear()

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Return what the raw log holds last of each record, without times."""
        warehouse = Warehouse(self.home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
            return connection.execute(
                f"""
                select record_id, arg_max(version_hash, extracted_at),
                       arg_max(is_deleted, extracted_at)
                from raw_xero.{table} group by record_id order by record_id
                """  # noqa: S608
            ).fetchall()

    def versions(self, table: str, record_id: str) -> int:
        warehouse = Warehouse(self.home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
            query = f"select count(*) from raw_xero.{table} where record_id = ?"  # noqa: S608
            (count,) = connection.execute(query, [record_id]).fetchall()[0]
        return count


@pytest.fixture
def sandbox_world(project_root: Path) -> World:
    return load_world(project_root / "data" / "sandbox", documents=DOCUMENTS)


@pytest.fixture
def business(
    sandbox_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Business]]:
    """Serve the first organisation; options are those of the server."""
    for module in ("page_reads", "rereads"):
        monkeypatch.setattr(f"pipelines.xero.{module}.PAGE_SIZE", PAGE)
    monkeypatch.setitem(os.environ, "XERO_CRM_ACME_CLIENT_ID", "sandbox")
    monkeypatch.setitem(os.environ, "XERO_CRM_ACME_CLIENT_SECRET", "sandbox-secret")
    running: list[SandboxServer] = []

    def make(limits: Limits | None = None, home: str = "home", **options: Any) -> Business:
        limits = limits or Limits(per_minute=100_000)
        running.append(SandboxServer(sandbox_world, limits=limits).__enter__())
        organisation = next(iter(sandbox_world.organisations.values()))
        return Business(organisation, running[-1], tmp_path / home, monkeypatch, options)

    yield make
    for server in running:
        server.__exit__()
