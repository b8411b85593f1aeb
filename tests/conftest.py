"""What every test gets: nothing of the user's surroundings and no network but loopback.

A test that needs more than Python carries a marker (`needs_shared`, `needs_chromium`, `needs_jdk`,
`needs_postgresql`). Where the thing is missing the test is listed at the end as not run, with what
to install; under `XERO_CRM_TEST_ALL=1` (CI) it fails instead.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values
from xdist.scheduler.loadgroup import LoadGroupScheduling

ROOT = Path(__file__).resolve().parent.parent
SHARED_REFERENCE = ROOT.parent / "shared" / "reference"
PREFIX = "XERO_CRM_"
TEST_ALL = os.environ.get("XERO_CRM_TEST_ALL") == "1"
NOT_RUN = "not run: needs "
TELEMETRY_OFF = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
}


@dataclass(frozen=True)
class Need:
    """Something outside Python that a test can ask for by marker."""

    what: str
    remedy: str
    programs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def is_met(self) -> bool:
        """Whether one of the programs is on the path or one of the files exists."""
        return any(map(shutil.which, self.programs)) or any(
            next(iter(sorted(Path(file).parent.glob(Path(file).name))), None) for file in self.files
        )


NEEDS = {
    "needs_shared": Need(
        "the reference folder ../shared",
        "put it beside the checkout",
        files=(str(SHARED_REFERENCE / "xero_accounting.yaml"),),
    ),
    "needs_chromium": Need(
        "Chromium",
        "install with: apt-get install chromium",
        programs=("chromium", "chromium-browser", "google-chrome"),
    ),
    "needs_jdk": Need(
        "a JDK",
        "install with: apt-get install default-jdk-headless",
        programs=("javac",),
    ),
    "needs_postgresql": Need(
        "a PostgreSQL server",
        "install with: apt-get install postgresql",
        programs=("postgres",),
        files=("/usr/lib/postgresql/*",),
    ),
}


@cache
def _missing(marker: str) -> str | None:
    need = NEEDS[marker]
    return None if need.is_met() else f"{need.what}, {need.remedy}"


@pytest.hookimpl(tryfirst=True)  # before any fixture is set up, session fixtures included
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in NEEDS:
        if item.get_closest_marker(marker) and (missing := _missing(marker)):
            if TEST_ALL:
                pytest.fail(f"XERO_CRM_TEST_ALL=1, but this test needs {missing}", pytrace=False)
            pytest.skip(NOT_RUN + missing)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reasons = (
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    not_run = Counter(reason for reason in reasons if reason.startswith(NOT_RUN))
    if not_run:
        terminalreporter.section("not run")
        for reason, count in sorted(not_run.items()):
            tests = "test" if count == 1 else "tests"
            terminalreporter.line(f"{count} {tests} {reason}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those that share the demo's build: one worker's, and far the longest group."""
    items.sort(key=lambda item: not _in_group(item, "demo"))


def _in_group(item: pytest.Item, name: str) -> bool:
    marker = item.get_closest_marker("xdist_group")
    return marker is not None and name in marker.args


class ByGroupOrFile(LoadGroupScheduling):
    """Gives a worker all tests of one `xdist_group`, or else of one file: their fixtures too."""

    def _split_scope(self, nodeid: str) -> str:
        scope = super()._split_scope(nodeid)
        return scope if scope != nodeid else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)  # absent under -p no:xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroupOrFile | None:
    return ByGroupOrFile(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's settings and home out, for session fixtures and subprocesses too.

    A `.env` in the checkout would be read by every process that a test starts there, so what it
    sets is set to the default here: the environment goes first.
    """
    folder = tmp_path_factory.mktemp("user")
    defaults = {
        "XERO_CRM_CONNECTIONS": "data/settings/connections.toml",
        "XERO_CRM_SETTINGS_DIR": "data/settings",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith((PREFIX, "DAGSTER_", "DBT_"))]:
            patch.delenv(name)
        for name in dotenv_values(ROOT / ".env"):
            if name.startswith(PREFIX):
                patch.setenv(name, defaults.get(name, ""))
        patch.setenv("HOME", str(folder))
        patch.setenv("DLT_DATA_DIR", str(folder / "dlt"))
        patch.setenv("XERO_CRM_HOME", str(folder / "xero_crm_home"))
        for name, value in TELEMETRY_OFF.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XERO_CRM_HOME", str(tmp_path / "home"))


_outside_calls: list[str] = []


def _is_outside(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket
        return False
    host = str(address[0])
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def _guarded(method: Any) -> Any:
    def connect(connection: socket.socket, address: Any) -> Any:
        if _is_outside(address):
            _outside_calls.append(str(address))
            raise ConnectionRefusedError(f"tests may reach loopback only, not {address}")
        return method(connection, address)

    return connect


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
        yield


@pytest.fixture(autouse=True)
def _no_call_outside() -> Iterator[None]:
    """Fail a test that tried to reach another machine, also where the code caught the refusal."""
    yield
    calls = _outside_calls.copy()
    _outside_calls.clear()
    assert not calls, f"the test tried to reach {', '.join(calls)}"


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The reference folder beside the checkout; a test that asks for it carries `needs_shared`."""
    return SHARED_REFERENCE
