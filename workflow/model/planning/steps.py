"""The steps of the lifecycle: what each still lacks, and those that are taken by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.definition import Transition
from workflow.model.errors import Unmet
from workflow.model.language.phrases import Edge, Test, Timing
from workflow.model.machine import PREVIOUS
from workflow.model.planning.anchors import Occurrence, known_date, lookup
from workflow.model.planning.guards import check
from workflow.model.planning.rulebook import Rulebook, conditions_of
from workflow.model.reckoning.moments import Ground, start_of
from workflow.model.reckoning.reckon import reckon


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that leads from the present stage: what must be so and is not, what should be."""

    trigger: str
    title: str
    target: str
    unmet: tuple[Unmet, ...]
    warnings: tuple[Unmet, ...]

    @property
    def is_free(self) -> bool:
        """Return whether nothing is missing."""
        return not self.unmet and not self.warnings


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How a step is taken: when, by whom (None: by itself), why, and for which day."""

    at: datetime
    actor: int | None = None
    reason: str = ""
    is_overridden: bool = False
    on: date | None = None


def step(rulebook: Rulebook, challenge: Challenge, trigger: str, *, today: date) -> Step:
    """Return what the step `trigger` lacks on a local day."""
    transition = rulebook.definition.transitions[trigger]
    required = [
        check(rulebook, challenge, requirement, today=today) for requirement in transition.requires
    ]
    wanted = [
        check(rulebook, challenge, requirement, today=today) for requirement in transition.warns
    ]
    dates = (
        *_unknown_dates(rulebook, challenge, trigger),
        *_too_early(rulebook, challenge, transition, today=today),
    )
    return Step(
        trigger=trigger,
        title=transition.title or trigger.replace("_", " "),
        target=rulebook.graph.target(trigger, left=challenge.left),
        unmet=(*dates, *(item for item in required if item)),
        warnings=tuple(item for item in wanted if item),
    )


def _unknown_dates(rulebook: Rulebook, challenge: Challenge, trigger: str) -> Iterator[Unmet]:
    """Yield the dates that a step needs and nobody has recorded."""
    for key, rule in rulebook.definition.dates.items():
        if trigger in rule.needed_for and known_date(rulebook, challenge, key) is None:
            yield Unmet(f"{rule.title}: the date is not known", source=rule.source or "")


def first_day(rulebook: Rulebook, challenge: Challenge, transition: Transition) -> date | None:
    """Return the first day on which a step may be taken, where it has one that is known."""
    if transition.not_before is None:
        return None
    found = reckon(transition.not_before, _ground(rulebook, challenge), edge=Edge.START)
    return found.on if found else None


def _ground(rulebook: Rulebook, challenge: Challenge) -> Ground:
    return rulebook.ground(lookup(rulebook, challenge, Occurrence(key="", spec="")))


def _too_early(
    rulebook: Rulebook, challenge: Challenge, transition: Transition, *, today: date
) -> Iterator[Unmet]:
    """Yield that a step may not be taken yet, on a local day."""
    if transition.not_before is None:
        return
    first = first_day(rulebook, challenge, transition)
    text = transition.not_before.text
    if first is None:
        yield Unmet(f"not before {text}, which is not known yet", source=transition.source or "")
    elif today < first:
        yield Unmet(f"not before {in_words(first)}: {text}", source=transition.source or "")


def taken_by_itself(
    rulebook: Rulebook, challenge: Challenge, *, at: datetime
) -> tuple[e.Event, ...]:
    """Return the events of the first step that is to be taken by itself `at` a moment, if any."""
    for trigger in rulebook.graph.triggers(challenge.stage):
        transition = rulebook.definition.transitions[trigger]
        if transition.at is None or not _is_time(rulebook, challenge, transition.at, at):
            continue
        today = rulebook.today(at)
        if not _lacks_something(rulebook, challenge, trigger, today=today):
            found = step(rulebook, challenge, trigger, today=today)
            return take(rulebook, challenge, found, how=Taking(at=at))
    return ()


def _lacks_something(
    rulebook: Rulebook, challenge: Challenge, trigger: str, *, today: date
) -> bool:
    """Return whether a step is not free; unlike `step`, the first thing missing is enough."""
    transition = rulebook.definition.transitions[trigger]
    return any(
        check(rulebook, challenge, requirement, today=today)
        for requirement in (*transition.requires, *transition.warns)
    ) or any(
        (
            *_unknown_dates(rulebook, challenge, trigger),
            *_too_early(rulebook, challenge, transition, today=today),
        )
    )


def _is_time(rulebook: Rulebook, challenge: Challenge, when: Timing | str, at: datetime) -> bool:
    if isinstance(when, str):
        return True
    moment = _moment(rulebook, challenge, when)
    return moment is not None and moment <= at


def _moment(rulebook: Rulebook, challenge: Challenge, when: Timing) -> datetime | None:
    reckoned = reckon(when, _ground(rulebook, challenge), edge=Edge.START)
    return reckoned.at if reckoned else None


def next_moment(rulebook: Rulebook, challenge: Challenge, *, after: datetime) -> datetime | None:
    """Return the next moment at which a step may be taken by itself because of time alone."""
    moments = (
        moment
        for trigger in rulebook.graph.triggers(challenge.stage)
        for moment in _moments(rulebook, challenge, rulebook.definition.transitions[trigger])
    )
    return min((moment for moment in moments if moment > after), default=None)


def _moments(
    rulebook: Rulebook, challenge: Challenge, transition: Transition
) -> Iterator[datetime]:
    """Yield the moments that a step waits for, if it is taken by itself."""
    if transition.at is None:
        return
    if isinstance(transition.at, Timing) and (
        moment := _moment(rulebook, challenge, transition.at)
    ):
        yield moment
    if first := first_day(rulebook, challenge, transition):
        yield start_of(first, rulebook.zone)
    for requirement in (*transition.requires, *transition.warns):
        for condition in conditions_of(requirement):
            if condition.test is Test.REACHED and (
                fact := known_date(rulebook, challenge, condition.subject)
            ):
                yield start_of(fact.on, rulebook.zone)


def take(
    rulebook: Rulebook, challenge: Challenge, found: Step, *, how: Taking
) -> tuple[e.Event, ...]:
    """Return the events of taking a step whose guards were asked, the stage first."""
    transition = rulebook.definition.transitions[found.trigger]
    is_resumed = transition.to == PREVIOUS
    entered = e.StageEntered(
        at=how.at,
        actor=how.actor,
        stage=found.target,
        left=challenge.stage,
        trigger=found.trigger,
        reason=how.reason,
        unmet=tuple(item.text for item in (*found.unmet, *found.warnings)),
        is_overridden=how.is_overridden,
        is_resumed=is_resumed,
        unreached=() if is_resumed else _unreached(rulebook, challenge, found.target),
    )
    cleared = (
        e.DateCleared(
            at=how.at, actor=how.actor, key=key, old=challenge.dates[key].on, reason=how.reason
        )
        for key in transition.clears
        if key in challenge.dates
    )
    recorded = record_dates(
        rulebook,
        challenge,
        found.trigger,
        on=how.on or rulebook.today(how.at),
        at=how.at,
        actor=how.actor,
    )
    return (entered, *cleared, *recorded)


def record_dates(
    rulebook: Rulebook,
    challenge: Challenge,
    setter: str,
    *,
    on: date,
    at: datetime,
    actor: int | None,
) -> Iterator[e.DateSet]:
    """Yield the dates that a task or step records by being done."""
    for key, rule in rulebook.definition.dates.items():
        if rule.set_by == setter:
            old = challenge.dates.get(key)
            yield e.DateSet(
                at=at, actor=actor, key=key, on=on, is_actual=True, old=old.on if old else None
            )


def _unreached(rulebook: Rulebook, challenge: Challenge, target: str) -> tuple[str, ...]:
    """Return the stages that a step back leaves behind: those listed after its target."""
    stages = rulebook.definition.stages
    place, now = rulebook.stage_order(target), rulebook.stage_order(challenge.stage)
    if place >= now or stages[target].paused or stages[challenge.stage].paused:
        return ()
    return tuple(list(stages)[place + 1 :])
