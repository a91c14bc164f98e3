"""No text that is shown becomes markup, in whichever field it stands."""

from dataclasses import fields, replace
from functools import cache
from typing import Any, cast
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.unit.web.desk import NOW, SAID_DONE, asked, set_up
from tests.unit.web.payloads import PAYLOADS
from tests.unit.web.reader import Seen, client_of
from web.form import Problem, Typed
from web.pages import Pages
from workflow.answering.questions import Question, Recorded, Waiting

PLAIN = "plain"
KINDS = {
    "open": asked(
        waiting=(SAID_DONE,),
        items=("a", "b"),
        evidence=("c",),
        can_propose_time=True,
        is_destruction=True,
    ),
    "over": asked(state="over", over="It was called off."),
    "done": asked(state="done"),
}
LINES = (
    "done-day", "done-month", "done-year", "typed", "evidence-1", "how-1", "when-1",
    "time-day", "time-month", "time-year", "time-at",
)  # fmt: skip
WORDS = ("done-words", "why", "time-words", "reason-11")
TYPED = (*LINES, *WORDS, "item")
FIELDS = ("how-1", "done-day", "typed", "evidence-1", "done-words", "why", "time-day", "time-at")
ON = NOW.date()


def filled(question: Question, text: str) -> Question:
    """Return a question of the same kind that says `text` wherever it says anything."""
    names = [one.name for one in fields(question) if isinstance(getattr(question, one.name), str)]
    said = Recorded(at=NOW, who=text, says=text)
    return replace(
        question,
        **cast("dict[str, Any]", {name: text for name in names if name != "state"}),
        recorded=(said, said),
        waiting=tuple(Waiting(number=1, who=text, says=text, kind=text) for _ in question.waiting),
        items=tuple(f"{number}{text}" for number, _ in enumerate(question.items)),
        evidence=tuple(text for _ in question.evidence),
    )


def shown(question: Question, text: str = "", *problems: Problem) -> Seen:
    """Return the page of a question in whose form `text` was typed everywhere."""
    typed = Typed.of([("what", "done"), *((name, text) for name in TYPED if text)])
    pages = Pages(is_rehearsal=False)
    page = Seen()
    page.feed(pages.question(question, today=ON, mark="m", typed=typed, problems=problems))
    page.close()
    return page


@cache
def plainly(kind: str) -> Seen:
    return shown(filled(KINDS[kind], PLAIN))


def squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def test_there_are_payloads_enough_and_each_is_another() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 60


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_challenge_says_is_text(payload: str, kind: str) -> None:
    page = shown(filled(KINDS[kind], payload))
    assert page.shape == plainly(kind).shape
    keys = 7 if kind == "open" and "_" not in payload else 0  # shown with spaces for _
    times = {"open": 16, "over": 13, "done": 12}[kind] + keys
    assert squeezed(page.text).count(squeezed(payload)) == times


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_was_typed_is_text(payload: str) -> None:
    page = shown(KINDS["open"], payload)
    assert page.shape == shown(KINDS["open"], PLAIN).shape
    assert page.values.count(" ".join(payload.split())) == len(LINES)
    assert squeezed(page.text).count(squeezed(payload)) == len(WORDS)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_rule_says_is_text(payload: str) -> None:
    pages = [
        shown(KINDS["open"], PLAIN, *(Problem(name, text) for name in FIELDS))
        for text in (PLAIN, payload)
    ]
    assert pages[0].shape == pages[1].shape
    assert squeezed(pages[1].text).count(squeezed(payload)) >= 2 * len(FIELDS) - 1


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(set_up())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_stands_in_an_address_is_not_repeated(payload: str, client: TestClient) -> None:
    for path in ("/a/", "/answers/1/", "/feed/", "/"):
        response = client.get(path + quote(payload, safe="/'\"<>()"))
        assert response.status_code in {403, 404}
        assert payload not in response.text


def test_a_page_that_escapes_nothing_would_be_noticed() -> None:
    plain, planted = Seen(), Seen()
    plain.feed(f"<p>{PLAIN}</p>")
    planted.feed(f"<p>{PAYLOADS[0]}</p>")
    assert plain.shape != planted.shape
