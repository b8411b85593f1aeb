"""Publishes the latest build, unless it failed: analysts then keep the file they have.

An organisation whose figures do not agree with Xero's own reports (reporting.reconciliation_gate)
keeps its former rows; the others are published.
"""

from __future__ import annotations

from orchestration import dbt
from orchestration.errors import CannotRun
from pipelines.publish import Checks, Publication, publish
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

_GATE = "reconciliation_gate"


class PublicationWithheld(CannotRun):
    """The latest build failed, so the analysts' file was left as it was."""


def publish_latest_build(settings: Settings, run_id: str) -> Publication:
    """Publish the marts, recording what the build's checks found.

    Raises:
        PublicationWithheld: A model or test of the latest build failed.
        PublishError: Nothing has been built, or the copy does not equal the source.
    """
    result = dbt.read_results(settings)
    if result and not result.succeeded:
        raise PublicationWithheld(
            f"Nothing was published: {result.failure} The former file, if any, is still there."
        )
    checks = Checks(len(result.passed_tests), len(result.warnings)) if result else None
    return publish(settings, run_id, checks, held_back_tenants(settings))


def held_back_tenants(settings: Settings) -> tuple[str, ...]:
    """Return the tenants that the latest build holds back; none where there is no gate."""
    with Warehouse(settings.home).reading("publish", "reporting") as reader:
        if reader is None or _GATE not in reader.tables:
            return ()
        found = reader.con.execute(
            f"select tenant_id from reporting.{_GATE} where is_held_back order by 1"  # noqa: S608
        ).fetchall()
        return tuple(tenant_id for (tenant_id,) in found)
