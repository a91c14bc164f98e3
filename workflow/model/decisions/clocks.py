"""Clocks: more time that is agreed, and times at which they stand still."""

from datetime import date, datetime
from typing import TypedDict

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Spell
from workflow.model.decisions.asking import Asking, require_known, require_reason
from workflow.model.decisions.tasks import find_task, spoken
from workflow.model.duties import Extension, TaskSpec
from workflow.model.errors import InvalidInput, Refused, Unmet
from workflow.model.language.phrases import Amount
from workflow.model.language.timing import parse_amount
from workflow.model.planning.guards import meets, titled
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.plan import ground_of
from workflow.model.planning.rulebook import conditions_of
from workflow.model.reckoning.counting import DAYS_IN, MONTHS_IN
from workflow.model.reckoning.reckon import reckon
from workflow.model.task import EXCUSED, Task


def extend(asking: Asking, command: c.ExtendDeadline) -> tuple[e.Event, ...]:
    """Put a deadline off, as far and as often as its definition allows."""
    task = find_task(asking, command, "open")
    spec = spoken(asking, task)
    if command.is_void:
        return _taken_back(asking, command, task, spec=spec)
    name, rule = _rule(command, spec)
    names = rule.allowed or asking.rulebook.definition.authority.records
    asking.require_right_if_named(names, f'extend "{spec.title}"')
    if command.on > asking.today:
        raise InvalidInput(f"{in_words(command.on)} is in the future: agree on a past day or today")
    amount = _amount(rule, command.amount)
    _require_said(rule, command)
    _require_room(asking, task, spec, name=name)
    _require_in_time(asking, task, spec, on=command.on, rule=rule)
    given = e.DeadlineExtended(
        at=asking.at,
        actor=asking.actor.id,
        task=task.key,
        extension=name,
        count=amount.count,
        unit=amount.unit,
        on=command.on,
        reason=command.reason,
        agreement=command.agreement,
    )
    return (given,)


def _taken_back(
    asking: Asking, command: c.ExtendDeadline, task: Task, *, spec: TaskSpec
) -> tuple[e.Event, ...]:
    """Take back the extension that was agreed last: it was recorded in error."""
    require_reason(command.reason, "the extension is taken back")
    asking.require_right_if_named(
        asking.rulebook.definition.authority.records, f'take back more time for "{spec.title}"'
    )
    given = [one for one in task.extensions if command.extension in (None, one.name)]
    if not given:
        raise Refused(f'"{spec.title}" was not extended', kind="already")
    last = given[-1]
    back = e.DeadlineExtended(
        at=asking.at,
        actor=asking.actor.id,
        task=task.key,
        extension=last.name,
        count=last.count,
        unit=last.unit,
        on=last.on,
        reason=command.reason,
        is_void=True,
    )
    return (back,)


def _rule(command: c.ExtendDeadline, spec: TaskSpec) -> tuple[str, Extension]:
    """Return the extension that is meant: the one that is named, or the only one to agree on."""
    offered = {name: rule for name, rule in spec.extends.items() if not rule.when}
    if not offered:
        raise Refused(f'"{spec.title}" cannot be extended: its rule does not say so', kind="rule")
    asked = spec.extends.get(command.extension or "")
    if asked is not None and asked.when:
        raise Refused(
            f'"{spec.title}": {asked.title or command.extension} is given by itself', kind="rule"
        )
    if command.extension is not None:
        require_known("extension", command.extension, offered)
        return command.extension, offered[command.extension]
    if len(offered) > 1:
        raise InvalidInput(f'"{spec.title}": say which extension: {", ".join(offered)}')
    return next(iter(offered.items()))


def _amount(rule: Extension, asked: str | None) -> Amount:
    """Return how much more time is meant: what the rule says, or what was asked up to that."""
    if asked is None:
        if rule.by.is_at_most:
            raise InvalidInput(f"say how much more time: --by, {rule.by.text}")
        return rule.by
    amount = parse_amount(asked)
    is_same = any(amount.unit in kind and rule.by.unit in kind for kind in (DAYS_IN, MONTHS_IN))
    is_comparable = amount.unit is rule.by.unit or is_same
    if not is_comparable or _size(amount) > _size(rule.by) or amount.is_at_most:
        raise Refused(f"{amount.text} is not allowed: {rule.by.text}", kind="rule")
    if not rule.by.is_at_most and _size(amount) != _size(rule.by):
        raise Refused(f"{amount.text} is not what the rule gives: {rule.by.text}", kind="rule")
    return amount


def _size(amount: Amount) -> int:
    return amount.count * {**DAYS_IN, **MONTHS_IN}.get(amount.unit, 1)


