"""Many people with many notices, put into the outbox at once; and a mail server full of faults."""

import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from notifications.message import Message
from notifications.transport import MemoryTransport, TransportError
from tests.integration.mail.post import INVITATION, REMINDER, UNKNOWN, Killed, Post
from workflow.store.outbox import PUT_NOTICE

TASKS = 20
REMINDERS = 0.8
_PEOPLE = """
INSERT INTO person (name, email, email_folded, organisation, phone, capabilities, is_administrator)
VALUES (:name, :email, :email, '', '', '', FALSE)
"""


def gather(
    post: Post, people: int, *, notices: int, within: timedelta, seed: int, urgent: float = 0.1
) -> None:
    """Put so many notices for each of so many people into the outbox, raised within a span.

    All are about the first tasks of the challenge, each person's about different ones; four of
    five are reminders, and a share of all is urgent.
    """
    chance = random.Random(seed)  # noqa: S311 (a test)
    post.put(TASKS)
    with post.database.writing() as link:
        link.execute("DELETE FROM outbox")
        values = [{"name": f"Guest {n}", "email": f"guest.{n}@example.test"} for n in range(people)]
        link.executemany(_PEOPLE, values)
        last = link.rows("SELECT max(id) FROM person")[0][0]
        guests = range(last - people + 1, last + 1)
        rows = [
            {
                **_notice(post, guest, task, is_ladder=chance.random() < REMINDERS),
                "is_urgent": chance.random() < urgent,
                **dict.fromkeys(
                    ("created_at", "not_before"), post.clock.at + within * chance.random()
                ),
            }
            for guest in guests
            for task in chance.sample(range(TASKS), notices)
        ]
        link.executemany(PUT_NOTICE, rows)


def _notice(post: Post, guest: int, task: int, *, is_ladder: bool) -> dict[str, object]:
    return {
        "challenge_id": 1,
        "unique_key": f"EAS-27/{guest}/{task}",
        "notice": REMINDER if is_ladder else INVITATION,
        "recipient_id": guest,
        "about_id": None,
        "tasks": json.dumps([post.line(task).key]),
        "marks": None,
        "calendar": None,
        "is_ladder": is_ladder,
    }


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens to a message; `is_doubtful`: nobody can know whether it arrived."""

    error: BaseException
    is_taken: bool = False
    is_doubtful: bool = False


FAULTS = (
    Fault(TransportError("RCPT: 450 greylisted")),
    Fault(TransportError("the message broke off")),
    Fault(TransportError("smtp://mail.example:25 cannot be used", is_whole_server=True)),
    Fault(TransportError("after the message: 554 not wanted", permanent=True)),
    Fault(TransportError("RCPT: 550 no such user", permanent=True)),
    Fault(UNKNOWN, is_taken=True, is_doubtful=True),
    Fault(UNKNOWN, is_doubtful=True),
    Fault(Killed(), is_taken=True, is_doubtful=True),
    Fault(Killed(), is_doubtful=True),
    Fault(ZeroDivisionError("a mistake of ours"), is_taken=True, is_doubtful=True),
)


class Weather(MemoryTransport):
    """A mail server to which something happens now and then, by a seed.

    `copies` counts what arrived by Message-ID, and `doubts` how often one was in doubt.
    """

    def __init__(self, seed: int, *, often: float) -> None:
        super().__init__()
        self._chance, self._often = random.Random(seed), often  # noqa: S311 (a test)
        self.copies, self.doubts = Counter[str](), Counter[str]()
        self.happened = Counter[int]()

    def send(self, message: Message) -> None:
        """Take the message, or let something happen to it."""
        fault = self._chance.choice(FAULTS) if self._chance.random() < self._often else None
        if fault is None or fault.is_taken:
            super().send(message)
            self.copies[message.message_id] += 1
        if fault is not None:
            self.happened[FAULTS.index(fault)] += 1
            self.doubts[message.message_id] += fault.is_doubtful
            raise fault.error

    def said(self) -> Counter[tuple[str, str]]:
        """Return how many different messages told each person of each task."""
        by_id = {message.message_id: message for message in self.messages}
        found = Counter[tuple[str, str]]()
        for message in by_id.values():
            for task in range(TASKS):
                if f"Call number {task}\n" in message.text:
                    found[message.to.address, f"Call number {task}"] += 1
        return found
