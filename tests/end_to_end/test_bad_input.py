"""Whatever Xero sends or refuses, a clear text comes of it and nothing that was held is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from pipelines import sync
from pipelines.reads import ReadSummary
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse
from pipelines.xero.client import XeroClient

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"

pytestmark = pytest.mark.xdist_group("bad_input")


@dataclass(frozen=True)
class Connected:
    """One organisation, read once, and the server that can be made to misbehave."""

    server: SandboxServer
    organisation: Organisation
    settings: Settings

    def sync(self, **how) -> sync.SyncSummary:
        return sync.sync_all(self.settings, **how)

    def read(self, table: str, **how) -> ReadSummary:
        (found,) = [read for read in self.sync(**how).reads if read.endpoint == table]
        return found

    def live(self, table: str) -> int:
        """How many records the raw log holds alive."""
        warehouse = Warehouse(self.settings.home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as con:
            found = con.execute(
                f"select count(*) from (select arg_max(is_deleted, extracted_at) as gone "  # noqa: S608
                f"from raw_xero.{table} group by tenant_id, record_id) where not gone"
            ).fetchone()
        return found[0] if found else 0


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    home = tmp_path_factory.mktemp("bad_input")
    world = load_world(SANDBOX, only=["harbour"])
    (organisation,) = world.organisations.values()
    with (
        SandboxServer(world, limits=Limits(enforced=False)) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XERO_CRM_SANDBOX_CLIENT_ID", "sandbox")
        patch.setenv("XERO_CRM_SANDBOX_CLIENT_SECRET", "sandbox-secret")
        # Retries wait; here nobody has to.
        patch.setattr(
            sync,
            "open_client",
            lambda settings, connection: XeroClient(
                connection,
                settings.credentials(connection.name),
                settings.home,
                sleep=lambda _: None,
            ),
        )
        connections = home / "connections.toml"
        connections.write_text(
            f'[[xero]]\nname = "sandbox"\napi_url = "{server.url}"\n'
            f'identity_url = "{server.url}"\ncalls_per_minute = 100000\n'
            # Three years of months each, of which no test here is.
            'endpoints_off = ["Reports/TrialBalance", "Reports/ProfitAndLoss",'
            ' "Reports/BalanceSheet"]\n'
        )
        settings = Settings(
            home=home / "home", connections=connections, settings_dir=home / "settings"
        )
        found = Connected(server, organisation, settings)
        assert found.sync().is_complete
        yield found


@pytest.fixture(autouse=True)
def faults_end_with_the_test(connected: Connected) -> Iterator[None]:
    yield
    connected.server.control.clear()


def rewritten(change: Callable[[dict], object]) -> Callable[[bytes], bytes]:
    """A page whose envelope was changed; numbers stay as they were written."""

    def rewrite(body: bytes) -> bytes:
        envelope = json.loads(body, parse_float=partial(str), parse_int=int)
        change(envelope)
        return json.dumps(envelope).encode()

    return rewrite


@pytest.mark.parametrize(
    ("misbehave", "said"),
    [
        (lambda fault: fault.garbles(), r"no JSON|cut short"),
        (lambda fault: fault.truncates(), r"broke off|cut short|closed|incomplete"),
        (lambda fault: fault.overrides(b"<html>Sorry</html>", "text/html"), r"text/html, not JSON"),
        (
            lambda fault: fault.rewrites(rewritten(lambda page: page.update(Invoices=None))),
            r"another shape",
        ),
        (
            lambda fault: fault.rewrites(rewritten(lambda page: page.pop("Invoices"))),
            r"another shape",
        ),
        (lambda fault: fault.answers(500), r"500"),
        (lambda fault: fault.resets(), r"reset|disconnected|closed|broke"),
    ],
)
def test_a_page_that_cannot_be_used_fails_its_endpoint_alone_and_loses_nothing(
    connected: Connected, misbehave, said: str
) -> None:
    before = connected.live("invoices")
    misbehave(connected.server.control.on("Invoices", page=2, times=None))
    done = connected.sync(full=True)
    reads = {read.endpoint: read for read in done.reads if read.system == "xero"}
    failed = reads.pop("invoices")
    assert not failed.is_complete
    assert re.search(said, failed.error or "", re.IGNORECASE), failed.error
    assert "Harbour" in (failed.error or "")
    assert all(read.is_complete for read in reads.values())
    assert connected.live("invoices") == before > 1000
    assert not done.is_complete


def test_trouble_that_passes_is_not_noticed(connected: Connected) -> None:
    connected.server.control.on("Invoices", page=2, times=2).garbles()
    read = connected.read("invoices", full=True)
    assert (read.is_complete, read.error, read.calls) == (True, None, 4)


def test_a_page_that_changes_while_it_is_read_hides_nothing(connected: Connected) -> None:
    first = next(iter(connected.organisation.records["Invoices"]))
    connected.server.control.on("Invoices", page=2).calls(
        lambda: connected.organisation.change("Invoices", first, Reference="edited meanwhile")
    )
    read = connected.read("invoices", full=True)
    assert (read.is_complete, read.tombstones) == (True, 0)
    assert read.records_read > (read.item_count or 0)
    assert connected.live("invoices") == read.item_count


def test_a_wrong_secret_is_one_clear_line_and_nothing_of_it_is_told(
    connected: Connected, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = connected.live("invoices")
    monkeypatch.setenv("XERO_CRM_SANDBOX_CLIENT_SECRET", "not-the-secret")
    (connected.settings.home / "tokens" / "sandbox.json").unlink(missing_ok=True)
    done = connected.sync()
    (failure,) = done.failures
    assert "CLIENT_SECRET" in failure.error
    assert "not-the-secret" not in failure.error
    assert connected.live("invoices") == before


def test_a_host_that_does_not_answer_is_named(connected: Connected, tmp_path: Path) -> None:
    connections = tmp_path / "connections.toml"
    connections.write_text(
        '[[xero]]\nname = "sandbox"\napi_url = "http://127.0.0.1:9"\n'
        'identity_url = "http://127.0.0.1:9"\n'
    )
    (connected.settings.home / "tokens" / "sandbox.json").unlink(missing_ok=True)
    gone = connected.settings.model_copy(update={"connections": connections})
    (failure,) = sync.sync_all(gone).failures
    assert "127.0.0.1" in failure.error
    assert connected.live("invoices") > 1000


def test_an_empty_answer_is_not_taken_for_the_end_of_all_items(connected: Connected) -> None:
    before = connected.live("items")
    connected.server.control.on("Items").rewrites(rewritten(lambda page: page.update(Items=[])))
    read = connected.read("items")
    assert not read.is_complete
    assert f"{before} records are held" in (read.error or "")
    assert connected.live("items") == before
