"""An organisation held back keeps its former rows in the analysts' file; others are published."""

import duckdb
import pytest

from pipelines.publish import publish
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def open_published(settings):
    return duckdb.connect(str(Warehouse(settings.home).published_path), read_only=True)


def build_balances(settings, **balances):
    """Stand in for a build with one mart by organisation."""
    warehouse = Warehouse(settings.home)
    with warehouse.lock("test"), warehouse.connect() as connection:
        connection.execute("create schema if not exists reporting")
        connection.execute("create schema if not exists raw_runs")
        connection.execute("create or replace table raw_runs.reads as select 'r1' as run_id")
        connection.execute(
            "create or replace table reporting.balances (tenant_id varchar, amount integer)"
        )
        for tenant_id, amount in balances.items():
            connection.execute("insert into reporting.balances values (?, ?)", [tenant_id, amount])


def published_balances(settings):
    with open_published(settings) as connection:
        return dict(connection.execute("from reporting.balances").fetchall())


def test_a_tenant_held_back_keeps_its_former_rows_and_the_others_are_published(settings):
    build_balances(settings, nz=1, uk=1)
    publish(settings, "first")
    build_balances(settings, nz=2, uk=2)
    done = publish(settings, "second", held_back=["nz"])
    assert published_balances(settings) == {"nz": 1, "uk": 2}
    assert done.held_back == ("nz",)
    assert done.row_counts == {"reporting.balances": 2}


def test_a_tenant_held_back_from_the_first_publication_has_no_rows(settings):
    build_balances(settings, nz=1, uk=1)
    publish(settings, "first", held_back=["nz"])
    assert published_balances(settings) == {"uk": 1}


def test_a_column_that_the_former_file_lacks_is_empty_for_a_tenant_held_back(settings):
    build_balances(settings, nz=1, uk=1)
    publish(settings, "first")
    with Warehouse(settings.home).connect() as connection:
        connection.execute("alter table reporting.balances add column note varchar default 'new'")
    publish(settings, "second", held_back=["nz"])
    with open_published(settings) as connection:
        rows = connection.execute("from reporting.balances order by all").fetchall()
    assert rows == [("nz", 1, None), ("uk", 1, "new")]
