"""The ground that is measured on: a database with one definition, its people, and copies.

One challenge is made by the engine; as many as are wanted are copied from it in SQL, row by row
of every table, so that a hundred thousand are there within a minute and each is a real one.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from definitions import loader
from workflow.clock import SetClock
from workflow.engine import Engine, NewChallenge
from workflow.model.commands import CompleteTask
from workflow.model.people import Person
from workflow.store import challenges, library, people, schema
from workflow.store.database import Database, Link
from workflow.store.library import Offered

DEFINITION = Path(__file__).with_name("visit.yaml")
BEGUN = datetime(2026, 11, 2, 10, tzinfo=UTC)
DATES = {"visit_start": date(2027, 1, 11), "visit_end": date(2027, 1, 14)}
VISITORS = 6
FAR = timedelta(days=400)  # after everything that a challenge of this definition waits for
TASKS = 40
EACH_VISITOR = 4
"""So many of the tasks are a visitor's own."""


def seats_of(visitors: int) -> tuple[str, ...]:
    """Return the roles of all people of a challenge with so many visitors."""
    return ("administrator", "manager", "leader", *["visitor"] * visitors, "host")


SEATS = seats_of(VISITORS)

_COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info(:name)",
    "postgresql": "SELECT column_name FROM information_schema.columns WHERE table_name = :name",
}
# what is another in each copy, by table; nothing: the database gives it
_TABLES: Mapping[str, Mapping[str, str]] = {
    "challenge": {
        "id": "n.number",
        "reference": "'C-' || n.number",
        "stamp": "CAST(:mark AS TEXT) || n.number",
        "snapshot": "replace(t.snapshot, :quoted, '\"C-' || n.number || '\"')",
        "wake_at": ":far",
    },
    "task": {"challenge_id": "n.number"},
    "event": {"challenge_id": "n.number"},
    "member": {"challenge_id": "n.number"},
    "booking": {"challenge_id": "n.number"},
    "outbox": {"id": "", "challenge_id": "n.number"},
}
_WAKE = "UPDATE challenge SET wake_at = :at WHERE id = :id"
_NUMBERS = """
WITH RECURSIVE n (number) AS (
    SELECT CAST(:first AS INTEGER) UNION ALL SELECT number + 1 FROM n WHERE number < :last
)
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with the definition, and the ids of its people by their place in `SEATS`."""

    database: Database
    content_hash: str
    people: tuple[int, ...]

    @property
    def administrator(self) -> int:
        """Return who acts."""
        return self.people[0]

    def engine(self) -> Engine:
        """Return what changes challenges, at a moment that stands still."""
        return Engine(self.database, SetClock(BEGUN))

    def new(self, reference: str, *, weeks: int = 0) -> NewChallenge:
        """Return what a challenge with its whole team and its dates, so much later, begins with."""
        seats = seats_of(len(self.people) - len(SEATS) + VISITORS)
        return NewChallenge(
            reference=reference,
            title="A visit",
            client="A host",
            offered=Offered(self.content_hash),
            dates={key: on + timedelta(weeks=weeks) for key, on in DATES.items()},
            roles=tuple(zip(seats[1:], self.people[1:], strict=True)),
        )

    def start(self, reference: str, *, steps: int = 0, weeks: int = 0) -> int:
        """Start a challenge with its whole team and its dates, take `steps`; return its id."""
        self.engine().start(self.new(reference, weeks=weeks), actor=self.administrator)
        for command in self.steps()[:steps]:
            self.engine().act(reference, command, actor=self.administrator)
        with self.database.reading() as link:
            return challenges.load(link, reference).id

    def steps(self) -> tuple[CompleteTask, ...]:
        """Return completions in an order in which they are possible, from the start on."""
        of_each = [
            _completed(spec, person) for person in self.people[2:-1] for spec in ("accept", "call")
        ]
        scope, timetable, statement, share = (
            _completed(spec, None) for spec in ("scope", "timetable", "statement", "share")
        )
        return (*of_each[:6], scope, timetable, *of_each[6:], statement, share)

    def copy(
        self, model: int, count: int, *, at_once: int = 1000, tables: Iterable[str] = tuple(_TABLES)
    ) -> range:
        """Copy a challenge; return the ids of the copies, whose references are `C-<id>`.

        The copies sleep until long after everything that they wait for; see `wake`.
        """
        with closing(self.database.connect()) as connection:
            if self.database.dialect == "sqlite":
                connection.execute("PRAGMA synchronous = OFF")  # nothing is measured meanwhile
            link = Link(connection, dialect=self.database.dialect, is_writing=True)
            row = link.row("SELECT max(id) + 1 FROM challenge")
            ids = range(row[0], row[0] + count) if row else range(0)
            for first in ids[::at_once]:
                connection.execute("BEGIN")
                last = min(first + at_once, ids.stop) - 1
                _copy(link, model, first, last=last, tables=tables)
                connection.execute("COMMIT")
        return ids

    def wake(self, ids: Iterable[int], at: datetime) -> None:
        """Let challenges be due at a moment."""
        with self.database.writing() as link:
            link.executemany(_WAKE, [{"id": number, "at": at} for number in ids])

    def settle(self) -> None:
        """Bring the database to where it would be after a quiet night."""
        with closing(self.database.connect()) as connection:
            if self.database.dialect == "sqlite":
                # the log keeps its length: a file that grows costs more at each commit
                connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            else:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")


