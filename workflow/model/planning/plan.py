"""What should exist: the tasks and dates that a definition asks for, given what is known.

A definition does not say what to do when something changes. It says what should be there. So
there is one function, `plan`, that answers for any state of a challenge: these tasks, open or
waiting, with these dates. Whatever changed, a person who joined or left, a date that moved, a
stage that was entered, a task that was done, the difference between the plan and what exists is
what must happen (`reconcile`). Creation is the case where nothing exists yet; a preview is the
same difference, not kept.

The plan depends on facts only, never on the present moment: a task that waits for a day carries
`opens_at`, and whoever knows the time compares. That is why a plan can be made for a few specs
(`rulebook.readers` says which) and equals the same part of the whole plan: a property test
holds the two together.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import Edge, Opening, Way
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.planning.clocks import Hand, deadline
from workflow.model.planning.guards import holds, meets
from workflow.model.planning.occurrences import occurrences
from workflow.model.planning.rulebook import Rulebook
from workflow.model.reckoning.moments import (
    Ground,
    Known,
    Reckoned,
    Step,
    Trace,
    end_of,
    start_of,
)
from workflow.model.reckoning.reckon import reckon
from workflow.model.task import SETTLED, TaskStatus

LIMIT = "limit"


class Planned(NamedTuple):
    """A task that should exist.

    It is to be open when `is_ready` (all but time is there) and `opens_at` (None: at once) has
    come. `lapses_at` closes it unanswered. Moments are aware, in UTC; days are local.
    """

    occurrence: Occurrence
    is_ready: bool
    opens_at: datetime | None = None
    target_on: date | None = None
    limit_on: date | None = None
    limit_at: datetime | None = None
    lapses_at: datetime | None = None
    clock: str = ""
    clock_note: str = ""


def plan(
    rulebook: Rulebook, challenge: Challenge, names: Collection[str] | None = None
) -> dict[str, Planned]:
    """Return what should exist, by task key; only these specs and tasks when `names` are given."""
    wanted: dict[str, Planned] = {}
    for key in rulebook.specs if names is None else _specs(rulebook, challenge, names):
        spec = rulebook.specs[key]
        if _is_wanted(rulebook, challenge, key, spec):
            only = None if names is None or key in names else names
            for occurrence in occurrences(rulebook, challenge, key, only=only):
                wanted[occurrence.key] = plan_one(rulebook, challenge, occurrence)
    return wanted


def _specs(rulebook: Rulebook, challenge: Challenge, names: Iterable[str]) -> list[str]:
    """Return the specs that are named, or whose tasks are, in the definition's order."""
    tasks = challenge.tasks
    found = {tasks[name].spec if name in tasks else name for name in names}
    return sorted(found, key=rulebook.positions.__getitem__)


def _is_wanted(rulebook: Rulebook, challenge: Challenge, key: str, spec: TaskSpec) -> bool:
    """Return whether a spec has any tasks at all: its stage is not over, its conditions hold."""
    return not rulebook.is_ended(key, stage=challenge.stage) and all(
        meets(rulebook, challenge, requirement) for requirement in spec.when
    )


def plan_one(rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence) -> Planned:
    """Return the plan of one task: whether it may be open, and its dates; none once settled."""
    own = challenge.tasks.get(occurrence.key)
    if own is not None and own.status in SETTLED:
        return Planned(occurrence=occurrence, is_ready=False)
    dated = dates(rulebook, challenge, occurrence)
    is_ready, opens_at = _opening(rulebook, challenge, occurrence, dated)
    spec = rulebook.specs[occurrence.spec]
    is_paused = rulebook.definition.stages[challenge.stage].paused
    lapses = None
    if spec.lapses is not None and not is_paused:
        lapses = reckon(spec.lapses, ground_of(rulebook, challenge, occurrence, limit=dated.limit))
    limit = dated.limit
    return Planned(
        occurrence=occurrence,
        is_ready=is_ready,
        opens_at=opens_at,
        target_on=dated.target.on if dated.target else None,
        limit_on=limit.on if limit else None,
        limit_at=limit.at if limit else None,
        lapses_at=lapses.at if lapses else None,
        clock=dated.clock,
        clock_note=dated.note,
    )


