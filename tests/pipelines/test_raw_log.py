"""The raw log outside the warehouse: Parquet files by tenant and day, in a folder or on S3."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.bookkeeping import sync_settings
from pipelines.landing import Landing
from pipelines.record_log import RAW_SCHEMA, VersionLog, raw_table
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse, warehouse_of

ON_BOTH = pytest.mark.parametrize("url", ["folder", "s3"], indirect=True)
pytestmark = pytest.mark.xdist_group("raw_log")
NOON = datetime(2026, 3, 31, 12)
BUCKET = "raw-log"
ACME, BOLT = "11111111-aaaa", "22222222-bbbb"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if getattr(request, "param", "folder") == "folder":
        return str(tmp_path / "log")
    import boto3
    import s3fs

    endpoint = request.getfixturevalue("s3_server")
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    return f"s3://{BUCKET}/{tmp_path.name}"


@pytest.fixture
def warehouse(tmp_path: Path, url: str) -> Warehouse:
    return Warehouse(tmp_path / "home", url)


def files_of(warehouse: Warehouse) -> list[str]:
    """The log's Parquet files, below its URL, as another reader than ours finds them."""
    import fsspec

    assert warehouse.raw_log
    filesystem, path = fsspec.core.url_to_fs(warehouse.raw_log.url)
    filesystem.invalidate_cache()
    found = (str(file).removeprefix(f"{path}/") for file in filesystem.find(path))
    return sorted(file for file in found if file.endswith(".parquet"))


def rows_of(warehouse: Warehouse, file: str) -> pa.Table:
    import fsspec

    assert warehouse.raw_log
    with fsspec.open(f"{warehouse.raw_log.url}/{file}") as stream:
        return pq.read_table(stream)


def sync(warehouse: Warehouse, tenant_id: str, *payloads: bytes, second: int = 0) -> int:
    """Read an endpoint as a sync does: compare with what is held, and land what is new."""
    landing = Landing(warehouse, pipeline_name="test", dataset="raw_xero", tenant_id=tenant_id)
    held = landing.held("items", tenant_id)
    log = VersionLog(
        tenant_id,
        id_field="ID",
        stamp_field=None,
        held=held.versions,
        not_before=held.latest_extracted_at,
    )
    rows, _ = log.append(payloads, NOON.replace(second=second))
    return landing.land({"items": lambda: iter([rows])})


def test_a_record_lands_as_it_came_in_the_folder_of_its_tenant_and_day(warehouse: Warehouse):
    assert sync(warehouse, ACME, b'{"ID":"a","Total":17.960}') == 1
    (file,) = files_of(warehouse)
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    assert file.rpartition("/")[0] == f"raw_xero/items/tenant={ACME}/date={day}"
    table = rows_of(warehouse, file)
    assert table.column_names == [*RAW_SCHEMA.names, "_dlt_load_id"]
    assert table.column("payload").to_pylist() == ['{"ID":"a","Total":17.960}']
    assert table.column("extracted_at").to_pylist() == [NOON]


@ON_BOTH
def test_a_repeated_run_adds_nothing_and_a_change_leaves_the_files_before_it_alone(
    warehouse: Warehouse,
):
    sync(warehouse, ACME, b'{"ID":"a","Total":1}', b'{"ID":"b","Total":2}')
    (first,) = files_of(warehouse)
    content = rows_of(warehouse, first)
    assert sync(warehouse, ACME, b'{"ID":"a","Total":1}', b'{"ID":"b","Total":2}') == 0
    assert files_of(warehouse) == [first]
    assert sync(warehouse, ACME, b'{"ID":"a","Total":9}', b'{"ID":"b","Total":2}', second=1) == 1
    assert len(files_of(warehouse)) == 2
    assert rows_of(warehouse, first).equals(content)
    landing = Landing(warehouse, pipeline_name="test", dataset="raw_xero", tenant_id=ACME)
    assert landing.held("items", ACME).latest_extracted_at == NOON.replace(second=1)


def test_tenants_do_not_see_each_other(warehouse: Warehouse):
    assert sync(warehouse, ACME, b'{"ID":"a","Total":1}') == 1
    assert sync(warehouse, BOLT, b'{"ID":"a","Total":1}') == 1
    landing = Landing(warehouse, pipeline_name="test", dataset="raw_xero")
    assert set(landing.held("items", BOLT).versions) == {"a"}
    assert len(files_of(warehouse)) == 2


@ON_BOTH
def test_rows_of_several_tenants_are_sorted_into_their_folders(warehouse: Warehouse):
    rows = [(t, "a", "hash", None, NOON, False, "{}") for t in (ACME, "*", BOLT)]
    landing = Landing(warehouse, pipeline_name="test", dataset="raw_settings")
    assert landing.land({"gl_defaults": lambda: iter([raw_table(rows)])}) == 3
    tenants = {file.split("/")[2] for file in files_of(warehouse)}
    assert tenants == {f"tenant={ACME}", "tenant=all", f"tenant={BOLT}"}
    held = landing.held_by_tenant(["gl_defaults", "coding_policy"])
    assert held is not None
    assert {table: set(states) for table, states in held.items()} == {
        "gl_defaults": {ACME, "*", BOLT},
        "coding_policy": set(),
    }


def test_the_settings_files_land_once_where_the_setting_says(tmp_path: Path):
    files = tmp_path / "settings"
    files.mkdir()
    (files / "analysis_slots.csv").write_text(
        "tenant_id,analysis_slot,tracking_category_id,tracking_category_name\n*,2,,Region\n"
    )
    connections = tmp_path / "connections.toml"
    connections.write_text("")
    settings = Settings(
        home=tmp_path / "home",
        connections=connections,
        settings_dir=files,
        raw_log_url=str(tmp_path / "log"),
    )
    first = sync_settings(settings, run_id="one")
    again = sync_settings(settings, run_id="two")
    assert sum(read.versions_written for read in first) == 1
    assert sum(read.versions_written for read in again) == 0
    assert len(files_of(warehouse_of(settings))) == 1
    assert not warehouse_of(settings).path.exists()
