"""The dashboard as people meet it: served by streamlit, looked at in the system's Chromium.

    with served_dashboard(settings) as url, chromium() as browser, a_page(browser, url) as page:
        page.go_to("Receivables")

A page fails at its end if the browser's console had an error.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from orchestration.dashboard.command import streamlit_command
from orchestration.dashboard.shown import in_sentence
from orchestration.environment import child_environment
from pipelines.settings import Settings

WIDE, NARROW = 1280, 390
_PATIENCE = 60.0  # seconds, on a machine that does other work too
_STILL = "[data-testid=stApp][data-test-script-state=notRunning]"
_TWO_FRAMES = "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
# Nothing of the browser's own may reach another machine.
_OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps"),
)


@contextmanager
def served_dashboard(settings: Settings, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve the dashboard on a free port; give its address on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        streamlit_command(host, port),
        env=child_environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(url, child)
            yield url
        finally:
            child.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the system's browser, without a window."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(path for name in names if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


class DashboardPage:
    """A tab with the dashboard in it."""

    def __init__(self, page: Page, width: int) -> None:
        self.page = page
        self.width = width

    def go_to(self, title: str) -> None:
        """Go to a page by its name in the navigation, as a person does."""
        opens = self.page.get_by_test_id("stExpandSidebarButton")
        if opens.is_visible():
            opens.click()
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        self.rest()
        closes = self.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
        if self.width == NARROW and closes.is_visible():  # it stays where the page is the same
            closes.click()
            opens.wait_for()

    def rest(self) -> None:
        """Wait until everything is drawn."""
        self.page.wait_for_selector(_STILL)
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)

    def options(self, label: str) -> Locator:
        """Open a list by its label and return what it offers; scrolling would close it again."""
        box = self.page.get_by_role("combobox", name=label).first
        box.scroll_into_view_if_needed()
        self.page.evaluate(_TWO_FRAMES)
        box.press("ArrowDown")
        return self.page.get_by_role("option")

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list."""
        self.options(label).get_by_text(option, exact=True).click()
        self.rest()

    def break_down_by(self, name: str) -> None:
        """Break revenue or cost of sales down in another way."""
        self.page.get_by_role("radio", name=name, exact=True).click()
        heading = re.compile(f" by {in_sentence(name)}$")
        self.page.get_by_role("heading", name=heading, level=3).wait_for()
        self.rest()

    def cells(self, alt: str) -> Locator:
        """Return the cells of a table, which is drawn; these are there for a reader of screens."""
        return self.page.get_by_role("region", name=alt).locator("[role=gridcell]")

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button by what is written on it."""
        (within or self.page).get_by_role("button", name=name, exact=True).first.click()

    def figure(self, label: str) -> str:
        """Return the figure that stands under a label."""
        metrics = self.page.get_by_test_id("stMetric")
        of_label = metrics.filter(has=self.page.get_by_text(label, exact=True))
        return of_label.first.get_by_test_id("stMetricValue").inner_text()

    def amount(self, label: str) -> Decimal:
        """Return the amount that stands under a label; brackets are negative."""
        text = self.figure(label)
        amount = Decimal(text.strip("()").replace(",", ""))
        return -amount if text.startswith("(") else amount

    def text(self) -> str:
        """Return all that is written on the page."""
        return self.page.get_by_test_id("stMain").inner_text()

    def is_within_its_width(self) -> bool:
        """Whether nothing has to be scrolled to sideways, but within tables."""
        script = "document.querySelector('[data-testid=stMain]').scrollWidth"
        return self.page.evaluate(script) <= self.width

    def picture(self, path: Path) -> None:
        """Take a picture of the page from top to bottom."""
        script = "document.querySelector('[data-testid=stMain]').scrollHeight"
        height = int(self.page.evaluate(script))
        self.page.set_viewport_size({"width": self.width, "height": min(height, 2400)})
        self.rest()
        self.page.screenshot(path=path, animations="disabled")
        self.page.set_viewport_size({"width": self.width, "height": 900})


@contextmanager
def a_page(
    browser: Browser, url: str, width: int = WIDE, scheme: str = "light"
) -> Iterator[DashboardPage]:
    """Open the dashboard in a tab of its own; its console must stay free of errors."""
    said: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.set_default_timeout(_PATIENCE * 1000)
    expect.set_options(timeout=_PATIENCE * 1000)
    page = context.new_page()
    page.on("console", lambda each: said.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        page.goto(url)
        opened = DashboardPage(page, width)
        page.get_by_role("heading", level=1).wait_for()
        opened.rest()
        yield opened
    finally:
        context.close()
    assert said == []


def _wait_for(url: str, child: subprocess.Popen[str]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if child.poll() is not None:
            said = child.stderr.read() if child.stderr else ""
            raise AssertionError(f"streamlit ended: {said}")
        try:
            if httpx.get(f"{url}/_stcore/health").status_code == 200:
                return
        except httpx.TransportError:
            continue
    raise AssertionError("streamlit did not begin to answer")
