"""What an auditor asks: how every obligation stands, and whether the history is intact."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from workflow.clock import Clock
from workflow.model.challenge import replay
from workflow.model.compliance import Exempted, Held, Item, exemptions, held, items
from workflow.model.people import name_in
from workflow.store import challenges, people, rulebooks
from workflow.store.challenges import Recorded
from workflow.store.database import Database, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How obligations stand, who holds what, and which exceptions were made."""

    items: tuple[Item, ...] = ()
    held: tuple[Held, ...] = ()
    exempted: tuple[Exempted, ...] = ()

    @property
    def breaches(self) -> tuple[Item, ...]:
        """The obligations whose limit was missed."""
        return tuple(item for item in self.items if item.is_breach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Whether every snapshot is what its events add up to. `first_bad` says what is not."""

    is_intact: bool
    challenges: int
    events: int
    first_bad: str | None = None


class Audits:
    """Audits challenges in a database, at the time of a clock. Changes nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def report(
        self,
        reference: str | None = None,
        *,
        on_progress: Callable[[str], None] = lambda reference: None,
    ) -> Report:
        """Return how the obligations of one challenge, or of all, stand now.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            wanted = [reference] if reference else challenges.references(link)
            reports = []
            for one in wanted:
                reports.append(self._report(link, one))
                on_progress(one)
        return Report(
            items=tuple(item for found in reports for item in found.items),
            held=tuple(holder for found in reports for holder in found.held),
            exempted=tuple(made for found in reports for made in found.exempted),
        )

    def _report(self, link: Link, reference: str) -> Report:
        challenge = challenges.load(link, reference).challenge
        rulebook = rulebooks.fetch(link, challenge.content_hash)
        history = [recorded.event for recorded in challenges.history(link, reference)]
        known = people.named(link, {member.person for member in challenge.team})
        made = exemptions(rulebook, reference, history)
        return Report(
            items=tuple(items(rulebook, challenge, history, at=self.clock.now())),
            held=tuple(held(rulebook, challenge)),
            exempted=tuple(replace(one, what=name_in(one.what, known)) for one in made),
        )

    def verify(self, *, on_progress: Callable[[str], None] = lambda reference: None) -> Verified:
        """Replay every challenge's events and compare with its snapshot; name the first fault."""
        count, number = 0, 0
        with self.database.reading() as link:
            for reference in challenges.references(link):
                history = challenges.history(link, reference)
                count, number = count + 1, number + len(history)
                fault = next(_faults(link, reference, history), None)
                if fault is not None:
                    return Verified(
                        is_intact=False, challenges=count, events=number, first_bad=fault
                    )
                on_progress(reference)
        return Verified(is_intact=True, challenges=count, events=number)


def _faults(link: Link, reference: str, history: list[Recorded]) -> Iterator[str]:
    """Yield what is wrong with the history of a challenge, in the order of its events."""
    for place, recorded in enumerate(history, 1):
        if recorded.seq != place:
            yield f"{reference}: event {place} is missing (found {recorded.seq})"
    try:
        folded = replay(recorded.event for recorded in history)
    except (KeyError, ValueError) as error:
        yield f"{reference}: the events cannot be replayed: {error}"
        return
    try:
        kept = challenges.load(link, reference, is_cached=False).challenge
    except ValueError as error:
        yield f"{reference}: the snapshot cannot be read: {error}"
        return
    if folded.version != kept.version:
        yield f"{reference}: {folded.version} events, but the snapshot counts {kept.version}"
    if folded != kept:
        yield f"{reference}: the snapshot is not what its {folded.version} events add up to"
