"""Several challenges in which every field that a message could show is a word of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from definitions import loader
from notifications.courier import Courier
from notifications.message import Message
from notifications.render import Renderer
from notifications.transport import MemoryTransport
from tests.integration.mail.post import AT, HEADLINE, SENDER
from workflow.clock import SetClock
from workflow.model import events as e
from workflow.model.challenge import replay
from workflow.model.lines import TaskLine
from workflow.store import challenges, library, people, reports
from workflow.store.challenges import Origin
from workflow.store.correspondence import preferences
from workflow.store.database import Database

PLACES = ("quokka", "narwhal", "ocelot")
PEOPLE = ("zephyr", "lumen", "cobalt", "saffron", "indigo", "umber")
DEFINITION = """
definition: visit_{place}
version: "1.0"
title: Visit of {place}
sources: {{house {place}: Set by {place}}}
roles:
  challenge_manager: {{title: Manager of {place}, side: programme}}
  peer: {{title: Peer of {place}, side: team, needed: 0..9}}
dates:
  onsite_start: {{title: First day of {place}}}
stages:
  scoping: {{title: Scoping of {place}}}
  closed: {{title: Closing of {place}, final: true}}
transitions:
  close: {{from: scoping, to: closed, requires: [call_{place}]}}
tasks:
  call_{place}:
    title: Call for {place}
    stage: scoping
    by: challenge_manager
    limit: 1 week before onsite_start
    reminders: calls
    source: house {place}
ladders:
  calls:
    - {{when: 3 days before limit, to: by, notice: call_reminder}}
notices:
  call_reminder: {{title: A call for {place}}}
  news: {{title: News of {place}, says: It is said in {place}., when: closed is entered, to: peer}}
