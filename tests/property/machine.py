"""`python -m tests.property.machine`: a made-up challenge and a model of it, whatever people do.

Hypothesis chooses what happens, step by step. Where the challenge and the model part, it looks for
the shortest way to get there, and prints it as a program.
"""

import argparse
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from definitions import loader
from tests.property.lives import Life
from tests.simulation.acts import expects, follow
from tests.simulation.made.drafting import drawn
from tests.simulation.made.reference import Model, Said
from tests.simulation.made.shapes import CLOSED, END, START, Shape
from tests.visits import LEADER
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Challenge, replay
from workflow.model.people import Person
from workflow.model.planning.rulebook import Rulebook
from workflow.starting import NewChallenge, begun
from workflow.store.library import Offered

SHAPES = 60
TEAM = (("director", 2), ("manager", 3), ("lead", 4), ("visitor", 5), ("visitor", 6), ("host", 7))
PEOPLE = {
    number: Person(id=number, name="", email="", capabilities=(LEADER,)) for number in range(1, 10)
}
ROLES = ("lead", "visitor", "manager", "host")
MONTHS = ((2027, 3), (2026, 10), (2027, 2), (2026, 12), (2028, 2))
"""Clocks change, or years end, in the course of a life."""

few = st.integers(0, 59)


def bounded(examples: int, steps: int) -> settings:
    """Return how many lives are lived, of how many steps each; always the same ones."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )


@cache
def made(number: int) -> tuple[Shape, Rulebook]:
    """Return one of the made-up definitions, as the model reads it and as the engine does."""
    shape = drawn(Random(f"shape {number}"))
    return shape, Rulebook(loader.load_text(shape.text, file="made_up.yaml").definition)


class Programme(RuleBasedStateMachine):
    """A challenge as its events make it, and as the reference model says that it must be."""

    life: Life
    model: Model

    def __init__(self) -> None:
        super().__init__()
        self.told: Counter[Said] = Counter()
        self._read = 0

    def rules_of(self, rules: Rulebook) -> Rulebook:
        """Return the rules that the challenge goes by."""
        return rules

    @initialize(number=st.integers(0, SHAPES - 1), month=st.sampled_from(MONTHS), day=few, days=few)
    def it_begins(self, number: int, month: tuple[int, int], day: int, days: int) -> None:
        shape, rules = made(number)
        at = datetime(*month, 1 + day % 28, 7 + day % 9, tzinfo=UTC)
        start = at.date() + timedelta(days=3 + days % 18)
        dates = {START: start, END: start + timedelta(days=days % 4)}
        new = NewChallenge(
            reference="MADE-1", title="Made up", client="Northshire", offered=Offered(""),
            dates=dates, roles=TEAM,
        )  # fmt: skip
        self.life = Life(self.rules_of(rules), at, Challenge(), [])
        self.life.keep(begun(self.life.rules, new, PEOPLE, at=at, actor=1))
        self.model = Model(shape, at)
        for role, person in TEAM:
            self.model.join(person, role)
        for key, on in dates.items():
            self.model.set_date(key, on)
        self.model.settle(at)

    # time -----------------------------------------------------------------------------------------

    @precondition(lambda self: self.life.wake_at is not None)
    @rule()
    def a_sweep_comes_when_it_is_due(self) -> None:
        self.life.at = max(self.life.at, self.life.wake_at or self.life.at)
        self.sweep()

    @rule(hours=st.integers(1, 120))
    def a_sweep_comes_whenever_it_is_due(self, hours: int) -> None:
        end = self.life.at + timedelta(hours=hours)
        while self.life.wake_at is not None and self.life.wake_at <= end:
            self.life.at = max(self.life.at, self.life.wake_at)
            self.sweep()
        self.life.at = end

    @rule(hours=st.integers(1, 700))
    def nobody_looks_for_long(self, hours: int) -> None:
        self.life.at += timedelta(hours=hours)
        if hours % 2:
            self.sweep()

    # people ---------------------------------------------------------------------------------------

    @rule(which=few, ago=st.integers(0, 2))
    def a_task_is_done(self, which: int, ago: int) -> None:
        spec, person, day = self._task(which)
        on = self.life.rules.today(self.life.at) - timedelta(days=ago)
        self._ask(c.CompleteTask(spec=spec, on=on, person=person, day=day, evidence="noted"))

    @rule(which=few)
    def a_task_is_waived(self, which: int) -> None:
        spec, person, day = self._task(which)
        self._ask(c.WaiveTask(spec=spec, person=person, day=day, reason="as agreed"))

    @rule()
    def somebody_takes_the_step_forward(self) -> None:
        stages = (*self.model.shape.stages, CLOSED)
        place = stages.index(self.model.stage) if self.model.stage in stages else 0
        following = stages[min(place + 1, len(stages) - 1)]
        self._ask(c.Advance(trigger=f"to_{following}", reason="as agreed"))

    @rule(trigger=st.sampled_from(["pause", "resume", "resume"]))
    def it_is_held_up_or_goes_on(self, trigger: str) -> None:
        self._ask(c.Advance(trigger=trigger, reason="as agreed"))

    @precondition(lambda self: len(self.life.events) > 120)
    @rule()
    def it_is_withdrawn(self) -> None:
        self._ask(c.Advance(trigger="withdraw", reason="as agreed"))

    @rule(key=st.sampled_from([START, END]), days=st.integers(-4, 9), is_planned=st.booleans())
    def a_date_is_recorded(self, key: str, days: int, *, is_planned: bool) -> None:
        today = self.life.rules.today(self.life.at)
        on = self.model.dates[key] + timedelta(days=days) if is_planned else today
        self._ask(c.SetDate(key=key, on=on, reason="moved"))

    @rule(person=st.integers(2, 9), role=st.sampled_from(ROLES))
    def somebody_joins(self, person: int, role: str) -> None:
        self._ask(c.AssignPerson(person=person, role=role, capabilities=(LEADER,)))

    @rule(person=st.integers(2, 9))
    def somebody_leaves(self, person: int) -> None:
        self._ask(c.ReleasePerson(person=person, reason="cannot come"))

    @rule(number=st.integers(0, 1))
    def records_are_held(self, number: int) -> None:
        self._ask(c.PlaceHold(name=f"hold {number}", reason="asked"))

    @rule(number=st.integers(0, 1))
    def a_hold_is_lifted(self, number: int) -> None:
        self._ask(c.LiftHold(name=f"hold {number}", reason="over"))

    # what must hold -------------------------------------------------------------------------------

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        if self.life.is_due:
            return  # nobody has looked
        tasks, pieces = self.life.challenge.tasks, self.model.pieces
        assert tasks.keys() == pieces.keys(), "I1: the tasks are not those that there must be"
        for key, piece in pieces.items():
            task = tasks[key]
            assert task.status == piece.status, f"I1: {key} is {task.status}, not {piece.status}"
            if piece.is_unfinished:
                days = (task.target_on, task.limit_on), (piece.target_on, piece.limit_on)
                assert days[0] == days[1], f"I3: the dates of {key} are {days[0]}, not {days[1]}"
                assert task.limit_at == piece.limit_at, f"I5: {key} ends at {task.limit_at}"
                assert task.is_missed == piece.is_missed, f"I2: {key} is flagged late, or is not"
        assert self.life.challenge.stage == self.model.stage, "I7: it is in another stage"
        assert self._heard() == self.model.told, "I4: what was said is not what was to be said"

    def teardown(self) -> None:
        """Look whether the events add up to what is there."""
        if hasattr(self, "life"):
            assert replay(self.life.events) == self.life.challenge, "I14: the events lack something"

    # how it goes on -------------------------------------------------------------------------------

    def _task(self, which: int) -> tuple[str, int | None, date | None]:
        """Return which task is meant: mostly one that is to be done."""
        pieces = list(self.model.pieces.values())
        left = [piece for piece in pieces if piece.is_unfinished]
        piece = (left if left and which % 10 else pieces)[which % len(left or pieces)]
        return piece.duty.key, piece.person, piece.day

    def _ask(self, command: c.Command) -> None:
        """Let somebody ask for something, and tell the model of what was accepted."""
        self.model.begins()
        self.model.at = self.life.at
        expected, refusals = expects(self.model, command), self.life.refusals
        self.life.ask(command)
        is_accepted = self.life.refusals == refusals
        assert expected in (None, is_accepted), f"I7: {command} was accepted: {is_accepted}"
        if is_accepted:
            follow(self.model, command)
        self.model.settle(self.life.at)

    def sweep(self) -> None:
        """Let a sweep come by, for both."""
        self.life.sweep()
        self.model.begins()
        self.model.settle(self.life.at)
        assert not self.life.is_due, "I2: it is due again as soon as it was looked at"

    def _heard(self) -> Counter[Said]:
        """Return what was said to whom, with what has come since; what nobody heard is left out."""
        for event in self.life.events[self._read :]:
            if isinstance(event, e.NoticeRaised) and event.recipient is not None:
                self.told[event.notice, event.recipient, frozenset(event.tasks)] += 1
        self._read = len(self.life.events)
        return self.told


def main() -> None:
    """Live as many lives as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.property.machine", description=__doc__)
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--steps", type=int, default=100)
    asked = parser.parse_args()
    run_state_machine_as_test(Programme, settings=bounded(asked.examples, asked.steps))
    print(f"{asked.examples:,} lives of up to {asked.steps} steps: the model and the engine agree")


if __name__ == "__main__":
    main()
