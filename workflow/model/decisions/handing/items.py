"""Things that people are handed, such as notebook 7, and what they confirm as destroyed.

Source: house policy, after guidance 95 and 124 to 126: what is handed out has a number, and each
is accounted for.
"""

import re
from collections.abc import Iterator
from datetime import date

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.custody.holdings import destroying, is_statement
from workflow.model.decisions.asking import Asking, require_known
from workflow.model.duties import TaskSpec
from workflow.model.errors import InvalidInput, Refused, Unmet
from workflow.model.records import commands as r
from workflow.model.records.events import Confirmation, ItemIssued, ItemSettled, MediaConfirmed
from workflow.model.records.state import Item
from workflow.model.task import Task, TaskStatus

DESTROYED, LOST = "destroyed", "lost"
OUTCOMES = (DESTROYED, "returned", "revoked", LOST)

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


def require_key(what: str, key: str) -> None:
    """Refuse what could not stand in a command or a list as a name.

    Raises:
        InvalidInput: it is too long, or has other signs.
    """
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            f'"{key[:60]}" cannot name {what}; allowed: small letters, digits, dots, dashes and '
            "underscores, at most 60, such as notebook-7"
        )


def require_past(asking: Asking, on: date, what: str) -> None:
    """Refuse a day that is still to come.

    Raises:
        InvalidInput: it is in the future.
    """
    if on > asking.today:
        raise InvalidInput(f"{in_words(on)} is in the future: say what {what} by now")


def require_on_team(asking: Asking, person: int) -> None:
    """Refuse somebody who holds no role of the challenge.

    Raises:
        Refused: they are not on the team.
    """
    if not any(m.person == person and m.left_at is None for m in asking.challenge.team):
        raise Refused(
            f"{{p{person}}} is not on the team of {asking.challenge.reference}",
            kind="not_on_team",
            hint=f"assign them first: peer-challenge assign {asking.challenge.reference} ROLE "
            "PERSON",
        )


def require_own(asking: Asking, person: int, what: str) -> None:
    """Refuse somebody who speaks for another person, and does not record for others.

    Raises:
        Refused: it is for the person, or for those who record.
    """
    if asking.actor.id != person:
        asking.require_right_if_named(asking.rulebook.definition.authority.records, what)


def issue_item(asking: Asking, command: r.IssueItem) -> tuple[e.Event, ...]:
    """Hand a thing to somebody on the team; one that somebody has is not there to be given.

    One that came back keeps its entry in the register: for somebody else it is entered anew.
    """
    definition = asking.rulebook.definition
    asking.require_right_if_named(definition.authority.records, "hand things out")
    require_key("a thing", command.item)
    media = (*definition.media, *_asked_about(asking))
    require_known("medium", command.medium, dict.fromkeys(media))
    asking.require_life()
    require_on_team(asking, command.person)
    before = asking.challenge.records.items.get(command.item)
    if before is not None and before.outcome != "returned":
        state = f"is {before.outcome}" if before.outcome else f"is with {{p{before.person}}}"
        raise Refused(f'"{command.item}" {state}: it cannot be handed out', kind="already")
    if before is not None and before.person != command.person:
        raise Refused(
            f'"{command.item}" was with {{p{before.person}}}, and the register keeps that',
            kind="already",
            hint=f"hand it out under another name, such as {command.item}-2",
        )
    return (
        ItemIssued(
            at=asking.at,
            actor=asking.actor.id,
            item=command.item,
            medium=command.medium,
            title=command.title,
            person=command.person,
            on=asking.today,
        ),
    )


def _asked_about(asking: Asking) -> Iterator[str]:
    """Yield the media that tasks of destruction ask about."""
    for key in destroying(asking.rulebook):
        yield from asking.rulebook.specs[key].attest


def settle_item(asking: Asking, command: r.SettleItem) -> tuple[e.Event, ...]:
    """Record what became of a thing; one that is lost says what is to be done next."""
    items = asking.challenge.records.items
    require_known("thing that was handed out", command.item, items)
    item = items[command.item]
    require_own(asking, item.person, "record what became of a thing")
    if command.outcome not in OUTCOMES:
        raise InvalidInput(
            f'"{command.outcome}" is no outcome of a thing; allowed: {", ".join(OUTCOMES)}'
        )
    require_past(asking, command.on, "became of it")
    if command.on < item.issued_on:
        raise InvalidInput(f'"{command.item}" was handed out on {in_words(item.issued_on)} only')
    if item.outcome not in ("", LOST) or item.outcome == command.outcome:
        raise Refused(f'"{command.item}" is {item.outcome} already', kind="already")
    if command.outcome == DESTROYED:
        _require_destructible(asking, item, command)
    if command.outcome == LOST:
        asking.warnings.append(_breach(asking, command.item))
    return (_settled(asking, command),)


def _settled(asking: Asking, command: r.SettleItem) -> ItemSettled:
    return ItemSettled(
        at=asking.at,
        actor=asking.actor.id,
        item=command.item,
        outcome=command.outcome,
        on=command.on,
        method=command.method.strip(),
        evidence=command.evidence.strip(),
    )


