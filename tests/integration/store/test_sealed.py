"""What people said is sealed, what happened is entered; raw SQL can undo neither."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from tests.integration.store.builders import (
    AT,
    CONTENT_HASH,
    DEFINITION,
    HOUR,
    add_person,
    begin,
    go_on,
    line,
    opened,
    started,
    step,
)
from tests.tampering import disarm
from workflow.auditing import verification
from workflow.model import events as e
from workflow.model.challenge import replay
from workflow.model.log.merkle import leaf_hash
from workflow.model.records import events as r
from workflow.store import challenges, library, outbox, people, schema
from workflow.store.challenges import Origin
from workflow.store.correspondence import answers, incoming, preferences
from workflow.store.database import Database
from workflow.store.keeping.marks import DESTROYED
from workflow.store.link import Link
from workflow.store.log import entries
from workflow.store.rows import codec, snapshots

CALL = line("call:2", person=2)
WORD = "quokka"
_BODIES = "SELECT body FROM entry ORDER BY id"
NAME = f"Ben {WORD.title()}"


def say_everything(database: Database) -> None:
    """Let people say the word in every place that keeps words of theirs."""
    with database.writing() as link:
        people.change(link, 2, name=NAME, email=f"{WORD}@office.example", phone=WORD)
    begin(database, "GAR-26", CALL)
    go_on(
        database,
        e.DateSet(at=AT, actor=1, key="visit", on=AT.date(), reason=WORD),
        e.AnswerGiven(at=AT, actor=2, task="call:2", answer="cannot", says=WORD),
        e.TaskDone(at=AT, actor=1, task="call:2", on=AT.date(), evidence=WORD),
        e.NoticeRaised(at=AT, notice="reminder", recipient=2, occurrence="1", tasks=("call:2",)),
        e.CommandRefused(at=AT, actor=1, command="Advance", message=WORD),
    )
    with database.writing() as link:
        claimed = outbox.claim(link, 1, lease_until=AT + HOUR, at=AT)
        assert claimed is not None
        said = {"message_id": "<1@x.example>", "subject": WORD, "text": WORD}
        assert outbox.mark_sent(link, claimed, at=AT, **said)
        preferences.mark_refused(link, 2, at=AT, why=WORD)
        received = incoming.Received(
            message_id="<2@x.example>",
            came_at=AT,
            sender=f"{WORD}@office.example",
            subject=WORD,
            kind="reply",
            body=WORD,
            digest="0",
            person_id=2,
        )
        incoming.keep(link, received)


def keys_of(database: Database) -> list[Path]:
    """Return the files of all keys, in order."""
    return sorted(database.vault.folder.rglob("*.key"))


def everything(database: Database, *, is_sealed: bool) -> str:
    """Return every row of every table as text."""
    tables = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    }
    with database.reading(is_sealed=is_sealed) as link:
        names = [name for (name,) in link.rows(tables[database.dialect])]
        found = (link.rows(f'SELECT * FROM "{name}"') for name in names)  # noqa: S608 (our tables)
        return "\n".join(map(str, found))


def test_what_people_say_is_read_in_clear_and_kept_sealed(database_url: str) -> None:
    with opened(database_url) as database:
        say_everything(database)
        assert everything(database, is_sealed=False).lower().count(WORD) == 15
        assert WORD not in everything(database, is_sealed=True).lower()
        with database.reading() as link:
            assert people.find(link, f"{WORD.upper()}@office.example").name == NAME
            assert answers.listed(link)[0].body == WORD
            snapshots.forget()
            stored = challenges.load(link, "GAR-26", is_cached=False)
            assert stored.challenge.tasks["call:2"].evidence == WORD


def test_no_file_beside_the_keys_has_a_word_in_clear(tmp_path: Path) -> None:
    """Not even in what SQLite wrote ahead, or left behind."""
    with opened(f"sqlite:///{tmp_path / 'challenges.db'}") as database:
        say_everything(database)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert {path.name for path in files} >= {"challenges.db", "challenges.db-wal"}
        assert [path for path in files if WORD.encode() in path.read_bytes().lower()] == []


def test_without_the_keys_nothing_can_be_read_and_all_is_as_it_was(database_url: str) -> None:
    with opened(database_url) as database:
        say_everything(database)
        before = everything(database, is_sealed=True)
        with database.reading() as link:
            rows = link.rows("SELECT key_id FROM person WHERE id = 2")
            rows += link.rows("SELECT key_id FROM challenge")
        for (key_id,) in rows:
            assert database.vault.destroy(key_id)
        assert everything(database, is_sealed=True) == before
        assert WORD not in everything(database, is_sealed=False).lower()
        snapshots.forget()
        with database.reading() as link:
            stored = challenges.load(link, "GAR-26", is_cached=False)
            assert stored.challenge.tasks["call:2"].evidence == DESTROYED
            assert people.find(link, "2").name == DESTROYED


def test_a_text_that_names_somebody_goes_with_them_wherever_it_stands(sqlite_url: str) -> None:
    """An event and the task that it changes are sealed alike, so that both still add up."""
    with opened(sqlite_url) as database, database.writing() as link:
        nan = add_person(link, "Nan New").id
        shelf = codec.Shelf(link, 1, link.new_key())
        text = f"{{p{nan}}} has seen it"
        token = shelf.seal(text)
        done = e.TaskDone(at=AT, actor=1, task="draft", on=AT.date(), evidence=text)
        assert token in codec.dump_event(done, shelf.seal)
        (key_id,) = link.row("SELECT key_id FROM person WHERE id = :id", id=nan) or ("",)
        database.vault.destroy(key_id)
        assert database.vault.unseal(token) == DESTROYED


def test_a_clock_that_is_set_back_does_not_make_the_log_look_tampered_with(sqlite_url: str) -> None:
    with opened(sqlite_url) as database:
        begin(database, "GAR-26", CALL)
        for at in (AT - HOUR, AT - 2 * HOUR, AT + HOUR):
            go_on(database, e.DateSet(at=at, actor=1, key="visit", on=AT.date()))
        with database.reading() as link:
            happened = [one.at for one in challenges.history(link, "GAR-26")][-3:]
            entered = [json.loads(body)["at"] for (body,) in link.rows(_BODIES)]
        assert happened == [AT - HOUR, AT - 2 * HOUR, AT + HOUR]  # as the machine had it
        assert entered == sorted(entered)
        assert verification.verify(database).is_intact


def test_an_address_is_somebodys_once_however_it_is_written(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        keys = keys_of(database)
        with pytest.raises(Exception, match="already a person with the e-mail address ADA@"):
            people.add(link, name="Another", email="ADA@office.example")
        assert keys_of(database) == keys


def test_what_is_undone_leaves_no_key_behind(database_url: str) -> None:
    def add_and_fail() -> None:
        with database.writing() as link:
            people.add(link, name="Cleo Example", email="cleo@office.example")
            assert len(keys_of(database)) == len(keys) + 1
            raise KeyError("planted")

    with opened(database_url) as database:
        keys = keys_of(database)
        with pytest.raises(KeyError, match="planted"):
            add_and_fail()
        assert keys_of(database) == keys


def test_a_key_stays_where_nobody_knows_whether_it_was_kept(sqlite_url: str) -> None:
    def fail_at_the_end() -> None:
        with database.writing() as link:
            people.add(link, name="Cleo Example", email="cleo@office.example")
            link.execute("PRAGMA defer_foreign_keys = ON")
            link.execute("INSERT INTO booking VALUES (99, 99, :on, :on)", on=AT.date())

    with opened(sqlite_url) as database:
        keys = keys_of(database)
        with pytest.raises(sqlite3.IntegrityError):
            fail_at_the_end()
        assert len(keys_of(database)) == len(keys) + 1


def test_each_step_has_one_entry_that_names_the_one_before(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL)
        origin = Origin("cli", "c0ffee", "SetDate", 1, "administrator")
        with database.writing() as link:
            database.session = "ops"
            stored = challenges.load(link, "GAR-26")
            happened = e.DateSet(at=AT, actor=1, key="visit", on=AT.date(), reason=WORD)
            challenges.append(link, stored, step(stored, happened), origin=origin)
        with database.reading() as link:
            rows = link.rows("SELECT body, digest FROM entry ORDER BY id")
            events = link.rows("SELECT seq, entry_id, source FROM event ORDER BY seq")
            chain = link.row("SELECT chain FROM challenge")
    assert [bytes(digest) for _, digest in rows] == [leaf_hash(body.encode()) for body, _ in rows]
    first, second = (json.loads(body) for body, _ in rows)
    assert (first["challenge"]["previous"], first["events"]["from"]) == ("", 1)
    assert second["challenge"]["previous"] == bytes(rows[0][1]).hex()
    assert chain == (bytes(rows[1][1]).hex(),)
    assert events[-1] == (second["events"]["to"], 2, "cli")
    wanted = {"action": "SetDate", "authority": "administrator", "command": "c0ffee", "actor": 1}
    assert wanted.items() <= second.items()
    assert second["after"] == {"dates": {"visit": "2026-11-02"}}
    assert WORD not in rows[1][0]


def test_what_concerns_no_challenge_is_entered_too(database_url: str) -> None:
    with opened(database_url) as database:
        database.session = "ops"
        with database.writing() as link:
            doing = entries.Doing(
                at=AT, actor=1, action="person_added", source="cli", detail={"person": 2}
            )
            number = entries.put(link, doing)
            entries.put(link, doing._replace(result="refused", session="web"))
        with database.reading() as link:
            rows = [json.loads(body) for (body,) in link.rows("SELECT body FROM entry")]
    assert number == 1
    assert rows[0]["detail"] == {"person": 2}
    assert rows[0]["software"].startswith("peer-challenge ")
    assert [(row["session"], row["result"]) for row in rows] == [
        ("ops", "applied"),
        ("web", "refused"),
    ]


REFUSED = {
    "UPDATE entry SET body = '{}'": "history is append-only",
    "DELETE FROM entry": "history is append-only",
    "UPDATE event SET actor = 2": "history is append-only",
    "DELETE FROM event WHERE seq = 1": "history is append-only",
    "INSERT INTO event SELECT challenge_id, seq + 90, at, actor, kind, body, source, command_id,"
    " NULL FROM event WHERE seq = 1": "an event belongs to an entry",
    "UPDATE challenge SET stage = 'over'": "a challenge changes with an entry",
    "UPDATE challenge SET snapshot = '{}'": "a challenge changes with an entry",
    "UPDATE challenge SET version = version + 1": "a challenge changes with an entry",
    "UPDATE challenge SET chain = 'f00d', stage = 'over'": "a challenge changes with an entry",
}


@pytest.mark.parametrize("statement", REFUSED)
def test_raw_sql_cannot_change_what_happened(database_url: str, statement: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL)
        with pytest.raises(Exception, match=REFUSED[statement]), database.writing() as link:
            link.execute(statement)
        if statement == "DELETE FROM entry":
            return  # its events hold on to it, too
        with database.writing() as link:  # the control: without triggers, it can
            disarm(link)
            assert link.execute(statement) > 0


@pytest.fixture
def old(database_url: str) -> Iterator[Database]:
    """Yield a database from before there were keys and a log, with a challenge in it."""
    with closing(Database(database_url)) as database:
        if database.dialect == "sqlite":
            schema._make_file(database.name)
        with closing(schema._migrating(database)) as raw:
            _make_tables(raw, database.dialect)
            link = Link(raw, dialect=database.dialect, is_writing=True)
            raw.execute("BEGIN") if database.dialect == "sqlite" else None
            add_person(link, "Ada Example", is_administrator=True)
            add_person(link, NAME)
            library.keep(link, content_hash=CONTENT_HASH, definition=DEFINITION, text="t", at=AT)
            challenges.insert(link, started(lines=(CALL,)), origin=Origin("old"))
            for statement in (
                "UPDATE event SET entry_id = NULL",
                "UPDATE challenge SET chain = NULL",
                "DELETE FROM entry",
            ):
                link.execute(statement)
            raw.execute("COMMIT") if database.dialect == "sqlite" else raw.commit()
        yield database


def _make_tables(raw: object, dialect: str) -> None:
    name = "sqlite" if dialect == "sqlite" else "postgresql+psycopg"
    engine = create_engine(f"{name}://", creator=lambda: raw, poolclass=StaticPool)
    config = schema.configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def test_what_is_old_is_sealed_and_entered_once(old: Database) -> None:
    assert WORD in everything(old, is_sealed=True).lower()
    for _ in range(2):
        schema.upgrade(old)
        assert WORD not in everything(old, is_sealed=True).lower()
        with old.reading() as link:
            assert people.find(link, f"{NAME.partition(' ')[0]}@office.example").name == NAME
            ((body,),) = link.rows("SELECT body FROM entry")
            assert json.loads(body)["action"] == "Adopt"
            assert link.row("SELECT count(*) FROM event WHERE entry_id IS NULL") == (0,)
    go_on(old, e.DateSet(at=AT, actor=1, key="visit", on=AT.date()))


def test_with_a_persons_key_all_goes_that_was_said_of_them_and_the_history_still_adds_up(
    database_url: str,
) -> None:
    """Of their tasks, their things, and how they destroyed them: in events and state alike."""
    notebook = {"item": "notebook-7", "medium": "notebook", "title": "Notebook 7"}
    confirmed = r.Confirmation(medium="laptop", method=WORD, on=AT.date())
    with opened(database_url) as database:
        begin(database, "GAR-26", CALL)
        go_on(
            database,
            r.ItemIssued(at=AT, actor=1, person=2, on=AT.date(), **notebook),
            e.TaskDone(at=AT, actor=1, task="call:2", on=AT.date(), evidence=WORD),
            r.MediaConfirmed(at=AT, actor=2, task="call:2", media=(confirmed,)),
            r.ItemSettled(
                at=AT,
                actor=2,
                item="notebook-7",
                outcome="destroyed",
                on=AT.date(),
                method=WORD,
                evidence=WORD,
            ),
        )
        with database.reading() as link:
            ((key_id,),) = link.rows("SELECT key_id FROM person WHERE id = 2")
        assert database.vault.destroy(key_id)
        assert WORD not in everything(database, is_sealed=False).lower()
        snapshots.forget()
        with database.reading() as link:
            kept = challenges.load(link, "GAR-26", is_cached=False).challenge
            assert replay(one.event for one in challenges.history(link, "GAR-26")) == kept
