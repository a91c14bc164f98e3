"""A database of a version, as SQL, with its keys: a visit that is over and one that goes on."""

import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.golden.written import plain
from tests.grounds import Ground
from tests.integration.retaining.destroying import MARKER, Site, fill, opened, words
from workflow.model.challenge import Challenge
from workflow.store import schema
from workflow.store.backups import keys
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault

SQL, KEYS, SAID = "database.sql.gz", "keys.tar", "database.json"
OVER, GOING = "NOR-26", "RUN-26"
MADE_AT, NEVER = datetime(2026, 11, 28, tzinfo=UTC), date(9999, 12, 31)


def write(folder: Path, scratch: Path) -> None:
    """Write a database of today's into a folder, and what it shows."""
    with opened(f"sqlite:///{scratch / 'visits.db'}") as site:
        fill(site.close())
        site.start(GOING)
        site.done("scope_agreed", "brief_visitor", reference=GOING)
        site.log.checkpoint()
        keys.pack(site.database.vault, folder / KEYS, at=MADE_AT, until=NEVER)
        said = {"schema": schema.version(site.database), "hash": site.content_hash, **shown(site)}
        (folder / SAID).write_text(
            json.dumps(said, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        site.database.close()
    with closing(sqlite3.connect(scratch / "visits.db")) as file:
        dump = "\n".join(file.iterdump()).encode()
    (folder / SQL).write_bytes(gzip.compress(dump, mtime=0))


def shown(ground: Ground) -> dict[str, Any]:
    """Return what there is in a database, as somebody sees it who has its keys."""
    with ground.database.reading() as link:
        mail = [list(row) for row in link.rows("SELECT id, status, tasks FROM outbox ORDER BY id")]
    challenges = {one: plain(looked(ground, one)) for one in (OVER, GOING)}
    return {"mail": mail, "markers": words(ground).count(MARKER), "challenges": challenges}  # type: ignore[arg-type]


def looked(ground: Ground, reference: str) -> Challenge:
    """Return a challenge as it is kept."""
    return ground.views.look(reference).challenge


def read(folder: Path, place: Path) -> tuple[Site, dict[str, Any]]:
    """Make the database of a version anew, with its keys; return the ground, and what it showed."""
    said: dict[str, Any] = json.loads((folder / SAID).read_text(encoding="utf-8"))
    file = place / "visits.db"
    with closing(sqlite3.connect(file)) as made:
        made.executescript(gzip.decompress((folder / SQL).read_bytes()).decode())
        made.commit()
    vault = Vault(Path(f"{file}.vault"))
    keys.unpack(folder / KEYS, vault, without=frozenset())
    return Site(Database(f"sqlite:///{file}", vault=vault), said["hash"]), said
