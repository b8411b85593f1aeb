"""Runs `xero-crm sync`, but dies without a word once rows of a table of `raw_xero` are committed.

Other systems have tables of the same name, and a table begins with a load file of no rows.
"""

import os
import sys

import pyarrow.parquet
from dlt.destinations.impl.duckdb.duck import DuckDbCopyJob

from orchestration.cli import main

table = sys.argv.pop()
run = DuckDbCopyJob.run


def run_and_die(self: DuckDbCopyJob) -> None:
    """Load the file; then the power goes."""
    run(self)
    is_of_table = (self._sql_client.dataset_name, self.load_table_name) == ("raw_xero", table)
    if is_of_table and pyarrow.parquet.read_metadata(self._file_path).num_rows:
        os._exit(137)


DuckDbCopyJob.run = run_and_die
sys.argv = ["xero-crm", "sync"]
main()
