"""The database is lost, and a backup is put in its place: by the product's own means.

What people did since the backup is lost with it, so the reference model goes back, too. What the
mail server took and what was destroyed since is known here, and must be heeded (I31).
"""

from collections.abc import Callable
from contextlib import closing, suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from tests.grounds import ADA
from tests.simulation.acts import is_carried_out
from tests.simulation.checks.restored import is_put_back, known_of
from tests.simulation.dealing import Dealings
from tests.simulation.invariants import Violation
from tests.simulation.made.reference import Model
from tests.simulation.scene import Lost
from tests.simulation.wire import Crash
from tests.simulation.world import FILE, Office
from workflow.backing_up.backups import Backups
from workflow.backing_up.restoring import Wanted
from workflow.clock import Clock
from workflow.digests import Digests
from workflow.granting.access import Access
from workflow.model.people import Person
from workflow.store import outbox, people
from workflow.store.backups import mail
from workflow.store.database import Database
from workflow.sweep import Sweep

FOLDER = "backups"
STEPS = 4
"""So many steps a restore tells of; after any of them it may be broken off."""

_DOUBTFUL = "SELECT id, unique_key FROM outbox WHERE status = 'uncertain' AND error = :doubt"
_STATUS = "SELECT status FROM outbox WHERE id = :id"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup, and what was known when it was made."""

    file: Path
    models: dict[str, Model]
    rows: frozenset[int]
    last_round: datetime | None
    backlog_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """What is put together on a database that is not in its place yet."""

    clock: Clock
    actor: Person
    access: Access
    sweep: Sweep
    digests: Digests


class Disasters(Dealings):
    """One life whose database may be lost."""

    _backup: Kept | None = None

    def _back_up(self, pick: Random) -> None:
        """Make a backup. Nothing befalls it: a backup that is broken off is none."""
        folder = self.world.folder / FOLDER
        folder.mkdir(exist_ok=True)
        file = folder / FILE
        Backups(self.world.reader, self.world.clock, actor=ADA).make(file)
        models, rows = deepcopy(self.scene.models), frozenset(self.scene.rows)
        last_round, backlog_until = self.company.last_round, self.scene.backlog_until
        self._backup = Kept(file, models, rows, last_round, backlog_until)
        self.tell("a backup was made")

    def _put_back(self, pick: Random) -> None:
        """Lose the database, and put the backup in its place.

        Raises:
            Violation: something is not as it must be before anybody gets in.
        """
        if self._backup is None:
            return
        lost = known_of(self.scene)
        self.company.close()
        self.scene.close()
        self.world.reader.close()
        if pick.random() < 0.5:
            for rest in ("", "-wal", "-shm"):
                (self.world.folder / f"{FILE}{rest}").unlink(missing_ok=True)
        self._restore(self._backup.file, pick)
        self.world.mail.since = len(self.world.mail.taken)
        self.scene.begin_again(deepcopy(self._backup.models), self._backup.backlog_until)
        self._last = None
        lost.rows = frozenset(self.scene.look().rows)
        self.scene.lost, lost.at = lost, self.world.clock.now()
        for problem in is_put_back(self.scene, lost, [self.world.folder / FILE]):
            raise Violation("I31", problem)
        for found in self.scene.destroyed.values():  # the others were lost, and may be said again
            found -= {words for words in found if words[0] not in self._backup.rows}
        self._catch_up(lost)
        self.company.begin_again(self._backup.last_round)

    def _restore(self, file: Path, pick: Random) -> None:
        """Put a backup in place; now and then only the second time."""
        with closing(Database(self.world.url)) as target:
            restoring = self.world.parts.restoring(target, self._staff)
            wanted = Wanted(file=file, is_replacing=True)
            if pick.random() < 0.5:
                with suppress(Crash):
                    restoring.restore(wanted, say=_broken_off(pick.randint(1, STEPS)))
                self.tell("a restore was broken off")
            done = restoring.restore(wanted)
        counts = f"{done.destroyed} destroyed again, {done.doubtful} messages uncertain"
        self.tell(f"the database was lost, and put back: {counts}")

    def _staff(self, copy: Database) -> Staff:
        clock = self.world.clock
        with copy.reading() as link:
            actor = people.named(link, [ADA])[ADA]
        return Staff(
            clock=clock,
            actor=actor,
            access=Access(copy, clock),
            sweep=Sweep(copy, clock),
            digests=Digests(copy, clock),
        )

    def _catch_up(self, lost: Lost) -> None:
        """Tell the reference model what was destroyed again, and that time has passed."""
        again = {ref for number, ref, *_ in self.scene.certificates if number in lost.certificates}
        for reference, model in self.scene.models.items():
            model.begins()
            if reference in again:
                is_carried_out(model)
            model.settle(self.world.clock.now())

    def _see_to_restored(self, pick: Random) -> None:
        """Say of what may have been sent whether it was, or let all of it go; release the mail."""
        lost = self.scene.lost
        if lost is None:
            return
        is_trusting = pick.random() < 0.3

        def work(office: Office) -> None:
            at = self.world.clock.now()
            with office.database.writing() as link:
                for number, key in link.rows(_DOUBTFUL, doubt=mail.DOUBT):
                    if is_trusting:
                        lost.released.add(number)
                        continue
                    row = link.row(_STATUS, id=number)
                    if row is not None and row[0] == "uncertain":  # else it went with another
                        has_arrived = key in lost.said
                        outbox.settle(link, number, has_arrived=has_arrived, at=at, note="asked")
                mail.trust(link, at)
                outbox.release(link)

        self.company.attempt(work)
        lost.is_held = False
        self.tell(f"mail was released{', all of it' * is_trusting}")
        self.scene.look()


def _broken_off(step: int) -> Callable[[str], None]:
    """Return what hears the steps of a restore, and lets it die after one of them."""
    heard: list[str] = []

    def hear(said: str) -> None:
        heard.append(said)
        if len(heard) == step:
            raise Crash(said)

    return hear
