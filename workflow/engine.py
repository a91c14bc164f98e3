"""The use cases: load, decide, keep; one transaction each.

Nothing is decided here and nothing is remembered here. A change that is refused is recorded as
refused. A dry run is the same decision, thrown away.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from workflow import repeats
from workflow.changes import change_of
from workflow.clock import Clock
from workflow.granting.access import Access, Request
from workflow.linking import ties
from workflow.linking.ties import Following
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.access.admission import admit
from workflow.model.access.permissions import Permission
from workflow.model.calendar import briefly
from workflow.model.challenge import Challenge
from workflow.model.decide import Decision, decide, note
from workflow.model.errors import InvalidInput, NotFound, Refused, WorkflowError
from workflow.model.lines import Headline
from workflow.model.people import name_in, named_error
from workflow.model.planning.guards import destroyed_whole
from workflow.model.planning.invitations import Letter, letters
from workflow.model.planning.rulebook import Rulebook
from workflow.names import Names
from workflow.outcomes import Outcome, Step
from workflow.repeats import Asked
from workflow.starting import NewChallenge, begun
from workflow.store import challenges, library, meta, outbox, people, queries, rulebooks
from workflow.store.challenges import Change, Origin, Stored
from workflow.store.correspondence import invitations
from workflow.store.database import Database, Link
from workflow.store.log import entries
from workflow.store.outbox import Waiting
from workflow.store.records import grants
from workflow.store.rows.words import require_keepable

__all__ = ["Asked", "Engine", "NewChallenge"]


STARTING = Request(permission=Permission.START_CHALLENGE, action="StartChallenge")


class _NotKept(Exception):
    """Takes back a transaction that was only tried."""


class _Way(NamedTuple):
    """How a command comes; under `command_id`, if it has one, it may have come before."""

    source: str
    command_id: str = ""
    is_dry_run: bool = False
    is_telling: bool = False


class Engine:
    """Changes challenges in a database, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self._access = Access(database, clock)
        self._is_rehearsal: bool | None = None  # what a database is, it stays

    def start(
        self, new: NewChallenge, *, actor: int, source: str = "cli", is_dry_run: bool = False
    ) -> Outcome:
        """Start a challenge with its first dates and people.

        Raises:
            InvalidInput: the reference is taken or cannot be used.
            NotFound: a role, a date, a person or the definition does not exist.
            Refused: a rule does not allow a date or a person.
        """
        return self.start_all([new], actor=actor, source=source, is_dry_run=is_dry_run)[0]

    def start_all(
        self,
        news: Iterable[NewChallenge],
        *,
        actor: int,
        source: str = "cli",
        is_dry_run: bool = False,
    ) -> list[Outcome]:
        """Start several challenges in one transaction: all, or none.

        A dry run starts them, too, and takes it back: the later ones may clash with the earlier.
        """
        outcomes = []
        right = self._access.require(actor, STARTING)
        with suppress(_NotKept), self.database.writing() as link:
            at = self._now(link)
            for new in news:
                require_keepable(new)
                challenges.check_free(link, new.reference)
                library.adopt(link, new.offered, at=at, actor=actor, authority=right)
                rulebook = rulebooks.fetch(link, new.offered.content_hash)
                known = people.named(link, [actor, *(person for _, person in new.roles)])
                decision = begun(rulebook, new, known, at=at, actor=actor)
                change = change_of(rulebook, decision, at=at)
                origin = Origin(source, uuid4().hex, STARTING.action, actor, authority=right)
                challenges.insert(link, change, origin=origin)
                bound = ties.bind(Following(link, at, actor, source), rulebook, decision)
                texts = (*decision.warnings, *_clashes(link, decision, change.headline), *bound)
                outcomes.append(
                    Outcome(
                        at=at,
                        before=None,
                        after=decision.after,
                        events=decision.events,
                        warnings=tuple(name_in(text, known) for text in texts),
                        rulebook=rulebook,
                        people=known,
                        is_dry_run=is_dry_run,
                        letters=letters(change.agenda, (), at=at) if change.agenda else (),
                    )
                )
            if is_dry_run:
                raise _NotKept
        return outcomes

    def act(
        self,
        reference: str,
        command: c.Command,
        *,
        actor: int,
        source: str = "cli",
        is_dry_run: bool = False,
        is_telling: bool = False,
    ) -> Outcome:
        """Carry out a command on a challenge, with all that follows from it.

        `is_telling` is for those who show the outcome: it reads what waits to be sent, too.

        Raises:
            Refused: a rule says no; that is recorded, too.
            NotFound: the challenge, or something that the command names, does not exist.
            InvalidInput: the command makes no sense as it is.
            Conflict: somebody else changed the challenge meanwhile.
        """
        way = _Way(source=source, is_dry_run=is_dry_run, is_telling=is_telling)
        return self._carry_out(reference, command, actor=actor, way=way)

    def act_once(
        self,
        reference: str,
        command: c.Command,
        *,
        actor: int,
        command_id: str,
        source: str = "cli",
    ) -> Outcome:
        """Carry out a command as `act` does, or say again what came of it.

        `command_id` is the sender's own. One that was kept already changes nothing more: so whoever
        does not know whether a command was kept asks again under the same id.

        Raises:
            InvalidInput: besides, the id cannot be used, or stands for another command.
            Refused, NotFound, Conflict: as `act`.
        """
        repeats.require_usable(command_id)
        way = _Way(source=source, command_id=command_id)
        return self._carry_out(reference, command, actor=actor, way=way)

    def _carry_out(self, reference: str, command: c.Command, *, actor: int, way: _Way) -> Outcome:
        names = Names(self.database, ())
        try:
            with self._open(is_dry_run=way.is_dry_run) as link:
                at = self._now(link)
                stored, rulebook = ties.loaded(link, reference)
                names = Names(self.database, _concerned(stored.challenge, command, actor))
                asked = Asked(
                    command=command,
                    at=at,
                    actor=grants.asker(link, actor),
                    id=way.command_id or uuid4().hex,
                )
                step = repeats.find(link, reference, asked) if way.command_id else None
                if step is None:
                    step = self._step(link, stored, rulebook, asked=asked, way=way)
        except (NotFound, InvalidInput) as error:
            raise self._shown(error, names, actor) from error
        if step.refusal is not None:
            raise named_error(step.refusal, names) from step.refusal
        return step.shown(rulebook, names, is_dry_run=way.is_dry_run)

    def _step(
        self, link: Link, stored: Stored, rulebook: Rulebook, *, asked: Asked, way: _Way
    ) -> Step:
        """Decide, and keep what follows unless it is only tried."""
        decision, refusal = _answer(rulebook, stored, asked)
        change = change_of(rulebook, decision, at=asked.at)
        waiting, told = _mail(link, stored, change) if way.is_telling else ((), ())
        if not way.is_dry_run:
            origin = _origin(way.source, asked, decision, refusal)
            if refusal is not None and destroyed_whole(rulebook, stored.challenge) is not None:
                entries.put(link, _refused_for_good(stored, origin, at=asked.at))
            else:
                self._keep(link, stored, change, decision=decision, origin=origin)
        following = Following(link, asked.at, asked.actor.id, way.source)
        return Step(
            at=asked.at,
            before=decision.before,
            after=decision.after,
            events=decision.events,
            refusal=refusal,
            texts=_told(following, rulebook, decision, change),
            waiting=waiting,
            letters=told,
        )

    def _shown(self, error: WorkflowError, names: Names, actor: int) -> WorkflowError:
        """Return an error with people's names, and without what the actor may not see."""
        if isinstance(error, NotFound):
            return self._access.hiding(error, actor)
        return named_error(error, names)

    def _keep(
        self, link: Link, stored: Stored, change: Change, *, decision: Decision, origin: Origin
    ) -> None:
        challenges.append(link, stored, change, origin=origin)
        self._also(link, stored, decision)

    def _also(self, link: Link, stored: Stored, decision: Decision) -> None:
        """Do what else a step means, in its transaction: for engines of a special kind."""

    def _open(self, *, is_dry_run: bool) -> AbstractContextManager[Link]:
        return self.database.reading() if is_dry_run else self.database.writing()

    def _now(self, link: Link) -> datetime:
        """Return the present moment; a rehearsal remembers it, so that its time never runs back."""
        at = self.clock.now()
        if self._is_rehearsal is None:
            self._is_rehearsal = meta.is_rehearsal(link)
        if link.is_writing and self._is_rehearsal:
            meta.reach(link, at)
        return at


