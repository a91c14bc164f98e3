"""A database with people, one challenge and messages that wait, for the courier's tests."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict, Unpack

from definitions import loader
from notifications.compose import Sender
from notifications.courier import Conduct, Courier, Drained
from notifications.delivery.quiet import Quiet
from notifications.message import Mailbox, Message
from notifications.render import Renderer
from notifications.transport import MemoryTransport, Transport, TransportError
from tests.prepared import prepare
from workflow.clock import SetClock
from workflow.model import events as e
from workflow.model.challenge import replay
from workflow.model.lines import Headline, TaskLine
from workflow.store import challenges, library, outbox, people, reports
from workflow.store.challenges import Origin
from workflow.store.database import Database

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)
SENDER = Sender(mailbox=Mailbox(address="challenges@programme.example", name="Peer challenges"))
HEADLINE = Headline(stage="scoping", stage_title="Scoping")
LATER = TransportError("RCPT: 450 greylisted")
NEVER = TransportError("RCPT: 550 no such user", permanent=True)
TOO_LARGE = TransportError("MAIL: 552 too large", permanent=True)
UNKNOWN = TransportError("no answer; it may have been taken", is_uncertain=True)
AWAY = TransportError("smtp://mail.example:25 cannot be used", is_whole_server=True)
REMINDER, INVITATION = "call_reminder", "file_share_access"
DEFINITION = """
definition: short_visit
version: "1.0"
title: Short visit
sources: {house policy: Set by the programme}
roles:
  manager: {title: Visit manager, side: programme}
dates:
  onsite_start: {title: First day on site}
stages:
  scoping: {title: Scoping}
  closed: {title: Closed, final: true}
transitions:
  close: {from: scoping, to: closed, requires: [call_peer]}
tasks:
  call_peer:
    title: Call a peer
    stage: scoping
    by: manager
    limit: 1 week before onsite_start
    reminders: calls
    source: house policy
ladders:
  calls:
    - {when: 3 days before limit, to: by, notice: call_reminder}
notices:
  call_reminder: {title: A call is to be made}
  file_share_access: {title: Where the documents are, when: closed is entered, to: manager}
"""


class Rules(TypedDict, total=False):
    """By what rules a courier goes."""

    quiet: Quiet
    most_a_minute: int | None
    refused: Callable[[str, int, str], None]
    steady: Callable[[], float]


@dataclass
class Post:
    """The database, its clock, and what is asked of it. Messages go to `peer.N@example.test`."""

    url: str
    people_count: int = 6
    clock: SetClock = field(default_factory=lambda: SetClock(AT))
    raised: int = 0

    def __post_init__(self) -> None:
        """Make the database, with people and a challenge in its first stage."""
        self.database = Database(self.url)
        prepare(self.database)
        loaded = loader.load_text(DEFINITION, file="short_visit.yaml")
        self.first = e.ChallengeStarted(
            at=AT,
            reference="EAS-27",
            title="Peer challenge of Eastvale",
            client="Eastvale system",
            definition=loaded.definition.definition,
            version=loaded.definition.version,
            content_hash=loaded.content_hash,
            stage="scoping",
        )
        with self.database.writing() as link:
            self.recipients = [
                people.add(link, name=f"Peer {n}", email=f"peer.{n}@example.test").id
                for n in range(self.people_count)
            ]
            library.keep(
                link,
                content_hash=loaded.content_hash,
                definition=loaded.definition,
                text=loaded.text,
                at=AT,
            )
            change = challenges.Change(
                at=AT, events=(self.first,), challenge=replay([self.first]), headline=HEADLINE
            )
            challenges.insert(link, change, origin=Origin("test"))

    def put(self, count: int, *, notice: str = REMINDER, is_ladder: bool = True) -> None:
        """Raise `count` notices, each to another person and about a task of its own."""
        numbers = range(self.raised, self.raised + count)
        self.raised += count
        happened: list[e.Event] = []
        for number in numbers:
            key = self.line(number).key
            happened += [
                e.TaskIssued(at=AT, task=key, spec="call_peer"),
                e.TaskOpened(at=AT, task=key),
                self._notice(number, notice=notice, is_ladder=is_ladder),
            ]
        self._append(happened, [self.line(n) for n in numbers])

    def finish(self, number: int) -> None:
        """Let the task that message `number` is about be done."""
        line = self.line(number, "done")
        self._append([e.TaskDone(at=AT, task=line.key, on=AT.date())], [line])

    def line(self, number: int, status: str = "open") -> TaskLine:
        """Return the task that message `number` is about."""
        return TaskLine(
            key=f"call_peer:{number + 1}",
            spec="call_peer",
            position=1,
            title=f"Call number {number}",
            status=status,
            assignees=(self.recipients[number % self.people_count],),
            opened_at=AT,
            target_on=date(2027, 3, 9),
            limit_on=date(2027, 3, 15),
            why="a week before the first day on site (house policy)",
        )

    def courier(
        self, transport: Transport, *, sender: Sender = SENDER, **conduct: Unpack[Rules]
    ) -> Courier:
        """Return a courier of its own, as another process would have."""
        return Courier(
            self.database,
            self.clock,
            transport,
            renderer=Renderer(),
            sender=sender,
            conduct=Conduct(**conduct),
        )

    def drain(self, transport: Transport) -> Drained:
        """Let a new courier do one round."""
        return self.courier(transport).drain()

    def retry(self, number: int) -> None:
        """Say, as a person would, that a message is to be sent again."""
        message_id = self.rows()[number].id
        with self.database.writing() as link:
            outbox.retry(link, message_id, at=self.clock.now())

    def mark_urgent(self, number: int) -> None:
        """Let message `number` be urgent."""
        with self.database.writing() as link:
            link.execute(
                "UPDATE outbox SET is_urgent = :yes WHERE id = :id", yes=True, id=number + 1
            )

    def rows(self) -> list[reports.MailRow]:
        """Return the outbox, the first message first."""
        with self.database.reading() as link:
            return sorted(reports.mail(link), key=lambda row: row.id)

    def statuses(self) -> list[str]:
        """Return the status of each message."""
        return [row.status for row in self.rows()]

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**span)

    def _notice(self, number: int, *, notice: str, is_ladder: bool) -> e.NoticeRaised:
        key = self.line(number).key
        mark = e.Mark(task=key, rung="1", fires_at=AT)
        return e.NoticeRaised(
            at=self.clock.at,
            notice=notice,
            recipient=self.recipients[number % self.people_count],
            occurrence=str(number),
            tasks=(key,) if is_ladder else (),
            marks=(mark,) if is_ladder else (),
        )

    def _append(self, happened: list[e.Event], lines: list[TaskLine]) -> None:
        with self.database.writing() as link:
            stored = challenges.load(link, "EAS-27")
            after = replay(happened, stored.challenge)
            change = challenges.Change(
                at=self.clock.at,
                events=tuple(happened),
                challenge=after,
                headline=HEADLINE,
                lines=tuple(lines),
            )
            challenges.append(link, stored, change, origin=Origin("test"))


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
        """Do what the script says next."""
        error = self.script.pop(0) if self.script else None
        if error is None or self.is_taken_first:
            super().send(message)
        if error is not None:
            raise error

    @property
    def delivered(self) -> Counter[str]:
        """How many messages each address has got."""
        return Counter(message.to.address for message in self.messages)


def everybody(count: int) -> Counter[str]:
    """Return what is delivered when each of `count` people gets one message."""
    return Counter(f"peer.{number}@example.test" for number in range(count))
