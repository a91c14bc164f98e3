"""Proofs: every notice of a definition composed once for each kind of thing that it can be about.

A template that asks for somebody who joined fails when the same notice goes out for a stage that
was entered, and it fails on the day, in the courier. So it is tried beforehand, with invented
people and days, through the same parts that write the messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from notifications.compose import Sender, compose
from notifications.message import Mailbox, UnsendableMessage
from notifications.render import Renderer
from workflow.model.checks.finding import Finding
from workflow.model.definition import Definition, Notice
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import Happening
from workflow.model.lines import TaskLine
from workflow.model.people import Person
from workflow.model.standing import Standing
from workflow.store.briefs import Brief
from workflow.store.queries import ListRow

_AT = datetime(2027, 3, 2, 9, tzinfo=UTC)
_DAY = date(2027, 3, 16)
_SENDER = Sender(mailbox=Mailbox(address="programme@programme.example"))
_ANYBODY = Person(id=1, name="Robin Example", email="robin@example.test")
_CLERK = Person(id=2, name="Sam Clerk", email="sam@programme.example", is_administrator=True)
_OF_PEOPLE = (Happening.JOINING, Happening.LEAVING, Happening.CHANGES)
_SAYINGS = {
    Happening.JOINING: "when somebody joins",
    Happening.LEAVING: "when somebody leaves",
    Happening.CHANGES: "when somebody joins or leaves",
    Happening.ENTERED: "when a stage is entered",
    Happening.MOVES: "when a date moves",
    Happening.CLEARED: "when a date is cleared",
    Happening.WEEKLY: "every week",
}


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a notice is about in one case, in words, and the brief of it."""

    what: str
    brief: Brief


def find_unwritable(definition: Definition, *, templates: str = "") -> Iterator[Finding]:
    """Give the notices that cannot be written for something that they can go out for, once each.

    `templates` is the folder that is searched before the program's own, if there is one.
    """
    renderer = Renderer(*([Path(templates)] if templates else []))
    for key, notice in definition.notices.items():
        told: set[str] = set()
        for proof in _proofs(definition, key, notice):
            try:
                compose(proof.brief, renderer, sender=_SENDER)
            except UnsendableMessage as error:
                if str(error) not in told:
                    told.add(str(error))
                    text = f"it cannot be written {proof.what}: {error}"
                    yield Finding(("notices", key), f"{text}; mend the template, or the notice")


def _proofs(definition: Definition, key: str, notice: Notice) -> Iterator[_Proof]:
    """Give every kind of thing that a notice can go out for."""
    plain = _brief(definition, key, notice)
    for happening in dict.fromkeys(occasion.happening for occasion in notice.when):
        said = _SAYINGS[happening]
        if happening is Happening.WEEKLY:
            for rows in ((), (_row(definition),)):
                yield _Proof(said, _weekly(plain, key, rows))
        else:
            about = _ANYBODY if happening in _OF_PEOPLE else None
            yield _Proof(said, replace(plain, about=about))
            yield _Proof(said, replace(plain, about=about, dates={}, recipient=_CLERK))
    kinds = {_kind(task): (name, task) for name, task in _tasks(definition, key)}
    for what, (name, task) in kinds.items():
        said, reminding = f"about a task {what}", replace(plain, is_ladder=True)
        bare, ahead, late = _lines(name, task)
        yield _Proof(said, replace(reminding, lines=(bare,), dates={}))
        yield _Proof(said, replace(reminding, lines=(ahead,), recipient=_CLERK))
        yield _Proof(said, replace(reminding, lines=(late, ahead)))


def _tasks(definition: Definition, notice: str) -> Iterator[tuple[str, TaskSpec]]:
    """Give the tasks of which a notice reminds."""
    ladders = {
        name
        for name, ladder in definition.ladders.items()
        if any(rung.notice == notice for rung in ladder)
    }
    for name, task in definition.tasks.items():
        if not ladders.isdisjoint(task.reminders):
            yield name, task


def _kind(task: TaskSpec) -> str:
    """Return what kind of task it is, in words: for whom or which day, with which dates."""
    whose = "of all"
    if task.for_each:
        whose = "of a person" if task.for_each.people else "of a day"
    dates = [key for key in ("target", "limit") if getattr(task, key)]
    return f"{whose} with a {' and a '.join(dates)}" if dates else f"{whose} without a deadline"


def _lines(name: str, task: TaskSpec) -> Iterator[TaskLine]:
    """Give a task as a message may show it: ahead and late, and while its days are not known."""
    each = task.for_each
    person = _ANYBODY.id if each and each.people else None
    day = _DAY if each and not each.people else None
    suffix = f":{person or day}" if each else ""
    title = task.title.replace("{person}", _ANYBODY.name).replace("{day}", "16 March")
    whole = TaskLine(
        key=f"{name}{suffix}",
        spec=name,
        position=1,
        title=title,
        status="open",
        person=person,
        day=day,
        assignees=(_ANYBODY.id,),
        opened_at=_AT,
        source=task.source or "",
    )
    yield whole
    for first in (_DAY, _AT.date() - timedelta(days=7)):
        limit_on = first + timedelta(days=1)
        yield replace(
            whole,
            target_on=first if task.target else None,
            limit_on=limit_on if task.limit else None,
            limit_at=datetime.combine(limit_on, time(19), UTC) if task.limit else None,
            why=timing.text if (timing := task.limit or task.target) else "",
        )


def _brief(definition: Definition, key: str, notice: Notice) -> Brief:
    """Return a brief about a challenge of which everything is known."""
    return Brief(
        id=1,
        message_key=f"PROOF/{key}",
        created_at=_AT,
        notice=key,
        notice_title=notice.title,
        notice_says=notice.says or "",
        recipient=_ANYBODY,
        is_rehearsal=False,
        reference="PROOF-1",
        challenge_title="Proof",
        client="Example council",
        dates={name: (fact.title, _DAY, False) for name, fact in definition.dates.items()},
        people=dict.fromkeys(definition.roles, (_CLERK,)),
        stage_title=next((stage.title for stage in definition.stages.values()), ""),
        zone="Europe/London",
    )


def _weekly(plain: Brief, key: str, rows: tuple[ListRow, ...]) -> Brief:
    """Return a brief about no single challenge."""
    return replace(
        plain,
        notice_title=key,
        notice_says="",
        reference="",
        client="",
        challenge_title="",
        stage_title="",
        dates={},
        people={},
        portfolio=rows,
    )


def _row(definition: Definition) -> ListRow:
    return ListRow(
        reference="PROOF-1",
        title="Proof",
        client="Example council",
        definition=definition.definition,
        definition_version=definition.version,
        stage="proof",
        stage_title="Proof",
        is_final=False,
        is_paused=False,
        standing=Standing.AHEAD,
        next_key=None,
        next_title="",
        next_target_on=None,
        next_limit_on=None,
        late=0,
        open=1,
        challenge_manager=None,
    )
