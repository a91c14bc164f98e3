"""The outbox: each message once, and nobody's late word undoes another's."""

import threading
from datetime import timedelta

import pytest

from workflow.model.errors import InvalidInput, NotFound
from workflow.store import outbox, reports
from workflow.store.backups import mail
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.outbox import Claimed

from .builders import AT, HOUR, begin, go_on, line, notice, opened

MINUTE = timedelta(minutes=1)


def put(link: Link, key: str = "digest/2026-11-02/1") -> bool:
    """Put a message to Ada that belongs to no challenge into the outbox."""
    return outbox.put(link, unique_key=key, notice="digest", recipient_id=1, at=AT)


def claim(link: Link, message_id: int = 1, *, minutes: int = 0) -> Claimed | None:
    """Try to take a message some minutes later, for five minutes."""
    at = AT + minutes * MINUTE
    return outbox.claim(link, message_id, lease_until=at + 5 * MINUTE, at=at)


def taken(link: Link, message_id: int = 1, *, minutes: int = 0) -> Claimed:
    """Take a message that is there to be taken."""
    found = claim(link, message_id, minutes=minutes)
    assert found is not None
    return found


def status(link: Link, message_id: int = 1) -> str:
    """Return where a message is in its life."""
    return reports.message(link, message_id).row.status


def sent(link: Link, claimed: Claimed) -> bool:
    """Note that a message was sent."""
    at = AT + 2 * MINUTE
    values = {"message_id": "<1@office.example>", "subject": "Hello", "text": "Words"}
    return outbox.mark_sent(link, claimed, at=at, **values)


