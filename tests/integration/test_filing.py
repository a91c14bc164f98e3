"""Documents with their files: both are kept or neither, and only who may opens them."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from definitions import loader
from tests.grounds import ADA, Cut, Ground, enter, opened
from tests.handing import EDITS
from tests.versions import AGAIN
from tests.visits import BEGUN, LEAD, MANAGER, SECOND, VISITOR, edited
from workflow.filing.documents import Documents
from workflow.filing.registers import Registers
from workflow.migrating.migrations import Migrations
from workflow.migrating.rounds import Request
from workflow.model import commands as c
from workflow.model.errors import InvalidInput, NotFound, Refused, Unavailable
from workflow.model.records import commands as r
from workflow.model.records.events import Confirmation
from workflow.store.keeping.files import Files
from workflow.store.library import Offered

PAPER = b"Tuesday: the town hall"


def grounded(url: str) -> Iterator[Ground]:
    """Yield a visit that has begun, whose definition has documents."""
    loaded = loader.load_text(edited(*EDITS), file="visit")
    with opened(url) as plain:
        with plain.database.writing() as link:
            enter(link, loaded)
        ground = Ground(plain.database, loaded.content_hash)
        ground.start()
        yield ground


@pytest.fixture
def ground(sqlite_url: str) -> Iterator[Ground]:
    yield from grounded(sqlite_url)


def documents_of(ground: Ground) -> Documents:
    files = Files.beside(ground.database.vault)
    return Documents(ground.database, ground.clock, files)


def add(ground: Ground, document: str, content: bytes = PAPER) -> None:
    command = r.RecordDocument(document=document, location=f"{document}.txt")
    documents_of(ground).add("NOR-26", command, content=content, actor=ADA)


def test_a_document_is_kept_with_its_file_on_both_databases(database_url: str) -> None:
    for ground in grounded(database_url):
        add(ground, "statement")
        found = documents_of(ground).open("NOR-26", "statement", actor=ADA)
        assert (found.name, found.content) == ("statement-v1.txt", PAPER)
        listed = documents_of(ground).registers.documents("NOR-26")
        assert [one.key for one in listed if one.is_kept] == ["statement"]
        assert documents_of(ground).strays() == ([], [])


def test_a_document_that_is_refused_leaves_no_file(ground: Ground) -> None:
    documents = documents_of(ground)
    command = r.RecordDocument(document="statement", location="statement.txt")
    with pytest.raises(Refused):
        documents.add("NOR-26", command, content=PAPER, actor=VISITOR)
    documents.add("NOR-26", command, content=PAPER, actor=ADA, is_dry_run=True)
    assert list(documents.files.names()) == []


def test_a_file_is_removed_when_its_transaction_does_not_come_about(ground: Ground) -> None:
    with ground.database.writing() as link:
        link.execute(
            "CREATE TRIGGER full BEFORE INSERT ON stored_file"
            " BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(Exception, match="full"):
        add(ground, "statement")
    assert list(documents_of(ground).files.names()) == []
    assert Registers(ground.database).documents("NOR-26")[1].document is None


def test_a_file_that_was_entered_stays_though_nobody_heard_of_it(ground: Ground) -> None:
    with closing(Cut(ground.database.url)) as cut:
        documents = Documents(cut, ground.clock, Files.beside(cut.vault))
        command = r.RecordDocument(document="statement", location="statement.txt")
        with pytest.raises(Unavailable):
            documents.add("NOR-26", command, content=PAPER, actor=ADA)
    assert documents_of(ground).open("NOR-26", "statement", actor=ADA).content == PAPER


def test_what_a_crash_leaves_behind_and_what_is_gone_are_found(ground: Ground) -> None:
    documents = documents_of(ground)
    add(ground, "statement")
    (kept,) = documents.files.names()
    stray = documents.files.write(b"left", ground.database.vault.new_key())
    assert documents.strays() == ([stray], [])
    documents.files.remove(kept)
    assert documents.strays() == ([stray], [kept])


def test_a_pack_is_made_for_each_with_their_name_and_can_be_made_again(ground: Ground) -> None:
    ground.done("scope_agreed")
    add(ground, "statement")
    add(ground, "timetable", b"Wednesday")
    ground.act(r.IssueDocument(document="pack"))
    packs = documents_of(ground).packs("NOR-26", "pack", [LEAD, VISITOR, SECOND])
    assert [one.name for one in packs.values()] == [
        "NOR-26-pack-v1-copy-01.zip",
        "NOR-26-pack-v1-copy-02.zip",
        "NOR-26-pack-v1-copy-03.zip",
    ]
    with zipfile.ZipFile(io.BytesIO(packs[VISITOR].content)) as file:
        assert file.namelist() == ["00-cover.html", "01-statement.txt", "02-timetable.txt"]
        assert b"Vic Visitor" in file.read("00-cover.html")
    again = documents_of(ground).open("NOR-26", "pack", actor=VISITOR)
    assert again == packs[VISITOR]
    of_another = documents_of(ground).open("NOR-26", "pack", actor=MANAGER, person=LEAD)
    assert of_another == packs[LEAD]


def test_who_has_no_copy_opens_nothing_and_that_is_entered(ground: Ground) -> None:
    add(ground, "statement")
    with pytest.raises(Refused):
        documents_of(ground).open("NOR-26", "statement", actor=VISITOR)
    ground.act(r.IssueDocument(document="statement", people=(VISITOR,)))
    documents_of(ground).open("NOR-26", "statement", actor=VISITOR)
    with pytest.raises(Refused):
        documents_of(ground).open("NOR-26", "statement", actor=VISITOR, person=LEAD)
    ground.act(r.RevokeDocument(document="statement", person=VISITOR, reason="left"))
    with pytest.raises(Refused):
        documents_of(ground).open("NOR-26", "statement", actor=VISITOR)
    with ground.database.reading() as link:
        entries = link.rows("SELECT body FROM entry WHERE body LIKE '%document_opened%'")
    results = ['"result":"applied"' in body for (body,) in entries]
    assert results == [False, True, False, False]


def test_a_pack_that_is_out_of_date_is_not_made(ground: Ground) -> None:
    ground.done("scope_agreed")
    add(ground, "statement")
    add(ground, "timetable")
    ground.act(r.IssueDocument(document="pack", people=(LEAD,)))
    documents = documents_of(ground)
    with pytest.raises(Refused) as refused:
        documents.packs("NOR-26", "pack", [VISITOR])
    assert refused.value.message == '"Briefing pack" was not given to them, or was taken back'
    add(ground, "timetable", b"Thursday")
    with pytest.raises(Refused) as refused:
        documents.packs("NOR-26", "pack", [LEAD])
    assert refused.value.message == 'there are later documents than in their "Briefing pack"'
    assert refused.value.hint == "give it out: peer-challenge document issue NOR-26 pack"


def test_a_pack_that_another_version_makes_of_more_is_out_of_date(ground: Ground) -> None:
    ground.done("scope_agreed")
    add(ground, "statement")
    add(ground, "timetable")
    ground.act(r.IssueDocument(document="pack"))
    more = ("contains: [statement, timetable]", "contains: [statement, timetable, report]")
    loaded = loader.load_text(edited(*EDITS, *AGAIN, more), file="visit")
    target = Offered(loaded.content_hash, loaded.definition, loaded.text)
    migrations = Migrations(ground.database, ground.clock)
    migrations.migrate(target, Request(actor=ADA, reason="a report goes with it"))
    later = r'^there are later documents than in their "Briefing pack"$'
    documents = documents_of(ground)
    with pytest.raises(Refused, match=later):
        documents.open("NOR-26", "pack", actor=VISITOR)
    add(ground, "report")
    with pytest.raises(Refused, match=later):
        documents.open("NOR-26", "pack", actor=VISITOR)
    ground.act(r.IssueDocument(document="pack"))
    assert documents.open("NOR-26", "pack", actor=VISITOR).name == "NOR-26-pack-v2-copy-02.zip"


def test_what_is_no_pack_and_what_is_kept_elsewhere_is_said(ground: Ground) -> None:
    ground.act(r.RecordDocument(document="report", location="with the host"))
    documents = documents_of(ground)
    with pytest.raises(InvalidInput, match=r'^"report" is no pack: document get opens its file$'):
        documents.packs("NOR-26", "report", [LEAD])
    with pytest.raises(InvalidInput, match=r'^"report" is no pack: document get opens its file$'):
        Registers(ground.database).require_pack("NOR-26", "report")
    with pytest.raises(NotFound, match=r'^there is no file kept of this document, in version "1"'):
        documents.open("NOR-26", "report", actor=ADA)
    with pytest.raises(NotFound, match=r'^there is no document entered "reprt"; did you mean'):
        documents.open("NOR-26", "reprt", actor=ADA)


def test_the_register_says_who_is_owed_what(ground: Ground) -> None:
    add(ground, "timetable")
    ground.act(r.IssueDocument(document="timetable", people=(LEAD,)))
    rows = {row.key: row for row in Registers(ground.database).documents("NOR-26")}
    assert list(rows) == ["pack", "statement", "timetable", "kit", "report"]
    assert rows["timetable"].owed == (VISITOR, SECOND)
    assert rows["timetable"].silent == (LEAD,)
    assert rows["pack"].document is None
    held = Registers(ground.database).holdings("NOR-26")
    assert {(one.person, one.what) for one in held if one.medium == "document"} == {
        (LEAD, "Timetable, version 1")
    }


def test_what_people_wrote_of_documents_and_things_stands_nowhere_in_clear(ground: Ground) -> None:
    command = r.RecordDocument(document="statement", location="marker-of-a-place.txt")
    documents_of(ground).add("NOR-26", command, content=b"marker-of-a-file", actor=ADA)
    ground.act(r.IssueItem(item="notebook-7", medium="notebook", person=LEAD))
    settled = r.SettleItem(
        item="notebook-7", outcome="destroyed", on=BEGUN.date(), method="marker-of-a-method"
    )
    ground.act(settled)
    ground.act(r.IssueDocument(document="statement", people=(VISITOR,)))
    media = tuple(
        Confirmation(medium=key, method="marker-of-a-medium", on=BEGUN.date())
        for key in ("notebook", "loose_paper", "laptop", "cloud")
    )
    ground.act(c.Advance(trigger="withdraw", reason="they changed their minds"))
    done = c.CompleteTask(spec="destroy_notes", person=VISITOR, on=BEGUN.date(), media=media)
    ground.act(done)
    path = Path(ground.database.name)
    for file in [path, *path.parent.glob(f"{path.name}-*"), *path.parent.glob("*.files/*")]:
        assert b"marker-of-a" not in file.read_bytes(), file
    held = Registers(ground.database).holdings("NOR-26")
    assert {one.method for one in held} >= {"marker-of-a-method", "marker-of-a-medium"}
