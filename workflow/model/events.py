"""What has happened, for good: people by id, moments aware in UTC, days in the programme's zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from workflow.model.language.phrases import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened `at` a moment; `actor` is the person who did it, None the engine."""

    at: datetime
    actor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeStarted(Event):
    """A challenge began, in `stage`, under the definition with `content_hash`."""

    reference: str
    title: str
    client: str
    definition: str
    version: str
    content_hash: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered(Event):
    """The challenge moved, although `unmet` was missing; `unreached` are stages left anew."""

    stage: str
    left: str
    trigger: str
    reason: str = ""
    unmet: tuple[str, ...] = ()
    is_overridden: bool = False
    is_resumed: bool = False
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(Event):
    """Somebody asked for something that a rule does not allow."""

    command: str
    message: str
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAssigned(Event):
    """A person joined the team `on` a day, with the `capabilities` known then."""

    person: int
    role: str
    on: date
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReleased(Event):
    """A person left a role `on` a day."""

    person: int
    role: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSet(Event):
    """A date became known or moved. `moment` only where a time of day was given."""

    key: str
    on: date
    moment: datetime | None = None
    is_actual: bool = False
    old: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCleared(Event):
    """A date is no longer known."""

    key: str
    old: date
    reason: str = ""


class Reason(NamedTuple):
    """One line of how a `part` (limit, target) came about: the day it led to, and why."""

    part: str
    on: date | None
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused(Event):
    """The clocks that stop for `name` stand still from `on`, or from its moment `since`, on."""

    name: str
    on: date
    reason: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(Event):
    """They go on, from `on`, or from its moment `since`; `is_void`: they never stood still."""

    name: str
    on: date
    reason: str = ""
    since: datetime | None = None
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskIssued(Event):
    """A task exists from now on, pending; `basis` is how its dates came about, by `calendar`."""

    task: str
    spec: str
    person: int | None = None
    day: date | None = None
    opens_at: datetime | None = None
    target_on: date | None = None
    limit_on: date | None = None
    limit_at: datetime | None = None
    clock: str = ""
    clock_note: str = ""
    calendar: str = ""
    basis: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Event):
    """The task can be worked on from now on."""

    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSuspended(Event):
    """An open task is pending again, since what opened it is no longer so."""

    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved(Event):
    """A task's dates changed; the old ones stay here. Its `basis` is as in `TaskIssued`."""

    task: str
    opens_at: datetime | None
    target_on: date | None
    limit_on: date | None
    limit_at: datetime | None
    old_target_on: date | None
    old_limit_on: date | None
    clock: str = ""
    clock_note: str = ""
    calendar: str = ""
    basis: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended(Event):
    """More time was agreed `on` a day by the rule `extension`; `is_void`: taken back again."""

    task: str
    extension: str
    count: int
    unit: Unit
    on: date
    reason: str = ""
    agreement: str = ""
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed(Event):
    """The limit passed before the task was done."""

    task: str
    limit_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDone(Event):
    """A task was done `on` a day, by `by`, as `actor` recorded; at a `moment` where hours count."""

    task: str
    on: date
    by: int | None = None
    evidence: str = ""
    attested: tuple[str, ...] = ()
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWaived(Event):
    """A task is not to be done. `is_overridden`: a step went ahead without it."""

    task: str
    reason: str
    is_overridden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLapsed(Event):
    """The time to answer passed in silence; the task blocks nothing."""

    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened(Event):
    """A task that was done or waived is to be done again."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled(Event):
    """A task fell away: whom or what it was for is no longer there."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven(Event):
    """The actor said of a task that it is done, cannot be, or suits them at another `moment`."""

    task: str
    answer: str
    says: str
    on: date | None = None
    moment: datetime | None = None
    incoming: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAgreed(Event):
    """A task is to be done at a moment; None: no time is agreed any more."""

    task: str
    moment: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Event):
    """Destruction stops for `tasks` (specs), only of `people` if named, and of `rules`."""

    name: str
    tasks: tuple[str, ...]
    reason: str
    rules: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Event):
    """A hold is over."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A rung of a task's ladder that was said for the moment `fires_at`."""

    task: str
    rung: str
    fires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRaised(Event):
    """Somebody must be told something, once an `occurrence`; `recipient` None: nobody is there."""

    notice: str
    recipient: int | None
    occurrence: str
    about: int | None = None
    tasks: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Event):
    """A base calendar got another `version`; the dates that move because of it follow."""

    calendar: str
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionMigrated(Event):
    """The challenge goes on under another definition; names, old to new; "" if no rung follows."""

    definition: str
    version: str
    content_hash: str
    stage: str
    old_version: str
    reason: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    rungs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RungsPassed(Event):
    """Rungs whose moment had gone by when the definition changed: they are not said."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationUndone(Event):
    """The challenge is what it was before its definition changed; `said` is what was said since."""

    definition: str
    version: str
    old_version: str
    reason: str = ""
    said: tuple[Mark, ...] = ()


def kind_of(event: Event) -> str:
    """Return the name under which an event is kept, such as `TaskDone`."""
    return type(event).__name__
