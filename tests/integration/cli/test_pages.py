"""The pages for users say what is so: each command is run, each line of output compared.

A block that names a file (```yaml service_review.yaml) is the next part of that file; one of text
(```text words/invitation.text.txt) is the whole of it.
"""

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.integration.cli.desk import Desk

PAGES = [
    "docs/tutorial.md",
    *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/how-to/*.md")),
]
_BLOCK = re.compile(
    r"^```(?:console|yaml (?P<file>[a-z_]+\.yaml)|text (?P<whole>[a-z_/.]+\.txt))\n"
    r"(?P<text>.*?)^```",
    re.DOTALL | re.MULTILINE,
)
_STATUS = re.compile(r"\s+# exit status (\d+)$")


@dataclass(frozen=True)
class Typed:
    """A command as a page has it: its words, how it ends, the lines that it shows."""

    words: tuple[str, ...]
    code: int
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The next part of a file that a page lets its reader write, or the whole of it."""

    file: str
    text: str
    is_whole: bool = False


def typed(text: str) -> Iterator[Typed | Part]:
    """Yield what a page lets its reader type, commands and parts of files, in order."""
    for block in _BLOCK.finditer(text):
        if block["file"] or block["whole"]:
            file = block["file"] or block["whole"]
            yield Part(file, block["text"], is_whole=bool(block["whole"]))
        else:
            yield from _commands(block["text"])


def _commands(block: str) -> Iterator[Typed]:
    for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        status = _STATUS.search(command)
        words = shlex.split(_STATUS.sub("", command))
        lines = (line for line in shown if line.strip() and line.strip() != "…")
        yield Typed(tuple(words), int(status[1]) if status else 0, tuple(lines))


def play(desk: Desk, commands: Iterator[Typed | Part]) -> list[str]:
    """Run the commands of a page; return the lines that it shows and the program does not."""
    missing = []
    for command in commands:
        if isinstance(command, Part):
            mode, end = ("w", "") if command.is_whole else ("a", "\n")
            with (desk.folder / command.file).open(mode, encoding="utf-8") as file:
                file.write(command.text + end)
            continue
        first, *rest = command.words
        if first == "export":
            name, _, value = rest[0].partition("=")
            _set(desk, name, value)
            continue
        assert first == "peer-challenge", command
        output = desk.type(*rest, code=command.code).output
        plain = " ".join(output.split())
        missing += [line for line in command.shown if " ".join(line.split()) not in plain]
    return missing


def _set(desk: Desk, name: str, value: str) -> None:
    if name == "PEER_CHALLENGE_NOW":
        desk.now = value
    else:
        desk.environment[name] = value.replace("$PWD", str(desk.folder))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Desk]:
    """Yield a desk in a folder of its own, in which files are made."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield Desk(tmp_path, now="", environment={"HOME": str(tmp_path)})
    os.chdir(before)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_what_the_program_says(elsewhere: Desk, page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    commands = list(typed(text))
    assert commands
    assert play(elsewhere, iter(commands)) == []


def test_a_line_that_the_program_does_not_say_is_seen(elsewhere: Desk) -> None:
    page = "```console\n$ peer-challenge person list\nNobody at all\n```\n"
    assert play(elsewhere, typed(page)) == ["Nobody at all"]


def test_a_command_that_ends_otherwise_than_the_page_says_is_seen(elsewhere: Desk) -> None:
    page = "```console\n$ peer-challenge show NONE     # exit status 4\n```\n"
    with pytest.raises(AssertionError, match="NONE"):
        play(elsewhere, typed(page))


def test_the_definition_that_a_page_writes_part_by_part_is_the_example() -> None:
    parts = [
        part
        for page in PAGES
        for part in typed((ROOT / page).read_text(encoding="utf-8"))
        if isinstance(part, Part) and part.file == "service_review.yaml"
    ]
    assert len(parts) > 1
    example = (ROOT / "docs" / "examples" / "service_review.yaml").read_text(encoding="utf-8")
    assert "\n".join(part.text for part in parts) == example
