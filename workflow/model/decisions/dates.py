"""Dates: planned, actual, and what they must agree with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.decisions.asking import Asking, require_known
from workflow.model.definition import DateFact
from workflow.model.errors import InvalidInput, Refused
from workflow.model.planning.guards import plain_title


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
    _check_order(asking, command.key, command.on)
    _check_spans(asking, command.key, command.on)
    _warn_of_holidays(asking, command.key, command.on)
    _warn_of_pauses(asking, command.key, command.on)
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
    return (recorded, *_followers(asking, recorded))


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


def _followers(asking: Asking, moved: e.DateSet) -> Iterator[e.DateSet]:
    """Yield the planned dates that move with one, by as many days."""
    for key in asking.rulebook.definition.dates:
        fact = asking.challenge.dates.get(key)
        on = _day(asking, key, moved.key, moved.on)
        if key != moved.key and fact is not None and on is not None and on != fact.on:
            yield replace(moved, key=key, on=on, moment=None, old=fact.on, is_actual=False)


def _check_order(asking: Asking, key: str, on: date) -> None:
    """Refuse a date that would come before one that it may not precede."""
    rules = asking.rulebook.definition.dates
    pairs = [(key, rules[key].not_before)]
    pairs += [(other, key) for other, rule in rules.items() if rule.not_before == key]
    for late, early in pairs:
        days = {name: _day(asking, name, key, on) for name in (late, early) if name}
        first, last = days.get(early or ""), days.get(late)
        if first is None or last is None or first <= last:
            continue
        if late != key and _may_follow(asking, late):
            continue
        raise Refused(
            f"{rules[late].title} ({in_words(last)}) would come before "
            f"{_lowered(rules[early or ''])} ({in_words(first)})",
            kind="order",
            hint=f"set {late if late != key else early} first, or give another day",
        )


def _may_follow(asking: Asking, late: str) -> bool:
    """Return whether the later date is only planned, so that it may be set again afterwards."""
    fact = asking.challenge.dates.get(late)
    if fact is None or fact.is_actual:
        return False
    rule = asking.rulebook.definition.dates[late]
    asking.warnings.append(
        f"{rule.title} is still {in_words(fact.on)}, which is now too early: set it next"
    )
    return True


def _day(asking: Asking, name: str, key: str, on: date) -> date | None:
    """Return a date as it will be: the new one, one that moves with it, or what is known."""
    if name == key:
        return on
    fact, old = asking.challenge.dates.get(name), asking.challenge.dates.get(key)
    if fact is None:
        return None
    rule = asking.rulebook.definition.dates[name]
    is_tied = rule.moves_with == key and not fact.is_actual and old is not None
    if not is_tied or old is None or _fits(rule, on, fact.on):
        return fact.on
    return fact.on + (on - old.on)


def _fits(rule: DateFact, first: date, last: date) -> bool:
    """Return whether a date may stay where it is although the one it is tied to moves."""
    span, count = rule.within, (last - first).days + 1
    return last >= first and (span is None or span.least <= count <= span.most)


def _lowered(rule: DateFact) -> str:
    return rule.title[0].lower() + rule.title[1:]


def _check_spans(asking: Asking, key: str, on: date) -> None:
    """Refuse, or warn of, dates that lie nearer or further apart than `within` allows."""
    for name, rule in asking.rulebook.definition.dates.items():
        span = rule.within
        if span is None or key not in (name, span.of):
            continue
        first, last = _day(asking, span.of, key, on), _day(asking, name, key, on)
        if first is None or last is None or last < first:
            continue
        count = (last - first).days + 1
        if span.least <= count <= span.most:
            continue
        text = f"{rule.title}: {count} days in all, where {span.text} is the rule"
        if rule.otherwise == "refuse" and key == name:
            raise Refused(text, kind="span")
        asking.warnings.append(text)


def _warn_of_pauses(asking: Asking, key: str, on: date) -> None:
    """Warn when a clock is to stop on a day that has not come: it counts as stopped at once."""
    pauses = asking.rulebook.definition.pauses.values()
    titles = [p.title for p in pauses if p.from_ is not None and key in p.from_.names]
    if titles and on > asking.today:
        asking.warnings.append(
            f"{in_words(on)} has not come: clocks that stop for it show as paused from now on "
            f"({', '.join(titles)}); better record it on the day"
        )


def _warn_of_holidays(asking: Asking, key: str, on: date) -> None:
    """Warn when people would be booked on a day that is not a working day."""
    occupies = asking.rulebook.definition.occupies
    if occupies is None or key not in (occupies.first, occupies.last):
        return
    first, last = (_day(asking, name, key, on) for name in (occupies.first, occupies.last))
    days = [on] if first is None or last is None else _days(first, last)
    calendar = asking.rulebook.calendar
    for day in days:
        if not calendar.is_working_day(day):
            name = calendar.holiday_name(day) or "not a working day"
            asking.warnings.append(f"{in_words(day)} is {name}")


def _days(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included, at most 31."""
    return [first + timedelta(days=number) for number in range(min((last - first).days, 30) + 1)]
