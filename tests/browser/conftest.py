"""Chromium, and the pages served on loopback by this very process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.unit.web.desk import Desk, set_up, token_of
from web.app import make_app
from web.server import serving
from workflow.tokens import AnswerLink

CHROMIUM = Path("/usr/bin/chromium")
MISSING = "no browser here: apt-get install --no-install-recommends chromium, then run again"
UNSAFE_NAME = "challenges.test"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    f"--host-resolver-rules=MAP {UNSAFE_NAME} 127.0.0.1",
)
PHONE: ViewportSize = {"width": 320, "height": 640}


@dataclass
class Visit:
    """A page of a browser, and the site that it looks at."""

    page: Page
    desk: Desk
    address: str

    def open(self, link: AnswerLink) -> None:
        """Open the link of an e-mail."""
        self.page.goto(f"{self.address}/a/{token_of(link)}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a browser that lives as long as the test run."""
    if not CHROMIUM.exists():
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture
def served() -> Iterator[tuple[Desk, str]]:
    """Yield a site, and the address at which it is served."""
    desk = set_up()
    with serving(make_app(desk.site), "127.0.0.1:0") as server:
        yield desk, server.address


@pytest.fixture
def visit(browser: Browser, served: tuple[Desk, str]) -> Iterator[Visit]:
    """Yield a visit on a phone, without JavaScript."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield Visit(context.new_page(), *served)
    context.close()


@pytest.fixture
def looking(browser: Browser, served: tuple[Desk, str]) -> Iterator[Visit]:
    """Yield a visit in which scripts of the test may look at the page, whatever it allows."""
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    yield Visit(context.new_page(), *served)
    context.close()
