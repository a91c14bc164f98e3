"""The people of the play: they do what is to be done, in good time unless it is told otherwise."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

import bootstrap
from console.demo.script import (
    CLIENTS,
    DEFINITION,
    DROPS_OUT,
    MANAGER,
    PEERS,
    PEOPLE,
    PROGRAMME,
    SUBSTITUTE,
    Part,
)
from console.intake.definitions import choose_definition
from workflow.engine import NewChallenge
from workflow.model.commands import (
    Advance,
    AssignPerson,
    Command,
    CompleteTask,
    ReleasePerson,
    SetDate,
)
from workflow.model.errors import Refused
from workflow.model.people import Person

A_DAY, SOON = timedelta(days=1), timedelta(days=21)
PATIENCE, LEISURE = timedelta(days=3), timedelta(days=10)
"""After how long people do what has no date, and what has one."""

NEVER = frozenset(
    {
        "oversight",
        "follow_up",
        "offer_support",
        "review_holding",
        "hand_over",
        "retention_client_documents",  # our own copies: asked for, approved, destroyed
        "retention_drafts",
    }
)
OF_VISIT = frozenset(
    {"evening_meeting", "base_room", "coverage", "findings_triangulated", "feedback_session"}
)
EVIDENCE = "noted in the file"


class Cast:
    """Everybody in the play."""

    def __init__(self, application: bootstrap.Application) -> None:
        self.application = application
        self.people: dict[str, Person] = {}

    def begin(self) -> None:
        """Add the people."""
        with self.application.database.writing() as link:
            for name, email, organisation, capabilities in PEOPLE:
                self.people[email] = bootstrap.people.add(
                    link,
                    name=name,
                    email=email,
                    organisation=organisation,
                    capabilities=capabilities,
                    is_administrator=email == PROGRAMME,
                )

    def visit(self, part: Part, day: date) -> None:
        """Record the days on site when they come: what was planned has happened."""
        for key, on in part.dates.items():
            if on == day:
                self._act(part.reference, SetDate(key=key, on=on), MANAGER)

    def start(self, part: Part) -> None:
        """Start a challenge with its team, the peers apart."""
        team = {
            "programme_manager": PROGRAMME,
            "challenge_manager": MANAGER,
            "client_contact": part.contact,
            **CLIENTS,
        }
        new = NewChallenge(
            reference=part.reference,
            title=part.title,
            client=part.title,
            dates=part.dates,
            roles=tuple((role, self.people[email].id) for role, email in team.items()),
            offered=choose_definition(self.application, DEFINITION),
        )
        self.application.engine.start(new, actor=self.people[PROGRAMME].id, source="demo")

    def assign(self, part: Part) -> None:
        """Put the peers on the team."""
        for role, email in PEERS.items():
            self._join(part.reference, role, email)

    def _join(self, reference: str, role: str, email: str) -> None:
        person = self.people[email]
        command = AssignPerson(person=person.id, role=role, capabilities=person.capabilities)
        self._act(reference, command, MANAGER)

    def drop_out(self, part: Part, day: date) -> None:
        """Let a peer leave, and another one join the day after."""
        reference, role, leaves_on, joins_on = DROPS_OUT
        if part.reference == reference and day == leaves_on:
            gone = ReleasePerson(person=self.people[PEERS[role]].id, reason="called away")
            self._act(reference, gone, MANAGER)
        if part.reference == reference and day == joins_on:
            self._join(reference, role, SUBSTITUTE)

    def do_tasks(self, part: Part, day: date) -> bool:
        """Do what is to be done by now; return whether anything was."""
        is_done = False
        for row in self._open(part, day):
            who = row.assignees[0].email if row.assignees else MANAGER
            command = CompleteTask(
                spec=row.line.spec,
                on=day,
                person=row.line.person,
                day=row.line.day,
                evidence=EVIDENCE,
            )
            is_done = self._act(part.reference, command, who) or is_done
        return is_done

    def _open(self, part: Part, day: date) -> Iterator[bootstrap.tasks.TaskRow]:
        now = bootstrap.queries.Now(self.application.clock.now(), day)
        wanted = bootstrap.tasks.Wanted(reference=part.reference, with_pending=False)
        with self.application.database.reading() as link:
            rows = bootstrap.tasks.listed(link, now, wanted)
        for row in rows:
            if row.line.spec not in NEVER and day >= planned(
                part, row, self.application.clock.now()
            ):
                yield row

    def advance(self, part: Part) -> bool:
        """Take the step that leads on, once nothing is missing."""
        view = self.application.views.look(part.reference)
        plain = [
            step
            for step in view.steps
            if step.is_free and not view.definition.transitions[step.trigger].needs
        ]
        return any(
            self._act(part.reference, Advance(trigger=s.trigger), MANAGER) for s in plain[:1]
        )

    def _act(self, reference: str, command: Command, who: str) -> bool:
        with suppress(Refused):
            actor = self.people[who].id
            self.application.engine.act(reference, command, actor=actor, source="demo")
            return True
        return False


def planned(part: Part, row: bootstrap.tasks.TaskRow, now: datetime) -> date:
    """Return the day on which somebody does a task: in good time, and soon before a visit."""
    line = row.line
    if line.spec in part.otherwise:
        return part.otherwise[line.spec]
    opened_on = (line.opened_at or now).date()
    due_on = line.target_on or line.limit_on
    if due_on is None:
        return opened_on + PATIENCE
    start = part.dates.get("onsite_start", date.max)
    if start - A_DAY <= due_on <= part.dates.get("onsite_end", date.min) and is_of_visit(row):
        return due_on
    is_near = start - SOON <= opened_on <= start
    return min(due_on - A_DAY, opened_on + (A_DAY if is_near else LEISURE))


def is_of_visit(row: bootstrap.tasks.TaskRow) -> bool:
    """Return whether a task belongs to the very days of a visit."""
    return row.line.day is not None or row.line.spec in OF_VISIT
