"""A challenge goes on under another version of its definition, or back to the one it had.

First time passes under the old definition, so that everything that was due has been said. Then
one event renames what is called otherwise; from there the ordinary reconciliation does the rest:
tasks are issued, moved and withdrawn as after any other change. To undo it is to take up the
state that was there before, with what was said since.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.decisions.holds import orphaned, widened
from workflow.model.decisions.mapping import Renaming
from workflow.model.decisions.succession import carried, moments, passed, successors
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.occurrences import has_material
from workflow.model.planning.reconcile import Settling, announced, reconcile, settle
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records.state import Hold
from workflow.model.task import UNFINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who wants a challenge to go on under which definition, and why."""

    content_hash: str
    at: datetime
    actor: int
    reason: str
    renaming: Renaming


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A challenge that goes on under another definition.

    `before` is as it was under the old one; `taken` is the same under the new one, before
    anything followed from that; `events` lead from `before` to `after`. `renamed` are keys of
    tasks, old and new, that are others now.
    """

    before: Challenge
    taken: Challenge
    after: Challenge
    events: tuple[e.Event, ...]
    wakes: Mapping[str, datetime | None]
    renamed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Danger:
    """Why a challenge cannot go on; `option` is for naming what takes the place of `key`."""

    text: str
    key: str = ""
    option: str = "--map"


def until_now(rulebook: Rulebook, challenge: Challenge, *, at: datetime) -> Settling:
    """Return a challenge to which all that was due up to a moment has happened."""
    settling = Settling(rulebook, challenge, at)
    reconcile(settling)
    return settling


def dangers(
    old: Rulebook, new: Rulebook, challenge: Challenge, *, renaming: Renaming
) -> Iterator[Danger]:
    """Yield why a challenge cannot go on under a new definition."""
    yield from _lost_places(old, new, challenge, renaming)
    yield from _lost_roles(old, new, challenge, renaming)
    version = _named(new)
    given = {task.spec for task in challenge.tasks.values() if task.first_done_on}
    for key in old.specs:
        if key in given & old.issuers and renaming.key(key) not in new.issuers:
            is_there = renaming.key(key) in new.specs
            what = "gives no material any more" if is_there else "is gone"
            text = f"the task {key} gave people material to destroy, and {what} in {version}"
            yield Danger(text, key)
    for name, hold in challenge.holds.items():
        for key in hold.tasks:
            if renaming.key(key) not in new.specs:
                yield Danger(f'the hold "{name}" is on {key}, which is gone in {version}', key)
    for key, what in orphaned(old.definition, new.definition, challenge, called=renaming.rule):
        text = f"{what} the retention rule {key}, which is gone in {version}"
        yield Danger(text, f"{RETENTION_PREFIX}{key}")


def _lost_places(
    old: Rulebook, new: Rulebook, challenge: Challenge, renaming: Renaming
) -> Iterator[Danger]:
    """Yield the stages, dates and pauses that a challenge has, and the new definition has not."""
    stages, dates, version = old.definition.stages, old.definition.dates, _named(new)
    places = {challenge.stage: "is in"}
    if stages[challenge.stage].paused:
        places[challenge.left] = "would go back to"
    for key, verb in places.items():
        if renaming.key(key) not in new.definition.stages:
            text = f'it {verb} the stage "{stages[key].title}" ({key}), which is gone in {version}'
            yield Danger(text, key)
    for key in challenge.dates:
        if renaming.key(key) not in new.definition.dates:
            title = dates[key].title if key in dates else key
            text = f'the date "{title}" ({key}) is recorded, and is gone in {version}'
            yield Danger(text, key)
    for key in challenge.pauses:
        if renaming.key(key) not in new.definition.pauses:
            yield Danger(f"a clock stood still for {key}, which is gone in {version}", key)


def _lost_roles(
    old: Rulebook, new: Rulebook, challenge: Challenge, renaming: Renaming
) -> Iterator[Danger]:
    """Yield the roles that somebody holds, or in which somebody was given material."""
    for key in dict.fromkeys(member.role for member in challenge.team):
        if renaming.role(key) in new.definition.roles:
            continue
        title = old.definition.roles[key].title if key in old.definition.roles else key
        holders = [member for member in challenge.team if member.role == key]
        if any(member.left_at is None for member in holders):
            text = f'somebody is "{title}" ({key}), which is gone in {_named(new)}'
        elif any(has_material(old, challenge, member.person) for member in holders):
            text = f'somebody was "{title}" ({key}) and was given material to destroy'
            text = f"{text}; the role is gone in {_named(new)}"
        else:
            continue
        yield Danger(text, key, "--map-role")


def _named(rulebook: Rulebook) -> str:
    return f"version {rulebook.definition.version}"


def migrate(passing: Settling, new: Rulebook, order: Order) -> Migrated:
    """Return what follows when a challenge to which time has passed goes on under `new`.

    Nothing that was said is said again, and nothing that was not said yet is lost. A rung that is
    new, and whose moment has gone by, is not said.
    """
    old, before = passing.rulebook, passing.challenge
    following = _following(old, new, before, order.renaming)
    event = _event(passing, new, order, following)
    settling = Settling(new, before, order.at)
    settling.apply(event)
    taken = settling.challenge
    _widen(settling, old, before.holds)
    settle(settling)
    marks = tuple(_passed(passing, settling, order.renaming, following))
    if marks:
        settling.apply(e.RungsPassed(at=order.at, marks=marks))
    reconcile(settling)
    kept = (task for key, task in before.tasks.items() if key not in event.dropped)
    return Migrated(
        before=before,
        taken=taken,
        after=settling.challenge,
        events=tuple(settling.events),
        wakes=settling.wakes,
        renamed=_others({task.key: order.renaming.task(task) for task in kept}),
    )


def _widen(settling: Settling, old: Rulebook, holds: Mapping[str, Hold]) -> None:
    """Let holds, as they were under the old definition, stop what the new one has besides."""
    new, after = settling.rulebook, settling.challenge.holds
    for name, hold in widened(old.definition, new.definition, before=holds, after=after):
        placed = e.HoldPlaced(
            at=settling.at,
            name=name,
            tasks=hold.tasks,
            reason=f"it stops more in {_named(new)}",
            rules=hold.rules,
            people=hold.people,
        )
        settling.apply(placed)


def _following(
    old: Rulebook, new: Rulebook, challenge: Challenge, renaming: Renaming
) -> dict[str, dict[str, str]]:
    """Return which rung takes the place of which, by the old keys of the tasks that stay."""
    specs = dict.fromkeys(task.spec for task in challenge.tasks.values())
    return {
        spec: successors(old, new, spec=spec, called=renaming.key(spec))
        for spec in specs
        if renaming.key(spec) in new.specs
    }


def _event(
    passing: Settling, new: Rulebook, order: Order, following: Mapping[str, Mapping[str, str]]
) -> e.DefinitionMigrated:
    """Return the event that says what is gone, and what is called otherwise."""
    old, challenge = passing.rulebook, passing.challenge
    renaming = order.renaming
    definition, kept = old.definition, new.definition.retention
    known = {*old.specs, *definition.dates, *definition.stages, *definition.pauses}
    return e.DefinitionMigrated(
        at=order.at,
        actor=order.actor,
        definition=new.definition.definition,
        version=new.definition.version,
        content_hash=order.content_hash,
        stage=renaming.key(challenge.stage),
        old_version=old.definition.version,
        reason=order.reason,
        renamed={key: name for key, name in renaming.keys.items() if key in known},
        roles={k: name for k, name in renaming.roles.items() if k in old.definition.roles},
        rungs=dict(_rungs(challenge, following)),
        dropped=tuple(k for k, task in challenge.tasks.items() if task.spec not in following),
        rules=_others(
            {k: name for k in definition.retention if (name := renaming.rule(k)) in kept}
        ),
    )


def _rungs(
    challenge: Challenge, following: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each spec whose rungs that were said have other places now, with the places."""
    said: dict[str, dict[str, None]] = {}
    for task in challenge.tasks.values():
        said.setdefault(task.spec, {}).update(dict.fromkeys(task.said))
    for spec, places in following.items():
        moved = _others({rung: carried(rung, places) for rung in said[spec]})
        if moved:
            yield spec, moved


