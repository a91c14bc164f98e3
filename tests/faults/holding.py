"""All mail is held while somebody sends: what was not looked at before the hold must not go.

The courier is stopped at a boundary, all mail is held there, and the courier goes on. A message
that it had read before may still go: it was under way. One that it reads later may not.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from notifications.transport import MemoryTransport
from tests.faults.lots import LOTS
from tests.faults.racing import Bell, Copy, Ring
from tests.simulation.wire import Process
from workflow.model.errors import Conflict, Unavailable
from workflow.store import outbox
from workflow.store.database import Database

SEND = LOTS["send"]
_IN_A_CLAIM = "AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'mail_held')"
_BY_ITSELF = "SELECT value FROM meta WHERE key = :key"

Rewrite = Callable[[str], str]


def looks_once(sql: str) -> str:
    """Return the SQL of a courier that looks for a hold when it claims, and not again."""
    return sql.replace(_BY_ITSELF, f"{_BY_ITSELF} AND key <> 'mail_held'")


def looks_before(sql: str) -> str:
    """Return the SQL of a courier that looks for a hold when it plans, and not again."""
    is_claim = sql.strip().startswith("UPDATE outbox")
    return looks_once(sql.replace(_IN_A_CLAIM, "") if is_claim else sql)


@dataclass
class Holding:
    """A courier whose mail is held at one of its boundaries; `rewrite` plants a mistake in it."""

    ring: Ring
    rewrite: Rewrite | None = None

    def boundaries(self) -> list[str]:
        """Return the boundaries that the courier reaches whom nobody stops."""
        bell = Bell(None, lambda: None)
        with self.ring.copy(SEND.base) as copy:
            self._send(copy, bell)
        return bell.heard

    def claims(self) -> list[int]:
        """Return the boundaries at which a message has just been claimed, and is not yet read."""
        found, is_claimed = list[int](), False
        for number, boundary in enumerate(self.boundaries()):
            is_claimed |= boundary == "after update outbox to sending"
            if boundary == "after commit" and is_claimed:
                found.append(number)
                is_claimed = False
        return found

    def run(self, point: int) -> list[str]:
        """Return what is wrong when mail is held at a boundary."""
        held = list[bool]()
        with self.ring.copy(SEND.base) as copy:
            bell = Bell(point, lambda: held.append(_hold(copy)))
            self._send(copy, bell)
        if held != [True]:  # whoever writes just then is waited for: it is held later
            return []
        place = f"held at {bell.heard[point]}, number {point}"
        return [f"{fault} ({place})" for fault in _gone(bell.heard, point)]

    def _send(self, copy: Copy, bell: Bell) -> None:
        process = Process(bell)
        hands = copy.hands(process, SEND.at, MemoryTransport(), rewrite=self.rewrite)
        with closing(hands.database):
            SEND.work(hands, "courier")


def _gone(heard: Sequence[str], held: int) -> Iterator[str]:
    """Yield that a message went, for each that was read after a boundary."""
    read = 0
    for number, boundary in enumerate(heard):
        read = number if boundary == "before read" else read
        if boundary == "before send" and read >= held:
            yield "I6: a message went that was read after all mail was held"


def _hold(copy: Copy) -> bool:
    """Hold all mail, if nobody writes just now; return whether it is held."""
    database = Database(copy.url, busy_seconds=0, vault=copy.vault)
    with closing(database), suppress(Conflict, Unavailable):
        with database.writing() as link:
            outbox.hold(link, "somebody looks into it")
        return True
    return False
