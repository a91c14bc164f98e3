"""Checks that names are clear, and that what is declared is used."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from workflow.model.checks.circles import conditions_of
from workflow.model.checks.finding import Finding, Scope
from workflow.model.checks.places import demands, timings, within
from workflow.model.definition import Definition
from workflow.model.errors import nearest
from workflow.model.language.phrases import AnyOf, Condition, Happening, Test
from workflow.model.language.timing import SELF_WORDS
from workflow.model.language.words import GRAMMAR_WORDS

RESERVED = GRAMMAR_WORDS | {*SELF_WORDS, "by", "days", "person", "previous", "told"}
_SOME_ZONE = "Europe/London"
_SHARED = ("dates", "tasks", "stages")
_PEOPLE = ("roles", "groups")
_UNUSED = {
    "ladders": 'the ladder "{name}" is not used: no task has `reminders: {name}`',
    "pauses": 'the pause "{name}" stops nothing: no task has `pauses: {name}`',
    "calendars": 'the calendar "{name}" is not used: write `calendar: {name}` where it counts',
    "roles": 'the role "{name}" is not used anywhere',
}


def find_in_usage(scope: Scope) -> Iterator[Finding]:
    """Give names that mean two things, a zone that is none, and what is declared for nothing."""
    yield from _find_twins(scope.definition, _SHARED)
    yield from _find_twins(scope.definition, _PEOPLE)
    yield from _find_reserved(scope.definition)
    yield from _find_in_zone(scope.definition)
    yield from _find_unused(scope.definition)
    yield from _find_in_groups(scope.definition)
    yield from _find_in_empty(scope.definition)


def _find_twins(parts: Definition, sections: tuple[str, ...]) -> Iterator[Finding]:
    """Give the names that stand in two of `sections`."""
    seen: dict[str, str] = {}
    for section in sections:
        for name in getattr(parts, section):
            if name in seen:
                shared = ", ".join(sections[:-1])
                text = f'"{name}" is already a name under {seen[name]}; {shared} and {sections[-1]}'
                yield Finding((section, name), f"{text} share their names, so that each is clear")
            seen.setdefault(name, section)


def _find_reserved(parts: Definition) -> Iterator[Finding]:
    for section in (*_SHARED, *_PEOPLE):
        for name in getattr(parts, section):
            if name in RESERVED:
                text = f'"{name}" is a word of the language and cannot be a name'
                yield Finding((section, name), text)


def _find_in_zone(parts: Definition) -> Iterator[Finding]:
    try:
        ZoneInfo(parts.zone)
    except (ValueError, OSError, LookupError):
        near = nearest(parts.zone, available_timezones()) or _SOME_ZONE
        text = f'unknown time zone "{parts.zone}"; did you mean "{near}"?'
        yield Finding(("zone",), f"{text} (a region and a city, such as {_SOME_ZONE})")


def _find_in_groups(parts: Definition) -> Iterator[Finding]:
    """Give the groups that need more people than their roles allow."""
    for name, group in parts.groups.items():
        roles = [parts.roles[role] for role in set(group.roles) & parts.roles.keys()]
        most = sum(role.needed.most for role in roles)
        if group.needed and len(roles) == len(set(group.roles)) and most < group.needed.least:
            text = f"{group.needed.text} are needed, but its roles allow {most} people at most"
            yield Finding(("groups", name, "needed"), f"{text}; need fewer, or allow more")


def _find_in_empty(parts: Definition) -> Iterator[Finding]:
    """Give the steps that wait for somebody in a group without roles."""
    empty = {name for name, group in parts.groups.items() if not group.roles}
    steps = [demand for demand in demands(parts) if demand.path[0] == "transitions"]
    for path, one in ((step.path, step.asked) for step in steps):
        if isinstance(one, AnyOf) or one.is_not or one.test is not Test.FILLED:
            continue
        if one.subject in empty:
            text = f'the group "{one.subject}" has no roles, so that nobody can be in it'
            yield Finding(path, f"{text}; name its roles, or ask for another one")


def _find_unused(parts: Definition) -> Iterator[Finding]:
    """Give the ladders, pauses, calendars and roles that nothing uses, as warnings."""
    tasks = parts.tasks.values()
    calendars = {parts.calendar, *(task.calendar for task in tasks)}
    calendars |= {t.calendar for place in timings(parts) for t in within(place.timing)}
    used: dict[str, set[str | None]] = {
        "ladders": {
            *(name for task in tasks for name in task.reminders),
            *(name for rule in parts.retention.values() for name in rule.reminders),
        },
        "pauses": {name for task in tasks for name in task.pauses},
        "calendars": calendars,
        "roles": {*_people_in_use(parts)},
    }
    for section, names in used.items():
        for name in getattr(parts, section):
            if name not in names:
                text = _UNUSED[section].format(name=name)
                yield Finding((section, name), text, is_warning=True)


def _people_in_use(parts: Definition) -> set[str]:
    """Return the roles and groups that something is done by, for or about."""
    used = {name for group in parts.groups.values() for name in group.roles}
    used.update(*(step.by for step in parts.transitions.values()))
    used.update(*(_asked(demand.asked) for demand in demands(parts)))
    for task in parts.tasks.values():
        selected = task.for_each.people if task.for_each else None
        used.update(task.by, [selected or ""], *(one.allowed for one in task.extends.values()))
    for ladder in parts.ladders.values():
        used.update(name for rung in ladder for name in rung.to)
    for notice in parts.notices.values():
        about = {Happening.JOINING, Happening.LEAVING, Happening.CHANGES}
        used.update(notice.to)
        used.update(n for one in notice.when if one.happening in about for n in one.subjects)
    used.update(name for invitation in parts.invitations.values() for name in invitation.to)
    used.update(name for document in parts.documents.values() for name in document.for_)
    for rule in parts.retention.values():
        used.update(rule.held_by, rule.of, [rule.review_by or ""])
    rights = parts.authority
    used.update(rights.manages, rights.records, rights.waives, rights.overrides)
    used.update(rights.excepts, rights.approves)
    return used | {parts.occupies.group if parts.occupies else ""}


def _asked(need: Condition | AnyOf) -> set[str]:
    """Return the roles and groups that a requirement asks to be enough."""
    people = {Test.ENOUGH, Test.FILLED}
    return {one.subject for one in conditions_of(need) if one.test in people}
