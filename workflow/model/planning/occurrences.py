"""Whom, or which day, a task is for: one, one a person, one a day, or one again and again."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from workflow.model.challenge import Challenge, Membership
from workflow.model.language.phrases import ForEach
from workflow.model.planning.anchors import Occurrence, known_date
from workflow.model.planning.cadence import turns
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.sampling import is_sampled
from workflow.model.task import Task


def occurrences(
    rulebook: Rulebook, challenge: Challenge, key: str, *, only: Collection[str] | None = None
) -> Iterator[Occurrence]:
    """Yield the tasks that a spec asks for, one, one a person, or one a day; or `only` some."""
    each = rulebook.specs[key].for_each
    if each is None:
        yield Occurrence(key=key, spec=key)
    elif each.people is not None:
        yield from _people(rulebook, challenge, key, each=each, only=only)
    elif each.every is not None:
        yield from turns(rulebook, challenge, key, every=each.every)
    else:
        for day in _days(rulebook, challenge, each):
            if only is None or f"{key}:{day}" in only:
                yield Occurrence(key=f"{key}:{day}", spec=key, day=day)


def _people(
    rulebook: Rulebook,
    challenge: Challenge,
    key: str,
    *,
    each: ForEach,
    only: Collection[str] | None,
) -> Iterator[Occurrence]:
    """Yield one occurrence for each person whom the fan-out means."""
    roles = rulebook.definition.members(each.people or "")
    memberships: dict[int, list[Membership]] = {}
    for member in challenge.team:
        if member.role in roles and (only is None or f"{key}:{member.person}" in only):
            memberships.setdefault(member.person, []).append(member)
    for person, stays in memberships.items():
        is_there = any(m.left_at is None for m in stays)
        if _is_meant(rulebook, challenge, each, stays, is_there=is_there):
            yield Occurrence(
                key=f"{key}:{person}",
                spec=key,
                person=person,
                joined_on=_joined_on(stays),
                left_at=None if is_there else max(m.left_at for m in stays if m.left_at),
            )


def _joined_on(stays: list[Membership]) -> date:
    """Return since when a person has been there: their present stay, else their last one."""
    present = [m.since for m in stays if m.left_at is None]
    return min(present) if present else stays[-1].since


def _is_meant(
    rulebook: Rulebook,
    challenge: Challenge,
    each: ForEach,
    stays: list[Membership],
    *,
    is_there: bool,
) -> bool:
    """Return whether a fan-out means the person with these stays."""
    if not (each.is_present if is_there else each.is_past):
        return False
    if each.capability and not any(each.capability in m.capabilities for m in stays):
        return False
    person, roles = stays[0].person, {m.role for m in stays}
    if each.is_sampled and not is_sampled(
        rulebook.definition, challenge.reference, person, roles=roles
    ):
        return False
    return not each.is_issued or has_material(rulebook, challenge, person)


def has_material(rulebook: Rulebook, challenge: Challenge, person: int) -> bool:
    """Return whether a person was ever given something to keep, and so to destroy."""
    return issued_since(rulebook, challenge, person) is not None


def issued_since(rulebook: Rulebook, challenge: Challenge, person: int) -> date | None:
    """Return since when a person has something to destroy: by a task, a document or a thing."""
    tasks = (challenge.tasks.get(f"{spec}:{person}") for spec in rulebook.issuers)
    days = [task.first_done_on for task in tasks if task and task.first_done_on]
    records, definition = challenge.records, rulebook.definition
    for key, document in records.documents.items():
        rule = definition.documents.get(key)
        if person in document.copies and not (rule and rule.may_be_kept):
            days.append(document.copies[person].first_on)
    for item in records.items.values():
        medium = definition.media.get(item.medium)
        if item.person == person and not (medium and medium.may_be_kept):
            days.append(item.issued_on)
    return min(days, default=None)


def _days(rulebook: Rulebook, challenge: Challenge, each: ForEach) -> Iterator[date]:
    """Yield the days from the first to the last, less the ends that are excepted."""
    first = known_date(rulebook, challenge, each.first_day or "")
    last = known_date(rulebook, challenge, each.last_day or "")
    if first is None or last is None:
        return
    count = min((last.on - first.on).days, 60) + 1
    start, stop = int(each.except_first), count - int(each.except_last)
    for number in range(start, stop):
        yield first.on + timedelta(days=number)


def occurrence_of(rulebook: Rulebook, challenge: Challenge, task: Task) -> Occurrence:
    """Return the occurrence that a task stands for, with its person's joining and leaving."""
    if task.person is not None:
        for occurrence in occurrences(rulebook, challenge, task.spec, only={task.key}):
            return occurrence
    return Occurrence(key=task.key, spec=task.spec, person=task.person, day=task.day)