"""


@dataclass(frozen=True, slots=True)
class Raised:
    """A notice: of which place, to which of its team, and of what kind."""

    place: str
    person: str
    is_ladder: bool = True
    is_urgent: bool = False


@dataclass
class Town:
    """A database with three challenges; `teams` tells who is on which, the manager first."""

    database: Database
    teams: dict[str, tuple[str, ...]]
    raised: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    clock: SetClock = field(default_factory=lambda: SetClock(AT))

    def build(self) -> "Town":
        """Make the people and the challenges."""
        with self.database.writing() as link:
            for name in PEOPLE:
                email, phone = f"{name}@{name}.example", f"01632 {name}"
                added = people.add(link, name=f"Jo {name}", email=email, phone=phone)
                self.ids[name] = added.id
            for place in PLACES:
                loaded = loader.load_text(DEFINITION.format(place=place), file=f"{place}.yaml")
                library.keep(
                    link,
                    content_hash=loaded.content_hash,
                    definition=loaded.definition,
                    text=loaded.text,
                    at=AT,
                )
                started = e.ChallengeStarted(
                    at=AT,
                    reference=f"{place.upper()}-27",
                    title=f"Challenge of {place}",
                    client=f"Council of {place}",
                    definition=loaded.definition.definition,
                    version=loaded.definition.version,
                    content_hash=loaded.content_hash,
                    stage="scoping",
                )
                happened = [started, *self._joined(place)]
                change = challenges.Change(
                    at=AT, events=tuple(happened), challenge=replay(happened), headline=HEADLINE
                )
                challenges.insert(link, change, origin=Origin("test"))
        return self

    def _joined(self, place: str) -> Iterator[e.Event]:
        for number, name in enumerate(self.teams[place]):
            role = "peer" if number else "challenge_manager"
            yield e.PersonAssigned(at=AT, person=self.ids[name], role=role, on=AT.date())

    def put(self, notices: Sequence[Raised]) -> None:
        """Raise notices, each about a task of its own."""
        for notice in notices:
            self.raised += 1
            with self.database.writing() as link:
                stored = challenges.load(link, f"{notice.place.upper()}-27")
                line, happened = self._line(notice), list(self._events(notice))
                change = challenges.Change(
                    at=self.clock.at,
                    events=tuple(happened),
                    challenge=replay(happened, stored.challenge),
                    headline=HEADLINE,
                    lines=(line,),
                )
                challenges.append(link, stored, change, origin=Origin("test"))

    def _line(self, notice: Raised) -> TaskLine:
        spec = f"call_{notice.place}"
        return TaskLine(
            key=f"{spec}:{self.raised}",
            spec=spec,
            position=1,
            title=f"Call {self.raised} for {notice.place}",
            status="open",
            assignees=(self.ids[self.teams[notice.place][0]],),
            opened_at=AT,
            limit_on=AT.date(),
            why=f"because of {notice.place}",
            source=f"house {notice.place}",
        )

    def _events(self, notice: Raised) -> Iterator[e.Event]:
        key = f"call_{notice.place}:{self.raised}"
        yield e.TaskIssued(at=AT, task=key, spec=f"call_{notice.place}")
        yield e.TaskOpened(at=AT, task=key)
        yield e.NoticeRaised(
            at=self.clock.at,
            notice="call_reminder" if notice.is_ladder else "news",
            recipient=self.ids[notice.person],
            occurrence=str(self.raised),
            about=self.ids[self.teams[notice.place][-1]],
            tasks=(key,),
            marks=(e.Mark(task=key, rung="1", fires_at=AT),) if notice.is_ladder else (),
            is_urgent=notice.is_urgent,
        )

    def release(self, person: str, place: str) -> None:
        """Let somebody leave the team of a place."""
        with self.database.writing() as link:
            stored = challenges.load(link, f"{place.upper()}-27")
            left = e.PersonReleased(
                at=self.clock.at, person=self.ids[person], role="peer", on=AT.date(), reason="ill"
            )
            change = challenges.Change(
                at=self.clock.at,
                events=(left,),
                challenge=replay([left], stored.challenge),
                headline=HEADLINE,
            )
            challenges.append(link, stored, change, origin=Origin("test"))

    def let_stand_in(self, person: str, other: str) -> None:
        """Let somebody be away, and another stand in."""
        today = AT.date()
        with self.database.writing() as link:
            preferences.set_away(
                link, self.ids[person], since=today, until=None, stand_in=self.ids[other],
                today=today,
            )  # fmt: skip

    def send(self, renderer: Renderer) -> list[Message]:
        """Send all that waits; return the messages."""
        transport = MemoryTransport()
        Courier(self.database, self.clock, transport, renderer=renderer, sender=SENDER).drain()
        return transport.messages

    def leaks(self, messages: Sequence[Message]) -> list[str]:
        """Return whatever a message has that is of another challenge, or of nobody there."""
        with self.database.reading() as link:
            rows = reports.mail(link)
        names = {number: name for name, number in self.ids.items()}
        found = list[str]()
        for message in messages:
            mine = [row for row in rows if row.message_id == message.message_id]
            places = {(row.reference or "").removesuffix("-27").lower() for row in mine}
            recipients = {names[row.recipient_id] for row in mine}
            team = {name for place in places for name in self.teams[place]}
            reader = message.to.address.partition("@")[0]
            words = _words(message)
            found += [f"{message.subject}: {p}" for p in PLACES if p in words and p not in places]
            strangers = {name for name in PEOPLE if name in words} - team - {reader}
            found += [f"{message.subject}: {name} is on no role there" for name in strangers]
            if len(recipients) != 1 or not recipients <= team:
                found.append(f"{message.subject}: to {sorted(recipients)}")
        return found


def _words(message: Message) -> str:
    """Return everything that a message says, its headers included."""
    headers = " ".join(f"{name} {value}" for name, value in message.headers)
    reply_to = f"{message.reply_to.name} {message.reply_to.address}"
    parts = (message.subject, message.text, message.html, headers, reply_to, message.to.name)
    return " ".join(parts).lower()