def _completed(spec: str, person: int | None) -> CompleteTask:
    return CompleteTask(spec=spec, on=BEGUN.date(), person=person, evidence="as agreed")


def _copy(link: Link, model: int, first: int, *, last: int, tables: Iterable[str]) -> None:
    """Copy every row of a challenge, once for each number."""
    row = link.row("SELECT reference FROM challenge WHERE id = :id", id=model)
    quoted = f'"{row[0]}"' if row else ""
    for table in tables:
        special = _TABLES[table]
        own = {"quoted": quoted, "far": BEGUN + FAR, "mark": uuid4().hex}
        given = own if table == "challenge" else {}
        sql = _copying(link, table, special)
        link.execute(sql, model=model, first=first, last=last, **given)


def _copying(link: Link, table: str, special: Mapping[str, str]) -> str:
    """Return the statement that copies a model's rows of one table, once for each number."""
    names = [name for (name,) in link.rows(_COLUMNS[link.dialect], name=table)]
    columns = [name for name in names if special.get(name) != ""]
    values = ", ".join(special.get(name, f"t.{name}") for name in columns)
    owner = "id" if table == "challenge" else "challenge_id"
    into = f"INSERT INTO {table} ({', '.join(columns)})"
    read = f"SELECT {values} FROM n CROSS JOIN {table} t WHERE t.{owner} = :model"  # noqa: S608
    return f"{into} {_NUMBERS} {read} ORDER BY n.number"


def lay(url: str, *, visitors: int = VISITORS) -> Ground:
    """Return a new database at `url`, with the definition and its people.

    More `visitors` mean more tasks.
    """
    database = Database(url)
    schema.upgrade(database)
    loaded = loader.load_text(_definition(visitors), file=DEFINITION.name)
    with database.writing() as link:
        library.keep(
            link,
            content_hash=loaded.content_hash,
            definition=loaded.definition,
            text=loaded.text,
            at=BEGUN,
        )
        seats = enumerate(seats_of(visitors))
        ids = tuple(_add(link, number, role).id for number, role in seats)
    return Ground(database, loaded.content_hash, ids)


def _definition(visitors: int) -> str:
    text = DEFINITION.read_text(encoding="utf-8")
    text = text.replace(
        f"Visitor, side: team, needed: {VISITORS}", f"Visitor, side: team, needed: {visitors}"
    )
    return text.replace(f"visitor], needed: {VISITORS + 1}", f"visitor], needed: {visitors + 1}")


def _add(link: Link, number: int, role: str) -> Person:
    return people.add(
        link,
        name=f"{role.capitalize()} {number}",
        email=f"{role}.{number}@visit.example",
        is_administrator=role == "administrator",
    )
