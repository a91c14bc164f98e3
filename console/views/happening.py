"""What happened, in words: one sentence for each kind of event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from console.views.records.disposing import SENTENCES as OF_RETENTION
from console.views.records.telling import SENTENCES
from console.words import listing, long_day, name_of, sentence, short_day
from workflow.model import events as e
from workflow.model.calendar import calendar_title
from workflow.model.challenge import Challenge
from workflow.model.decisions.answers import ANSWERS
from workflow.model.people import Person, name_in
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records import events as r

MOST_NAMES = 4


class Teller:
    """Tells events of one challenge, with the titles of its definition and people's names."""

    def __init__(
        self, rulebook: Rulebook, challenge: Challenge, people: Mapping[int, Person]
    ) -> None:
        self.rulebook, self.challenge, self.people = rulebook, challenge, people

    def tell(self, event: e.Event) -> str:
        """Return what happened in one sentence."""
        tell = _SENTENCES.get(type(event))
        return tell(self, event) if tell else ""

    def titles(self, keys: Sequence[str]) -> str:
        """Return the title of tasks of one spec, with whose or which they are."""
        tasks = [self.challenge.tasks[key] for key in keys if key in self.challenge.tasks]
        if not tasks:  # of an earlier version of the definition
            return sentence(keys[0].partition(":")[0])
        title = self.rulebook.specs[tasks[0].spec].title
        days = sorted(task.day for task in tasks if task.day is not None)
        if days:
            told = [*(short_day(day, beside=days[-1]) for day in days[:-1]), short_day(days[-1])]
            title = title.replace("{day}", listing(told, most=MOST_NAMES))
        is_one = len(tasks) == 1
        return title.replace(
            "{person}", self.name(tasks[0].person) if is_one else f"each of {len(tasks)}"
        )

    def title(self, key: str) -> str:
        """Return the title of one task."""
        return self.titles([key])

    def name(self, person: int | None) -> str:
        """Return a person's name; nobody is the engine."""
        return name_of(person, self.people)

    def role(self, key: str) -> str:
        """Return what people call a role."""
        role = self.rulebook.definition.roles.get(key)
        return role.title if role else key

    def stage(self, key: str) -> str:
        """Return what people call a stage."""
        stage = self.rulebook.definition.stages.get(key)
        return stage.title if stage else key

    def date_title(self, key: str) -> str:
        """Return what a date is."""
        rule = self.rulebook.definition.dates.get(key)
        return rule.title if rule else key

    def pause(self, key: str) -> str:
        """Return what a clock waits for."""
        pause = self.rulebook.definition.pauses.get(key)
        return pause.title if pause else key

    def counter(self, key: str) -> str:
        """Return what a counter counts."""
        rule = self.rulebook.definition.counters.get(key)
        return rule.title if rule else key

    def notice(self, key: str) -> str:
        """Return a notice's title."""
        return self.rulebook.definition.notice_title(key)


def facts_of(event: e.Event) -> dict[str, Any]:
    """Return an event's own facts, without its moment and its actor."""
    common = {"at", "actor"}
    return {f.name: getattr(event, f.name) for f in fields(event) if f.name not in common}


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _started(teller: Teller, event: e.ChallengeStarted) -> str:
    rule = f"{event.definition} {event.version}"
    return f"{event.title}, for {event.client} ({rule}), begins: {teller.stage(event.stage)}"


def _entered(teller: Teller, event: e.StageEntered) -> str:
    text = f"{teller.stage(event.left)} → {teller.stage(event.stage)}{_because(event.reason)}"
    if not event.unmet:
        return text
    word = "overridden" if event.is_overridden else "all the same"
    return f"{text} ({word}: {'; '.join(name_in(item, teller.people) for item in event.unmet)})"


def _dated(teller: Teller, event: e.DateSet) -> str:
    kind = "" if event.is_actual else ", planned"
    now = f"{event.on:%A} {event.on.day} {event.on:%B %Y}"
    if event.moment is not None:
        now = f"{now}, {event.moment.astimezone(teller.rulebook.zone):%H:%M}"
    if event.old is None or event.old == event.on:
        return f"{teller.date_title(event.key)}   {now}{kind}{_because(event.reason)}"
    old = f"{event.old:%A} {event.old.day} {event.old:%B}"
    old = old if event.old.year == event.on.year else f"{old} {event.old.year}"
    return f"{teller.date_title(event.key)}   {old}  →  {now}{kind}{_because(event.reason)}"


def _done(teller: Teller, event: e.TaskDone) -> str:
    return tell_done(teller, event, [event.task])


def tell_done(teller: Teller, event: e.TaskDone, keys: Sequence[str]) -> str:
    """Return what was done, and the day and the doer where they are not whom and when it says."""
    is_today = event.on == teller.rulebook.today(event.at)
    on = "" if is_today else f", on {long_day(event.on)}"
    is_other = event.by not in (None, event.actor) and len(keys) == 1
    by = f", by {teller.name(event.by)}" if is_other else ""
    said = f" ({event.evidence})" if event.evidence else ""
    return f"done: {teller.titles(keys)}{on}{by}{said}"


def _waived(teller: Teller, event: e.TaskWaived) -> str:
    word = "waived by the override" if event.is_overridden else "waived"
    return f"{word}: {teller.title(event.task)}{_because(event.reason)}"


