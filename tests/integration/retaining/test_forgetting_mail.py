"""What mail says of a person goes with them: addresses, names and words, wherever they stand."""

from collections.abc import Iterator

import pytest

from tests.grounds import ADA, Ground, opened
from tests.integration.mail.arrivals import CALL, Arrivals, begun
from tests.integration.mail.post import INVITATION, NEVER, Post, Scripted
from tests.integration.mail.test_collecting import reply
from tests.integration.mail.test_habits import set_away
from tests.visits import HOST, MANAGER, VISITOR
from workflow.answering.settlements import Settlements
from workflow.model.commands import ReleasePerson
from workflow.model.events import TaskDone
from workflow.retaining.forgetting import Forgetting
from workflow.store import outbox, reports
from workflow.store.correspondence import answers, incoming, preferences, refusals
from workflow.store.keeping.marks import DESTROYED
from workflow.store.records import erasure
from workflow.store.records.erasure import Erased

HAL, MAX = "hal.host@team.example", "max.manager@team.example"
_OLD = "UPDATE incoming SET note = 'not delivered to ' || :address, person_id = NULL"
_DOUBTFUL = "UPDATE outbox SET status = 'uncertain' WHERE id = :id"
_WRITTEN = "UPDATE outbox SET subject = 'Call', body = 'Call Vic' WHERE carrier_id IS NULL"
_LIVE = "SELECT links_revoked_at IS NULL FROM outbox"


@pytest.fixture
def arrivals(database_url: str) -> Iterator[Arrivals]:
    """Yield a visit whose visitors are to be called, and one message that asks Vic of it."""
    with opened(database_url) as ground:
        yield begun(ground)


def forget(ground: Ground, person: int) -> None:
    ground.act(ReleasePerson(person=person, reason="has left"))
    Forgetting(ground.database, ground.clock).forget(person, "asks for it", actor=ADA)


def notes(arrivals: Arrivals, *, is_sealed: bool) -> str:
    with arrivals.ground.database.reading(is_sealed=is_sealed) as link:
        return str(link.rows("SELECT sender, subject, body, note FROM incoming"))


@pytest.mark.parametrize("is_old", [False, True], ids=["today", "as earlier versions kept it"])
def test_a_message_that_came_back_names_nobody_who_was_forgotten(
    arrivals: Arrivals, *, is_old: bool
) -> None:
    arrivals.take("bounce_postfix", arrivals.send(recipient=HOST), reader=HAL)
    assert HAL in notes(arrivals, is_sealed=False)
    assert HAL not in notes(arrivals, is_sealed=True)
    assert arrivals.mails()[0].person_id == HOST
    if is_old:
        with arrivals.ground.database.writing() as link:
            link.execute(_OLD, address=HAL)
    forget(arrivals.ground, HOST)
    (kept,) = arrivals.mails()
    assert (kept.sender, kept.body, kept.note) == (DESTROYED,) * 3


def test_a_note_on_another_ones_mail_goes_with_whom_it_names(arrivals: Arrivals) -> None:
    """Somebody else answered what went to Hal: their words stay, and his address does not."""
    message = arrivals.send(recipient=HOST)
    arrivals.collector().take(reply(arrivals, "Done", message, From=MAX))
    assert arrivals.mails()[0].note == f"from somebody else ({MAX}), not from {HAL}"
    forget(arrivals.ground, HOST)
    (kept,) = arrivals.mails()
    assert (kept.sender, kept.body, kept.note) == (MAX, "Done", DESTROYED)


def test_what_is_said_when_a_mail_is_closed_is_sealed(arrivals: Arrivals) -> None:
    arrivals.take("automatic_exchange")
    with arrivals.ground.database.writing() as link:
        incoming.close(link, 1, by=MANAGER, at=arrivals.ground.clock.at, note="rang Vic Visitor")
    assert arrivals.mails()[0].note == "sent by a machine: no answer; rang Vic Visitor"
    assert "rang Vic" not in notes(arrivals, is_sealed=True)


def test_who_is_away_and_answers_all_the_same_is_forgotten_with_their_words(
    arrivals: Arrivals,
) -> None:
    message = arrivals.send("scope_agreed", recipient=MANAGER, sent_to=HOST)
    arrivals.collector().take(reply(arrivals, "I am in hospital", message, From=MAX))
    assert arrivals.mails()[0].person_id == MANAGER
    forget(arrivals.ground, MANAGER)
    (kept,) = arrivals.mails()
    assert (kept.sender, kept.body) == (DESTROYED, DESTROYED)