def _others(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names that are not what they were."""
    return {old: new for old, new in names.items() if old != new}


def _passed(
    passing: Settling,
    settling: Settling,
    renaming: Renaming,
    following: Mapping[str, Mapping[str, str]],
) -> Iterator[e.Mark]:
    """Yield the rungs of all tasks that count as said, since their moments have gone by."""
    old, new, before = passing.rulebook, settling.rulebook, passing.challenge
    origins = {renaming.task(t): t for t in before.tasks.values() if t.spec in following}
    for task in settling.challenge.tasks.values():
        if task.status not in UNFINISHED:
            continue
        known: Mapping[str, datetime] = {}
        origin = origins.get(task.key)
        if origin is not None:
            places, spoken = following[origin.spec], moments(old, before, origin)
            known = {carried(rung, places): fires_at for rung, fires_at in spoken.items()}
        now = moments(new, settling.challenge, task)
        yield from passed(new, task, now, known=known, at=settling.at)


def last_migration(history: Iterable[e.Event]) -> tuple[e.Event, ...]:
    """Return the last migration and what came after it; nothing if it was undone since."""
    since: list[e.Event] = []
    for event in history:
        if isinstance(event, e.DefinitionMigrated):
            since = [event]
        elif isinstance(event, e.MigrationUndone):
            since = []
        elif since:
            since.append(event)
    return tuple(since)


def undo(
    passing: Settling, old: Rulebook, *, since: Sequence[e.Event], actor: int, reason: str
) -> Migrated:
    """Return what follows when a challenge is taken back to what it was under `old`.

    `passing` is the challenge as it stands; `since` is the migration, with what came after it.
    What was said since is not said again, and a hold that was lifted since stays lifted.
    `before_migration` must be known.
    """
    now, at = passing.challenge, passing.at
    migration = next(event for event in since if isinstance(event, e.DefinitionMigrated))
    back = Renaming(keys={new: key for key, new in migration.renamed.items()})
    undone = e.MigrationUndone(
        at=at,
        actor=actor,
        definition=old.definition.definition,
        version=old.definition.version,
        old_version=passing.rulebook.definition.version,
        reason=reason,
        said=tuple(_said_since(passing, old, since=since, back=back)),
    )
    settling = Settling(old, now, at, told=announced(since))
    settling.apply(undone)
    taken = settling.challenge
    for lifted in (event for event in since if isinstance(event, e.HoldLifted)):
        settling.apply(replace(lifted, at=at))  # nobody would lift it again
    reconcile(settling)
    return Migrated(
        before=now,
        taken=taken,
        after=settling.challenge,
        events=tuple(settling.events),
        wakes=settling.wakes,
        renamed=_others({key: back.task(task) for key, task in now.tasks.items()}),
    )


def _said_since(
    passing: Settling, old: Rulebook, *, since: Sequence[e.Event], back: Renaming
) -> Iterator[e.Mark]:
    """Yield the rungs that were said after a migration, under the names that they had before."""
    before, now = passing.challenge.before_migration or Challenge(), passing.challenge
    told = (event.marks for event in since if isinstance(event, e.NoticeRaised))
    for mark in (mark for marks in told for mark in marks if mark.task in now.tasks):
        task = now.tasks[mark.task]
        origin = before.tasks.get(back.task(task))
        if origin is None:
            continue
        following = successors(passing.rulebook, old, spec=task.spec, called=origin.spec)
        rung = carried(mark.rung, following)
        due_at = moments(old, before, origin).get(rung)
        said_at = max(mark.fires_at, _same_day(old, mark.fires_at, due_at))
        if rung and (rung not in origin.said or origin.said[rung] < said_at):
            yield e.Mark(task=origin.key, rung=rung, fires_at=said_at)


def _same_day(rulebook: Rulebook, said_at: datetime, due_at: datetime | None) -> datetime:
    """Return the moment that a rung waits for, where that is on the day on which it was said."""
    is_same = due_at is not None and rulebook.today(due_at) == rulebook.today(said_at)
    return due_at if is_same and due_at else said_at
