"""What a challenge does to those that it concerns, in the transaction of its own step.

Whoever starts a request or a breach names what it concerns: both then say so in their histories.
Where the definition says `holds_what_it_concerns`, nothing there is destroyed until this one is
over. What protects records asks for no right there: it follows from a rule, as a reminder does.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from workflow.changes import change_of
from workflow.model import commands as c
from workflow.model.decide import Decision, decide, note
from workflow.model.decisions.asking import Actor
from workflow.model.decisions.links import CONCERNED_BY, CONCERNS, released_by
from workflow.model.decisions.migration import Migrated
from workflow.model.definition import Definition
from workflow.model.events import HoldLifted
from workflow.model.planning.guards import destroyed_whole
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records.commands import LinkChallenge
from workflow.store import challenges, rulebooks
from workflow.store.challenges import Origin, Stored
from workflow.store.database import Link


class Following(NamedTuple):
    """In which transaction something follows from a step, when, by whom, by which way in.

    `actor` None is the engine.
    """

    link: Link
    at: datetime
    actor: int | None
    source: str


def bind(following: Following, rulebook: Rulebook, begun: Decision) -> tuple[str, ...]:
    """Tell what a new challenge concerns that it does, and hold it; return it in words.

    Raises:
        NotFound: there is no such challenge.
        Conflict: somebody else changed it meanwhile.
    """
    new, definition = begun.after, rulebook.definition
    told: list[str] = []
    for other in (other for other, how in new.records.links.items() if how == CONCERNS):
        _carry_out(following, other, LinkChallenge(other=new.reference, relation=CONCERNED_BY))
        if definition.holds_what_it_concerns:
            _, theirs = loaded(following.link, other)
            if not theirs.definition.retention:
                told.append(f"{other} has no rule by which anything is destroyed: it is not held")
                continue
            _hold(following, definition, new.reference, on=other)
            told.append(f"{other} is held until {new.reference} is over: it destroys nothing")
    return tuple(told)


def release(
    following: Following,
    rulebook: Rulebook,
    decision: Decision | Migrated,
    *,
    old: Rulebook | None = None,
) -> tuple[str, ...]:
    """Lift the holds of a challenge that is over with this step; return it in words.

    `old` is the rulebook that it was under before, where that was another one. In a reading
    transaction nothing is lifted: the words say what would be.

    Raises:
        Conflict: somebody else changed what was held meanwhile.
    """
    told = []
    for other, lifting in released_by(
        rulebook.definition,
        decision.before,
        decision.after,
        old=old.definition if old else None,
    ):
        stored, theirs = loaded(following.link, other)
        if lifting.name not in stored.challenge.holds:  # lifted before, by somebody
            continue
        if following.link.is_writing:
            lifted = HoldLifted(
                at=following.at,
                actor=following.actor,
                name=lifting.name,
                reason=lifting.reason,
            )
            freed = note(theirs, stored.challenge, lifted, is_time_passed=True)
            _keep(following, stored, theirs, decision=freed, action="LiftHold")
        told.append(f"{other} is not held any more by {lifting.name}")
    return tuple(told)


def hold_again(
    following: Following, rulebook: Rulebook, decision: Migrated, *, old: Rulebook
) -> None:
    """Hold again what a challenge concerns that was over under `old`, and goes on with this step.

    Raises:
        Conflict: somebody else changed it meanwhile.
    """
    before, after, definition = decision.before, decision.after, rulebook.definition
    for other, _ in released_by(old.definition, after, before, old=definition):
        stored, theirs = loaded(following.link, other)
        if after.reference in stored.challenge.holds or not theirs.definition.retention:
            continue
        if destroyed_whole(theirs, stored.challenge) is None:
            _hold(following, definition, after.reference, on=other)


def _hold(following: Following, definition: Definition, name: str, *, on: str) -> None:
    reason = f"{definition.title} {name}"
    _carry_out(following, on, c.PlaceHold(name=name, reason=reason))


def _carry_out(following: Following, reference: str, command: c.Command) -> None:
    stored, rulebook = loaded(following.link, reference)
    actor = Actor(id=following.actor or 0, is_administrator=True)
    decision = decide(rulebook, stored.challenge, command, at=following.at, actor=actor)
    _keep(following, stored, rulebook, decision=decision, action=type(command).__name__)


def loaded(link: Link, reference: str) -> tuple[Stored, Rulebook]:
    """Return a challenge and the rulebook that it runs under.

    Raises:
        NotFound: there is no such challenge.
    """
    stored = challenges.load(link, reference)
    return stored, rulebooks.fetch(link, stored.challenge.content_hash)


def _keep(
    following: Following, stored: Stored, rulebook: Rulebook, *, decision: Decision, action: str
) -> None:
    source, actor = following.source, following.actor
    origin = Origin(source, uuid4().hex, action, actor, authority="follows by a rule")
    change = change_of(rulebook, decision, at=following.at)
    challenges.append(following.link, stored, change, origin=origin)
    release(following, rulebook, decision)
