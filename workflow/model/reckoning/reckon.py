"""Turns a timing into a day and a moment, given what its anchors are; and says how.

Days, weeks, months and years are calendar arithmetic on local dates; hours are elapsed time in
UTC. The explanation is the reckoning's own trace: it cannot say anything else than was done.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from workflow.model.errors import InvalidInput
from workflow.model.language.phrases import Anchor, Choice, Edge, Timing, Unit
from workflow.model.reckoning import telling
from workflow.model.reckoning.counting import DAYS_IN, MONTHS_IN, count_from, snap_to
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
    end_of,
    moment_of,
    start_of,
)

HOURS_IN = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 168}
_PLAIN = Clock()


def reckon(
    timing: Timing, ground: Ground, *, edge: Edge = Edge.END, trace: Trace | None = None
) -> Reckoned | None:
    """Return what `timing` comes to, or None while an anchor that it needs is not known.

    The latest of several anchors needs all of them, the earliest any one. `edge` is the end of
    the day that counts where the timing does not say. `trace` is given the steps.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
    """
    found = run(timing, ground, _PLAIN, edge=edge, trace=trace)
    return found if isinstance(found, Reckoned) else None


def run(
    timing: Timing,
    ground: Ground,
    clock: Clock,
    *,
    edge: Edge = Edge.END,
    trace: Trace | None = None,
) -> Reckoned | Stopped | None:
    """Return what `timing` comes to on a clock; Stopped while that stands still.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
    """
    ground = ground.within(timing.calendar)
    known = _start(timing, ground, clock, trace=trace)
    if isinstance(known, Stopped):
        if trace is not None:
            trace += telling.tell_count(timing, known)
        return known
    if known is None:
        if trace is not None:
            trace += telling.tell_count(timing, None)
        return None
    try:
        if timing.unit is Unit.HOURS:
            return _elapsed(timing, ground, clock, known=known, trace=trace)
        on = _count(timing, ground, clock, day=known.on, trace=trace)
        if isinstance(on, Stopped):
            return on
        since = _since(timing, ground, clock, day=known.on)
        return _finish(timing, ground, on, since=since, edge=edge, trace=trace)
    except (OverflowError, ValueError) as error:
        raise InvalidInput(
            f'"{timing.text}" counted from {known.on.isoformat()} leads out of the calendar; '
            "check the date"
        ) from error


def anchor_of(timing: Timing, ground: Ground) -> Known | None:
    """Return what a timing counts from, or None while that is not known.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
    """
    found = _anchor(timing.anchor, ground.within(timing.calendar), None)
    return found if isinstance(found, Known) else None


def explain(timing: Timing, ground: Ground) -> tuple[Step, ...]:
    """Return how `timing` is reckoned, step by step: anchors, count, working days, time of day.

    While an anchor is not known, the steps after it have no day.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
    """
    trace: Trace = []
    reckon(timing, ground, trace=trace)
    return tuple(trace)


def _start(
    timing: Timing, ground: Ground, clock: Clock, *, trace: Trace | None
) -> Known | Stopped | None:
    """Return the day from which is counted: the anchor, or where the clock began anew."""
    known = _anchor(timing.anchor, ground, trace, paused=clock.paused)
    if clock.start is None:
        return known
    if trace is not None:
        trace.append(Step(clock.start.on, clock.start.title, "the clock begins anew"))
    return clock.start


def _anchor(
    anchor: Anchor, ground: Ground, trace: Trace | None, *, paused: tuple[Stretch, ...] = ()
) -> Known | Stopped | None:
    """Return the anchor that counts, or None while it is not known.

    What is counted within it is counted on the same clock: Stopped while that stands still.
    """
    if not anchor.of and anchor.choice is Choice.ONLY:
        return _named(anchor.names[0], ground, trace)
    options: list[Known | Stopped | None] = []
    if anchor.of:
        options += [_nested(timing, ground, trace, paused=paused) for timing in anchor.of]
    else:
        options += [_named(name, ground, trace) for name in anchor.names]
    chosen = _chosen(anchor, options, ground)
    if isinstance(chosen, Stopped):
        return chosen
    if anchor.snap is not None and chosen is not None:
        on = snap_to(chosen.on, anchor.snap, ground.calendar)
        chosen = Known(on, title=telling.snap_in_words(anchor.snap))
        if trace is not None:
            trace.append(Step(on, chosen.title))
    if trace is not None and anchor.choice is not Choice.ONLY:
        trace.append(telling.tell_choice(anchor, chosen, number=len(options)))
    return chosen


def _named(name: str, ground: Ground, trace: Trace | None) -> Known | None:
    known = ground.find(name)
    if trace is not None:
        if known is None:
            trace.append(Step(None, f"{name} is not known yet"))
        else:
            trace.append(Step(known.on, known.title or name, known.note))
    return known


def _nested(
    timing: Timing, ground: Ground, trace: Trace | None, *, paused: tuple[Stretch, ...]
) -> Known | Stopped | None:
    found = run(timing, ground, Clock(paused=paused), trace=trace)
    if isinstance(found, Reckoned):
        return Known(found.on, found.at if found.has_time else None, title=timing.text)
    return found


def _chosen(
    anchor: Anchor, options: list[Known | Stopped | None], ground: Ground
) -> Known | Stopped | None:
    found = [known for known in options if isinstance(known, Known)]
    if anchor.choice is not Choice.EARLIEST or not found:
        stopped = next((one for one in options if isinstance(one, Stopped)), None)
        if stopped is not None or len(found) < len(options):
            return stopped
    choose: Callable[..., Known] = min if anchor.choice is Choice.EARLIEST else max
    return choose(found, key=lambda known: (known.on, known.at or start_of(known.on, ground.zone)))


def _count(
    timing: Timing, ground: Ground, clock: Clock, *, day: date, trace: Trace | None
) -> date | Stopped:
    """Return the day that the timing's count, and what the clock was given on top, lead to.

    What is of the same kind lengthens the count, up to the first that is of another kind: from
    there on each is counted from where the one before ended.
    """
    total, unit = timing.count, timing.unit
    counted = partial(
        count_from,
        day,
        unit=unit,
        calendar=ground.calendar,
        counting=timing.counting,
        paused=clock.paused,
    )
    on = counted(total)
    if trace is not None:
        trace += telling.tell_count(timing, on, start=day, calendar=ground.calendar, clock=clock)
    first, later = _same_first(clock.more, unit if total > 0 else None)
    for more, same in first:
        total += same
        on = counted(total)
        if trace is not None:
            trace.append(telling.tell_more(more, on))
    return _put_on(on, later, ground=ground, clock=clock, trace=trace)


def _same_first(
    given: tuple[More, ...], unit: Unit | None
) -> tuple[list[tuple[More, int]], list[More]]:
    """Return what lengthens a count of `unit`, with how much, and what comes after that."""
    first: list[tuple[More, int]] = []
    for number, more in enumerate(given):
        same = _in_unit(more, unit) if unit else None
        if same is None:
            return first, list(given[number:])
        first.append((more, same))
    return first, []


def _put_on(
    on: date | Stopped, later: list[More], *, ground: Ground, clock: Clock, trace: Trace | None
) -> date | Stopped:
    """Return the day to which more time of another kind leads."""
    for more in later:
        if isinstance(on, Stopped):
            return on
        paused = tuple(one for one in clock.paused if one.last is None or one.last > on)
        count, unit = _in_days(more)
        on = count_from(on, count, unit, calendar=ground.calendar, paused=paused)
        if trace is not None:
            trace.append(telling.tell_more(more, on))
    return on


def _in_days(more: More) -> tuple[int, Unit]:
    """Return what is given on top of a deadline that ends with a day: for hours, those begun."""
    if more.unit is not Unit.HOURS:
        return more.count, more.unit
    return -(-more.count // HOURS_IN[Unit.DAYS]), Unit.DAYS


def _in_unit(more: More, unit: Unit) -> int | None:
    """Return an extension counted in `unit`, when the two are of one kind."""
    for family in (DAYS_IN, MONTHS_IN, {Unit.WORKING_DAYS: 1}):
        if unit in family and more.unit in family:
            count, rest = divmod(more.count * family[more.unit], family[unit])
            return None if rest else count
    return None


def _since(timing: Timing, ground: Ground, clock: Clock, *, day: date) -> date | None:
    """Return the first day of a window, if there is one."""
    if timing.since is None:
        return None
    found = count_from(
        day,
        timing.since,
        timing.unit,
        calendar=ground.calendar,
        counting=timing.counting,
        paused=clock.paused,
    )
    return found if isinstance(found, date) else None


def _finish(
    timing: Timing,
    ground: Ground,
    on: date,
    *,
    since: date | None,
    edge: Edge,
    trace: Trace | None,
) -> Reckoned:
    """Return the day as it stands in the end: rolled, put off, with its time of day."""
    on = _settled_day(timing, ground, on, trace=trace)
    if since is not None and trace is not None:
        trace += [Step(since, "the first day of the window"), Step(on, "its last day")]
    if timing.at is not None:
        result = Reckoned(on, moment_of(on, timing.at, ground.zone), has_time=True, since=since)
    else:
        is_end = (timing.edge or edge) is Edge.END
        at = end_of(on, ground.zone) if is_end else start_of(on, ground.zone)
        result = Reckoned(on, at, has_time=False, since=since)
    if trace is not None:
        trace += telling.tell_moment(timing, result, ground.zone)
    return result


def _settled_day(timing: Timing, ground: Ground, counted: date, *, trace: Trace | None) -> date:
    """Return a day that was counted, not before what was promised, and rolled in the end."""
    on = counted
    for name in timing.unless:
        promised = ground.find(name)
        if promised is not None and promised.on > on:
            on = promised.on
            if trace is not None:
                trace.append(Step(on, f"not before: {promised.title or name}", promised.note))
    if timing.roll is None:
        return on
    rolled = ground.calendar.roll(on, timing.roll)
    if trace is not None and rolled != on:
        trace.append(telling.tell_roll(on, timing.roll, ground.calendar))
    return rolled


def _elapsed(
    timing: Timing, ground: Ground, clock: Clock, *, known: Known, trace: Trace | None
) -> Reckoned | Stopped:
    """Return the moment so many elapsed hours after the anchor, or after the start of its day."""
    begun = known.at or start_of(known.on, ground.zone)
    count = timing.count + sum(more.count * HOURS_IN.get(more.unit, 0) for more in clock.more)
    at = begun.astimezone(UTC) + timedelta(hours=count)
    found = _put_off(begun, at, clock.paused) if count > 0 else at
    if isinstance(found, Stopped):
        return found
    local = found.astimezone(ground.zone)
    if trace is not None:
        trace += telling.tell_hours(timing, local, clock)
    return Reckoned(local.date(), found, has_time=True)


def _put_off(begun: datetime, at: datetime, paused: tuple[Stretch, ...]) -> datetime | Stopped:
    """Return `at` put off by what was paused since `begun`."""
    for stretch in sorted(paused, key=lambda one: one.from_at):
        first = max(stretch.from_at, begun)
        if first > at:
            break
        if stretch.until_at is None:
            return Stopped(stretch.first, stretch.title)
        at += max(stretch.until_at - first, timedelta())
        begun = max(begun, stretch.until_at)
    return at
