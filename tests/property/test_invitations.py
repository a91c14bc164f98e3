"""Whatever happens, and however the mail fares: what calendars show is what should stand there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.store.builders import AT, TODAY, begin, opened
from tests.invited import INVITED, Program
from tests.property.lives import COMMANDS, STARTS, Life, Turn, born, take, turns
from workflow.changes import change_of
from workflow.model.decide import Decision
from workflow.model.planning.invitations import (
    Agenda,
    Entry,
    Kind,
    Told,
    agenda,
    letters,
    wanted,
)
from workflow.store import challenges
from workflow.store.database import Database
from workflow.store.rows import invitations as rows

FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
DAY = timedelta(days=1)
busy = st.lists(  # time passes slowly, so that most entries lie ahead
    st.tuples(
        st.sampled_from([*COMMANDS, "release", "date", "complete", "watch"]),
        st.integers(0, 60),
        st.integers(0, 59),
    ),
    min_size=8,
    max_size=25,
)
ON_DAYS = {
    f"{key}:{person}:{shift}": Entry(
        key=key,
        person=person,
        title="On site",
        first_on=TODAY + shift * DAY,
        last_on=TODAY + (shift + 2) * DAY,
    )
    for key in ("visit", "call:due:2")
    for person in (1, 2)
    for shift in (10, 20)
}


@dataclass
class Invited(Life):
    """A life, with the entries that its people were told of, each message obeyed at once."""

    shown: dict[tuple[str, int], Told] = field(default_factory=dict)

    def keep(self, decision: Decision) -> None:
        """Keep what a decision came to, and tell people of it."""
        change = change_of(self.rules, decision, at=self.at)
        super().keep(decision)
        for letter in (
            letters(change.agenda, self.shown.values(), at=self.at) if change.agenda else ()
        ):
            entry, is_gone = letter.entry, letter.kind is Kind.WITHDRAWN
            self.shown[entry.key, entry.person] = Told(
                entry=entry, sequence=letter.sequence, is_cancelled=is_gone
            )

    def ahead(self, entries: list[Entry]) -> set[Entry]:
        """Return those of some entries that do not lie in the past."""
        today = self.rules.today(self.at)
        return {entry for entry in entries if not entry.is_over(self.at, today)}


@FEW
@given(start=st.sampled_from(["dated", "visiting"]), happened=busy)
def test_calendars_show_what_should_stand_there_whatever_happens(
    start: str, happened: list[Turn]
) -> None:
    """So nothing that changes an entry is overlooked: not even where no agenda was made."""
    plain = born((INVITED,), start)
    life = Invited(**vars(plain))
    first = Agenda(today=life.rules.today(life.at), entries=wanted(life.rules, life.challenge))
    for letter in letters(first, (), at=life.at):
        life.shown[letter.entry.key, letter.entry.person] = Told(entry=letter.entry)
    for turn in happened:
        take(life, turn)
        told = life.shown.values()
        shown = [one.entry for one in told if not (one.is_cancelled or one.is_done)]
        meant = list(wanted(life.rules, life.challenge))
        assert life.ahead(shown) == life.ahead(meant)


@FEW
@given(start=st.sampled_from(list(STARTS)), happened=turns)
def test_an_agenda_never_names_a_thing_twice_nor_what_is_done(
    start: str, happened: list[Turn]
) -> None:
    life = born((INVITED,), start)
    for turn in happened:
        take(life, turn)
        moved = [event for event in life.events if type(event).__name__ == "ChallengeStarted"]
        found = agenda(life.rules, life.challenge, moved, at=life.at)
        assert found is not None
        names = [(entry.key, entry.person) for entry in found.entries]
        assert len(names) == len(set(names))
        assert found.done.isdisjoint(key for key, _ in names)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Yield a database for all examples: each has a challenge of its own."""
    folder: Path = tmp_path_factory.mktemp("calendars")
    with opened(f"sqlite:///{folder / 'challenges.db'}") as database:
        yield database


