"""What a seed draws: a definition, people, habits, what goes wrong, and what people do and when.

Every seed is a swarm of its own: each kind of trouble has its own probability, which is nothing for
some seeds, so that rare things also happen together and alone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from notifications.delivery.quiet import Quiet
from tests.property.lives import CLOCKED, RICHER
from tests.simulation.made.drafting import by_night, drawn
from tests.simulation.made.shapes import Shape
from tests.visits import edited

ALIKE = 5
"""So many seeds share a definition: reading one takes as long as a quarter of a life."""
WORK = (
    *["done"] * 9, *["advance"] * 4, *["date"] * 2, "join", "leave", "waive", "hold", "lift",
    *["dispose"] * 3, "pause", "resume", "early", "withdraw",
)  # fmt: skip
OFFICE = ("again", "other", "away", "back", "habit", "set back", "jump")
RARE, LOSES, SLEEPS = 20, 7, 9
"""One seed in so many loses its database; in one nobody works for a month and longer."""
NIGHTLY, LATE, FEW = 10, 6, 50
"""In one seed of so many it is summer, and people work when it is the next day in London only.

Those of so many seeds share a definition.
"""
SELDOM, STUBBORN = 40, 13
"""In one seed of so many there are mailboxes that never say that they took anything."""
LIVES = ("complete",) * 8 + ("advance",) * 4 + (
    "assign", "release", "date", "waive", "answer", "agree", "reopen", "hold", "lift", "extend",
    "pause", "resume", "enter", "give", "acknowledge", "revoke", "hand", "settle", "count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does at a moment; `number` decides what exactly."""

    at: datetime
    kind: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """How many troubles of each kind meet a life, and whether two engines run."""

    crashes: int
    errors: int
    mail: int
    files: int
    follow_up: float
    """How likely a crash is followed by another one soon afterwards."""
    beside: float
    """How likely a second engine works between two steps of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """All that a seed draws."""

    seed: int
    text: str
    shape: Shape | None
    begun: datetime
    start: date
    end: date
    challenges: int
    acts: tuple[Act, ...]
    downtimes: tuple[tuple[datetime, datetime], ...]
    quiet: Quiet
    most_a_minute: int | None
    refusing: frozenset[int]
    daily: frozenset[int]
    troubles: Troubles
    slow: frozenset[int] = frozenset()
    """Whose mailbox says "later" each time."""
    silent: frozenset[int] = frozenset()
    """Whose mailbox takes what comes, and never says so."""


def lot_of(seed: int) -> Lot:
    """Return what a seed draws: always the same."""
    pick = Random(f"lot {seed}")
    is_late = seed % NIGHTLY == LATE
    text, shape = _nightly(seed // FEW) if is_late else _definition(seed // ALIKE)
    # often so that the clocks change within the life, in either direction
    months = ((2027, 3), (2026, 10), (2027, 2), (2027, 7), (2026, 12), (2028, 2))
    begun = datetime(*pick.choice(months), pick.randint(1, 28), pick.randint(7, 16), tzinfo=UTC)
    if is_late:
        hour, minute = ((22, 45), (23, 15))[seed // NIGHTLY % 2]
        begun = begun.replace(year=2027, month=4 + seed // NIGHTLY % 5, hour=hour, minute=minute)
    start = begun.date() + timedelta(days=pick.randint(3, 20))
    acts = tuple(_acts(pick, begun, is_made=shape is not None))
    lot = Lot(
        seed=seed,
        text=text,
        shape=shape,
        begun=begun,
        start=start,
        end=start + timedelta(days=pick.randint(1, 3)),
        challenges=2 if pick.random() < 0.15 else 1,
        acts=acts,
        downtimes=tuple(_downtimes(pick, acts)),
        quiet=_quiet(pick),
        most_a_minute=pick.choice([None, None, None, 1, 3]),
        refusing=frozenset(pick.sample(range(2, 8), 1)) if pick.random() < 0.2 else frozenset(),
        daily=frozenset(pick.sample(range(2, 8), 2)) if pick.random() < 0.3 else frozenset(),
        troubles=_troubles(pick),
    )
    return _rarely(lot, Random(f"rare {seed}"))


def _rarely(lot: Lot, pick: Random) -> Lot:
    """Return a lot with what befalls few seeds, drawn apart: all others stay as they are."""
    if lot.seed % RARE == LOSES:
        return replace(lot, acts=_losing(pick, lot), downtimes=())
    if lot.seed % RARE == SLEEPS:
        return _sleeping(pick, lot)
    if lot.seed % SELDOM == STUBBORN:
        return _stubborn(pick, lot)
    if lot.seed % NIGHTLY == LATE:
        return _by_night(pick, lot)
    return lot


def _by_night(pick: Random, lot: Lot) -> Lot:
    """Return a lot in which people leave soon after they were told, some out of two roles.

    No mail goes by night, and now and then none on the next day either. Somebody holds records
    while they are being destroyed.
    """
    first, second = sorted(pick.sample(range(len(lot.acts)), 2))
    whiles = ((0, 25, "part"), (first, 10, "double"), (second, 20, "part"))
    moments = (lot.begun, *(act.at for act in lot.acts[1:]))
    more = [
        Act(moments[place] + timedelta(minutes=minutes), kind, pick.randrange(1_000_000))
        for place, minutes, kind in whiles[pick.randrange(2) :]
    ]
    if lot.shape is not None and lot.shape.keep:
        at = moments[second] + timedelta(minutes=40)
        more.append(Act(at, "squeeze", pick.randrange(1_000_000)))
    acts = tuple(sorted((*lot.acts, *more), key=lambda act: act.at))
    quiet = Quiet(begins=time(21), ends=time(7), has_weekends=lot.quiet.has_weekends)
    asleep = lot.begun + timedelta(minutes=40), lot.begun + timedelta(hours=31)
    downtimes = (asleep,) if pick.random() < 0.5 else lot.downtimes
    return replace(lot, acts=acts, quiet=quiet, downtimes=downtimes)


def _losing(pick: Random, lot: Lot) -> tuple[Act, ...]:
    """Return acts between which a backup is made, and the database is lost some time later.

    Where the definition has records that may be destroyed, somebody does so in between.
    """
    first, last = sorted(pick.sample(range(len(lot.acts)), 2))
    begins = lot.acts[first].at + timedelta(minutes=5)
    ends = lot.acts[last].at + timedelta(minutes=10, hours=pick.choice([0, 1, 30]))
    more = [Act(begins, "back up", 0), Act(ends, "lose", pick.randrange(1_000_000))]
    if lot.shape is not None and lot.shape.keep:
        whose = pick.randrange(1_000_000)
        moments = [begins + (ends - begins) * pick.random() for _ in range(4)]
        more += [Act(at, "destroy", whose) for at in moments]
    return tuple(sorted((*lot.acts, *more), key=lambda act: act.at))


def _sleeping(pick: Random, lot: Lot) -> Lot:
    """Return a lot in which something happens while nobody works, and then nothing for long."""
    first = pick.randrange(len(lot.acts) - 4)
    last = first + pick.randint(1, 3)
    pause = timedelta(days=pick.choice([31, 45, 90]))
    kinds = ("date", "join", "advance") if lot.shape is not None else ("date", "advance")
    meanwhile = [replace(act, kind=pick.choice(kinds)) for act in lot.acts[first + 1 : last + 1]]
    later = [replace(act, at=act.at + pause) for act in lot.acts[last + 1 :]]
    down = lot.acts[first].at + timedelta(minutes=5), later[0].at - timedelta(minutes=30)
    acts = (*lot.acts[: first + 1], *meanwhile, *later)
    return replace(lot, acts=acts, downtimes=(down,))


def _stubborn(pick: Random, lot: Lot) -> Lot:
    """Return a lot with two such mailboxes, whose office works an hour or two a day."""
    slow, silent = pick.sample(range(3, 7), 2)
    days = (lot.begun + timedelta(days=number, hours=2) for number in range(40))
    downtimes = tuple((since, since + timedelta(hours=22)) for since in days)
    others = lot.refusing - {slow, silent}
    mailboxes = replace(lot, slow=frozenset({slow}), silent=frozenset({silent}), refusing=others)
    return replace(mailboxes, downtimes=downtimes)


@cache
def _definition(number: int) -> tuple[str, Shape | None]:
    """Return the text of a definition, and its shape where it is made up."""
    pick = Random(f"definition {number}")
    if pick.random() < 0.2:
        return edited(*pick.choice([(), RICHER, CLOCKED])), None
    shape = drawn(pick)
    return shape.text, shape


@cache
def _nightly(number: int) -> tuple[str, Shape]:
    """Return the text of a definition for lives by night, and its shape."""
    pick = Random(f"nightly {number}")
    shape = by_night(drawn(pick), pick)
    return shape.text, shape


def _acts(pick: Random, begun: datetime, *, is_made: bool) -> list[Act]:
    at, acts = begun, []
    long_after = pick.randint(1, 400)  # seldom a number of an act: then a year passes before it
    kinds = (*(WORK if is_made else LIVES), *OFFICE)
    for number in range(pick.randint(6, 18)):
        at += timedelta(days=365 * (number == long_after))
        at += timedelta(hours=pick.choice([1, 3, 8, 24, 24, 48, 72, 120]), minutes=17)
        acts.append(Act(at, pick.choice(kinds), pick.randrange(1_000_000)))
    return acts


def _downtimes(pick: Random, acts: tuple[Act, ...]) -> list[tuple[datetime, datetime]]:
    if pick.random() < 0.7:
        return []
    since = pick.choice(acts).at + timedelta(minutes=5)
    return [(since, since + timedelta(days=pick.choice([1, 2, 7, 20]), hours=3))]


def _quiet(pick: Random) -> Quiet:
    if pick.random() < 0.5:
        return Quiet()
    return Quiet(begins=time(21), ends=time(7), has_weekends=pick.random() < 0.3)


def _troubles(pick: Random) -> Troubles:
    return Troubles(
        crashes=pick.choice([0, 1, 3, 6]),
        errors=pick.choice([0, 0, 1, 3]),
        mail=pick.choice([0, 0, 1, 3]),
        files=pick.choice([0, 0, 1]),
        follow_up=pick.choice([0.0, 0.5]),
        beside=pick.choice([0.0, 0.0, 0.02, 0.1]),
    )
