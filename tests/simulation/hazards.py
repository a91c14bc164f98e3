"""What goes wrong, and where: a plan of troubles at named boundaries, and a count of them.

A life that nothing befalls is lived first, and its boundaries are counted. The plan then picks
names, rare ones as often as common ones, and for each which time it is reached.
"""

import errno
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from notifications.transport import TransportError
from tests.simulation.made.lots import Troubles
from tests.simulation.wire import Crash, driver_error

CRASH = "crash"
ERRORS = ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR")
NOT_TAKEN: dict[str, Callable[[], TransportError]] = {
    "450 greylisted": lambda: TransportError("RCPT: 450 greylisted"),
    "421 closing": lambda: TransportError("MAIL: 421 closing", is_whole_server=True),
    "no banner": lambda: TransportError("the server cannot be used", is_whole_server=True),
    "535 login": lambda: TransportError("AUTH: 535 wrong", is_whole_server=True),
    "no TLS": lambda: TransportError("STARTTLS not offered", is_whole_server=True),
    "451 after data": lambda: TransportError("after the message: 451 later"),
    "552 at MAIL": lambda: TransportError("MAIL: 552 too large", permanent=True),
    "554 after data": lambda: TransportError("after the message: 554 spam", permanent=True),
    "dropped at RCPT": lambda: TransportError("RCPT: connection closed"),
    "garbage": lambda: TransportError("MAIL: -1 what?"),
    "lost before it was taken": lambda: TransportError("no answer", is_uncertain=True),
}
TAKEN: dict[str, Callable[[], TransportError]] = {
    "taken, then dropped": lambda: TransportError("no answer after it", is_uncertain=True),
    "taken, then stalled": lambda: TransportError("timed out after it", is_uncertain=True),
}
SEND, SENT = "before send", "after send"
SELDOM = 2
"""What a life reaches no more often is crashed at besides: few lives come there at all."""


@dataclass
class Hazards:
    """The troubles of one life. `hits` say what happens the n-th time that a name is reached.

    `beside` is asked at each boundary between two steps: a second engine may work there. Once
    `is_over`, nothing happens any more.
    """

    random: Random = field(default_factory=lambda: Random(0))
    hits: dict[tuple[str, int], str] = field(default_factory=dict)
    follow_up: float = 0.0
    beside: Callable[[str], None] = lambda boundary: None
    tell: Callable[[str], None] = lambda text: None
    is_over: bool = False
    seen: Counter[str] = field(default_factory=Counter)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    _soon: int = -1

    def observe(self, boundary: str) -> None:
        """Hear of a boundary; raise what is to happen there."""
        self.seen[boundary] += 1
        if self.is_over:
            return
        self._soon -= 1
        kind = self.hits.pop((boundary, self.seen[boundary]), "")
        if self._soon == 0:
            kind = kind or CRASH
        if kind:
            self._befall(boundary, kind)
        self.beside(boundary)

    def _befall(self, boundary: str, kind: str) -> None:
        self.done[boundary, kind] += 1
        self.tell(f"{boundary}: {kind}")
        if kind == CRASH:
            if self.random.random() < self.follow_up:
                self._soon = self.random.randint(1, 60)
            raise Crash(boundary)
        raise _error(kind)


def _error(kind: str) -> Exception:
    if kind in ERRORS:
        return driver_error(kind)
    if kind in NOT_TAKEN:
        return NOT_TAKEN[kind]()
    if kind in TAKEN:
        return TAKEN[kind]()
    return OSError(errno.ENOSPC, "No space left on device (simulated)")


def planned(seen: Counter[str], troubles: Troubles, random: Random) -> dict[tuple[str, int], str]:
    """Return what is to happen where, in a life whose boundaries were counted before."""
    names = sorted(seen)
    hits: dict[tuple[str, int], str] = {}

    def put(kinds: Iterable[str], among: list[str], count: int) -> None:
        for _ in range(count if among else 0):
            name = random.choices(among, weights=[_weight(n) for n in among])[0]
            hits[name, random.randint(1, seen[name])] = random.choice(tuple(kinds))

    put((CRASH,), names, troubles.crashes)
    put(ERRORS, [n for n in names if is_statement(n)], troubles.errors)
    put(NOT_TAKEN, [SEND] if SEND in seen else [], troubles.mail)
    put(TAKEN, [SENT] if SENT in seen else [], troubles.mail)
    put(("ENOSPC",), [n for n in names if is_of_file(n) and n.startswith("before")], troubles.files)
    put((CRASH,), [n for n in names if seen[n] <= SELDOM], troubles.crashes)
    return hits


def _weight(name: str) -> float:
    return 0.3 if " select " in name else 1.0


def is_of_file(name: str) -> bool:
    """Return whether a boundary is one of files."""
    return name.split()[1] in {"write", "unlink", "rename", "link"}


def is_statement(name: str) -> bool:
    """Return whether a database's error may come at a boundary: nothing is done there yet."""
    is_before = name.startswith("before ") and not name.endswith(("send", "rollback"))
    return is_before and not is_of_file(name)
