"""What the store does when a challenge goes on under another definition."""

from dataclasses import replace

import pytest

from workflow.model import events as e
from workflow.model.errors import NotFound
from workflow.store import challenges, library, outbox, tasks
from workflow.store.challenges import Origin
from workflow.store.correspondence import answers
from workflow.store.database import Database

from .builders import AT, DEFINITION, begin, go_on, line, notice, opened, step

CALL, MAIL, LAST = line("call:2", person=2), line("mail", position=2), line("last", position=3)
MOVED = e.DefinitionMigrated(
    at=AT,
    actor=1,
    definition="garden_visit",
    version="2.0",
    content_hash="other",
    stage="planning",
    old_version="1.0",
    renamed={"call": "ring"},
    dropped=("mail",),
)


def keep_other(database: Database) -> None:
    """Keep a second version of the definition."""
    with database.writing() as link:
        other = DEFINITION.model_copy(update={"version": "2.0"})
        library.keep(link, content_hash="other", definition=other, text="other", at=AT)


def test_tasks_that_are_gone_or_called_otherwise_are_written_anew(database_url: str) -> None:
    with opened(database_url) as database:
        challenge_id = begin(database, "GAR-26", CALL, MAIL, LAST)
        keep_other(database)
        ring, new = replace(CALL, key="ring:2", spec="ring"), line("new", position=2)
        issued = e.TaskIssued(at=AT, task="new", spec="new")
        with database.writing() as link:
            stored = challenges.load(link, "GAR-26")
            change = step(stored, MOVED, issued, lines=(ring, LAST, new))
            challenges.append(link, stored, change, origin=Origin("test"))
        with database.reading() as link:
            cold = challenges.load(link, "GAR-26", is_cached=False)
            assert list(cold.challenge.tasks) == ["ring:2", "last", "new"]
            assert cold.challenge == change.challenge
            assert {one.key for one in tasks.lines(link, challenge_id)} == {"ring:2", "last", "new"}
            (one,) = challenges.under(link, "garden_visit")
            assert (one.reference, one.is_final, one.content_hash) == ("GAR-26", False, "other")
            listed = {kept.version: kept.challenges for kept in library.listed(link)}
        assert listed == {"1.0": 0, "2.0": 1}


def test_then_every_task_needs_a_line(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL, MAIL)
        keep_other(database)
        with pytest.raises(ValueError, match="not every task of GAR-26 has a line"):
            go_on(database, MOVED)


def test_those_whose_definition_was_changed_are_found(database_url: str) -> None:
    with opened(database_url) as database:
        for reference in ("GAR-27", "GAR-26", "GAR-28"):
            begin(database, reference)
        keep_other(database)
        for reference in ("GAR-27", "GAR-28"):
            go_on(database, MOVED, reference=reference)
        with database.reading() as link:
            assert challenges.moved(link, "garden_visit") == ["GAR-27", "GAR-28"]
            assert challenges.moved(link, "other_visit") == []
            assert [one.reference for one in challenges.under(link, "garden_visit")] == [
                "GAR-26", "GAR-27", "GAR-28",
            ]  # fmt: skip


def test_messages_that_wait_speak_of_their_tasks_by_new_names(database_url: str) -> None:
    with opened(database_url) as database:
        challenge_id = begin(database, "GAR-26", CALL, MAIL)
        go_on(database, notice("a", tasks=("call:2", "mail"), rung="r.0"), notice("b"))
        go_on(database, notice("c", tasks=("mail",), rung="r.0"))
        with database.writing() as link:
            outbox.rename(link, challenge_id, {"call:2": "ring:2"})
            found = [one.tasks for one in outbox.reminders_of(link, challenge_id)]
        assert found == [("ring:2", "mail"), ("mail",)]


def test_what_was_sent_speaks_of_its_tasks_by_new_names_and_keeps_what_it_said(
    database_url: str,
) -> None:
    with opened(database_url) as database:
        challenge_id = begin(database, "GAR-26", CALL)
        go_on(database, notice("a", tasks=("call:2",), rung="r.0"))
        with database.writing() as link:
            (message,) = outbox.waiting(link, AT, 10)
            claimed = outbox.claim(link, message, lease_until=AT, at=AT)
            assert claimed is not None
            outbox.mark_sent(link, claimed, at=AT, message_id="<a>", subject="s", text="t")
            marks = link.rows("SELECT marks FROM outbox")
            outbox.rename(link, challenge_id, {"call:2": "ring:2"})
            assert link.rows("SELECT tasks FROM outbox") == [('["ring:2"]',)]
            assert link.rows("SELECT marks FROM outbox") == marks != [(None,)]
            found = answers.asked(link, message)
        assert found is not None
        assert (found.tasks, found.sent_at) == (("ring:2",), AT)


def test_answers_that_wait_are_about_their_tasks_by_new_names(database_url: str) -> None:
    with opened(database_url) as database:
        challenge_id = begin(database, "GAR-26", CALL)
        says = e.AnswerGiven(at=AT, actor=2, task="call:2", answer="cannot", says="I am ill")
        go_on(database, says)
        go_on(database, says)
        with database.writing() as link:
            answers.settle(link, 1, status=answers.ACCEPTED, by=1, at=AT)
            answers.rename(link, challenge_id, {"call:2": "ring:2", "mail": "letter"})
            found = answers.listed(link, with_settled=True)
        assert [(one.id, one.task) for one in found] == [(2, "ring:2"), (1, "call:2")]


def test_a_definition_may_be_at_hand_without_being_kept(database_url: str) -> None:
    with opened(database_url) as database, database.reading() as link:
        with pytest.raises(NotFound):
            library.fetch(link, "unkept")
        library.know("unkept", DEFINITION)
        assert library.fetch(link, "unkept") is DEFINITION
        assert len(library.listed(link)) == 1
        library.forget()
