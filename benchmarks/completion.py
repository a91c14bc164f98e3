"""P1 and A3: recording one task of forty as done, for good.

P1 is against what SQLite could do at best; A3 is against the same engine that keeps no audit log:
no entry, no digest, no trigger.

R is a bare transaction of the same shape: one update, one line of history, two inserts, one
commit that waits for the disk; no reads, no rules. The engine does the same through `act`: guards,
plan, events, outbox, wake-up. Half of its challenges were read before by this process (warm), the
others never (cold). All three take turns, a few transactions at a time.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN, TASKS, Ground, lay
from workflow.model.challenge import Challenge
from workflow.store import challenges
from workflow.store.challenges import Origin
from workflow.store.database import Database
from workflow.store.drivers import sqlite
from workflow.store.log import logbook
from workflow.store.rows.codec import Shelf

Work = TypeVar("Work")

BUDGET = Budget(0.40, is_floor=True)
AUDIT_BUDGET = Budget(1.15)
SLICE = 54  # three times each step, so that every slice is the same work

_RAW = """
CREATE TABLE challenge (id INTEGER PRIMARY KEY, title TEXT, snapshot TEXT);
CREATE TABLE task (id INTEGER PRIMARY KEY, challenge_id INT, status TEXT, done_at TEXT, note TEXT);
CREATE TABLE history (
    challenge_id INT, seq INT, at TEXT, actor INT, kind TEXT, body TEXT,
    PRIMARY KEY (challenge_id, seq)
) WITHOUT ROWID;
CREATE TABLE outbox (id INTEGER PRIMARY KEY, task_id INT, recipient INT, created_at TEXT);
CREATE TABLE timer (id INTEGER PRIMARY KEY, task_id INT, fires_at TEXT);
CREATE INDEX timer_fires_at ON timer (fires_at);
"""
_AT = BEGUN.isoformat(" ")
_NOTE = "recorded by the manager, as agreed"
_BODY = '{"task":"accept:4","on":"2026-11-02","by":4,"evidence":"as agreed","attested":["dates"]}'


@dataclass(frozen=True, slots=True)
class Raw:
    """A bare database with tables of the shape that R needs, and one row a task."""

    connection: sqlite3.Connection
    tasks: int

    def complete(self, numbers: Iterable[int]) -> None:
        """Write what so many completions must write at the least, each by itself."""
        for number in numbers:
            self._complete(number, number % self.tasks)

    def create(self, numbers: Iterable[int]) -> None:
        """Write what so many new challenges must write at the least, each by itself."""
        for number in numbers:
            self._create(number, self.tasks + number * TASKS)

    def _create(self, number: int, first: int) -> None:
        run, tasks = self.connection.execute, range(first, first + TASKS)
        run("BEGIN IMMEDIATE")
        run("INSERT INTO challenge (id, title, snapshot) VALUES (?, ?, ?)", (number, _NOTE, _BODY))
        self.connection.executemany(
            "INSERT INTO task VALUES (?, ?, 'open', NULL, '')", ((task, number) for task in tasks)
        )
        self.connection.executemany(
            "INSERT INTO timer (task_id, fires_at) VALUES (?, ?)", ((task, _AT) for task in tasks)
        )
        run("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)",
            (number, 0, _AT, 1, "ChallengeStarted", _BODY))  # fmt: skip
        run("COMMIT")

    def _complete(self, number: int, task: int) -> None:
        run = self.connection.execute
        challenge = task // TASKS
        run("BEGIN IMMEDIATE")
        run("UPDATE task SET status = 'done', done_at = ?, note = ? WHERE id = ?",
            (_AT, _NOTE, task))  # fmt: skip
        run("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)",
            (challenge, number, _AT, 1, "TaskDone", _BODY))  # fmt: skip
        run("INSERT INTO outbox (task_id, recipient, created_at) VALUES (?, ?, ?)",
            (task, 4, _AT))  # fmt: skip
        run("INSERT INTO timer (task_id, fires_at) VALUES (?, ?)", (task, _AT))
        run("COMMIT")


def open_raw(path: Path, *, challenges: int) -> Raw:
    """Return a bare database with all tasks of some challenges."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in sqlite.SETTINGS:
        connection.execute(setting)
    connection.executescript(_RAW)
    tasks = challenges * TASKS
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO task VALUES (?, ?, 'open', NULL, '')",
        ((task, task // TASKS) for task in range(tasks)),
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
    return Raw(connection, tasks)


@dataclass(slots=True)
class Course:
    """Challenges at every stage of their preparation, each waiting for one completion."""

    ground: Ground
    ids: Sequence[Sequence[int]]  # for each step, those that wait for it
    taken: int = 0
    events: int = 0

    def next_slice(self, count: int = SLICE) -> list[tuple[str, int]]:
        """Return the references that are next, each with its step."""
        steps = len(self.ids)
        turns = range(self.taken, self.taken + count)
        self.taken += count
        return [(f"C-{self.ids[turn % steps][turn // steps]}", turn % steps) for turn in turns]

    def read(self, wanted: Sequence[tuple[str, int]]) -> None:
        """Read challenges, so that this process has seen them."""
        with self.ground.database.reading() as link:
            for reference, _ in wanted:
                challenges.load(link, reference)

    def complete(self, wanted: Sequence[tuple[str, int]]) -> None:
        """Record in each challenge the task that is next."""
        engine, steps, actor = self.ground.engine(), self.ground.steps(), self.ground.administrator
        for reference, step in wanted:
            outcome = engine.act(reference, steps[step], actor=actor)
            self.events += len(outcome.events)


def prepare(folder: Path, *, slices: int) -> Course:
    """Make a database with enough challenges for so many slices of warm and cold completions."""
    return prepare_at(f"sqlite:///{folder / 'challenges.db'}", completions=2 * slices * SLICE)


def prepare_at(url: str, *, completions: int) -> Course:
    """Make a database at `url` with enough challenges for so many completions."""
    ground = lay(url)
    engine, steps = ground.engine(), ground.steps()
    model, ids = ground.start("MODEL"), list[range]()
    for step in steps:
        ids.append(ground.copy(model, -(-completions // len(steps))))
        engine.act("MODEL", step, actor=ground.administrator)
    ground.settle()
    return Course(ground, ids)


def measure(
    folder: Path,
    *,
    rounds: int = 7,
    slices: int = 6,
    on_ready: Callable[[Database], None] = lambda database: None,
) -> tuple[Figure, Figure]:
    """Return the rates of warm and of cold completions against R.

    `on_ready` may spoil the database before it is measured: a control must be seen.
    """
    course = prepare(folder, slices=(rounds + 1) * slices)
    on_ready(course.ground.database)
    rates: dict[str, list[float]] = {"raw": [], "warm": [], "cold": []}
    raw = open_raw(folder / "raw.db", challenges=sum(map(len, course.ids)))
    with closing(raw.connection), closing(course.ground.database):
        _round(raw, course, slices)  # the first one fills caches and files
        course.events = 0
        for _ in range(rounds):
            for name, seconds in _round(raw, course, slices).items():
                rates[name].append(slices * SLICE / seconds)
    facts = {"events_per_completion": course.events / (2 * rounds * slices * SLICE)}
    return _figure("warm", rates, facts), _figure("cold", rates, facts)


def measure_audit(
    folder: Path,
    *,
    rounds: int = 7,
    slices: int = 6,
    on_ready: Callable[[Database], None] = lambda database: None,
) -> Figure:
    """Return what a completion takes with the audit log against one without it, warm.

    `on_ready` may spoil the database that has one before it is measured.
    """
    courses = {name: _beside(folder / name, (rounds + 1) * slices) for name in ("with", "without")}
    on_ready(courses["with"].ground.database)
    with courses["without"].ground.database.writing() as link:
        for (name,) in link.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            link.execute(f"DROP TRIGGER {name}")
    taken: dict[str, list[float]] = {name: [] for name in courses}
    for turn in range(rounds + 1):
        seconds = dict.fromkeys(courses, 0.0)
        for _ in range(slices):
            for name, course in courses.items():
                wanted = course.next_slice()
                course.read(wanted)
                with nullcontext() if name == "with" else _unlogged():
                    seconds[name] += timed(course.complete, wanted)
        if turn:  # the first one fills caches and files
            for name, value in seconds.items():
                taken[name].append(1000 * value / (slices * SLICE))
    for course in courses.values():
        course.ground.database.close()
    return Figure(
        code="A3",
        what="one task done, with the audit log against without it",
        unit="ms",
        ours=taken["with"],
        against=taken["without"],
        budget=AUDIT_BUDGET,
    )


def _beside(folder: Path, slices: int) -> Course:
    folder.mkdir()
    return prepare(folder, slices=slices)


@contextmanager
def _unlogged() -> Iterator[None]:
    """Let steps be kept without an entry: only here, to see what entries cost."""
    logged = logbook.write

    def unlogged(
        shelf: Shelf, before: Challenge, change: logbook.Change, *, origin: Origin, chain: str
    ) -> logbook.Written:
        rows = logbook.rows_of(shelf, before, change, origin=origin)
        return logbook.Written(tuple({**row, "entry_id": None} for row in rows), chain)

    logbook.write = unlogged
    try:
        yield
    finally:
        logbook.write = logged


def _round(raw: Raw, course: Course, slices: int) -> dict[str, float]:
    """Return the seconds that each of the three took for all its slices."""
    seconds = {"raw": 0.0, "warm": 0.0, "cold": 0.0}
    for _ in range(slices):
        turns = range(course.taken, course.taken + SLICE)
        warm, cold = course.next_slice(), course.next_slice()
        course.read(warm)
        seconds["raw"] += timed(raw.complete, turns)
        seconds["warm"] += timed(course.complete, warm)
        seconds["cold"] += timed(course.complete, cold)
    return seconds


def timed(call: Callable[[Work], None], work: Work) -> float:
    """Return the seconds that a piece of work takes."""
    start = perf_counter()
    call(work)
    return perf_counter() - start


def _figure(name: str, rates: dict[str, list[float]], facts: dict[str, float]) -> Figure:
    return Figure(
        code=f"P1 {name}",
        what=f"one task of {TASKS} done, {name}, against a bare transaction (R)",
        unit="/s",
        ours=rates[name],
        against=rates["raw"],
        budget=BUDGET,
        facts=facts,
    )
