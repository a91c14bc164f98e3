"""Mail that came in is kept once, found again by what it answers, and leaves when it is closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from workflow.model.errors import InvalidInput, NotFound
from workflow.store import outbox, reports
from workflow.store.correspondence import incoming, matching, preferences, refusals
from workflow.store.correspondence.incoming import Received
from workflow.store.database import Database
from workflow.store.link import Link

from .builders import AT, HOUR, begin, go_on, line, notice, opened

MAIL = Received(
    message_id="<said@office.example>",
    came_at=AT,
    sender="ben@office.example",
    subject="Re: GAR-26",
    kind="reply",
    body="Done",
    digest="5e1f",
)


def sent(link: Link, number: int, *, message_id: str, carrier: int | None = None) -> None:
    """Send a message that waits, by itself or along with another."""
    claimed = outbox.claim(link, number, lease_until=AT + HOUR, at=AT)
    assert claimed is not None
    link.execute(
        "UPDATE outbox SET carrier_id = :carrier WHERE id = :id", carrier=carrier, id=number
    )
    values = {"message_id": message_id, "subject": "Hello", "text": "Words"}
    assert outbox.mark_sent(link, claimed, at=AT, **values)


def asked(database: Database) -> None:
    """Ask Ben about a task in a message, and tell Ada of another that goes along with it."""
    mine = line("call:2", status="open", assignees=(2,), person=2, opened_at=AT)
    other = line("call:1", status="open", assignees=(1,), person=1, opened_at=AT)
    over = line("call:3", status="done", assignees=(2,), person=2, opened_at=AT)
    begin(database, "GAR-26", mine, other, over)
    go_on(
        database,
        notice("a", tasks=("call:2", "call:1", "call:3"), rung="1"),
        notice("b", tasks=("call:2",), rung="2"),
    )
    with database.writing() as link:
        sent(link, 1, message_id="<1@office.example>")
        sent(link, 2, message_id="<1@office.example>", carrier=1)


def test_a_mail_is_kept_once(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        number = incoming.keep(link, MAIL)
        assert number is not None
        assert incoming.keep(link, replace(MAIL, body="Not done")) is None
        kept = incoming.one(link, number)
        assert (kept.status, kept.body, kept.came_at) == (incoming.NEW, "Done", AT)
        assert incoming.known(link, MAIL.message_id) == kept
        assert incoming.known(link, "<other@office.example>") is None
        assert incoming.open_ones(link) == [kept]


def test_a_new_mail_is_settled_once(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        number = incoming.keep(link, MAIL)
        assert number is not None
        incoming.settle(link, number, status=incoming.PROPOSED)
        incoming.settle(link, number, status=incoming.OPEN, note="later")
        assert incoming.one(link, number).status == incoming.PROPOSED
        assert incoming.open_ones(link) == []
        assert incoming.open_count(link) == 0


def test_what_is_open_is_listed_until_somebody_closes_it(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        numbers = [
            incoming.keep(link, replace(MAIL, message_id=f"<{n}@office.example>")) for n in range(3)
        ]
        for number in numbers:
            assert number is not None
            incoming.settle(link, number, status=incoming.OPEN, note="it answers nothing")
        first = numbers[0] or 0
        assert [one.id for one in incoming.open_ones(link)] == list(reversed(numbers))
        assert len(incoming.open_ones(link, limit=2)) == 2
        incoming.close(link, first, by=1, at=AT + HOUR, note="rang them")
        closed = incoming.one(link, first)
        assert (closed.status, closed.handled_by, closed.handled_at) == ("closed", 1, AT + HOUR)
        assert closed.note == "it answers nothing; rang them"
        assert incoming.open_count(link) == 2
        assert [one.id for one in incoming.listed(link, status="closed")] == [first]
        assert incoming.listed(link, reference="GAR-26") == []
        with pytest.raises(InvalidInput, match=f"^incoming mail {first} is closed already$"):
            incoming.close(link, first, by=1, at=AT)


def test_what_needs_nobody_cannot_be_closed_and_what_is_not_there_is_not_found(
    database_url: str,
) -> None:
    with opened(database_url) as database, database.writing() as link:
        number = incoming.keep(link, MAIL) or 0
        incoming.settle(link, number, status=incoming.FILED)
        with pytest.raises(InvalidInput, match="needs nobody"):
            incoming.close(link, number, by=1, at=AT)
        with pytest.raises(NotFound, match='no incoming mail "99"'):
            incoming.close(link, 99, by=1, at=AT)


def test_a_message_is_found_with_what_went_along(database_url: str) -> None:
    with opened(database_url) as database:
        asked(database)
        with database.reading() as link:
            match = matching.message(link, 1)
            assert match is not None
            assert [one.id for one in match.notices] == [1, 2]
            lead = match.lead
            assert (lead.id, lead.reference, lead.recipient, lead.sent_to) == (1, "GAR-26", 2, None)
            assert (lead.reader, lead.reader_email) == (2, "ben@office.example")
            assert lead.tasks == ("call:2", "call:1", "call:3")
            assert matching.message(link, 99) is None


def test_a_stand_in_is_the_reader(database_url: str) -> None:
    with opened(database_url) as database:
        asked(database)
        with database.writing() as link:
            link.execute("UPDATE outbox SET sent_to_id = 1 WHERE id = 1")
            match = matching.message(link, 1)
            assert match is not None
            assert (match.lead.reader, match.lead.reader_email) == (1, "ada@office.example")
            assert match.lead.recipient_email == "ben@office.example"


def test_the_nearest_message_id_that_is_ours_counts(database_url: str) -> None:
    with opened(database_url) as database:
        asked(database)
        with database.reading() as link:
            ids = ["<strange@office.example>", "<1@office.example>"]
            assert matching.carrier_of(link, ids) == 1
            assert matching.carrier_of(link, ids[:1]) is None
            assert matching.carrier_of(link, []) is None


def test_only_open_tasks_of_the_recipient_are_wanted(database_url: str) -> None:
    with opened(database_url) as database:
        asked(database)
        with database.reading() as link:
            match = matching.message(link, 1)
            assert match is not None
            (task,) = matching.wanted_tasks(link, match.lead)
            assert (task.key, task.spec, task.person, task.day) == ("call:2", "call", 2, None)
            assert (task.reference, task.zone, task.destroys) == ("GAR-26", "Europe/London", False)
            assert matching.wanted_tasks(link, replace(match.lead, tasks=())) == []
            assert matching.wanted_tasks(link, replace(match.lead, challenge_id=None)) == []


def test_what_a_mail_was_made_an_answer_of_is_known(database_url: str) -> None:
    with opened(database_url) as database:
        asked(database)
        with database.writing() as link:
            number = incoming.keep(link, MAIL) or 0
            link.execute(
                "INSERT INTO answer (challenge_id, task, person_id, kind, came_at, body,"
                " incoming_id, status, note) VALUES (1, 'call:2', 2, 'done', :at, 'Done', :id,"
                " 'open', '')",
                at=AT,
                id=number,
            )
            assert matching.answered(link, number) == {(1, "call:2")}
            assert matching.answered(link, number + 1) == set()


def test_a_message_that_came_back_fails_with_all_that_went_along(database_url: str) -> None:
    with opened(database_url) as database:
        asked(database)
        with database.writing() as link:
            preferences.mark_refused(link, 2, at=AT, why="550")
            assert refusals.mark_bounced(link, 1, untold_since=AT + HOUR, error="550 nobody") == 2
            assert refusals.mark_bounced(link, 1, untold_since=AT + HOUR, error="again") == 0
            rows = reports.mail(link)
            assert [(row.status, row.error) for row in rows] == [("failed", "550 nobody")] * 2
            assert [one.person for one in refusals.untold(link)] == [2, 2]
            assert outbox.recover(link, AT + timedelta(days=1)) == []
