"""Restores that go wrong, and what is left then: anchors of another log, other keys, links."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.integration.cli.desk import MANAGER, Desk

ADDRESS = "PEER_CHALLENGE_BASE_URL"
ANCHORS = "PEER_CHALLENGE_ANCHOR_FILE"
PLACE = "PEER_CHALLENGE_DATABASE_URL"


def keys_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.key") if path.parent.parent.name == "keys")


def fresh(desk: Desk) -> Path:
    """Go to another machine, where nothing is; return its folder."""
    folder = desk.folder / "new"
    folder.mkdir()
    desk.environment[PLACE] = f"sqlite:///{folder / 'f.db'}"
    return folder


def calendar(desk: Desk, name: str) -> str:
    email = f"{name.lower()}@council.example"
    desk.type("person", "add", name, email)
    text = desk.type("link", "feed", email).output
    return next(word for word in text.split() if "/feed/" in word)


def test_nobody_gets_the_calendar_address_of_whoever_came_after_the_backup(desk: Desk) -> None:
    desk.environment[ADDRESS] = "https://challenges.example"
    file = str(desk.folder / "b.db")
    desk.type("backup", file)
    before = calendar(desk, "Alice")
    text = desk.type("restore", file, "--replace", "--yes").output
    assert "Links that were revoked since work again: `link revoke`." in text
    assert calendar(desk, "Bob") != before


def test_anchors_of_the_log_before_a_restore_are_named_until_they_are_put_aside(
    desk: Desk,
) -> None:
    anchors = desk.folder / "anchors.txt"
    desk.environment[ANCHORS] = str(anchors)
    first, second = str(desk.folder / "b.db"), str(desk.folder / "c.db")
    desk.type("audit", "anchor", str(anchors))
    desk.type("backup", first)
    desk.type("date", "NOR-26", "onsite_start", "2026-11-23", "--reason", "sooner")
    desk.type("audit", "anchor", str(anchors))
    text = desk.type("restore", first, "--replace", "--yes").output
    assert "Put that file aside with the old database; a new one is begun." in text
    for number in range(3):
        desk.type("person", "add", f"P{number}", f"p{number}@council.example")
    desk.type("backup", second)
    text = desk.type("doctor", "--quick", code=1).output
    assert (
        f"heads of another log in {anchors}: if there was a restore, put that aside; else somebody "
        "changed the log: audit verify"
    ) in text
    text = desk.type("restore", second, "--replace", "--yes", code=75).output
    assert (
        f"; {anchors}: heads of another log, as after a restore. If there was one, put the file "
        "aside with the database of that time, and try again; else somebody changed the log"
    ) in text
    anchors.rename(anchors.with_name("anchors-before.txt"))
    desk.type("restore", second, "--replace", "--yes")
    assert "another log" not in desk.type("doctor", "--quick").output


def test_a_head_that_somebody_wrote_themselves_is_of_another_log(desk: Desk) -> None:
    anchors = desk.folder / "anchors.txt"
    desk.type("audit", "anchor", str(anchors))
    name, size, root, *rest = anchors.read_text().split("\n")
    anchors.write_text("\n".join([name, f"1{size}", root, *rest]))
    assert "heads of another log" in desk.type("doctor", "--quick", code=1).output


def test_keys_of_another_database_are_said_to_be_so(desk: Desk) -> None:
    file, keys = str(desk.folder / "b.db"), str(desk.folder / "keys.tar")
    desk.type("backup", file)
    desk.type("backup", "--keys", keys)
    folder = fresh(desk)
    desk.type("init", "--rehearsal")
    for options in (("--dry-run",), ("--yes",), ("--yes", "--keys", keys)):
        text = desk.type("restore", file, "--replace", *options, code=4).output
        assert f"the keys in {folder / 'f.db.vault'} are those of another database than" in text
        assert (
            "restore to another place, with --to URL; or put that folder aside first. "
            "Give the copy of its keys, too: --keys FILE"
        ) in text
    (folder / "f.db.vault").rename(folder / "aside.vault")
    desk.type("restore", file, "--replace", "--yes", "--keys", keys)
    assert desk.read("show", "NOR-26")["reference"] == "NOR-26"


def test_a_restore_that_is_refused_takes_the_keys_back_that_it_has_put(desk: Desk) -> None:
    file, keys = str(desk.folder / "b.db"), str(desk.folder / "keys.tar")
    desk.type("backup", file)
    desk.type("backup", "--keys", keys)
    folder, wrong = fresh(desk), desk.folder / "wrong.txt"
    wrong.write_text("no note")
    text = desk.type(
        "restore", file, "--keys", keys, "--anchors", str(wrong), "--yes", code=2
    ).output
    assert "there is no checkpoint in" in text
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_keys_alone_are_put_back_but_the_destroyed_ones(desk: Desk) -> None:
    vault, copy = desk.folder / "rehearsal.db.vault", str(desk.folder / "keys.tar")
    desk.type("person", "add", "Quentin Zephyr", "quentin.zephyr@peer.example")
    desk.type("backup", "--keys", copy)
    desk.type("person", "forget", "quentin.zephyr@peer.example", "--reason", "he asks", "--yes")
    before = keys_in(vault)
    assert "No key was missing." in desk.type("restore", "--keys", copy).output
    with closing(sqlite3.connect(desk.folder / "rehearsal.db")) as database:
        ((key_id,),) = database.execute("SELECT key_id FROM person WHERE id = 2").fetchall()
    lost = next(path for path in before if path.stem == key_id)
    lost.unlink()
    text = desk.type("doctor", "--quick", code=1).output
    assert "1 key of" in text
    assert f"such as {lost.stem}: restore --keys FILE" in text
    text = desk.type("--as", MANAGER, "restore", "--keys", copy, code=4).output
    assert "may not back up and restore" in text
    assert "1 key put back." in desk.type("restore", "--keys", copy).output
    assert keys_in(vault) == before
    assert desk.read("restore", "--keys", copy)["keys"] == 0
    desk.type("audit", "export", str(desk.folder / "log.jsonl"))
    assert '\\"action\\":\\"restore_keys\\"' in (desk.folder / "log.jsonl").read_text()


def test_nothing_is_restored_where_nothing_is_named(desk: Desk) -> None:
    for said in ((), ("",), ("--keys", "k.tar", "--replace"), ("--to", "sqlite:////x.db")):
        text = desk.type("restore", *said, code=2).output
        assert "say which FILE to restore; or --keys FILE alone, for missing keys" in text
    text = desk.type("restore", "--keys", "k.tar", "--dry-run", code=2).output
    assert "keys alone cannot be put back with --dry-run: doctor counts them" in text


def test_a_name_that_no_file_has_is_refused_in_words(desk: Desk) -> None:
    for name in (".", ""):
        text = desk.type("backup", "--keys", name, code=75).output
        assert "there is a folder . already; remove it, or name another" in text
    assert "cannot write .: " in desk.type("audit", "export", "", code=75).output
