"""Invented lives of challenges: random commands and random waiting, kept as the store keeps them.

`Life` holds what a database would: the challenge, one line for each task, the next moment of a
step, all events. So it shows what a sweep would not see.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from tests.builders import Case
from tests.property.recording import RECORDS, Recording
from tests.visits import LEADER, START, Edit, agreeing, clearing, dated, drafting, visiting
from workflow.changes import change_of
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.decide import Decision, decide, note, pass_time
from workflow.model.decisions.asking import Actor
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.lines import Headline, TaskLine
from workflow.model.outlook.showing import task_line
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records import commands as r
from workflow.model.records.events import Confirmation
from workflow.model.task import UNFINISHED, TaskStatus

ADMINISTRATOR, SECOND = (Actor(id=number, is_administrator=True) for number in (1, 2))
RICHER: tuple[Edit, ...] = (
    ("    redo_when: visit_start moves\n", "    redo_when: [visit_start moves, visitors change]\n"),
    (
        "    by: lead_visitor\n    limit: 19:00",
        "    by: lead_visitor\n    early: flag\n    when: [host is filled]\n    limit: 19:00",
    ),
    ("requires: [feedback_given]", "requires: [{any: 1, of: [feedback_given, catch_up]}]"),
    (
        "    target: 3 weeks after visit_end\n  report",
        "    limit: 24 hours after visit_end\n    source: house policy\n  report",
    ),
    ("at: once ready, requires: [report_sent]", "at: once ready, requires: [visit_end is reached]"),
    ("    by: host\n    limit: 10 working", "    by: host\n    opens: 36 hours after report_sent\n"
     "    target: 2 days before limit\n    limit: 10 working"),
    ("  same_day:\n", "  same_day:\n    - {when: 5 hours after opening, to: by, notice: to_do}\n"),
    ("    limit: end of visit_end\n", "    limit: end of visit_end\n    reminders: countdown\n"),
    ("    then: delete\n", "    then: delete\n    copies: messages\n"),
    ("retention:\n", "documents:\n  pack: {title: Pack, for: visitors, issued_by: brief_visitor, "
     "on_leaving: revoke,\n         again_when_changed: true}\n"
     "counters: {met: {title: People met}}\nretention:\n"),
)  # fmt: skip
CLOCKED: tuple[Edit, ...] = (
    ("send_at:", "sending: {on: working days, from: \"08:00\", until: \"17:30\", "
     "not_on: 24 December to 1 January}\nsend_at:"),
    ("  signed_off:  {title", "  asked: {title: The host was asked}\n"
     "  answered: {title: The host answered, cut_off: \"16:30\"}\n"
     "  promised: {title: Promised for}\n"
     "  deemed: {title: Deemed received, is: 2 working days after answered}\n"
     "  signed_off:  {title"),
    ("tasks:\n", "pauses:\n  waiting: {title: Waiting for the host, ends: both}\n"
     "  asking: {title: An answer is awaited, from: asked, until: answered}\n"
     "tasks:\n  check_in:\n    title: Look in on {day}\n    stage: planning\n    by: manager\n"
     "    for_each: every 2 weeks after visit_start, until signed_off, at most 6 times\n"
     "    opens: 2 days before {day}\n    limit: \"{day}\"\n    reminders: nudge\n"
     "    source: house policy\n  idle:\n    title: Ask how it goes\n    stage: planning\n"
     "    by: manager\n    target: 2 weeks after last activity, unless promised\n"
     "    reminders: nudge\n  pack:\n    title: Pack\n    stage: planning\n    by: manager\n"
     "    target: 3 to 2 weeks before visit_start\n    not_before: 2 days after asked\n"),
    ("    target: 4 weeks after visit_end, rolled to the previous working day\n"
     "    limit: 4 weeks after visit_end\n",
     "    target: 2 days before limit, rolled to the previous working day\n"
     "    limit: 20 working days after visit_end\n    pauses: [waiting, asking]\n"
     "    restarts_on: deemed\n    cap: 12 weeks after visit_end\n    extends:\n"
     "      more: {by: up to 10 days, at_most: 2}\n"
     "      given: {by: 2 weeks, when: promised is known,\n"
     "              no_later_than: 8 weeks after visit_end}\n"),
    ("reminders: countdown\n    source: briefing 41", "reminders: [countdown, nudge]\n"
     "    source: briefing 41"),
    ("    limit: 10 working days after report_sent\n",
     "    limit: 10 working days after report_sent\n    excused_when: asked is known\n"),
    ("ladders:\n", "ladders:\n  nudge:\n"
     "    - {when: 1 day after the later of opening and answered, to: manager, notice: to_do}\n"
     "    - {when: every 3 days after limit, at_most: 3, to: by, notice: overdue, urgent: true}\n"),
)  # fmt: skip
RULEBOOKS = {"as it is": (), "richer": RICHER, "on clocks": CLOCKED}
STARTS = {one.__name__: one for one in (dated, visiting, drafting, agreeing, clearing)}

Turn = tuple[str, int, int]


@dataclass
class Life:
    """One challenge under random commands, with what lists and sweeps go by."""

    rules: Rulebook
    at: datetime
    challenge: Challenge
    events: list[e.Event]
    lines: dict[str, TaskLine] = field(default_factory=dict)
    headline: Headline | None = None
    refusals: int = 0

    @property
    def wake_at(self) -> datetime | None:
        """Return when a sweep would look at it next."""
        moments = [line.wake_at for line in self.lines.values()]
        moments.append(self.headline.wake_at if self.headline else None)
        return min((moment for moment in moments if moment), default=None)

    @property
    def is_due(self) -> bool:
        """Return whether a sweep would look at it now."""
        return self.wake_at is not None and self.wake_at <= self.at

    def keep(self, decision: Decision) -> None:
        """Keep what a decision came to, as the store does."""
        change = change_of(self.rules, decision, at=self.at)
        self.challenge, self.headline = change.challenge, change.headline
        self.lines.update((line.key, line) for line in change.lines)
        for key, wake_at in change.wakes.items():
            self.lines[key] = replace(self.lines[key], wake_at=wake_at)
        self.events += decision.events

    def decide(self, command: c.Command, *, is_time_passed: bool) -> Decision | None:
        """Return the decision on a command; None when it is refused."""
        try:
            return decide(
                self.rules,
                self.challenge,
                command,
                at=self.at,
                actor=SECOND if isinstance(command, r.ApproveDisposal) else ADMINISTRATOR,
                is_time_passed=is_time_passed,
            )
        except (Refused, InvalidInput, NotFound):
            return None

    def ask(self, command: c.Command) -> None:
        """Let an administrator ask for something; a refusal is recorded."""
        is_due = self.is_due
        decision = self.decide(command, is_time_passed=is_due)
        if decision is None:
            self.refusals += 1
            event = e.CommandRefused(at=self.at, actor=1, command="any", message="no")
            decision = note(self.rules, self.challenge, event, is_time_passed=is_due)
        self.keep(decision)

    def sweep(self) -> None:
        """Let a sweep come by; it looks only at what is due."""
        if self.is_due:
            self.keep(pass_time(self.rules, self.challenge, at=self.at))

    def wait(self, time: timedelta) -> None:
        """Let nobody look for some time, and then a sweep come by."""
        self.at += time
        self.sweep()

    def until(self, at: datetime) -> None:
        """Let time pass, with a sweep at each moment at which one is due."""
        while self.wake_at is not None and self.wake_at <= at:
            self.at = max(self.at, self.wake_at)
            self.sweep()
        self.at = max(self.at, at)


def born(edits: tuple[Edit, ...] = (), start: str = "dated") -> Life:
    """Return a visit with its people and dates, as it is at one of the `STARTS`."""
    return living(_first(edits, start))


def living(case: Case) -> Life:
    """Return the life of a case, with what the store would have kept of it."""
    life = Life(case.rules, case.at, case.challenge, list(case.events))
    for key, task in case.challenge.tasks.items():
        life.lines[key] = task_line(life.rules, case.challenge, task, wake_at=None)
    life.keep(pass_time(life.rules, life.challenge, at=life.at))
    return life


@cache
def _first(edits: tuple[Edit, ...], start: str) -> Case:
    return STARTS[start](*edits)


def _assigned(life: Life, first: int, second: int) -> c.Command:
    roles = list(life.rules.definition.roles)
    return c.AssignPerson(
        person=4 + second % 6, role=roles[first % len(roles)], capabilities=(LEADER,)
    )


def _released(life: Life, first: int, second: int) -> c.Command:
    people = [m.person for m in life.challenge.team if m.left_at is None] or [1]
    return c.ReleasePerson(person=people[first % len(people)], reason="cannot come")


def _dated(life: Life, first: int, second: int) -> c.Command:
    dates = life.rules.definition.dates.items()
    keys = [key for key, rule in dates if rule.is_ is None and rule.set_by is None]
    key = keys[first % len(keys)]
    base = max(START, life.rules.today(life.at) - timedelta(days=2))
    return c.SetDate(key=key, on=base + timedelta(days=second % 40 - 10), reason="moved")


def _completed(life: Life, first: int, second: int) -> c.Command:
    tasks = [t for t in life.challenge.tasks.values() if t.status in UNFINISHED]
    tasks = [t for t in tasks if t.status is TaskStatus.OPEN or second > 50] or tasks
    task = tasks[first % len(tasks)] if tasks else next(iter(life.challenge.tasks.values()))
    on = life.rules.today(life.at) - timedelta(days=second % 3)
    asked = life.rules.specs[task.spec].attest if first % 2 else ()
    return c.CompleteTask(
        spec=task.spec, on=on, person=task.person, day=task.day, by=second % 7, evidence="noted",
        media=tuple(Confirmation(medium=medium, method="shredded", on=on) for medium in asked),
    )  # fmt: skip


def _waived(life: Life, first: int, second: int) -> c.Command:
    tasks = list(life.challenge.tasks.values())
    task = tasks[first % len(tasks)]
    return c.WaiveTask(spec=task.spec, person=task.person, day=task.day, reason="as agreed")


def _answered(life: Life, first: int, second: int) -> c.Command:
    tasks = list(life.challenge.tasks.values())
    task = tasks[first % len(tasks)]
    answer = ("done", "cannot", "another_time")[second % 3]
    return c.GiveAnswer(
        spec=task.spec, person=task.person, day=task.day, answer=answer, says="in other words"
    )


def _agreed(life: Life, first: int, second: int) -> c.Command:
    tasks = list(life.challenge.tasks.values())
    task = tasks[first % len(tasks)]
    moment = life.at + timedelta(days=second) if second else None
    return c.AgreeTime(spec=task.spec, person=task.person, day=task.day, moment=moment)


def _reopened(life: Life, first: int, second: int) -> c.Command:
    settled = [t for t in life.challenge.tasks.values() if t.status not in UNFINISHED]
    tasks = settled or list(life.challenge.tasks.values())
    task = tasks[first % len(tasks)]
    return c.ReopenTask(spec=task.spec, person=task.person, day=task.day, reason="not after all")


def _advanced(life: Life, first: int, second: int) -> c.Command:
    triggers = life.rules.graph.triggers(life.challenge.stage) or ("confirm",)
    trigger = triggers[first % len(triggers)] if second % 4 else triggers[0]  # seldom withdrawn
    override = "so be it" if second % 3 == 0 else ""
    return c.Advance(trigger=trigger, reason="as agreed", override=override)


def _held(life: Life, first: int, second: int) -> c.Command:
    specs = list(life.rules.specs)
    return c.PlaceHold(
        name=f"hold {second % 3}", reason="asked", tasks=(specs[first % len(specs)],)
    )


def _lifted(life: Life, first: int, second: int) -> c.Command:
    return c.LiftHold(name=f"hold {second % 3}", reason="over")


def _extended(life: Life, first: int, second: int) -> c.Command:
    keys = [key for key, spec in life.rules.specs.items() if spec.extends] or ["report_sent"]
    on = life.rules.today(life.at) - timedelta(days=second % 3)
    amount = f"{1 + second % 12} days"
    return c.ExtendDeadline(spec=keys[first % len(keys)], on=on, amount=amount, reason="agreed")


def _paused(life: Life, first: int, second: int) -> c.Command:
    on = life.rules.today(life.at) - timedelta(days=second % 8)
    return c.PauseClock(name="waiting", on=on, reason="no answer")


def _resumed(life: Life, first: int, second: int) -> c.Command:
    on = life.rules.today(life.at) - timedelta(days=second % 4)
    return c.ResumeClock(name="waiting", on=on)


def _of_records(make: Recording) -> Callable[[Life, int, int], c.Command]:
    return lambda life, first, second: make(
        life.challenge, life.rules.today(life.at), first, second
    )


COMMANDS: dict[str, Callable[[Life, int, int], c.Command]] = {
    "assign": _assigned,
    "release": _released,
    "date": _dated,
    "complete": _completed,
    "waive": _waived,
    "answer": _answered,
    "agree": _agreed,
    "reopen": _reopened,
    "advance": _advanced,
    "hold": _held,
    "lift": _lifted,
    "extend": _extended,
    "pause": _paused,
    "resume": _resumed,
    **{name: _of_records(make) for name, make in RECORDS.items()},
}
WAITS: dict[str, Callable[[Life, int, int], None]] = {
    "wait": lambda life, first, second: life.wait(timedelta(hours=first * 9, minutes=second)),
    "wake": lambda life, first, second: life.until(life.wake_at or life.at),
    "watch": lambda life, first, second: life.until(life.at + timedelta(hours=first * 4)),
}
KINDS = [
    *COMMANDS, *WAITS, *["complete"] * 10, *["advance"] * 3, *["wake"] * 4,
    *["dispose", "give"] * 2,
]  # fmt: skip
turns = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 60), st.integers(0, 59)),
    min_size=8,
    max_size=25,
)


def take(life: Life, turn: Turn) -> None:
    """Let one thing happen in a life: a command, or some waiting."""
    kind, first, second = turn
    if kind in WAITS:
        WAITS[kind](life, first, second)
    else:
        life.ask(COMMANDS[kind](life, first, second))
