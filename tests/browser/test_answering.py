"""People answer on a phone, without JavaScript, by keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.browser.conftest import PHONE, UNSAFE_NAME, Visit
from tests.unit.web.desk import CALL, MANAGED, NOTES, PLAN, Desk, asked, token_of
from workflow.tokens import AnswerLink

pytestmark = pytest.mark.browser

WIDE = "document.documentElement.scrollWidth"
"""How wide a page is that may have to be scrolled."""


def test_a_link_is_followed_and_answered_without_javascript(visit: Visit) -> None:
    visit.open(CALL)
    assert visit.page.url == f"{visit.address}/answers/1/call_peer%3A4"
    visit.page.get_by_label("Anything to add").fill("by phone")
    visit.page.get_by_role("button", name="Record that it is done").click()
    assert visit.page.get_by_text("Thank you. Your answer is recorded.").is_visible()
    assert visit.desk.answers.taken[0]["words"] == "by phone"
    visit.page.go_back()
    assert visit.page.get_by_text("This is done and recorded.").is_visible()
    assert visit.page.get_by_role("button").count() == 0


def test_an_impatient_thumb_records_once(visit: Visit) -> None:
    visit.open(CALL)
    visit.page.get_by_role("button", name="Record that it is done").dblclick()
    visit.page.wait_for_selector(".govuk-notification-banner")
    assert visit.page.get_by_text("This is done and recorded.").is_visible()
    assert len(visit.desk.answers.taken) == 1


def press_until(visit: Visit, name: str) -> None:
    """Go on with the tab key until the element of this id or this text has the focus."""
    focused = visit.page.locator("*:focus")
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        if focused.count() and name in (focused.get_attribute("id"), focused.inner_text().strip()):
            return
    raise AssertionError(f"no way to {name} by keyboard")


def test_a_destruction_is_confirmed_by_keyboard_alone(visit: Visit) -> None:
    visit.open(NOTES)
    keyboard = visit.page.keyboard
    for number in (1, 2):
        press_until(visit, f"item-{number}")
        keyboard.press("Space")
    press_until(visit, "Confirm that all of it is destroyed")
    keyboard.press("Enter")
    visit.page.wait_for_selector(".govuk-error-summary")
    assert visit.page.title() == "Error: Destroy your notes - Peer challenge"
    press_until(visit, "Confirm this too: e-mails")
    keyboard.press("Enter")
    assert visit.page.locator("#item-3").evaluate("e => e === document.activeElement")
    keyboard.press("Space")
    for number, how in enumerate(("shredded", "wiped", "deleted"), start=1):
        press_until(visit, f"how-{number}")
        keyboard.type(how)
    press_until(visit, "typed")
    keyboard.type("destroyed")
    keyboard.press("Enter")
    visit.page.wait_for_selector(".govuk-notification-banner--success")
    assert visit.desk.answers.taken[0]["attested"] == ("notebook", "laptop_files", "e-mails")


def test_what_cannot_be_confirmed_is_said_by_keyboard_alone(visit: Visit) -> None:
    visit.open(NOTES)
    press_until(visit, "I cannot confirm all of it")
    visit.page.keyboard.press("Enter")
    press_until(visit, "why")
    visit.page.keyboard.type("the laptop was stolen")
    press_until(visit, "Send")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".govuk-notification-banner--success")
    assert visit.desk.answers.taken == [{"why": "the laptop was stolen"}]


def test_the_skip_link_comes_first_and_leads_to_the_text(visit: Visit) -> None:
    visit.open(CALL)
    visit.page.keyboard.press("Tab")
    skip = visit.page.get_by_role("link", name="Skip to main content")
    assert skip.bounding_box() is not None
    visit.page.keyboard.press("Enter")
    assert visit.page.url.endswith("#main-content")


def test_an_error_is_where_the_eyes_and_the_focus_are(visit: Visit) -> None:
    visit.open(CALL)
    visit.page.get_by_text("Another time would suit better").click()
    visit.page.get_by_role("button", name="Propose this time").click()
    summary = visit.page.locator(".govuk-error-summary")
    assert summary.evaluate("e => e === document.activeElement")
    box = summary.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < PHONE["height"]
    assert visit.page.locator("#time-words").is_visible()


def test_no_token_is_left_in_the_address_or_told_to_others(visit: Visit) -> None:
    referrers: list[str] = []
    visit.page.on("request", lambda one: referrers.append(one.headers.get("referer", "")))
    visit.open(CALL)
    visit.page.get_by_role("link", name="Peer challenge", exact=True).click()
    assert token_of(CALL) not in visit.page.url
    assert not any(token_of(CALL) in one for one in referrers)
    visit.page.go_back()
    assert visit.page.get_by_text("Call peer 4").first.is_visible()


def pages_of(desk: Desk) -> "list[tuple[str, AnswerLink | str, str]]":
    """Return every page: its name, what opens it, and the button that is pressed on it."""
    desk.answers.cannot(CALL, why="I was away, and the number that I was given does not exist")
    desk.answers.questions[AnswerLink(4, "over")] = asked(state="over", over="It was called off.")
    desk.answers.questions[AnswerLink(5, "done")] = asked(state="done")
    return [
        ("home", "/", ""),
        ("closed", "/answers/1/call_peer%3A4", ""),
        ("absent", "/nowhere", ""),
        ("call", CALL, ""),
        ("plan", PLAN, ""),
        ("notes", NOTES, ""),
        ("notes refused", NOTES, "Confirm that all of it is destroyed"),
        ("managed", MANAGED, ""),
        ("managed refused", MANAGED, "Decline the answer of Sam Other"),
        ("over", AnswerLink(4, "over"), ""),
        ("done", AnswerLink(5, "done"), ""),
        ("call done", CALL, "Record that it is done"),
    ]


def show(visit: Visit, target: "AnswerLink | str", button: str) -> None:
    if isinstance(target, str):
        visit.page.goto(visit.address + target)
    else:
        visit.open(target)
    if button:
        open_all(visit)
        visit.page.get_by_role("button", name=button).click()


def open_all(visit: Visit) -> None:
    """Open what is folded, so that it is looked at too."""
    visit.page.locator("details:not([open]) > summary").evaluate_all(
        "all => all.forEach(one => one.click())"
    )


def test_no_page_is_wider_than_a_phone_even_with_letters_twice_as_large(looking: Visit) -> None:
    for name, target, button in pages_of(looking.desk):
        show(looking, target, button)
        open_all(looking)
        for size in ("100%", "200%"):
            looking.page.add_style_tag(content=f"html {{ font-size: {size} }}")
            assert looking.page.evaluate(WIDE) <= PHONE["width"], (name, size)


def test_every_target_is_large_enough_for_a_thumb(looking: Visit) -> None:
    for name, target, button in pages_of(looking.desk):
        show(looking, target, button)
        open_all(looking)
        for one in looking.page.locator(
            "input:not([type=hidden]), textarea, button, summary"
        ).all():
            box = one.bounding_box()
            assert box is not None
            assert box["height"] >= 24, (name, one)
            assert box["width"] >= 24, (name, one)


def test_no_page_breaks_a_rule_of_accessibility(looking: Visit) -> None:
    axe = Axe()
    for name, target, button in pages_of(looking.desk):
        show(looking, target, button)
        open_all(looking)
        found = axe.run(looking.page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_a_page_that_breaks_a_rule_would_be_noticed(looking: Visit) -> None:
    show(looking, "/", "")
    looking.page.locator("h1").evaluate("e => { e.innerHTML = '<img src=x><input>' }")
    assert Axe().run(looking.page).violations_count > 0


def test_the_policy_of_the_pages_lets_nothing_of_others_in(visit: Visit) -> None:
    complaints: list[str] = []
    requested: list[str] = []
    visit.page.on("console", lambda message: complaints.append(message.text))
    visit.page.on("request", lambda one: requested.append(one.url))
    visit.open(CALL)
    assert complaints == []
    assert requested
    assert all(url.startswith(visit.address) for url in requested)


def test_a_browser_that_tells_only_the_origin_can_answer(visit: Visit) -> None:
    """Without TLS, browsers send no Sec-Fetch-Site; the form must count all the same."""
    port = visit.address.rpartition(":")[2]
    visit.page.goto(f"http://{UNSAFE_NAME}:{port}/a/{token_of(CALL)}")
    with visit.page.expect_request(lambda one: one.method == "POST") as sent:
        visit.page.get_by_role("button", name="Record that it is done").click()
    assert visit.page.get_by_text("Thank you. Your answer is recorded.").is_visible()
    headers = sent.value.all_headers()
    assert "sec-fetch-site" not in headers
    assert headers["origin"] == f"http://{UNSAFE_NAME}:{port}"


def test_a_form_of_another_site_changes_nothing(visit: Visit) -> None:
    visit.open(CALL)
    visit.page.goto("about:blank")
    visit.page.set_content(
        f'<form method="post" action="{visit.address}/answers/1/call_peer%3A4">'
        '<input name="what" value="cannot"><input name="why" value="x"><button>Win</button></form>'
    )
    visit.page.get_by_role("button", name="Win").click()
    assert visit.page.get_by_role("heading", name="Your answer was not recorded").is_visible()
    assert visit.desk.answers.taken == []
