"""Killed at any point, or in doubt, the courier loses nothing and copies as little as it can."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from notifications.courier import LEASE, Courier, Drained, Outcome
from notifications.delivery.writing import Letter
from notifications.message import Message
from notifications.render import Renderer
from notifications.transport import MemoryTransport
from tests.integration.mail.post import (
    INVITATION,
    SENDER,
    UNKNOWN,
    Killed,
    Post,
    Scripted,
    everybody,
)
from workflow.store import outbox


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    made = Post(database_url)
    yield made
    made.database.close()


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

    def _send(self, letter: Letter, message: Message) -> Outcome:
        self._ledger.note_sent(letter, message)
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
    post.retry(0)
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
