"""Several challenges changed by one command: all of them, or none, and every reason why not.

What each comes to is decided first. Then all of it is kept in the one transaction that was read
in, or nothing but the refusal, by each challenge that was a reason for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from workflow.changes import change_of
from workflow.linking import ties
from workflow.linking.ties import Following
from workflow.model import events as e
from workflow.model.decide import Decision, note
from workflow.model.decisions.mapping import Renaming
from workflow.model.decisions.migration import Danger, Migrated
from workflow.model.errors import Refused, Unmet
from workflow.model.planning.reconcile import Settling
from workflow.model.planning.rulebook import Rulebook
from workflow.store import challenges, outbox, rulebooks
from workflow.store.challenges import Origin, Stored
from workflow.store.correspondence import answers
from workflow.store.database import Link
from workflow.store.outbox import Waiting

SOURCE = "cli"
Progress = Callable[[int, int], None]


def _unheard(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. Without `references`: all that go on under a definition of the name.

    `on_progress` hears how many of how many challenges are done.
    """

    actor: int
    reason: str
    references: tuple[str, ...] = ()
    renaming: Renaming = field(default_factory=Renaming)
    is_dry_run: bool = False
    on_progress: Progress = _unheard


@dataclass(frozen=True, slots=True)
class Move:
    """What one challenge comes to. `passing` holds what was due before, under the old rulebook."""

    stored: Stored
    passing: Settling
    new: Rulebook
    decision: Migrated
    waiting: tuple[Waiting, ...]


@dataclass(slots=True)
class Round:
    """A command over several challenges, on its way, by the right `authority`.

    `problems` are the reasons why not, with the challenges, and `options` what to map; `over` and
    `already` count challenges that are left alone.
    """

    link: Link
    request: Request
    at: datetime
    authority: str
    moves: list[Move] = field(default_factory=list)
    problems: dict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    options: dict[str, None] = field(default_factory=dict)
    over: int = 0
    already: int = 0

    def load(self, reference: str) -> tuple[Stored, Rulebook]:
        """Return a challenge and the rulebook that it is under."""
        stored = challenges.load(self.link, reference)
        return stored, rulebooks.fetch(self.link, stored.challenge.content_hash)

    def take(self, stored: Stored, passing: Settling, move: tuple[Rulebook, Migrated]) -> None:
        """Note what a challenge comes to."""
        waiting = outbox.reminders_of(self.link, stored.id)
        self.moves.append(Move(stored, passing, *move, waiting))

    def object_to(self, stored: Stored, danger: Danger) -> None:
        """Note why a challenge stops the others."""
        self.problems[danger.text].append(stored)
        if danger.key:
            self.options[f"{danger.option} {danger.key}=NEW"] = None

    def refusal(self, what: str, *, hint: str) -> Refused | None:
        """Return the refusal that tells every reason with its challenges, if there is one."""
        if not self.problems:
            return None
        number = len(self.stopped)
        who = f"{number} challenge{'s' if number != 1 else ''}" if number else "the challenges"
        return Refused(
            f"{who} cannot {what}, so nothing was changed",
            kind="unsafe_migration",
            unmet=[Unmet(_told(text, some)) for text, some in self.problems.items()],
            hint=hint,
        )

    @property
    def stopped(self) -> dict[str, Stored]:
        """The challenges that are a reason why not, by reference."""
        found = (one for some in self.problems.values() for one in some)
        return {one.challenge.reference: one for one in found}

    def keep(self, refusal: Refused | None) -> None:
        """Keep what all challenges come to; of a refusal, that it was one."""
        if self.request.is_dry_run:
            return
        command_id = uuid4().hex
        if refusal is None:
            for move in self.moves:
                _keep_move(self, move, command_id)
            for move in self.moves:  # which may concern each other: only once all are kept
                _follow(self, move)
            return
        kept = [
            _keep_refusal(self, stored, refusal, command_id) for stored in self.stopped.values()
        ]
        for rulebook, decision in kept:
            ties.release(_following(self), rulebook, decision)


def _told(text: str, some: Iterable[Stored]) -> str:
    references = ", ".join(sorted(one.challenge.reference for one in some))
    return f"{references}: {text}" if references else text


def _origin(round_: Round, command_id: str, result: str = "applied") -> Origin:
    actor, authority = round_.request.actor, round_.authority
    return Origin(SOURCE, command_id, "MigrateDefinition", actor, authority, result)


def _following(round_: Round) -> Following:
    return Following(round_.link, round_.at, round_.request.actor, SOURCE)


def _follow(round_: Round, move: Move) -> None:
    """Lift the holds of a challenge that is over now, or place them again where it goes on."""
    old, following = move.passing.rulebook, _following(round_)
    ties.release(following, move.new, move.decision, old=old)
    ties.hold_again(following, move.new, move.decision, old=old)


def _keep_move(round_: Round, move: Move, command_id: str) -> None:
    """Keep what was due under the old definition, then all that follows under the new one.

    These are two steps: what was due has an id of its own.
    """
    link, stored, passing = round_.link, move.stored, move.passing
    if passing.events:
        due = Decision(
            before=stored.challenge,
            after=passing.challenge,
            events=tuple(passing.events),
            wakes=passing.wakes,
        )
        change = change_of(passing.rulebook, due, at=round_.at)
        challenges.append(link, stored, change, origin=_origin(round_, uuid4().hex))
        stored = challenges.load(link, stored.challenge.reference)
    decision = move.decision
    outbox.rename(link, stored.id, decision.renamed)
    answers.rename(link, stored.id, decision.renamed)
    moved = Decision(
        before=decision.before,
        after=decision.after,
        events=decision.events,
        wakes=decision.wakes,
    )
    change = change_of(move.new, moved, at=round_.at)
    challenges.append(link, stored, change, origin=_origin(round_, command_id))


def _keep_refusal(
    round_: Round, stored: Stored, refusal: Refused, command_id: str
) -> tuple[Rulebook, Decision]:
    """Keep that something was refused, with the reasons that concern this challenge."""
    reference = stored.challenge.reference
    event = e.CommandRefused(
        at=round_.at,
        actor=round_.request.actor,
        command="MigrateDefinition",
        message=refusal.message,
        unmet=tuple(
            text
            for text, some in round_.problems.items()
            if any(one.challenge.reference == reference for one in some)
        ),
    )
    rulebook = rulebooks.fetch(round_.link, stored.challenge.content_hash)
    is_time_passed = stored.wake_at is not None and stored.wake_at <= round_.at
    decision = note(rulebook, stored.challenge, event, is_time_passed=is_time_passed)
    change = change_of(rulebook, decision, at=round_.at)
    origin = _origin(round_, command_id, "refused")
    challenges.append(round_.link, stored, change, origin=origin)
    return rulebook, decision
