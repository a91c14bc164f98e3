"""Answers by a link: what its page asks, what may be said, and what a manager makes of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.grounds import Cut, Ground, opened
from tests.visits import DIRECTOR, HOST, LATECOMER, LEAD, LEADER, MANAGER, START, STRANGER, VISITOR
from workflow.answering.answers import Answers
from workflow.answering.questions import LEFT, OTHERS
from workflow.answering.settlements import Settlements
from workflow.model import commands as c
from workflow.model.access.permissions import Role
from workflow.model.errors import InvalidInput, NotFound, Refused, Unavailable
from workflow.store.correspondence import answers as kept
from workflow.store.correspondence import feeds
from workflow.store.records import grants
from workflow.tokens import GOOD_FOR, AnswerLink, LinkRefused

DAY = timedelta(days=1)
TIME = datetime(2026, 11, 16, 14, tzinfo=UTC)


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a visit whose visitors are to be called: their manager has been reminded."""
    with opened(database_url) as ground:
        ground.start()
        ground.done("scope_agreed", "brief_visitor")
        ground.until(START - 4 * DAY)
        yield ground


def link_to(ground: Ground, task: str, *, recipient: int = MANAGER) -> AnswerLink:
    """Return a link to a task out of a message that somebody got, which is put there at need."""
    with ground.database.writing() as link:
        challenge_id = link.row("SELECT id FROM challenge WHERE reference = 'NOR-26'")
        assert challenge_id is not None
        values: dict[str, Any] = {
            "id": challenge_id[0],
            "key": f"test/{task}/{recipient}",
            "recipient": recipient,
            "tasks": f'["{task}"]',
            "at": ground.clock.at,
        }
        link.execute(_PUT, **values)
        row = link.row("SELECT id FROM outbox WHERE unique_key = :key", key=values["key"])
    assert row is not None
    return AnswerLink(row[0], task)


_PUT = """
INSERT INTO outbox (challenge_id, unique_key, notice, recipient_id, tasks, is_ladder, is_urgent,
    status, created_at, not_before, attempts, next_attempt_at, fence)
VALUES (:id, :key, 'reminder', :recipient, :tasks, :yes, :no, 'sent', :at, :at, 1, :at, 1)
ON CONFLICT DO NOTHING
""".replace(":yes", "TRUE").replace(":no", "FALSE")


def answering(ground: Ground) -> Answers:
    return Answers(ground.database, ground.clock)


def settling(ground: Ground) -> Settlements:
    return Settlements(ground.database, ground.clock)


def open_answers(ground: Ground) -> list[kept.AnswerRow]:
    with ground.database.reading() as link:
        return kept.listed(link)


def test_a_page_says_what_is_asked_of_whom_by_when_and_why(ground: Ground) -> None:
    question = answering(ground).question(link_to(ground, f"call_visitor:{VISITOR}"))
    assert (question.reference, question.client) == ("NOR-26", "Northshire system")
    assert (question.title, question.asked) == ("Call Vic Visitor before the visit", "Max Manager")
    assert question.by == "By Tuesday 17 November 2026; at the latest by Monday 23 November 2026."
    assert "7 days before" in question.why
    assert (question.state, question.recorded, question.can_propose_time) == ("open", (), True)


def test_what_is_done_on_the_page_is_recorded_and_said(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}")
    question = answering(ground).done(link, on=START - 4 * DAY, attested=(), words="a good talk")
    assert question.state == "done"
    assert [(r.who, r.says) for r in question.recorded] == [
        ("Max Manager", "done on Friday 20 November 2026")
    ]
    task = ground.views.look("NOR-26").challenge.tasks[f"call_visitor:{VISITOR}"]
    assert task.evidence == "a good talk; said on the page that an e-mail led to"
    with pytest.raises(Refused, match="is done already"):
        answering(ground).done(link, on=START - 4 * DAY, attested=(), words="")


def test_who_cannot_says_why_and_a_manager_settles_it(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}", recipient=VISITOR)
    question = answering(ground).cannot(link, why="I am at sea")
    assert question.recorded[-1].says == "cannot: I am at sea"
    (answer,) = open_answers(ground)
    assert (answer.kind, answer.person_name, answer.body) == (
        "cannot",
        "Vic Visitor",
        "I am at sea",
    )
    settling(ground).accept(answer.id, actor=MANAGER)
    assert open_answers(ground) == []
    assert answering(ground).question(link).state == "open"
    with pytest.raises(Refused, match=f"answer {answer.id} is accepted already"):
        settling(ground).accept(answer.id, actor=MANAGER)


