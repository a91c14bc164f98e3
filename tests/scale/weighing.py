"""What a challenge weighs: its rows, and the bytes that they and their indexes take."""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from definitions import loader
from tests.integration.corporate import BEGUN, NAME, Life
from tests.prepared import prepare
from workflow.clock import SetClock
from workflow.store import library
from workflow.store.checks import record
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.moving import closing as catalogue
from workflow.store.moving import rows

END = datetime(2028, 1, 1, tzinfo=UTC)
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}
_VACUUM = {"sqlite": "VACUUM", "postgresql": "VACUUM FULL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """The rows of a database by table, and its bytes beyond those of an empty one."""

    challenges: int
    rows: dict[str, int]
    size_bytes: int

    def of_one(self) -> dict[str, float]:
        """Return rows and bytes for each challenge."""
        counted = {name: number / self.challenges for name, number in self.rows.items() if number}
        return {**counted, "bytes": self.size_bytes / self.challenges}


def weigh(database: Database, *, empty_bytes: int) -> Weight:
    """Return what a database weighs beyond an empty one, once no room in it is unused."""
    database.maintain(_VACUUM[database.dialect])
    with database.reading() as link:
        found = rows.counts(link, _tables(link))
        return Weight(
            challenges=record.number(link),
            rows=found,
            size_bytes=size_of(link) - empty_bytes,
        )


def size_of(link: Link) -> int:
    """Return how many bytes a database takes."""
    row = link.row(_SIZE[link.dialect])
    return int(row[0]) if row else 0


def _tables(link: Link) -> list[str]:
    return [name for name in catalogue.tables(link) if name != rows.STEPS]


def a_whole_life(folder: Path) -> Weight:
    """Return what a challenge weighs at its end, but for the texts of messages."""
    before = _without_challenges(folder)
    with closing(Database(f"sqlite:///{folder / 'life.db'}")) as database:
        life = Life(database, SetClock(BEGUN))
        life.begin()
        life.live(END)
        return weigh(database, empty_bytes=before)


def _without_challenges(folder: Path) -> int:
    """Return the bytes of a database that has the definition, and nothing that goes by it."""
    loaded = loader.load(NAME)
    with closing(Database(f"sqlite:///{folder / 'empty.db'}")) as empty:
        prepare(empty)
        with empty.writing() as link:
            library.keep(
                link,
                content_hash=loaded.content_hash,
                definition=loaded.definition,
                text=loaded.text,
                at=BEGUN,
            )
        empty.maintain("VACUUM")
        with empty.reading() as link:
            return size_of(link)


def said(weights: Iterable[Weight]) -> str:
    """Return weights as JSON, for each challenge."""
    return json.dumps([weight.of_one() for weight in weights], indent=1)
