"""A task's deadline on its clock: pauses, new beginnings, extensions, excuses and the cap.

Everything here follows from facts: dates, what was agreed, what was said to stand still. So a fact
that is put right later, or recorded late, leads to the same deadline as if it had been there from
the beginning. Source: the project's rules of time, features 6 to 18.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflow.model.challenge import Challenge
from workflow.model.duties import Pause, TaskSpec
from workflow.model.language.phrases import AnyOf, Condition, Timing
from workflow.model.planning.guards import meets, titled
from workflow.model.planning.rulebook import Rulebook, conditions_of, has_clock
from workflow.model.reckoning.moments import (
    Clock,
    Ground,
    Known,
    More,
    Reckoned,
    Step,
    Stopped,
    Stretch,
    Trace,
    start_of,
)
from workflow.model.reckoning.reckon import anchor_of, reckon, run
from workflow.model.task import EXCUSED, PAUSED, Task

OWN_LIMIT = "limit"
YEARS_AHEAD = 20
_ONE_DAY = timedelta(days=1)
_NEVER = Clock()


class Deadline(NamedTuple):
    """What a task's target or limit comes to; `clock` and `note` are as in a task."""

    reckoned: Reckoned | None = None
    clock: str = ""
    note: str = ""


class Hand(NamedTuple):
    """A task whose clock is read: its rule, what is known of the challenge, and its own state."""

    rulebook: Rulebook
    challenge: Challenge
    spec: TaskSpec
    ground: Ground
    task: Task | None


def deadline(hand: Hand, timing: Timing | None, *, trace: Trace) -> Deadline:
    """Return what a task's `timing` comes to on its clock; `trace` is given the steps.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
    """
    if timing is None:
        return Deadline()
    if not has_clock(hand.spec):
        return Deadline(reckoned=reckon(timing, hand.ground, trace=trace))
    excuse = excuse_of(hand)
    if excuse:
        trace.append(Step(None, f"excused: {excuse}"))
        return Deadline(clock=EXCUSED, note=excuse)
    if OWN_LIMIT in timing.names:  # what moves the limit moves this with it
        return Deadline(reckoned=reckon(timing, hand.ground, trace=trace))
    clock = clock_of(hand, timing)
    found = run(timing, hand.ground, clock, trace=trace)
    if isinstance(found, Reckoned) and clock.more:
        found = _held_back(hand, timing, clock, found=found, trace=trace)
    return _capped(hand, found, trace=trace)


def excuse_of(hand: Hand) -> str:
    """Return the reason that takes the deadline away; empty when there is none."""
    for requirement in hand.spec.excused_when:
        if _meets(hand, requirement):
            subjects = [condition.subject for condition in conditions_of(requirement)]
            return "; ".join(titled(hand.rulebook, subject) for subject in subjects)
    return ""


def clock_of(hand: Hand, timing: Timing) -> Clock:
    """Return the clock on which a timing is counted."""
    clock = Clock(
        paused=tuple(stretches(hand)),
        more=tuple(more for _, more in _more(hand)),
    )
    return _begun_anew(hand, timing, clock)


def _begun_anew(hand: Hand, timing: Timing, clock: Clock) -> Clock:
    """Return the clock from where it began last: nothing that comes after its end restarts it."""
    anchor = anchor_of(timing, hand.ground)
    if anchor is None:
        return clock
    found = (hand.ground.find(name) for name in hand.spec.restarts_on)
    begun = anchor.on
    for known in sorted((k for k in found if k is not None), key=lambda known: known.on):
        end = run(timing, hand.ground, clock)
        if known.on >= begun and (not isinstance(end, Reckoned) or known.on <= end.on):
            clock, begun = replace(clock, start=known), known.on
    return clock


def _more(hand: Hand) -> Iterator[tuple[str, More]]:
    """Yield what is given by itself, and then what was agreed, in order; each with its name."""
    for name, rule in hand.spec.extends.items():
        if not rule.when or not all(_meets(hand, one) for one in rule.when):
            continue
        if not any(_meets(hand, one) for one in rule.unless):
            title = rule.title or name.replace("_", " ")
            yield name, More(count=rule.by.count, unit=rule.by.unit, title=title)
    for given in hand.task.extensions if hand.task else ():
        agreed = hand.spec.extends.get(given.name)
        title = (agreed.title if agreed else None) or given.name.replace("_", " ")
        on = f"agreed on {given.on.day} {given.on:%B %Y}"
        yield given.name, More(count=given.count, unit=given.unit, title=f"{title}, {on}")


def _meets(hand: Hand, requirement: Condition | AnyOf) -> bool:
    return meets(hand.rulebook, hand.challenge, requirement)


def _held_back(
    hand: Hand, timing: Timing, clock: Clock, *, found: Reckoned, trace: Trace
) -> Reckoned:
    """Return an extended deadline, no later than those in force may put it off."""
    given = list(_more(hand))
    bounds = {name: bound for name, _ in given if (bound := _bound(hand, name)) is not None}
    for text, last in bounds.values():
        further = tuple(
            m for name, m in given if name not in bounds or bounds[name][1].at > last.at
        )
        plain = run(timing, hand.ground, replace(clock, more=further))
        held = max(last, plain, key=lambda r: r.at) if isinstance(plain, Reckoned) else last
        if held.at < found.at:
            found = held
            trace.append(Step(found.on, f"no later than {text}"))
    return found


