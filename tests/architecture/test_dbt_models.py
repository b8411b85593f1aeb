"""What dbt models keep to: others rely on the marts, and the SQL moves to another engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("dbt_manifest")  # dbt reads the project once

MART_SCHEMAS = {"crm", "reporting", "coding", "quality", "push"}
# The key of each relation that others rely on: a promise of the data contracts, section 3.
KEYS = {
    "item_analysis": {"tenant_id", "item_id"},
    "sales_transaction_lines": {"tenant_id", "document_id", "line_id"},
    "contact_tracking": {"tenant_id", "contact_id", "side", "tracking_category_id"},
    "customer_analysis": {"tenant_id", "contact_id"},
    "revenue_by_analysis_code": {"tenant_id", "month", "analysis_code", "source_type"},
    "revenue_by_tracking_option": {
        "tenant_id",
        "month",
        "analysis_slot",
        "tracking_option_id",
        "tracking_source",
        "analysis_code",
    },
    "revenue_by_customer": {"tenant_id", "month", "contact_id", "analysis_code"},
    "revenue_by_item": {"tenant_id", "month", "item_id", "analysis_code"},
    "cost_of_sales_by_analysis_code": {"tenant_id", "month", "analysis_code", "source_type"},
    "cost_of_sales_by_tracking_option": {
        "tenant_id",
        "month",
        "analysis_slot",
        "tracking_option_id",
        "tracking_source",
        "analysis_code",
    },
    "cost_of_sales_by_contact": {"tenant_id", "month", "contact_id", "analysis_code"},
    "gross_margin": {"tenant_id", "month", "analysis_slot", "tracking_option_id"},
    "account_history": {"tenant_id", "account_id", "valid_from"},
    "ledger_lines": {"tenant_id", "source_type", "source_id", "posting_id"},
    "trial_balance": {"tenant_id", "month_end", "account_id"},
    "profit_and_loss": {"tenant_id", "month", "account_id"},
    "balance_sheet": {"tenant_id", "month_end", "account_id"},
    "receivables_aging": {"tenant_id", "month_end", "contact_id", "currency_code"},
    "reconciliation": {"tenant_id", "report", "period", "account_id"},
    "exceptions": {"tenant_id", "rule", "record_type", "record_id"},
    "document_lines": {"tenant_id", "source_system", "document_type", "document_id", "line_id"},
}
# Where a promised key alone cannot hold: a code may be mapped to another within a month, and a
# trading and another income account may share one. Then there is a row for each.
FINER = {
    "revenue_by_analysis_code": {"report_as_code", "income_kind"},
    "revenue_by_tracking_option": {"income_kind"},
    "revenue_by_customer": {"income_kind"},
    "revenue_by_item": {"income_kind"},
    "cost_of_sales_by_analysis_code": {"report_as_code"},
}
CONTRACT_TYPES = {
    "string",
    "boolean",
    "bigint",
    "integer",
    "date",
    "timestamp",
    "decimal(18,4)",
    "decimal(18,6)",
}
MONEY = re.compile(r"(^|_)(amount|total|price|base|net|tax|gross|due|paid)(_|$)")
NO_MONEY = {"date", "string", "boolean", "bigint", "timestamp"}
CLOCK = re.compile(
    r"\b(current_date|current_time|current_timestamp|localtime|localtimestamp|now\s*\(|today\s*\(|"
    r"getdate|get_current_timestamp|transaction_timestamp|run_started_at|modules\.datetime|random\s*\()",
)
# What DuckDB writes in its own way; it has a macro in macros/engine/ instead.
DUCKDB_ONLY = re.compile(
    r"\b(from_json|json_\w+|unnest|list_\w+|struct_(pack|extract|insert)|generate_series|range|"
    r"strptime|try_strptime|strftime|epoch|epoch_ms|epoch_us|make_timestamp|date_diff|datediff|"
    r"arg_max|arg_min|regexp_matches|read_\w+|string_split|uhugeint)\s*\(|"
    r"\b(hugeint|qualify|asof)\b|\bexclude\s*\(|->>?|\bstring_agg\b|//"
)


# And what Spark does.
SPARK_ONLY = re.compile(
    r"\b(get_json_object|named_struct|posexplode|explode|listagg|collect_(list|set)|rlike|div|"
    r"timestamp_(millis|ntz|ltz)|array_(compact|size|join)|try_element_at|element_at|sha2|"
    r"convert_timezone|from_utc_timestamp|lateral\s+view)\b"
)


def sql_of(path: Path) -> str:
    """Return a file's own SQL, lower case: without Jinja, comments and quoted text."""
    text = path.read_text("utf-8")
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
    return re.sub(r"'(?:[^']|'')*'", "''", text).lower()


@pytest.fixture(scope="module")
def sql_files(project_root: Path) -> dict[str, Path]:
    folder = project_root / "dbt_project"
    written = (
        path for part in ("models", "macros", "tests") for path in (folder / part).rglob("*")
    )
    return {str(path.relative_to(folder)): path for path in written if path.suffix == ".sql"}


