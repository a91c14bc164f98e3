"""What the change of a definition shifts of what would be said later, reminder by reminder.

Unlike after other changes the rungs themselves may be others now. So each reminder is followed to
the rung that takes its place, and the two moments are compared, without letting time pass.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from workflow.model.challenge import Challenge
from workflow.model.decisions.migration import Migrated
from workflow.model.decisions.succession import carried, successors
from workflow.model.outlook.consequences import (
    Consequences,
    Moments,
    Voice,
    becoming_late,
    shifts,
)
from workflow.model.planning.reminders import firings, is_held, recipients
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import UNFINISHED, Task

Named = Callable[[Task, str], tuple[str, str]]


def shifted(old: Rulebook, new: Rulebook, decision: Migrated, *, at: datetime) -> Consequences:
    """Return which reminders come at another moment than under the old definition, or not at all.

    What is unfinished at the moment stays so in both.
    """
    before = _coming(old, decision.before, at, _followed(old, new, decision))
    after = _coming(new, decision.after, at, lambda task, rung: (task.key, rung))
    found = tuple(shifts(before, after))
    fresh = [shift for shift in found if shift.old_at is None]
    said = {(t.key, rung) for t in decision.taken.tasks.values() for rung in t.said}
    again = [s for s in fresh if any((one.task, one.rung) in said for one in s.voices)]
    return Consequences(
        moved=tuple(shift for shift in found if shift.old_at and shift.new_at),
        withdrawn=tuple(shift for shift in found if shift.new_at is None),
        again=tuple(again),
        coming=tuple(shift for shift in fresh if shift not in again),
        late=becoming_late(new, decision.taken, decision.after, at=at),
    )


def _followed(old: Rulebook, new: Rulebook, decision: Migrated) -> Named:
    """Return the function that gives a task and its rung the names that they have afterwards."""
    places: dict[str, dict[str, str]] = {}

    def named(task: Task, rung: str) -> tuple[str, str]:
        key = decision.renamed.get(task.key, task.key)
        if task.spec not in places:
            called = key.partition(":")[0]
            places[task.spec] = successors(old, new, spec=task.spec, called=called)
        return key, carried(rung, places[task.spec]) or f"{rung} as it was"

    return named


def _coming(rulebook: Rulebook, challenge: Challenge, at: datetime, named: Named) -> Moments:
    """Return when reminders of what is unfinished will be said after a moment."""
    found: Moments = defaultdict(list)
    if rulebook.definition.stages[challenge.stage].paused:
        return found
    for task in challenge.tasks.values():
        if task.status not in UNFINISHED or is_held(challenge, task):
            continue
        for firing in firings(rulebook, challenge, task):
            if firing.fires_at > at:
                key, rung = named(task, firing.id)
                for person in recipients(rulebook, challenge, firing.rung.to, task=task):
                    voice = Voice(firing.rung.notice, person, key, rung)
                    found[voice].append(firing.fires_at)
    return found
