"""Whether a limit is missed at the moment of looking, whether or not a sweep has noted it yet."""

from datetime import datetime

from workflow.model.challenge import Challenge
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.plan import plan_one
from workflow.model.planning.reconcile import SECOND
from workflow.model.planning.reminders import is_held
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import UNFINISHED, Task, TaskStatus


def is_late(rulebook: Rulebook, challenge: Challenge, task: Task, *, at: datetime) -> bool:
    """Return whether the limit of an unfinished task is missed: noted, or noted by a sweep now.

    While a challenge is paused or a task is held nothing becomes late; what lapses is no breach.
    """
    if task.status not in UNFINISHED or task.limit_at is None or at < task.limit_at + SECOND:
        return False
    if _has_lapsed(rulebook, challenge, task, at=at):
        return False
    is_paused = rulebook.definition.stages[challenge.stage].paused
    return task.is_missed or not (is_paused or is_held(challenge, task))


def _has_lapsed(rulebook: Rulebook, challenge: Challenge, task: Task, *, at: datetime) -> bool:
    """Return whether a sweep finds that nobody answered in the time that was allowed."""
    if task.status is not TaskStatus.OPEN or rulebook.specs[task.spec].lapses is None:
        return False
    planned = plan_one(rulebook, challenge, occurrence_of(rulebook, challenge, task))
    return planned.lapses_at is not None and planned.lapses_at <= at