def test_another_time_that_is_accepted_is_agreed(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}", recipient=VISITOR)
    later = TIME + 6 * DAY
    answering(ground).another_time(link, words="", moment=later)
    (answer,) = open_answers(ground)
    assert (answer.kind, answer.moment, answer.body) == (
        "another_time", later, "the time that is given"
    )  # fmt: skip
    settling(ground).accept(answer.id, actor=MANAGER, is_dry_run=True)
    assert len(open_answers(ground)) == 1
    settling(ground).accept(answer.id, actor=MANAGER)
    question = answering(ground).question(link)
    assert question.by == "Agreed for 14:00 on Sunday 22 November 2026."
    assert question.recorded[-1].says == "agreed for Sunday 22 November 2026, 14:00"


def test_an_answer_is_declined_for_a_reason(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}", recipient=VISITOR)
    answering(ground).cannot(link, why="no")
    (answer,) = open_answers(ground)
    with pytest.raises(InvalidInput, match="say why the answer does not count"):
        settling(ground).decline(answer.id, actor=MANAGER, reason=" ")
    settling(ground).decline(answer.id, actor=MANAGER, reason="please try again")
    with ground.database.reading() as db:
        found = kept.one(db, answer.id)
    assert (found.status, found.note, found.handled_by) == ("declined", "please try again", MANAGER)


def test_answers_are_settled_by_whoever_records_what_others_have_done(ground: Ground) -> None:
    answering(ground).cannot(
        link_to(ground, f"call_visitor:{VISITOR}", recipient=VISITOR), why="no"
    )
    (answer,) = open_answers(ground)
    wanted = "Stan Stranger may not settle what people answered in NOR-26: that is for a challenge"
    with pytest.raises(Refused, match=wanted):
        settling(ground).accept(answer.id, actor=STRANGER)
    with pytest.raises(Refused, match=wanted):
        settling(ground).decline(answer.id, actor=STRANGER, reason="no")
    settling(ground).decline(answer.id, actor=MANAGER, reason="please try again")


def test_nobody_lets_their_own_words_count(ground: Ground) -> None:
    task = f"call_visitor:{VISITOR}"
    answering(ground).cannot(link_to(ground, task, recipient=VISITOR), why="no")
    (answer,) = open_answers(ground)
    wanted = f"answer {answer.id} is what you said yourself: somebody else must accept it"
    with pytest.raises(Refused, match=wanted):
        settling(ground).accept(answer.id, actor=VISITOR)
    mine = link_to(ground, task)
    with ground.database.writing() as db:  # who answered stands in for the manager
        db.execute("UPDATE outbox SET sent_to_id = :it WHERE id = :id", it=VISITOR, id=mine.message)
    with pytest.raises(Refused, match=wanted):
        answering(ground).settle(mine, answer.id, reason=None)


def test_the_links_of_what_went_along_die_with_those_of_their_message(ground: Ground) -> None:
    lead, along = link_to(ground, f"call_visitor:{VISITOR}"), link_to(ground, "scope_agreed")
    with ground.database.writing() as db:
        db.execute("UPDATE outbox SET message_id = 'm' WHERE id >= :id", id=lead.message)
        db.execute("UPDATE outbox SET carrier_id = :it WHERE id > :it", it=lead.message)
        kept.revoke(db, lead.message, at=ground.clock.at)
    for link in (lead, along):
        with pytest.raises(LinkRefused):
            answering(ground).question(link)


def test_a_manager_settles_an_answer_on_the_page_of_their_own_message(ground: Ground) -> None:
    task = f"call_visitor:{VISITOR}"
    answering(ground).cannot(link_to(ground, task, recipient=VISITOR), why="no")
    mine = link_to(ground, task)
    (waiting,) = answering(ground).question(mine).waiting
    assert (waiting.who, waiting.says, waiting.kind) == ("Vic Visitor", "no", "cannot")
    assert answering(ground).settle(mine, waiting.number, reason=None).waiting == ()
    with pytest.raises(LinkRefused):
        answering(ground).settle(mine, waiting.number, reason=None)


