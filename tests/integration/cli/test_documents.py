"""Documents and things at the command line: what is shown, saved and refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.desk import LEAD, PROGRAMME, TRUST, Desk


@pytest.fixture
def handing(desk: Desk) -> Desk:
    """Return a desk with a lead peer, and a paper in its folder."""
    desk.type("assign", "NOR-26", "lead_peer", LEAD)
    (desk.folder / "plan.pdf").write_bytes(b"the plan")
    return desk


def test_a_document_goes_in_out_and_back(handing: Desk) -> None:
    paper, copy = str(handing.folder / "plan.pdf"), handing.folder / "copy.pdf"
    told = handing.type("document", "add", "NOR-26", "timetable", paper).stdout
    assert "NOR-26: Timetable, version 1: kept here" in told
    told = handing.type("document", "issue", "NOR-26", "timetable", "-n").stdout
    assert "NOR-26: Timetable, version 1: issued to Ada Marsh" in told
    (row,) = [d for d in listed(handing) if d["key"] == "timetable"]
    assert (row["copies"], row["owed_to"], row["is_stored"]) == ([], [LEAD], True)
    handing.type("document", "issue", "NOR-26", "timetable")
    handing.type("document", "acknowledge", "NOR-26", "timetable", f"--for={LEAD}")
    (row,) = [d for d in listed(handing) if d["key"] == "timetable"]
    (given,) = row["copies"]
    assert (given["person"], given["version"], given["acknowledged"]) == (LEAD, 1, 1)
    saved = handing.read("document", "get", "NOR-26", "timetable", "-o", str(copy))
    assert (saved["size"], copy.read_bytes()) == (8, b"the plan")
    handing.type("document", "revoke", "NOR-26", "timetable", LEAD, "--reason=an error")
    told = handing.type("timeline", "NOR-26").stdout
    assert "Timetable is taken back from Ada Marsh: an error" in told


def listed(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.read("document", "list", "NOR-26")["documents"]
    return found


def test_a_file_that_is_destroyed_is_not_said_to_be_kept_here(handing: Desk) -> None:
    paper, rule = str(handing.folder / "plan.pdf"), ("NOR-26", "client_documents")
    handing.type("document", "add", "NOR-26", "timetable", paper)
    assert "kept here: plan.pdf" in handing.type("document", "list", "NOR-26").stdout
    handing.type("retention", "request", *rule, "--reason=the client asks for it")
    handing.type("--as", PROGRAMME, "retention", "approve", *rule)
    handing.type("retention", "destroy", *rule, "--yes")
    told = handing.type("document", "list", "NOR-26").stdout
    (line,) = [line for line in told.splitlines() if line.startswith("timetable")]
    assert "destroyed" in line
    assert "kept here" not in told
    (row,) = [d for d in listed(handing) if d["key"] == "timetable"]
    assert row["is_stored"] is False


def test_files_are_never_overwritten_nor_kept_too_large_or_empty(handing: Desk) -> None:
    plan = handing.folder / "plan.pdf"
    handing.type("document", "add", "NOR-26", "timetable", str(plan))
    told = handing.type("document", "get", "NOR-26", "timetable", "-o", str(plan), code=2).stderr
    assert f"there is a file {plan} already; name another with -o" in told
    nowhere = str(handing.folder / "nowhere" / "x.pdf")
    told = handing.type("document", "get", "NOR-26", "timetable", "-o", nowhere, code=2).stderr
    assert f"{nowhere} cannot be written: No such file or directory" in told
    plan.write_bytes(b"")
    told = handing.type("document", "add", "NOR-26", "timetable", str(plan), code=2).stderr
    assert "the file is empty" in told
    told = handing.type("document", "add", "NOR-26", "plan", "none.pdf", code=5).stderr
    assert 'there is no file "none.pdf"' in told
    with plan.open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    told = handing.type("document", "add", "NOR-26", "timetable", str(plan), code=2).stderr
    assert "the file has 26.0 MB; at most 25 MB are kept: name its place with --location" in told


def test_packs_are_written_only_of_packs_and_into_a_folder(handing: Desk) -> None:
    for key in ("timetable", "position_statement", "background_documents"):
        handing.type("document", "add", "NOR-26", key, "--location=a shelf")
    out = handing.folder / "packs"
    issue = ("document", "issue", "NOR-26")
    told = handing.type(*issue, "timetable", "-o", str(out), code=2).stderr
    assert '"timetable" is no pack: document get opens its file' in told
    in_a_file = str(handing.folder / "plan.pdf" / "packs")
    told = handing.type(*issue, "briefing_pack", "-o", str(out), "-n").stderr
    assert not out.exists()
    handing.type(*issue, "briefing_pack", "-o", str(out))
    assert [path.name for path in out.iterdir()] == ["NOR-26-briefing_pack-v1-copy-01.zip"]
    handing.type("assign", "NOR-26", "trust_peer", TRUST)
    told = handing.type(*issue, "briefing_pack", "-o", in_a_file, code=2).stderr
    assert f"{in_a_file} cannot be made: Not a directory" in told
    (pack,) = [one for one in listed(handing) if one["key"] == "briefing_pack"]
    assert pack["owed_to"] == [TRUST]


def test_nothing_is_given_out_where_a_file_is_in_the_way_of_a_pack(handing: Desk) -> None:
    for key in ("timetable", "position_statement", "background_documents"):
        handing.type("document", "add", "NOR-26", key, "--location=a shelf")
    out = handing.folder / "packs"
    out.mkdir()
    there = out / "NOR-26-briefing_pack-v1-copy-01.zip"
    there.symlink_to(out / "elsewhere")
    issue = ("document", "issue", "NOR-26", "briefing_pack", "-o", str(out))
    said = f"there is a file {there} already, so nothing was given out; name another folder with -o"
    assert said in handing.type(*issue, "-n", code=2).stderr
    assert said in handing.type(*issue, code=2).stderr
    (pack,) = [one for one in listed(handing) if one["key"] == "briefing_pack"]
    assert pack["owed_to"] == [LEAD]
    there.unlink()
    handing.type(*issue)
    assert list(out.iterdir()) == [there]
    refused = handing.type("--as", TRUST, *issue, code=4).stderr
    assert "Ben Okoro may not" in refused
    told = handing.type("timeline", "NOR-26", "--all").stdout
    assert "Ben Okoro may not" in told


def test_things_are_listed_with_what_became_of_them(handing: Desk) -> None:
    give = ("item", "issue", "NOR-26", "notebook-7", LEAD, "--medium=numbered_notebook")
    handing.type(*give, "--title=Notebook 7")
    told = handing.type("item", "settle", "NOR-26", "notebook-7", "lost").stdout
    assert "NOR-26: Notebook 7 (notebook-7), which Ada Marsh had: lost" in told
    assert "peer-challenge new REF --definition data_breach --concerns NOR-26" in told
    found = handing.read("item", "list", "NOR-26")["holdings"]
    (notebook,) = [one for one in found if one["what"] == "Notebook 7 (notebook-7)"]
    assert (notebook["person"], notebook["status"]) == (LEAD, "lost")
    shown = handing.type("item", "list", "NOR-26")
    assert "numbered notebook" in shown.stdout
    is_sampled = LEAD in handing.read("item", "list", "NOR-26")["sampled"]
    assert ("Sampled: the destruction by Ada Marsh is checked." in shown.stderr) is is_sampled


def test_each_medium_is_attested_with_method_and_day(handing: Desk) -> None:
    handing.type("item", "issue", "NOR-26", "nb-1", LEAD, "--medium=numbered_notebook")
    done = ("done", "NOR-26", "destroy_notes", f"--for={LEAD}")
    told = handing.type(*done, "--attest=laptop=wiped@May", code=2).stderr
    assert '"laptop=wiped@May": after @ comes a day, such as laptop=wiped@2027-03-30' in told
    media = handing.read(*done, "--attest=laptop", code=4)["error"]["allowed"]
    every = [f"--attest={key}=shredded" for key in media if not key.startswith("no_")]
    told = handing.type(*done, *every, "--attest=no_copies_kept", "-n").stdout
    assert "numbered notebook, shredded on Tue 1 Sep 2026" in told
    told = handing.type(*done, *(f"--attest={key}" for key in media), code=4).stderr
    assert "nobody says how: numbered notebook, loose paper" in told


def test_doctor_finds_files_that_nothing_names_and_names_without_a_file(handing: Desk) -> None:
    handing.type("document", "add", "NOR-26", "timetable", str(handing.folder / "plan.pdf"))
    folder = handing.folder / "rehearsal.db.files"
    (kept,) = folder.iterdir()
    kept.rename(folder / ("0" * 32))
    told = handing.type("doctor", code=1).output
    assert f"1 file of documents missing in {folder}: restore a backup" in told
    assert f"1 file in {folder} that nothing names, such as {'0' * 32}: they may be deleted" in told
    assert Path(folder / ("0" * 32)).exists()
