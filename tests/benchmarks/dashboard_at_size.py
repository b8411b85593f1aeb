"""Time from click to picture in the dashboard, over a published file of 5 million lines.

    make dashboard-benchmark

In: nothing; it makes the file, in a temporary home, with the tables that Revenue reads: 5,000,000
lines of an organisation's income over three years, 40 codes, 20,000 customers, 12 and 8 tracking
options, and the totals that dbt would make of them. Out: for each click the time until the figures
and the chart are drawn, the first time (nothing remembered) and again; and the child's memory.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from dashboard_browser import DashboardPage, a_page, chromium, served_dashboard

from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

LINES = 5_000_000
TENANT = "00000000-0000-4000-8000-000000000001"

_SCHEMA = """
create schema reporting; create schema published;
create table published.runs as select timestamp '2026-11-01 08:00' as published_at,
    400 as checks_passed, 0 as checks_failed;
create table reporting.organisations as select
    '{tenant}' as tenant_id, 'Large Ltd' as organisation_name, 'NZD' as base_currency,
    '!large' as short_code, 31 as financial_year_end_day, 3 as financial_year_end_month;
create table reporting.income_and_cost_lines as
with lines as (
    select i, hash(i) % 20000 as contact, i % 1095 as days
    from range({lines}) as numbers(i)
)
select
    '{tenant}' as tenant_id, 'sales_invoice' as source_type,
    md5(cast(i // 5 as varchar)) as document_id, md5(cast(i as varchar)) as line_id,
    'trading' as line_kind, date '2023-11-01' + cast(days as integer) as document_date,
    date_trunc('month', date '2023-11-01' + cast(days as integer)) as month,
    'invoice' as document_type, 'Invoice INV-' || i // 5 as document_label,
    'INV-' || i // 5 as document_number, null as reference, 'Goods, as ordered' as description,
    'contact-' || contact as contact_id, 'Customer ' || contact as contact_name,
    cast(200 + (contact * 7 + i % 3) % 40 as varchar) as analysis_code,
    'Sales ' || (contact * 7 + i % 3) % 40 as analysis_name,
    cast(200 + (contact * 7 + i % 3) % 40 as varchar) as report_as_code,
    'option-' || i % 12 as tracking_option_id_2, 'Option ' || i % 12 as tracking_option_2,
    'option-' || i % 8 as tracking_option_id_3, 'Option ' || i % 8 as tracking_option_3,
    'NZD' as base_currency, cast((i % 99991) / 100 as decimal(18, 4)) as net_amount_base
from lines;
"""
_TOTALS = """
create table reporting.revenue_by_analysis_code as
select tenant_id, month, analysis_code, report_as_code, any_value(analysis_name) as analysis_name,
    'trading' as income_kind, base_currency, source_type,
    cast(sum(net_amount_base) as decimal(18, 4)) as net_amount_base, count(*) as line_count
from reporting.income_and_cost_lines group by all;
create table reporting.revenue_by_customer as
select tenant_id, month, contact_id, any_value(contact_name) as contact_name, analysis_code,
    'trading' as income_kind, base_currency,
    cast(sum(net_amount_base) as decimal(18, 4)) as net_amount_base, count(*) as line_count
from reporting.income_and_cost_lines group by all;
create table reporting.revenue_by_tracking_option as
select tenant_id, month, 2 as analysis_slot, tracking_option_id_2 as tracking_option_id,
    any_value(tracking_option_2) as tracking_option_name, 'line' as tracking_source, analysis_code,
    'trading' as income_kind, base_currency,
    cast(sum(net_amount_base) as decimal(18, 4)) as net_amount_base, count(*) as line_count
from reporting.income_and_cost_lines group by all;
"""


def main() -> None:
    """Make the file, click, and print the times."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        began = time.monotonic()
        size = make_published_file(home)
        say(f"{LINES:,} lines, {size / 1e6:,.0f} MB, made in {time.monotonic() - began:.0f} s")
        connections = home / "connections.toml"
        connections.write_text("", "utf-8")
        settings = Settings(home=home, connections=connections, settings_dir=home)
        with (
            served_dashboard(settings) as url,
            chromium() as browser,
            a_page(browser, url) as page,
        ):
            click_through(page)


def make_published_file(home: Path) -> int:
    """Make marts.duckdb and give its size in bytes."""
    path = Warehouse(home).published_path
    with duckdb.connect(str(path), config=Warehouse(home).duckdb_config()) as connection:
        connection.execute(_SCHEMA.format(tenant=TENANT, lines=LINES))
        connection.execute(_TOTALS)
        for table in ("revenue_by_customer", "revenue_by_tracking_option"):
            counted = connection.execute(f"select count(*) from reporting.{table}").fetchone()  # noqa: S608
            say(f"reporting.{table}: {counted[0] if counted else 0:,} rows")
    return path.stat().st_size


def click_through(page: DashboardPage) -> None:
    """Time each click, the first time and two more."""
    places = itertools.count()  # another code each time, or the page would have nothing to do
    clicks: dict[str, Callable[[], None]] = {
        "by customer": lambda: page.break_down_by("Customer"),
        "by Analysis 2": lambda: page.break_down_by("Analysis 2"),
        "by analysis code": lambda: page.break_down_by("Analysis code"),
        "everything, three years": lambda: page.choose("Period", "Everything"),
        "the last month": lambda: page.choose("Period", "Last month"),
        "the lines of a code": lambda: lines_of(page, next(places)),
        "the next page of lines": lambda: next_page(page),
    }
    first = {name: timed(click) for name, click in clicks.items()}
    again = [{name: timed(click) for name, click in clicks.items()} for _ in range(2)]
    for name, seconds in first.items():
        later = statistics.median(each[name] for each in again)
        say(f"{name:28} {seconds:6.2f} s   again {later:6.2f} s")


def timed(click: Callable[[], None]) -> float:
    """Return the seconds that a click takes until all is drawn."""
    began = time.perf_counter()
    click()
    return time.perf_counter() - began


def lines_of(page: DashboardPage, place: int) -> None:
    """Show the lines of a code, by its place in the list: the largest is the first."""
    page.options("Show the lines of").nth(place).click()
    page.page.get_by_text("in all.").first.wait_for()
    page.rest()


def next_page(page: DashboardPage) -> None:
    """Turn a page of the lines."""
    page.page.get_by_test_id("stNumberInputStepUp").click()
    page.rest()


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