def test_answers_wait_only_for_whoever_may_settle_them(ground: Ground) -> None:
    task = f"call_visitor:{VISITOR}"
    theirs, mine = link_to(ground, task, recipient=VISITOR), link_to(ground, task)
    answering(ground).cannot(mine, why="no phone")
    question = answering(ground).question(theirs)
    assert [one.says for one in question.recorded] == ["cannot: no phone"]
    assert question.waiting == ()
    other = answering(ground).question(link_to(ground, task, recipient=HOST))
    assert (other.state, other.over, other.recorded, other.waiting) == ("over", OTHERS, (), ())
    (waiting,) = answering(ground).question(link_to(ground, task, recipient=DIRECTOR)).waiting
    with pytest.raises(Refused, match="Vic Visitor may not settle what people answered in NOR-26"):
        answering(ground).settle(theirs, waiting.number, reason=None)


@pytest.mark.parametrize("role", [Role.CHALLENGE_MANAGER, Role.ADMINISTRATOR])
def test_whoever_is_only_told_of_a_task_is_not_asked(ground: Ground, role: Role) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}", recipient=HOST)
    with pytest.raises(Refused, match="Somebody else is to do this: you are told of it, and"):
        answering(ground).cannot(link, why="no")
    with ground.database.writing() as db:
        grants.give(db, person=HOST, role=role, challenge_id=None, at=TIME, by=MANAGER)
    assert answering(ground).question(link).state == "open"


def test_whoever_has_left_reads_nothing_but_what_is_theirs(ground: Ground) -> None:
    link = link_to(ground, "evening_meeting", recipient=LEAD)
    answering(ground).cannot(link, why="I am ill")
    ground.act(c.ReleasePerson(person=LEAD, reason="ill"))
    ground.act(c.AssignPerson(role="lead_visitor", person=LATECOMER, capabilities=(LEADER,)))
    after = link_to(ground, "evening_meeting", recipient=LATECOMER)
    assert answering(ground).question(after).recorded[0].says == "cannot: I am ill"
    question = answering(ground).question(link)
    assert (question.state, question.over) == ("over", LEFT)
    assert question.title == "Meet on the evening before the visit"
    assert (question.by, question.why, question.recorded, question.waiting) == ("", "", (), ())
    with pytest.raises(Refused, match="for those who are on the team now"):
        answering(ground).cannot(link, why="still ill")
    notes = answering(ground).question(link_to(ground, f"destroy_notes:{LEAD}", recipient=LEAD))
    assert (notes.state, notes.is_destruction) == ("open", True)


def test_whom_a_task_is_about_says_yes_and_does_not_record_it(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}", recipient=VISITOR)
    assert answering(ground).question(link).is_proposal
    question = answering(ground).done(link, on=START - 4 * DAY, attested=(), words="")
    assert question.state == "open"
    (answer,) = open_answers(ground)
    assert (answer.kind, answer.body, answer.done_on) == ("done", "yes", START - 4 * DAY)
    settling(ground).accept(answer.id, actor=MANAGER)
    assert answering(ground).question(link).state == "done"
    assert not answering(ground).question(link_to(ground, "scope_agreed")).is_proposal


def test_a_task_is_done_and_its_answer_settled_in_one_transaction(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}", recipient=VISITOR)
    answering(ground).done(link, on=START - 4 * DAY, attested=(), words="")
    (answer,) = open_answers(ground)
    with closing(Cut(ground.database.url)) as cut, pytest.raises(Unavailable):
        Settlements(cut, ground.clock).accept(answer.id, actor=MANAGER)
    assert answering(ground).question(link).state == "done"
    assert open_answers(ground) == []


def test_an_answer_whose_consequence_is_refused_waits(ground: Ground) -> None:
    task = f"call_visitor:{VISITOR}"
    link = link_to(ground, task, recipient=VISITOR)
    answering(ground).done(link, on=START - 4 * DAY, attested=(), words="")
    (answer,) = open_answers(ground)
    ground.act(c.CompleteTask(spec="call_visitor", person=VISITOR, on=START - 5 * DAY))
    with pytest.raises(Refused, match="is done already"):
        settling(ground).accept(answer.id, actor=MANAGER)
    assert open_answers(ground) == [answer]


