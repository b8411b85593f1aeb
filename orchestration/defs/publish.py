"""The analysts' file as an asset, after every mart."""

import dagster as dg

from orchestration.defs.flow import HOURLY, OWNERS, SAFE_TO_REPEAT
from orchestration.defs.resources import WAREHOUSE_POOL, Project
from orchestration.publication import PublicationWithheld, publish_latest_build
from pipelines.publish import MART_SCHEMAS


def published_marts(models: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """Return the asset that publishes the marts among the models."""
    marts = [key for key in models.keys if key.path[0] in MART_SCHEMAS]

    @dg.asset(
        key=["published", "marts"],
        deps=sorted(marts),
        group_name="publish",
        owners=[OWNERS["publish"]],
        kinds={"duckdb"},
        pool=WAREHOUSE_POOL,
        freshness_policy=HOURLY,
        retry_policy=SAFE_TO_REPEAT,
        description="One file per publication: `marts.duckdb`, which analysts open, read-only, with"
        " every mart in it.",
    )
    def publish(
        context: dg.AssetExecutionContext, project: dg.ResourceParam[Project]
    ) -> dg.MaterializeResult:
        try:
            publication = publish_latest_build(project.settings, context.run.run_id)
        except PublicationWithheld as withheld:
            raise dg.Failure(description=str(withheld), allow_retries=False) from withheld
        project.outcome.publication = publication
        project.progress(f"published {publication.path.name}")
        return dg.MaterializeResult(
            metadata={
                "file": dg.MetadataValue.path(publication.path),
                "bytes": publication.size_bytes,
                "rows": sum(publication.row_counts.values()),
                "held_back": len(publication.held_back),
                **{
                    f"{name}_exceptions": publication.row_counts.get(f"{name}.exceptions", 0)
                    for name in ("quality", "coding")
                },
                "row_counts": dg.MetadataValue.json(publication.row_counts),
            }
        )

    return publish
