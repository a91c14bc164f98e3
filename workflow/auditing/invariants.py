"""What should never be, by the names that tests and simulation have for it: read, never mended.

The quick ones are each a query. The others fold the events of every challenge and plan it anew, a
page at a time, and check the tree of the log.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow.auditing import lives, trees
from workflow.model.log.texts import moment_text
from workflow.store import reports
from workflow.store.checks import mail, record
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.log import checkpoints
from workflow.store.moving import belongings

PATIENCE = timedelta(minutes=10)
"""So long after its time nothing is late yet."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An invariant that does not hold, by its code: what is wrong, and the way out."""

    code: str
    what: str
    way_out: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.code}: {self.what}; {self.way_out}"


_RESTORE = "restore a backup, and see what audit verify says"
_WAYS_OUT = {
    "I1": "any change to it plans it anew: peer-challenge tick, or advance --dry-run to look",
    "I2": "any change to it flags what is late, such as peer-challenge hold REF NAME --reason R",
    "I3": "any change to it sets the date right; peer-challenge explain says how it comes about",
    "I4": "any change to it raises what is due; see peer-challenge forecast",
    "I8": "tell them yourself; then peer-challenge audit verify",
    "I10": "look at both with peer-challenge timeline, and undo one",
    "I11": "peer-challenge waive what is not to be done any more",
    "I12": "peer-challenge show says what it could wait for",
    "I14": _RESTORE,
    "I15": "look at them with peer-challenge mail list, and tell who got it twice",
    "I16": "peer-challenge tick takes them over; if it does not, mail settle each",
    "I20": "peer-challenge person change their address, or take them off the team",
    "I21": _RESTORE,
    "I22": _RESTORE,
    "I24": "peer-challenge tick goes on with it; its certificate says what is left",
    "I25": "tell who placed the hold; peer-challenge certificate list says what is gone",
}
CODES = frozenset(_WAYS_OUT)
"""The invariants that can be looked for in a database at rest."""


def check_all(
    database: Database,
    at: datetime,
    *,
    is_quick: bool = False,
    on_progress: Progress = lambda done, total: None,
) -> Iterator[Broken]:
    """Yield what does not hold at a moment; nothing where all is well. Nothing is changed."""
    with database.reading() as link:
        for code, what in _quick(link, at):
            yield broken(code, what)
    if is_quick:
        return
    for code, what in _thorough(database, at, on_progress):
        yield broken(code, what)


def overslept(database: Database, at: datetime) -> str | None:
    """Return how many challenges nobody has looked at in time, and since when; None where all is.

    A sweep looks at each within seconds, where one is running.
    """
    with database.reading() as link:
        number, oldest = record.overslept(link, at - PATIENCE)
    if not number:
        return None
    what = "challenge should" if number == 1 else "challenges should"
    return f"{number} {what} have been looked at since {_on(oldest)}"


def clock_of(database: Database) -> datetime | None:
    """Return the time of the database's own clock, where it has one."""
    with database.reading() as link:
        return record.now(link)


def missing_keys(database: Database) -> list[str]:
    """Return the ids of the keys that something is sealed with, and that cannot be read."""
    with database.reading() as link:
        return belongings.missing_keys(link, database.vault)


def broken(code: str, what: str) -> Broken:
    """Return an invariant that does not hold, with the way out."""
    return Broken(code=code, what=what, way_out=_WAYS_OUT[code])


def _quick(link: Link, at: datetime) -> Iterator[lives.Fault]:
    yield from _of_mail(link, at)
    yield from _of_history(link)
    for number, since in record.half_destroyed(link, at - PATIENCE):
        yield "I24", f"the destruction {number} was begun {_on(since)} and has not come to its end"
    for reference, wanted, wake_at in record.unwoken(link, at):
        woken = f"only {_on(wake_at)}" if wake_at else "never"
        yield "I2", f"{reference} must be looked at {_on(wanted)}, and is looked at {woken}"
    for reference in reports.idle(link):
        yield "I12", f"{reference} goes on, and waits for nothing and nobody"


def _of_mail(link: Link, at: datetime) -> Iterator[lives.Fault]:
    for one in mail.stuck(link, at - PATIENCE):
        what, are = ("message", "is") if one.count == 1 else ("messages", "are")
        lease = f"since {_on(one.since)}" if one.since else "without an end"
        whose = one.reference or "no challenge"
        yield "I16", f"{one.count} {what} of {whose} {are} being sent {lease}, such as {one.id}"
    for one in mail.doubled(link):
        whose = one.reference or "no challenge"
        yield "I15", f"{one.count} messages of {whose} are the same {one.notice}, such as {one.id}"
    for one in mail.spurned(link):
        yield "I20", f"message {one.id} was sent to an address that had refused mail, or is no more"


def _of_history(link: Link) -> Iterator[lives.Fault]:
    for reference, version, count, last in record.gaps(link):
        numbers = f"{count} events up to number {last}"
        yield "I14", f"{reference} says that it has {version} events, and there are {numbers}"
    for reference, seq in record.unentered(link):
        yield "I21", f"event {seq} of {reference} is in no entry of the log"
    for reference, first, last in record.twice(link):
        yield "I10", f"a command was applied twice in {reference}: events {first} to {last}"
    there, wanted, signed = record.leaves(link)
    if there != wanted or there < signed:
        sizes = f"{there} entries, numbered up to {wanted}, and {signed} were signed"
        yield "I22", f"the tree of the log has a gap: {sizes}"


def _thorough(database: Database, at: datetime, tell: Progress) -> Iterator[lives.Fault]:
    """Yield what is wrong with each challenge, and with the tree."""
    with database.reading() as link:
        total = record.number(link)
    done, last, found = 0, 0, [(0, "")]
    while found:
        with database.reading() as link:
            found = record.page(link, last)
            for last, reference in found:
                for code, what in lives.faults(link, last, reference, at=at):
                    yield code, f"{reference}: {what}"
                done += 1
                tell(done, max(done, total))
    yield from _of_tree(database)


def _of_tree(database: Database) -> Iterator[lives.Fault]:
    key = checkpoints.verifier(database.vault.signer())
    with database.reading(is_sealed=True) as link:
        expected = trees.expected(link, key, ())
    fault = trees.check(database, expected).fault
    if fault:
        yield "I22", fault


def _on(moment: datetime | None) -> str:
    return f"{moment_text(moment)[:16].replace('T', ' ')} UTC" if moment else "long ago"
