"""Who must be told what, and when: the rungs of a ladder, and the notices of an occasion.

A rung speaks once for each moment that it hangs on: a deadline that moves to a later day makes
it speak again, one that moves to an earlier day does not repeat what was said. After a time in
which nobody swept, each is told the latest of the missed rungs that is for them, and it stands for
the others. What is not urgent waits for the hours in which the programme sends.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.definition import Notice
from workflow.model.duties import Rung
from workflow.model.language.phrases import Happening, Occasion, Timing, Unit
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.planning.rulebook import Rulebook
from workflow.model.reckoning.moments import Ground, Known
from workflow.model.reckoning.reckon import anchor_of, reckon
from workflow.model.records.state import Hold
from workflow.model.task import UNFINISHED, Task

PERSON, BY = "person", "by"
REMEMBERED = 20_000
STILL_URGENT = timedelta(hours=24)
ANNOUNCED = (e.PersonAssigned, e.PersonReleased, e.StageEntered, e.DateSet, e.DateCleared)


class Firing(NamedTuple):
    """A rung of a task's ladder and the moment (aware, UTC) at which it speaks."""

    id: str
    rung: Rung
    fires_at: datetime


def firings(rulebook: Rulebook, challenge: Challenge, task: Task) -> tuple[Firing, ...]:
    """Return the rungs of a task's ladders whose moments are known, the earliest first."""
    ladders = rulebook.specs[task.spec].reminders
    if not ladders:
        return ()
    found = [firing for name in ladders for firing in _of_ladder(rulebook, challenge, task, name)]
    return tuple(sorted(found, key=lambda firing: firing.fires_at))


def _of_ladder(
    rulebook: Rulebook, challenge: Challenge, task: Task, ladder: str
) -> tuple[Firing, ...]:
    """Return the rungs of one ladder, remembered by the dates that they hang on."""
    own = (task.opened_at, task.target_on, task.limit_on, task.limit_at, task.day)
    others = rulebook.hinges[ladder]
    find = lookup(rulebook, challenge, _occurrence(task), own=task) if others else None
    beyond = tuple(find(name) for name in others) if find else ()
    key = (ladder, rulebook.specs[task.spec].calendar, own, beyond)
    found = rulebook.firings.get(key)
    if found is None:
        if len(rulebook.firings) >= REMEMBERED:
            rulebook.firings.clear()
        find = find or lookup(rulebook, challenge, _occurrence(task), own=task)
        ground = rulebook.ground(find, rulebook.specs[task.spec])
        found = tuple(_firings(rulebook, ladder, ground))
        rulebook.firings[key] = found
    return found


def _occurrence(task: Task) -> Occurrence:
    return Occurrence(key=task.key, spec=task.spec, person=task.person, day=task.day)


def _firings(rulebook: Rulebook, ladder: str, ground: Ground) -> Iterator[Firing]:
    """Yield the rungs of a ladder, an `every` as many times as it may repeat."""
    for number, rung in enumerate(rulebook.definition.ladders[ladder]):
        known = anchor_of(rung.when.timing, ground)
        if known is None:
            continue
        for turn in range(1, rung.at_most + 1 if rung.when.is_repeated else 2):
            name = f"{ladder}.{number}" + (f".{turn}" if rung.when.is_repeated else "")
            timing = rulebook.remembered(
                ("timing", name), partial(_of_turn, rulebook, rung.when.timing, turn)
            )
            moment = _moment(rulebook, rung, ground, of_turn=timing, known=known)
            yield Firing(name, rung, moment)


def _of_turn(rulebook: Rulebook, timing: Timing, turn: int) -> Timing:
    """Return when a rung speaks for the first, second … time, with its time of day."""
    sent_at = None if timing.unit is Unit.HOURS else timing.at or rulebook.send_at
    return replace(timing, count=timing.count * turn, at=sent_at)


def _moment(
    rulebook: Rulebook, rung: Rung, ground: Ground, *, of_turn: Timing, known: Known
) -> datetime:
    """Return when a rung speaks: at its own time of day, or when the programme sends."""
    timing = rung.when.timing
    if timing.names == ("opening",) and timing.count == 0 and known.at:
        at = known.at
    else:
        reckoned = reckon(of_turn, ground)
        if reckoned is None:
            raise RuntimeError(f"{timing.text}: the anchor is known, so the moment is")
        at = reckoned.at
    if rung.urgent:
        return at
    is_ahead = timing.count <= 0 and timing.names != ("opening",)
    return rulebook.hours.allowed(at, not_after=known.on if is_ahead else None)


