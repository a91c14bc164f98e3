"""Messages as mail programs show them: on a phone and on a desk, by day and in the dark."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, FloatRect, Page

from notifications.render import Renderer
from notifications.sandbox.samples import sample_facts

pytestmark = pytest.mark.browser

CASES: list[tuple[int, Literal["light", "dark"]]] = [
    (width, scheme) for width in (320, 700) for scheme in ("light", "dark")
]
LEAST_BUTTON = 40
WIDEST = 600


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Yield a page of the width and the colours that a test asks for, with everything in it."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(Renderer().render("general", sample_facts()[-1]).html)
    yield page
    context.close()


def boxes(page: Page, selector: str) -> list[FloatRect]:
    """Return where elements stand, and how large they are."""
    found = [element.bounding_box() for element in page.query_selector_all(selector)]
    return [box for box in found if box is not None]


@pytest.mark.parametrize("page", CASES, indirect=True, ids=str)
def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert max(box["width"] for box in boxes(page, "p")) <= WIDEST


@pytest.mark.parametrize("page", CASES, indirect=True, ids=str)
def test_everybody_can_read_it(page: Page) -> None:
    """Contrast, language, links with words: by the rules of WCAG 2.2 that a program can check."""
    tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
    found: dict[str, Any] = Axe().run(page, options={"runOnly": tags}).response
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []


@pytest.mark.parametrize("page", CASES, indirect=True, ids=str)
def test_a_thumb_finds_the_button(page: Page) -> None:
    buttons = boxes(page, ".button")
    assert buttons
    assert min(box["height"] for box in buttons) >= LEAST_BUTTON


@pytest.mark.parametrize("page", [(320, "light")], indirect=True, ids=str)
def test_what_only_the_inbox_shows_is_not_seen(page: Page) -> None:
    assert page.locator(".peek").count() == 1
    assert not page.locator(".peek").is_visible()
