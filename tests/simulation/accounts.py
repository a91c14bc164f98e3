"""The accounts of a life: copies of messages as it goes, everything else at its end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from notifications.message import Message
from tests.simulation.acts import MARKER
from tests.simulation.checks.entering import uncertified
from tests.simulation.checks.keeping import left_behind
from tests.simulation.checks.sending import Patience
from tests.simulation.invariants import Violation
from tests.simulation.made.lots import Lot
from tests.simulation.scene import Life, Row, Scene
from tests.simulation.world import FILE, Taken, World
from workflow.auditing.verification import verify
from workflow.store.outbox import PUT_NOTICE

STOOD_IN, TRIED = "sent to a stand-in", "tried"
What = tuple[str, str, int, frozenset[str]]
"""A challenge's reference, a notice, who is told, of which tasks."""


MOST_IN_DOUBT = 3
"""A message that ended in doubt so often waits for a person."""


class Troubled(Protocol):
    """Somebody who counts troubles, and remembers at which count a message was taken.

    `refusals` are the addresses that have refused mail, each with the count of then.
    """

    world: World
    copies: dict[str, int]
    refusals: dict[str, int]
    patience: Patience

    @property
    def troubles(self) -> int:
        """Return how often something went wrong until now."""


def may_be_repeated(taken: Iterable[Taken], message: Message, company: Troubled) -> None:
    """Look whether a copy may go: only after a trouble since the last, and exactly as it was.

    Raises:
        Violation: I17.
    """
    before = [one.message for one in taken if one.message.message_id == message.message_id]
    if before:
        is_silent = message.to.address in company.world.mail.silent
        if not is_silent and company.copies.get(message.message_id, 0) >= company.troubles:
            raise Violation("I17", f'"{message.subject}" goes again, and nothing had gone wrong')
        if (before[0].date, before[0].to) != (message.date, message.to):
            raise Violation("I17", f'"{message.subject}" goes again with another date or address')
        if is_silent and len(before) >= MOST_IN_DOUBT:
            raise Violation(
                "I17", f'"{message.subject}" was in doubt {len(before)} times, and goes'
            )
    company.copies[message.message_id] = company.troubles


def may_be_tried(scene: Scene, message: Message, company: Troubled) -> None:
    """Look whether an address may be tried: not once it has refused, nor too soon, nor for ever.

    Raises:
        Violation: I20, I16.
    """
    address, troubles = message.to.address, company.troubles
    is_alone = not scene.world.lot.troubles.beside  # another may send before it is noted down
    if is_alone and company.refusals.get(address) == troubles:
        raise Violation("I20", f"{address} refused mail, and more goes there")
    for problem in company.patience.try_again(scene.look(), message, troubles):
        raise Violation("I16", problem)


def at_rest(scene: Scene, lot: Lot) -> None:
    """Look whether all that is owed is done, once nothing goes wrong any more.

    Raises:
        Violation: something is due, or on its way.
    """
    scene.look()
    for life in scene.lives.values():
        if life.wake_at is not None and life.wake_at <= scene.at:
            raise Violation("I2", f"{life.reference} was due at {life.wake_at}")
    for number, *_, signature in scene.certificates:
        if not signature:
            raise Violation("I24", f"the destruction {number} has not come to its end")
    for life in scene.lives.values():
        for problem in uncertified(scene, life):
            raise Violation("I24", problem)
    _sent_off(scene, lot)


def _sent_off(scene: Scene, lot: Lot) -> None:
    """Look whether no message is on its way, or due."""
    for row in scene.rows.values():
        if not _is_stubborn(scene, row):
            _gone(row, scene.at, lot.refusing)


def _gone(row: Row, at: datetime, refusing: frozenset[int]) -> None:
    """Look whether a message has come to its end."""
    text = f"message {row.id} ({row.notice})"
    if row.status in {"sending", "uncertain"}:
        raise Violation("I16", f"{text} is {row.status} in the end")
    if row.status == "waiting" and row.next_at <= at:
        raise Violation("I16", f"{text} was due at {row.next_at}")
    if row.status == "failed" and refusing.isdisjoint({row.recipient, row.stand_in}):
        raise Violation("I16", f"{text} has failed")


def _is_stubborn(scene: Scene, row: Row) -> bool:
    """Return whether a message is for a mailbox that never says that it took anything."""
    lot = scene.world.lot
    return not (lot.slow | lot.silent).isdisjoint({row.recipient, row.stand_in})


def close(scene: Scene, *, is_verified: bool, is_paced: bool) -> None:
    """Look at everything once more, at the end.

    Raises:
        Violation: something is not as it must be.
    """
    _unique(scene)
    if is_paced:
        _paced(scene)
    _sealed(scene.world.folder)
    for problem in left_behind(scene, _files(scene.world.folder)):
        raise Violation("I26", problem)
    if not is_verified:
        return
    verified = verify(scene.world.reader)
    if not verified.is_intact:
        raise Violation("I22", verified.first_bad or "the log is broken")


