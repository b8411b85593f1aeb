"""The analysts' file as an asset, after every mart."""

import dagster as dg

from orchestration.defs.resources import WAREHOUSE_POOL, Project
from orchestration.publication import publish_latest_build
from pipelines.publish import MART_SCHEMAS


def published_marts(models: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """Return the asset that publishes the marts among the models."""
    marts = [key for key in models.keys if key.path[0] in MART_SCHEMAS]

    @dg.asset(
        key=["published", "marts"],
        deps=sorted(marts),
        group_name="publish",
        kinds={"duckdb"},
        pool=WAREHOUSE_POOL,
        description="One file that analysts open: `marts.duckdb`, read-only, every mart in it.",
    )
    def publish(
        context: dg.AssetExecutionContext, project: dg.ResourceParam[Project]
    ) -> dg.MaterializeResult:
        publication = publish_latest_build(project.settings, context.run.run_id)
        project.outcome.publication = publication
        project.progress(f"published {publication.path.name}")
        return dg.MaterializeResult(
            metadata={
                "file": dg.MetadataValue.path(publication.path),
                "bytes": publication.size_bytes,
                "rows": sum(publication.row_counts.values()),
                "row_counts": dg.MetadataValue.json(publication.row_counts),
            }
        )

    return publish