_numbers = count(1)
_DROP_STALE = """
UPDATE outbox SET status = 'cancelled' WHERE status = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM invitation i
    WHERE i.challenge_id = outbox.challenge_id AND i.person_id = outbox.recipient_id
        AND outbox.unique_key LIKE '%/' || i.key || '/' || i.sequence || '/%'
)
"""
changes = st.tuples(
    st.just("change"), st.sets(st.sampled_from([*ON_DAYS]), max_size=4), st.booleans()
)
mails = st.tuples(
    st.sampled_from(["send", "send late", "arrive", "fail"]), st.sets(st.integers(0, 5)), st.none()
)
Step = tuple[str, set[Any], bool | None]


@dataclass
class Post:
    """A challenge's invitations on their way: written, taken by a courier, and delivered."""

    database: Database
    challenge_id: int
    programs: dict[int, Program] = field(default_factory=lambda: {1: Program(), 2: Program()})
    told: Agenda = field(default_factory=lambda: Agenda(today=TODAY))

    def change(self, entries: list[Entry], done: frozenset[str]) -> None:
        """Let some entries be those that should exist."""
        self.told = Agenda(today=TODAY, entries=tuple(entries), done=done)
        with self.database.writing() as link:
            stored = challenges.load_by_id(link, self.challenge_id)
            rows.keep(link, stored.id, stored.challenge, agenda=self.told, at=AT)

    def mark(self, was: str, status: str, which: set[int] | None = None) -> None:
        """Let some of the messages in a status be in another; what is sent arrives."""
        sql = (
            "SELECT id, recipient_id, calendar FROM outbox "
            "WHERE challenge_id = :id AND status = :was ORDER BY id"
        )
        with self.database.writing() as link:
            for number, row in enumerate(link.rows(sql, id=self.challenge_id, was=was)):
                if which is None or number in which:
                    link.execute(
                        "UPDATE outbox SET status = :status WHERE id = :id",
                        id=row[0],
                        status=status,
                    )
                    if status == "sent":
                        self.programs[row[1]].get(json.loads(row[2]))

    def take(self, step: Step) -> None:
        """Let one thing happen."""
        kind, which, is_done = step
        if kind == "change":
            entries = {ON_DAYS[name].key + str(ON_DAYS[name].person): ON_DAYS[name]
                       for name in sorted(which)}  # fmt: skip
            there = {entry.key for entry in entries.values()}
            done = frozenset({"call:due:2"} - there) if is_done else frozenset()
            self.change(list(entries.values()), done)
        else:
            was, status = {
                "send": ("waiting", "sent"),
                "send late": ("waiting", "sending"),
                "arrive": ("sending", "sent"),
                "fail": ("waiting", "failed"),
            }[kind]
            self.mark(was, status, which)


@settings(FEW, max_examples=80)
@given(steps=st.lists(st.one_of(changes, mails), min_size=3, max_size=14))
def test_calendars_show_what_should_stand_there_however_the_mail_fares(
    database: Database, steps: list[Step]
) -> None:
    """At the end all mail arrives, that which failed too if it still says what is so."""
    post = Post(database, begin(database, f"GAR-{next(_numbers)}"))
    for step in steps:
        post.take(step)
    post.mark("failed", "waiting")
    with database.writing() as link:
        link.execute(_DROP_STALE)
    post.mark("sending", "sent")
    post.mark("waiting", "sent")
    for person, program in post.programs.items():
        meant = {(e.key, str(e.first_on)) for e in post.told.entries if e.person == person}
        shown = {one for one in program.shown() if one[0] not in post.told.done}
        assert shown == meant


def test_a_program_that_ignores_the_sequence_is_caught(database: Database) -> None:
    """The harness sees a fault: a message that arrives late and is obeyed all the same."""
    post = Post(database, begin(database, f"GAR-{next(_numbers)}"))
    early, late = ON_DAYS["visit:2:10"], ON_DAYS["visit:2:20"]
    post.change([early], frozenset())
    post.mark("waiting", "sending")
    post.change([late], frozenset())
    post.mark("waiting", "sent")
    post.programs[2].entries = {
        uid: {**entry, "sequence": -1} for uid, entry in post.programs[2].entries.items()
    }
    post.mark("sending", "sent")
    assert post.programs[2].shown() == {("visit", str(early.first_on))}
    assert replace(early, first_on=late.first_on, last_on=late.last_on) == late