def test_what_was_written_to_others_of_ones_own_tasks_goes_also_where_it_went_along(
    arrivals: Arrivals,
) -> None:
    of_them = arrivals.send(recipient=MANAGER)
    lead = arrivals.send("scope_agreed", recipient=MANAGER)
    along = arrivals.go_along(lead, CALL, recipient=MANAGER, reference="NOR-26")
    of_others = arrivals.send("scope_agreed", f"call_visitor:1{VISITOR}", recipient=MANAGER)
    with arrivals.ground.database.writing() as link:
        link.execute(_WRITTEN)
        erasure.erase_person(link, VISITOR, Erased(), at=arrivals.ground.clock.at)
        texts = [reports.message(link, one).text for one in (of_them, lead, along, of_others)]
    assert texts == [DESTROYED, DESTROYED, DESTROYED, "Call Vic"]


def test_who_said_what_became_of_a_message_is_forgotten_with_that(arrivals: Arrivals) -> None:
    at, said = arrivals.ground.clock.at, "Max Manager said that it arrived"
    with arrivals.ground.database.writing() as link:
        link.execute(_DOUBTFUL, id=arrivals.first)
        outbox.settle(link, arrivals.first, has_arrived=True, at=at, note=said, by=MANAGER)
        assert reports.message(link, arrivals.first).row.error == said
    with arrivals.ground.database.reading(is_sealed=True) as link:
        assert "Max" not in (reports.message(link, arrivals.first).row.error or "")
    forget(arrivals.ground, MANAGER)
    with arrivals.ground.database.reading() as link:
        assert reports.message(link, arrivals.first).row.error == DESTROYED


def test_why_an_answer_does_not_count_is_sealed(arrivals: Arrivals) -> None:
    arrivals.collector().take(reply(arrivals, "Done"))
    (answer,) = arrivals.answers()
    ground, why = arrivals.ground, "Vic was ill that day"
    Settlements(ground.database, ground.clock).decline(answer.id, actor=MANAGER, reason=why)
    with ground.database.reading() as link:
        assert answers.one(link, answer.id).note == why
    with ground.database.reading(is_sealed=True) as link:
        assert "Vic" not in answers.one(link, answer.id).note


def test_why_all_mail_is_held_is_sealed_and_goes_with_whoever_holds_it(arrivals: Arrivals) -> None:
    with arrivals.ground.database.writing() as link:
        outbox.hold(link, "held by Max Manager", by=MANAGER)
        assert outbox.holding(link) == "held by Max Manager"
    with arrivals.ground.database.reading(is_sealed=True) as link:
        assert "Max" not in (outbox.holding(link) or "")
    forget(arrivals.ground, MANAGER)
    with arrivals.ground.database.reading() as link:
        assert outbox.holding(link) == DESTROYED


def test_evidence_of_a_task_that_is_nobodys_own_names_nobody(arrivals: Arrivals) -> None:
    arrivals.ground.start("NOR-27")
    message = arrivals.send("scope_agreed", recipient=MANAGER, reference="NOR-27")
    arrivals.collector().take(reply(arrivals, "Done", message, From=MAX))
    (answer,) = arrivals.answers()
    ground = arrivals.ground
    Settlements(ground.database, ground.clock).accept(answer.id, actor=ADA)
    (done,) = [one for one in ground.history("NOR-27") if isinstance(one, TaskDone)]
    start = f"e-mail of Friday 20 November 2026, answer {answer.id}: “Done” (Message-ID <"
    assert done.evidence.startswith(start)
    assert MAX not in done.evidence


def test_evidence_of_ones_own_task_says_from_whom_it_came(arrivals: Arrivals) -> None:
    arrivals.collector().take(reply(arrivals, "Done"))
    (answer,) = arrivals.answers()
    ground = arrivals.ground
    Settlements(ground.database, ground.clock).accept(answer.id, actor=MANAGER)
    task = ground.views.look("NOR-26").challenge.tasks[f"call_visitor:{VISITOR}"]
    start = "e-mail of Friday 20 November 2026 from vic.visitor@team.example: “Done” (Message-ID <"
    assert task.evidence.startswith(start)


@pytest.mark.parametrize("status", ["failed", "uncertain"])
def test_what_did_not_reach_a_stand_in_is_still_for_whom_it_was_for(
    database_url: str, status: str
) -> None:
    post = Post(database_url, people_count=2)
    ann, bob = post.recipients
    set_away(post, stand_in=bob)
    post.put(1, notice=INVITATION, is_ladder=False)
    post.drain(Scripted(NEVER))
    with post.database.writing() as link:
        link.execute("UPDATE outbox SET status = :status", status=status)
        erasure.erase_person(link, bob, Erased(), at=post.clock.now())
        preferences.set_back(link, ann)
    (row,) = post.rows()
    found = (row.status, row.to, row.for_whom, row.error)
    assert found == (status, "peer.0@example.test", None, None)
    with post.database.writing() as link:
        assert refusals.untold(link) == []
        assert link.row(_LIVE) == (status == "failed",)
        outbox.retry(link, row.id, at=post.clock.now())
    transport = Scripted()
    post.drain(transport)
    assert [message.to.address for message in transport.messages] == ["peer.0@example.test"]
    post.database.close()
