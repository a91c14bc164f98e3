"""Challenges for the tests of the store: small, invented, and made without the engine."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.prepared import prepare
from workflow.model import events as e
from workflow.model.challenge import evolve, replay
from workflow.model.definition import Definition
from workflow.model.lines import Headline, TaskLine
from workflow.model.people import Person
from workflow.store import challenges, library, people
from workflow.store.challenges import Change, Origin, Stored
from workflow.store.database import Database
from workflow.store.link import Link

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TODAY = AT.date()
HOUR = timedelta(hours=1)
CONTENT_HASH = "5e1f"
DEFINITION = Definition.model_validate(
    {
        "definition": "garden_visit",
        "version": "1.0",
        "title": "Visit to a garden",
        "roles": {
            "challenge_manager": {"title": "Challenge manager", "side": "programme"},
            "peer": {"title": "Peer", "side": "team", "needed": "1..3"},
        },
        "dates": {"visit": {"title": "Day of the visit"}},
        "stages": {"planning": {"title": "Planning"}, "over": {"title": "Over", "final": True}},
        "transitions": {"finish": {"from": "planning", "to": "over"}},
        "tasks": {
            "call": {
                "title": "Call {person}",
                "stage": "planning",
                "by": "challenge_manager",
                "for_each": "peer",
                "limit": "1 week before visit",
                "source": "house policy",
            }
        },
        "notices": {"reminder": {"title": "Something is due", "says": "Please see to it."}},
    }
)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Yield a database with the schema, a definition and two people: Ada (1) and Ben (2)."""
    with closing(Database(url)) as database:
        prepare(database)
        with database.writing() as link:
            add_person(link, "Ada Example", is_administrator=True)
            add_person(link, "Ben Example")
            library.keep(link, content_hash=CONTENT_HASH, definition=DEFINITION, text="text", at=AT)
        yield database


def add_person(link: Link, name: str, *, is_administrator: bool = False) -> Person:
    """Add a person whose address is made of the name."""
    email = f"{name.partition(' ')[0].lower()}@office.example"
    return people.add(link, name=name, email=email, is_administrator=is_administrator)


def line(key: str, **other: object) -> TaskLine:
    """Return a pending task as lists show it."""
    plain = TaskLine(
        key=key, spec=key.partition(":")[0], position=1, title="Call {person}", status="pending"
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def headline(**other: object) -> Headline:
    """Return what a portfolio shows of a challenge that is being planned."""
    plain = Headline(stage="planning", stage_title="Planning", manager=1)
    return plain._replace(**other)  # type: ignore[arg-type]


def started(
    reference: str = "GAR-26", *, lines: tuple[TaskLine, ...] = (), **shown: object
) -> Change:
    """Return the beginning of a challenge of Ada's with Ben as a peer, and a task for each line."""
    happened: list[e.Event] = [
        e.ChallengeStarted(
            at=AT,
            actor=1,
            reference=reference,
            title="The walled garden",
            client="Gardens of Eastvale",
            definition=DEFINITION.definition,
            version=DEFINITION.version,
            content_hash=CONTENT_HASH,
            stage="planning",
        ),
        e.PersonAssigned(at=AT, actor=1, person=1, role="challenge_manager", on=TODAY),
        e.PersonAssigned(at=AT, actor=1, person=2, role="peer", on=TODAY),
    ]
    happened += [e.TaskIssued(at=AT, task=one.key, spec=one.spec) for one in lines]
    return Change(
        at=AT,
        events=tuple(happened),
        challenge=replay(happened),
        headline=headline(**shown),
        lines=lines,
    )


def step(
    stored: Stored, *happened: e.Event, lines: tuple[TaskLine, ...] = (), **shown: object
) -> Change:
    """Return the change that events make to a challenge that was loaded."""
    challenge = stored.challenge
    for event in happened:
        challenge = evolve(challenge, event)
    at = happened[-1].at if happened else AT
    return Change(
        at=at, events=happened, challenge=challenge, headline=headline(**shown), lines=lines
    )


def begin(database: Database, reference: str = "GAR-26", *lines: TaskLine, **shown: object) -> int:
    """Keep a new challenge; return its id."""
    with database.writing() as link:
        change = started(reference, lines=lines, **shown)
        return challenges.insert(link, change, origin=Origin("test"))


def go_on(database: Database, *happened: e.Event, reference: str = "GAR-26") -> None:
    """Let something happen in a challenge that changes no line."""
    with database.writing() as link:
        stored = challenges.load(link, reference)
        challenges.append(link, stored, step(stored, *happened), origin=Origin("test"))


def date_set(on: date, *, after: timedelta = timedelta(hours=1)) -> e.DateSet:
    """Return the event that the day of the visit became known."""
    return e.DateSet(at=AT + after, actor=1, key="visit", on=on)


def notice(
    occurrence: str,
    *,
    recipient: int | None = 2,
    tasks: tuple[str, ...] = (),
    rung: str = "",
    about: int | None = None,
) -> e.NoticeRaised:
    """Return the event that somebody must be told something; a rung makes it a reminder."""
    return e.NoticeRaised(
        at=AT,
        notice="reminder",
        recipient=recipient,
        about=about,
        occurrence=occurrence,
        tasks=tasks,
        marks=tuple(e.Mark(task=task, rung=rung, fires_at=AT) for task in tasks if rung),
    )
