"""A link opens the page of its question, and nothing else, until it expires or is revoked."""

from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from tests.unit.web.desk import CALL, KEYS, NOTES, NOW, Desk, set_up, token_of
from tests.unit.web.reader import OWN_PAGE, TODAY, client_of, opened, send
from web.answering import path_of
from workflow.tokens import AnswerLink, Keys, answer_token

ALL = ["notebook", "laptop_files", "e-mails"]
DAY = {name.replace("-", "_"): value for name, value in TODAY.items()}
THANKS = "Thank you. Your answer is recorded."


@pytest.fixture
def desk() -> Desk:
    return set_up()


def test_a_link_leads_to_its_page_and_leaves_its_token_in_a_cookie(desk: Desk) -> None:
    token = token_of(CALL)
    response = client_of(desk).get(f"/a/{token}", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/answers/1/call_peer%3A4"
    assert response.headers["referrer-policy"] == "no-referrer"
    cookie = SimpleCookie(response.headers["set-cookie"])["answer"]
    assert cookie.value == token
    assert cookie["path"] == "/answers/1/call_peer%3A4"
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert not cookie["secure"]
    assert token not in response.text


def test_where_pages_are_served_over_tls_the_cookie_goes_no_other_way() -> None:
    client = client_of(set_up(base_url="https://pages.test"), "https://pages.test")
    response = client.get(f"/a/{token_of(CALL)}", follow_redirects=False)
    cookie = SimpleCookie(response.headers["set-cookie"])["__Secure-answer"]
    assert cookie["secure"]
    assert client.get("/answers/1/call_peer%3A4").status_code == 200


def test_without_the_cookie_the_page_says_how_to_get_there(desk: Desk) -> None:
    client = client_of(desk)
    for response in (
        client.get("/answers/1/call_peer%3A4"),
        client.post("/answers/1/call_peer%3A4", data={"what": "done"}, headers=OWN_PAGE),
    ):
        assert response.status_code == 403
        assert "Open the link from the e-mail" in response.text
        assert "Pat Example" not in response.text
    assert desk.answers.taken == []


@pytest.mark.parametrize(
    "path",
    [
        "/answers/2/call_peer%3A4",
        "/answers/1/call_peer%3A5",
        "/answers/1/notes%3A7",
        "/answers/01x/call_peer%3A4",
        f"/answers/{'9' * 5_000}/call_peer%3A4",
        "/answers/-1/call_peer%3A4",
        "/answers/1/",
        "/answers/1/call_peer%3A4/",
        "/answers/1/..%2f2/x",
    ],
)
def test_a_cookie_opens_its_own_page_only(desk: Desk, path: str) -> None:
    client = client_of(desk)
    headers = {"Cookie": f"answer={token_of(CALL)}", **OWN_PAGE}
    assert client.get("/answers/1/call_peer%3A4", headers=headers).status_code == 200
    assert client.get(path, headers=headers).status_code in {403, 404}
    assert client.post(path, data={"what": "done"}, headers=headers).status_code in {403, 404}
    assert desk.answers.taken == []


def test_two_questions_can_be_open_in_one_browser(desk: Desk) -> None:
    client = client_of(desk)
    call, notes = opened(client, CALL), opened(client, NOTES)
    assert send(client, CALL, call, what="cannot", why="ill").status_code == 303
    assert send(client, NOTES, notes, what="cannot", why="lost it").status_code == 303


def test_a_link_expires_between_looking_and_answering(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    desk.clock.at = NOW + timedelta(days=30)
    assert client.get(path_of(CALL)).status_code == 200
    desk.clock.at += timedelta(seconds=1)
    for response in (client.get(path_of(CALL)), send(client, CALL, page, what="done", **DAY)):
        assert response.status_code == 410
        assert "This link has expired; ask the challenge manager" in response.text
    assert desk.answers.taken == []


def test_a_link_that_was_revoked_does_nothing_any_more(desk: Desk) -> None:
    client = client_of(desk)
    page = opened(client, CALL)
    desk.answers.revoked.add(CALL)
    for response in (
        client.get(f"/a/{token_of(CALL)}"),
        client.get(path_of(CALL)),
        send(client, CALL, page, what="done", **DAY),
    ):
        assert response.status_code == 410
        assert "This link was revoked; ask the challenge manager." in response.text
    assert desk.answers.taken == []


def test_a_link_that_leads_nowhere_names_nothing_else(desk: Desk) -> None:
    response = client_of(desk).get(f"/a/{token_of(AnswerLink(9, 'tsk'))}")
    assert response.status_code == 404
    assert "There is no such page" in response.text
    assert "secret_of_others" not in response.text


@pytest.mark.parametrize("change", ["x", "", "a.b", "%00", "%ff"])
def test_a_link_that_is_not_ours_opens_nothing(desk: Desk, change: str) -> None:
    foreign = answer_token(Keys(("f" * 40,)), CALL, until=NOW + timedelta(days=1))
    for token in (f"{token_of(CALL)}{change or 'A'}", change or "x", foreign):
        response = client_of(desk).get(f"/a/{token}", follow_redirects=False)
        assert response.status_code == 404
        assert "set-cookie" not in response.headers
        assert "This link is not one that we sent" in response.text


def test_a_new_key_leaves_old_links_working(desk: Desk) -> None:
    keys = Keys(("n" * 40, *KEYS.texts))
    client = client_of(Desk(desk.answers, desk.clock, replace(desk.site, keys=keys)))
    assert "Call peer 4" in opened(client, CALL).text


def test_the_answer_that_a_query_speaks_of_is_not_believed(desk: Desk) -> None:
    client = client_of(desk)
    opened(client, CALL)
    assert THANKS not in client.get(f"{path_of(CALL)}?answer=made").text
    assert "<script" not in client.get(f"{path_of(CALL)}?answer=<script>").text
