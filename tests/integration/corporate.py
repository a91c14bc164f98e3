"""A corporate peer challenge in a database, and people who do things at noon of their day.

All people are invented; they are known by their numbers.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from definitions import loader
from tests.builders import rulebook
from workflow.auditing.reports import Asked, Register
from workflow.clock import SetClock
from workflow.engine import Engine, NewChallenge
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.outlook.foresight import Foreseen
from workflow.model.records import commands as r
from workflow.model.task import Task, TaskStatus
from workflow.store import challenges, library, people, schema, wakeups
from workflow.store.database import Database
from workflow.store.library import Offered
from workflow.sweep import Sweep
from workflow.views import Views

NAME, REFERENCE = "corporate_peer_challenge", "EAS-26"
ADMINISTRATOR, MANAGER, LEAD, MEMBER, OFFICER, SECOND, LATECOMER = 1, 3, 8, 9, 10, 11, 12
TEAM = (
    ("programme_manager", 2),
    ("challenge_manager", MANAGER),
    ("client_contact", 4),
    ("sponsor", 5),
    ("system_lead", 6),
    ("member_lead", 7),
    ("lead_peer", LEAD),
    ("member_peer", MEMBER),
    ("officer_peer", OFFICER),
    ("officer_peer", SECOND),
)
CAN = {LEAD: ["chief_executive"], MEMBER: ["elected_member"]}
BEGUN = datetime(2026, 8, 3, 9, tzinfo=UTC)
Doing = tuple[int, c.Command]
START, END = date(2026, 11, 24), date(2026, 11, 27)  # Tuesday to Friday


@dataclass
class Life:
    """A challenge in a database, its clock, and people who do things at noon of their day."""

    database: Database
    clock: SetClock
    is_anybody_acting: bool = True

    @property
    def views(self) -> Views:
        """Return what looks at the challenge."""
        return Views(self.database, self.clock)

    def begin(self) -> None:
        """Make the database and start the challenge."""
        schema.prepare(self.database)
        loaded = loader.load(NAME)
        with self.database.writing() as link:
            for number in range(1, LATECOMER + 1):
                people.add(
                    link, name=f"P {number}", email=f"p{number}@eastvale.example",
                    capabilities=CAN.get(number, []), is_administrator=number == ADMINISTRATOR,
                )  # fmt: skip
            library.keep(
                link, content_hash=loaded.content_hash, definition=loaded.definition,
                text=loaded.text, at=BEGUN,
            )  # fmt: skip
        new = NewChallenge(
            reference=REFERENCE, title="Eastvale", client="Eastvale Council",
            offered=Offered(loaded.content_hash), roles=TEAM,
            dates={"onsite_start": START, "onsite_end": END},
        )  # fmt: skip
        Engine(self.database, self.clock).start(new, actor=ADMINISTRATOR)

    def live(self, end: datetime) -> None:
        """Let time pass up to a moment, each sweep when the database asks for it."""
        while (moment := self._next(end)) < end:
            self.clock.at = moment
            assert Sweep(self.database, self.clock).tick().failed == ()
            if self.is_anybody_acting:
                self._act()
        self.clock.at = end

    def _next(self, end: datetime) -> datetime:
        with self.database.reading() as link:
            moments = [wakeups.next_at(link) or end]
        if self.is_anybody_acting:
            moments += [at for at, _ in self._planned()]
            moments += [noon(day) for day in (START, END)]
        return min((at for at in moments if at > self.clock.at), default=end)

    def _planned(self) -> list[tuple[datetime, Task]]:
        tasks = self.views.look(REFERENCE).challenge.tasks.values()
        return [(noon(_day(task)), task) for task in tasks if task.status is TaskStatus.OPEN]

    def _act(self) -> None:
        """Do what is due, and take the steps that can be taken, until there are none."""
        engine, is_changed = Engine(self.database, self.clock), True
        while is_changed:
            due = [task for at, task in self._planned() if at <= self.clock.at]
            found = [one for task in due[:1] for one in self._ending(task)] or self._steps()[:1]
            for actor, command in found:
                engine.act(REFERENCE, command, actor=actor)
            is_changed = bool(found)

    def _ending(self, task: Task) -> list[Doing]:
        """Return what ends a task; our own copies are asked for and approved before they go."""
        rule = task.spec.removeprefix(RETENTION_PREFIX)
        if rule == task.spec or not rulebook(NAME).definition.retention[rule].copies:
            return [(ADMINISTRATOR, self._completion(task))]
        return [
            (MANAGER, r.RequestDisposal(rule=rule)),
            (ADMINISTRATOR, r.ApproveDisposal(rule=rule)),
            (ADMINISTRATOR, r.CarryOutDisposal(rule=rule, certificate="C-1", method="deleted")),
        ]

    def _completion(self, task: Task) -> c.Command:
        lines = {line.key: line for line in self.views.look(REFERENCE).lines}
        return c.CompleteTask(
            spec=task.spec, on=self.clock.at.date(), person=task.person, day=task.day,
            by=lines[task.key].assignees[0], evidence="noted",
        )  # fmt: skip

    def _steps(self) -> list[Doing]:
        rules, view = rulebook(NAME), self.views.look(REFERENCE)
        return [
            (ADMINISTRATOR, c.Advance(trigger=step.trigger))
            for step in view.steps
            if not step.unmet and not rules.definition.transitions[step.trigger].needs
            and not rules.definition.transitions[step.trigger].at
        ]  # fmt: skip

    def foresee(self, *, is_anybody_acting: bool) -> tuple[Foreseen, ...]:
        """Return what is foreseen now."""
        return self.views.foresee(REFERENCE, is_anybody_acting=is_anybody_acting)

    def history(self) -> list[e.Event]:
        """Return all that has happened."""
        with self.database.reading() as link:
            return [recorded.event for recorded in challenges.history(link, REFERENCE)]

    def breaches(self) -> set[str]:
        """Return the obligations, and tasks of none, whose limits were missed."""
        report = Register(self.database, self.clock).report(Asked(reference=REFERENCE))
        return {item.obligation for item in report.breaches}


def noon(day: date) -> datetime:
    """Return noon of a local day."""
    return datetime.combine(day, time(12), rulebook(NAME).zone).astimezone(UTC)


def _day(task: Task) -> date:
    assert task.opened_at is not None
    return task.target_on or task.limit_on or task.opened_at.date()
