"""Definitions that are made up: as data that the reference model reads, and as YAML.

A shape is a line of stages with a way out and a pause, a few tasks in each (one, one a person, one
a day), their limits and targets, ladders, and what is kept and destroyed. The language is a part of
the real one: that part of which the reference model can say itself what must come of it.
"""

from dataclasses import dataclass, field

ROLES = {"director": "programme", "manager": "programme", "lead": "team", "visitor": "team",
         "host": "client"}  # fmt: skip
VISITORS = ("lead", "visitor")
START, END = "visit_start", "visit_end"
CLOSED, WITHDRAWN, ON_HOLD = "closed", "withdrawn", "on_hold"
DESTROY, RECORDS = "destroy_notes", "records"
ONE, EACH, DAILY, PAST = "one", "each", "daily", "past"

_EACH = {
    EACH: "visitors",
    PAST: "visitors, past and present",
    DAILY: f"day from {START} to {END}",
}

_TITLES = {EACH: " of {person}", PAST: " of {person}", DAILY: " on {day}"}


def each_of(each: str) -> str:
    """Return the line of a definition that says for whom or for which days a task is."""
    return f"    for_each: {_EACH[each]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A day counted from an anchor: before it where `count` is negative.

    `at` is a local time of day; `since` the first count of a window; `is_rolled`: to the previous
    working day.
    """

    anchor: str
    count: int = 0
    unit: str = "days"
    at: str | None = None
    since: int | None = None
    is_rolled: bool = False

    @property
    def text(self) -> str:
        """Return it as definitions say it."""
        if self.count == 0:
            return f"{self.at} on {self.anchor}" if self.at else f"end of {self.anchor}"
        side = "before" if self.count < 0 else "after"
        if self.at:
            return f"{self.at} on the day {side} {self.anchor}"
        window = f"{abs(self.since)} to " if self.since is not None else ""
        unit = self.unit.removesuffix("s") if abs(self.count) == 1 else self.unit
        rolled = ", rolled to the previous working day" if self.is_rolled else ""
        return f"{window}{abs(self.count)} {unit} {side} {self.anchor}{rolled}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rung of a ladder: when it speaks, to whom, by which notice. `times` repeats it."""

    when: str
    count: int = 0
    unit: str = "days"
    at: str | None = None
    times: int = 1
    to: tuple[str, ...] = ("by",)
    notice: str = "nudge"
    is_urgent: bool = False

    @property
    def text(self) -> str:
        """Return it as definitions say it."""
        if self.times > 1:
            when = f"every {self.count} {self.unit} after {self.when}, at_most: {self.times}"
        elif self.count == 0:
            when = f"on {self.when}" + (f" at {self.at}" if self.at else "")
        else:
            side = "before" if self.count < 0 else "after"
            unit = self.unit.removesuffix("s") if abs(self.count) == 1 else self.unit
            when = f"{abs(self.count)} {unit} {side} {self.when}"
        urgent = ", urgent: true" if self.is_urgent else ""
        return f"{{when: {when}, to: [{', '.join(self.to)}], notice: {self.notice}{urgent}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A task of a shape. `opens` is a day, or the key of a task that must be done before."""

    key: str
    stages: tuple[str, ...]
    by: str
    each: str = ONE
    after: tuple[str, ...] = ()
    opens: Term | str | None = None
    target: Term | None = None
    limit: Term | None = None
    lapses: Term | None = None
    ladder: str = ""

    @property
    def text(self) -> str:
        """Return it as YAML."""
        opens = self.opens
        lines = [
            f"  {self.key}:",
            f'    title: "Do {self.key}{_TITLES.get(self.each, "")}"',
            f"    stage: [{', '.join(self.stages)}]",
            f"    by: {self.by}",
        ]
        lines += [each_of(self.each)] if self.each in _EACH else []
        lines += [f"    after: [{', '.join(self.after)}]"] if self.after else []
        if opens is not None:
            said = f"when {opens} is done" if isinstance(opens, str) else _opening(opens)
            lines += [f"    opens: {said}"]
        ends = (("target", self.target), ("limit", self.limit), ("lapses", self.lapses))
        lines += [f'    {name}: "{term.text}"' for name, term in ends if term]
        lines += [f"    reminders: {self.ladder}"] if self.ladder else []
        lines += ["    attest: [notebook, laptop]"] if self.each == PAST else []
        return "\n".join([*lines, "    source: house policy"])


