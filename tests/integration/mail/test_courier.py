"""The courier loses nothing, sends once, and says what became of each message."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from notifications.courier import Courier, Drained
from notifications.mailserver import parse_mail_url
from notifications.message import Message, UnsendableMessage
from notifications.render import Renderer
from notifications.sink import Sink
from notifications.transport import MemoryTransport, SMTPTransport
from tests.integration.mail.post import (
    AWAY,
    LATER,
    NEVER,
    SENDER,
    TOO_LARGE,
    UNKNOWN,
    Post,
    Scripted,
    everybody,
)
from workflow.store import outbox

MINUTES = (5, 30, 60, 120, 120)


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    made = Post(database_url)
    yield made
    made.database.close()


def test_what_waits_is_sent_once_and_kept_as_it_was_sent(post: Post) -> None:
    post.put(3)
    transport = MemoryTransport()
    assert post.drain(transport) == Drained(sent=3)
    assert post.drain(transport) == Drained()
    rows = post.rows()
    assert [row.status for row in rows] == ["sent"] * 3
    assert [(row.subject, row.message_id) for row in rows] == [
        (message.subject, message.message_id) for message in transport.messages
    ]


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize(
    ("error", "status", "outcome"),
    [
        (LATER, "waiting", Drained(sent=2, postponed=1)),
        (NEVER, "failed", Drained(sent=2, failed=1)),
        (UNKNOWN, "waiting", Drained(sent=2, uncertain=1)),
        (UnsendableMessage("no address"), "failed", Drained(sent=2, failed=1)),
        (ZeroDivisionError("a mistake of ours"), "uncertain", Drained(sent=2, uncertain=1)),
    ],
)
def test_one_message_that_fails_does_not_stop_the_others(
    post: Post, error: Exception, status: str, outcome: Drained, position: int
) -> None:
    post.put(3)
    transport = Scripted(*[None] * position, error)
    assert post.drain(transport) == outcome
    expected = ["sent"] * 3
    expected[position] = status
    assert post.statuses() == expected
    assert post.rows()[position].error == str(error)


def test_a_message_that_cannot_be_written_fails_with_its_reason(post: Post) -> None:
    post.put(1)
    courier = Courier(
        post.database, post.clock, MemoryTransport(), renderer=_Broken(), sender=SENDER
    )
    assert courier.drain() == Drained(failed=1)
    assert post.rows()[0].error == "the template call_reminder.text.txt cannot be filled in"


class _Broken(Renderer):
    def render(self, notice: str, facts: object) -> object:  # type: ignore[override]
        raise UnsendableMessage(f"the template {notice}.text.txt cannot be filled in")


def test_a_failed_message_is_sent_when_a_person_says_so(post: Post) -> None:
    post.put(1)
    transport = Scripted(TOO_LARGE)
    post.drain(transport)
    post.retry(0)
    assert post.drain(transport) == Drained(sent=1)


def test_retries_wait_longer_each_time_and_keep_message_id_and_date(post: Post) -> None:
    post.put(1)
    transport = Scripted(*[LATER] * 5, is_taken_first=True)
    for minutes in MINUTES:
        assert post.drain(transport) == Drained(postponed=1)
        post.later(minutes=minutes, seconds=-1)
        assert post.drain(transport) == Drained()
        post.later(seconds=1)
    assert post.drain(transport) == Drained(sent=1)
    assert len({(m.message_id, m.date) for m in transport.messages}) == 1
    assert len(transport.messages) == 6
    assert post.rows()[0].attempts == 6


def test_a_message_is_given_up_after_five_days_and_not_before(post: Post) -> None:
    post.put(1)
    transport = Scripted(*[LATER] * 200)
    began = post.clock.at
    while post.statuses() == ["waiting"]:
        given_up_at = post.clock.at
        post.drain(transport)
        post.later(minutes=30)
    assert timedelta(days=5) <= given_up_at - began <= timedelta(days=5, hours=3)
    assert post.statuses() == ["failed"]
    assert post.rows()[0].error == str(LATER)


def test_a_server_that_was_away_for_weeks_leaves_each_message_its_attempts(post: Post) -> None:
    post.put(1)
    transport = Scripted(AWAY, LATER)
    assert post.drain(transport) == Drained(trouble=str(AWAY))
    post.later(days=20)
    assert post.drain(transport) == Drained(postponed=1)
    post.later(minutes=5)
    assert post.drain(transport) == Drained(sent=1)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_when_the_server_is_away_the_round_ends_and_nothing_is_lost(
    post: Post, position: int
) -> None:
    post.put(3)
    transport = Scripted(*[None] * position, AWAY)
    assert post.drain(transport) == Drained(sent=position, trouble=str(AWAY))
    assert post.statuses() == ["sent"] * position + ["waiting"] * (3 - position)
    assert [row.attempts for row in post.rows()[position:]] == [0] * (3 - position)
    assert post.drain(transport) == Drained(sent=3 - position)
    assert transport.delivered == everybody(3)


def test_a_server_that_is_away_is_left_alone_longer_each_time(post: Post) -> None:
    post.put(1)
    transport = Scripted(*[AWAY] * 7)
    courier = post.courier(transport)
    for minutes in (1, 2, 5, 10, 30, 30, 30):
        left = len(transport.script)
        assert courier.drain().trouble == str(AWAY)
        post.later(minutes=minutes, seconds=-1)
        assert courier.drain().trouble == str(AWAY)
        assert len(transport.script) == left - 1
        post.later(seconds=1)
    assert courier.drain() == Drained(sent=1)


def test_mail_by_smtp_waits_for_a_server_that_is_away(post: Post) -> None:
    post.put(4)
    with Sink() as sink:
        url = sink.url
    assert "cannot be used" in post.drain(SMTPTransport(parse_mail_url(url))).trouble
    assert post.statuses() == ["waiting"] * 4
    with Sink() as sink:
        assert post.drain(SMTPTransport(parse_mail_url(sink.url))) == Drained(sent=4)
        assert Counter(to for mail in sink.received for to in mail.recipients) == everybody(4)


def test_a_reminder_that_is_no_longer_true_is_not_sent(post: Post) -> None:
    post.put(2)
    post.finish(0)
    transport = Scripted()
    assert post.drain(transport) == Drained(sent=1, cancelled=1)
    assert post.statuses() == ["cancelled", "sent"]
    assert post.rows()[0].error == "no longer true when it was to be sent"
    assert transport.delivered == Counter({"peer.1@example.test": 1})


def test_a_reminder_that_becomes_untrue_between_two_attempts_is_not_sent_again(post: Post) -> None:
    post.put(1)
    transport = Scripted(LATER)
    post.drain(transport)
    post.finish(0)
    post.later(minutes=5)
    assert post.drain(transport) == Drained(cancelled=1)
    assert transport.delivered == Counter()


@pytest.mark.parametrize(
    "stands_still",
    ["UPDATE challenge SET is_paused = :yes", "UPDATE task SET is_held = :yes"],
    ids=["paused", "on hold"],
)
def test_a_reminder_waits_while_it_is_stopped_and_is_said_after_that(
    post: Post, stands_still: str
) -> None:
    post.put(1)
    transport = MemoryTransport()
    with post.database.writing() as link:
        link.execute(stands_still, yes=True)
    assert post.drain(transport) == Drained()
    (row,) = post.rows()
    assert (row.status, row.attempts) == ("waiting", 0)
    assert row.error == "it waits: the challenge is paused, or what it reminds of is on hold"
    post.later(minutes=15)
    post.drain(transport)  # and in a quarter of the time that it has waited
    post.later(days=40)
    post.drain(transport)
    with post.database.writing() as link:
        link.execute(stands_still, yes=False)
    post.later(hours=23, minutes=59)
    assert post.drain(transport) == Drained()
    post.later(minutes=1)
    assert post.drain(transport) == Drained(sent=1)
    assert post.rows()[0].error is None


def test_held_mail_is_not_sent_and_not_lost(post: Post) -> None:
    post.put(2)
    transport = MemoryTransport()
    with post.database.writing() as link:
        outbox.hold(link, "the clock jumped")
    assert post.drain(transport) == Drained(is_held=True)
    assert transport.messages == []
    with post.database.writing() as link:
        outbox.release(link)
    assert post.drain(transport) == Drained(sent=2)


def test_mail_that_is_held_in_the_middle_of_a_round_stops_there(post: Post) -> None:
    post.put(3)

    class Holding(MemoryTransport):
        def send(self, message: Message) -> None:
            super().send(message)
            with post.database.writing() as link:
                outbox.hold(link, "stop")

    assert post.drain(Holding()).sent == 1
    assert post.statuses() == ["sent", "held", "held"]


def test_a_round_ends_when_it_is_asked_to(post: Post) -> None:
    post.put(3)
    transport = MemoryTransport()
    done = post.courier(transport).drain(is_stopping=lambda: len(transport.messages) == 2)
    assert done == Drained(sent=2)
    assert post.statuses() == ["sent", "sent", "waiting"]


def test_a_round_takes_no_more_than_it_may(post: Post) -> None:
    post.put(3)
    assert post.courier(MemoryTransport()).drain(2) == Drained(sent=2)