def test_a_message_goes_from_waiting_to_sent(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        assert put(link)
        assert outbox.waiting(link, AT, 10) == [1]
        claimed = taken(link)
        assert (claimed.fence, claimed.attempts) == (1, 1)
        assert outbox.waiting(link, AT, 10) == []
        assert outbox.is_ours(link, claimed)
        assert sent(link, claimed)
        mail = reports.message(link, 1)
        assert (mail.row.status, mail.row.subject, mail.text) == ("sent", "Hello", "Words")
        assert mail.row.sent_at == AT + 2 * MINUTE
        assert mail.row.message_id == "<1@office.example>"
        assert not outbox.is_ours(link, claimed)
        assert outbox.counts(link) == {"sent": 1}


def test_what_is_unique_is_put_once(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        assert put(link)
        assert not put(link)
        assert put(link, "digest/2026-11-09/1")
        assert len(outbox.waiting(link, AT, 10)) == 2
        assert outbox.waiting(link, AT, 1) == [1]
        assert outbox.waiting(link, AT - MINUTE, 10) == []


def test_a_message_is_claimed_by_one_only(database_url: str) -> None:
    won: list[Claimed | None] = []

    def take() -> None:
        with database.writing() as link:
            won.append(claim(link))

    with opened(database_url) as database:
        with database.writing() as link:
            put(link)
        threads = [threading.Thread(target=take) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([one for one in won if one]) == 1


def test_a_retry_waits_for_its_time(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        put(link)
        later = AT + 30 * MINUTE
        assert outbox.mark_retry(link, taken(link), next_attempt_at=later, error="450 greylisted")
        assert claim(link, minutes=29) is None
        again = taken(link, minutes=30)
        assert (again.fence, again.attempts) == (2, 2)
        row = reports.message(link, 1).row
        assert (row.error, row.created_at, row.not_before) == ("450 greylisted", AT, AT)


def test_a_server_that_is_away_costs_no_attempt(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        put(link)
        soon = AT + MINUTE
        assert outbox.put_back(link, taken(link), next_attempt_at=soon, error="421 closing")
        assert taken(link, minutes=1).attempts == 1


@pytest.mark.parametrize("end", ["failed", "uncertain", "cancelled"])
def test_a_message_may_end_otherwise(database_url: str, end: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        put(link)
        claimed = taken(link)
        if end == "failed":
            assert outbox.mark_failed(link, claimed, error="550 no such user")
        elif end == "uncertain":
            assert outbox.mark_uncertain(link, claimed, error="timed out after DATA")
        else:
            assert outbox.cancel(link, claimed, reason="the task is done")
        assert status(link) == end
        assert reports.message(link, 1).row.error
        assert outbox.waiting(link, AT + HOUR, 10) == []


def test_a_lease_that_is_over_makes_a_message_uncertain(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", line("call:2", person=2))
        go_on(database, notice("a", rung="late", tasks=("call:2",)))
        with database.writing() as link:
            put(link)
            slow, _ = taken(link), taken(link, 2, minutes=1)
            assert outbox.recover(link, AT + 5 * MINUTE - timedelta(seconds=1)) == []
            assert outbox.recover(link, AT + 6 * MINUTE) == [
                outbox.Recovered(1, is_ladder=True),
                outbox.Recovered(2, is_ladder=False),
            ]
            assert status(link) == "uncertain"
            assert sent(link, slow)
            assert status(link) == "sent"


def test_the_word_of_a_courier_that_was_overtaken_does_not_count(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        put(link)
        slow = taken(link)
        outbox.recover(link, AT + HOUR)
        outbox.retry(link, 1, at=AT + HOUR)
        quick = taken(link, minutes=60)
        assert quick.fence == slow.fence + 1
        late = [
            sent(link, slow),
            outbox.mark_retry(link, slow, next_attempt_at=AT, error="x"),
            outbox.put_back(link, slow, next_attempt_at=AT, error="x"),
            outbox.mark_failed(link, slow, error="x"),
            outbox.mark_uncertain(link, slow, error="x"),
            outbox.cancel(link, slow, reason="x"),
            outbox.is_ours(link, slow),
        ]
        assert late == [False] * 7
        assert status(link) == "sending"
        assert sent(link, quick)


def test_without_the_fence_the_overtaken_courier_would_win(database_url: str) -> None:
    """The control: with the other's fence, the same word is taken."""
    with opened(database_url) as database, database.writing() as link:
        put(link)
        slow = taken(link)
        outbox.recover(link, AT + HOUR)
        outbox.retry(link, 1, at=AT + HOUR)
        quick = taken(link, minutes=60)
        forged = Claimed(slow.id, quick.fence, slow.attempts, slow.at)
        assert outbox.mark_failed(link, forged, error="x")


def in_state(database: Database, state: str) -> None:
    """Bring message 1 into a state."""
    with database.writing() as link:
        put(link)
        claimed = taken(link) if state != "waiting" else Claimed(0, 0, 0, AT)
        if state == "sent":
            sent(link, claimed)
        elif state == "cancelled":
            outbox.cancel(link, claimed, reason="x")
        elif state == "failed":
            outbox.mark_failed(link, claimed, error="x")
        elif state == "uncertain":
            outbox.mark_uncertain(link, claimed, error="x")


@pytest.mark.parametrize("state", ["waiting", "failed", "uncertain"])
def test_a_person_may_have_a_message_sent_again(database_url: str, state: str) -> None:
    with opened(database_url) as database:
        in_state(database, state)
        with database.writing() as link:
            outbox.retry(link, 1, at=AT + HOUR)
            assert outbox.waiting(link, AT + HOUR, 10) == [1]


@pytest.mark.parametrize(
    ("state", "text"),
    [("sent", "has been sent"), ("sending", "is being sent"), ("cancelled", "was cancelled")],
)
def test_what_cannot_be_sent_again_says_why(database_url: str, state: str, text: str) -> None:
    with opened(database_url) as database:
        in_state(database, state)
        with database.writing() as link, pytest.raises(InvalidInput) as caught:
            outbox.retry(link, 1, at=AT)
    allowed = "allowed: to retry one that failed, is uncertain or is waiting"
    assert str(caught.value) == f"message 1 {text}; {allowed}"


def test_whatever_is_not_sent_in_a_backup_may_have_been_sent_since(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        for number in range(4):
            put(link, f"digest/{number}/1")
        later = AT + 30 * MINUTE
        assert outbox.mark_retry(link, taken(link, 1), next_attempt_at=later, error="450 later")
        assert sent(link, taken(link, 2))
        taken(link, 3)
        assert mail.doubt(link) == 3
        assert [status(link, number) for number in range(1, 5)] == [
            "uncertain", "sent", "uncertain", "uncertain"
        ]  # fmt: skip
        assert mail.doubtful(link) == mail.trust(link, AT) == 3
        assert outbox.counts(link) == {"sent": 1, "waiting": 3}


def test_a_message_that_is_not_there_is_not_found(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        with pytest.raises(NotFound, match='there is no message "7"'):
            outbox.retry(link, 7, at=AT)
        with pytest.raises(NotFound, match='there is no message "7"'):
            reports.message(link, 7)


def test_while_mail_is_held_nothing_goes_and_nothing_is_lost(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        put(link)
        assert outbox.holding(link) is None
        outbox.hold(link, "the clock jumped")
        assert outbox.holding(link) == "the clock jumped"
        assert outbox.waiting(link, AT, 10) == []
        assert claim(link) is None
        assert status(link) == "held"
        assert [row.status for row in reports.mail(link, status="held")] == ["held"]
        assert reports.mail(link, status="waiting") == []
        outbox.release(link)
        assert [row.status for row in reports.mail(link, status="waiting")] == ["waiting"]
        assert claim(link) is not None


def test_the_reminders_of_a_challenge_that_wait_are_read_with_their_tasks(
    database_url: str,
) -> None:
    with opened(database_url) as database:
        garden = begin(database, "GAR-26", line("call:2"), line("call:1"))
        begin(database, "POND-26", line("call:2"))
        go_on(database, notice("a", tasks=("call:2", "call:1"), rung="chase.0"), notice("news"))
        go_on(database, notice("b", tasks=("call:1",), rung="chase.1", recipient=1))
        go_on(database, notice("c", tasks=("call:2",), rung="chase.0"), reference="POND-26")
        with database.writing() as link:
            found = outbox.reminders_of(link, garden)
            assert [(one.recipient, one.tasks) for one in found] == [
                (2, ("call:2", "call:1")),
                (1, ("call:1",)),
            ]
            taken(link, found[0].id)
            assert outbox.reminders_of(link, garden) == found[1:]
