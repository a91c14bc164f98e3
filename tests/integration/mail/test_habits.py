"""How people want to be written to, who stands in, and addresses that refuse mail."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from notifications.courier import Drained
from notifications.delivery.quiet import read_quiet
from notifications.links import Desk
from notifications.message import Message
from notifications.transport import MemoryTransport, TransportError
from tests.integration.mail.post import (
    NEVER,
    SENDER,
    TOO_LARGE,
    Killed,
    Post,
    Scripted,
)
from workflow.model.errors import Unavailable
from workflow.store import people
from workflow.store.correspondence import feeds, preferences, refusals
from workflow.store.correspondence.preferences import Rhythm
from workflow.tokens import Keys

ANN, BOB = "peer.0@example.test", "peer.1@example.test"
TODAY = date(2027, 3, 2)
WEEK = timedelta(days=7)
WITH_DESK = replace(SENDER, desk=Desk(keys=Keys(("k" * 32,)), base_url="https://peers.example"))


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    """Yield a post with two people, so that each of four messages has a fellow."""
    made = Post(database_url, people_count=2)
    yield made
    made.database.close()


def set_away(post: Post, *, stand_in: int | None = None) -> None:
    """Let Ann be away for a week."""
    ann, until = post.recipients[0], TODAY + WEEK
    with post.database.writing() as link:
        preferences.set_away(link, ann, since=TODAY, until=until, stand_in=stand_in, today=TODAY)


def test_mail_to_somebody_away_goes_to_who_stands_in_and_both_names_stay(post: Post) -> None:
    set_away(post, stand_in=post.recipients[1])
    post.put(2)
    transport = MemoryTransport()
    assert post.drain(transport) == Drained(sent=2)
    assert [message.to.address for message in transport.messages] == [BOB, BOB]
    said = "This is for Peer 0, who is away until Tuesday 9 March 2027. You stand in."
    assert [said in message.text for message in transport.messages] == [True, False]
    rows = post.rows()
    assert [(row.to, row.for_whom) for row in rows] == [(BOB, ANN), (BOB, None)]


def test_mail_to_somebody_away_without_a_stand_in_waits_until_they_are_back(post: Post) -> None:
    set_away(post)
    post.put(3)
    post.mark_urgent(2)
    transport = Scripted()
    assert post.drain(transport) == Drained(sent=2)
    assert post.statuses() == ["waiting", "sent", "sent"]
    post.later(days=7)
    assert post.drain(transport) == Drained()
    post.later(days=1)
    assert post.drain(transport) == Drained(sent=1)
    assert transport.delivered == {ANN: 2, BOB: 1}


def test_who_is_back_early_gets_what_waited(post: Post) -> None:
    set_away(post)
    post.put(1)
    assert post.drain(MemoryTransport()) == Drained()
    with post.database.writing() as link:
        preferences.set_back(link, post.recipients[0])
    assert post.drain(MemoryTransport()) == Drained(sent=1)


def test_a_daily_message_goes_at_its_local_time(post: Post) -> None:
    with post.database.writing() as link:
        preferences.set_rhythm(
            link, post.recipients[0], rhythm=Rhythm.DAILY, digest_at=time(17, 30)
        )
    post.put(4)
    transport = Scripted()
    assert post.drain(transport) == Drained(sent=2)  # Bob's
    post.later(hours=8, minutes=29)
    assert post.drain(transport) == Drained()
    post.later(minutes=1)
    assert post.drain(transport) == Drained(sent=1)
    assert post.drain(transport) == Drained()
    assert transport.delivered == {ANN: 1, BOB: 2}


def test_in_quiet_hours_only_what_is_urgent_goes_and_the_rest_when_they_end(post: Post) -> None:
    post.clock.at = datetime(2027, 3, 2, 21, tzinfo=UTC)
    post.put(3)
    post.mark_urgent(1)
    transport = Scripted()
    courier = post.courier(transport, quiet=read_quiet("21:00-07:00"))
    assert courier.drain() == Drained(sent=1)
    post.clock.at = datetime(2027, 3, 3, 6, 59, tzinfo=UTC)
    assert courier.drain() == Drained()
    post.later(minutes=1)
    assert courier.drain() == Drained(sent=2)
    assert transport.delivered == {BOB: 1, ANN: 2}


def test_a_round_that_runs_into_quiet_time_stops_there(post: Post) -> None:
    class Slow(MemoryTransport):
        def send(self, message: Message) -> None:
            super().send(message)
            post.later(minutes=1)

    post.clock.at = datetime(2027, 3, 2, 20, 58, tzinfo=UTC)
    post.put(4)
    assert post.courier(Slow(), quiet=read_quiet("21:00-07:00")).drain() == Drained(sent=2)
    assert post.statuses().count("waiting") == 2


class Told:
    """Somebody who is told of addresses that refuse mail, and may be in trouble."""

    def __init__(self, *troubles: BaseException) -> None:
        self.calls: list[tuple[str, int, str]] = []
        self.troubles = list(troubles)

    def __call__(self, reference: str, person: int, why: str) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.calls.append((reference, person, why))


def test_an_address_that_refuses_mail_is_marked_and_gets_nothing_more(post: Post) -> None:
    post.put(4)
    transport, told = Scripted(NEVER), Told()
    courier = post.courier(transport, refused=told)
    assert courier.drain() == Drained(sent=2, failed=2)
    assert told.calls == [("EAS-27", post.recipients[0], str(NEVER))]
    post.put(2)
    assert courier.drain() == Drained(sent=1, failed=1)
    assert transport.delivered == {BOB: 3}
    rows = [row for row in post.rows() if row.to == ANN]
    assert [row.status for row in rows] == ["failed"] * 3
    assert rows[2].error == f"mail to this address is refused: {NEVER}"
    assert courier.drain() == Drained()


def test_mail_goes_again_to_an_address_that_was_corrected(post: Post) -> None:
    post.put(4)
    transport = Scripted(NEVER)
    post.drain(transport)
    post.retry(0)
    assert post.drain(transport) == Drained(failed=1)  # nothing was corrected
    with post.database.writing() as link:
        ann = people.find(link, ANN)
        people.change(link, ann.id, email="ann@example.test")
        assert preferences.clear_refused(link, ann.id)
        assert refusals.retry_of(link, ann.id, at=post.clock.now()) == 2
    assert post.drain(transport) == Drained(sent=2)
    assert transport.delivered["ann@example.test"] == 2


def test_mail_goes_again_to_the_corrected_address_of_who_stands_in(post: Post) -> None:
    bob = post.recipients[1]
    set_away(post, stand_in=bob)
    post.put(1)
    transport = Scripted(NEVER)
    assert post.drain(transport) == Drained(failed=1)
    with post.database.writing() as link:
        people.change(link, bob, email="bob@example.test")
        assert preferences.clear_refused(link, bob)
        assert refusals.retry_of(link, bob, at=post.clock.now()) == 1
    assert post.drain(transport) == Drained(sent=1)
    assert transport.delivered == {"bob@example.test": 1}


def test_what_is_sent_again_after_its_links_were_revoked_has_none(post: Post) -> None:
    ann = post.recipients[0]
    post.put(1)
    transport = MemoryTransport()
    courier = post.courier(transport, sender=WITH_DESK)
    courier.drain()
    with post.database.writing() as link:
        refusals.mark_bounced(link, 1, error="550 nobody here")
        feeds.revoke_links(link, ann, at=post.clock.now())
        refusals.retry_of(link, ann, at=post.clock.now())
    post.put(2)
    assert courier.drain() == Drained(sent=3)
    pages = ["https://peers.example/a/" in message.text for message in transport.messages]
    assert pages == [True, False, True, True]


@pytest.mark.parametrize(
    "error",
    [TOO_LARGE, TransportError("RCPT: 550 5.7.1 relaying denied", permanent=True)],
)
def test_a_refusal_that_is_not_about_the_address_leaves_it_as_it_is(
    post: Post, error: Exception
) -> None:
    post.put(1)
    told = Told()
    assert post.courier(Scripted(error), refused=told).drain() == Drained(failed=1)
    assert told.calls == []
    with post.database.reading() as link:
        assert preferences.everybody(link) == {}


@pytest.mark.parametrize(
    "trouble", [Killed(), Unavailable("the database is away"), ZeroDivisionError()]
)
def test_who_was_not_told_of_a_refusal_is_told_by_the_next_round(
    post: Post, trouble: BaseException
) -> None:
    post.put(1)
    told = Told(trouble)
    with suppress(Killed):
        post.courier(Scripted(NEVER), refused=told).drain()
    assert told.calls == []
    post.courier(MemoryTransport(), refused=told).drain()
    assert told.calls == [("EAS-27", post.recipients[0], str(NEVER))]
    post.courier(MemoryTransport(), refused=told).drain()
    assert len(told.calls) == 1


def test_a_stand_in_whose_address_refuses_mail_is_the_one_that_is_marked(post: Post) -> None:
    set_away(post, stand_in=post.recipients[1])
    post.put(1)
    told = Told()
    assert post.courier(Scripted(NEVER), refused=told).drain() == Drained(failed=1)
    assert told.calls == [("EAS-27", post.recipients[1], str(NEVER))]
    post.retry(0)
    assert post.drain(MemoryTransport()) == Drained()  # it waits for who is away
    assert post.statuses() == ["waiting"]
