"""The courier loses nothing, sends once, and says what became of each message."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from notifications.courier import LEASE, Courier, Drained, Outcome
from notifications.mailserver import parse_mail_url
from notifications.message import Message, UnsendableMessage
from notifications.render import Renderer
from notifications.sink import Sink
from notifications.transport import MemoryTransport, SMTPTransport, TransportError
from tests.integration.mail.post import INVITATION, SENDER, Post
from workflow.store import briefs, outbox

LATER = TransportError("RCPT: 450 greylisted")
NEVER = TransportError("RCPT: 550 no such user", permanent=True)
UNKNOWN = TransportError("no answer; it may have been taken", is_uncertain=True)
AWAY = TransportError("smtp://mail.example:25 cannot be used", is_whole_server=True)
MINUTES = (5, 30, 60, 120, 120)


class Killed(BaseException):
    """The process dies here, as far as the courier can tell."""


class Scripted(MemoryTransport):
    """Does to each message, in turn, what the script says; takes it where the script is over.

    `is_taken_first`: the message is taken before the script's error is raised.
    """

    def __init__(self, *script: BaseException | None, is_taken_first: bool = False) -> None:
        super().__init__()
        self.script = list(script)
        self.is_taken_first = is_taken_first

    def send(self, message: Message) -> None:
        error = self.script.pop(0) if self.script else None
        if error is None or self.is_taken_first:
            super().send(message)
        if error is not None:
            raise error

    @property
    def delivered(self) -> Counter[str]:
        return Counter(message.to.address for message in self.messages)


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    made = Post(database_url)
    yield made
    made.database.close()


def everybody(count: int) -> Counter[str]:
    return Counter(f"peer.{number}@example.test" for number in range(count))


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
    transport = Scripted(NEVER)
    post.drain(transport)
    with post.database.writing() as link:
        outbox.retry(link, post.rows()[0].id, at=post.clock.now())
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
    transport = MemoryTransport()
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


def after_a_kill(post: Post, make: Callable[[Scripted], Courier], *, is_taken: bool) -> Scripted:
    """Kill a courier at its second message of three, let another follow; return what was sent."""
    post.put(3)
    transport = Scripted(None, Killed(), is_taken_first=is_taken)
    with pytest.raises(Killed):
        make(transport).drain()
    assert post.drain(transport).sent == 1
    post.later(seconds=LEASE.total_seconds())
    post.drain(transport)
    return transport


def test_killed_before_sending_loses_nothing_and_sends_once(post: Post) -> None:
    transport = after_a_kill(post, post.courier, is_taken=False)
    assert transport.delivered == everybody(3)
    assert post.statuses() == ["sent"] * 3


def test_killed_between_sending_and_marking_sends_one_more_copy_of_one(post: Post) -> None:
    transport = after_a_kill(post, post.courier, is_taken=True)
    assert transport.delivered == everybody(3) + Counter({"peer.1@example.test": 1})
    copies = [m for m in transport.messages if m.to.address == "peer.1@example.test"]
    assert copies[0] == copies[1]
    assert post.statuses() == ["sent"] * 3


def test_a_stopped_reminder_is_counted_as_recovered(post: Post) -> None:
    post.put(1)
    with pytest.raises(Killed):
        post.drain(Scripted(Killed()))
    post.later(seconds=LEASE.total_seconds() - 1)
    assert post.drain(MemoryTransport()) == Drained()
    post.later(seconds=1)
    assert post.drain(MemoryTransport()) == Drained(sent=1, recovered=1)


class HastyCourier(Courier):
    """The control: marks a message before it is sent."""

    def _send(self, claimed: outbox.Claimed, brief: briefs.Brief, message: Message) -> Outcome:
        with self._database.writing() as link:
            outbox.mark_sent(
                link, claimed, at=claimed.at, message_id="", subject="", text=message.text
            )
        self._transport.send(message)
        return Outcome.SENT


def test_a_courier_that_marks_before_it_sends_is_caught_losing_mail(post: Post) -> None:
    def make(transport: Scripted) -> Courier:
        return HastyCourier(
            post.database, post.clock, transport, renderer=Renderer(), sender=SENDER
        )

    transport = after_a_kill(post, make, is_taken=False)
    assert everybody(3) - transport.delivered == Counter({"peer.1@example.test": 1})
    assert post.statuses() == ["sent"] * 3


@pytest.mark.parametrize("error", [UNKNOWN, Killed()])
def test_a_notice_with_consequences_waits_for_a_person_when_it_is_uncertain(
    post: Post, error: BaseException
) -> None:
    post.put(1, notice=INVITATION, is_ladder=False)
    transport = Scripted(error, is_taken_first=True)
    try:
        assert post.drain(transport) == Drained(uncertain=1)
    except Killed:
        post.later(seconds=LEASE.total_seconds())
        assert post.drain(transport) == Drained(recovered=1)
    post.later(days=1)
    assert post.drain(transport) == Drained()
    assert post.statuses() == ["uncertain"]
    with post.database.writing() as link:
        outbox.retry(link, post.rows()[0].id, at=post.clock.now())
    assert post.drain(transport) == Drained(sent=1)


def test_a_reminder_that_the_server_swallows_waits_for_a_person_in_the_end(post: Post) -> None:
    post.put(1)
    transport = Scripted(*[UNKNOWN] * 9, is_taken_first=True)
    for _ in range(20):
        post.drain(transport)
        post.later(hours=3)
    assert post.statuses() == ["uncertain"]
    assert len(transport.messages) == 3


def test_a_courier_that_was_overtaken_does_not_send(post: Post) -> None:
    post.put(1)
    with post.database.writing() as link:
        old = outbox.claim(link, 1, lease_until=post.clock.now(), at=post.clock.now())
        assert old is not None
        outbox.recover(link, post.clock.now())
        outbox.retry(link, 1, at=post.clock.now())
    transport = MemoryTransport()
    assert post.drain(transport) == Drained(sent=1)
    with post.database.reading() as link:
        assert not outbox.is_ours(link, old)
    with post.database.writing() as link:
        assert not outbox.mark_failed(link, old, error="too late")
    assert post.statuses() == ["sent"]


def test_several_couriers_at_once_send_each_message_once(database_url: str) -> None:
    post = Post(database_url, people_count=30)
    post.put(30)
    transports = [MemoryTransport() for _ in range(3)]
    barrier = Barrier(len(transports))

    def work(transport: MemoryTransport) -> Drained:
        barrier.wait()
        return post.drain(transport)

    with ThreadPoolExecutor(len(transports)) as pool:
        done = list(pool.map(work, transports))
    sent = Counter(m.to.address for transport in transports for m in transport.messages)
    assert sent == everybody(30)
    assert sum(drained.sent for drained in done) == 30
    post.database.close()