def may_speak(rulebook: Rulebook, challenge: Challenge, task: Task) -> bool:
    """Return whether the rungs of a task may speak at all: it is to be done, and clocks run."""
    return (
        task.status in UNFINISHED
        and not challenge.entered.keys().isdisjoint(rulebook.specs[task.spec].stage)
        and not rulebook.definition.stages[challenge.stage].paused
        and not is_held(challenge, task)
    )


def is_held(challenge: Challenge, task: Task) -> bool:
    """Return whether a hold stops a task."""
    return bool(challenge.holds) and bool(holds_on(challenge, task))


def holds_on(challenge: Challenge, task: Task) -> tuple[str, ...]:
    """Return the names of the holds that stop a task: by its spec and person, or by its rule."""
    return tuple(name for name, hold in challenge.holds.items() if _stops(hold, task))


def _stops(hold: Hold, task: Task) -> bool:
    if task.spec in hold.tasks:
        return not hold.people or task.person is None or task.person in hold.people
    rule = task.spec.removeprefix(RETENTION_PREFIX)
    return rule != task.spec and rule in hold.rules


def is_still_said(
    rulebook: Rulebook, challenge: Challenge, task: Task, *, to: int, rung: str | None, at: datetime
) -> bool:
    """Return whether a reminder that was raised and not sent yet would be said still.

    Not if its task is done, nor if what its rung hangs on has moved, so that it lies ahead again,
    nor to somebody who has left and whose task it is not. A pause or a hold only lets it wait.
    """
    if task.status not in UNFINISHED:
        return False
    if rung is not None and not _has_come(rulebook, challenge, task, rung=rung, at=at):
        return False
    roles = [member for member in challenge.team if member.person == to]
    has_left = bool(roles) and all(member.left_at is not None for member in roles)
    return not has_left or to in (task.person, *assignees(rulebook, challenge, task))


def _has_come(
    rulebook: Rulebook, challenge: Challenge, task: Task, *, rung: str, at: datetime
) -> bool:
    if challenge.entered.keys().isdisjoint(rulebook.specs[task.spec].stage):
        return False
    moments = [f.fires_at for f in firings(rulebook, challenge, task) if f.id == rung]
    return not moments or moments[0] <= at


def next_firing(
    rulebook: Rulebook, challenge: Challenge, task: Task, *, after: datetime
) -> datetime | None:
    """Return when the next rung of a task will speak, later than `after`."""
    if not may_speak(rulebook, challenge, task):
        return None
    moments = (f.fires_at for f in firings(rulebook, challenge, task) if f.fires_at > after)
    return next(moments, None)


def remind(
    rulebook: Rulebook, challenge: Challenge, tasks: Iterable[Task], *, at: datetime
) -> Iterator[e.NoticeRaised]:
    """Yield the notices that rungs raise `at` a moment: one a recipient, with all its tasks."""
    groups: dict[tuple[str, int | None], list[tuple[Task, list[Firing]]]] = defaultdict(list)
    for task in tasks:
        for recipient, heard in _heard(rulebook, challenge, task, at=at).items():
            groups[heard[-1].rung.notice, recipient].append((task, heard))
    for (notice, recipient), said in groups.items():
        newest = max(heard[-1].fires_at for _, heard in said)
        yield e.NoticeRaised(
            at=at,
            notice=notice,
            recipient=recipient,
            occurrence=f"{said[0][0].key}/{said[0][1][-1].id}/{newest.isoformat()}",
            tasks=tuple(task.key for task, _ in said),
            marks=tuple(
                e.Mark(task=task.key, rung=one.id, fires_at=one.fires_at)
                for task, heard in said
                for one in heard
            ),
            is_urgent=any(_is_urgent(heard[-1], at) for _, heard in said),
        )


def _heard(
    rulebook: Rulebook, challenge: Challenge, task: Task, *, at: datetime
) -> dict[int | None, list[Firing]]:
    """Return by recipient the rungs of a task that are due, up to the latest that is for them."""
    due = _unsaid(rulebook, challenge, task, at)
    heard: dict[int | None, list[Firing]] = {}
    for number, firing in enumerate(due, start=1):
        for recipient in recipients(rulebook, challenge, firing.rung.to, task=task):
            heard[recipient] = due[:number]
    return heard


def _is_urgent(firing: Firing, at: datetime) -> bool:
    """Return whether what is said is urgent still: not what nobody could say for a day."""
    return firing.rung.urgent and at - firing.fires_at <= STILL_URGENT


