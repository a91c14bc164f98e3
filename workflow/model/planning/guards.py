"""The conditions that a definition may ask for, and what is missing when they do not hold.

People are named in texts as `{p4}` (their id): whoever shows the text puts the name in.
"""

from datetime import date

from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.duties import TaskSpec, plain_title
from workflow.model.errors import Unmet
from workflow.model.language.phrases import AnyOf, Condition, Test
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.anchors import known_date
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records.rules import RECORD, RetentionRule
from workflow.model.records.state import Disposal
from workflow.model.task import SETTLED, Task

NAMED_AT_MOST = 12


def meets(rulebook: Rulebook, challenge: Challenge, requirement: Condition | AnyOf) -> bool:
    """Return whether a requirement that does not depend on the day holds."""
    return check(rulebook, challenge, requirement, today=None) is None


def check(
    rulebook: Rulebook,
    challenge: Challenge,
    requirement: Condition | AnyOf,
    *,
    today: date | None,
) -> Unmet | None:
    """Return what is missing for `requirement`, or None when it holds.

    `today` is the local day; without it, no day `is reached`.
    """
    if isinstance(requirement, AnyOf):
        return _check_any(rulebook, challenge, requirement, today)
    found = _check_one(rulebook, challenge, requirement, today)
    if not requirement.is_not:
        return found
    is_so = found is None
    return Unmet(_against(rulebook, requirement)) if is_so else None


def _against(rulebook: Rulebook, requirement: Condition) -> str:
    """Return what stands in the way when something must not be so."""
    return f"{titled(rulebook, requirement.subject)}: must not be {requirement.test.value}"


def _check_one(
    rulebook: Rulebook, challenge: Challenge, requirement: Condition, today: date | None
) -> Unmet | None:
    """Return what is missing for one condition, as if it were not turned round."""
    subject, test = requirement.subject, requirement.test
    if test in _OF_PEOPLE:
        return _OF_PEOPLE[test](rulebook, challenge, subject)
    if test is Test.REACHED and subject in rulebook.definition.dates:
        return _reached(rulebook, challenge, subject, today)
    if subject in rulebook.specs:
        return holds(rulebook, challenge, subject)
    if subject in rulebook.definition.dates:
        return _known(rulebook, challenge, subject)
    if subject in challenge.entered:
        return None
    return Unmet(f'the stage "{rulebook.definition.stages[subject].title}" is not reached')


def _check_any(
    rulebook: Rulebook, challenge: Challenge, requirement: AnyOf, today: date | None
) -> Unmet | None:
    """Return what is missing when fewer than enough of several conditions hold."""
    missing = [check(rulebook, challenge, one, today=today) for one in requirement.of]
    unmet = [item for item in missing if item is not None]
    if len(requirement.of) - len(unmet) >= requirement.count:
        return None
    return Unmet(
        f"at least {requirement.count} of these: " + "; ".join(item.text for item in unmet),
        tasks=tuple(key for item in unmet for key in item.tasks),
    )


def holds(rulebook: Rulebook, challenge: Challenge, key: str) -> Unmet | None:
    """Return what is missing of a spec's tasks: each must be done or waived.

    A spec that is for nobody, or not applicable, holds; one for days that are not known does not.
    """
    spec = rulebook.specs[key]
    tasks = challenge.occurrences(key)
    left = [task for task in tasks if task.status not in SETTLED]
    if left:
        return Unmet(
            _missing(spec, left, len(tasks)),
            source=spec.source or "",
            tasks=tuple(task.key for task in left),
        )
    if not tasks and _has_unknown_days(rulebook, challenge, spec):
        return Unmet(f"{plain_title(spec)}: its days are not known", source=spec.source or "")
    return None


def titled(rulebook: Rulebook, subject: str) -> str:
    """Return what people call what a condition speaks of."""
    definition = rulebook.definition
    for part in (definition.dates, definition.stages, definition.roles):
        if subject in part:
            return str(part[subject].title)
    if subject in rulebook.specs:
        return plain_title(rulebook.specs[subject])
    group = definition.groups.get(subject)
    return (group.title if group else None) or subject


def why_absent(rulebook: Rulebook, challenge: Challenge, key: str) -> str:
    """Return why a spec is not applicable: what its `when` asks for and is not so; else empty."""
    unmet = (check(rulebook, challenge, one, today=None) for one in rulebook.specs[key].when)
    return "; ".join(item.text for item in unmet if item is not None)


