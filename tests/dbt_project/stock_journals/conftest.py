"""The models of stock journals, compiled once, whose SQL runs on rows that a test gives."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

MODELS = [
    "int_stock_journal_calendars_set",
    "int_stock_journal_movements_coded",
    "int_stock_journal_pairs_placed",
    "int_stock_journals_planned",
    "int_stock_journal_pairs_sided",
]
# What the models read, in the columns that they read; text unless another type is named.
LINE = "tenant_id source_system document_type document_id line_id"
READ = {
    "staging.stg_xero__accounts": "tenant_id account_id account_code account_name account_status"
    " is_deleted:bool",
    "staging.stg_xero__tracking_options": "tenant_id tracking_option_id tracking_option_name"
    " tracking_category_id option_status is_deleted:bool",
    "staging.stg_xero__tracking_categories": "tenant_id tracking_category_id"
    " tracking_category_name category_status is_deleted:bool",
    "intermediate.int_organisation_limits_read": "tenant_id organisation_name base_currency"
    " country_code timezone locked_to:date",
    "intermediate.int_coding_policies_set": "tenant_id source_system stock_journals"
    " stock_journals_from",
    "intermediate.int_outgoing_stock_movements": "tenant_id source_system movement_id document_id"
    " moved_at:timestamp quantity:decimal(18,4) unit_cost:decimal(18,4) is_due:bool"
    " movement_type source_item_id item_code project_id",
    "intermediate.int_line_accounts_resolved": f"{LINE} account_id contra_account_id"
    " account_level contra_account_level",
    "intermediate.int_line_tracking_resolved": f"{LINE} tracking_option_id_2 tracking_option_id_3"
    " tracking_level_2 tracking_level_3",
    "intermediate.int_outgoing_findings_collected": f"{LINE} severity rule",
    "intermediate.int_stock_journals_sent": "tenant_id source_system journal_month:date"
    " manual_journal_id journal_status period_month:date cogs_account_id inventory_account_id"
    " tracking_option_id_2 tracking_option_id_3 amount:decimal(18,4)",
    "intermediate.int_stock_journal_movements_sent": "tenant_id source_system movement_id"
    " journal_month:date journal_status period_month:date cogs_account_id inventory_account_id"
    " tracking_option_id_2 tracking_option_id_3",
}


class JournalModels:
    """The compiled models in a DuckDB of their own."""

    def __init__(self, compiled: dict[str, str]) -> None:
        self.compiled = compiled
        self.con = duckdb.connect()
        self.con.execute("attach ':memory:' as warehouse")
        self.con.execute("create schema warehouse.staging; create schema warehouse.intermediate")
        for table, columns in READ.items():
            typed = [part if ":" in part else f"{part}:text" for part in columns.split()]
            types = ", ".join(typed).replace(":", " ")
            self.con.execute(f"create table warehouse.{table} ({types})")

    def fill(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        """Let an intermediate model hold these rows alone."""
        name = f"warehouse.intermediate.{table}"
        self.con.execute(f"delete from {name}")  # noqa: S608
        if rows:
            row = "(" + ", ".join(["?"] * len(rows[0])) + ")"
            values = [value for given in rows for value in given]
            self.con.execute(f"insert into {name} values {', '.join([row] * len(rows))}", values)  # noqa: S608

    def run(self) -> None:
        """Build the models from what is filled in."""
        for model in MODELS:
            self._create(model)

    def rows(self, columns: str, model: str, where: str = "true") -> list[tuple[Any, ...]]:
        """Return columns of a model."""
        name = f"warehouse.intermediate.{model}"
        return self.con.execute(f"select {columns} from {name} where {where}").fetchall()  # noqa: S608

    def _create(self, model: str) -> None:
        name = f"warehouse.intermediate.{model}"
        self.con.execute(f"create or replace table {name} as {self.compiled[model]}")


@pytest.fixture(scope="session")
def compiled(new_warehouse: Any) -> dict[str, str]:
    """The SQL of each model, as dbt compiles it."""
    home = new_warehouse()
    home.dbt("compile", "--no-populate-cache", "--select", *MODELS)
    written = home.target / "compiled/xero_crm/dbt_project/models/intermediate/coding"
    return {model: (written / f"{model}.sql").read_text("utf-8") for model in MODELS}


@pytest.fixture(scope="module")
def journals(compiled: dict[str, str]) -> JournalModels:
    """The models, with accounts and the policy that stock movements become journals."""
    models = JournalModels(compiled)
    models.fill("int_coding_policies_set", [("nz", "workguru", "on", "")])
    return models
