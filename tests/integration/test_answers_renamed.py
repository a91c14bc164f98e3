"""Links and answers whose task is called otherwise since, or gone, on both databases."""

from collections.abc import Iterator

import pytest

from definitions import loader
from tests.grounds import ADA, Ground, opened
from tests.integration.test_answers import (
    DAY,
    TIME,
    answering,
    link_to,
    open_answers,
    settling,
)
from tests.visits import MANAGER, START, VISITOR, Edit, edited
from workflow.migrating.migrations import Migrations
from workflow.migrating.rounds import Request
from workflow.model import commands as c
from workflow.model.decisions.mapping import Renaming
from workflow.model.errors import Refused
from workflow.store.library import Offered
from workflow.tokens import AnswerLink, LinkRefused

OLD, NEW = f"call_visitor:{VISITOR}", f"ring:{VISITOR}"
RING: tuple[Edit, ...] = (
    ('version: "1.0"', 'version: "1.1"'),
    ("[scope_agreed, call_visitor, ", "[scope_agreed, ring, "),
    ("  call_visitor:\n", "  ring:\n"),
    ("enforced_by: call_visitor", "enforced_by: ring"),
)
SHIFTED: tuple[Edit, ...] = (
    *RING,
    ("  brief_visitor:\n", "  call_visitor:\n"),
    ("after: brief_visitor ", "after: call_visitor "),
)


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a visit whose visitors are to be called."""
    with opened(database_url) as ground:
        ground.start()
        ground.done("scope_agreed", "brief_visitor")
        ground.until(START - 4 * DAY)
        yield ground


def migrate(ground: Ground, *edits: Edit, **keys: str) -> None:
    """Let the visit go on under an edited definition, under which tasks have other keys."""
    loaded = loader.load_text(edited(*edits), file="visit")
    offered = Offered(
        content_hash=loaded.content_hash, definition=loaded.definition, text=loaded.text
    )
    request = Request(actor=ADA, reason="news", renaming=Renaming(keys=keys))
    Migrations(ground.database, ground.clock).migrate(offered, request)


def undo(ground: Ground) -> None:
    request = Request(actor=ADA, reason="a mistake")
    Migrations(ground.database, ground.clock).undo("site_visit", request)


def test_a_link_that_was_sent_leads_to_its_task_and_all_that_was_said(ground: Ground) -> None:
    theirs, mine = link_to(ground, OLD, recipient=VISITOR), link_to(ground, OLD)
    answering(ground).cannot(theirs, why="I am at sea")
    migrate(ground, *RING, call_visitor="ring")
    question = answering(ground).question(mine)
    assert (question.state, question.link) == ("open", mine)
    assert [one.says for one in question.recorded] == ["cannot: I am at sea"]
    (waiting,) = question.waiting
    assert answering(ground).settle(mine, waiting.number, reason=None).waiting == ()
    question = answering(ground).done(mine, on=START - 4 * DAY, attested=(), words="a good talk")
    assert (question.state, len(question.recorded)) == ("done", 2)
    assert ground.views.look("NOR-26").challenge.tasks[NEW].status == "done"


def test_an_answer_that_waits_counts_for_its_task(ground: Ground) -> None:
    theirs = link_to(ground, OLD, recipient=VISITOR)
    answering(ground).another_time(theirs, words="", moment=TIME + 6 * DAY)
    answering(ground).done(theirs, on=START - 4 * DAY, attested=(), words="")
    migrate(ground, *RING, call_visitor="ring")
    done, later = open_answers(ground)
    assert (done.task, later.task) == (NEW, NEW)
    settling(ground).accept(later.id, actor=MANAGER)
    assert ground.views.look("NOR-26").challenge.tasks[NEW].agreed_at == TIME + 6 * DAY
    settling(ground).accept(done.id, actor=MANAGER)
    assert ground.views.look("NOR-26").challenge.tasks[NEW].status == "done"


def test_undone_links_of_before_and_of_between_work_and_answers_are_as_they_were(
    ground: Ground,
) -> None:
    before = link_to(ground, OLD, recipient=VISITOR)
    answering(ground).cannot(before, why="I am at sea")
    migrate(ground, *RING, call_visitor="ring")
    between = link_to(ground, NEW)
    undo(ground)
    for link in (before, between):
        assert answering(ground).question(link).state == "open"
    assert [one.task for one in open_answers(ground)] == [OLD]
    answering(ground).done(between, on=START - 4 * DAY, attested=(), words="a good talk")
    assert ground.views.look("NOR-26").challenge.tasks[OLD].status == "done"


def test_a_link_does_not_lead_to_another_task_that_has_its_key_now(ground: Ground) -> None:
    old = link_to(ground, OLD)
    with ground.database.writing() as db:
        both = f'["brief_visitor:{VISITOR}", "{OLD}"]'
        db.execute("UPDATE outbox SET tasks = :both WHERE id = :id", both=both, id=old.message)
    ground.clock.at += DAY / 24
    migrate(ground, *SHIFTED, brief_visitor="call_visitor", call_visitor="ring")
    ground.clock.at += DAY / 24
    assert answering(ground).question(old).title == "Call Vic Visitor before the visit"
    new = link_to(ground, OLD, recipient=VISITOR)
    assert answering(ground).question(new).title == "Send Vic Visitor the briefing pack"
    with pytest.raises(LinkRefused):
        answering(ground).question(AnswerLink(old.message, "scope_agreed"))


def test_a_link_of_a_message_that_went_earlier_than_its_row_says_works(ground: Ground) -> None:
    link = link_to(ground, OLD)
    migrate(ground, *RING, call_visitor="ring")
    with ground.database.writing() as db:
        sent_at = "UPDATE outbox SET sent_at = :at WHERE id = :id"
        db.execute(sent_at, at=ground.clock.at + DAY, id=link.message)
    assert answering(ground).question(link).state == "open"


def test_what_would_change_a_task_that_is_gone_cannot_be_accepted(ground: Ground) -> None:
    theirs = link_to(ground, OLD, recipient=VISITOR)
    answering(ground).cannot(theirs, why="I am at sea")
    answering(ground).another_time(theirs, words="", moment=TIME + 6 * DAY)
    answering(ground).done(theirs, on=START - 4 * DAY, attested=(), words="")
    migrate(ground, *RING)
    assert answering(ground).question(theirs).state == "over"
    done, later, cannot = open_answers(ground)
    for answer in (done, later):
        text = (
            f"answer {answer.id} is about the task {OLD}, which NOR-26 does not have any more:"
            " nothing would follow from it"
        )
        with pytest.raises(Refused, match=text) as caught:
            settling(ground).accept(answer.id, actor=MANAGER)
        assert caught.value.hint == "decline it, and record by itself what was done"
        settling(ground).decline(answer.id, actor=MANAGER, reason="it is called otherwise now")
    settling(ground).accept(cannot.id, actor=MANAGER)
    assert open_answers(ground) == []


def test_what_was_answered_about_what_is_gone_is_read_by_whoever_settles(ground: Ground) -> None:
    theirs, mine = link_to(ground, OLD, recipient=VISITOR), link_to(ground, OLD)
    answering(ground).cannot(theirs, why="I am at sea")
    migrate(ground, *RING)
    question = answering(ground).question(theirs)
    assert (question.title, question.recorded) == ("", ())
    question = answering(ground).question(mine)
    assert (len(question.recorded), len(question.waiting)) == (1, 1)
    ground.act(c.ReleasePerson(person=MANAGER, reason="moved on"))
    question = answering(ground).question(mine)
    assert (question.state, question.recorded, question.waiting) == ("over", (), ())
