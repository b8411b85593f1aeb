"""Building only what something new goes into leaves every table as a build of everything does."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Any

import pytest

from orchestration.dbt import build
from pipelines.publish import MART_SCHEMAS
from pipelines.warehouse import Warehouse

pytestmark = pytest.mark.xdist_group("demo")

CHANGES = {
    # One record of each, read again with another content.
    "invoices": """
        json_extract_string(payload, '$.Status') = 'AUTHORISED'
        and json_extract_string(payload, '$.Type') = 'ACCREC'
    """,
    "contacts": """json_extract_string(payload, '$.ContactStatus') = 'ACTIVE'""",
}
PATCHES = {"invoices": '{"Reference": "Another reference"}', "contacts": '{"Name": "Another name"}'}


@dataclass(frozen=True)
class Builds:
    """The marts before something changed, after a build of what changed, and of everything."""

    before: dict[str, list[str]]
    changed: dict[str, list[str]]
    everything: dict[str, list[str]]
    said: list[str]


def change_one(con: Any, table: str) -> None:
    con.execute(
        f"""
        insert into raw_xero.{table} by name
        select
            tenant_id, record_id, repeat('e', 32) as version_hash, record_updated_at, is_deleted,
            (select max(extracted_at) from raw_xero.{table}) + interval 1 second as extracted_at,
            json_merge_patch(payload, ?) as payload, _dlt_load_id
        from raw_xero.{table}
        where {CHANGES[table]}
        order by all
        limit 1
        """,  # noqa: S608
        [PATCHES[table]],
    )


def marts(warehouse: Warehouse) -> dict[str, list[str]]:
    with warehouse.lock("a test"), warehouse.connect(read_only=True) as con:
        found = con.execute(
            "select table_schema, table_name from information_schema.tables"
            " where list_contains(?, table_schema) order by all",
            [list(MART_SCHEMAS)],
        ).fetchall()
        return {
            f"{schema}.{name}": sorted(
                repr(row) for row in con.execute(f"from {schema}.{name}").fetchall()
            )
            for schema, name in found
        }


@pytest.fixture(scope="module")
def builds(demo: Any, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    home = tmp_path_factory.mktemp("only_changed") / "home"
    shutil.copytree(demo.settings.home, home, symlinks=True)
    settings = demo.settings.model_copy(update={"home": home})
    warehouse = Warehouse(home)
    before = marts(warehouse)
    with warehouse.lock("a test"), warehouse.connect() as con:
        for table in CHANGES:
            change_one(con, table)
    said: list[str] = []
    assert build(settings, only_changed=True, progress=said.append).succeeded
    changed = marts(warehouse)
    assert build(settings).succeeded
    return Builds(before, changed, marts(warehouse), said)


def test_it_builds_some_of_the_models(demo: Any, builds: Builds) -> None:
    (told,) = [line for line in builds.said if "models to build" in line]
    assert 0 < int(told.split()[1]) < len(demo.build.models)


def test_every_table_is_as_after_a_build_of_everything(builds: Builds) -> None:
    unlike = [name for name, rows in builds.everything.items() if builds.changed[name] != rows]
    assert unlike == []
    assert builds.changed.keys() == builds.everything.keys()


def test_the_change_shows_in_what_is_made_from_it(builds: Builds) -> None:
    moved = {name for name, rows in builds.everything.items() if builds.before[name] != rows}
    assert {"crm.sales_transaction_lines", "crm.customer_analysis"} <= moved
