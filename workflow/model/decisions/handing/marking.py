"""Tasks that are done, or to be done again, because of what happens to a document."""

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.model import events as e
from workflow.model.decisions.asking import Asking
from workflow.model.outlook.showing import marked_title
from workflow.model.planning.steps import record_dates
from workflow.model.task import UNFINISHED, Task, TaskStatus


def mark_done(
    asking: Asking, spec: str, person: int | None, *, evidence: str, on: date | None = None
) -> Iterator[e.Event]:
    """Yield that a task is done, with the dates that it records; one that waits stays, and is said.

    `person` picks the task of one person. `on` is a local day, without it today.
    """
    for task in _tasks(asking, spec, person):
        if task.status is TaskStatus.OPEN:
            yield from _done(asking, task, evidence=evidence, on=on or asking.today)
        elif task.status in UNFINISHED:
            title = marked_title(asking.rulebook, task)
            asking.warnings.append(f'"{title}" is not open yet: it is not done by this')


def _tasks(asking: Asking, spec: str, person: int | None) -> Iterator[Task]:
    for task in asking.challenge.occurrences(spec):
        if task.person == person:
            yield task


def _done(asking: Asking, task: Task, *, evidence: str, on: date) -> Iterator[e.Event]:
    spec = asking.rulebook.specs[task.spec]
    yield e.TaskDone(
        at=asking.at,
        actor=asking.actor.id,
        task=task.key,
        on=on,
        by=task.person if "person" in spec.by else asking.actor.id,
        evidence=evidence,
        attested=spec.attest,
    )
    yield from record_dates(
        asking.rulebook, asking.challenge, task.spec, on=on, at=asking.at, actor=asking.actor.id
    )


def reopen_for(
    asking: Asking, spec: str, people: Iterable[int], *, reason: str
) -> Iterator[e.TaskReopened]:
    """Yield that what is done is to be done again by some people, or by all for whom it is one.

    After its limit nothing is to be done again: the register of documents shows who lacks what.
    """
    meant = {None, *people}
    for task in asking.challenge.occurrences(spec):
        if task.status is not TaskStatus.DONE or task.person not in meant:
            continue
        if task.limit_at is not None and task.limit_at < asking.at:
            title = marked_title(asking.rulebook, task)
            asking.warnings.append(f'"{title}" is past its limit: it is not asked for again')
            continue
        yield e.TaskReopened(at=asking.at, actor=asking.actor.id, task=task.key, reason=reason)
