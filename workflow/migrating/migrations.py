"""Use cases: challenges that are under way go on under another definition, and back again.

All of them or none, in one transaction, under one command: when one cannot go on, every reason of
every challenge is told at once, and nothing is changed. A dry run is the same, thrown away.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from workflow.clock import Clock
from workflow.granting.access import Access
from workflow.granting.access import Request as Wish
from workflow.migrating.rounds import Request, Round
from workflow.model import events as e
from workflow.model.access.permissions import Permission
from workflow.model.decisions.asking import require_reason
from workflow.model.decisions.mapping import misnamed
from workflow.model.decisions.migration import (
    Danger,
    Migrated,
    Order,
    dangers,
    last_migration,
    migrate,
    undo,
    until_now,
)
from workflow.model.errors import Refused
from workflow.model.people import Person
from workflow.model.planning.reconcile import Settling
from workflow.model.planning.rulebook import Rulebook
from workflow.names import Names
from workflow.store import challenges, library, meta, rulebooks
from workflow.store.challenges import Stored
from workflow.store.database import Database, Link
from workflow.store.library import Offered
from workflow.store.outbox import Waiting

NOT_CHANGED = Danger("its definition was not changed: there is nothing to undo")
WORKED_ON = Danger("somebody has worked on it since its definition changed")
MIGRATING = Wish(permission=Permission.MANAGE_DEFINITIONS, action="MigrateDefinition")
GO_FORWARD = "let them go on under the old version instead, or name the others with --ref"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One challenge that goes on, or would go on, under another definition.

    `passed` is what was due before, under the old one; `decision` is all that follows. `waiting`
    are the reminders that were not sent yet.
    """

    old: Rulebook
    new: Rulebook
    passed: tuple[e.Event, ...]
    decision: Migrated
    people: Mapping[int, Person]
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a migration, or its undoing, came to.

    `over` and `already` count challenges that were left alone: they are over, or there already
    (when undone: they were never migrated).
    """

    moved: tuple[Moved, ...]
    over: int = 0
    already: int = 0
    is_undone: bool = False
    is_dry_run: bool = False


class Migrations:
    """Changes the definition of challenges in a database, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def migrate(self, target: Offered, request: Request) -> Report:
        """Let challenges go on under another definition.

        Without references: all that are under another version of it and not over.

        Raises:
            Refused: it is not for this person, or not safe for a challenge; all reasons are told.
            NotFound: a challenge, or the definition, does not exist.
            InvalidInput: there is no reason.
        """
        require_reason(request.reason, "the definition changes")
        right = Access(self.database, self.clock).require(request.actor, MIGRATING)
        with self._open(request) as link:
            round_ = self._begun(link, request, right)
            new = _fetched(link, target)
            _migrate_all(round_, new, target.content_hash)
            name = f"{new.definition.definition} {new.definition.version}"
            refusal = round_.refusal(f"go on under {name}", hint=_way_out(round_))
            if refusal is None and link.is_writing:
                library.adopt(link, target, at=round_.at, actor=request.actor, authority=right)
            round_.keep(refusal)
        return self._report(round_, refusal)

    def undo(self, name: str, request: Request) -> Report:
        """Take challenges back to what they were before their definition changed last.

        Without references: all that are under a definition of this name and were migrated.

        Raises:
            Refused: it is not for this person, somebody has worked on a challenge since, or there
                is nothing to undo.
            NotFound: there is no such challenge.
            InvalidInput: there is no reason.
        """
        require_reason(request.reason, "the definition changes back")
        right = Access(self.database, self.clock).require(request.actor, MIGRATING)
        with self._open(request) as link:
            round_ = self._begun(link, request, right)
            meant = request.references or tuple(challenges.moved(link, name))
            for number, reference in enumerate(meant, 1):
                _undo_one(round_, reference)
                request.on_progress(number, len(meant))
            refusal = round_.refusal("go back", hint=GO_FORWARD)
            round_.keep(refusal)
        if refusal is None and not round_.moves:
            raise Refused(
                f'no challenge under "{name}" was migrated: there is nothing to undo',
                kind="nothing_to_undo",
            )
        return self._report(round_, refusal, is_undone=True)

    def _open(self, request: Request) -> AbstractContextManager[Link]:
        return self.database.reading() if request.is_dry_run else self.database.writing()

    def _begun(self, link: Link, request: Request, authority: str) -> Round:
        """Return the command on its way."""
        at = self.clock.now()
        if link.is_writing and meta.is_rehearsal(link):
            meta.reach(link, at)
        return Round(link, request, at, authority)

    def _report(self, round_: Round, refusal: Refused | None, *, is_undone: bool = False) -> Report:
        if refusal is not None:
            raise refusal
        names = Names(self.database, set(_concerned(round_)))
        return Report(
            moved=tuple(
                Moved(
                    old=move.passing.rulebook,
                    new=move.new,
                    passed=tuple(move.passing.events),
                    decision=move.decision,
                    people=names,
                    waiting=move.waiting,
                )
                for move in round_.moves
            ),
            over=round_.over,
            already=round_.already,
            is_undone=is_undone,
            is_dry_run=round_.request.is_dry_run,
        )


