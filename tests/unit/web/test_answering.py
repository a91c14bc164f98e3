"""Somebody opens the link of an e-mail, reads what is asked, and answers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.unit.web.desk import CALL, NOTES, NOW, PLAN, Desk, asked, set_up, token_of
from tests.unit.web.reader import TODAY, client_of, opened, seen, send
from web.answering import path_of
from workflow.answering.questions import Recorded
from workflow.model.errors import Conflict, InvalidInput, Refused, Unavailable, Unmet, WorkflowError

ALL = ["notebook", "laptop_files", "e-mails"]
DAY = {name.replace("-", "_"): value for name, value in TODAY.items()}
THANKS = "Thank you. Your answer is recorded."


@pytest.fixture
def desk() -> Desk:
    return set_up()


def test_the_page_says_who_is_asked_what_by_when_and_why(desk: Desk) -> None:
    said = Recorded(at=datetime(2026, 7, 3, 9, 30, tzinfo=UTC), who="Sam Other", says="I am ill.")
    desk.answers.questions[CALL] = asked(recorded=(said,))
    text = opened(client_of(desk), CALL).text
    for words in (
        "EAS-27: Eastvale system",
        "Call peer 4",
        "Asked of Pat Example",
        "By Tuesday 9 March 2027, end of the day.",
        "A week before the first day on site (house policy).",
        "Morgan Manager, morgan@council.example, 01632 960001",
        "What is recorded Friday 3 July 2026, 10.30am, Sam Other I am ill.",
        "It cannot be done",
    ):
        assert words in text
    assert "Another time would suit better" not in text
    assert "REHEARSAL" not in text


def test_a_rehearsal_says_so_on_every_page() -> None:
    client = client_of(set_up(is_rehearsal=True))
    assert "REHEARSAL Nothing here is real" in opened(client, CALL).text
    for path in ("/", "/nowhere", "/a/nothing"):
        assert "REHEARSAL" in client.get(path).text


def test_a_task_that_was_done_is_recorded_and_the_page_says_so(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    response = send(client, CALL, page, what="done", done_words="by phone", **DAY)
    assert response.status_code == 303
    assert response.headers["location"] == "/answers/1/call_peer%3A4?answer=made"
    after = seen(client.get(response.headers["location"]))
    assert THANKS in after.text
    assert "Tuesday 9 March 2027, 2.05pm, Pat Example Done on Tuesday 9 March 2027." in after.text
    assert "This is done and recorded. Nothing more is asked of you here." in after.text
    assert ("form", "method", "novalidate") not in after.shape
    assert desk.answers.taken == [
        {"on": date(2027, 3, 9), "attested": (), "words": "by phone"},
    ]


def test_the_day_that_is_offered_is_today_where_the_challenge_is(desk: Desk) -> None:
    desk.clock.at = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    client = client_of(desk)
    token = token_of(CALL, until=desk.clock.at)
    text = client.get(f"/a/{token}").text
    assert 'id="done-day" name="done-day" type="text" value="1"' in text
    assert 'id="done-month" name="done-month" type="text" value="7"' in text


def test_a_destruction_is_recorded_when_each_item_and_the_word_are_there(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, NOTES)
    assert "Confirm the destruction" in page.text
    how = {"how_1": "shredded", "how_2": "wiped", "how_3": "deleted", "when_2": "8/3/2027"}
    response = send(client, NOTES, page, what="done", item=ALL, typed="destroyed", **how, **DAY)
    assert response.status_code == 303
    assert desk.answers.taken[0]["attested"] == tuple(ALL)
    assert desk.answers.taken[0]["media"] == {
        "notebook": ("shredded", date(2027, 3, 9)),
        "laptop_files": ("wiped", date(2027, 3, 8)),
        "e-mails": ("deleted", date(2027, 3, 9)),
    }


def test_what_is_not_confirmed_is_named_and_nothing_that_was_typed_is_lost(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, NOTES)
    response = send(
        client, NOTES, page, what="done", item=["notebook"], done_day="8", done_words="so & so"
    )
    assert response.status_code == 400
    assert desk.answers.taken == []
    after = seen(response)
    assert "Error: Destroy your notes - Peer challenge" in after.text
    assert "Your answer is not recorded yet Confirm this too: laptop files" in after.text
    assert "If you cannot confirm all of it, say so and why" in after.text
    for markup in (
        'href="#item-2"',
        'href="#item-3"',
        'href="#typed"',
        'href="#done-day"',
        'href="#why"',
        'value="notebook" checked',
        'name="done-day" type="text" value="8"',
        "so &amp; so</textarea>",
        '<details class="govuk-details" open>',
    ):
        assert markup in response.text, markup
    assert 'value="laptop_files" checked' not in response.text


def test_why_something_cannot_be_done_is_recorded_and_may_be_said_again(desk: Desk) -> None:
    client = client_of(desk)
    for why in ("I am away", "I am back, but ill"):
        page = opened(client, CALL)
        assert send(client, CALL, page, what="cannot", why=why).status_code == 303
    after = opened(client, CALL)
    assert "Cannot be done: I am away" in after.text
    assert "Cannot be done: I am back, but ill" in after.text
    assert "It is done" in after.text


def test_another_time_is_recorded_with_its_moment(desk: Desk) -> None:
    client = client_of(desk)
    fields = {"time_day": "29", "time_month": "3", "time_year": "2027", "time_at": "7pm"}
    page = opened(client, CALL)
    response = send(client, CALL, page, what="time", time_words="after Easter", **fields)
    assert response.status_code == 303
    moment = datetime(2027, 3, 29, 18, tzinfo=UTC)
    assert desk.answers.taken == [{"words": "after Easter", "moment": moment}]


def test_a_double_click_records_once_and_says_so(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    first, second = (send(client, CALL, page, what="cannot", why="ill") for _ in range(2))
    assert first.headers["location"].endswith("?answer=made")
    assert second.headers["location"].endswith("?answer=already")
    assert len(desk.answers.taken) == 1
    text = seen(client.get(second.headers["location"])).text
    assert "Already recorded Your answer was recorded already. It was not recorded twice." in text


def test_a_form_from_before_something_else_was_recorded_is_shown_again(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    desk.answers.cannot(CALL, why="said by somebody else")
    response = send(client, CALL, page, what="cannot", why="my own words")
    assert response.status_code == 409
    after = seen(response)
    assert "Something else was recorded after you opened this page." in after.text
    assert "said by somebody else" in after.text
    assert "my own words</textarea>" in response.text
    assert send(client, CALL, after, what="cannot", why="my own words").status_code == 303


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"state": "over", "over": "The visit was called off."},
            "Nothing is asked here any more, so nothing was changed.",
        ),
        ({"state": "done"}, "This was recorded already, so nothing was changed."),
    ],
)
def test_an_answer_that_comes_too_late_changes_nothing_and_shows_what_was_written(
    desk: Desk, facts: dict[str, Any], words: str
) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    desk.answers.questions[CALL] = asked(**facts)
    response = send(client, CALL, page, what="cannot", why="ill <b>")
    assert response.status_code == 409
    text = seen(response).text
    assert f"Your answer was not recorded {words} What you wrote It is not recorded." in text
    assert "Copy it if you still need it. ill <b>" in text
    assert facts.get("over", "") in text
    assert desk.answers.taken == []
    assert "<textarea" not in response.text


def test_a_task_that_is_over_offers_nothing_and_says_why(desk: Desk) -> None:
    desk.answers.questions[CALL] = asked(state="over", over="The visit was called off.")
    page = opened(client_of(desk), CALL)
    assert "The visit was called off." in page.text
    assert not page.hidden


def test_a_page_without_a_task_has_a_heading_all_the_same(desk: Desk) -> None:
    said = Recorded(at=NOW, who="", says="done by the machine")
    nothing = asked(title="", by="", why="", state="over", over="It fell away.", recorded=(said,))
    desk.answers.questions[CALL] = nothing
    text = opened(client_of(desk), CALL).text
    assert text.startswith("Nothing to do - Peer challenge")
    assert "EAS-27: Eastvale system Nothing to do Asked of" in text
    assert "Tuesday 9 March 2027, 2.05pm done by the machine" in text


UNMET = (Unmet("version"), Unmet("laptop files"), Unmet("the lead peer must agree", "policy 3"))
REFUSED = Refused("evidence is needed", unmet=UNMET, hint="use --evidence", allowed=("x",))


@pytest.mark.parametrize(
    ("error", "status", "links", "never"),
    [
        (
            REFUSED,
            422,
            {
                "#evidence-1": "Still missing: version",
                "#item-2": "Still missing: laptop files",
                "#done-day": "Still missing: the lead peer must agree (policy 3)",
            },
            "--evidence",
        ),
        (Refused("not yet", hint="use --force"), 422, {"#done-day": "not yet"}, "--force"),
        (InvalidInput("that day is odd"), 400, {"#done-day": "that day is odd"}, "Trace"),
        (
            Conflict("version 3 of secret"),
            409,
            {"#done-day": "Somebody else recorded something at the same moment."},
            "secret",
        ),
    ],
)
def test_what_a_rule_says_is_shown_at_the_field_it_is_about(
    desk: Desk, error: WorkflowError, status: int, links: dict[str, str], never: str
) -> None:
    facts = {"items": tuple(ALL), "evidence": ("version", "signed_by")}
    desk.answers.questions[PLAN] = asked(PLAN, **facts)
    desk.answers.trouble = error
    client = client_of(desk)
    fields: dict[str, str | list[str]] = {"evidence_1": "2.1 draft", "item": ALL, **DAY}
    response = send(client, PLAN, opened(client, PLAN), what="done", **fields)
    assert response.status_code == status
    for field, words in links.items():
        assert f'<a href="{field}">{words}' in response.text
        assert f'id="{field[1:]}"' in response.text
    assert never not in response.text
    assert 'value="2.1 draft"' in response.text


@pytest.mark.parametrize(
    ("what", "field"), [("cannot", "why"), ("time", "time-words"), ("done", "done-day")]
)
def test_a_refusal_opens_the_form_that_was_sent(desk: Desk, what: str, field: str) -> None:
    desk.answers.trouble = Refused("not yet")
    client = client_of(desk)
    fields = {"why": "ill", "time_words": "any", **DAY}
    response = send(client, CALL, opened(client, CALL), what=what, **fields)
    assert f'<a href="#{field}">not yet' in response.text
    assert response.text.count(" open>") == (what != "done")


def test_words_in_several_lines_stay_as_they_were_typed(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    words = "I am away:\n  - until May\n\n  - and after"
    response = send(client, CALL, page, what="time", time_words=words, time_at="soon")
    assert f">{words}</textarea>" in response.text
    assert send(client, CALL, page, what="time", time_words=words).status_code == 303
    assert desk.answers.taken[0]["words"] == words
    assert f"Another time would suit: {words}</p>" in client.get(path_of(CALL)).text


@pytest.mark.parametrize("what", ["<script>alert(1)</script>", "open", ""])
def test_which_form_was_sent_is_not_repeated(desk: Desk, what: str) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    response = send(client, CALL, page, what=what)
    assert response.status_code == 400
    assert "Choose one of the answers on this page" in response.text
    assert "<script" not in response.text
    assert send(client, CALL, page, what="done", mark=what).status_code == 409
    assert desk.answers.taken == []


def test_when_nobody_knows_the_page_says_so_and_the_answer_may_be_sent_again(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    desk.answers.trouble = Unavailable("postgresql://user:secret@host")
    response = send(client, CALL, page, what="cannot", why="ill")
    assert response.status_code == 503
    text = seen(response).text
    assert text.startswith("Error: Call peer 4")
    assert "We do not know whether your answer was recorded Open the link from the e-mail" in text
    assert "recorded yet" not in text
    assert "secret" not in text
    assert ">ill</textarea>" in response.text
    desk.answers.trouble = None
    assert send(client, CALL, page, what="cannot", why="ill").status_code == 303
    assert len(desk.answers.taken) == 1


def test_fields_that_no_form_has_are_left_out(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    more = {"actor": "boss", "attested": "x", "at": "2020", "state": "done", "item": "x"}
    assert send(client, CALL, page, what="done", **DAY, **more).status_code == 303
    assert desk.answers.taken == [{"on": date(2027, 3, 9), "attested": (), "words": ""}]


@pytest.mark.parametrize("status", [403, 404, 410, 429, 503])
def test_what_was_written_for_nothing_is_given_back(desk: Desk, status: int) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    match status:
        case 403:
            client.cookies.clear()
        case 404:
            del desk.answers.questions[CALL]
        case 410:
            desk.answers.revoked.add(CALL)
        case 429:
            for _ in range(30):
                send(client, CALL, page, what="")
        case _:
            desk.answers.is_away = True
    response = send(client, CALL, page, what="cannot", why="a long <i> story")
    assert response.status_code == status
    assert "Copy it if you still need it. a long <i> story" in seen(response).text
    assert ("It is not recorded. Copy" in response.text) == (status != 503)
    assert "secret" not in response.text


def test_too_many_answers_by_one_link_are_not_taken_for_a_while(desk: Desk) -> None:
    client = client_of(desk)
    page, notes = opened(client, CALL), opened(client, NOTES)
    for _ in range(30):
        assert send(client, CALL, page, what="nonsense").status_code == 400
    response = send(client, CALL, page, what="done", **DAY)
    assert response.status_code == 429
    assert "Wait ten minutes, and send it again." in response.text
    assert send(client, NOTES, notes, what="cannot", why="lost").status_code == 303
    desk.clock.at += timedelta(minutes=10)
    assert send(client, CALL, page, what="done", **DAY).status_code == 303
