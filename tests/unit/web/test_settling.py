"""Who manages a challenge lets an answer of somebody else count, or says why it does not."""

from dataclasses import replace

import pytest

from tests.unit.web.desk import MANAGED, Desk, set_up
from tests.unit.web.reader import client_of, opened, seen, send
from workflow.model.errors import Refused


@pytest.fixture
def desk() -> Desk:
    return set_up()


def test_the_page_shows_the_answers_that_wait_and_what_they_mean(desk: Desk) -> None:
    text = opened(client_of(desk), MANAGED).text
    assert "Answers that wait for you Pat Example: It is done I called on Monday." in text
    assert "Sam Other: Another time would suit After Easter?" in text
    assert "Accept the answer of Sam Other" in text
    assert "Decline the answer of Pat Example" in text


def test_an_answer_is_accepted_with_one_click(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, MANAGED)
    responses = [send(client, MANAGED, page, what="accept", answer="11") for _ in range(2)]
    assert [response.status_code for response in responses] == [303, 303]
    assert responses[0].headers["location"].endswith("?answer=made")
    assert responses[1].headers["location"].endswith("?answer=already")
    assert desk.answers.taken == [{"number": 11, "reason": None}]
    text = seen(client.get(responses[0].headers["location"])).text
    assert "Thank you. Your answer is recorded." in text
    assert "I called on Monday." not in text


def test_an_answer_is_declined_for_a_reason_that_is_not_lost(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, MANAGED)
    response = send(client, MANAGED, page, what="decline", answer="12")
    assert response.status_code == 400
    assert '<a href="#reason-12">Write why the answer does not count' in response.text
    assert response.text.count(" open>") == 1
    desk.answers.trouble = Refused("not yours to settle", hint="--force")
    response = send(client, MANAGED, page, what="decline", answer="12", reason_12="no day")
    assert response.status_code == 422
    assert '<a href="#waiting">not yours to settle' in response.text
    assert "no day</textarea>" in response.text
    desk.answers.trouble = None
    send(client, MANAGED, page, what="decline", answer="12", reason_12="no day")
    assert desk.answers.taken == [{"number": 12, "reason": "no day"}]


@pytest.mark.parametrize("state", ["done", "over"])
def test_an_answer_is_settled_though_nothing_else_is_asked(desk: Desk, state: str) -> None:
    question = desk.answers.questions[MANAGED]
    desk.answers.questions[MANAGED] = replace(question, state=state)  # type: ignore[arg-type]
    client = client_of(desk)
    page = opened(client, MANAGED)
    assert "Record that it is done" not in page.text
    response = send(client, MANAGED, page, what="decline", answer="11", reason_11="late")
    assert response.status_code == 303


def test_an_answer_that_was_settled_meanwhile_is_not_settled_twice(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, MANAGED)
    desk.answers.settle(MANAGED, 11, reason="by somebody else")
    response = send(client, MANAGED, page, what="accept", answer="11")
    assert response.status_code == 409
    assert "Something else was recorded after you opened this page." in seen(response).text
    assert len(desk.answers.taken) == 1


@pytest.mark.parametrize("number", ["", "13", "1 1", "-11", "9" * 5_000, "<b>"])
def test_an_answer_that_does_not_wait_is_not_settled(desk: Desk, number: str) -> None:
    client = client_of(desk)
    page = opened(client, MANAGED)
    response = send(client, MANAGED, page, what="accept", answer=number)
    assert response.status_code == 400
    assert "This answer does not wait any more" in response.text
    assert desk.answers.taken == []


def test_whom_a_task_is_merely_about_sends_an_answer_that_somebody_else_records(
    desk: Desk,
) -> None:
    desk.answers.questions[MANAGED] = replace(desk.answers.questions[MANAGED], is_proposal=True)
    text = opened(client_of(desk), MANAGED).text
    assert "Yes: it is done, or agreed The challenge manager reads what you say here" in text
    assert "Send this answer" in text
    assert "Record that it is done" not in text
