"""MetricFlow answers the metrics of dbt_project/models/metrics with the figures of the marts."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.dbt import prepare_manifest
from pipelines.warehouse import Warehouse

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytest.importorskip("dbt_metricflow", reason="the extra `metrics` is not installed")
pytestmark = pytest.mark.xdist_group("demo")

CENT = Decimal("0.01")
Query = Callable[..., list[dict[str, str]]]


@pytest.fixture(scope="module")
def project(demo: Demo, project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `mf` expects it: dbt's files, and what dbt made of the metrics below `target`."""
    folder = tmp_path_factory.mktemp("metrics")
    for name in ("dbt_project.yml", "dbt_project"):
        (folder / name).symlink_to(project_root / name)
    (folder / "target").mkdir()
    made = prepare_manifest(demo.settings).with_name("semantic_manifest.json")
    shutil.copy(made, folder / "target")
    return folder


@pytest.fixture(scope="module")
def mf(demo: Demo, project: Path) -> Callable[..., str]:
    environment = os.environ | {
        "XERO_CRM_HOME": str(demo.settings.home),
        "DBT_PROFILES_DIR": str(project / "dbt_project"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }

    def run(*arguments: str) -> str:
        command = [Path(sys.executable).with_name("mf"), *arguments]
        with Warehouse(demo.settings.home).lock("a test"):
            done = subprocess.run(
                command, cwd=project, env=environment, capture_output=True, text=True
            )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def query(mf: Callable[..., str], project: Path) -> Query:
    def run(metrics: str, *by: str) -> list[dict[str, str]]:
        answer = project / "answer.csv"
        arguments = ("query", "--metrics", metrics, "--group-by", ",".join(by))
        mf(*arguments, "--csv", str(answer))
        with answer.open(newline="") as stream:
            return list(csv.DictReader(stream))

    return run


def cents(text: str) -> Decimal:
    return Decimal(text or "0").quantize(CENT)


def keyed(rows: list[dict[str, str]], *keys: str, amount: str) -> dict[tuple[str, ...], Decimal]:
    found = {tuple(row[key][:10] for key in keys): cents(row[amount]) for row in rows}
    return {key: value for key, value in found.items() if value}


def of_mart(demo: Demo, sql: str) -> dict[tuple[Any, ...], Decimal]:
    return {
        tuple(str(one)[:10] if one is not None else "" for one in row[:-1]): row[-1].quantize(CENT)
        for row in demo.rows(sql)
        if row[-1]
    }


def test_revenue_by_organisation_month_and_code_is_that_of_the_mart(demo: Demo, query: Query):
    rows = query("revenue", "organisation", "metric_time__month", "income_line__analysis_code")
    found = keyed(
        rows, "organisation", "metric_time__month", "income_line__analysis_code", amount="revenue"
    )
    assert found == of_mart(
        demo,
        "select tenant_id, month, analysis_code, sum(net_amount_base)"
        " from reporting.revenue_by_analysis_code where income_kind = 'trading' group by all",
    )
    assert len(found) > 100


def test_revenue_by_customer_and_item_is_that_of_the_marts(demo: Demo, query: Query):
    rows = query("revenue", "customer__contact_name", "item__item_code", "organisation")
    for column, mart, name in (
        ("customer__contact_name", "revenue_by_customer", "contact_name"),
        ("item__item_code", "revenue_by_item", "item_code"),
    ):
        found: dict[tuple[str, str], Decimal] = {}
        for row in rows:
            key = row["organisation"][:10], row[column][:10]
            found[key] = found.get(key, Decimal(0)) + cents(row["revenue"])
        expected = of_mart(
            demo,
            f"select tenant_id, left({name}, 10), sum(net_amount_base)"  # noqa: S608
            f" from reporting.{mart} where income_kind = 'trading' group by all",
        )
        assert {key: amount for key, amount in found.items() if amount} == expected
        assert len(expected) > 20


def test_the_margin_by_tracking_option_is_that_of_the_mart(demo: Demo, query: Query):
    rows = query(
        "revenue,cost_of_sales,gross_margin",
        *("organisation", "metric_time__month", "analysis_2_option"),
    )
    expected = demo.rows(
        "select tenant_id, month, tracking_option_id, trading_income_base, cost_of_sales_base,"
        " gross_margin_base from reporting.gross_margin where analysis_slot = 2"
    )
    for position, metric in enumerate(("revenue", "cost_of_sales", "gross_margin"), start=3):
        found = {
            (
                row["organisation"],
                row["metric_time__month"][:10],
                row["analysis_2_option"].rpartition("/")[2] or "none",
            ): cents(row[metric])
            for row in rows
        }
        assert {key: amount for key, amount in found.items() if amount} == {
            (row[0], str(row[1]), row[2]): row[position].quantize(CENT)
            for row in expected
            if row[position]
        }


def test_a_margin_cannot_be_asked_for_by_what_only_one_of_its_sides_has(mf):
    shown = mf("list", "dimensions", "--metrics", "gross_margin")
    assert "organisation__base_currency" in shown
    for name in ("customer", "supplier", "item_", "analysis_code"):
        assert name not in shown, shown
