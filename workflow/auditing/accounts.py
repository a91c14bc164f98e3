"""What the register says of some challenges: the work of a report that processes can share."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from workflow.model.challenge import Challenge
from workflow.model.custody.holdings import Holding, holdings
from workflow.model.people import Person, ids_in, name_in
from workflow.model.planning.rulebook import Rulebook
from workflow.model.register.compliance import Item, items
from workflow.model.register.entries import entries
from workflow.model.register.exceptions import Exempted, exemptions
from workflow.model.register.holding import Held, held
from workflow.model.register.totals import Numbers, count
from workflow.model.register.wanted import Wanted
from workflow.store import people, rulebooks
from workflow.store.database import Link
from workflow.store.register.batches import Bundle, bundles, unchanged
from workflow.store.register.pasts import Past, Then


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is asked of each challenge: how it stands `at` a moment, the present one or a past.

    `is_counting` wants the numbers only.
    """

    at: datetime
    is_past: bool
    wanted: Wanted
    is_counting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something that a person of a challenge holds or held."""

    reference: str
    holding: Holding


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many there were of something that reports tell."""

    reference: str
    counter: str
    title: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A hold by which nothing of a challenge is destroyed."""

    reference: str
    name: str
    since: datetime


@dataclass(slots=True, kw_only=True)
class Account:
    """What the register says of some challenges; `events` is how many it was made from.

    `names` are the clients, obligations and stages that there are, where one is asked for.
    """

    challenges: int = 0
    events: int = 0
    numbers: Numbers = field(default_factory=count)
    items: list[Item] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    stopped: list[Stopped] = field(default_factory=list)
    exempted: list[Exempted] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)

    def merge(self, other: "Account") -> None:
        """Add what is said of others."""
        self.challenges += other.challenges
        self.events += other.events
        self.numbers.merge(other.numbers)
        self.items += other.items
        self.held += other.held
        self.kept += other.kept
        self.stopped += other.stopped
        self.exempted += other.exempted
        self.counted += other.counted
        for kind, names in other.names.items():
            self.names.setdefault(kind, set()).update(names)


class Desk:
    """Does a job, batch by batch; the rules as they were are remembered meanwhile."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._then = Then(job.at)

    def account(self, link: Link, ids: Sequence[int]) -> Account:
        """Return what the register says of some challenges, in the order of their ids here."""
        found = Account()
        known: dict[str, Rulebook] = {}
        for one in self._each(link, ids):
            content_hash = one.challenge.content_hash
            if content_hash not in known:
                known[content_hash] = self._rulebook(link, content_hash)
            self._add(found, one, known[content_hash])
        _name(link, found)
        return found

    def _rulebook(self, link: Link, content_hash: str) -> Rulebook:
        if self.job.is_past:
            return self._then.rulebook(link, content_hash)
        return rulebooks.fetch(link, content_hash)

    def _each(self, link: Link, ids: Sequence[int]) -> "list[Bundle | Past]":
        """Return the challenges; of those that are as they were then, nothing is added up again."""
        if not self.job.is_past:
            return [*bundles(link, ids)]
        same = unchanged(link, ids, since=self.job.at)
        known: list[Bundle | Past] = [
            *bundles(link, [number for number in ids if number in same]),
            *self._then.pasts(link, [number for number in ids if number not in same]),
        ]
        places = {number: place for place, number in enumerate(ids)}
        return sorted(known, key=lambda one: places[one.id])

    def _add(self, found: Account, one: Bundle | Past, rulebook: Rulebook) -> None:
        """Add what is said of one challenge."""
        challenge, job = one.challenge, self.job
        whys = one.whys if isinstance(one, Bundle) else None
        every = items(rulebook, challenge, one.events, at=job.at, whys=whys, rights=one.rights)
        wanted = [item for item in every if job.wanted.is_met_by(item)]
        found.challenges += 1
        self._note(found, rulebook, challenge)
        found.events += challenge.version
        found.numbers.add(wanted)
        if job.is_counting or not job.wanted.is_for(challenge.client):
            return
        reference = challenge.reference
        found.items += wanted
        found.held += held(rulebook, challenge)
        found.kept += [Kept(reference=reference, holding=h) for h in holdings(rulebook, challenge)]
        found.stopped += [
            Stopped(reference=reference, name=name, since=hold.since)
            for name, hold in challenge.holds.items()
        ]
        found.exempted += exemptions(rulebook, challenge, one.events, rights=one.rights)
        found.counted += counted(rulebook, challenge)

    def _note(self, found: Account, rulebook: Rulebook, challenge: Challenge) -> None:
        """Note what a name that somebody asks for may be."""
        wanted, names = self.job.wanted, found.names
        if wanted.client:
            names.setdefault("client", set()).add(challenge.client)
        if wanted.obligation:
            keys = [entry.key for entry in entries(rulebook)]
            names.setdefault("obligation", set()).update(keys)
        if wanted.stage:
            names.setdefault("stage", set()).update(rulebook.definition.stages)


def counted(rulebook: Rulebook, challenge: Challenge) -> list[Counted]:
    """Return what reports tell of a challenge, in the definition's order."""
    rules, values = rulebook.definition.counters, challenge.records.counters
    return [
        Counted(reference=challenge.reference, counter=key, title=rule.title, value=values[key])
        for key, rule in rules.items()
        if key in values
    ]


def _name(link: Link, found: Account) -> None:
    """Put names into what texts say of people by their ids."""
    texts = [*(one.what for one in found.exempted), *(one.evidence for one in found.items)]
    ids = ids_in(*(text for text in texts if "{p" in text))
    if not ids:
        return
    known = people.named(link, ids)
    found.exempted = [replace(one, what=name_in(one.what, known)) for one in found.exempted]
    found.items = [_named(one, known) for one in found.items]


def _named(item: Item, known: dict[int, Person]) -> Item:
    made = tuple(replace(one, what=name_in(one.what, known)) for one in item.exceptions)
    if made == item.exceptions and "{p" not in item.evidence:
        return item
    return item._replace(evidence=name_in(item.evidence, known), exceptions=made)
