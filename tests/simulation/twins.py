"""Lives a seed twice: once in peace, then with all that befalls it, and compares the two."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from traceback import extract_tb

from tests.simulation import accounts
from tests.simulation.dealing import Tell
from tests.simulation.hazards import Hazards, planned
from tests.simulation.invariants import Violation
from tests.simulation.living import Living
from tests.simulation.made.lots import lot_of
from tests.simulation.world import PLAIN, Parts, folder

UNENTERED = "belongs to an entry"
"""What a trigger says of an event that stands in no entry of the log."""


@dataclass
class Lived:
    """What came of a seed: what broke, if anything did, and how often each boundary was met."""

    seed: int
    broken: str = ""
    problem: str = ""
    seen: Counter[str] = field(default_factory=Counter)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    messages: int = 0
    copies: int = 0
    days: float = 0.0


def live(seed: int, *, parts: Parts = PLAIN, tell: Tell = lambda at, text: None) -> Lived:
    """Live a seed and its twin; return what came of it."""
    lot, lived = lot_of(seed), Lived(seed)
    random = Random(f"hazards {seed}")
    peace, hazards = Hazards(), Hazards(random)
    peace.is_over = True
    try:
        with folder() as first, folder() as second:
            twin = Living(lot, Path(first), peace, parts=parts).live()
            hazards.hits = planned(peace.seen, lot.troubles, random)
            hazards.follow_up = lot.troubles.follow_up
            life = Living(lot, Path(second), hazards, parts=parts, tell=tell)
            life.live()
            ends = accounts.account(twin.scene), accounts.account(life.scene)
            accounts.compare(*ends, troubles=life.company.troubles)
            taken = life.scene.taken
            lived.messages, lived.copies = len(taken), sum(one.copy > 1 for one in taken)
            lived.days = (life.world.real - lot.begun).total_seconds() / 86_400
    except Violation as error:
        lived.broken, lived.problem = error.name, str(error)
    except Exception as error:  # what is broken may end in any error: that has a name, too
        lived.broken, lived.problem = _named(error)
    lived.seen, lived.done = hazards.seen, hazards.done
    return lived


def _named(error: Exception) -> tuple[str, str]:
    """Return which invariant an error breaks that nobody raised on purpose, and how."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    name = "I21" if UNENTERED in text else "I30"
    last = extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return name, f"{name}: a life ended in an error, {text} ({where})"
