"""What a change brings later: the reminders that it shifts, and what is late because of it.

A change says at once what happens at once. The rest is found by letting time pass twice, by the
same rules that will let it pass in earnest: from the challenge as it was, and from the challenge
as the change leaves it, nobody acting in either. What comes in one and not in the other, or at
another moment, is what the change shifts.

A reminder is one rung of one task's ladder, to one person. A message without a rung (a stage is
entered) stands among them: it, too, may come at another moment, or not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.outlook.foresight import pass_alone
from workflow.model.planning.reminders import is_held, is_still_said
from workflow.model.planning.rulebook import Rulebook
from workflow.model.standing import Standing, standing_of
from workflow.model.task import Task


@dataclass(frozen=True, slots=True)
class Voice:
    """Which reminder: a rung of a task's ladder (both empty where a message has none), to whom."""

    notice: str
    recipient: int | None
    task: str = ""
    rung: str = ""
    about: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A message that comes at another moment than before: None where it does not come at all.

    `voices` are the reminders that it speaks for: one message may remind of several tasks.
    """

    notice: str
    recipient: int | None
    old_at: datetime | None
    new_at: datetime | None
    voices: tuple[Voice, ...]

    @property
    def tasks(self) -> tuple[str, ...]:
        """The keys of the tasks that it reminds of."""
        return tuple(voice.task for voice in self.voices if voice.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a change shifts. Of messages: those that will come if nobody acts.

    `again` are reminders that were said once and will be said for the new moment, too; `coming`
    are new ones. `late` are the unfinished tasks whose limit (or target, where they have no limit)
    was not past without the change, and is past now.
    """

    moved: tuple[Shift, ...] = ()
    withdrawn: tuple[Shift, ...] = ()
    again: tuple[Shift, ...] = ()
    coming: tuple[Shift, ...] = ()
    late: tuple[Task, ...] = ()


Moments = dict[Voice, list[datetime]]


def consequences(
    rulebook: Rulebook,
    before: Challenge | None,
    after: Challenge,
    *,
    events: Iterable[e.Event],
    at: datetime,
    earlier: Rulebook | None = None,
) -> Consequences:
    """Return what a change at a moment (aware, UTC) shifts; `before` is None for a new challenge.

    `events` are those of the change; `earlier` is the rulebook before it, where that is another
    one. Lets time pass twice: a tenth of a second for a large challenge, so not on the path of a
    command that shows nothing.
    """
    old = _coming(earlier or rulebook, before, at) if before else {}
    for voice in _said(events):  # what the change says at once does not fall away
        old[voice] = old.get(voice, [])[1:]
    found = tuple(shifts(old, _coming(rulebook, after, at)))
    fresh = [shift for shift in found if shift.old_at is None]
    return Consequences(
        moved=tuple(shift for shift in found if shift.old_at and shift.new_at),
        withdrawn=tuple(shift for shift in found if shift.new_at is None),
        again=tuple(shift for shift in fresh if _was_said(before, shift)),
        coming=tuple(shift for shift in fresh if not _was_said(before, shift)),
        late=becoming_late(rulebook, before, after, at=at, earlier=earlier),
    )


def becoming_late(
    rulebook: Rulebook,
    before: Challenge | None,
    after: Challenge,
    *,
    at: datetime,
    earlier: Rulebook | None = None,
) -> tuple[Task, ...]:
    """Return the tasks that are late after a change, and would not be without it."""
    known = before.tasks if before else {}
    return tuple(
        task
        for key, task in after.tasks.items()
        if _is_late(rulebook, after, task, at)
        and not (before and key in known and _is_late(earlier or rulebook, before, known[key], at))
    )


def is_untrue(
    rulebook: Rulebook,
    challenge: Challenge,
    tasks: Iterable[str],
    *,
    to: int,
    rungs: Mapping[str, str],
    at: datetime,
) -> bool:
    """Return whether a reminder of `tasks` that waits to be sent has nothing left to say.

    `rungs` says for each of them which rung it was raised by, where that is known. While all of it
    is paused or on hold, a reminder waits, and is not untrue.
    """
    known = (challenge.tasks[key] for key in tasks if key in challenge.tasks)
    return not any(
        is_still_said(rulebook, challenge, task, to=to, rung=rungs.get(task.key), at=at)
        for task in known
    )


def _coming(rulebook: Rulebook, challenge: Challenge, at: datetime) -> Moments:
    """Return what will be said, if nobody acts, and at which moments."""
    found: Moments = defaultdict(list)
    for event in pass_alone(rulebook, challenge, at=at):
        for voice in _said([event]):
            found[voice].append(event.at)
    return found


def _said(events: Iterable[e.Event]) -> Iterator[Voice]:
    """Yield the reminders that the notices among some events speak for."""
    for event in events:
        if isinstance(event, e.NoticeRaised):
            yield from voices(event)


def voices(event: e.NoticeRaised) -> Iterator[Voice]:
    """Yield the reminders that a notice speaks for: of each task the latest rung of its marks."""
    if not event.marks:
        yield Voice(event.notice, event.recipient, about=event.about)
    latest = {mark.task: mark.rung for mark in event.marks}
    for task, rung in latest.items():
        yield Voice(event.notice, event.recipient, task, rung)


def shifts(old: Moments, new: Moments) -> Iterator[Shift]:
    """Yield what comes at another moment, or only before, or only after: message by message."""
    groups: dict[tuple[datetime | None, datetime | None, str, int | None], list[Voice]]
    groups = defaultdict(list)
    for voice in dict.fromkeys([*old, *new]):
        was, will = old.get(voice, ()), new.get(voice, ())
        gone = [moment for moment in was if moment not in will]
        added = [moment for moment in will if moment not in was]
        for old_at, new_at in zip_longest(gone, added):
            groups[old_at, new_at, voice.notice, voice.recipient].append(voice)
    for (old_at, new_at, notice, recipient), spoken in groups.items():
        yield Shift(
            notice=notice,
            recipient=recipient,
            old_at=old_at,
            new_at=new_at,
            voices=tuple(spoken),
        )


def _was_said(before: Challenge | None, shift: Shift) -> bool:
    """Return whether a reminder of a message was said before the change."""
    tasks = before.tasks if before else {}
    return any(
        voice.task in tasks and voice.rung in tasks[voice.task].said for voice in shift.voices
    )


def _is_late(rulebook: Rulebook, challenge: Challenge, task: Task, at: datetime) -> bool:
    standing = standing_of(
        task,
        at=at,
        today=rulebook.today(at),
        is_paused=rulebook.definition.stages[challenge.stage].paused,
    )
    return standing is Standing.LATE and not is_held(challenge, task)
