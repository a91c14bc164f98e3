"""Power cuts: at any moment the disk keeps what it was told to sync, and of the rest what it likes.

All that SQLite does to its files is heard while a piece of a life is lived. For each moment of it
the files are put together as a disk may have them after a cut: what was written since the last sync
lost, kept, torn in the middle of a sector, or kept in parts. What is then found must be whole, and
have everything in it that anybody had been told is kept.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from notifications.transport import MemoryTransport
from tests.faults import findings
from tests.faults.disks.apart import Disk, Held
from tests.faults.hands import Hands, Place
from tests.grounds import ADA
from tests.integration.retaining import destroying
from tests.integration.retaining.destroying import AFTER, Site
from tests.visits import MANAGER
from workflow.clock import SetClock
from workflow.model import commands as c
from workflow.store.database import Database
from workflow.store.link import Connection
from workflow.store.rows import snapshots

FATES = ("lost", "kept", "torn", "some", "some torn")
SECTOR = 512
OFTEN = "PRAGMA wal_autocheckpoint = 24"
"""So that what is written reaches the file itself again and again, too."""

_KEPT = {
    "I8: a step that was acknowledged is gone": "SELECT reference, version FROM challenge",
    "I21: an entry that was acknowledged is gone": "SELECT 'log', count(*) FROM entry",
    "I16: a sent mark that was acknowledged is gone": (
        "SELECT id, 1 FROM outbox WHERE status = 'sent'"
    ),
    "I24: a certificate that was acknowledged is gone": (
        "SELECT number, 1 FROM certificate WHERE signature <> ''"
    ),
}
Acknowledged = dict[str, dict[object, int]]
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Op:
    """Something that was done to a file of the database."""

    kind: str
    file: str
    at: int
    data: bytes = b""

    def done_to(self, content: bytearray, *, half: int | None = None) -> None:
        """Do it to a content; of a write only the first `half` bytes."""
        if self.kind == "truncate":
            del content[self.at :]
        elif self.kind == "delete":
            content.clear()
        else:
            data = self.data if half is None else self.data[:half]
            content.extend(bytes(max(0, self.at - len(content))))
            content[self.at : self.at + len(data)] = data


@dataclass
class Tape:
    """What was done, in order, and with it what was acknowledged and how the keys lay."""

    place: Place
    ops: list[Op] = field(default_factory=list)
    acknowledged: list[tuple[int, Acknowledged]] = field(default_factory=list)
    keys: list[tuple[int, Files]] = field(default_factory=list)
    start: Files = field(default_factory=dict)

    def hear(self, kind: str, file: str, at: int, data: bytes) -> None:
        """Note something that is done to a file, and how the keys lie when it is."""
        self.ops.append(Op(kind, Path(file).name, at, bytes(data)))
        found = _contents(self.place.folder, besides=self.place.file.name)
        if not self.keys or self.keys[-1][1] != found:
            self.keys.append((len(self.ops) - 1, found))

    def acknowledge(self, database: Database) -> None:
        """Note that everything which is there now has been acknowledged to somebody."""
        self.acknowledged.append((len(self.ops), _kept(database)))

    def known_at(self, moment: int) -> Acknowledged:
        """Return what had been acknowledged when so many things were done."""
        found = [kept for number, kept in self.acknowledged if number <= moment]
        return found[-1] if found else {}

    def keys_at(self, moment: int) -> Files:
        """Return how the keys lay then."""
        return [files for number, files in self.keys if number <= moment or number == 0][-1]


class Quick(Database):
    """A database that is only looked at, so that nothing waits for a disk."""

    def connect(self) -> Connection:
        """Return a connection of the driver."""
        connection = super().connect()
        connection.execute("PRAGMA synchronous = OFF")
        return connection


def record(folder: Path, *settings: str) -> Tape:
    """Live a piece of a life on a disk that is heard; return what was done to it."""
    place = Place(folder)
    folder.mkdir()
    with destroying.opened(place.url) as site:
        destroying.fill(site.close())
        content_hash = site.content_hash
    with closing(Quick(place.url)) as quick:
        quick.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
    tape = Tape(place, start={place.file.name: place.file.read_bytes()})
    database = Held(place.url, Disk(tape.hear), OFTEN, *settings)
    snapshots.forget()
    try:
        for _ in _life(Site(database, content_hash, SetClock(AFTER))):
            tape.acknowledge(database)
    finally:
        database.shut()
    return tape


def _life(site: Site) -> Iterator[None]:
    """Start a challenge, work on it, send mail, destroy what is due of another; yield after each.

    What is yielded after has been acknowledged.
    """
    hands = Hands(site.database, site.clock, MemoryTransport())
    dates = {"visit_start": date(2027, 6, 1), "visit_end": date(2027, 6, 3)}
    site.engine.start(site.new("EAS-27", dates=dates), actor=ADA)
    yield
    hands.deliver()
    yield
    for spec in ("scope_agreed", "brief_visitor"):
        site.done(spec, reference="EAS-27")
        yield
    site.clock.at += timedelta(days=20)
    hands.sweep()
    yield
    hands.deliver()
    yield
    site.act(c.PlaceHold(name="FOI 1", reason="a request"), reference="EAS-27")
    yield
    site.approve("mail")
    yield
    site.disposals.destroy("NOR-26", "mail", actor=MANAGER)
    yield
    site.act(c.LiftHold(name="FOI 1", reason="answered"), reference="EAS-27")
    yield


def after_a_cut(tape: Tape, moment: int, fate: str, random: Random) -> Files:
    """Return the files as a disk may have them that lost its power when so much was done."""
    files = {name: bytearray(content) for name, content in tape.start.items()}
    waiting: dict[str, list[Op]] = {}
    for op in tape.ops[:moment]:
        if op.kind == "sync":
            for done in waiting.pop(op.file, ()):
                done.done_to(files.setdefault(op.file, bytearray()))
        else:
            waiting.setdefault(op.file, []).append(op)
    for name, ops in waiting.items():
        content = files.setdefault(name, bytearray())
        for op, half in _surviving(ops, fate, random):
            op.done_to(content, half=half)
    return {name: bytes(content) for name, content in files.items()}


def _surviving(ops: list[Op], fate: str, random: Random) -> Iterator[tuple[Op, int | None]]:
    """Yield what of the last writes reached the disk, with how many bytes of each; None is all."""
    if fate == "kept":
        yield from ((op, None) for op in ops)
    elif fate == "torn":
        last = random.randrange(len(ops))
        yield from ((op, None) for op in ops[:last])
        yield ops[last], _half(ops[last], random)
    elif fate != "lost":
        for op in ops:
            if random.random() < 1 / 2:
                is_torn = fate == "some torn" and random.random() < 1 / 2
                yield op, _half(op, random) if is_torn else None


def _half(op: Op, random: Random) -> int:
    """Return at which byte a write is torn: in the middle of one of its sectors."""
    return random.randrange(len(op.data) // SECTOR + 1) * SECTOR + SECTOR // 2


def cut(tape: Tape, moment: int, fate: str, *, folder: Path) -> list[str]:
    """Return what is wrong after a power cut, by the names of the invariants."""
    random = Random(f"{moment} {fate}")  # noqa: S311 (to be had again)
    shutil.rmtree(folder, ignore_errors=True)
    files = {**tape.keys_at(moment), **after_a_cut(tape, moment, fate, random)}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    snapshots.forget()
    with closing(Quick(Place(folder).url)) as database:
        try:
            found = findings.faults(database) or _lost(tape.known_at(moment), _kept(database))
        except Exception as error:  # damaged beyond reading: whatever it is, it is a fault
            found = [f"I14: it cannot be read: {error!r}"]
    return [f"{fault} (cut after {moment} of {len(tape.ops)}, {fate})" for fault in found]


def _kept(database: Database) -> Acknowledged:
    with database.reading(is_sealed=True) as link:
        return {
            what: {row[0]: int(row[1]) for row in link.rows(sql)} for what, sql in _KEPT.items()
        }


def _lost(acknowledged: Acknowledged, found: Acknowledged) -> list[str]:
    return [
        f"{what}: {name}"
        for what, numbers in acknowledged.items()
        for name, number in numbers.items()
        if found[what].get(name, 0) < number
    ]


def _contents(folder: Path, *, besides: str) -> Files:
    """Return what lies in a folder, but for the database itself."""
    return {
        str(path.relative_to(folder)): _content(path)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(besides)
    }


_seen: dict[tuple[str, int], bytes] = {}


def _content(path: Path) -> bytes:
    """Return a file's content; keys never change, so that each is read once."""
    key = (str(path), path.stat().st_mtime_ns)
    if key not in _seen:
        _seen[key] = path.read_bytes()
    return _seen[key]


def moments(tape: Tape, *, most: int | None = None) -> list[int]:
    """Return the moments at which the power is cut: all, or some that are spread evenly."""
    every = range(1, len(tape.ops) + 1)
    if most is None or most >= len(every):
        return list(every)
    return [every[round(n * (len(every) - 1) / (most - 1))] for n in range(most)]
