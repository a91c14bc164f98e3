"""The pages and a real challenge: what is typed on a phone stands in the history."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.grounds import Cut, Ground, opened
from tests.integration.test_answers import link_to
from tests.unit.web.desk import KEYS, set_up
from tests.unit.web.reader import Seen, seen, send
from tests.visits import MANAGER, START, VISITOR
from web.answering import path_of
from web.app import make_app
from web.ports import Site
from workflow.answering.answers import Answers
from workflow.store.correspondence import answers as kept
from workflow.tokens import GOOD_FOR, AnswerLink, answer_token

DAY = timedelta(days=1)
TASK = f"call_visitor:{VISITOR}"
ON = {"done_day": "20", "done_month": "11", "done_year": "2026"}


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a visit whose visitors are to be called: their manager has been reminded."""
    with calling(database_url) as ground:
        yield ground


@contextmanager
def calling(url: str) -> Iterator[Ground]:
    with opened(url) as ground:
        ground.start()
        ground.done("scope_agreed", "brief_visitor")
        ground.until(START - 4 * DAY)
        yield ground


@pytest.fixture
def client(ground: Ground) -> TestClient:
    return client_of(ground)


def client_of(ground: Ground) -> TestClient:
    answers = Answers(ground.database, ground.clock)
    site: Site = replace(set_up().site, answers=answers, clock=ground.clock)
    return TestClient(make_app(site), base_url="http://pages.test")


def raised_at(ground: Ground, link: AnswerLink) -> datetime:
    """Return when the message of a link was raised."""
    with ground.database.reading() as read:
        asked = kept.asked(read, link.message)
    assert asked is not None
    assert asked.raised_at is not None
    return asked.raised_at


def page_of(ground: Ground, client: TestClient, link: AnswerLink) -> Seen:
    token = answer_token(KEYS, link, until=raised_at(ground, link) + GOOD_FOR)
    response = client.get(f"/a/{token}")
    assert response.status_code == 200
    return seen(response)


def test_what_is_done_is_recorded_once(ground: Ground, client: TestClient) -> None:
    link = link_to(ground, TASK, recipient=MANAGER)
    page = page_of(ground, client, link)
    assert "Call Vic Visitor before the visit Asked of Max Manager" in page.text
    responses = [
        send(client, link, page, what="done", done_words="a good talk", **ON) for _ in range(2)
    ]
    places = [response.headers["location"].partition("?")[2] for response in responses]
    assert places == ["answer=made", "answer=already"]
    task = ground.views.look("NOR-26").challenge.tasks[TASK]
    assert task.evidence.startswith("a good talk; ")
    after = page_of(ground, client, link)
    assert "Max Manager done on Friday 20 November 2026" in after.text
    assert "This is done and recorded." in after.text


def test_two_processes_record_a_double_click_once(ground: Ground, client: TestClient) -> None:
    link = link_to(ground, TASK, recipient=VISITOR)
    other = client_of(ground)
    page, same = (page_of(ground, one, link) for one in (client, other))
    assert page.hidden["mark"] == same.hidden["mark"]
    assert send(client, link, page, what="cannot", why="I am at sea").status_code == 303
    again = send(other, link, same, what="cannot", why="I am at sea")
    assert again.status_code == 409
    assert seen(again).text.count("cannot: I am at sea") == 1


def test_a_day_to_come_is_refused_where_it_was_typed(ground: Ground, client: TestClient) -> None:
    link = link_to(ground, TASK, recipient=MANAGER)
    page = page_of(ground, client, link)
    response = send(client, link, page, what="done", **{**ON, "done_day": "21"})
    assert response.status_code == 400
    text = "Saturday 21 November 2026 is in the future: a task is done on a past day"
    assert f'<a href="#done-day">{text}' in response.text
    assert 'name="done-day" type="text" value="21"' in response.text


def test_an_answer_that_needs_judgement_is_settled_by_the_manager(
    ground: Ground, client: TestClient
) -> None:
    theirs = link_to(ground, TASK, recipient=VISITOR)
    page = page_of(ground, client, theirs)
    day = {"time_day": "22", "time_month": "11", "time_year": "2026", "time_at": "2pm"}
    sent = send(client, theirs, page, what="time", time_words="Sunday", **day)
    assert sent.status_code == 303
    mine = link_to(ground, TASK, recipient=MANAGER)
    page = page_of(ground, client, mine)
    assert "Vic Visitor: Another time would suit Sunday" in page.text
    number = page.hidden["answer"]
    assert send(client, mine, page, what="accept", answer=number).status_code == 303
    text = page_of(ground, client, theirs).text
    assert "Agreed for 14:00 on Sunday 22 November 2026." in text


def test_an_answer_of_which_nobody_knows_is_not_called_lost_and_not_recorded_twice(
    ground: Ground, client: TestClient
) -> None:
    link = link_to(ground, TASK, recipient=VISITOR)
    with closing(Cut(ground.database.url)) as cut:
        unsure = client_of(replace(ground, database=cut))
        page = page_of(ground, unsure, link)
        response = send(unsure, link, page, what="cannot", why="I am at sea")
    assert response.status_code == 503
    assert "We do not know whether your answer was recorded" in response.text
    assert "cannot: I am at sea" in page_of(ground, client, link).text
    again = send(client, link, page, what="cannot", why="I am at sea")
    assert again.status_code == 409
    assert seen(again).text.count("cannot: I am at sea") == 1


def test_looking_leaves_the_database_as_it_was(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with calling(sqlite_url) as ground:
        client, link = client_of(ground), link_to(ground, TASK, recipient=MANAGER)
        before = _hash(path)
        for _ in range(20):
            page = page_of(ground, client, link)
            assert client.head(path_of(link)).status_code == 200
        assert _hash(path) == before
        assert send(client, link, page, what="done", **ON).status_code == 303
        assert _hash(path) != before


def _hash(path: Path) -> str:
    """Return the hash of a database, with what waits beside it to be written into it."""
    log = path.with_name(f"{path.name}-wal")
    waiting = log.read_bytes() if log.exists() else b""
    return sha256(path.read_bytes() + waiting).hexdigest()
