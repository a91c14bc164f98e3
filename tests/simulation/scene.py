"""What stands in the database at a step: read beside the product, and folded once more.

Rows are read in plain SQL. Of the events only new ones are read, and the fold goes on from where it
was, so that a step costs what it brought.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.simulation.made.reference import Model
from tests.simulation.world import Taken, World
from workflow.model import events as e
from workflow.model.challenge import Challenge, evolve
from workflow.model.planning.rulebook import Rulebook
from workflow.store import challenges, rulebooks
from workflow.store.database import Link
from workflow.store.link import day, flag, moment
from workflow.store.rows import codec

_CHALLENGES = """
SELECT id, reference, version, stage, is_final, wake_at, definition_hash FROM challenge ORDER BY id
"""
_TASKS = """
SELECT key, spec, status, person, target_on, limit_on, limit_at, is_missed
FROM task WHERE challenge_id = :id
"""
_OUTBOX = """
SELECT id, challenge_id, unique_key, notice, recipient_id, tasks, marks, is_ladder, is_urgent,
    status, created_at, attempts, next_attempt_at, lease_until, message_id, carrier_id,
    calendar IS NOT NULL, fence, not_before, sent_to_id
FROM outbox ORDER BY id
"""
_EVENTS = """
SELECT e.seq, e.kind, e.body, e.source, e.command_id, e.entry_id, e.at, e.actor, n.body
FROM event e LEFT JOIN entry n ON n.id = e.entry_id
WHERE e.challenge_id = :id AND e.seq > :last ORDER BY e.seq
"""
_CERTIFICATES = """
SELECT f.number, c.reference, f.rule, f.signature
FROM certificate f JOIN challenge c ON c.id = f.challenge_id
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox."""

    id: int
    challenge: int | None
    unique_key: str
    notice: str
    recipient: int
    tasks: frozenset[str]
    fires_at: dict[str, datetime]
    is_ladder: bool
    is_urgent: bool
    status: str
    created_at: datetime
    attempts: int
    next_at: datetime
    lease_until: datetime | None
    message_id: str | None
    carrier: int | None
    has_entry: bool
    fence: int
    not_before: datetime
    stand_in: int | None
    rungs: dict[str, str]


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """A row of the tasks."""

    key: str
    spec: str
    status: str
    person: int | None
    target_on: date | None
    limit_on: date | None
    limit_at: datetime | None
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as it is kept, with what it belongs to."""

    seq: int
    event: e.Event
    source: str
    command_id: str | None
    entry_id: int | None
    at: datetime | None
    actor: int | None
    entry: str | None


@dataclass
class Life:
    """One challenge as it is kept, folded and expected."""

    id: int
    reference: str
    model: Model | None
    rules: Rulebook
    version: int = 0
    stage: str = ""
    is_final: bool = False
    wake_at: datetime | None = None
    content_hash: str = ""
    tasks: dict[str, TaskSeen] = field(default_factory=dict)
    history: list[Kept] = field(default_factory=list)
    folded: Challenge = field(default_factory=Challenge)
    stored: Challenge = field(default_factory=Challenge)
    new: list[Kept] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    told: Counter[tuple[str, int, frozenset[str]]] = field(default_factory=Counter)


@dataclass
class Lost:
    """What was known of a database when it was lost, and what people said since of its backup.

    `said` are the keys of the notices that a mail server took, `certificates` the numbers of what
    was destroyed. `rows` are the messages of the database that was put back; those that somebody
    let go are `released`. Until somebody has looked, mail `is_held`.
    """

    said: frozenset[str]
    certificates: frozenset[str]
    at: datetime | None = None
    rows: frozenset[int] = frozenset()
    released: set[int] = field(default_factory=set)
    is_held: bool = True


