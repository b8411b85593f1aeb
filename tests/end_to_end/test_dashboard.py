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

    def look_at(self, title: str) -> list[DashboardPage]:
        """Go to a page and take its picture at both widths; return both, the wide one last."""
        pages = [self.narrow, self.wide]
        for page in pages:
            page.go_to(title)
            assert page.is_within_its_width(), f"{title} is wider than {page.width}"
            page.picture(self.pictures / f"{title.lower().replace(' ', '-')}-{page.width}.png")
        return pages


@pytest.fixture(scope="module")
def served(published: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("dashboard")
    pictures = Path(os.environ.get("SCREENSHOTS") or folder / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    shutil.copytree(published.settings.home, home, symlinks=True)
    with demo_sandbox(home) as (server, connected):
        settings_dir = folder / "settings"
        shutil.copytree(connected.settings_dir, settings_dir)
        policy = settings_dir / "push_policy.csv"  # nothing but what a person approves
        policy.write_text(policy.read_text("utf-8").replace(",auto,", ",manual,"), "utf-8")
        settings = connected.model_copy(update={"settings_dir": settings_dir})
        plan = plan_now(settings)
        with (
            served_dashboard(settings) as url,
            chromium() as browser,
            a_page(browser, url, WIDE) as wide,
            a_page(browser, url, NARROW, "dark") as narrow,
        ):
            yield Served(url, settings, server.world, plan, browser, wide, narrow, pictures)


def booked(world: World, postings: Any, types: set[str], currency: str) -> Decimal:
    """Return what the books of a currency hold on accounts of these types in the last 12 months."""
    total = Decimal(0)
    for organisation in world.organisations.values():
        accounts = organisation.records["Accounts"]
        if organisation.settings["BaseCurrency"] == currency:
            total += sum(
                (
                    each.amount_base
                    for each in postings(organisation)
                    if accounts[each.account_id]["Type"] in types
                    if FIRST <= month_of(each.date) <= LATEST
                ),
                Decimal(0),
            )
    return total


def test_revenue_is_what_the_books_say_and_shows_the_invoices_behind_it(served: Served) -> None:
    earned = -booked(served.world, income_postings, {"REVENUE", "SALES"}, "NZD")
    for page in served.look_at("Revenue"):
        assert page.amount("Trading income, NZD") == earned
        page.break_down_by("Customer")
        assert page.amount("Trading income, NZD") == earned
        largest = page.options("Show the lines of").first
        amount = largest.inner_text().rsplit(" · ", 1)[-1]
        largest.click()
        expect(page.page.get_by_text(f"{amount} NZD in all.")).to_be_visible()
        lines = page.cells("The lines, the newest first")
        expect(lines.filter(has_text="Invoice INV-").first).to_be_attached()
        expect(lines.filter(has_text="https://go.xero.com/").first).to_be_attached()


def test_pounds_are_never_added_to_dollars(served: Served) -> None:
    earned = -booked(served.world, income_postings, {"REVENUE", "SALES"}, "GBP")
    page = served.wide
    page.go_to("Revenue")
    page.choose("Base currency", "GBP")
    assert page.amount("Trading income, GBP") == earned
    page.choose("Base currency", "NZD")


def test_cost_of_sales_is_what_the_books_say_and_what_xero_posts_for_its_stock(
    served: Served,
) -> None:
    [tracked] = served.rows(
        "select sum(net_amount_base) as amount from reporting.cost_of_sales_by_analysis_code"
        " where source_type = 'tracked_inventory' and base_currency = 'NZD'"
        " and month between '2025-11-01' and '2026-10-01'"
    )
    spent = booked(served.world, cost_postings, {"DIRECTCOSTS"}, "NZD")
    for page in served.look_at("Cost of sales"):
        assert page.amount("Cost of sales, NZD") == spent + tracked["amount"]


def test_margin_is_income_less_the_cost_that_documents_carry(served: Served) -> None:
    earned = -booked(served.world, income_postings, {"REVENUE", "SALES"}, "NZD")
    spent = booked(served.world, cost_postings, {"DIRECTCOSTS"}, "NZD")
    for page in served.look_at("Margin"):
        assert page.amount("Gross margin, NZD") == (earned - spent).quantize(Decimal(1))


def test_receivables_are_what_the_ledger_has_on_its_debtors_accounts(served: Served) -> None:
    [owed] = served.rows(
        "select sum(net_amount_base) as amount from reporting.ledger_lines"
        " left join reporting.organisations using (tenant_id)"
        " where base_currency = 'NZD' and account_name = 'Accounts Receivable'"
    )
    for page in served.look_at("Receivables"):
        assert page.amount("Owed, NZD") == owed["amount"]


def test_agreement_says_of_each_report_whether_it_agrees_with_xero(served: Served) -> None:
    agree = served.rows(
        "select tenant_id, report from reporting.reconciliation"
        " group by all having bool_and(is_reconciled)"
    )
    for page in served.look_at("Agreement with Xero"):
        assert page.text().count("Agrees") == len(agree) == 9


def test_every_finding_is_there_to_be_fixed(served: Served) -> None:
    [held] = served.rows(
        "select (select count(*) from quality.exceptions)"
        " + (select count(*) from coding.exceptions)"
        " + (select count(*) from coding.configuration_findings) as findings"
    )
    for page in served.look_at("To fix"):
        assert page.figure("Findings") == f"{held['findings']:,}"


def test_connections_say_what_was_read_and_what_is_left(served: Served) -> None:
    for page in served.look_at("Connections"):
        for name in ("Xero: sandbox", "WorkGuru: harbour", "Prospect: crm", "Unleashed: stock"):
            expect(page.page.get_by_role("heading", name=name)).to_be_visible()
        assert "of 5,000 calls a day used" in page.text()
    served.wide.press("Check now")
    checked = served.wide.page.get_by_text("It may read all that is needed.")
    expect(checked.first).to_be_visible()


def test_a_record_approved_in_the_page_is_written_and_its_outcome_shown(served: Served) -> None:
    waiting = [each for each in served.plan.planned if each.status == "planned"]
    chosen = next(each for each in waiting if each.entity == "items" and not each.depends_on)
    for page in served.look_at("To send"):
        assert page.figure("To decide") == f"{len(waiting):,}"
    page = served.wide
    page.page.get_by_role("textbox", name="Name holds").fill(chosen.label)
    page.page.keyboard.press("Enter")
    page.rest()
    page.press("Approve", page.page.get_by_test_id("stExpander").filter(has_text=chosen.label))
    expect(page.page.get_by_text("1 record approved by")).to_be_visible()
    page.press("Write 1 record")
    page.press("Write", page.page.get_by_role("dialog"))
    expect(page.page.get_by_text("Written of this plan: 1 confirmed.")).to_be_visible()
    page.rest()
    page.choose("Status", "confirmed")
    expect(page.page.get_by_text("Outcome: confirmed").first).to_be_visible()
    held = served.world.organisations[chosen.tenant_id].records["Items"].values()
    assert [each["Code"] for each in held].count(chosen.payload["Code"]) == 1


def test_a_rejected_record_is_left_out_when_all_others_are_approved(served: Served) -> None:
    page = served.wide
    page.go_to("To send")
    page.page.get_by_role("textbox", name="Name holds").fill("")
    page.page.keyboard.press("Enter")
    page.choose("Status", "to decide")
    all_of_them = page.page.get_by_role("button", name="Approve all")
    expect(all_of_them).to_be_visible()
    waiting = int(all_of_them.inner_text().rsplit(" ", 1)[-1])
    record = page.page.get_by_test_id("stExpander").filter(has_text="to decide").first
    record.locator("summary").click()
    page.press("Reject", record)
    expect(page.page.get_by_text("1 record rejected by")).to_be_visible()
    expect(page.page.get_by_text("not wanted").first).to_be_visible()
    expect(all_of_them).to_contain_text(f"Approve all {waiting - 1}")


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
    other = served.browser.new_page()
    other.goto(next(iter(served.settings.xero_connections())).api_url)
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