class Dates(NamedTuple):
    """A task's target and limit, and what its clock does (as in a task)."""

    target: Reckoned | None = None
    limit: Reckoned | None = None
    clock: str = ""
    note: str = ""


_UNDATED = Dates()


def dates(rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence) -> Dates:
    """Return the target and the limit of a task."""
    spec = rulebook.specs[occurrence.spec]
    if spec.limit is None and spec.target is None:
        return _UNDATED
    facts = hanging(rulebook, challenge, occurrence)
    if facts is None:
        return reckoned(rulebook, challenge, occurrence, traces=([], []))
    return explained(rulebook, challenge, occurrence, facts=facts)[0]


def explained(
    rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence, *, facts: tuple[Hashable, ...]
) -> tuple[Dates, Trace, Trace]:
    """Return the target and the limit of a task, and how the two came about.

    Those that hang on the same `facts` are remembered. Whoever needs the dates of a task for the
    first time soon needs how they came about, too: so they are reckoned once for both.
    """

    def reckon_both() -> tuple[Dates, Trace, Trace]:
        target: Trace = []
        limit: Trace = []
        found = reckoned(rulebook, challenge, occurrence, traces=(target, limit))
        return found, target, limit

    return rulebook.remembered(("dates", occurrence.spec, *facts), reckon_both)


def hanging(
    rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence
) -> tuple[Hashable, ...] | None:
    """Return all that a task's dates hang on besides its rule; None if its clock is not plain."""
    names = rulebook.hangs_on.get(occurrence.spec)
    if names is None:
        return None
    until = kept_until(challenge, occurrence.spec)
    return (occurrence.joined_on, until, *map(lookup(rulebook, challenge, occurrence), names))


def kept_until(challenge: Challenge, spec: str) -> date | None:
    """Return until when the task of a retention rule waits, where people keep it for longer."""
    disposals = challenge.records.disposals
    if not disposals or not spec.startswith(RETENTION_PREFIX):
        return None
    disposal = disposals.get(spec.removeprefix(RETENTION_PREFIX))
    return disposal.until if disposal else None


def reckoned(
    rulebook: Rulebook,
    challenge: Challenge,
    occurrence: Occurrence,
    *,
    traces: tuple[Trace, Trace],
) -> Dates:
    """Return the target and the limit of a task; `traces` are given the steps of the two."""
    spec = rulebook.specs[occurrence.spec]
    to_target, to_limit = traces
    if until := kept_until(challenge, occurrence.spec):
        return _kept(rulebook, until, trace=to_target)
    task = challenge.tasks.get(occurrence.key)
    ground = ground_of(rulebook, challenge, occurrence)
    hand = Hand(rulebook, challenge, spec, ground, task)
    limit = deadline(hand, spec.limit, trace=to_limit)
    end = _left_time(rulebook, occurrence, limit.reckoned, trace=to_limit)
    if spec.target is not None and end is not None and LIMIT in spec.target.names:
        hand = hand._replace(ground=ground_of(rulebook, challenge, occurrence, limit=end))
    target = deadline(hand, spec.target, trace=to_target)
    aim = target.reckoned
    joined_on = occurrence.joined_on
    if aim and joined_on and aim.on < joined_on:
        aim = end or _next_working_day(rulebook, joined_on)
        to_target.append(Step(aim.on, "put off for somebody who joined late"))
    return Dates(
        target=aim,
        limit=end,
        clock=limit.clock or target.clock,
        note=limit.note or target.note,
    )


def _kept(rulebook: Rulebook, until: date, *, trace: Trace) -> Dates:
    """Return the dates of what is kept for longer: it ends on that day."""
    trace.append(Step(until, f"extended until {in_words(until)}"))
    return Dates(target=Reckoned(until, end_of(until, rulebook.zone), has_time=False))


