"""`audit verify`, `export`, `prove`, `checkpoint`, `anchor`, `key`; and a stranger's check."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.integration.cli.desk import Desk

PAGE = ROOT / "docs" / "how-to" / "check-the-log.md"


def test_the_log_is_signed_anchored_exported_and_checked(desk: Desk) -> None:
    anchors, log = desk.folder / "anchors.txt", desk.folder / "log.jsonl"
    before = desk.read("audit", "verify")
    assert (before["entries"], before["anchors"]) == (0, 0)
    assert (
        f"{before['pending']} more entries would be signed."
        in desk.type("audit", "checkpoint", "--dry-run").stdout
    )
    desk.type("audit", "anchor", str(anchors), "-n")
    desk.type("audit", "export", str(log), "-n")
    assert not anchors.exists()
    assert not log.exists()
    signed = desk.read("audit", "checkpoint")
    assert signed["size"] == before["pending"]
    assert signed["note"] in desk.type("audit", "checkpoint").stdout
    assert "anchored in" in desk.type("audit", "anchor", str(anchors)).stdout
    assert "anchored before in" in desk.type("audit", "anchor", str(anchors)).stdout
    after = desk.read("audit", "verify", "--anchors", str(anchors))
    assert (after["intact"], after["anchors"], after["pending"]) == (True, 1, 0)
    desk.type("audit", "export", str(log))
    found = desk.read("audit", "verify", "--log", str(log), "--anchors", str(anchors))
    assert found["schema"] == "peer-challenge/audit-verify-log/1"
    assert (found["intact"], found["covered"]) == (True, signed["size"])
    assert desk.read("audit", "key")["key"] in log.read_text()
    shown = desk.type("audit", "verify", "--log", str(log)).stdout
    assert "No anchor speaks for it" in shown


def test_an_exported_log_that_was_tampered_with_ends_with_three(desk: Desk) -> None:
    log = desk.folder / "log.jsonl"
    desk.type("audit", "export", str(log))
    log.write_text(log.read_text().replace("StartChallenge", "StopChallenge"))
    shown = desk.type("audit", "verify", "--log", str(log), code=3).stdout
    assert re.search(r"NOT INTACT: line \d+: the entry is not what it was when it was wr", shown)


def test_a_proof_goes_to_a_file_or_is_shown(desk: Desk) -> None:
    file = desk.folder / "proof.json"
    desk.type("audit", "prove", "NOR-26", "2", "-o", str(file))
    shown = json.loads(desk.type("audit", "prove", "NOR-26", "2").stdout)
    assert shown.pop("rehearsal")
    assert shown == json.loads(file.read_text())
    assert "no event of NOR-26" in desk.type("audit", "prove", "NOR-26", "99999", code=5).output
    desk.type("audit", "prove", "NOR-62", "1", code=5)
    none = str(desk.folder / "none" / "proof.json")
    assert "cannot write" in desk.type("audit", "prove", "NOR-26", "2", "-o", none, code=75).output


def test_options_that_do_not_go_together_are_told(desk: Desk) -> None:
    said = desk.type("audit", "verify", "--key", "x", code=2).output
    assert "--key goes with --log" in said
    said = desk.type(
        "audit", "anchor", "a.txt", "--timestamp", "https://tsa.example", code=2
    ).output
    assert "--timestamp URL and --roots FILE go together" in said


@pytest.fixture
def checked(desk: Desk) -> Desk:
    """Return a desk with an anchored and exported log, a proof, and the page's program."""
    page = PAGE.read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (desk.folder / "check.py").write_text(program, encoding="utf-8")
    for arguments in (
        ("anchor", "anchors.txt"),
        ("export", "log.jsonl"),
        ("prove", "NOR-26", "2", "-o", "proof.json"),
    ):
        *words, file = arguments
        desk.type("audit", *words, str(desk.folder / file))
    return desk


def run(desk: Desk, anchors: str, file: str, text: str = "") -> str:
    """Run the page's program on a file, with another text if one is given; return what it says."""
    if text:
        (desk.folder / file).write_text(text, encoding="utf-8")
    key = desk.read("audit", "key")["key"]
    command = [sys.executable, "-I", "check.py", key, anchors, file]
    done = subprocess.run(command, cwd=desk.folder, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def test_a_stranger_checks_the_log_with_a_page_of_python(checked: Desk) -> None:
    log, proof = (Path(checked.folder / name).read_text() for name in ("log.jsonl", "proof.json"))
    assert run(checked, "anchors.txt", "log.jsonl") == "right"
    assert run(checked, "-", "proof.json") == "right"
    said = run(checked, "anchors.txt", "log.jsonl", log.replace("Northshire", "Southshire"))
    assert said.startswith("NOT RIGHT: events of {")
    assert run(checked, "-", "proof.json", proof.replace("StartChallenge", "Start")) == (
        "NOT RIGHT: the path does not lead to the root"
    )
    first, *lines, last = log.splitlines()
    for count in range(1, len(lines)):
        shorter = [first.replace(f'"size":{len(lines)}', f'"size":{count}'), *lines[:count], last]
        said = run(checked, "anchors.txt", "log.jsonl", "\n".join(shorter))
        assert said.startswith("NOT RIGHT: ")
    emptied = re.sub(r'"events":\[.*?\]}$', '"events":null}', log, flags=re.MULTILINE)
    assert emptied != log
    said = run(checked, "anchors.txt", "log.jsonl", emptied)
    assert re.fullmatch(r"NOT RIGHT: the events of entry \d+ are left out", said)
    said = run(checked, "anchors.txt", "log.jsonl", log + lines[0])
    assert said == "NOT RIGHT: there is something after the last head"
    assert run(checked, "anchors.txt", "log.jsonl", log[:-40]).startswith("NOT RIGHT: JSONDecode")
