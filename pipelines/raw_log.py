"""The raw log as Parquet files, in a folder or an object store, where no one machine owns it.

In: `XERO_CRM_RAW_LOG_URL`, a path or a URL that fsspec knows (`s3://bucket/prefix`; the keys and
the endpoint are the AWS client's own environment variables). Out: dlt's destination to append to,
and DuckDB views to read by. One file per table and load:
`<url>/raw_<system>/<table>/tenant=<id>/date=<day of the load>/<load>.<file>.parquet`. A file is
never changed, so that any number of tenants may be written at once, and readers need no lock.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from dlt.common.destination import Destination

ALL_TENANTS = "*"
_LAYOUT = "{table_name}/tenant={tenant}/date={YYYY}-{MM}-{DD}/{load_id}.{file_id}.{ext}"


class RawLog:
    """The files below one URL."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") if "://" in url else str(Path(url).resolve())

    def dlt_destination(self, tenant_id: str) -> Destination[Any, Any]:
        """Return the log as dlt's destination for the rows of one tenant."""
        import dlt

        return dlt.destinations.filesystem(
            bucket_url=self.url,
            layout=_LAYOUT,
            extra_placeholders={"tenant": _folder_of(tenant_id)},
        )

    def connect(
        self, dataset: str, tenant_id: str | None, config: dict[str, Any]
    ) -> tuple[duckdb.DuckDBPyConnection, frozenset[str]]:
        """Return a connection with a view per table of a dataset, and the tables' names.

        Args:
            dataset: Such as `raw_xero`.
            tenant_id: Only the files of this tenant; None for all.
            config: DuckDB's limits.
        """
        import fsspec

        filesystem, path = fsspec.core.url_to_fs(self.url)
        filesystem.invalidate_cache()  # another process may have written since
        tenant = _folder_of(tenant_id) if tenant_id else "*"
        files: dict[str, list[str]] = defaultdict(list)
        for file in filesystem.glob(f"{path}/{dataset}/*/tenant={tenant}/date=*/*.parquet"):
            files[str(file).removeprefix(f"{path}/{dataset}/").split("/")[0]].append(
                filesystem.unstrip_protocol(file) if "://" in self.url else str(file)
            )
        con = duckdb.connect(config=config)
        if "://" in self.url:
            con.register_filesystem(filesystem)
        con.execute(f"create schema {dataset}")
        for table, paths in files.items():
            listed = ", ".join("'" + path.replace("'", "''") + "'" for path in sorted(paths))
            # `union_by_name`: a column that came later is null in the files before it.
            con.execute(
                f"create view {dataset}.{table} as select * from read_parquet([{listed}],"  # noqa: S608
                " union_by_name = true, hive_partitioning = false)"
            )
        return con, frozenset(files)


def _folder_of(tenant_id: str) -> str:
    # An asterisk in a file's name would be a pattern to every reader.
    return "all" if tenant_id == ALL_TENANTS else tenant_id
