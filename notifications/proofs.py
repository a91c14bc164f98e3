"""Proofs: every notice of a definition composed once for each kind of thing that it can be about.

A template that asks for somebody who joined fails when the same notice goes out for a stage that
was entered, and it fails on the day, in the courier. So it is tried beforehand, with invented
people and days, through the same parts that write the messages.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from notifications.compose import Sender, compose
from notifications.delivery.digest import DIGEST, Digest
from notifications.message import Mailbox, UnsendableMessage
from notifications.render import GLOBALS, UNSAID, Asked, Renderer, look_into
from notifications.sandbox.fault import TemplateFault
from notifications.sandbox.folder import (
    FRAMES,
    GENERAL,
    KINDS,
    Foreign,
    files_of,
    is_template,
    read_folders,
    shipped_names,
)
from notifications.sandbox.samples import (
    ANYBODY,
    AT,
    CASES,
    CLERK,
    DAY,
    DESK,
    OF_NO_CHALLENGE,
    PLAIN,
    ROW,
    sample_facts,
)
from workflow.model.checks.finding import Finding
from workflow.model.definition import Definition, Notice
from workflow.model.duties import TaskSpec
from workflow.model.errors import Problem, did_you_mean
from workflow.model.language.phrases import Happening
from workflow.model.lines import TaskLine
from workflow.store.briefs import Brief
from workflow.store.queries import ListRow

_SENDER = Sender(mailbox=Mailbox(address="programme@programme.example"), desk=DESK)
_CALENDAR = "calendar_"
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
    for key in definition.notices:
        for what, error in failures(definition, key, renderer):
            text = f"it cannot be written {what}: {error}"
            yield Finding(("notices", key), f"{text}; mend the template, or the notice")


def check_folder(folder: Path, definitions: Mapping[str, Definition]) -> list[Problem]:
    """Return what is wrong with the templates of a folder, and with the notices that use them.

    `definitions` are those whose notices may have templates there, by what they are called.

    Raises:
        InvalidInput: the folder cannot be read.
    """
    foreign = read_folders([folder])
    renderer = Renderer(folder)
    notices = _notices(definitions)
    asked: dict[str, Asked] = {}
    found = dict[tuple[str, int, str], Problem]()

    def note(problems: Iterable[Problem]) -> None:
        for problem in problems:
            found.setdefault((problem.file, problem.line, problem.message), problem)

    note(_unusable(foreign, renderer, asked))
    for name, one in asked.items():
        note(_unknown(foreign[name], one, known={*foreign, *shipped_names()}, notices=notices))
    included = {name for one in asked.values() for name in one.templates}
    note(_strangers(folder, notices, included=included))
    places = {(problem.file, problem.line) for problem in found.values() if not problem.is_warning}
    for problem in _unwritten(folder, definitions, renderer) if foreign else ():
        place = (problem.file, problem.line)
        if place not in places and problem.file.startswith(str(folder)):
            places.add(place)
            note([problem])
    return sorted(found.values())


def _notices(definitions: Mapping[str, Definition]) -> list[str]:
    """Return the notices that there are: of definitions, and those that all of them share."""
    shared = [name.partition(".")[0] for name in shipped_names() if name not in FRAMES]
    declared = [key for definition in definitions.values() for key in definition.notices]
    return sorted({*shared, *declared})


def _unusable(
    foreign: Mapping[str, Foreign], renderer: Renderer, asked: dict[str, Asked]
) -> Iterator[Problem]:
    """Give what stops a template altogether; note down what the others ask for."""
    for name, one in foreign.items():
        try:
            renderer.check(name)
            asked[name] = look_into(one.text, name=name)
        except TemplateFault as fault:
            yield Problem(one.path, fault.line, 1, "", fault.reason)


def _unknown(
    one: Foreign, asked: Asked, *, known: Collection[str], notices: Collection[str]
) -> Iterator[Problem]:
    """Give what a template asks for and no message has. A part of others gets theirs from them."""
    for name in sorted(asked.templates - set(known)):
        said = f'there is no template "{name}"{did_you_mean(name, sorted(known), most=6)}'
        yield _at(one, name, 0, said)
    notice, _, kind = one.name.partition(".")
    if one.name not in FRAMES and (kind not in KINDS or notice not in notices):
        return
    beside = {"words", "paragraphs", "own_html"} if one.name in FRAMES or kind == "html" else set()
    facts = sorted({key for sample in sample_facts() for key in sample} | {*UNSAID, *beside})
    for name, line in asked.names.items():
        if name not in facts and name not in GLOBALS:
            said = f'no message has "{name}"{did_you_mean(name, facts, most=len(facts))}'
            yield _at(one, name, line, said)


def _at(one: Foreign, name: str, line: int, message: str) -> Problem:
    """Return a problem at the place of a word; line 0 is wherever the word stands first."""
    for number, text in enumerate(one.text.splitlines(), start=1):
        found = re.search(rf"\b{re.escape(name)}\b", text)
        if found and line in (0, number):
            return Problem(one.path, number, found.start() + 1, "", message)
    return Problem(one.path, line or 1, 1, "", message)


def _strangers(
    folder: Path, notices: Collection[str], *, included: Collection[str]
) -> Iterator[Problem]:
    """Give the files that nothing uses, with what they may have been meant to be called."""
    names = [*FRAMES, *(f"{notice}.{kind}" for notice in notices for kind in KINDS)]
    for path in files_of(folder):
        notice, _, kind = path.name.partition(".")
        if path.name in names or path.name in included:
            continue
        if is_template(path) and kind in KINDS:
            guess = did_you_mean(notice, sorted(notices), most=6)
            said = f'no definition that is known has a notice "{notice}"{guess}'
        else:
            ends = ", ".join(f".{kind}" for kind in KINDS)
            said = f'"{path.name}" is not used: a template is called as its notice, then {ends}'
        yield Problem(str(path), 1, 1, "", said, is_warning=True)


def _unwritten(
    folder: Path, definitions: Mapping[str, Definition], renderer: Renderer
) -> Iterator[Problem]:
    """Give what goes wrong when the notices are written, each for all that it can be about."""
    declared = set[str]()
    for called, definition in definitions.items():
        for key in definition.notices:
            declared.add(key)
            for what, error in failures(definition, key, renderer):
                yield _unwritable(folder, f"{key} of {called}", what, error)
    for key in _notices({}):
        never = None if key in declared else _never_written(key, renderer)
        if never is not None:
            yield _unwritable(folder, key, "", never)
    try:
        renderer.render(GENERAL, sample_facts()[-1])
    except UnsendableMessage as error:
        yield _unwritable(folder, "a message with all that there can be", "", error)


def _never_written(key: str, renderer: Renderer) -> UnsendableMessage | None:
    """Return why a notice that belongs to no definition is not written for what it is about."""
    if key == DIGEST:
        return _failure_of_digest(renderer)
    cases = [case for case in CASES if case.calendar] if key.startswith(_CALENDAR) else CASES
    wrong = list(_failing([_Proof("", replace(case, notice=key)) for case in cases], renderer))
    return wrong[0][1] if len(wrong) == len(cases) else None


def _failure_of_digest(renderer: Renderer) -> UnsendableMessage | None:
    digest = Digest(renderer, _SENDER, AT)
    try:
        for case in CASES:
            digest.add(case)
        digest.compose(CASES[0])
    except UnsendableMessage as error:
        return error
    return None


def _unwritable(folder: Path, notice: str, what: str, error: UnsendableMessage) -> Problem:
    file, line, reason = str(folder), 1, str(error)
    if isinstance(error, TemplateFault):
        file, line, reason = error.file or file, error.line, error.reason
    about = f" {what}" if what else ""
    return Problem(file, line, 1, "", f"{notice} cannot be written{about}: {reason}")


def failures(
    definition: Definition, key: str, renderer: Renderer
) -> Iterator[tuple[str, UnsendableMessage]]:
    """Give what goes wrong when a notice is written, once each: about what, in words, and why."""
    told: set[str] = set()
    for what, error in _failing(_proofs(definition, key, definition.notices[key]), renderer):
        if str(error) not in told:
            told.add(str(error))
            yield what, error


def _failing(
    proofs: Iterable[_Proof], renderer: Renderer
) -> Iterator[tuple[str, UnsendableMessage]]:
    for proof in proofs:
        try:
            compose(proof.brief, renderer, sender=_SENDER)
        except UnsendableMessage as error:
            yield proof.what, error


def _proofs(definition: Definition, key: str, notice: Notice) -> Iterator[_Proof]:
    """Give every kind of thing that a notice can go out for."""
    plain = _brief(definition, key, notice)
    for happening in dict.fromkeys(occasion.happening for occasion in notice.when):
        said = _SAYINGS[happening]
        if happening is Happening.WEEKLY:
            for rows in ((), (ROW,)):
                yield _Proof(said, _weekly(key, rows))
        else:
            about = ANYBODY if happening in _OF_PEOPLE else None
            yield _Proof(said, replace(plain, about=about))
            yield _Proof(said, replace(plain, about=about, dates={}, recipient=CLERK))
    kinds = {_kind(task): (name, task) for name, task in _tasks(definition, key)}
    for what, (name, task) in kinds.items():
        said, reminding = f"about a task {what}", replace(plain, is_ladder=True)
        bare, ahead, late = _lines(name, task)
        yield _Proof(said, replace(reminding, lines=(bare,), dates={}))
        yield _Proof(said, replace(reminding, lines=(ahead,), recipient=CLERK))
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
    person = ANYBODY.id if each and each.people else None
    day = DAY if each and not each.people else None
    suffix = f":{person or day}" if each else ""
    title = task.title.replace("{person}", ANYBODY.name).replace("{day}", "16 March")
    whole = TaskLine(
        key=f"{name}{suffix}",
        spec=name,
        position=1,
        title=title,
        status="open",
        person=person,
        day=day,
        assignees=(ANYBODY.id,),
        opened_at=AT,
        source=task.source or "",
    )
    yield whole
    for first in (DAY, AT.date() - timedelta(days=7)):
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
    return replace(
        PLAIN,
        message_key=f"PROOF/{key}",
        notice=key,
        notice_title=notice.title,
        notice_says=notice.says or "",
        dates={name: (fact.title, DAY, False) for name, fact in definition.dates.items()},
        people=dict.fromkeys(definition.roles, (CLERK,)),
        stage_title=next((stage.title for stage in definition.stages.values()), ""),
    )


def _weekly(key: str, rows: tuple[ListRow, ...]) -> Brief:
    """Return a brief about no single challenge."""
    return replace(OF_NO_CHALLENGE, notice=key, notice_title=key, notice_says="", portfolio=rows)
