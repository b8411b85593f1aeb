"""Runs `xero-crm sync`, but dies without a word once the load file of one table is committed."""

import os
import sys

from dlt.destinations.impl.duckdb.duck import DuckDbCopyJob

from orchestration.cli import main

table = sys.argv.pop()
run = DuckDbCopyJob.run


def run_and_die(self: DuckDbCopyJob) -> None:
    """Load the file; then the power goes."""
    run(self)
    if self.load_table_name == table:
        os._exit(137)


DuckDbCopyJob.run = run_and_die
sys.argv = ["xero-crm", "sync"]
main()