class Scene:
    """All that is kept, at a step."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lives: dict[int, Life] = {}
        self.models: dict[str, Model] = {}
        self.rows: dict[int, Row] = {}
        self.certificates: list[tuple[str, str, str, str]] = []
        self.destroyed = defaultdict[str, set[tuple[int, bytes]]](set)
        self.backlog_until = world.lot.begun - timedelta(days=1)
        self.lost: Lost | None = None
        self.stand_ins = defaultdict[int, set[int]](set)
        self._raw: dict[int, tuple[object, ...]] = {}
        self._watch = world.reader.connect()
        self._seen = -1
        self.is_model_used = world.lot.shape is not None

    @property
    def at(self) -> datetime:
        """Return the present moment by the clock."""
        return self.world.clock.now()

    @property
    def taken(self) -> list[Taken]:
        """Return what the mail server took."""
        return self.world.mail.taken

    def life(self, reference: str) -> Life:
        """Return a challenge by its reference."""
        return next(one for one in self.lives.values() if one.reference == reference)

    def ask(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Return rows as they stand in the database."""
        found: list[tuple[Any, ...]] = self._watch.execute(sql, values).fetchall()
        return found

    def close(self) -> None:
        """Let go of the database."""
        self._watch.close()

    def begin_again(self, models: dict[str, Model], backlog_until: datetime) -> None:
        """Know nothing but this, of a database that was put back."""
        self.models, self.backlog_until = models, backlog_until
        self.lives, self.rows, self.certificates, self._raw = {}, {}, [], {}
        self._watch, self._seen = self.world.reader.connect(), -1

    def look(self) -> "Scene":
        """Read what is there now, if somebody has changed it since; what is `new` adds up."""
        (version,) = self._watch.execute("PRAGMA data_version").fetchone()
        if version == self._seen:
            return self
        self._seen = version
        for raw in self._watch.execute(_OUTBOX):
            if self._raw.get(raw[0]) != raw:
                self._raw[raw[0]], self.rows[raw[0]] = raw, _row(raw)
        self.certificates = self._watch.execute(_CERTIFICATES).fetchall()
        moved = [one for one in self._watch.execute(_CHALLENGES).fetchall() if self._is_new(one)]
        if moved:
            with self.world.reader.reading() as link:
                for found in moved:
                    self._look_at(link, found)
        return self

    def _is_new(self, found: tuple[Any, ...]) -> bool:
        """Note how a challenge stands; return whether there are events that were not read yet."""
        life = self.lives.get(found[0])
        if life is None:
            return True
        is_moved = life.version != found[2] or not life.history
        _note(life, found)
        return is_moved

    def _look_at(self, link: Link, found: tuple[Any, ...]) -> None:
        number, reference, content_hash = found[0], found[1], found[6]
        if number not in self.lives:
            rules = rulebooks.fetch(link, content_hash)
            model = self.models.get(reference)
            self.lives[number] = Life(number, reference, model, rules)
            _note(self.lives[number], found)
        self._read(link, self.lives[number])

    def _read(self, link: Link, life: Life) -> None:
        last = life.history[-1].seq if life.history else 0
        rows = link.rows(_EVENTS, id=life.id, last=last)
        new = [
            Kept(
                seq,
                codec.load_event(kind, body),
                source,
                command_id,
                entry_id,
                moment(at),
                by,
                entry,
            )
            for seq, kind, body, source, command_id, entry_id, at, by, entry in rows
        ]
        for kept in new:
            life.folded = evolve(life.folded, kept.event)
            raised = kept.event
            if isinstance(raised, e.HoldPlaced):
                life.held.add(raised.name)
            elif isinstance(raised, e.HoldLifted):
                life.held.discard(raised.name)
            if isinstance(raised, e.NoticeRaised) and raised.recipient is not None:
                life.told[raised.notice, raised.recipient, frozenset(raised.tasks)] += 1
        life.history += new
        life.new += new
        life.tasks = {row[0]: _task(row) for row in link.rows(_TASKS, id=life.id)}
        life.stored = challenges.load(link, life.reference, is_cached=False).challenge

    def checked(self) -> None:
        """Nothing is new any more: all of it was looked at."""
        for life in self.lives.values():
            life.new = []

    def of(self, life: Life) -> list[Row]:
        """Return the rows of the outbox of a challenge."""
        return [row for row in self.rows.values() if row.challenge == life.id]

    def waiting(self, statuses: Iterable[str]) -> list[Row]:
        """Return the rows of the outbox in some statuses."""
        wanted = set(statuses)
        return [row for row in self.rows.values() if row.status in wanted]


def _note(life: Life, found: tuple[Any, ...]) -> None:
    _, _, life.version, life.stage, is_final, wake_at, life.content_hash = found
    life.is_final, life.wake_at = flag(is_final), moment(wake_at)


def _row(row: tuple[object, ...]) -> Row:
    marks = json.loads(str(row[6])) if row[6] else {}
    fires = {task: datetime.fromisoformat(at) for task, (_, at) in marks.items()}
    rungs = {task: rung for task, (rung, _) in marks.items()}
    values = list(row)
    values[5], values[6] = frozenset(json.loads(str(row[5]))), fires
    for number in (7, 8, 16):
        values[number] = flag(row[number])
    for number in (10, 12, 13, 18):
        values[number] = moment(row[number])
    return Row(*values, rungs)  # type: ignore[arg-type,call-arg]


def _task(row: tuple[object, ...]) -> TaskSeen:
    key, spec, status, person, target_on, limit_on, limit_at, is_missed = row
    days = day(target_on), day(limit_on)
    return TaskSeen(str(key), str(spec), str(status), person, *days, moment(limit_at),  # type: ignore[arg-type]
                    flag(is_missed))  # fmt: skip
