"""What should stand in people's calendars, and what they must be sent so that it does.

Like a plan, the entries follow from the facts alone: `agenda` says which ones should exist now. The
store keeps what each person was told last. The difference between the two is what must be sent:
a new entry, one that moved, one that was withdrawn. So a date that moves, a person who leaves, a
challenge that is postponed and goes on again need no rules of their own.

An entry has a key that stays the same for the same thing (`visit`; for a task `call:due:4`), and
each letter about it a higher sequence than the one before, as calendar programs want it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.definition import Invitation
from workflow.model.language.phrases import Edge
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.planning.reminders import BY, PERSON, assignees, is_held
from workflow.model.planning.rulebook import Rulebook
from workflow.model.reckoning.reckon import reckon
from workflow.model.task import Task, TaskStatus, changed

DUE = "due"
_TO_DO, _DONE = "Due: ", "Done: "
_ONE_HOUR = timedelta(hours=1)
_SILENT = (e.CommandRefused, e.NoticeRaised, e.RungsPassed, e.DeadlineMissed, e.AnswerGiven)
_WHOLE = (e.DefinitionMigrated, e.MigrationUndone)


class Kind(StrEnum):
    """What becomes of an entry."""

    NEW = "new"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    DONE = "done"  # nothing is sent, and only feeds say so: what it reminds of is done


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something in a person's calendar.

    Either from `starts_at` to `ends_at` (aware, UTC), or whole local days, `first_on` and `last_on`
    among them. People in the title are written as `{p4}`. `task` is the key of the task whose day
    it is.
    """

    key: str
    person: int
    title: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    first_on: date | None = None
    last_on: date | None = None
    task: str = field(default="", compare=False)

    def is_over(self, at: datetime, today: date) -> bool:
        """Return whether it lies wholly in the past at a moment, which is `today` locally."""
        if self.ends_at is not None:
            return self.ends_at <= at
        return self.last_on is not None and self.last_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The entries that should exist on the local day `today`.

    `done` are the keys of those that do not because their task is done.
    """

    today: date
    entries: tuple[Entry, ...] = ()
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry as its person was told of it last."""

    entry: Entry
    sequence: int = 0
    is_cancelled: bool = False

    @property
    def is_done(self) -> bool:
        """Return whether its task was done when it was told last."""
        return self.entry.title.startswith(_DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What an entry's person must be told of it now."""

    entry: Entry
    kind: Kind
    sequence: int = 0


def wanted(rulebook: Rulebook, challenge: Challenge) -> tuple[Entry, ...]:
    """Return the entries that should exist, in the definition's order; none while it is paused."""
    stage = rulebook.definition.stages[challenge.stage]
    if stage.final or stage.paused:
        return ()
    return tuple(
        entry
        for name, invitation in rulebook.definition.invitations.items()
        for entry in _entries(rulebook, challenge, name, invitation)
    )


def agenda(
    rulebook: Rulebook, challenge: Challenge, events: Iterable[e.Event], *, at: datetime
) -> Agenda | None:
    """Return what should stand in calendars; None if `events` cannot have changed any of it.

    `challenge` is as it is after the events.
    """
    if not any(_is_concerned(rulebook, challenge, event) for event in events):
        return None
    done = (
        _key(name, task)
        for name, invitation in rulebook.definition.invitations.items()
        if invitation.task is not None
        for task in challenge.occurrences(invitation.task)
        if task.status is TaskStatus.DONE
    )
    return Agenda(
        today=rulebook.today(at), entries=wanted(rulebook, challenge), done=frozenset(done)
    )


def letters(agenda: Agenda, told: Iterable[Told], *, at: datetime) -> tuple[Letter, ...]:
    """Return what people must be told, given what they were told before.

    What lies in the past when it appears, or is gone when it is past, is not worth a word.
    """
    before = {(one.entry.key, one.entry.person): one for one in told}
    meant = {(entry.key, entry.person): entry for entry in agenda.entries}
    found = (_about(entry, before.get(which), agenda, at) for which, entry in meant.items())
    gone = (_gone(one, agenda, at) for which, one in before.items() if which not in meant)
    return tuple(letter for letter in (*found, *gone) if letter is not None)


def counts(sent: Iterable[Letter]) -> Mapping[Kind, int]:
    """Return how many letters of each kind are sent, the kinds in a fixed order."""
    kinds = [letter.kind for letter in sent]
    return {kind: kinds.count(kind) for kind in (Kind.NEW, Kind.MOVED, Kind.WITHDRAWN)}


def _is_concerned(rulebook: Rulebook, challenge: Challenge, event: e.Event) -> bool:
    """Return whether an event may change what should stand in calendars."""
    if isinstance(event, _SILENT):
        return False
    if isinstance(event, _WHOLE):
        return True
    if not rulebook.definition.invitations:
        return False
    key = getattr(event, "task", None)
    task = challenge.tasks.get(key) if key is not None else None
    return task is None or task.spec in rulebook.appointed


def _entries(
    rulebook: Rulebook, challenge: Challenge, name: str, invitation: Invitation
) -> Iterator[Entry]:
    """Yield the entries of one invitation, one for each person."""
    if invitation.task is not None:
        for task in challenge.occurrences(invitation.task):
            yield from _of_task(rulebook, challenge, name, invitation, task)
        return
    frame = _frame(rulebook, challenge, name, invitation)
    if frame is not None:
        for person in _people(rulebook, challenge, invitation, None):
            yield changed(frame, person=person)


def _frame(
    rulebook: Rulebook, challenge: Challenge, name: str, invitation: Invitation
) -> Entry | None:
    """Return an entry for nobody yet; None while its time is not known or its stage not reached.

    A stage that ends unfinished tasks ends these entries, too: the visit is off.
    """
    stage = rulebook.definition.stages[challenge.stage]
    reached = [one for one in invitation.stage if one in challenge.entered]
    if stage.keeps is not None or (invitation.stage and not reached):
        return None
    ground = rulebook.ground(lookup(rulebook, challenge, Occurrence(key="", spec="")))
    title = _filled(invitation.title or name, challenge)
    plain = Entry(key=name, person=0, title=title)
    if invitation.at is not None:
        start = reckon(invitation.at, ground, edge=Edge.START)
        return _timed(plain, start.at, invitation) if start else None
    first, last = (
        reckon(timing, ground) if timing else None
        for timing in (invitation.first, invitation.last or invitation.first)
    )
    if first is None or last is None or last.on < first.on:
        return None
    return changed(plain, first_on=first.on, last_on=last.on)


def _of_task(
    rulebook: Rulebook, challenge: Challenge, name: str, invitation: Invitation, task: Task
) -> Iterator[Entry]:
    """Yield the entries of an open task: at its time, or on its target, or else its limit.

    On a whole day those who are to do it see that it is due then.
    """
    if task.status is not TaskStatus.OPEN or is_held(challenge, task):
        return
    on = task.target_on or task.limit_on
    title = _filled(invitation.title or rulebook.specs[task.spec].title, challenge, task)
    plain = Entry(key=_key(name, task), person=0, title=title, task=task.key)
    doing: tuple[int, ...] = ()
    if task.agreed_at is not None:
        plain = _timed(plain, task.agreed_at, invitation)
    elif on is not None:
        plain = changed(plain, first_on=on, last_on=on)
        doing = assignees(rulebook, challenge, task)
    else:
        return
    for person in _people(rulebook, challenge, invitation, task):
        prefix = _TO_DO if person in doing else ""
        yield changed(plain, person=person, title=f"{prefix}{title}")


def _timed(entry: Entry, starts_at: datetime, invitation: Invitation) -> Entry:
    """Return an entry from a moment on, for as long as an invitation says."""
    lasts = timedelta(hours=invitation.lasts.count) if invitation.lasts else _ONE_HOUR
    return changed(entry, starts_at=starts_at, ends_at=starts_at + lasts)


def _key(name: str, task: Task) -> str:
    """Return the key of a task's entry: the same when the task is called otherwise one day."""
    return f"{name}:{DUE}{task.key[len(task.spec) :]}"


def _filled(title: str, challenge: Challenge, task: Task | None = None) -> str:
    """Return a title with what it is about in it, people as `{p4}`."""
    if task is not None and task.person is not None:
        title = title.replace("{person}", f"{{p{task.person}}}")
    if task is not None and task.day is not None:
        title = title.replace("{day}", in_words(task.day))
    return title.replace("{client}", challenge.client)


def _people(
    rulebook: Rulebook, challenge: Challenge, invitation: Invitation, task: Task | None
) -> tuple[int, ...]:
    """Return whose calendars are meant, each person once."""
    found: list[int] = []
    for name in invitation.to:
        if name == PERSON:
            found += [task.person] if task and task.person is not None else []
        elif name == BY:
            found += assignees(rulebook, challenge, task) if task else ()
        else:
            found += challenge.holders(rulebook.definition.members(name))
    return tuple(dict.fromkeys(found))


def _about(entry: Entry, told: Told | None, agenda: Agenda, at: datetime) -> Letter | None:
    """Return what must be said of an entry that should exist."""
    is_over = entry.is_over(at, agenda.today)
    if told is None or told.is_cancelled:
        sequence = told.sequence + 1 if told else 0
        return None if is_over else Letter(entry=entry, kind=Kind.NEW, sequence=sequence)
    kind = Kind.NEW if told.is_done else Kind.MOVED
    if told.entry == entry or (is_over and told.entry.is_over(at, agenda.today)):
        return None
    return Letter(entry=entry, kind=kind, sequence=told.sequence + 1)


def _gone(told: Told, agenda: Agenda, at: datetime) -> Letter | None:
    """Return what must be said of an entry that should not exist any more."""
    if told.is_cancelled:
        return None
    sequence, title = told.sequence + 1, told.entry.title.removeprefix(_DONE)
    if told.entry.key in agenda.done:
        done = changed(told.entry, title=_DONE + title.removeprefix(_TO_DO))
        return None if told.is_done else Letter(entry=done, kind=Kind.DONE, sequence=sequence)
    if told.entry.is_over(at, agenda.today):
        return None
    gone = changed(told.entry, title=title)
    return Letter(entry=gone, kind=Kind.WITHDRAWN, sequence=sequence)