def _require_said(rule: Extension, command: c.ExtendDeadline) -> None:
    if "reason" in rule.needs:
        require_reason(command.reason, "the deadline is put off")
    if "agreement" in rule.needs and not command.agreement.strip():
        raise InvalidInput('say where the agreement is written down: --agreement "…"')


def _require_room(asking: Asking, task: Task, spec: TaskSpec, *, name: str) -> None:
    """Refuse what was given as often as it may be, or what something rules out."""
    rule = spec.extends[name]
    given = [one for one in task.extensions if one.name == name]
    if len(given) >= rule.at_most:
        times = "once" if rule.at_most == 1 else f"{rule.at_most} times"
        on = in_words(given[-1].on)
        raise Refused(f'"{spec.title}" may be extended {times}, and was, on {on}', kind="already")
    against = [one for one in rule.unless if meets(asking.rulebook, asking.challenge, one)]
    if against or task.clock == EXCUSED:
        subjects = [one.subject for requirement in against for one in conditions_of(requirement)]
        named = [titled(asking.rulebook, subject) for subject in subjects] or [task.clock_note]
        raise Refused(
            f'"{spec.title}" cannot be extended',
            kind="rule",
            unmet=[Unmet(f"{text} rules it out", source=rule.source or "") for text in named],
        )


def _require_in_time(
    asking: Asking, task: Task, spec: TaskSpec, *, on: date, rule: Extension
) -> None:
    """Refuse what was agreed too late: after the limit, or after the day that the rule names."""
    last = task.limit_on or task.target_on
    if rule.before is not None:
        occurrence = occurrence_of(asking.rulebook, asking.challenge, task)
        found = reckon(rule.before, ground_of(asking.rulebook, asking.challenge, occurrence))
        last = found.on if found else None
    if last is not None and on > last:
        raise Refused(
            f'"{spec.title}": too late to extend: it had to be agreed by {in_words(last)}',
            kind="too_late",
        )


def pause(asking: Asking, command: c.PauseClock) -> tuple[e.Event, ...]:
    """Let clocks stand still from a day on."""
    spells = _spells(asking, command.name, "stop a clock")
    require_reason(command.reason, "the clock stands still")
    title = asking.rulebook.definition.pauses[command.name].title
    if spells and spells[-1].until_on is None:
        since = in_words(spells[-1].from_on)
        raise Refused(f"the clock stands still already, since {since}: {title}", kind="already")
    _require_past(asking, command.on)
    last = spells[-1].until_on if spells else None
    if last is not None and command.on < last:
        raise Refused(
            f"{in_words(command.on)} lies before {in_words(last)}, when the clock went on last: "
            f"{title}",
            kind="order",
        )
    return (e.ClockPaused(**_said(asking, command)),)


def resume(asking: Asking, command: c.ResumeClock) -> tuple[e.Event, ...]:
    """Let clocks go on from a day on."""
    spells = _spells(asking, command.name, "start a clock")
    title = asking.rulebook.definition.pauses[command.name].title
    if command.is_void and spells:
        require_reason(command.reason, "the pause is taken back")
        return (e.ClockResumed(**_said(asking, command), is_void=True),)
    if not spells or spells[-1].until_on is not None:
        raise Refused(f"the clock is running: {title}", kind="already")
    _require_past(asking, command.on)
    if command.on < spells[-1].from_on:
        since = in_words(spells[-1].from_on)
        raise Refused(
            f"{in_words(command.on)} lies before {since}, when the clock stopped: {title}",
            kind="order",
        )
    return (e.ClockResumed(**_said(asking, command)),)


class _Said(TypedDict):
    """What is said of a clock that stops or goes on."""

    at: datetime
    actor: int
    name: str
    on: date
    since: datetime | None
    reason: str


def _said(asking: Asking, command: c.PauseClock | c.ResumeClock) -> _Said:
    return _Said(
        at=asking.at,
        actor=asking.actor.id,
        name=command.name,
        on=command.on,
        since=command.moment,
        reason=command.reason,
    )


def _spells(asking: Asking, name: str, what: str) -> tuple[Spell, ...]:
    """Return when a pause was in force, if it is one that people declare, and the asker may."""
    definition = asking.rulebook.definition
    require_known("pause", name, definition.pauses)
    rights = definition.authority.records or definition.authority.manages
    asking.require_right_if_named(rights, what)
    asking.require_life()
    rule = definition.pauses[name]
    if rule.from_ is not None or rule.days:
        hint = f"record the dates: {rule.from_.text}" if rule.from_ else "its days are fixed"
        raise Refused(
            f"{rule.title}: this clock stops and goes on by dates, not by word",
            kind="rule",
            hint=hint,
        )
    return asking.challenge.pauses.get(name, ())


def _require_past(asking: Asking, on: date) -> None:
    if on > asking.today:
        raise InvalidInput(f"{in_words(on)} is in the future: say it on the day, or afterwards")