def test_what_an_email_says_is_done_counts_when_a_manager_accepts_it(ground: Ground) -> None:
    command = c.GiveAnswer(
        spec="call_visitor", person=VISITOR, answer="done", says="All done.", on=START - 5 * DAY
    )
    settling(ground).propose(command, reference="NOR-26", actor=VISITOR)
    task = ground.views.look("NOR-26").challenge.tasks[f"call_visitor:{VISITOR}"]
    assert task.status == "open"
    (answer,) = open_answers(ground)
    settling(ground).accept(answer.id, actor=MANAGER)
    task = ground.views.look("NOR-26").challenge.tasks[f"call_visitor:{VISITOR}"]
    assert (task.status, task.done_on, task.done_by) == ("done", START - 5 * DAY, MANAGER)
    assert task.evidence == "Vic Visitor: “All done.”"


def test_a_stand_in_answers_for_the_person_and_is_named(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}")
    with ground.database.writing() as db:
        db.execute(
            "UPDATE outbox SET sent_to_id = :host WHERE id = :id", host=HOST, id=link.message
        )
    assert answering(ground).question(link).asked == "Hal Host"
    answering(ground).done(link, on=START - 4 * DAY, attested=(), words="done")
    task = ground.views.look("NOR-26").challenge.tasks[f"call_visitor:{VISITOR}"]
    assert task.evidence.endswith(" by Hal Host, who stands in for Max Manager")


def test_links_are_dead_once_they_are_revoked(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}")
    with ground.database.writing() as db:
        kept.revoke(db, link.message, at=ground.clock.at)
    with pytest.raises(LinkRefused, match="this link does not work any more") as caught:
        answering(ground).question(link)
    assert caught.value.kind == "revoked"
    with ground.database.writing() as db, pytest.raises(NotFound, match='no message "99"'):
        kept.revoke(db, 99, at=ground.clock.at)


def test_all_links_that_a_person_was_sent_are_dead_also_as_a_stand_in_and_later_ones_work(
    ground: Ground,
) -> None:
    task = f"call_visitor:{VISITOR}"
    sent, waiting = link_to(ground, task), link_to(ground, task, recipient=HOST)
    with ground.database.writing() as db:
        db.execute(_SENT_TO, host=HOST, id=sent.message)
        feeds.revoke_links(db, HOST, at=ground.clock.at)
    with pytest.raises(LinkRefused, match="this link does not work any more") as caught:
        answering(ground).question(sent)
    assert caught.value.kind == "revoked"
    assert answering(ground).question(waiting).asked == "Hal Host"


_SENT_TO = "UPDATE outbox SET sent_to_id = :host, message_id = '<1@host.example>' WHERE id = :id"


def test_a_link_is_not_that_of_another_message_which_has_the_same_id_since(ground: Ground) -> None:
    """In a database that was restored, or after messages were destroyed, ids are used again."""
    link = link_to(ground, f"call_visitor:{VISITOR}")
    raised_at = ground.clock.at.replace(microsecond=0)
    own, other = (
        replace(link, until=at + GOOD_FOR) for at in (raised_at, raised_at - timedelta(days=1))
    )
    assert answering(ground).question(own).state == "open"
    with pytest.raises(LinkRefused) as caught:
        answering(ground).question(other)
    assert caught.value.kind == "forged"


@pytest.mark.parametrize("link", [AnswerLink(9_999, "call_visitor:5"), AnswerLink(1, "no_such")])
def test_a_link_to_nothing_is_not_ours(ground: Ground, link: AnswerLink) -> None:
    with pytest.raises(LinkRefused) as caught:
        answering(ground).question(link)
    assert caught.value.kind == "forged"


def test_what_is_paused_waived_or_held_takes_no_answer_and_says_why(ground: Ground) -> None:
    link = link_to(ground, f"call_visitor:{VISITOR}")
    ground.act(c.Advance(trigger="hold_off", reason="snow"))
    assert "is paused" in answering(ground).question(link).over
    with pytest.raises(Refused, match="The challenge is paused"):
        answering(ground).cannot(link, why="no")
    ground.act(c.Advance(trigger="resume"))
    ground.act(c.WaiveTask(spec="call_visitor", person=VISITOR, reason="they met"))
    assert answering(ground).question(link).over == "This is not to be done any more: they met."