@pytest.fixture(scope="module")
def marts(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [model for model in models if model["schema"] in MART_SCHEMAS]


@pytest.fixture(scope="module")
def tests_of(manifest: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The generic tests of each model, by its unique id."""
    found: dict[str, list[dict[str, Any]]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("test_metadata"):
            found.setdefault(node["attached_node"], []).append(node)
    return found


def test_only_staging_reads_the_raw_log(manifest):
    readers = {
        node["original_file_path"]
        for node in manifest["nodes"].values()
        if any(parent.startswith("source.") for parent in node["depends_on"]["nodes"])
    }
    staging = "dbt_project/models/staging/"
    assert {path for path in readers if not path.startswith(staging)} == set()


def test_only_the_engine_macros_speak_one_engines_sql(sql_files):
    found = {
        name: sorted(
            match.group(0)
            for words in (DUCKDB_ONLY, SPARK_ONLY)
            for match in words.finditer(sql_of(path))
        )
        for name, path in sql_files.items()
        if not name.startswith("macros/engine/")
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_an_apostrophe_in_a_text_is_written_by_the_engines_macro(sql_files):
    doubled = [name for name, path in sql_files.items() if re.search(r"\w''\w", path.read_text())]
    assert [name for name in doubled if name != "macros/engine/texts.sql"] == []


def test_what_to_trim_is_told_by_the_engines_macro(sql_files):
    trimming = [
        name for name, path in sql_files.items() if re.search(r"\b[lr]trim\(", path.read_text())
    ]
    assert [name for name in trimming if not name.startswith("macros/engine/")] == []


def test_no_model_reads_a_clock(sql_files):
    found = {
        name: sorted({match.group(0) for match in CLOCK.finditer(path.read_text("utf-8").lower())})
        for name, path in sql_files.items()
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_a_model_is_one_thing(sql_files):
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in sql_files.items()}
    assert {name: lines for name, lines in lengths.items() if lines > 250} == {}


def test_every_mart_has_an_enforced_contract(marts):
    assert [mart["name"] for mart in marts if not mart["contract"]["enforced"]] == []


def test_every_mart_says_what_one_row_is(marts):
    unclear = [m["name"] for m in marts if not m["description"].startswith("One row per")]
    assert unclear == []


def test_every_mart_column_has_a_type_that_every_engine_knows(marts):
    types = {
        f"{mart['name']}.{column['name']}": str(column["data_type"]).lower().replace(" ", "")
        for mart in marts
        for column in mart["columns"].values()
    }
    assert {name: kind for name, kind in types.items() if kind not in CONTRACT_TYPES} == {}


def test_money_is_a_decimal_of_four_places(marts):
    found = {
        f"{mart['name']}.{column['name']}": column["data_type"]
        for mart in marts
        for column in mart["columns"].values()
        if MONEY.search(column["name"]) and column["data_type"] not in NO_MONEY
    }
    assert {
        name: kind for name, kind in found.items() if kind.replace(" ", "") != "decimal(18,4)"
    } == {}


def test_every_mart_begins_with_the_organisation(marts):
    first = {mart["name"]: next(iter(mart["columns"]), None) for mart in marts}
    assert {name: column for name, column in first.items() if column != "tenant_id"} == {}


def key_of(tests: list[dict[str, Any]]) -> list[set[str]]:
    """Return the column sets that tests prove unique."""
    keys = []
    for test in tests:
        if "unique" in test["test_metadata"]["name"]:
            arguments = test["test_metadata"]["kwargs"]
            columns = next((v for v in arguments.values() if isinstance(v, list)), None)
            keys.append(set(columns or [test["column_name"]]))
    return keys


def test_every_mart_has_a_key_that_is_tested(marts, tests_of):
    assert [m["name"] for m in marts if not key_of(tests_of.get(m["unique_id"], []))] == []


def test_the_promised_keys_are_the_tested_ones(marts, tests_of):
    tested = {m["name"]: key_of(tests_of.get(m["unique_id"], [])) for m in marts}
    promised = {name: key | FINER.get(name, set()) for name, key in KEYS.items()}
    wrong = {name: tested.get(name) for name, key in promised.items() if key not in tested[name]}
    assert wrong == {}


def test_no_part_of_a_promised_key_may_be_missing(marts, tests_of):
    never_null = {
        mart["name"]: {
            test["column_name"]
            for test in tests_of.get(mart["unique_id"], [])
            if test["test_metadata"]["name"] == "not_null"
        }
        | {
            column["name"]
            for column in mart["columns"].values()
            if any(constraint["type"] == "not_null" for constraint in column["constraints"])
        }
        for mart in marts
    }
    missing = {
        name: (key | FINER.get(name, set())) - never_null.get(name, set())
        for name, key in KEYS.items()
    }
    assert {name: columns for name, columns in missing.items() if columns} == {}
