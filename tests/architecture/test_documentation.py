"""What dbt's documentation is made of: a description of everything, and where the marts go."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.xdist_group("dbt_manifest")  # dbt reads the project once

MART_SCHEMAS = {"crm", "reporting", "coding", "quality", "push"}


def test_everything_that_is_listed_is_described(manifest, models):
    sources = manifest["sources"].values()
    listed = {
        **{f"model {model['name']}": model["description"] for model in models},
        **{f"source {source['name']}": source["description"] for source in sources},
        **{
            f"column {node['name']}.{column['name']}": column["description"]
            for node in (*models, *sources)
            for column in node["columns"].values()
        },
        **{f"metric {one['name']}": one["description"] for one in manifest["metrics"].values()},
        **{f"exposure {one['name']}": one["description"] for one in manifest["exposures"].values()},
    }
    assert [name for name, description in listed.items() if not (description or "").strip()] == []


def test_every_mart_is_shown_where_it_goes(manifest, models):
    marts = [model for model in models if model["schema"] in MART_SCHEMAS]
    goes_to = {
        exposure["name"]: set(exposure["depends_on"]["nodes"])
        for exposure in manifest["exposures"].values()
    }
    assert {
        mart["name"] for mart in marts if mart["unique_id"] not in goes_to["published_file"]
    } == set()
    pushed = {mart["unique_id"] for mart in marts if mart["schema"] == "push"}
    assert goes_to["pushes"] == pushed
    assert goes_to["dashboard"] <= goes_to["published_file"]