def _answered(teller: Teller, event: e.AnswerGiven) -> str:
    at = f", {_moment(teller, event.moment)}" if event.moment else ""
    said = ANSWERS[event.answer]
    return f"{said}: {teller.title(event.task)}{at}{f' ({event.says})' if event.says else ''}"


def _agreed(teller: Teller, event: e.TimeAgreed) -> str:
    if event.moment is None:
        return f"no time is agreed any more: {teller.title(event.task)}"
    return f"agreed for {_moment(teller, event.moment)}: {teller.title(event.task)}"


def _moment(teller: Teller, moment: datetime) -> str:
    local = moment.astimezone(teller.rulebook.zone)
    return f"{long_day(local.date())}, {local:%H:%M}"


def _noticed(teller: Teller, event: e.NoticeRaised) -> str:
    to = teller.name(event.recipient) or "nobody, since nobody holds the role"
    about = ", ".join(teller.title(key) for key in event.tasks)
    return f"to {to}: {teller.notice(event.notice)}{f' ({about})' if about else ''}"


def _extended(teller: Teller, event: e.DeadlineExtended) -> str:
    unit = event.unit.value if event.count > 1 else event.unit.value.removesuffix("s")
    written = f" ({event.agreement})" if event.agreement else ""
    more = f"{event.count} {unit} more, agreed on {short_day(event.on)}{written}"
    more = f"taken back: {more}" if event.is_void else more
    return f"{teller.title(event.task)}: {more}{_because(event.reason)}"


def _from_to(old: date | None, new: date | None) -> str:
    if old is None:
        return short_day(new)
    return f"{short_day(old, beside=new)} → {short_day(new) or 'not known'}"


def deadline_change(event: e.DeadlineMoved) -> str:
    """Return how a deadline moves, such as `limit Fri 16 Apr 2027 → Fri 23 Apr 2027`."""
    moves = [
        f"{name} {_from_to(old, new)}"
        for name, old, new in (
            ("target", event.old_target_on, event.target_on),
            ("limit", event.old_limit_on, event.limit_on),
        )
        if old != new
    ]
    if event.clock:
        moves.append(f"{event.clock}: {event.clock_note}")
    return ", ".join(moves)


def _deadline_moved(teller: Teller, event: e.DeadlineMoved) -> str:
    change = deadline_change(event) or "opens at another time"
    return f"{teller.title(event.task)}: {change}"


_SENTENCES: dict[type[e.Event], Callable[[Teller, Any], str]] = {
    e.ChallengeStarted: _started,
    e.StageEntered: _entered,
    e.DateSet: _dated,
    e.DateCleared: lambda t, v: f"{t.date_title(v.key)}: no longer known{_because(v.reason)}",
    e.PersonAssigned: lambda t, v: f"{t.name(v.person)} joins: {t.role(v.role)}",
    e.PersonReleased: lambda t, v: (
        f"{t.name(v.person)} leaves: {t.role(v.role)}{_because(v.reason)}"
    ),
    e.TaskDone: _done,
    e.TaskWaived: _waived,
    e.TaskReopened: lambda t, v: f"to be done again: {t.title(v.task)}{_because(v.reason)}",
    e.TaskIssued: lambda t, v: f"new task: {t.title(v.task)}",
    e.TaskOpened: lambda t, v: f"opens: {t.title(v.task)}",
    e.TaskSuspended: lambda t, v: f"waits again: {t.title(v.task)}",
    e.TaskLapsed: lambda t, v: f"no reply in time: {t.title(v.task)}",
    e.TaskCancelled: lambda t, v: f"falls away: {t.title(v.task)}{_because(v.reason)}",
    e.DeadlineMoved: _deadline_moved,
    e.DeadlineMissed: lambda t, v: f"limit missed: {t.title(v.task)}",
    e.ClockPaused: lambda t, v: (
        f"clock stands still from {short_day(v.on)}: {t.pause(v.name)}{_because(v.reason)}"
    ),
    e.ClockResumed: lambda t, v: (
        f"clock never stood still: {t.pause(v.name)}{_because(v.reason)}"
        if v.is_void
        else f"clock goes on from {short_day(v.on)}: {t.pause(v.name)}{_because(v.reason)}"
    ),
    e.DeadlineExtended: _extended,
    e.AnswerGiven: _answered,
    e.TimeAgreed: _agreed,
    e.HoldPlaced: lambda t, v: f"hold {v.name}{_because(v.reason)}",
    e.HoldLifted: lambda t, v: f"hold {v.name} lifted{_because(v.reason)}",
    **SENTENCES,
    **OF_RETENTION,
    r.CounterRecorded: lambda t, v: f"{t.counter(v.counter)}: {v.value}",
    r.ChallengeLinked: lambda t, v: f"{v.relation.replace('_', ' ')} {v.other}",
    e.NoticeRaised: _noticed,
    e.CommandRefused: lambda t, v: f"refused: {name_in(v.message, t.people)}",
    e.DefinitionMigrated: lambda t, v: (
        f"goes on under {v.definition} {v.version} instead of {v.old_version}{_because(v.reason)}"
    ),
    e.MigrationUndone: lambda t, v: (
        f"goes back to {v.definition} {v.version} from {v.old_version}{_because(v.reason)}"
    ),
    e.RungsPassed: lambda t, v: f"{len(v.marks)} reminders whose time has gone by are not sent",
    e.CalendarChanged: lambda t, v: (
        f"the calendar {calendar_title(v.calendar)} changed (version {v.version}): {v.reason}"
    ),
}
