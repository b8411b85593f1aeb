"""What the end-to-end tests share: the demo organisations, synced over HTTP and built by dbt.

Building takes a while, so it is done once; a test module that asks for `demo` carries
`pytestmark = pytest.mark.xdist_group("demo")`, and only reads. A test that changes the world or the
warehouse makes a home of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from forked_dbt import dbt_is_a_fork  # noqa: F401 - a fixture

from orchestration.build_result import BuildResult
from orchestration.dbt import build
from orchestration.sandbox import demo_sandbox
from pipelines.publish import publish
from pipelines.sandbox.world import World
from pipelines.settings import Settings
from pipelines.sync import SyncSummary, sync_all
from pipelines.warehouse import Warehouse


@dataclass(frozen=True)
class Demo:
    """The world behind the sandbox, and the warehouse that came of reading it once."""

    world: World
    settings: Settings
    sync: SyncSummary
    build: BuildResult

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the warehouse, which is opened to read."""
        warehouse = Warehouse(self.settings.home)
        with warehouse.lock("a test"), warehouse.connect(read_only=True) as connection:
            return connection.execute(query, parameters).fetchall()


@contextmanager
def environment_restored() -> Iterator[None]:
    """Take back what a sandbox's credentials leave in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for secret in ("CLIENT_ID", "CLIENT_SECRET"):
            patch.setenv(f"XERO_CRM_SANDBOX_{secret}", "")
        yield


@contextmanager
def models_alone() -> Iterator[None]:
    """Build without the models' data tests: a third less work.

    Only for data of a kind that another test builds with them, or nobody would ask what they ask.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "orchestration.dbt._WHAT_A_RUN_NEEDS",
            ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
        )
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo organisations, synced and built; to be read only."""
    home: Path = tmp_path_factory.mktemp("demo") / "home"
    with environment_restored(), demo_sandbox(home) as (server, settings):
        sync = sync_all(settings)
        assert sync.is_complete, sync.failures
        yield Demo(server.world, settings, sync, build(settings))


@pytest.fixture(scope="session")
def published(demo: Demo) -> Demo:
    """The demo once more, with its marts published in its home."""
    publish(demo.settings, "tests")
    return demo
