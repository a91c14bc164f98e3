"""Thousands of messages through faults at random: none lost, none doubled but those in doubt.

`MESSAGES=10000 pytest tests/integration/mail/test_weather.py` is the long run.
"""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from notifications.courier import Courier
from notifications.delivery.grouping import Bundle
from notifications.delivery.ledger import Ledger
from tests.integration.mail.crowd import FAULTS, Weather, gather
from tests.integration.mail.post import Killed, Post
from workflow.store.correspondence.bundles import Stamp
from workflow.store.outbox import Claimed

MESSAGES = int(os.environ.get("MESSAGES", "600"))
EACH = 5
ENDED = {"sent", "cancelled", "failed", "uncertain"}


@pytest.fixture
def post(sqlite_url: str) -> Iterator[Post]:
    made = Post(sqlite_url, people_count=1)
    yield made
    made.database.close()


def work_through(post: Post, transport: Weather, *, rounds: int = 2_000) -> None:
    """Let couriers work until nothing waits; one that is killed is followed by another."""
    courier = post.courier(transport)
    for _ in range(rounds):
        try:
            drained = courier.drain()
        except Killed:
            courier = post.courier(transport)
            continue
        if not {"waiting", "sending"} & set(post.statuses()):
            return
        if not drained.sent:
            post.later(minutes=7)
    raise AssertionError(f"it never ends: {Counter(post.statuses())}")


def faults_of(post: Post, transport: Weather) -> list[str]:
    """Return everything that was lost, or doubled without a doubt."""
    found = [
        f"{message_id} arrived {copies} times, and was in doubt {transport.doubts[message_id]}"
        for message_id, copies in transport.copies.items()
        if copies - 1 > transport.doubts[message_id]
    ]
    rows = post.rows()
    for row in rows:
        if row.status not in ENDED:
            found.append(f"message {row.id} is {row.status}")
        if row.status == "sent" and not transport.copies[row.message_id or ""]:
            found.append(f"message {row.id} is marked as sent, and never arrived")
    told = transport.said()
    found += [f"{to} was told of {what} by {n} messages" for (to, what), n in told.items() if n > 1]
    sent = sum(row.status == "sent" for row in rows)
    if len(told) < sent:
        found.append(f"{sent} are marked as sent, {len(told)} were said")
    return found


def test_through_all_weathers_nothing_is_lost_and_nothing_doubled(post: Post) -> None:
    gather(post, MESSAGES // EACH, notices=EACH, within=timedelta(hours=12), seed=4)
    transport = Weather(4, often=0.25)
    work_through(post, transport)
    assert faults_of(post, transport) == []
    assert len(transport.happened) == len(FAULTS)
    statuses = Counter(post.statuses())
    assert sum(statuses.values()) == MESSAGES // EACH * EACH
    assert statuses["sent"] > MESSAGES // 2


class Blind(Ledger):
    """The control: takes rows whoever else has them, or had them."""

    def claim(self, bundle: Bundle, stamp: Stamp, at: datetime) -> tuple[Claimed, ...] | None:
        """Take them without looking."""
        with self._database.writing() as link:
            for due in bundle.dues:
                link.execute("UPDATE outbox SET status = 'sending' WHERE id = :id", id=due.id)
        return tuple(Claimed(due.id, due.fence, 1, at) for due in bundle.dues)


def after_one_plan(post: Post, couriers: list[Courier]) -> None:
    """Let couriers send what they have all planned before one of them began."""
    at = post.clock.now()
    plans = [courier._plan(at, None, limit=1_000, recipient=None) for courier in couriers]
    for courier, planned in zip(couriers, plans, strict=True):
        courier._round(planned, at, lambda: False)


def test_what_two_couriers_have_planned_is_sent_by_one_of_them(post: Post) -> None:
    gather(post, 20, notices=EACH, within=timedelta(0), seed=1)
    calm = Weather(1, often=0)
    after_one_plan(post, [post.courier(calm) for _ in range(2)])
    assert faults_of(post, calm) == []


def test_couriers_that_take_what_others_have_are_caught_doubling(post: Post) -> None:
    gather(post, 20, notices=EACH, within=timedelta(0), seed=1)
    calm = Weather(1, often=0)
    couriers = [post.courier(calm) for _ in range(2)]
    for courier in couriers:
        courier._ledger = Blind(post.database, post.clock)
    after_one_plan(post, couriers)
    found = faults_of(post, calm)
    assert len(found) == len(calm.copies)
    assert all("arrived 2 times, and was in doubt 0" in fault for fault in found)


def test_two_couriers_at_once_send_digests_and_messages_once(database_url: str) -> None:
    post = Post(database_url, people_count=1)
    gather(post, 20, notices=EACH, within=timedelta(0), seed=1)
    calm = [Weather(1, often=0) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda transport: post.courier(transport).drain(), calm))
    assert not set(calm[0].copies) & set(calm[1].copies)
    both = Weather(1, often=0)
    for transport in calm:
        both.messages += transport.messages
        both.copies += transport.copies
    assert faults_of(post, both) == []
    assert sum(drained.sent for drained in done) == both.copies.total()
    post.database.close()


def test_a_clock_that_was_ahead_and_is_set_right_stops_the_mail_for_a_minute_only(
    post: Post,
) -> None:
    right = post.clock.at
    post.put(2)
    post.later(hours=20)
    courier = post.courier(Weather(1, often=0), most_a_minute=1)
    assert courier.drain().sent == 1
    post.clock.at = right
    assert courier.drain().sent == 0
    post.later(seconds=59)
    assert courier.drain().sent == 0
    post.later(seconds=1)
    assert courier.drain().sent == 1


def test_after_ninety_days_a_thousand_late_tasks_are_one_digest_a_person(post: Post) -> None:
    """As many late reminders as in a portfolio of fifty challenges, for fifty people."""
    post.drain(Weather(1, often=0))
    post.later(days=90)
    gather(post, 50, notices=20, within=timedelta(0), seed=1, urgent=0)
    calm, went = Weather(1, often=0), list[tuple[datetime, str]]()
    courier, most = post.courier(calm, most_a_minute=12), 12
    while "waiting" in post.statuses():
        before = len(calm.messages)
        courier.drain()
        went += [(post.clock.now(), m.to.address) for m in calm.messages[before:]]
        post.later(seconds=20)
    assert Counter(to for _, to in went) == Counter(
        {f"guest.{n}@example.test": 1 for n in range(50)}
    )
    for at, _ in went:
        assert sum(at <= other < at + timedelta(minutes=1) for other, _ in went) <= most
    assert set(post.statuses()) == {"sent"}
    assert all("20 things in one challenge, 20 late" in m.subject for m in calm.messages)
