"""Looking changes nothing, however often and by whatever program: the database stays as it was."""

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from tests.unit.web.desk import (
    CALL,
    NOTES,
    Desk,
    MemoryAnswers,
    asked,
    feed_address,
    set_up,
    token_of,
)
from tests.unit.web.reader import client_of, opened, send
from web.answering import path_of
from workflow.answering.questions import Question
from workflow.model.records.events import Items, Media
from workflow.tokens import AnswerLink

TIMES = 100
SCANNER = {"User-Agent": "SafeLinks", "Sec-Purpose": "prefetch"}


@dataclass
class FiledAnswers(MemoryAnswers):
    """Writes each answer into a database as well."""

    path: Path = Path()

    def done(
        self, link: AnswerLink, *, on: date, attested: Items, words: str, media: Media = ()
    ) -> Question:
        question = super().done(link, on=on, attested=attested, words=words, media=media)
        return self._write(question)

    def cannot(self, link: AnswerLink, *, why: str) -> Question:
        return self._write(super().cannot(link, why=why))

    def another_time(self, link: AnswerLink, *, words: str, moment: datetime | None) -> Question:
        return self._write(super().another_time(link, words=words, moment=moment))

    def _write(self, question: Question) -> Question:
        connection = sqlite3.connect(self.path)
        connection.execute("CREATE TABLE IF NOT EXISTS answer (body TEXT)")
        connection.execute("INSERT INTO answer VALUES (?)", [json.dumps(str(question))])
        connection.commit()
        connection.close()
        return question

    @property
    def hash(self) -> str:
        return sha256(self.path.read_bytes()).hexdigest()


@pytest.fixture
def answers(tmp_path: Path) -> FiledAnswers:
    clock = set_up().clock
    answers = FiledAnswers(clock, path=tmp_path / "answers.db")
    answers.cannot(CALL, why="I was ill")
    return answers


@pytest.fixture
def desk(answers: FiledAnswers) -> Desk:
    desk = set_up()
    return Desk(answers, answers.clock, replace(desk.site, answers=answers, clock=answers.clock))


def test_a_link_is_opened_a_hundred_times_and_nothing_changes(
    desk: Desk, answers: FiledAnswers
) -> None:
    before = answers.hash
    client = client_of(desk)
    for _ in range(TIMES):
        assert client.get(f"/a/{token_of(CALL)}", headers=SCANNER).status_code == 200
    for path in (f"/a/{token_of(CALL)}", path_of(CALL), f"{path_of(CALL)}?answer=made"):
        assert client.head(path, headers=SCANNER).status_code == 200
    assert answers.hash == before
    assert opened(client, CALL).hidden["mark"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"])
def test_no_method_but_one_changes_anything(desk: Desk, answers: FiledAnswers, method: str) -> None:
    before = answers.hash
    client = client_of(desk)
    mark = opened(client, CALL).hidden["mark"]
    form = f"what=cannot&why=ill&mark={mark}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "X-HTTP-Method-Override": "POST",
    }
    for path in (path_of(CALL), f"{path_of(CALL)}?{form}&_method=POST", feed_address(), "/"):
        client.request(method, path, content=form.encode(), headers=headers)
    assert answers.hash == before


def test_a_form_that_was_sent_is_noticed(desk: Desk, answers: FiledAnswers) -> None:
    before = answers.hash
    client = client_of(desk)
    page = opened(client, CALL)
    assert send(client, CALL, page, what="cannot", why="ill again").status_code == 303
    assert answers.hash != before


def test_no_form_that_is_refused_changes_anything(desk: Desk, answers: FiledAnswers) -> None:
    before = answers.hash
    client = client_of(desk)
    notes, call = opened(client, NOTES), opened(client, CALL)
    day = {"done_day": "9", "done_month": "3", "done_year": "2027"}
    refused = [
        send(client, NOTES, notes, what="done", **day),
        send(client, NOTES, notes, what="done", item=["notebook"], typed="DESTROYED", **day),
        send(client, CALL, call, what="done"),
        send(client, CALL, call, what="done", mark="old", **day),
        send(client, CALL, call, what="cannot"),
        send(client, CALL, call, what="time", time_words="soon", time_day="40"),
        client.post(path_of(CALL), data={"what": "cannot", "why": "x"}),
    ]
    assert {response.status_code for response in refused} <= {400, 403, 409}
    answers.questions[CALL] = asked(state="over")
    assert send(client, CALL, call, what="cannot", why="ill").status_code == 409
    assert answers.hash == before