def _origin(source: str, asked: Asked, decision: Decision, refusal: Refused | None) -> Origin:
    """Return where a step comes from, for the audit log."""
    return Origin(
        source,
        asked.id,
        type(asked.command).__name__,
        asked.actor.id,
        result="refused" if refusal else "applied",
        authority=decision.authority,
    )


def _refused_for_good(stored: Stored, origin: Origin, *, at: datetime) -> entries.Doing:
    """Return what the log says of a refusal where nothing is left that could have a history."""
    return entries.Doing(
        at=at,
        actor=origin.actor,
        action=origin.action,
        source=origin.source,
        result=origin.result,
        command=origin.command_id or "",
        detail={"challenge": stored.id},
    )


def _answer(rulebook: Rulebook, stored: Stored, asked: Asked) -> tuple[Decision, Refused | None]:
    """Return what a command comes to; a refusal is something that happened, too."""
    require_keepable(asked.command)
    is_time_passed = stored.wake_at is not None and stored.wake_at <= asked.at
    challenge = stored.challenge
    try:
        right = admit(rulebook.definition, challenge, asked.command, actor=asked.actor)
        decision = decide(
            rulebook,
            challenge,
            asked.command,
            at=asked.at,
            actor=asked.actor,
            is_time_passed=is_time_passed,
        )
    except Refused as refusal:
        event = _refused(asked.command, refusal, at=asked.at, actor=asked.actor.id)
        return note(rulebook, challenge, event, is_time_passed=is_time_passed), refusal
    return decision if decision.authority else decision._replace(authority=right), None


