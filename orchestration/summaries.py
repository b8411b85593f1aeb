"""What the commands did, as plain values: what `--json` prints and what Dagster shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.build_result import BuildResult, NodeResult
from pipelines.publish import Publication
from pipelines.sync_results import SyncSummary

if TYPE_CHECKING:  # with it comes the ledger's SQLAlchemy, which takes half a second
    from pipelines.push.plan import Plan


@dataclass(frozen=True)
class RunSummary:
    """What a run did.

    Attributes:
        run_id: Dagster's, and that of `raw_runs.reads` and `published.runs`.
        organisations: The names of the organisations that it was over, by tenant_id.
        withheld: Why nothing was published; None if something was.
        plan: What would be written; None if nothing is stated to be.
    """

    run_id: str
    organisations: dict[str, str]
    sync: SyncSummary
    build: BuildResult | None
    publication: Publication | None
    withheld: str | None
    plan: Plan | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything asked for was done."""
        held_back = self.publication.held_back if self.publication else ()
        return self.sync.is_complete and self.withheld is None and not held_back

    def figures(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "run_id": self.run_id,
            "organisations": self.organisations,
            "is_complete": self.is_complete,
            "sync": sync_figures(self.sync),
            "build": build_figures(self.build) if self.build else None,
            "publication": publication_figures(self.publication) if self.publication else None,
            "withheld": self.withheld,
            "plan": plan_counts(self.plan) if self.plan else None,
        }


def plain(value: Any) -> Any:
    """Return a value that JSON can hold: dataclasses as objects, times as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Path, Decimal)):  # money as text: a float would lose cents
        return str(value)
    return value


def sync_figures(summary: SyncSummary) -> dict[str, Any]:
    """Return a sync's totals, each read, and what was not read."""
    return {
        "is_complete": summary.is_complete,
        "calls": sum(read.calls for read in summary.reads),
        "bytes": sum(read.bytes for read in summary.reads),
        "records_read": sum(read.records_read for read in summary.reads),
        "versions_written": sum(read.versions_written for read in summary.reads),
        "changed_without_stamp": summary.changed_without_stamp,
        "tombstones": sum(read.tombstones for read in summary.reads),
        "xero_egress": plain(summary.egress),
        "failures": plain(summary.failures),
        "reads": plain(summary.reads),
    }


def build_figures(result: BuildResult) -> dict[str, Any]:
    """Return a build's counts, and what failed, warned or was not reached."""
    return {
        "succeeded": result.succeeded,
        "seconds": round(result.seconds, 2),
        "models_built": len(result.models),
        "tests_passed": len(result.passed_tests),
        "failed_models": _nodes(result.failed_models),
        "failed_tests": _nodes(result.failed_tests),
        "warnings": _nodes(result.warnings),
        "skipped": [node.name for node in result.skipped],
    }


def plan_counts(plan: Plan) -> dict[str, Any]:
    """Return a plan's name and how many records it would write or holds back."""
    statuses = [each.status for each in plan.operations]
    return {
        "plan_id": plan.plan_id,
        "to_write": len(plan.planned),
        "blocked": statuses.count("blocked"),
        "unsupported": statuses.count("unsupported"),
        "switched_off": sum(row["off"] for row in plan.control_totals["records"]),
        "stops": [stop["message"] for stop in plan.stops],
    }


def publication_figures(publication: Publication) -> dict[str, Any]:
    """Return where the published file is and what it holds."""
    return plain(publication)


def _nodes(nodes: Sequence[NodeResult]) -> list[dict[str, Any]]:
    return [{"name": node.name, "message": node.message, "rows": node.failures} for node in nodes]
