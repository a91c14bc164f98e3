"""What is hashed of an event, and what is said of a step: the facts that it changed."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from tests.visits import (
    END,
    LATECOMER,
    LEAD,
    MANAGER,
    SECOND,
    START,
    dated,
    drafting,
    prepared,
)
from workflow.model import commands as c
from workflow.model.log.texts import changes, event_text, event_texts, events_digest, moment_text

AT = datetime(2027, 3, 27, 9, tzinfo=UTC)
WRITTEN = "2027-03-27T09:00:00.000000+00:00"


@pytest.mark.parametrize("actor", [None, 4])
@pytest.mark.parametrize("words", ["plain", 'a "quoted" \\ one', "é\n\t{p4}"])
def test_an_event_is_the_json_array_of_its_facts(actor: int | None, words: str) -> None:
    text = event_text((7, AT, actor, "TaskDone", words, words))
    assert "\n" not in text
    assert json.loads(text) == [7, WRITTEN, actor, "TaskDone", words, words]
    assert event_texts([(7, WRITTEN, actor, "TaskDone", words, words)]) == [text]


def test_a_moment_is_written_in_utc_to_the_microsecond() -> None:
    local = datetime(2027, 3, 27, 11, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    assert moment_text(local) == "2027-03-27T09:00:00.000005+00:00"
    assert moment_text(AT) == WRITTEN


def test_the_digest_of_events_depends_on_each_of_them_and_on_their_order() -> None:
    assert events_digest(["a", "b"]) == sha256(b"a\nb").hexdigest()
    digests = {events_digest(texts) for texts in (["a", "b"], ["b", "a"], ["a"], ["a", "c"], [])}
    assert len(digests) == 5


def test_what_a_step_changed_is_said_as_it_was_and_as_it_is() -> None:
    case = prepared()
    was, now = changes(case.challenge, case.advance("confirm").challenge)
    assert (was["stage"], now["stage"]) == ("planning", "visiting")
    case = drafting()
    was, now = changes(case.challenge, case.done("draft_checked", by=LEAD).challenge)
    assert was == {"tasks": {"draft_checked": "open"}}
    assert now == {"tasks": {"draft_checked": "done"}}


def test_a_date_that_moves_is_told_alone_and_one_that_is_cleared_is_only_told_as_it_was() -> None:
    case = dated()
    before, moved = case.challenge, date(2026, 11, 27)
    was, now = changes(before, case.plan("visit_end", moved).challenge)
    assert (was["dates"], now["dates"]) == ({"visit_end": END}, {"visit_end": moved})
    was, now = changes(case.challenge, before)
    assert (was["dates"], now["dates"]) == ({"visit_end": moved}, {"visit_end": END})
    fresh = dated().challenge
    was, now = changes(before, fresh)
    assert "dates" not in was
    assert fresh.dates["visit_start"].on == START


def test_who_left_and_who_joined_is_told_by_the_team_before_and_after() -> None:
    case = dated()
    before = case.challenge
    was, now = changes(before, case.release(SECOND).challenge)
    assert ("visitor", SECOND) in was["team"]
    assert ("visitor", SECOND) not in now["team"]
    before = case.challenge
    was, now = changes(before, case.assign("visitor", LATECOMER).challenge)
    assert ("visitor", LATECOMER) not in was["team"]
    assert ("visitor", LATECOMER) in now["team"]
    assert ("manager", MANAGER) in was["team"]


def test_a_task_that_is_new_has_no_status_before() -> None:
    case = dated()
    was, now = changes(case.challenge, case.assign("visitor", LATECOMER).challenge)
    key = f"call_visitor:{LATECOMER}"
    assert key not in was.get("tasks", {})
    assert now["tasks"][key] == str(case.challenge.tasks[key].status)


def test_a_hold_is_told_by_its_name() -> None:
    case = dated()
    hold = c.PlaceHold(name="FOI", reason="asked")
    was, now = changes(case.challenge, case.do(hold).challenge)
    assert (was["holds"], now["holds"]) == ([], ["FOI"])


def test_where_nothing_changed_nothing_is_told() -> None:
    challenge = dated().challenge
    assert changes(challenge, challenge) == ({}, {})