def ground_of(
    rulebook: Rulebook,
    challenge: Challenge,
    occurrence: Occurrence,
    *,
    limit: Reckoned | None = None,
) -> Ground:
    """Return what a task's timings are reckoned on; `limit` stands for its own, where known."""
    find = lookup(rulebook, challenge, occurrence)
    if limit is None:
        return rulebook.ground(find, rulebook.specs[occurrence.spec])
    own = Known(limit.on, limit.at, title="its limit")
    return rulebook.ground(
        lambda name: own if name == LIMIT else find(name), rulebook.specs[occurrence.spec]
    )


def _left_time(
    rulebook: Rulebook, occurrence: Occurrence, limit: Reckoned | None, *, trace: Trace
) -> Reckoned | None:
    """Return a limit that leaves whoever joined late until the end of the next working day."""
    if occurrence.joined_on is None or limit is None:
        return limit
    least = _next_working_day(rulebook, occurrence.joined_on)
    if limit.on >= least.on:
        return limit
    trace.append(Step(least.on, "put off to leave time to somebody who joined late"))
    return least


def _next_working_day(rulebook: Rulebook, day: date) -> Reckoned:
    on = rulebook.calendar.add_working_days(day, 1)
    return Reckoned(on, end_of(on, rulebook.zone), has_time=False)


def _opening(
    rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence, dated: Dates
) -> tuple[bool, datetime | None]:
    """Return whether all but time is there for a task to open, and the time."""
    spec = rulebook.specs[occurrence.spec]
    if rulebook.definition.stages[challenge.stage].paused:
        task = challenge.tasks.get(occurrence.key)
        if task is None:
            return False, None
        return task.status is TaskStatus.OPEN, task.opens_at
    is_reached = not challenge.entered.keys().isdisjoint(spec.stage)
    is_ready = is_reached and not any(holds(rulebook, challenge, key) for key in spec.after)
    moments = list(_own_days(rulebook, spec, occurrence, dated))
    if spec.not_before is not None:
        first = reckon(spec.not_before, ground_of(rulebook, challenge, occurrence), edge=Edge.START)
        is_ready = is_ready and first is not None
        moments += [first.at] if first else []
    if until := kept_until(challenge, occurrence.spec):
        moments.append(start_of(until, rulebook.zone))
    elif spec.opens is not None:
        is_open, opens_at = _ways(rulebook, challenge, spec.opens, occurrence)
        is_ready = is_ready and is_open
        moments += [opens_at] if opens_at else []
    return is_ready, max(moments, default=None)


def _own_days(
    rulebook: Rulebook, spec: TaskSpec, occurrence: Occurrence, dated: Dates
) -> Iterator[datetime]:
    """Yield when its own day begins, and the window of its limit or else of its target."""
    is_cadence = spec.for_each is not None and spec.for_each.every is not None
    if occurrence.day is not None and not (is_cadence and spec.opens):
        yield start_of(occurrence.day, rulebook.zone)
    windows = [end.since for end in (dated.limit, dated.target) if end and end.since]
    if windows:
        yield start_of(windows[0], rulebook.zone)


def _ways(
    rulebook: Rulebook, challenge: Challenge, opens: Opening, occurrence: Occurrence
) -> tuple[bool, datetime | None]:
    """Return whether any way of opening is there but for time, and the earliest time.

    When no way is there yet, the time is the one that is known already, for showing.
    """
    answers = [_way(rulebook, challenge, way, occurrence) for way in opens.ways]
    ready = [opens_at for is_there, opens_at in answers if is_there]
    if ready:
        moments = [moment for moment in ready if moment is not None]
        return True, None if len(moments) < len(ready) else min(moments)
    known = [opens_at for _, opens_at in answers if opens_at is not None]
    return False, min(known) if known else None


def _way(
    rulebook: Rulebook, challenge: Challenge, way: Way, occurrence: Occurrence
) -> tuple[bool, datetime | None]:
    """Return whether one way is there but for time, and its time."""
    if way.is_leaving:
        return occurrence.left_at is not None, occurrence.left_at
    is_there = all(meets(rulebook, challenge, condition) for condition in way.conditions)
    if way.timing is None:
        return is_there, None
    ground = ground_of(rulebook, challenge, occurrence)
    moment = reckon(way.timing, ground, edge=Edge.START)
    return is_there and moment is not None, moment.at if moment else None