def _mail(
    link: Link, stored: Stored, change: Change
) -> tuple[tuple[Waiting, ...], tuple[Letter, ...]]:
    """Return the reminders that wait before a change, and what it sends of calendars."""
    return outbox.reminders_of(link, stored.id), invitations.foresee(link, stored, change)


def _concerned(challenge: Challenge, command: c.Command, actor: int) -> set[int]:
    """Return the ids of all whose names a text may need."""
    ids = {actor, *(member.person for member in challenge.team)}
    ids |= set(getattr(command, "people", ()))
    return ids | {p for p in (getattr(command, "person", None), getattr(command, "by", None)) if p}


def _refused(command: c.Command, error: Refused, *, at: datetime, actor: int) -> e.CommandRefused:
    """Return a refusal as what it is for the history: something that happened."""
    return e.CommandRefused(
        at=at,
        actor=actor,
        command=type(command).__name__,
        message=error.message,
        unmet=tuple(item.text for item in error.unmet),
    )


def _told(
    following: Following, rulebook: Rulebook, decision: Decision, change: Change
) -> tuple[str, ...]:
    """Let happen what a step does elsewhere; return all that the asker should know."""
    freed = ties.release(following, rulebook, decision)
    return (*decision.warnings, *_clashes(following.link, decision, change.headline), *freed)


def _clashes(link: Link, decision: Decision, shown: Headline) -> tuple[str, ...]:
    """Return who is booked elsewhere on the same days, when the team or the dates changed."""
    before, after = decision.before, decision.after
    if before.team == after.team and before.dates == after.dates:
        return ()
    if shown.busy_from is None or shown.busy_to is None:
        return ()
    found = queries.clashes(
        link, after.reference, shown.busy_people, first_on=shown.busy_from, last_on=shown.busy_to
    )
    return tuple(
        f"clash: {{p{clash.person}}} is booked for {clash.reference} "
        f"from {briefly(clash.first_on)} to {briefly(clash.last_on)}"
        for clash in found
        if clash.first_on and clash.last_on
    )