def _fetched(link: Link, target: Offered) -> Rulebook:
    """Return the rulebook to go on under, whether its definition is kept or not."""
    if target.definition is not None:
        library.know(target.content_hash, target.definition)
    return rulebooks.fetch(link, target.content_hash)


def _migrate_all(round_: Round, new: Rulebook, content_hash: str) -> None:
    """Decide on every challenge that is meant, or note why it cannot go on."""
    meant = list(_meant(round_, new.definition.definition, content_hash))
    olds = {stored.challenge.content_hash: passing.rulebook for stored, passing in meant}
    for text in misnamed(olds.values(), new, round_.request.renaming):
        round_.problems[text] = []
    for number, (stored, passing) in enumerate(meant, 1):
        _migrate_one(round_, stored, passing, target=(new, content_hash))
        round_.request.on_progress(number, len(meant))


def _meant(round_: Round, name: str, content_hash: str) -> Iterator[tuple[Stored, Settling]]:
    """Yield the challenges that go on, by now, under something else."""
    for reference in round_.request.references or _running(round_, name, content_hash):
        stored, old = round_.load(reference)
        if stored.challenge.content_hash == content_hash:
            round_.already += 1
            continue
        passing = until_now(old, stored.challenge, at=round_.at)
        if old.definition.stages[passing.challenge.stage].final:
            round_.over += 1
        else:
            yield stored, passing


def _running(round_: Round, name: str, content_hash: str) -> Iterator[str]:
    """Yield the challenges that go on under another version, and count the rest."""
    for one in challenges.under(round_.link, name):
        if one.is_final:
            round_.over += 1
        elif one.content_hash == content_hash:
            round_.already += 1
        else:
            yield one.reference


def _migrate_one(
    round_: Round, stored: Stored, passing: Settling, *, target: tuple[Rulebook, str]
) -> None:
    """Decide on one challenge; once there is a reason why not, only look for more of them."""
    request, (new, content_hash) = round_.request, target
    for danger in dangers(passing.rulebook, new, passing.challenge, renaming=request.renaming):
        round_.object_to(stored, danger)
    if round_.problems:
        return
    order = Order(
        content_hash=content_hash,
        at=round_.at,
        actor=request.actor,
        reason=request.reason,
        renaming=request.renaming,
    )
    round_.take(stored, passing, (new, migrate(passing, new, order)))


def _undo_one(round_: Round, reference: str) -> None:
    """Take one challenge back, or note why it cannot go."""
    request = round_.request
    stored, rulebook = round_.load(reference)
    history = (recorded.event for recorded in challenges.history(round_.link, reference))
    since = last_migration(history)
    before = stored.challenge.before_migration
    if since and before is not None:
        now = Settling(rulebook, stored.challenge, round_.at)
        old = rulebooks.fetch(round_.link, before.content_hash)
        decision = undo(now, old, since=since, actor=request.actor, reason=request.reason)
        round_.take(stored, now, (old, decision))
    elif since:
        round_.object_to(stored, WORKED_ON)
    elif request.references:
        round_.object_to(stored, NOT_CHANGED)
    else:
        round_.already += 1


def _way_out(round_: Round) -> str:
    """Return the way out of a migration that is not safe."""
    options = " ".join(sorted(round_.options))
    if not options:
        return "correct what is to take the place of what"
    return f"say what takes their places: {options}; or name the other challenges with --ref"


def _concerned(round_: Round) -> Iterator[int]:
    """Yield the ids of all whose names may be shown."""
    yield round_.request.actor
    for move in round_.moves:
        for challenge in (move.decision.before, move.decision.after):
            yield from (member.person for member in challenge.team)
            yield from (task.person for task in challenge.tasks.values() if task.person)