def _opening(term: Term) -> str:
    return term.anchor if term.count == 0 else term.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A definition in parts. `requires` are the tasks that each step forward asks for.

    A step forward out of a stage is taken by itself where `alone` names that stage; `ends_visit`
    is the stage that only ends once the visit is over.
    """

    stages: tuple[str, ...]
    duties: tuple[Duty, ...]
    ladders: dict[str, tuple[Step, ...]]
    requires: dict[str, tuple[str, ...]]
    alone: frozenset[str] = frozenset()
    ends_visit: str = ""
    has_pause: bool = True
    keep: int = 0
    occasions: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the definition as YAML."""
        parts = (_HEAD, self._stages(), self._transitions(), self._tasks(), self._notices())
        return "\n".join((*parts, self._retention(), ""))

    def step(self, stage: str) -> str:
        """Return the name of the step forward out of a stage."""
        following = (*self.stages, CLOSED)[self.stages.index(stage) + 1]
        return f"to_{following}"

    def _stages(self) -> str:
        lines = [f"  {stage}: {{title: The stage {stage}}}" for stage in self.stages]
        lines += ["  closed: {title: Closed, final: true}"]
        lines += [f"  withdrawn: {{title: Withdrawn, final: true, keeps: [{DESTROY}]}}"]
        lines += ["  on_hold: {title: On hold, paused: true}"] if self.has_pause else []
        return "\n".join(["stages:", *lines])

    def _transitions(self) -> str:
        lines = []
        for stage, following in zip(self.stages, (*self.stages[1:], CLOSED), strict=True):
            wanted = [*self.requires[stage], *([f"{END} is reached"] * (stage == self.ends_visit))]
            how = "at: once ready" if stage in self.alone else "by: manager"
            requires = f", requires: [{', '.join(wanted)}]" if wanted else ""
            lines += [f"  to_{following}: {{from: {stage}, to: {following}, {how}{requires}}}"]
        going = ", ".join(self.stages)
        lines += [f"  withdraw: {{from: [{going}], to: withdrawn, by: manager, needs: reason}}"]
        if self.has_pause:
            lines += [f"  pause: {{from: [{going}], to: on_hold, by: manager, needs: reason}}"]
            lines += ["  resume: {from: on_hold, to: previous, by: manager}"]
        return "\n".join(["transitions:", *lines])

    def _tasks(self) -> str:
        ladders = [
            line
            for name, steps in self.ladders.items()
            for line in (f"  {name}:", *(f"    - {step.text}" for step in steps))
        ]
        return "\n".join(
            [
                "tasks:",
                *(duty.text for duty in self.duties),
                *(["ladders:"] * bool(ladders)),
                *ladders,
            ]
        )

    def _notices(self) -> str:
        used = {step.notice for steps in self.ladders.values() for step in steps}
        lines = [f"  {name}: {{title: A word about {name}}}" for name in sorted(used)]
        lines += [
            f"  {name}: {{title: News of {name}, when: {when}, to: [{', '.join(to)}]}}"
            for name, (when, to) in self.occasions.items()
        ]
        return "\n".join((["notices:"] if lines else []) + lines)

    def _retention(self) -> str:
        kept = f"""  {RECORDS}:
    title: Records of the visit
    held_by: manager
    for: {self.keep} weeks after closed
    then: delete
    review_by: director
    copies: messages
"""
        return f"""retention:
  notes:
    title: Notes of the visitors
    held_by: visitors
    starts: closing or withdrawn
    done_by: {DESTROY}
{kept if self.keep else ""}"""


_HEAD = """definition: made_up
version: "1.0"
title: Made up
sources: {house policy: Set by the programme}
authority: {approves: director, excepts: director}
roles:
  director: {title: Director, side: programme}
  manager: {title: Manager, side: programme}
  lead: {title: Lead, side: team}
  visitor: {title: Visitor, side: team, needed: 0..4}
  host: {title: Host, side: client}
groups:
  visitors: [lead, visitor]
dates:
  visit_start: {title: First day}
  visit_end: {title: Last day, not_before: visit_start}"""
