"""What does not move, and is said to: each with the way out, and nothing is changed."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.grounds import ADA
from tests.integration.retaining.destroying import Site
from tests.tampering import disarm
from tests.visits import VISITOR
from workflow.backing_up.moving import Moving
from workflow.model.errors import Refused, Unavailable
from workflow.store import meta, schema
from workflow.store.database import Database
from workflow.store.keeping.files import Files
from workflow.store.link import Link
from workflow.store.moving import fence, rows

from .moves import goes_on, moved, nothing_is_there, refusal


def test_a_second_move_is_refused(site: Site, moving: Moving, tmp_path: Path) -> None:
    moved(moving, site)
    other = Database(f"sqlite:///{tmp_path / 'other.db'}", vault=site.database.vault)
    text = refusal(Moving(site.database, other, site.clock, actor=ADA))
    place = moving.target.name
    assert text == (
        f"the database {site.database.name} was moved to {place} already; "
        "take it back first: migrate-database --undo"
    )


@pytest.mark.parametrize("how", ["by this program", "by another"])
def test_a_place_that_is_not_empty_is_refused(site: Site, to_server: Moving, how: str) -> None:
    if how == "by another":
        with psycopg.connect(to_server.target.url) as server:
            server.execute("CREATE TABLE accounts (number int)")
    else:
        schema.upgrade(to_server.target)
    tables = "1 tables, such as accounts" if how == "by another" else "23 tables, such as access_"
    assert f"{to_server.target.name} is not empty: it has {tables}" in refusal(to_server)
    assert refusal(to_server).endswith(
        "name an empty database, such as one that createdb has just made"
    )
    assert goes_on(site, "NEW-26")


def test_the_copy_of_another_database_is_not_cleared_away(site: Site, moving: Moving) -> None:
    schema.upgrade(moving.target, then=lambda link: meta.put(link, "moved_from", "/other.db"))
    assert "is not empty: it has 23 tables" in refusal(moving)


def test_the_same_place_is_refused(site: Site) -> None:
    moving = Moving(site.database, Database(site.database.url), site.clock, actor=ADA)
    name = site.database.name
    assert refusal(moving) == f"{name} is where the database is: name another place"


def test_a_place_where_no_tables_may_be_made_is_refused(site: Site, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("DROP ROLE IF EXISTS visitor")
        server.execute("CREATE ROLE visitor LOGIN")
    url = postgres_url.replace("postgres@", "visitor@")
    with closing(Database(url, vault=site.database.vault)) as target:
        text = refusal(Moving(site.database, target, site.clock, actor=ADA))
        assert text == (
            f"visitor may not make tables in {target.name}; "
            "let its owner run: GRANT CREATE ON SCHEMA public TO visitor"
        )
    assert goes_on(site, "NEW-26")


def test_a_place_that_is_away_is_named(site: Site) -> None:
    target = Database("postgresql://somebody:secret@127.0.0.1:9/challenges")
    text = refusal(Moving(site.database, target, site.clock, actor=ADA))
    assert text.startswith("the database postgresql://127.0.0.1:9/challenges is away: ")
    assert "secret" not in text


def test_keys_that_are_missing_are_named(site: Site, moving: Moving) -> None:
    folder = site.database.vault.folder
    key = sorted(folder.glob("*/*/*.key"))[0]
    key.rename(key.with_suffix(".away"))
    text = refusal(moving)
    assert text.startswith(f"keys cannot be read in {folder}, such as ")
    assert text.endswith(" (1 in all): put them back first, with restore --keys FILE")
    assert goes_on(site, "NEW-26")


def test_stored_files_that_are_missing_are_named(site: Site, moving: Moving) -> None:
    files = Files.beside(site.database.vault)
    name = next(files.names())
    files.remove(name)
    text = f"stored files cannot be read in {files.folder}, such as {name} (1 in all): put them"
    assert refusal(moving) == f"{text} back first, from a backup with --files"


def test_what_was_forgotten_and_destroyed_needs_no_key(site: Site, moving: Moving) -> None:
    site.forgetting.forget(VISITOR, actor=ADA, reason="asked to")
    assert moved(moving, site).log.verify().is_intact


def test_a_log_that_is_not_intact_does_not_move(site: Site, moving: Moving) -> None:
    with site.database.writing() as link:
        disarm(link)
        link.execute("UPDATE event SET actor = 7 WHERE seq = 3")
    text = "the log of the copy is not intact: NOR-26: entry "
    assert refusal(moving).startswith(text)
    assert nothing_is_there(moving.target)
    site.start("NEW-26")


def test_only_who_may_copy_everything_may_move_it(site: Site, moving: Moving) -> None:
    moving.actor = VISITOR
    with pytest.raises(Refused):
        moving.move()
    assert nothing_is_there(moving.target)


class Forgetful(Link):
    """A link that loses the last of the rows of one table."""

    def executemany(self, sql: str, many: Sequence[Mapping[str, object]]) -> int:
        return super().executemany(sql, many[:-1] if '"member"' in sql else many)


class Careless(Link):
    """A link that writes one value down wrongly."""

    def executemany(self, sql: str, many: Sequence[Mapping[str, object]]) -> int:
        is_it = '"outbox"' in sql
        return super().executemany(sql, [{**many[0], "attempts": 7}, *many[1:]] if is_it else many)


@pytest.mark.parametrize(
    ("kind", "text"),
    [(Forgetful, "member has 5 rows instead of 6"), (Careless, "outbox has other rows")],
)
def test_a_copy_that_is_not_what_was_copied_is_noticed(
    site: Site, moving: Moving, kind: type[Link], text: str
) -> None:
    """The control: what compares the two is not blind."""
    target = moving.target
    with site.database.reading(is_sealed=True) as source:

        def fill(link: Link) -> None:
            rows.copy(source, kind(link._connection, dialect="sqlite", is_writing=True))

        with pytest.raises(Unavailable) as caught:
            schema.upgrade(target, then=fill)
        assert str(caught.value) == f"the copy is not what was copied: {text}"
        assert schema.version(target) is None


def test_a_table_comes_after_those_that_it_refers_to(site: Site) -> None:
    with site.database.reading() as link:
        order = rows.in_order(link)
    assert len(order) == len(set(order)) == 22
    pairs = [("person", "member"), ("challenge", "event"), ("entry", "event"), ("outbox", "answer")]
    assert all(order.index(first) < order.index(second) for first, second in pairs)
    assert fence.MOVING not in order
