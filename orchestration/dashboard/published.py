"""Queries on the published file, each asked once per publication.

In: `marts.duckdb`, opened read-only. Out: Arrow tables and rows, money as Decimal. A publication
replaces the link; the file that it points at is part of every cache key, so the next click reads
the new one. All aggregation is DuckDB's: no page asks for more lines than it shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa
import streamlit as st

from orchestration.dashboard.shown import NothingToShow, at
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import Warehouse

Parameters = Mapping[str, Any]


def settings() -> Settings:
    """Return the settings that the dashboard was started with."""
    return load_settings()


def table(query: str, parameters: Parameters | None = None) -> pa.Table:
    """Return a query's result on the present publication; asked once, then remembered.

    Raises:
        NothingToShow: Nothing is published, or the file lacks a table that the query asks for.
    """
    return _asked(_present_file(), query, dict(parameters or {}))


def rows(query: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
    """Return a query's rows by column name; as `table`."""
    return table(query, parameters).to_pylist()


def unremembered(query: str, parameters: Parameters | None = None) -> pa.Table:
    """Return a query's result without keeping it: for what is large and taken away once."""
    return _ask(_present_file(), query, dict(parameters or {}))


def show_publication() -> None:
    """Say which publication the figures are of."""
    try:
        latest = rows(
            "select published_at, checks_passed, checks_failed from published.runs"
            " order by published_at desc limit 1"
        )
    except NothingToShow:
        return
    if latest:
        run = latest[0]
        checks = ""
        if run["checks_passed"] is not None:
            checks = f" · {run['checks_passed']:,} checks passed"
            if run["checks_failed"]:
                checks += f", {run['checks_failed']:,} failed"
        st.caption(f"Published {at(run['published_at'])}{checks}")


def _present_file() -> str:
    link = Warehouse(settings().home).published_path
    if not link.exists():
        raise NothingToShow(
            "Nothing is published yet",
            "Run `xero-crm run`: it reads Xero, builds the tables and publishes them. Without an"
            " account, `xero-crm demo` does the same for the sandbox's organisations.",
        )
    return str(link.resolve())


@st.cache_data(max_entries=500, show_spinner=False)
def _asked(path: str, query: str, parameters: dict[str, Any]) -> pa.Table:
    return _ask(path, query, parameters)


def _ask(path: str, query: str, parameters: dict[str, Any]) -> pa.Table:
    # A cursor of its own: two people's clicks run side by side on one open file.
    with _opened(path).cursor() as cursor:
        try:
            return cursor.execute(query, _used(query, parameters)).to_arrow_table()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise NothingToShow(
                "The published file is older than this page",
                "It lacks a table or a column. Run `xero-crm build`, then `xero-crm publish`."
                f" ({str(error).splitlines()[0]})",
            ) from error


def _used(query: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that a query names: DuckDB refuses others."""
    named = set(re.findall(r"\$(\w+)", query))
    return {name: value for name, value in parameters.items() if name in named}


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(path: str) -> duckdb.DuckDBPyConnection:
    config = Warehouse(settings().home).duckdb_config()
    return duckdb.connect(path, read_only=True, config=config)
