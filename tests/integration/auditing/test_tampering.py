"""Who tampers with the log in the database is found out, and what is bad first is named."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.tampering import disarm
from tests.visits import BEGUN
from workflow.auditing import dossiers, trees
from workflow.auditing.log import Log
from workflow.model.log import notes
from workflow.model.log.merkle import leaf_hash
from workflow.store.log import reading
from workflow.store.log.reading import Dossier, Happened, Kept

REHASH = "UPDATE entry SET body = replace(body, 'cli', 'web') WHERE id = 2"
TAMPERING = {
    "an entry's text": (REHASH, "NOR-26: entry 2 is not what it was when written"),
    "an entry that is not in the tree yet": (
        REHASH.replace("= 2", "= 4"), "SOU-26: entry 4 is not what it was when written"),
    "a hash": ("UPDATE entry SET digest = zeroblob(32) WHERE id = 1",
               "NOR-26: entry 1 is not what it was when written"),
    "an entry is gone": ("DELETE FROM entry WHERE id = 2", "position 1 is missing"),
    "a leaf is gone": ("DELETE FROM leaf WHERE position = 1", "position 1 is missing"),
    "the last leaf is gone": (
        "DELETE FROM leaf WHERE position = 2",
        "the log has 2 entries, but 3 were signed: its end is cut off"),
    "leaves changed places": (
        "UPDATE leaf SET entry_id = CASE entry_id WHEN 1 THEN 4 ELSE entry_id END",
        "NOR-26: entry 2 stands in a wrong place"),
    "an entry was put in between": (
        "INSERT INTO entry SELECT 0, challenge_id, at, body, digest FROM entry WHERE id = 2",
        "NOR-26: entry 0 is not in the tree, though later ones are"),
    "a tile": ("UPDATE tile SET hashes = zeroblob(96)",
               "tile 0 of level 0 is not what its entries add up to"),
    "a checkpoint": ("UPDATE checkpoint SET note = replace(note, 'peer', 'pear')",
                     "the checkpoint of 3 entries: the checkpoint is of another log"),
    "a checkpoint's size": ("PRAGMA foreign_keys = OFF; UPDATE checkpoint SET size = 2",
                            "the checkpoint of 2 entries is another one"),
    "an event": ("UPDATE event SET actor = 2 WHERE challenge_id = 2 AND seq = 4",
                 "SOU-26: entry 3: events 1 to "),
    "whose an event is": ("UPDATE event SET entry_id = NULL WHERE challenge_id = 1 AND seq = 1",
                          "NOR-26: entry 1: it speaks for events 1 to "),
    "an event more": (
        "INSERT INTO event SELECT 2, 900, at, actor, kind, body, source, command_id, NULL"
        " FROM event WHERE challenge_id = 2 AND seq = 1",
        "SOU-26: event 34 is missing (found 900)"),
    "the last entry's events": (
        "DELETE FROM event WHERE challenge_id = 2 AND entry_id = 4",
        "SOU-26: entry 4: it speaks for events 30 to 33, but there are 0"),
    "whose an entry is": ("UPDATE challenge SET reference = 'WES-26' WHERE id = 2",
                          "WES-26: entry 3: it is about SOU-26, not WES-26"),
    "the chain's end": ("UPDATE challenge SET chain = '' WHERE id = 2",
                        "SOU-26: its last entry is not the one that was written last"),
    "a snapshot's count": ("UPDATE challenge SET version = version + 1 WHERE id = 2",
                           "33 events, but the snapshot counts 34"),
    "an event of no challenge": (
        "INSERT INTO event SELECT 77, seq, at, actor, kind, body, source, command_id, NULL"
        " FROM event WHERE challenge_id = 2 AND seq = 1",
        "challenge 77, which is not there: event 1 is in no entry of the log"),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "text"), TAMPERING.values(), ids=TAMPERING)
def test_who_tampers_with_the_log_is_found_out(log: Log, folder: Path, sql: str, text: str) -> None:
    with closing(log.database.connect()) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in sql.split("; "):
            assert connection.execute(statement).rowcount
    found = log.verify(anchors=[folder / "anchors.txt"])
    assert not found.is_intact
    assert text in (found.first_bad or "")


def rewrite(log: Log, *, body: str) -> None:
    """Change an entry as somebody can who has all, but for the anchors: the key, the tables."""
    with log.database.writing() as link:
        disarm(link)
        link.execute("UPDATE entry SET body = replace(body, '\"cli\"', :body)", body=body)
        previous: dict[int, str] = {}
        for entry_id, owner, text in link.rows("SELECT id, challenge_id, body FROM entry"):
            entry = json.loads(text)
            entry["challenge"]["previous"] = previous.get(owner, "")
            written = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
            digest = leaf_hash(written.encode())
            previous[owner] = digest.hex()
            link.execute(
                "UPDATE entry SET body = :text, digest = :digest WHERE id = :id",
                id=entry_id, text=written, digest=digest,
            )  # fmt: skip
        for owner, chain in previous.items():
            link.execute(
                "UPDATE challenge SET chain = :chain WHERE id = :id", id=owner, chain=chain
            )
        for table in ("anchor", "checkpoint", "leaf", "tile"):
            link.execute(f"DELETE FROM {table}")  # noqa: S608
    log.checkpoint()


def test_only_an_anchor_finds_out_who_writes_everything_anew(log: Log, folder: Path) -> None:
    rewrite(log, body='"web"')
    assert log.verify().is_intact  # the control: they have everything that is kept here
    found = log.verify(anchors=[folder / "anchors.txt"])
    assert found.first_bad == "the first 3 entries are not those that were signed (up to entry 3)"


def test_an_anchor_of_another_log_is_told(log: Log, folder: Path) -> None:
    text = (folder / "anchors.txt").read_text()
    (folder / "other.txt").write_text(text.replace("peer-challenge/", "other/"))
    found = log.verify(anchors=[folder / "other.txt"])
    assert "anchor 1: the checkpoint is of another log" in (found.first_bad or "")


def test_two_trees_of_one_size_that_were_signed_are_told(log: Log) -> None:
    expected = trees.Expected()
    expected.add(notes.Head(3, b"\x00" * 32))
    expected.add(notes.Head(3, b"\x01" * 32))
    said = "two different trees of 3 entries were signed"
    assert trees.check(log.database, expected).fault == said


def test_of_what_was_destroyed_the_entries_are_intact(log: Log) -> None:
    with log.database.writing() as link:
        link.execute(
            "INSERT INTO certificate (number, challenge_id, rule, is_whole, at, body, signature)"
            " VALUES ('DC-1', 2, 'record', 1, :at, '{}', 'x')", at=BEGUN,
        )  # fmt: skip
        link.execute("DELETE FROM event WHERE challenge_id = 2")
    found = log.verify()
    assert found.first_bad is None
    assert found.destroyed == (("SOU-26", "DC-1"),)


def found_in(log: Log, *, body: str, kind: str = "TaskDone") -> list[str]:
    """Return all that is wrong with a challenge that has one event, which says `body`."""
    event = Happened(1, "2027-03-01T09:00:00.000000+00:00", 1, kind, body, "cli", 1, 1)
    dossier = Dossier(1, "NOR-26", 1, "{}", "", entries=[Kept(1, "[]", b"")], events=[event])
    return list(dossiers.faults(log.database, dossier))


def test_what_cannot_be_read_or_replayed_is_told(log: Log) -> None:
    unread, *_, replayed = found_in(log, body="{")
    assert unread == "entry 1: it cannot be read: KeyError('challenge')"
    assert replayed.startswith("the events cannot be replayed: ")
    late = '{"at": "2027-03-01T09:00:00Z", "task": "none", "on": "2027-03-01"}'
    assert found_in(log, body=late)[-1] == "the events cannot be replayed: 'none'"
    with log.database.reading() as link:
        (dossier,) = reading.dossiers(link, 2, 2)
    dossier.entries[0] = dossier.entries[0]._replace(body="nonsense")
    assert next(dossiers.faults(log.database, dossier)).startswith("entry 3: it cannot be read")