def destroyed_whole(rulebook: Rulebook, challenge: Challenge) -> Disposal | None:
    """Return the disposal by which nothing is left of a challenge; None where it is still there."""
    for key, disposal in challenge.records.disposals.items():
        rule = rulebook.definition.retention.get(key)
        if rule is not None and RECORD in rule.copies and disposal.done_at is not None:
            return disposal
    return None


def holding(challenge: Challenge, key: str, part: RetentionRule) -> tuple[str, ...]:
    """Return the names of the holds that stop a rule: any at all stops the end of the record."""
    return tuple(
        name
        for name, hold in challenge.holds.items()
        if RECORD in part.copies
        or key in hold.rules
        or {f"{RETENTION_PREFIX}{key}", *part.done_by} & set(hold.tasks)
    )


def rule_of(rulebook: Rulebook, task: Task) -> str | None:
    """Return by which rule a task destroys our own copies; None where it is another task."""
    key = task.spec.removeprefix(RETENTION_PREFIX)
    rule = rulebook.definition.retention.get(key)
    return key if key != task.spec and rule is not None and rule.copies else None


def may_go(rulebook: Rulebook, challenge: Challenge, key: str) -> bool:
    """Return whether nothing but its day and an approval stands in the way of a destruction."""
    part = rulebook.definition.retention[key]
    is_over = rulebook.definition.stages[challenge.stage].final
    return (
        not holding(challenge, key, part)
        and (is_over or RECORD not in part.copies)
        and all(holds(rulebook, challenge, task) is None for task in part.needed_for)
    )


def _has_unknown_days(rulebook: Rulebook, challenge: Challenge, spec: TaskSpec) -> bool:
    each = spec.for_each
    if each is None or each.people is not None or each.every is not None:
        return False
    ends = (each.first_day or "", each.last_day or "")
    return any(known_date(rulebook, challenge, end) is None for end in ends)


def _missing(spec: TaskSpec, left: list[Task], count: int) -> str:
    """Return what is missing in words: which of how many."""
    if spec.for_each is None:
        return f"{spec.title}: not done"
    shown = [_which(task) for task in left[:NAMED_AT_MOST]]
    more = [f"and {len(left) - NAMED_AT_MOST} more"] if len(left) > NAMED_AT_MOST else []
    return f"{plain_title(spec)}: {len(left)} of {count} not done ({', '.join(shown + more)})"


def _which(task: Task) -> str:
    if task.person is not None:
        return f"{{p{task.person}}}"
    return in_words(task.day) if task.day else task.key


def _known(rulebook: Rulebook, challenge: Challenge, key: str) -> Unmet | None:
    fact = rulebook.definition.dates[key]
    if known_date(rulebook, challenge, key) is not None:
        return None
    return Unmet(f"{fact.title}: the date is not known", source=fact.source or "")


def _reached(
    rulebook: Rulebook, challenge: Challenge, key: str, today: date | None
) -> Unmet | None:
    fact = known_date(rulebook, challenge, key)
    if fact is None:
        return _known(rulebook, challenge, key)
    if today is not None and fact.on <= today:
        return None
    rule = rulebook.definition.dates[key]
    text = f"{rule.title}: {in_words(fact.on)} has not come yet"
    return Unmet(text, source=rule.source or "")


def _filled(rulebook: Rulebook, challenge: Challenge, name: str) -> Unmet | None:
    """Return what is missing when nobody at all holds a role, or any role of a group."""
    roles = rulebook.definition.members(name)
    if challenge.holders(roles):
        return None
    titles = " or ".join(rulebook.definition.roles[role].title for role in roles)
    return Unmet(f"{titles}: nobody")


def _enough(rulebook: Rulebook, challenge: Challenge, name: str) -> Unmet | None:
    """Return which roles are not filled, or by how many a group is too small or too large."""
    definition = rulebook.definition
    for role in definition.members(name):
        count = len(challenge.holders([role]))
        least = definition.roles[role].needed.least
        if count < least:
            text = f"{definition.roles[role].title}: {count} of at least {least}"
            return Unmet(text, source=definition.roles[role].source or "")
    group = definition.groups.get(name)
    if group is None or group.needed is None:
        return None
    count = len(challenge.holders(group.roles))
    if group.needed.least <= count <= group.needed.most:
        return None
    return Unmet(f"{group.title or name}: {count}, but {group.needed.text} are needed")


_OF_PEOPLE = {Test.ENOUGH: _enough, Test.FILLED: _filled}
