"""The log in a database: it grows, is signed, anchored, proved, exported, and checked."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest

from tests.prepared import prepare
from tests.tampering import disarm
from tests.visits import BEGUN
from workflow.auditing import log as logs
from workflow.auditing import trees, verification
from workflow.auditing.log import Log, verify_export
from workflow.clock import SetClock
from workflow.model.errors import InvalidInput, NotFound, Refused, Unavailable
from workflow.model.log import notes
from workflow.model.log.merkle import Range, leaf_hash, root_above
from workflow.store.database import Database
from workflow.store.log import checkpoints, entries, signatures, tree
from workflow.store.log.entries import Doing


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Yield an empty database, on SQLite and on PostgreSQL."""
    with closing(Database(database_url)) as database:
        prepare(database)
        yield database


def doing(number: int) -> Doing:
    return Doing(at=BEGUN, actor=1, action=f"Test{number}", source="test")


def enter(database: Database, count: int) -> None:
    with database.writing() as link:
        for number in range(count):
            entries.put(link, doing(number))


def test_the_tree_grows_in_steps_to_what_it_is_at_once(database: Database) -> None:
    whole = Range()
    for count in (0, 3, 0, 250, 3, 400):
        enter(database, count)
        with database.writing() as link:
            head = tree.grow(link)
            rows = link.rows("SELECT body FROM entry WHERE id > :n ORDER BY id", n=whole.size)
        for (body,) in rows:
            whole.append(leaf_hash(body.encode()))
        assert (head.size, head.root) == (whole.size, whole.root())
    with database.reading() as link:
        kept = tree.kept(link)
        for position in (0, 255, 256, 511, 512, 655):
            path = kept.inclusion(position)
            assert root_above(kept.leaf(position), position, size=656, path=path) == whole.root()
        assert [len(tree.tile(link, 0, n)) // 32 for n in range(4)] == [256, 256, 144, 0]
        assert len(tree.tile(link, 1, 0)) // 32 == 2
        assert tree.entered(link) == 656
    expected = trees.Expected({656: whole.root(), 300: kept.root(300)})
    assert trees.check(database, expected).fault == ""


@pytest.mark.postgres
def test_the_tree_waits_for_entries_that_are_still_on_their_way(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        prepare(database)
        grown = threading.Thread(target=_grow, args=(database,))
        with database.writing() as link:
            first = entries.put(link, doing(1))
            other = threading.Thread(target=enter, args=(database, 1))
            other.start()
            other.join()  # a later entry is there before the first one
            grown.start()
            sleep(0.3)
            assert grown.is_alive()
        grown.join()
        with database.reading() as link:
            placed = link.rows("SELECT position, entry_id FROM leaf ORDER BY position")
    assert placed == [(0, first), (1, first + 1)]


def _grow(database: Database) -> None:
    with database.writing() as link:
        tree.grow(link)


def test_a_head_is_signed_once_for_each_size(database: Database) -> None:
    log = Log(database, SetClock(BEGUN))
    assert log.unsigned() == 0
    enter(database, 2)
    assert log.unsigned() == 2
    first = log.checkpoint()
    assert log.checkpoint() == first
    enter(database, 1)
    second = log.checkpoint()
    assert (first.size, second.size, log.unsigned()) == (2, 3, 0)
    head = notes.read_checkpoint(second.note, log.key(), signatures.is_signed)
    assert head.size == 3
    with database.reading() as link:
        assert list(checkpoints.listed(link)) == [first, second]


def test_nothing_is_signed_on_top_of_what_was_tampered_with(log: Log) -> None:
    with log.database.writing() as link:
        disarm(link)
        link.execute("UPDATE tile SET hashes = zeroblob(length(hashes))")
    with pytest.raises(Refused, match="the first 3 entries of the log are not those that were sig"):
        log.checkpoint()


def test_an_anchor_lies_in_a_file_once_and_is_remembered(log: Log, folder: Path) -> None:
    path = folder / "anchors.txt"
    made = log.anchor(path)
    again = log.anchor(path)
    assert (made.is_new, again.is_new) == (True, False)
    assert [notes.read_checkpoint(note, log.key(), signatures.is_signed).size
            for note in logs.read_notes(path)] == [3, 4]  # fmt: skip
    known = [(a.checkpoint.size, a.kind, a.place == str(path)) for a in log.anchors()]
    assert known == [(3, "file", False), (4, "file", True)]


def test_an_event_is_proved_to_be_in_the_log(log: Log) -> None:
    proof = log.prove("SOU-26", 2)
    head = notes.read_checkpoint(proof["checkpoint"], log.key(), signatures.is_signed)
    leaf = leaf_hash(proof["entry"].encode())
    path = [bytes.fromhex(one) for one in proof["path"]]
    root = root_above(leaf, proof["position"], size=head.size, path=path)
    assert (root, head.size, proof["position"]) == (head.root, 3, 2)
    bound = json.loads(proof["entry"])["events"]
    assert len(proof["events"]) == bound["to"] - bound["from"] + 1
    assert json.loads(proof["events"][1])[0] == 2


def test_for_a_proof_of_what_is_newer_than_the_last_head_another_is_signed(log: Log) -> None:
    with log.database.reading() as link:
        row = link.row("SELECT max(seq) FROM event WHERE challenge_id = 2")
    assert row is not None
    proof = log.prove("SOU-26", row[0])
    assert notes.read_checkpoint(proof["checkpoint"], log.key(), signatures.is_signed).size == 4


def test_what_never_happened_is_not_proved(log: Log) -> None:
    with pytest.raises(NotFound, match='there is no event of SOU-26 with the number "999"'):
        log.prove("SOU-26", 999)
    with pytest.raises(NotFound, match=r"there is: 1 to \d+"):
        log.prove("SOU-26", 999)


def test_an_event_that_was_put_there_by_hand_is_not_proved(log: Log) -> None:
    with log.database.writing() as link:
        disarm(link)
        link.execute("UPDATE event SET entry_id = NULL WHERE challenge_id = 2 AND seq = 1")
    with pytest.raises(InvalidInput, match="event 1 of SOU-26 is in no entry of the log"):
        log.prove("SOU-26", 1)


def test_an_export_is_checked_without_the_database(log: Log, folder: Path) -> None:
    head = log.export(folder / "log.jsonl")
    found = verify_export(folder / "log.jsonl", [folder / "anchors.txt"], key=str(log.key()))
    assert (found.is_intact, found.entries, found.covered, head.size) == (True, 4, 3, 4)
    with log.database.reading() as link:
        row = link.row("SELECT count(*) FROM event")
    assert row == (found.events,)


def test_a_file_that_cannot_be_read_or_written_is_named(log: Log, folder: Path) -> None:
    none = folder / "none" / "x"
    with pytest.raises(Unavailable, match=r"cannot write .*none/x: No such file"):
        log.export(none)
    os.mkfifo(folder / "pipe")
    with pytest.raises(Unavailable, match=r"pipe: it is not a plain file, and would be replaced"):
        log.export(folder / "pipe")
    assert (folder / "pipe").is_fifo()
    with pytest.raises(Unavailable, match=r"cannot write .*none/x: No such file"):
        log.anchor(none)
    with pytest.raises(Unavailable, match=r"cannot read .*none/x: No such file"):
        log.verify(anchors=[none])
    with pytest.raises(Unavailable, match=r"cannot read .*none/x: No such file"):
        verify_export(none)
    (folder / "empty").write_text("")
    with pytest.raises(InvalidInput, match=r"there is no checkpoint in .*empty"):
        log.verify(anchors=[folder / "empty"])
    (folder / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(Unavailable, match=r"cannot read .*bytes: it is not text"):
        log.verify(anchors=[folder / "bytes"])
    found = verify_export(folder / "bytes")
    assert found.first_bad == "the file is not in UTF-8: invalid start byte"


def test_what_is_intact_is_said_to_be_with_what_waits_for_a_head(log: Log, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    found = log.verify(
        anchors=[folder / "anchors.txt"], on_progress=lambda *done: told.append(done)
    )
    assert found.first_bad is None
    assert (found.challenges, found.entries, found.pending, found.anchors) == (2, 3, 1, 1)
    assert told == [(found.events, found.events)]


def test_two_processes_find_what_one_does(log: Log) -> None:
    assert verification.verify(log.database, few=10) == verification.verify(log.database)


def test_with_a_destroyed_key_everything_still_verifies(log: Log) -> None:
    with log.database.reading() as link:
        rows = link.rows("SELECT key_id FROM challenge UNION SELECT key_id FROM person")
    assert all(log.database.vault.destroy(key_id) for (key_id,) in rows)
    assert log.verify().first_bad is None
