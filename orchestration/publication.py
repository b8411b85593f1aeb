"""Publishes the latest build, unless it failed: analysts then keep the file they have."""

from __future__ import annotations

from orchestration import dbt
from orchestration.errors import CannotRun
from pipelines.publish import Checks, Publication, publish
from pipelines.settings import Settings


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
    return publish(settings, run_id, checks)
