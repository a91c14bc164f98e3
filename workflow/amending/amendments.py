"""A calendar's change, carried out: the new version, and every deadline that moves with it.

The version is kept together with the first challenges that it moves, in one transaction. Where
there are more of them, a mark in the database says how far the change has come, and each further
batch moves the mark in its own transaction. So a crash loses nothing and does nothing twice: the
next sweep, or the next change of a calendar, finds the mark and goes on from there. A mark has a
lease, so that no sweep takes a change out of the hands of whoever is carrying it out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from workflow.amending.previews import (
    Amended,
    Effect,
    Page,
    differing,
    effect_of,
    failure_of,
    users_of,
)
from workflow.changes import change_of
from workflow.clock import Clock
from workflow.linking import ties
from workflow.linking.ties import Following
from workflow.model.decide import Decision
from workflow.model.errors import Conflict
from workflow.model.events import CalendarChanged
from workflow.model.recounting.recount import Recount
from workflow.store import calendars, challenges, meta, wakeups
from workflow.store.challenges import Origin, Stored
from workflow.store.database import Database, Link
from workflow.store.log import entries

BATCH = 100
LEASE = timedelta(minutes=2)
PUT_OFF = timedelta(minutes=5)
SOURCE = "calendar"
UNDERWAY = "calendar_underway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a change has come: up to the challenge with the id `after`; leased `until`."""

    name: str
    version: int
    after: int
    until: datetime

    def text(self) -> str:
        """Return the mark as it is kept."""
        facts = (self.name, self.version, self.after, self.until.isoformat())
        return json.dumps(facts)


def _read(text: str) -> Mark:
    name, version, after, until = json.loads(text)
    return Mark(name=name, version=version, after=after, until=datetime.fromisoformat(until))


def carry_out(database: Database, clock: Clock, amended: Amended) -> Iterator[Page]:
    """Keep the new version and move what it moves, batch by batch; yield each.

    Raises:
        Conflict: another change is being carried out, or the calendar was changed meanwhile.
    """
    with database.writing() as link:
        at, after = clock.now(), amended.after
        mark = Mark(name=after.name, version=after.version, after=0, until=at + LEASE)
        if not meta.claim(link, UNDERWAY, mark.text()):
            raise Conflict(
                "another change of a calendar is still being carried out; try again in two minutes"
            )
        meta.reach(link, at)
        changed = amended.changed
        calendars.put(link, after, at=at, actor=changed.actor, reason=changed.reason)
        _enter(link, amended, at)
        page = _batch(link, amended, mark, at)
    yield page
    yield from _rest(database, clock, amended)


def _enter(link: Link, amended: Amended, at: datetime) -> None:
    """Enter a new version of a calendar; what it moves is entered with each challenge."""
    after = amended.after
    doing = entries.Doing(
        at=at,
        actor=amended.changed.actor,
        action="calendar_amended",
        source=SOURCE,
        authority=amended.authority,
        detail={"calendar": after.name, "version": after.version},
        reason=amended.changed.reason,
    )
    entries.put(link, doing)


def go_on(database: Database, clock: Clock) -> Iterator[Page]:
    """Go on with a change that was broken off, if there is one; yield what each batch came to."""
    with database.reading() as link:
        if meta.get(link, UNDERWAY) is None:
            return
    with database.writing() as link:
        at = clock.now()
        text = meta.hold(link, UNDERWAY)
        if text is None or _read(text).until > at:
            return
        mark = replace(_read(text), until=at + LEASE)
        meta.put(link, UNDERWAY, mark.text())
        amended = _amended(link, mark, at)
    yield from _rest(database, clock, amended)


def _rest(database: Database, clock: Clock, amended: Amended) -> Iterator[Page]:
    """Yield the batches that are left, until none is, or the mark is another change's."""
    after = amended.after
    while True:
        with database.writing() as link:
            text = meta.hold(link, UNDERWAY)
            mark = _read(text) if text else None
            if mark is None or (mark.name, mark.version) != (after.name, after.version):
                return
            page = _batch(link, amended, mark, clock.now())
        yield page


def _amended(link: Link, mark: Mark, at: datetime) -> Amended:
    """Return the change that a mark is of."""
    kept = calendars.history(link, mark.name)[mark.version - 1]
    before = calendars.at_version(link, mark.name, mark.version - 1)
    changed = CalendarChanged(
        at=at, actor=kept.actor, calendar=mark.name, version=mark.version, reason=kept.reason
    )
    return Amended(
        before=before,
        after=kept.calendar,
        days=differing(before, kept.calendar),
        changed=changed,
    )


def _batch(link: Link, amended: Amended, mark: Mark, at: datetime) -> Page:
    """Move what the change moves in the next challenges, and the mark behind the last of them."""
    ids = wakeups.going_on(link, users_of(link, mark.name), after=mark.after, limit=BATCH)
    effects = [_moved(link, amended, challenge_id, at) for challenge_id in ids]
    is_over = len(ids) < BATCH
    ahead = None if is_over else replace(mark, after=ids[-1], until=at + LEASE)
    meta.put(link, UNDERWAY, ahead.text() if ahead else None)
    amended.forget()
    return Page(number=len(ids), effects=tuple(effect for effect in effects if effect))


def _moved(link: Link, amended: Amended, challenge_id: int, at: datetime) -> Effect | None:
    """Move what the change moves in one challenge; one that fails is swept in five minutes."""
    stored = challenges.load_by_id(link, challenge_id)
    try:
        found = amended.count_anew(link, stored)
    except Exception as error:  # one challenge must not stop the others
        wakeups.defer(link, challenge_id, at + PUT_OFF)
        return Effect(reference=stored.challenge.reference, failure=failure_of(error))
    if found is None:
        return None
    _keep(link, amended, stored, found)
    return effect_of(found)


def _keep(link: Link, amended: Amended, stored: Stored, found: Recount) -> None:
    rulebook = amended.exchange(link, stored.challenge.content_hash).new
    decision = Decision(
        before=found.before, after=found.after, events=found.events, wakes=found.wakes
    )
    at = amended.changed.at
    change = change_of(rulebook, decision, at=at)
    challenges.append(link, stored, change, origin=Origin(SOURCE, uuid4().hex, "AmendCalendar"))
    ties.release(Following(link, at, None, SOURCE), rulebook, decision)
