"""Dates: planned, actual, and what they must agree with."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.decisions.asking import Asking, require_known
from workflow.model.definition import DateFact
from workflow.model.duties import plain_title
from workflow.model.errors import InvalidInput, Refused


class _Dates(NamedTuple):
    """Every date that is known as it will be once `key` is set, and which of them change."""

    key: str
    days: Mapping[str, date]
    changed: frozenset[str]


def set_date(asking: Asking, command: c.SetDate) -> tuple[e.Event, ...]:
    """Record a date, planned or actual, that agrees with the others."""
    definition = asking.rulebook.definition
    require_known("date", command.key, definition.dates)
    asking.require_right_if_named(definition.authority.manages, "set dates")
    rule = definition.dates[command.key]
    if rule.is_ is not None:
        raise Refused(
            f"{rule.title} is worked out ({rule.is_.text}): it cannot be set",
            kind="worked_out",
            hint="set what it counts from",
        )
    if rule.set_by is not None and command.key not in asking.challenge.dates:
        raise _recorded_by(asking, rule, rule.set_by)
    is_ahead = _is_ahead(asking, command)
    is_actual = not is_ahead if command.is_actual is None else command.is_actual
    if is_actual and is_ahead:
        raise InvalidInput(
            f"{rule.title}: {_when(asking, command)} is in the future, so it cannot have happened; "
            "leave out --actual to plan it"
        )
    old = asking.challenge.dates.get(command.key)
    is_same = old and (old.on, old.moment, old.is_actual) == (command.on, command.moment, is_actual)
    if old is not None and is_same:
        asking.warnings.append(f"{rule.title}: it is {in_words(command.on)} already")
        return ()
    dates = _dates_to_be(asking, command.key, command.on)
    _check(asking, dates)
    recorded = e.DateSet(
        at=asking.at,
        actor=asking.actor.id,
        key=command.key,
        on=command.on,
        moment=command.moment,
        is_actual=is_actual,
        old=old.on if old else None,
        reason=command.reason,
    )
    return (recorded, *_followers(asking, recorded, dates))


def _recorded_by(asking: Asking, rule: DateFact, setter: str) -> Refused:
    """Return the refusal of a date that only a step or a task records: its day may be corrected."""
    step = asking.rulebook.definition.transitions.get(setter)
    spec = asking.rulebook.specs.get(setter)
    title = (step.title if step else plain_title(spec) if spec else None) or setter.replace(
        "_", " "
    )
    verb = "advance" if step else "done"
    way = f"peer-challenge {verb} {asking.challenge.reference} {setter}"
    return Refused(
        f'{rule.title}: "{title}" records it, and that has not happened yet',
        kind="recorded_by",
        hint=f"{way}; its day can be corrected afterwards",
    )


def _is_ahead(asking: Asking, command: c.SetDate) -> bool:
    """Return whether a date has not come yet: its moment where one is given, else its day."""
    if command.moment is not None:
        return command.moment > asking.at
    return command.on > asking.today


def _when(asking: Asking, command: c.SetDate) -> str:
    day = in_words(command.on)
    if command.moment is None:
        return day
    return f"{command.moment.astimezone(asking.rulebook.zone):%H:%M} on {day}"


def _dates_to_be(asking: Asking, key: str, on: date) -> _Dates:
    """Return the dates as they will be: what moves with another takes along what moves with it."""
    facts, rules = asking.challenge.dates, asking.rulebook.definition.dates
    days = {name: fact.on for name, fact in facts.items()} | {key: on}
    by = on - facts[key].on if key in facts else timedelta()
    changed = [key]
    for leader in changed if by else ():
        for name, rule in rules.items():
            if rule.moves_with != leader or name not in facts or name in changed:
                continue
            if not facts[name].is_actual and not _fits(rule, days[leader], days[name]):
                days[name] += by
                changed.append(name)
    return _Dates(key, days, frozenset(changed))


def _fits(rule: DateFact, first: date, last: date) -> bool:
    """Return whether a date may stay where it is although the one that it moves with moves."""
    span = rule.within if rule.within and rule.within.of == rule.moves_with else None
    count = (last - first).days + 1
    return last >= first and (span is None or span.least <= count <= span.most)


def _followers(asking: Asking, moved: e.DateSet, dates: _Dates) -> Iterator[e.DateSet]:
    """Yield the planned dates that move with one, by as many days."""
    for key in asking.rulebook.definition.dates:
        if key in dates.changed and key != moved.key:
            on, old = dates.days[key], asking.challenge.dates[key].on
            yield replace(moved, key=key, on=on, moment=None, old=old, is_actual=False)


def _check(asking: Asking, dates: _Dates) -> None:
    """Refuse dates that disagree; warn of what whoever sets one should know."""
    _check_order(asking, dates)
    _check_spans(asking, dates)
    _warn_of_holidays(asking, dates)
    _warn_of_pauses(asking, dates.key, dates.days[dates.key])


def _check_order(asking: Asking, dates: _Dates) -> None:
    """Refuse a date that would come before one that it may not precede."""
    rules = asking.rulebook.definition.dates
    for late, rule in rules.items():
        early = rule.not_before
        if early is None or not dates.changed & {late, early}:
            continue
        first, last = dates.days.get(early), dates.days.get(late)
        if first is None or last is None or first <= last:
            continue
        if late != dates.key and _may_follow(asking, late, last):
            continue
        raise Refused(
            f"{rule.title} ({in_words(last)}) would come before "
            f"{_lowered(rules[early])} ({in_words(first)})",
            kind="order",
            hint=f"set {late if late != dates.key else early} first, or give another day",
        )


def _may_follow(asking: Asking, late: str, on: date) -> bool:
    """Return whether the later date is only planned, so that it may be set again afterwards."""
    fact = asking.challenge.dates[late]
    if fact.is_actual:
        return False
    title = asking.rulebook.definition.dates[late].title
    verb = "is still" if fact.on == on else "moves to"
    asking.warnings.append(f"{title} {verb} {in_words(on)}, which is now too early: set it next")
    return True


def _lowered(rule: DateFact) -> str:
    return rule.title[0].lower() + rule.title[1:]


def _check_spans(asking: Asking, dates: _Dates) -> None:
    """Refuse, or warn of, dates that lie nearer or further apart than `within` allows."""
    for name, rule in asking.rulebook.definition.dates.items():
        span = rule.within
        if span is None or not dates.changed & {name, span.of}:
            continue
        first, last = dates.days.get(span.of), dates.days.get(name)
        if first is None or last is None or last < first:
            continue
        count = (last - first).days + 1
        if span.least <= count <= span.most:
            continue
        text = f"{rule.title}: {count} days in all, where {span.text} is the rule"
        if rule.otherwise == "refuse" and _is_own_doing(dates, name, span.of):
            hint = "" if name == dates.key else f"set {span.of} first, or give another day"
            raise Refused(text, kind="span", hint=hint)
        asking.warnings.append(text)


def _is_own_doing(dates: _Dates, name: str, of: str) -> bool:
    """Return whether a date leaves its span by its own move: not left behind, nor both moved."""
    return name == dates.key or (name in dates.changed and of not in dates.changed)


def _warn_of_pauses(asking: Asking, key: str, on: date) -> None:
    """Warn when a clock is to stop on a day that has not come: it counts as stopped at once."""
    pauses = asking.rulebook.definition.pauses.values()
    titles = [p.title for p in pauses if p.from_ is not None and key in p.from_.names]
    if titles and on > asking.today:
        asking.warnings.append(
            f"{in_words(on)} has not come: clocks that stop for it show as paused from now on "
            f"({', '.join(titles)}); better record it on the day"
        )


def _warn_of_holidays(asking: Asking, dates: _Dates) -> None:
    """Warn when people would be booked on a day that is not a working day."""
    occupies = asking.rulebook.definition.occupies
    if occupies is None or not dates.changed & {occupies.first, occupies.last}:
        return
    first, last = dates.days.get(occupies.first), dates.days.get(occupies.last)
    days = _days(first, last) if first and last else [day for day in (first, last) if day]
    calendar = asking.rulebook.calendar
    for day in days:
        if not calendar.is_working_day(day):
            name = calendar.holiday_name(day) or "not a working day"
            asking.warnings.append(f"{in_words(day)} is {name}")


def _days(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included, at most 31."""
    return [first + timedelta(days=number) for number in range(min((last - first).days, 30) + 1)]