def _require_destructible(asking: Asking, item: Item, command: r.SettleItem) -> None:
    """Refuse a destruction that is on hold, or that nobody says the method of."""
    if not command.method.strip():
        raise InvalidInput(f'say how "{command.item}" was destroyed: --method "…"')
    keys = set(destroying(asking.rulebook))
    names = [
        name
        for name, hold in asking.challenge.holds.items()
        if keys & set(hold.tasks) and (not hold.people or item.person in hold.people)
    ]
    if names:
        raise Refused(f'"{command.item}" is on hold: {", ".join(names)}', kind="held")


def _breach(asking: Asking, item: str) -> str:
    """Return what is to be done about a thing that is lost."""
    reference = asking.challenge.reference
    return (
        f'"{item}" is lost, which may be a breach to report within 72 hours: peer-challenge new '
        f"REF --definition data_breach --concerns {reference}"
    )


def require_confirmed(asking: Asking, task: Task, spec: TaskSpec) -> None:
    """Refuse to check a destruction that its person has not confirmed yet.

    Raises:
        Refused: the confirmation is missing.
    """
    if spec.for_each is None or not spec.for_each.is_sampled:
        return
    tasks = asking.challenge.tasks
    own = (tasks.get(f"{key}:{task.person}") for key in destroying(asking.rulebook))
    if not any(one is not None and one.status is TaskStatus.DONE for one in own):
        raise Refused(
            f'"{spec.title}": {{p{task.person}}} has not confirmed the destruction yet',
            kind="order",
            unmet=[Unmet(f"the confirmation of {{p{task.person}}}")],
        )


def attested(spec: TaskSpec, command: c.CompleteTask) -> tuple[str, ...]:
    """Return what was confirmed: each item must be, by name or by a text that speaks for all.

    Raises:
        NotFound: something is confirmed that was not asked.
        Refused: something is not confirmed.
    """
    if not spec.attest:
        return ()
    for one in command.media:
        require_known("item to confirm", one.medium, spec.attest)
    if command.attested is None and not command.media and command.evidence.strip():
        return spec.attest
    given = (*(command.attested or ()), *(one.medium for one in command.media))
    for item in given:
        require_known("item to confirm", item, spec.attest)
    missing = [item for item in spec.attest if item not in given]
    if missing:
        raise Refused(
            f'"{spec.title}": not confirmed yet: {_listed(missing)}',
            kind="not_attested",
            unmet=[Unmet(item.replace("_", " ")) for item in missing],
            allowed=spec.attest,
            hint='confirm each with --attest ITEM, or all with --evidence "how"',
        )
    return spec.attest


def confirm(
    asking: Asking, task: Task, spec: TaskSpec, *, command: c.CompleteTask, by: int | None
) -> tuple[e.Event, ...]:
    """Return what a confirmation of destruction settles: each medium, and each thing handed out.

    Of a task that is for nobody in particular, the things are those of whoever did it.

    Raises:
        Refused: nobody says how, or a thing was handed out that the confirmation does not speak of.
    """
    if task.spec not in destroying(asking.rulebook):
        return ()
    said = {one.medium: one for one in command.media}
    asked = [key for key in spec.attest if not is_statement(key)]
    silent = [key for key in asked if key not in said or not said[key].method.strip()]
    if silent and not command.evidence.strip():
        raise Refused(
            f'"{spec.title}": nobody says how: {_listed(silent)}',
            kind="no_method",
            unmet=[Unmet(f"how: {key.replace('_', ' ')}") for key in silent],
            hint=f'say how and when: --attest "{silent[0]}=shredded@{asking.today.isoformat()}", '
            'or for all with --evidence "how"',
        )
    for one in command.media:
        require_past(asking, one.on, "was destroyed")
    things = [
        _with_medium(asking, command, key, said.get(item.medium))
        for key, item in _things(asking, spec, by if task.person is None else task.person)
    ]
    if not command.media and task.key not in asking.challenge.records.confirmed:
        return tuple(things)
    media = MediaConfirmed(at=asking.at, actor=asking.actor.id, task=task.key, media=command.media)
    return (media, *things)


def _things(asking: Asking, spec: TaskSpec, person: int | None) -> Iterator[tuple[str, Item]]:
    """Yield what a person still has and confirms; refuse what is not asked about."""
    media = asking.rulebook.definition.media
    held = [
        (key, item)
        for key, item in asking.challenge.records.items.items()
        if item.person == person and not item.outcome
    ]
    left = [
        key
        for key, item in held
        if item.medium not in spec.attest
        and not (item.medium in media and media[item.medium].may_be_kept)
    ]
    if left:
        reference = asking.challenge.reference
        raise Refused(
            f'"{spec.title}": {{p{person}}} still has {_listed(left)}',
            kind="not_settled",
            unmet=[Unmet(f"{key}: not settled") for key in left],
            hint=f"say what became of it: peer-challenge item settle {reference} {left[0]} OUTCOME",
        )
    yield from (one for one in held if one[1].medium in spec.attest)


def _with_medium(
    asking: Asking, command: c.CompleteTask, key: str, said: Confirmation | None
) -> ItemSettled:
    """Return that a thing is destroyed, as the confirmation says of its medium."""
    return _settled(
        asking,
        r.SettleItem(
            item=key,
            outcome=DESTROYED,
            on=said.on if said else command.on,
            method=said.method if said else "",
            evidence=command.evidence,
        ),
    )


def _listed(keys: list[str]) -> str:
    return ", ".join(key.replace("_", " ") for key in keys)
