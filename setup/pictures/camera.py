"""A browser that logs in to Odoo, goes to its pages and takes pictures of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from environment import browser

SIZE = {"width": 1280, "height": 800}
TIMEOUT = 20_000
# The first page: the web client is put together for it.
FIRST_TIMEOUT = 120_000
SETTLING = 700
# Nothing that moves, and no clock of the presence dot.
STILL = """
    *, *::before, *::after { animation: none !important; transition: none !important; }
    .o_notification_manager, .o_loading_indicator { display: none !important; }
"""


class Camera:
    """One logged-in browser tab."""

    def __init__(self, page: Page, url: str, folder: Path) -> None:
        self.page, self.url, self.folder = page, url, folder
        page.set_default_timeout(TIMEOUT)

    def log_in(self, login: str, password: str) -> None:
        """Fill in the login form."""
        self.page.goto(f"{self.url}/web/login", timeout=FIRST_TIMEOUT)
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click(".oe_login_form button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar", timeout=FIRST_TIMEOUT)

    def show_companies(self, ids: list[int]) -> None:
        """Tick companies in the company switcher."""
        value = "-".join(map(str, ids))
        self.page.context.add_cookies([{"name": "cids", "value": value, "url": self.url}])

    def go(self, path: str, wait: str) -> None:
        """Open a page of the web client and wait for something on it."""
        self.page.goto(f"{self.url}/odoo/{path}")
        self.page.wait_for_selector(wait)

    def click(self, selector: str, wait: str | None = None) -> None:
        """Click, and wait for what comes of it."""
        self.page.click(selector)
        if wait:
            self.page.wait_for_selector(wait)

    def settle(self) -> None:
        """Wait until the web client has read all it needs."""
        self.page.wait_for_timeout(SETTLING)
        self.page.wait_for_selector(".o_loading_indicator", state="detached")

    def shoot(self, name: str, **options: Any) -> None:
        """Save what is seen as ``name``.png."""
        self.page.add_style_tag(content=STILL)
        self.settle()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.folder / f"{name}.png", animations="disabled", **options)


@contextmanager
def camera(url: str, folder: Path) -> Iterator[Camera]:
    """Lend a camera; the browser is Debian's."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(browser.WRAPPER), args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            page = chromium.new_page(viewport=SIZE, locale="en-US", timezone_id="Europe/Berlin")
            yield Camera(page, url, folder)
        finally:
            chromium.close()
