"""dbt's models as assets and its tests as their checks, from dbt's manifest.

Sources of the models are the assets of sync. One step builds what is selected, with the same
function as `xero-crm build`; a model or a check that fails fails the step, and nothing is
published then.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from orchestration import dbt
from orchestration.build_result import BuildResult
from orchestration.defs.checks import test_result
from orchestration.defs.flow import OWNERS, SAFE_TO_REPEAT, group_of_model
from orchestration.defs.resources import WAREHOUSE_POOL, Project
from orchestration.defs.sync import SETTINGS_KEY, TABLE_KEYS
from orchestration.defs.systems import READS_KEY, SYSTEM_KEYS
from pipelines.held import row_counts
from pipelines.warehouse import Warehouse

_UNIQUE_ID = "dagster_dbt/unique_id"  # under which dagster-dbt keeps a node's id in metadata


class Translator(DagsterDbtTranslator):
    """How dbt's nodes are named and grouped in Dagster."""

    def __init__(self) -> None:
        # Many raw tables are written by one asset of sync.
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return `<schema>/<table>`; for a raw table, the asset of sync that writes it."""
        if dbt_resource_props["resource_type"] != "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["alias"]])
        schema, table = dbt_resource_props["schema"], dbt_resource_props["name"]
        if schema == "raw_xero":
            return TABLE_KEYS[table]
        writers = {"settings": SETTINGS_KEY, "runs": READS_KEY, **SYSTEM_KEYS}
        return writers.get(schema.removeprefix("raw_")) or dg.AssetKey([schema, table])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the folder below models/, or `coding` for the models of that flow."""
        return group_of_model(dbt_resource_props["fqn"][1:-1])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Return who answers for the model's group."""
        return [OWNERS[group_of_model(dbt_resource_props["fqn"][1:-1])]]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the description, which begins with the grain, without the SQL."""
        return dbt_resource_props["description"]


def dbt_models(manifest: Path) -> dg.AssetsDefinition:
    """Return the assets of every model in the manifest."""
    translator = Translator()

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name="dbt",
        pool=WAREHOUSE_POOL,
        retry_policy=SAFE_TO_REPEAT,
    )
    def models(
        context: dg.AssetExecutionContext, project: dg.ResourceParam[Project]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        assets = context.assets_def
        is_everything = context.selected_asset_keys == assets.keys
        chosen = [unique_id.split(".")[2] for unique_id in _selected(context)]
        select = None if is_everything else chosen
        result = dbt.build(
            project.settings,
            select,
            only_changed=is_everything,
            progress=project.progress,
        )
        project.outcome.build = result
        yield from _events(context, result, row_counts(Warehouse(project.settings.home)))
        context.log.info(f"{len(result.models)} models, {len(result.passed_tests)} checks passed")
        if not result.succeeded:
            raise dg.Failure(description=result.failure, allow_retries=False)

    return models


def _selected(context: dg.AssetExecutionContext) -> dict[str, dg.AssetKey]:
    """Return {dbt's unique id: key} of the models that this run was asked for."""
    return {
        spec.metadata[_UNIQUE_ID]: spec.key
        for spec in context.assets_def.specs
        if spec.key in context.selected_asset_keys
    }


def _events(
    context: dg.AssetExecutionContext, result: BuildResult, counts: Mapping[str, int]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Yield what was built and tested, as far as this run was asked for it."""
    key_of_model = _selected(context)
    key_of_test = {
        spec.metadata[_UNIQUE_ID]: spec.key
        for spec in context.assets_def.check_specs
        if spec.key in context.selected_asset_check_keys
    }
    for node in result.models:
        if key := key_of_model.get(node.unique_id):
            count = counts.get(".".join(key.path))
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={"seconds": node.seconds}
                | ({"dagster/row_count": count} if count is not None else {}),
            )
    for node in result.nodes:
        if (key := key_of_test.get(node.unique_id)) and node.status != "skipped":
            yield test_result(key, node)