def _unique(scene: Scene) -> None:
    """Try to put a notice into the outbox once more."""
    link_row = next((row for row in scene.rows.values() if row.challenge), None)
    if link_row is None:
        return
    database = scene.world.reader
    raw = database.connect()
    try:
        raw.execute("BEGIN IMMEDIATE")
        values = {
            "challenge_id": link_row.challenge, "unique_key": link_row.unique_key,
            "notice": link_row.notice, "recipient_id": link_row.recipient, "about_id": None,
            "tasks": "[]", "marks": None, "is_ladder": False, "is_urgent": False,
            "created_at": "2027-01-01", "not_before": "2027-01-01",
        }  # fmt: skip
        is_new = raw.execute(PUT_NOTICE, values).rowcount == 1
        values |= {"challenge_id": None, "unique_key": "nobody's"}
        is_doubled = [raw.execute(PUT_NOTICE, values).rowcount for _ in range(2)] == [1, 1]
        raw.execute("ROLLBACK")
    finally:
        raw.close()
    if is_new:
        raise Violation("I15", f"{link_row.unique_key} can be put into the outbox twice")
    if is_doubled:
        raise Violation("I15", "a notice of no challenge can be put into the outbox twice")


def _paced(scene: Scene) -> None:
    """Look whether mail kept to its pace."""
    most = scene.world.lot.most_a_minute
    if most is None:
        return
    moments = sorted(one.at for one in scene.taken)
    for first, last in zip(moments, moments[most:], strict=False):
        if last - first < timedelta(minutes=1):
            raise Violation("I19", f"more than {most} messages went in the minute from {first}")


def _sealed(folder: Path) -> None:
    """Look for what people wrote, in clear, in all files, those of a backup too."""
    for path in (*_files(folder), *folder.glob(f"backups/{FILE}")):
        if MARKER.encode() in path.read_bytes():
            raise Violation("I23", f"what somebody wrote stands in clear in {path.name}")


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of the database that are there."""
    return (path for path in (folder / FILE, folder / f"{FILE}-wal") if path.exists())


@dataclass(frozen=True, slots=True)
class Account:
    """What a life came to, apart from moments, numbers and names that chance gives."""

    facts: dict[str, tuple[object, ...]]
    told: Counter[What]
    ends: dict[What, Counter[str]]


def account(scene: Scene) -> Account:
    """Return what a life came to."""
    lives = {life.id: life for life in scene.lives.values()}
    ends: dict[What, Counter[str]] = {}
    for row in scene.rows.values():
        if row.challenge is not None and not row.has_entry:
            what = _what(lives[row.challenge], row)
            end = TRIED if _is_stubborn(scene, row) else _end(row)
            ends.setdefault(what, Counter())[end] += 1
    told = Counter({what: states.total() for what, states in ends.items()})
    return Account({life.reference: _facts(life) for life in lives.values()}, told, ends)


def _end(row: Row) -> str:
    return STOOD_IN if row.status == "sent" and row.stand_in is not None else row.status


def _what(life: Life, row: Row) -> What:
    return life.reference, row.notice, row.recipient, row.tasks


def _facts(life: Life) -> tuple[object, ...]:
    stored = life.stored
    return (
        stored.stage,
        sorted((key, fact.on) for key, fact in stored.dates.items()),
        sorted((m.person, m.role, m.left_at is None) for m in stored.team),
        sorted(
            (t.key, t.status, str(t.target_on), str(t.limit_on), t.is_missed)
            for t in life.tasks.values()
        ),
        sorted(stored.holds),
        sorted(key for key, one in stored.records.disposals.items() if one.done_at),
    )


def compare(twin: Account, found: Account, *, troubles: int) -> None:
    """Look whether a life came to what its twin came to that nothing befell.

    Raises:
        Violation: I30.
    """
    for reference, facts in twin.facts.items():
        for one, other in zip(facts, found.facts[reference], strict=True):
            if one != other:
                raise Violation("I30", f"{reference} came to {other}; without troubles, to {one}")
    for what in twin.told - found.told:
        raise Violation("I30", f"{_said(what)} was never said; it is without troubles")
    for what in found.told - twin.told:
        raise Violation("I30", f"{_said(what)} was said; it is not without troubles")
    for what, states in twin.ends.items():
        is_late = troubles and _may_be_late(states - found.ends[what], found.ends[what] - states)
        if states != found.ends[what] and not is_late:
            ends = dict(found.ends[what])
            raise Violation("I30", f"{_said(what)} ended as {ends}, not as {dict(states)}")


def _said(what: What) -> str:
    reference, notice, person, tasks = what
    return f"{reference}: {notice} to {person} of {', '.join(sorted(tasks)) or 'an occasion'}"


def _may_be_late(without: Counter[str], found: Counter[str]) -> bool:
    """Return whether messages may end otherwise than without troubles.

    What was put off by one may not be true any more, or true again, or it goes to somebody else;
    but whoever takes nothing is sent nothing for that.
    """
    if without.keys() - {"sent", STOOD_IN, "cancelled", "failed"}:
        return False
    return "failed" not in without or not found.keys() - {"cancelled", STOOD_IN}
