"""What goes together, how fast, and when nothing goes: the courier on a real database."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from notifications.courier import LEASE, Courier, Drained, Outcome
from notifications.delivery.grouping import Bundle
from notifications.links import Desk
from notifications.message import Message, UnsendableMessage
from notifications.render import Renderer
from notifications.transport import MemoryTransport
from tests.integration.mail.post import (
    AWAY,
    INVITATION,
    LATER,
    SENDER,
    UNKNOWN,
    Killed,
    Post,
    Scripted,
)
from workflow.answering.answers import Answers
from workflow.store import outbox, reports
from workflow.store.correspondence import matching, refusals
from workflow.store.outbox import Claimed
from workflow.tokens import Keys, read_answer, read_tag, tag_in

ANN, BOB = "peer.0@example.test", "peer.1@example.test"
TODAY = date(2027, 3, 2)
WEEK = timedelta(days=7)
KEYS = Keys(("k" * 32,))
WITH_DESK = replace(
    SENDER,
    desk=Desk(keys=KEYS, base_url="https://peers.example", mailbox="answers@programme.example"),
)


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    """Yield a post with two people, so that each of four messages has a fellow."""
    made = Post(database_url, people_count=2)
    yield made
    made.database.close()


@pytest.fixture
def alone(database_url: str) -> Iterator[Post]:
    """Yield a post with one person, who gets everything."""
    made = Post(database_url, people_count=1)
    yield made
    made.database.close()


def text_of(post: Post, number: int) -> str:
    """Return the text of message `number` as it was sent."""
    with post.database.reading() as link:
        return reports.message(link, number + 1).text or ""


def test_what_waits_for_one_person_goes_as_one_message_and_is_kept_as_such(alone: Post) -> None:
    alone.put(5)
    transport = MemoryTransport()
    assert alone.drain(transport) == Drained(sent=1)
    (message,) = transport.messages
    rows = alone.rows()
    assert {row.status for row in rows} == {"sent"}
    assert {(row.message_id, row.subject) for row in rows} == {
        (message.message_id, message.subject)
    }
    assert [row.carrier for row in rows] == [5, 5, 5, 5, None]
    assert message.subject == "5 things in one challenge"
    for number in range(5):
        assert f"Call number {number}" in message.text
        assert f"Call number {number}" in message.html
        assert text_of(alone, number) == message.text


def test_a_digest_has_the_own_words_of_notices_and_what_is_late_first(alone: Post) -> None:
    alone.put(4)
    alone.put(1, notice=INVITATION, is_ladder=False)
    alone.later(days=20)
    transport = MemoryTransport()
    assert alone.drain(transport) == Drained(sent=1)
    (message,) = transport.messages
    assert message.subject == "5 things in one challenge, 4 late"
    assert "Of Tuesday 2 March 2027:" in message.text
    assert "Keep the access to yourself" in message.text


def test_every_link_of_a_digest_opens_the_page_of_its_task(alone: Post) -> None:
    """A page asks when its notice was raised, which is not when the digest was sent."""
    alone.put(4)
    alone.later(minutes=5)
    transport = MemoryTransport()
    alone.courier(transport, sender=WITH_DESK).drain()
    (message,) = transport.messages
    tokens = re.findall(r"https://peers.example/a/(\S+)", message.text)
    links = [read_answer(KEYS, token, at=alone.clock.at) for token in tokens]
    asked = [Answers(alone.database, alone.clock).question(link).title for link in links]
    assert [link.task for link in links] == [f"call_peer:{number}" for number in range(1, 5)]
    assert asked == ["Call a peer"] * 4


def test_what_is_no_longer_true_is_not_said_in_a_digest_and_another_leads(alone: Post) -> None:
    alone.put(5)
    alone.finish(4)
    alone.finish(1)
    transport = MemoryTransport()
    assert alone.drain(transport) == Drained(sent=1, cancelled=2)
    assert alone.statuses() == ["sent", "cancelled", "sent", "sent", "cancelled"]
    assert [row.carrier for row in alone.rows() if row.status == "sent"] == [4, 4, None]
    (message,) = transport.messages
    assert "Call number 1" not in message.text
    assert {row.message_id for row in alone.rows() if row.status == "sent"} == {message.message_id}


def test_of_a_digest_with_one_thing_left_that_one_is_sent_as_itself(alone: Post) -> None:
    alone.put(4)
    for number in range(3):
        alone.finish(number)
    transport = MemoryTransport()
    assert alone.drain(transport) == Drained(sent=1, cancelled=3)
    assert transport.messages[0].subject.startswith("EAS-27: ")


@pytest.mark.parametrize(("days", "is_old"), [(29, False), (31, True)])
def test_of_a_digest_with_one_old_thing_left_its_day_is_said(
    alone: Post, days: int, *, is_old: bool
) -> None:
    alone.put(1)
    alone.put(1, notice=INVITATION, is_ladder=False)
    alone.finish(0)
    alone.later(days=days)
    transport = MemoryTransport()
    assert alone.drain(transport) == Drained(sent=1, cancelled=1)
    (message,) = transport.messages
    assert ("Of Tuesday 2 March 2027:" in message.text) is is_old


def test_a_digest_of_which_nothing_is_left_is_not_sent(alone: Post) -> None:
    alone.put(4)
    for number in range(4):
        alone.finish(number)
    transport = MemoryTransport()
    assert alone.drain(transport) == Drained(cancelled=4)
    assert transport.messages == []


def test_a_notice_that_cannot_be_written_does_not_stop_the_others_of_a_digest(alone: Post) -> None:
    class Broken(Renderer):
        def words(self, notice: str, facts: object) -> str:
            if notice == INVITATION:
                raise UnsendableMessage("the template cannot be filled in")
            return super().words(notice, facts)  # type: ignore[arg-type]

    alone.put(4)
    alone.put(1, notice=INVITATION, is_ladder=False)
    transport = MemoryTransport()
    courier = Courier(alone.database, alone.clock, transport, renderer=Broken(), sender=SENDER)
    assert courier.drain() == Drained(sent=1)
    assert alone.statuses() == ["sent"] * 4 + ["failed"]
    assert alone.rows()[4].error == "the template cannot be filled in"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(LATER, Drained(postponed=1)), (AWAY, Drained(trouble=str(AWAY)))],
)
def test_a_digest_that_was_surely_not_sent_may_go_together_with_others(
    alone: Post, error: Exception, outcome: Drained
) -> None:
    alone.put(4)
    transport = Scripted(error)
    assert alone.drain(transport) == outcome
    assert {(row.status, row.message_id, row.carrier) for row in alone.rows()} == {
        ("waiting", None, None)
    }
    alone.later(minutes=5)
    alone.put(1)
    assert alone.drain(transport) == Drained(sent=1)
    assert len({row.message_id for row in alone.rows()}) == 1


@pytest.mark.parametrize("error", [UNKNOWN, Killed()])
def test_a_digest_that_may_have_arrived_is_sent_again_as_it_was(
    alone: Post, error: BaseException
) -> None:
    alone.put(4)
    transport = Scripted(error, is_taken_first=True)
    try:
        assert alone.drain(transport) == Drained(uncertain=1)
        recovered = 0
    except Killed:
        recovered = 1
    alone.put(4)
    alone.finish(3)  # the one that led
    alone.later(seconds=LEASE.total_seconds())
    again = alone.drain(transport)
    assert again == Drained(sent=2, cancelled=1, recovered=recovered)
    first = transport.messages[0]
    (second,) = [m for m in transport.messages[1:] if m.message_id == first.message_id]
    assert second.date == first.date
    assert "Call number 3" not in second.text
    assert "Call number 5" not in second.text


@pytest.mark.parametrize("gone", [(), (3,), (3, 2), (0, 3)])
def test_whatever_is_said_to_a_digest_that_was_sent_again_leads_to_all_of_it(
    alone: Post, gone: tuple[int, ...]
) -> None:
    """All copies are answered, and come back: also the first, which another row led."""
    alone.put(4)
    transport = Scripted(UNKNOWN, UNKNOWN, is_taken_first=True)
    courier = alone.courier(transport, sender=WITH_DESK)
    for outcome in (
        Drained(uncertain=1),
        Drained(uncertain=1, cancelled=len(gone)),
        Drained(sent=1),
    ):
        assert courier.drain() == outcome
        for number in gone:
            alone.finish(number)
        alone.later(hours=2)
    first, *_, last = transport.messages
    left = [number for number in range(4) if number not in gone]
    assert last.date == first.date
    assert [text_of(alone, number) for number in left] == [last.text] * len(left)
    addresses = {it for m in transport.messages for it in (m.return_path, m.reply_to.address)}
    tags = [read_tag(KEYS, tag_in(address)) for address in addresses]
    with alone.database.writing() as link:
        found = [matching.message(link, tag.message) for tag in tags if tag]
        assert [len(match.notices) for match in found if match] == [4] * len(addresses)
        assert matching.carrier_of(link, [first.message_id]) == left[-1] + 1
        refusals.mark_bounced(link, 4, error="550 unknown")
    assert [alone.statuses()[number] for number in left] == ["failed"] * len(left)


def test_a_digest_with_a_notice_that_has_consequences_waits_for_a_person(alone: Post) -> None:
    alone.put(3)
    alone.put(1, notice=INVITATION, is_ladder=False)
    transport = Scripted(UNKNOWN, UNKNOWN, is_taken_first=True)
    assert alone.drain(transport) == Drained(uncertain=1)
    alone.later(days=2)
    assert alone.drain(transport) == Drained()
    note = "Sam Ford said that it was lost"
    with alone.database.writing() as link:
        outbox.settle(link, 2, has_arrived=False, at=alone.clock.now(), note=note)
    assert {(row.status, row.error) for row in alone.rows()} == {("waiting", note)}
    assert alone.drain(transport) == Drained(uncertain=1)
    assert len({(m.message_id, m.date) for m in transport.messages}) == 1
    with alone.database.writing() as link:
        outbox.settle(link, 3, has_arrived=True, at=alone.clock.now(), note="it arrived")
    assert {(row.status, row.error) for row in alone.rows()} == {("sent", "it arrived")}
    assert alone.drain(transport) == Drained()


def test_mail_that_is_held_between_claim_and_sending_is_not_sent(post: Post) -> None:
    class Overheard(Courier):
        def _deliver(
            self, bundle: Bundle, claims: tuple[Claimed, ...], found: Counter[Outcome]
        ) -> None:
            with self._database.writing() as link:
                outbox.hold(link, "stop")
            super()._deliver(bundle, claims, found)

    post.put(2)
    transport = MemoryTransport()
    courier = Overheard(post.database, post.clock, transport, renderer=Renderer(), sender=SENDER)
    assert courier.drain() == Drained()
    assert transport.messages == []
    assert [(row.status, row.attempts) for row in post.rows()] == [("held", 0)] * 2


def test_no_more_than_so_many_messages_go_in_any_minute(post: Post) -> None:
    sent = list[datetime]()

    class Noting(MemoryTransport):
        def send(self, message: Message) -> None:
            super().send(message)
            sent.append(post.clock.now())

    post.people_count = 2
    post.put(6)
    couriers = [post.courier(Noting(), most_a_minute=2) for _ in range(2)]
    for turn in range(40):
        couriers[turn % 2].drain()
        post.later(seconds=7)
    assert len(sent) == 6
    for at in sent:
        assert sum(at <= other < at + timedelta(minutes=1) for other in sent) <= 2


def test_after_downtime_what_was_raised_meanwhile_goes_as_one_digest_a_person(post: Post) -> None:
    post.drain(MemoryTransport())
    post.later(hours=25)
    post.put(4)  # raised by the first sweep after it
    post.mark_urgent(0)
    transport = Scripted()
    assert post.drain(transport) == Drained(sent=3)
    assert transport.delivered == {ANN: 2, BOB: 1}
    post.later(hours=2)
    post.put(4)
    assert post.drain(transport) == Drained(sent=4)


def test_without_downtime_two_notices_are_two_messages(post: Post) -> None:
    post.drain(MemoryTransport())
    post.later(hours=23)
    post.put(4)
    assert post.drain(MemoryTransport()) == Drained(sent=4)


def test_a_clock_that_jumps_while_we_run_holds_the_mail(post: Post) -> None:
    seconds = [0.0]
    transport = MemoryTransport()
    courier = post.courier(transport, steady=lambda: seconds[0])
    post.put(2)
    assert courier.drain() == Drained(sent=2)
    post.put(2)
    post.later(days=3)
    seconds[0] += 60
    assert courier.drain() == Drained(is_held=True)
    with post.database.writing() as link:
        assert outbox.holding(link) == (
            "the clock jumped forward by 2 days: look whether it is right, then release the mail"
        )
        outbox.release(link)
    assert courier.drain().sent == 2
    post.later(days=3)
    seconds[0] += 3 * 86_400
    assert courier.drain() == Drained()  # three days have passed indeed


def test_a_reminder_whose_courier_stops_every_time_waits_for_a_person(post: Post) -> None:
    post.put(1)
    for _ in range(3):
        with pytest.raises(Killed):
            post.drain(Scripted(Killed()))
        post.later(seconds=LEASE.total_seconds())
    assert post.drain(MemoryTransport()) == Drained(recovered=1)
    assert post.statuses() == ["uncertain"]