def _unsaid(rulebook: Rulebook, challenge: Challenge, task: Task, at: datetime) -> list[Firing]:
    """Return the rungs that are due and were not said for a moment as late as theirs."""
    if not may_speak(rulebook, challenge, task):
        return []
    due = (f for f in firings(rulebook, challenge, task) if f.fires_at <= at)
    return [f for f in due if f.id not in task.said or task.said[f.id] < f.fires_at]


def recipients(
    rulebook: Rulebook, challenge: Challenge, audience: Iterable[str], *, task: Task | None = None
) -> tuple[int | None, ...]:
    """Return who is meant, each once; the programme's own people if nobody is, else (None,)."""
    found = [person for name in audience for person in _named(rulebook, challenge, name, task)]
    if not found:
        roles = rulebook.definition.roles.items()
        found = list(challenge.holders(key for key, role in roles if role.side == "programme"))
    return tuple(dict.fromkeys(found)) or (None,)


def _named(
    rulebook: Rulebook, challenge: Challenge, name: str, task: Task | None
) -> tuple[int, ...]:
    """Return the people that one word of an audience means."""
    if name == PERSON:
        return (task.person,) if task and task.person is not None else ()
    if name == BY:
        return assignees(rulebook, challenge, task) if task else ()
    return challenge.holders(rulebook.definition.members(name))


def assignees(rulebook: Rulebook, challenge: Challenge, task: Task) -> tuple[int, ...]:
    """Return who is to do a task now, in the order of its `by`."""
    named = rulebook.specs[task.spec].by
    if len(named) == 1:
        return _named(rulebook, challenge, named[0], task)
    found = [person for name in named for person in _named(rulebook, challenge, name, task)]
    return tuple(dict.fromkeys(found))


def announce(
    rulebook: Rulebook, challenge: Challenge, event: e.Event, *, at: datetime
) -> Iterator[e.NoticeRaised]:
    """Yield the notices that an event is the occasion for. `challenge` is as it is after it."""
    for key, notice in rulebook.definition.notices.items():
        if any(_is_occasion(rulebook, occasion, event) for occasion in notice.when):
            about = getattr(event, "person", None)
            for recipient in _audience(rulebook, challenge, notice, about):
                yield e.NoticeRaised(
                    at=at,
                    notice=key,
                    recipient=recipient,
                    occurrence=f"{challenge.version}",
                    about=about,
                )


def _audience(
    rulebook: Rulebook, challenge: Challenge, notice: Notice, about: int | None
) -> tuple[int | None, ...]:
    """Return who is told of an occasion; `person` is the one it is about."""
    rest = [name for name in notice.to if name != PERSON]
    said = (about,) if PERSON in notice.to and about is not None else ()
    others = recipients(rulebook, challenge, rest) if rest or not said else ()
    return tuple(dict.fromkeys((*said, *others)))


def _is_occasion(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    """Return whether `event` is what an occasion waits for."""
    check = _OCCASIONS[occasion.happening]
    return check(rulebook, occasion, event)


def _is_about(rulebook: Rulebook, occasion: Occasion, role: str) -> bool:
    subjects = occasion.subjects
    return not subjects or role in rulebook.definition.members(*subjects)


def _joins(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    return isinstance(event, e.PersonAssigned) and _is_about(rulebook, occasion, event.role)


def _leaves(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    return isinstance(event, e.PersonReleased) and _is_about(rulebook, occasion, event.role)


def _enters(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    return (
        isinstance(event, e.StageEntered)
        and event.stage in occasion.subjects
        and not event.is_resumed  # to go on after a pause is not to enter anew
    )


def _moves(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    return (
        isinstance(event, e.DateSet)
        and event.key in occasion.subjects
        and event.old not in (None, event.on)
    )


def _clears(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    return isinstance(event, e.DateCleared) and event.key in occasion.subjects


def _changes(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    return _joins(rulebook, occasion, event) or _leaves(rulebook, occasion, event)


def _never(rulebook: Rulebook, occasion: Occasion, event: e.Event) -> bool:
    return False  # a digest is about many challenges: no event of one is its occasion


_OCCASIONS = {
    Happening.JOINING: _joins,
    Happening.LEAVING: _leaves,
    Happening.ENTERED: _enters,
    Happening.MOVES: _moves,
    Happening.CHANGES: _changes,
    Happening.CLEARED: _clears,
    Happening.WEEKLY: _never,
}


def is_redone(rulebook: Rulebook, occasions: Iterable[Occasion], event: e.Event) -> bool:
    """Return whether `event` makes a task that is done to be done again."""
    return any(_is_occasion(rulebook, occasion, event) for occasion in occasions)
