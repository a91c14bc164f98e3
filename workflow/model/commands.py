"""What may be asked of a challenge: commands, in the imperative. `decide` answers them."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.model.records import commands as records
from workflow.model.records.events import Confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignPerson:
    """Put a person into a role. `capabilities` are what they may be asked for."""

    person: int
    role: str
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePerson:
    """Take a person out of a role, or of all their roles."""

    person: int
    reason: str
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDate:
    """Record a date. `is_actual` None: it happened, unless its day or its moment is yet to come."""

    key: str
    on: date
    moment: datetime | None = None
    is_actual: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """Record that a task was done `on` a local day, not later than today, or at a moment of it.

    `person` picks the task of one person, `day` that of one day. `attested` None means that
    `evidence` speaks for all that must be confirmed; `media` says of what is destroyed how and
    when.
    """

    spec: str
    on: date
    person: int | None = None
    day: date | None = None
    by: int | None = None
    evidence: str = ""
    attested: tuple[str, ...] | None = None
    media: tuple[Confirmation, ...] = ()
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveTask:
    """Say that a task is not to be done, and why."""

    spec: str
    reason: str
    person: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTask:
    """Say that a task was not done after all, and why."""

    spec: str
    reason: str
    person: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAnswer:
    """Say of a task of one's own that it is `done`, that one `cannot`, or suggest `another_time`.

    What is `unclear` a manager must read. `on` is a local day, `moment` a time that would suit;
    `incoming` is the id of the e-mail that says it, where one does.
    """

    spec: str
    answer: str
    says: str
    person: int | None = None
    day: date | None = None
    on: date | None = None
    moment: datetime | None = None
    incoming: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeTime:
    """Agree on a moment for a task, such as a call; None takes it back."""

    spec: str
    moment: datetime | None
    person: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Take a step; without `trigger`, the one step forward that there is.

    `on` is the day for a date that the step records; None is today.
    """

    trigger: str | None = None
    on: date | None = None
    reason: str = ""
    override: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """Stop destruction, by a name such as `FOI 2027-12`.

    No `tasks` and no `rules` (of retention) means all; `people` narrows the tasks down to theirs.
    """

    name: str
    reason: str
    tasks: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """End a hold."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDeadline:
    """Agree `on` a local day to put a deadline off.

    `extension` is its key in the definition, where there are several; `amount` (`10 days`) is
    wanted where the definition says `up to`. `agreement` says where it is written down. `is_void`
    takes the last one back.
    """

    spec: str
    on: date
    person: int | None = None
    day: date | None = None
    extension: str | None = None
    amount: str | None = None
    reason: str = ""
    agreement: str = ""
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseClock:
    """Let the clocks that stop for `name` stand still from a local day, or a moment of it, on."""

    name: str
    on: date
    reason: str
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeClock:
    """Let the clocks that stopped for `name` go on; `is_void`: they never stood still."""

    name: str
    on: date
    reason: str = ""
    moment: datetime | None = None
    is_void: bool = False


Command = (
    AssignPerson
    | ReleasePerson
    | SetDate
    | CompleteTask
    | WaiveTask
    | ReopenTask
    | GiveAnswer
    | AgreeTime
    | Advance
    | PlaceHold
    | LiftHold
    | ExtendDeadline
    | PauseClock
    | ResumeClock
    | records.Command
)
