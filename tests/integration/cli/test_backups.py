"""Backups and restores as people do them: what is copied, what is refused, what waits then."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from notifications.sink import Sink
from tests.integration.cli.desk import LEAD, MANAGER, Desk
from workflow.store import outbox
from workflow.store.database import Database

LATER = "2026-11-12T10:00"


def backed_up(desk: Desk, name: str = "b.db", *options: str) -> Path:
    file = desk.folder / name
    desk.type("backup", str(file), *options)
    return file


def restored(desk: Desk, file: Path, *options: str, code: int = 0) -> str:
    return desk.type("restore", str(file), "--yes", *options, code=code).output


def statuses(desk: Desk) -> dict[int, str]:
    return {one["id"]: one["status"] for one in desk.read("mail", "list")["messages"]}


def manifest(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def rewrite(file: Path, change: Callable[[dict[str, Any]], object] = lambda said: None) -> None:
    """Change a manifest, and let it fit the file that it is of again."""
    path = manifest(file)
    said = json.loads(path.read_text())
    said["sha256"] = sha256(file.read_bytes()).hexdigest()
    change(said)
    path.write_text(json.dumps(said))


def test_a_backup_is_whole_private_and_named_after_what_is_in_it(desk: Desk) -> None:
    before = set(os.listdir(desk.folder))
    said = desk.read("backup", str(desk.folder))
    file = Path(said["file"])
    assert file.name.startswith("challenges-20260901T080000Z-0005-")
    assert {file.name, f"{file.name}.json"} == set(os.listdir(desk.folder)) - before - {
        "rehearsal.db-wal", "rehearsal.db-shm"
    }  # fmt: skip
    said = json.loads(manifest(file).read_text())
    assert said["sha256"] == sha256(file.read_bytes()).hexdigest()
    assert said["counts"]["challenge"] == 1
    assert said["head"].splitlines()[1] == str(said["log_size"])
    assert [stat.S_IMODE(Path(p).stat().st_mode) for p in (file, f"{file}.json")] == [0o600] * 2
    content = file.read_bytes()
    assert LEAD.encode() not in content
    assert b"Ada Marsh" not in content


def test_a_dry_run_says_where_and_writes_nothing(desk: Desk) -> None:
    before = sorted(os.listdir(desk.folder))
    assert "It would be written to" in desk.type("backup", str(desk.folder), "-n").output
    keys = desk.folder / "keys.tar"
    assert "would be written to" in desk.type("backup", "--keys", str(keys), "-n").output
    file = backed_up(desk)
    left = sorted(set(os.listdir(desk.folder)) - {"b.db", "b.db.json"})
    text = restored(desk, file, "--replace", "--dry-run")
    assert "is whole, and can be put in place. Nothing was changed." in text
    assert left == [*before] or set(left) - set(before) <= {"rehearsal.db-wal", "rehearsal.db-shm"}


def test_a_restore_brings_back_what_was_and_keeps_aside_what_is(desk: Desk) -> None:
    file = backed_up(desk)
    desk.now = LATER
    desk.type("date", "NOR-26", "onsite_start", "2026-11-23", "--reason", "sooner")
    text = restored(desk, file, "--replace")
    assert "is as it was on Tuesday 1 September 2026 at 09:00." in text
    assert desk.read("show", "NOR-26")["dates"]["onsite_start"] == "2026-11-24"
    assert desk.read("audit", "verify")["intact"]
    aside = next(path for path in desk.folder.glob("rehearsal.db.before-*"))
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT count(*) FROM event WHERE kind = 'DateSet'").fetchone() == (4,)
    entries = desk.folder / "log.jsonl"
    desk.type("audit", "export", str(entries))
    assert '\\"action\\":\\"backup\\"' not in entries.read_text()  # that was after the copy
    assert '\\"action\\":\\"restore\\"' in entries.read_text()


def test_nothing_that_may_have_been_sent_is_sent_again_unasked(desk: Desk) -> None:
    """What waits in the backup, and what falls due until the restore, may have gone meanwhile."""
    desk.now = "2026-11-04T10:00"
    desk.type("tick")
    desk.type("date", "NOR-26", "onsite_start", "2026-11-23", "--reason", "sooner")
    file = backed_up(desk)
    assert "waiting" in statuses(desk).values()
    desk.now = LATER
    text = restored(desk, file, "--replace")
    assert "All mail is held." in text
    found = statuses(desk)
    assert len(found) > 1
    assert set(found.values()) == {"uncertain"}
    listed = desk.type("mail", "list").output
    assert "restored from a backup: it may have been sent since that was made" in listed
    first, *others = sorted(found)
    desk.type("mail", "settle", str(first), "--arrived")
    text = desk.type("mail", "release", "--restored", code=2).output
    assert f"{len(others)} message" in text
    assert "may have arrived already: say --yes to send them all the same" in text
    assert set(statuses(desk).values()) == {"sent", "uncertain"}
    text = desk.type("mail", "release").output
    assert "may have been sent before the backup was restored" in text
    text = desk.type("mail", "release", "--restored", "--yes").output
    assert "that may have arrived already" in text
    assert set(statuses(desk).values()) == {"sent", "waiting"}
    assert desk.type("mail", "release").output.count("Mail goes again.") == 1


def put_off(desk: Desk, at: datetime) -> None:
    """Let every message wait half an hour, as when a server asks to come back later."""
    later = at + timedelta(minutes=30)
    with closing(Database(desk.url)) as database, database.writing() as link:
        for number in outbox.waiting(link, at, 100):
            claimed = outbox.claim(link, number, lease_until=later, at=at)
            assert claimed is not None
            outbox.mark_retry(link, claimed, next_attempt_at=later, error="450 come back later")


def test_what_somebody_sent_before_its_time_does_not_go_again_after_a_restore(desk: Desk) -> None:
    """It waits in the backup for a moment that has not come; `mail retry` did not wait for it."""
    desk.now = "2026-11-04T10:00"
    desk.type("tick")
    put_off(desk, datetime(2026, 11, 4, 10, tzinfo=UTC))
    file = backed_up(desk)
    with Sink() as sink:
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        for number in statuses(desk):
            desk.type("mail", "retry", str(number))
        desk.now = "2026-11-04T10:05"
        assert desk.read("tick")["sent"] == len(sink.received) > 0
        desk.now = "2026-11-04T10:10"
        restored(desk, file, "--replace")
        assert set(statuses(desk).values()) == {"uncertain"}
        desk.type("mail", "release")
        desk.now = "2026-11-04T11:00"
        assert desk.read("tick")["sent"] == 0


def test_what_was_forgotten_after_the_backup_stays_forgotten(desk: Desk) -> None:
    """The key is gone, so the old copy says nothing; its rows go again, by the ledger."""
    desk.type("person", "add", "Quentin Zephyr", "quentin.zephyr@peer.example")
    file = backed_up(desk)
    desk.now = LATER
    desk.type("person", "forget", "quentin.zephyr@peer.example", "--reason", "he asks", "--yes")
    text = restored(desk, file, "--replace")
    assert "Destroyed again, since it was destroyed after the backup: 1 order." in text
    assert "Zephyr" not in desk.type("person", "list").output
    assert "zephyr" not in desk.type("person", "list").output
    assert desk.read("audit", "verify")["intact"]
    for path in desk.folder.rglob("*"):
        assert not path.is_file() or b"Zephyr" not in path.read_bytes(), path
    assert "Destroyed again" not in restored(desk, backed_up(desk, "c.db"), "--replace")


def test_a_drill_elsewhere_needs_the_keys_and_leaves_out_the_destroyed_ones(desk: Desk) -> None:
    desk.type("person", "add", "Quentin Zephyr", "quentin.zephyr@peer.example")
    file, keys = backed_up(desk), desk.folder / "keys.tar"
    text = desk.type("backup", "--keys", str(keys)).output
    assert "Destroy it by Thursday 1 October 2026" in text
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    url = f"sqlite:///{desk.folder / 'drill.db'}"
    text = restored(desk, file, "--to", url, code=4)
    assert "the keys of this backup are not in" in text
    assert "give the copy of the keys: --keys FILE" in text
    text = restored(desk, file, "--to", url, "--keys", str(keys))
    assert "keys put back." in text
    desk.environment["PEER_CHALLENGE_DATABASE_URL"] = url
    assert "Quentin Zephyr" in desk.type("person", "list").output
    desk.type("person", "forget", "quentin.zephyr@peer.example", "--reason", "he asks", "--yes")
    restored(desk, file, "--keys", str(keys), "--replace")
    assert "Zephyr" not in desk.type("person", "list").output


def test_the_stored_files_of_a_backup_come_back_with_it(desk: Desk) -> None:
    pack = desk.folder / "timetable.txt"
    pack.write_text("Tuesday 09:00")
    desk.type("document", "add", "NOR-26", "timetable", str(pack))
    file = backed_up(desk, "b.db", "--files")
    (stored,) = (desk.folder / "b.db.files").iterdir()
    assert b"Tuesday" not in stored.read_bytes()
    (desk.folder / "rehearsal.db.files" / stored.name).unlink()
    assert "1 stored file put back." in restored(desk, file, "--replace")
    copy = desk.folder / "again.txt"
    desk.type("document", "get", "NOR-26", "timetable", "-o", str(copy))
    assert copy.read_text() == "Tuesday 09:00"


def forge(file: Path) -> None:
    """Change an event in a backup, as somebody would who may do everything with the file."""
    with closing(sqlite3.connect(file)) as copy:
        triggers = copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            copy.execute(f'DROP TRIGGER "{name}"')
        copy.execute("UPDATE event SET at = '2020-01-01 00:00:00.000000' WHERE seq = 1")
        copy.commit()
    rewrite(file)


def shorten(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


BROKEN: list[tuple[Callable[[Path], object], int, str]] = [
    (shorten, 2, "is damaged: it is not the file that was backed up"),
    (lambda file: manifest(file).unlink(), 2, "b.db.json is not beside"),
    (lambda file: manifest(file).write_text("[]"), 2, "is not the manifest of a backup"),
    (
        lambda file: rewrite(file, lambda said: said.update(schema="9999")),
        75,
        "is newer than this program (it has step 9999, 0005 is known here)",
    ),
    (
        lambda file: rewrite(file, lambda said: said.update(dialect="postgresql")),
        2,
        "is a backup of postgresql, and",
    ),
    (
        lambda file: rewrite(file, lambda said: said["counts"].update(person=99)),
        75,
        "is not whole: person has 6 rows instead of 99",
    ),
    (forge, 75, "is not intact: NOR-26"),
]


def test_what_is_not_well_is_not_restored_and_nothing_changes(desk: Desk) -> None:
    file = backed_up(desk)
    whole = {path: path.read_bytes() for path in (file, manifest(file))}
    desk.type("date", "NOR-26", "onsite_start", "2026-11-23", "--reason", "sooner")
    for spoil, code, text in BROKEN:
        for path, content in whole.items():
            path.write_bytes(content)
        spoil(file)
        assert text in restored(desk, file, "--replace", code=code)
    assert desk.read("show", "NOR-26")["dates"]["onsite_start"] == "2026-11-23"
    assert not list(desk.folder.glob("rehearsal.db.restoring-*"))
    assert not list(desk.folder.glob("rehearsal.db.before-*"))


def test_the_log_must_be_the_one_that_was_anchored_and_may_be_shorter(desk: Desk) -> None:
    anchors = desk.folder / "anchors.txt"
    desk.type("audit", "anchor", str(anchors))
    file = backed_up(desk)
    desk.type("audit", "anchor", str(anchors))
    text = restored(desk, file, "--replace", "--anchors", str(anchors))
    later = "anchors.txt knows of a longer log: what came after the backup is not in this"
    assert text.count(later) == 1
    name, size, _, *rest = anchors.read_text().split("\n")
    anchors.write_text("\n".join([name, size, f"{'A' * 43}=", *rest]))
    text = restored(desk, file, "--replace", "--anchors", str(anchors), code=75)
    assert "is not intact: anchor 1: " in text


def test_what_stands_there_is_not_replaced_unasked_or_while_it_is_used(desk: Desk) -> None:
    file = backed_up(desk)
    text = restored(desk, file, code=4)
    assert "there is a database" in text
    assert "take its place with --replace (it is kept under another name), or --to URL" in text
    with closing(sqlite3.connect(desk.folder / "rehearsal.db")) as other:
        other.execute("SELECT count(*) FROM person").fetchone()
        text = restored(desk, file, "--replace", code=4)
    assert "somebody is working with" in text
    assert "stop `peer-challenge run` and `web` on every machine" in text


def test_only_who_may_back_up_may_do_it_or_undo_it(desk: Desk) -> None:
    file = desk.folder / "b.db"
    assert "may not back up" in desk.type("--as", MANAGER, "backup", str(file), code=4).output
    backed_up(desk)
    text = desk.type("--as", MANAGER, "restore", str(file), "--replace", "--yes", code=4).output
    assert "may not back up and restore" in text


def test_a_backup_never_writes_over_a_file(desk: Desk) -> None:
    nowhere, there = str(desk.folder / "none" / "b.db"), str(desk.folder / "rehearsal.db")
    for options in ((), ("--keys",)):
        assert "there is no folder" in desk.type("backup", *options, nowhere, code=2).output
        text = desk.type("backup", *options, there, code=75).output
        assert "already; remove it, or name another" in text


def test_a_copy_of_keys_is_looked_at_before_it_is_believed(desk: Desk) -> None:
    file, keys = backed_up(desk), desk.folder / "keys.tar"
    keys.write_bytes(b"no archive at all" * 100)
    assert "is no copy of keys" in restored(desk, file, "--replace", "--keys", str(keys), code=2)
    text = restored(desk, file, "--replace", "--keys", str(desk.folder / "none"), code=75)
    assert "cannot be read: No such file or directory" in text


def test_a_database_without_the_tables_that_are_known_is_made_and_restored_anywhere(
    desk: Desk,
) -> None:
    file = backed_up(desk)
    for path in desk.folder.glob("rehearsal.db"):
        path.write_bytes(b"not a database" * 1000)
    restored(desk, file, "--replace")
    assert desk.read("show", "NOR-26")["reference"] == "NOR-26"


@pytest.mark.postgres
def test_postgresql_is_dumped_and_put_back_under_its_own_name(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, environment={"PEER_CHALLENGE_DATABASE_URL": postgres_url}).fill()
    said = desk.read("backup", str(tmp_path))
    file = Path(said["file"])
    assert (file.suffix, said["counts"]["event"]) == (".dump", 42)
    desk.now = LATER
    desk.type("date", "NOR-26", "onsite_start", "2026-11-23", "--reason", "sooner")
    assert "there is a database" in restored(desk, file, code=4)
    done = desk.read("restore", str(file), "--replace", "--yes")
    assert done["aside"].startswith("test_")
    assert desk.read("show", "NOR-26")["dates"]["onsite_start"] == "2026-11-24"
    assert desk.read("audit", "verify")["intact"]
    assert set(statuses(desk).values()) <= {"uncertain"}
    file.write_bytes(file.read_bytes()[:-2000])
    rewrite(file)
    assert "pg_restore failed" in restored(desk, file, "--replace", code=75)
    monkeypatch.setenv("PATH", "")
    text = desk.type("backup", str(tmp_path / "other.dump"), code=2).output
    assert "pg_dump is not here: install PostgreSQL's client programs" in text
