"""Asset checks: of the sync, and dbt's tests as checks of the models they test."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration.build_result import NodeResult
from pipelines.reads import ReadSummary
from pipelines.sync_results import Failure

ALL_READ = "every_organisation_was_read"


def all_read_result(
    key: dg.AssetKey, reads: Sequence[ReadSummary], failures: Sequence[Failure]
) -> dg.AssetCheckResult:
    """Return whether a group of endpoints was read completely for every organisation."""
    incomplete = [read for read in reads if not read.is_complete]
    errors = [
        f"{failure.tenant_name or failure.connection}: {failure.error}" for failure in failures
    ]
    errors += [f"{read.tenant_id} {read.endpoint}: {read.error}" for read in incomplete]
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=ALL_READ,
        passed=not errors,
        metadata={
            "organisations_read": len({read.tenant_id for read in reads}),
            "not_read": dg.MetadataValue.md("\n".join(f"- {error}" for error in errors)),
        },
    )


def test_result(key: dg.AssetCheckKey, node: NodeResult) -> dg.AssetCheckResult:
    """Return what a dbt test found, as a check of the model that it tests."""
    metadata: Mapping[str, Any] = {"seconds": node.seconds, "rows_found": node.failures or 0}
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=node.status == "pass",
        severity=(
            dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR
        ),
        metadata={**metadata, **({"message": node.message} if node.message else {})},
    )
