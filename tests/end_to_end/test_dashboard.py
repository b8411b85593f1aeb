"""The dashboard in a browser: each page answers a question, at both widths, light and dark.

One dashboard over a copy of the demo's home and a sandbox of its own. The pictures that the tests
take lie in `SCREENSHOTS` if that is set, else among the temporary files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from books_postings import cost_postings, income_postings, month_of
from dashboard_browser import NARROW, WIDE, DashboardPage, a_page, chromium, served_dashboard
from playwright.sync_api import Browser, expect

from orchestration.published_file import published_file
from orchestration.pushing import plan_now
from orchestration.sandbox import demo_sandbox
from pipelines.publish import publish
from pipelines.push.plan import Plan
from pipelines.sandbox.world import World
from pipelines.settings import Settings

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.needs_chromium]
LATEST, FIRST = date(2026, 10, 1), date(2025, 11, 1)


@dataclass(frozen=True)
class Served:
    """A dashboard, what it shows, and a tab with it at each width."""

    url: str
    settings: Settings
    world: World
    plan: Plan
    browser: Browser
    wide: DashboardPage
    narrow: DashboardPage
    pictures: Path

    def rows(self, query: str) -> list[dict[str, Any]]:
        with published_file(self.settings.home) as file:
            return file.rows(query)

    def look_at(self, title: str) -> DashboardPage:
        """Go to a page at both widths, take pictures, and return the wide one."""
        for page in (self.narrow, self.wide):
            page.go_to(title)
            assert page.is_within_its_width(), f"{title} is wider than {page.width}"
            name = title.lower().replace(" ", "-")
            page.picture(self.pictures / f"{name}-{page.width}.png")
        return self.wide


@pytest.fixture(scope="module")
def served(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("dashboard")
    pictures = Path(os.environ.get("SCREENSHOTS") or folder / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    shutil.copytree(demo.settings.home, home)
    with demo_sandbox(home) as (server, connected):
        settings_dir = folder / "settings"
        shutil.copytree(connected.settings_dir, settings_dir)
        policy = settings_dir / "push_policy.csv"  # nothing but what a person approves
        policy.write_text(policy.read_text("utf-8").replace(",auto,", ",manual,"), "utf-8")
        settings = connected.model_copy(update={"settings_dir": settings_dir})
        publish(settings, "dashboard")
        plan = plan_now(settings)
        with (
            served_dashboard(settings) as url,
            chromium() as browser,
            a_page(browser, url, WIDE) as wide,
            a_page(browser, url, NARROW, "dark") as narrow,
        ):
            yield Served(url, settings, server.world, plan, browser, wide, narrow, pictures)


def money(text: str) -> Decimal:
    """Return the amount that a figure shows; brackets are negative."""
    amount = Decimal(text.strip("()").replace(",", ""))
    return -amount if text.startswith("(") else amount


def booked(world: World, postings: Any, types: set[str], currency: str) -> Decimal:
    """Return what the books of a currency hold on accounts of these types in the last 12 months."""
    total = Decimal(0)
    for organisation in world.organisations.values():
        accounts = organisation.records["Accounts"]
        if organisation.settings["BaseCurrency"] == currency:
            total += sum(
                (
                    posting.amount_base
                    for posting in postings(organisation)
                    if FIRST <= month_of(posting.date) <= LATEST
                    and accounts[posting.account_id]["Type"] in types
                ),
                Decimal(0),
            )
    return total


def test_pounds_are_never_added_to_dollars(served: Served) -> None:
    page = served.look_at("Revenue")
    page.choose("Base currency", "GBP")
    earned = -booked(served.world, income_postings, {"REVENUE", "SALES"}, "GBP")
    assert money(page.figure("Trading income, GBP")) == earned
    page.choose("Base currency", "NZD")


def test_cost_of_sales_is_what_the_books_say_and_what_xero_posts_for_its_stock(
    served: Served,
) -> None:
    page = served.look_at("Cost of sales")
    [tracked] = served.rows(
        "select sum(net_amount_base) as amount from reporting.cost_of_sales_by_analysis_code"
        " where source_type = 'tracked_inventory' and base_currency = 'NZD'"
        " and month between '2025-11-01' and '2026-10-01'"
    )
    spent = booked(served.world, cost_postings, {"DIRECTCOSTS"}, "NZD")
    assert money(page.figure("Cost of sales, NZD")) == spent + tracked["amount"]


def test_margin_is_income_less_the_cost_that_documents_carry(served: Served) -> None:
    page = served.look_at("Margin")
    earned = -booked(served.world, income_postings, {"REVENUE", "SALES"}, "NZD")
    spent = booked(served.world, cost_postings, {"DIRECTCOSTS"}, "NZD")
    assert money(page.figure("Gross margin, NZD")) == (earned - spent).quantize(Decimal(1))


def test_receivables_are_what_the_ledger_has_on_its_debtors_accounts(served: Served) -> None:
    page = served.look_at("Receivables")
    [owed] = served.rows(
        "select sum(net_amount_base) as amount from reporting.ledger_lines"
        " left join reporting.organisations using (tenant_id)"
        " where base_currency = 'NZD' and account_name = 'Accounts Receivable'"
    )
    assert money(page.figure("Owed, NZD")) == owed["amount"]


def test_tracking_that_is_hidden_in_the_page_is_written_into_the_settings(served: Served) -> None:
    page = served.wide
    page.go_to("To send")
    page.page.get_by_role("radio", name="Tracking on offer").click()
    page.rest()
    page.page.get_by_text("Kitchens", exact=True).click()
    page.press("Save")
    expect(page.page.get_by_text("1 row of tracking_relevance.csv changed")).to_be_visible()
    written = (served.settings.settings_dir / "tracking_relevance.csv").read_text("utf-8")
    assert ",Kitchens,false" in written


def test_a_page_of_another_program_on_this_machine_cannot_click(served: Served) -> None:
    xero = next(iter(served.settings.xero_connections())).api_url
    other = served.browser.new_page()
    other.goto(xero)
    opened = other.evaluate(
        """address => new Promise(resolve => {
            const socket = new WebSocket(address)
            socket.onopen = () => resolve(true)
            socket.onerror = () => resolve(false)
        })""",
        served.url.replace("http", "ws") + "/_stcore/stream",
    )
    other.close()
    assert opened is False


def test_agreement_says_of_each_report_whether_it_agrees_with_xero(served: Served) -> None:
    page = served.look_at("Agreement with Xero")
    agree = served.rows(
        "select tenant_id, report from reporting.reconciliation"
        " group by all having bool_and(is_reconciled)"
    )
    assert page.text().count("Agrees") == len(agree) == 9


def test_every_finding_is_there_to_be_fixed(served: Served) -> None:
    page = served.look_at("To fix")
    [held] = served.rows(
        "select (select count(*) from quality.exceptions)"
        " + (select count(*) from coding.exceptions)"
        " + (select count(*) from coding.configuration_findings) as findings"
    )
    assert page.figure("Findings") == f"{held['findings']:,}"