def _bound(hand: Hand, name: str) -> tuple[str, Reckoned] | None:
    """Return the last day to which one extension may put a deadline off, where it has one."""
    rule = hand.spec.extends.get(name)
    timing = rule.no_later_than if rule else None
    last = reckon(timing, hand.ground) if timing else None
    return (timing.text, last) if timing and last else None


def _capped(hand: Hand, found: Reckoned | Stopped | None, *, trace: Trace) -> Deadline:
    """Return a deadline that is no later than the task's cap."""
    cap = reckon(hand.spec.cap, hand.ground) if hand.spec.cap else None
    stopped = found if isinstance(found, Stopped) else None
    clock, note = (PAUSED, stopped.title) if stopped else ("", "")
    reckoned = found if isinstance(found, Reckoned) else None
    if cap is not None and (reckoned is None or cap.at < reckoned.at):
        reckoned = cap
        text = hand.spec.cap.text if hand.spec.cap else ""
        trace.append(Step(cap.on, f"at the latest {text}", "the cap"))
    return Deadline(reckoned=reckoned, clock=clock, note=note)


def stretches(hand: Hand) -> list[Stretch]:
    """Return the stretches that a task's clock does not count, in order.

    Some time runs between each and the next: days, or only hours of a day that neither counts.
    """
    found = [
        stretch
        for name in hand.spec.pauses
        for stretch in _of_pause(hand, name, hand.rulebook.definition.pauses[name])
    ]
    joined: list[Stretch] = []
    for stretch in sorted(found, key=lambda s: (s.first, s.from_at)):
        if joined and _touch(joined[-1], stretch):
            joined[-1] = _union(joined[-1], stretch)
        else:
            joined.append(stretch)
    return joined


def _of_pause(hand: Hand, name: str, rule: Pause) -> Iterator[Stretch]:
    """Yield the stretches of one pause: between its two dates, or as people have said."""
    ground = hand.ground
    if rule.days:
        yield from _of_days(rule, hand.challenge, zone=ground.zone)
        return
    if rule.from_ is None:
        for spell in hand.challenge.pauses.get(name, ()):
            begun = Known(spell.from_on, spell.since)
            ended = Known(spell.until_on, spell.until) if spell.until_on else None
            yield from _stretch(rule, begun, ended, zone=ground.zone)
        return
    begins = _moment(rule.from_, ground)
    if begins is not None:
        ends = _moment(rule.until, ground) if rule.until else None
        if ends is not None and ends.on < begins.on:
            ends = None  # the end of an earlier one: it has begun again
        yield from _stretch(rule, begins, ends, zone=ground.zone)


def _of_days(rule: Pause, challenge: Challenge, *, zone: ZoneInfo) -> Iterator[Stretch]:
    """Yield fixed days on which a clock stands still, of every year that may matter."""
    begun = challenge.started_at or datetime.max.replace(tzinfo=UTC)
    for quiet in rule.days:
        years = range(begun.year - 1, begun.year + YEARS_AHEAD) if quiet.is_yearly else (0,)
        for year in years:
            first, last = quiet.of_year(year)
            yield Stretch(
                first=first,
                last=last,
                title=rule.title,
                from_at=start_of(first, zone),
                until_at=start_of(last + _ONE_DAY, zone),
            )


def _moment(timing: Timing, ground: Ground) -> Known | None:
    found = reckon(timing, ground)
    anchor = anchor_of(timing, ground) if timing.count == 0 else None
    return Known(found.on, anchor.at if anchor else None) if found else None


def _stretch(
    rule: Pause, begun: Known, ended: Known | None, *, zone: ZoneInfo
) -> Iterator[Stretch]:
    """Yield the stretch between two ends, less the end days that are counted."""
    first = begun.on if rule.ends in ("first", "both") else begun.on + _ONE_DAY
    last = None
    if ended is not None:
        last = ended.on if rule.ends in ("last", "both") else ended.on - _ONE_DAY
    from_at = begun.at or start_of(first, zone)
    until_at = None
    if ended is not None and last is not None:
        until_at = ended.at or start_of(last + _ONE_DAY, zone)
        if last < first and until_at <= from_at:
            return
    yield Stretch(first=first, last=last, title=rule.title, from_at=from_at, until_at=until_at)


def _touch(one: Stretch, other: Stretch) -> bool:
    """Return whether nothing runs between two stretches: no day, and no hour either."""
    if one.last is not None and other.first > one.last + _ONE_DAY:
        return False
    is_after = one.until_at is not None and other.from_at > one.until_at
    is_before = other.until_at is not None and other.until_at < one.from_at
    return not (is_after or is_before)


def _union(one: Stretch, other: Stretch) -> Stretch:
    """Return two stretches, the first of which begins first, as one."""
    titles = dict.fromkeys((*one.title.split("; "), *other.title.split("; ")))
    is_open = one.last is None or other.last is None
    lasts: list[date] = [s.last for s in (one, other) if s.last is not None]
    ends: list[datetime] = [s.until_at for s in (one, other) if s.until_at is not None]
    return Stretch(
        first=one.first,
        last=None if is_open else max(lasts),
        title="; ".join(titles),
        from_at=min(one.from_at, other.from_at),
        until_at=None if is_open else max(ends),
    )
