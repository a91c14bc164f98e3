"""What people say about a task of theirs, and the times that are agreed with them."""

from collections.abc import Iterator

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.decisions.asking import Asking
from workflow.model.decisions.tasks import find_task, require_hand, spoken
from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput
from workflow.model.planning.reminders import assignees
from workflow.model.task import Task, TaskStatus

ANSWERS = {
    "done": "says it is done",
    "cannot": "cannot",
    "another_time": "asks for another time",
    "unclear": "answers",
}
"""What may be answered, and how the history tells it."""

MOST_SAID = 2_000
"""Characters of an answer that are kept; an e-mail is kept whole beside it."""

ANSWER_GIVEN = "answer_given"
"""The notice that somebody has answered, which every definition has by itself."""

MANAGER = "challenge_manager"


def answer(asking: Asking, command: c.GiveAnswer) -> tuple[e.Event, ...]:
    """Record what somebody says of a task, and tell whoever must do something about it."""
    task = find_task(asking, command, "open")
    require_hand(asking, task, spoken(asking, task))
    if command.answer not in ANSWERS:
        raise InvalidInput(f'"{command.answer}" is no answer; allowed: {", ".join(ANSWERS)}')
    if not command.says.strip():
        raise InvalidInput(_WANTED[command.answer])
    if command.on is not None and command.on > asking.today:
        raise InvalidInput(f"{in_words(command.on)} is in the future: say what was done by now")
    given = e.AnswerGiven(
        at=asking.at,
        actor=asking.actor.id,
        task=task.key,
        answer=command.answer,
        says=command.says.strip(),
        on=command.on,
        moment=command.moment,
        incoming=command.incoming,
    )
    return (given, *_tell(asking, task))


_WANTED = {
    "done": "say how it was done",
    "cannot": "say why it cannot be done",
    "another_time": "say which time would suit",
    "unclear": "the answer is empty",
}


def managing(definition: Definition, challenge: Challenge) -> Iterator[tuple[int, ...]]:
    """Yield who holds each role that sees to answers: the challenge manager's before the others."""
    named = [MANAGER] if MANAGER in definition.roles else []
    for name in (*named, *definition.authority.records):
        yield challenge.holders(definition.members(name))


def _tell(asking: Asking, task: Task) -> Iterator[e.NoticeRaised]:
    """Yield a notice for each who manages the challenge: the first role that is held counts."""
    definition = asking.rulebook.definition
    found = next((people for people in managing(definition, asking.challenge) if people), ())
    doing = found or assignees(asking.rulebook, asking.challenge, task)
    for person in doing:
        if person != asking.actor.id:
            yield e.NoticeRaised(
                at=asking.at,
                notice=ANSWER_GIVEN,
                recipient=person,
                occurrence=f"{task.key}.{asking.challenge.version}",
                about=asking.actor.id,
                tasks=(task.key,),
            )


def agree(asking: Asking, command: c.AgreeTime) -> tuple[e.Event, ...]:
    """Record the time that was agreed for a task, or that none is any more."""
    task = find_task(asking, command, "open")
    require_hand(asking, task, spoken(asking, task))
    if command.moment is not None and command.moment <= asking.at:
        raise InvalidInput("that time has gone by: agree on one that is to come")
    if command.moment and task.limit_at and command.moment > task.limit_at:
        asking.warnings.append("that time is after the limit of the task")
    if command.moment and task.status is not TaskStatus.OPEN:
        asking.warnings.append("it goes into the calendars once the task is open")
    if command.moment == task.agreed_at:
        asking.warnings.append("that is agreed already" if command.moment else "no time is agreed")
        return ()
    return (
        e.TimeAgreed(at=asking.at, actor=asking.actor.id, task=task.key, moment=command.moment),
    )
