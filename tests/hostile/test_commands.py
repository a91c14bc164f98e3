"""No word and no file makes a command end in a trace, or puts control characters on the screen."""

import re
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.hostile.table import ENDLESS, Try, commands, spread, tries
from tests.hostile.words import WORDS, make_files
from tests.integration.cli.desk import Desk

CODES = (0, *range(2, 8), 75)
"""What a command may end with: a fault of the program itself would be 1."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
TRIES = tries()
NOTHING_TO_SAY = {
    "audit checkpoint",
    "audit key",
    "calendar list",
    "definition list",
    "definition schema",
    "demo",
    "doctor",
    "init",
    "mail release",
    "person list",
    "run",
    "template list",
    "tick",
}
"""Commands that are not tried: they take neither a word nor a file, or never end."""


def fault_of(result: Result) -> str:
    """Return what is wrong with how a command ended; empty when nothing is."""
    if result.exception and not isinstance(result.exception, SystemExit):
        return f"F9: it ends in a trace: {result.exception!r:.300}"
    if result.exit_code not in CODES:
        return f"F9: it ends with {result.exit_code}"
    if result.exit_code and not result.output.strip():
        return "F9: it fails without a word"
    if "Traceback" in result.output:
        return "F9: a trace is printed"
    if len(result.stderr) > 20_000:
        return f"F9: it says {len(result.stderr):,} letters"
    if found := _CONTROL.search(result.stderr):
        return f"F9: it prints the control character {found[0]!r}"
    return ""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a desk in a folder of its own, in which commands may write what they like."""
    folder = tmp_path_factory.mktemp("ground")
    with chdir(folder):
        yield Desk(folder).fill()


def typed(desk: Desk, one: Try, value: str) -> Result:
    """Type a command with a hostile value, in this process."""
    from cli import main

    return CliRunner().invoke(main, one.with_value(value), env=desk.surroundings(), input="")


def test_every_command_is_tried_or_said_not_to_be() -> None:
    names = {name for name, _ in commands()}
    assert names - {one.command for one in TRIES} == NOTHING_TO_SAY
    assert ENDLESS.keys() <= NOTHING_TO_SAY


def test_no_word_makes_a_command_stumble(ground: Desk) -> None:
    wrong = []
    for one, what, value in spread(TRIES, WORDS, each=1):
        if fault := fault_of(typed(ground, one, value)):
            wrong.append(f"{one.command}: {one.parameter}: {what}: {fault}")
    assert wrong == []


def test_no_file_makes_a_command_stumble(ground: Desk, tmp_path: Path) -> None:
    files = make_files(tmp_path)
    wrong = []
    for one, what, value in spread([one for one in TRIES if one.is_file], files, each=4):
        if fault := fault_of(typed(ground, one, value)):
            wrong.append(f"{one.command}: {one.parameter}: {what}: {fault}")
    assert wrong == []
    assert (tmp_path / "socket.yaml").is_socket(), "F9: a file was put in the place of another kind"


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("ends in a trace", lambda r: Result(r, b"", b"x", b"x", None, 1, ValueError("x"))),
        ("ends with 99", lambda r: Result(r, b"", b"x", b"x", None, 99, SystemExit(99))),
        ("without a word", lambda r: Result(r, b"", b"", b"", None, 2, SystemExit(2))),
        ("a trace is printed", lambda r: Result(r, b"", b"Traceback", b"Traceback", None, 2, None)),
        ("control character", lambda r: Result(r, b"", b"\x1b[", b"\x1b[", None, 2, None)),
        ("letters", lambda r: Result(r, b"", b"x" * 30_000, b"x" * 30_000, None, 2, None)),
    ],
)
def test_a_command_that_stumbles_would_be_seen(
    said: str, result: Callable[[CliRunner], Result]
) -> None:
    assert said in fault_of(result(CliRunner()))


def test_what_is_no_text_is_refused_before_anything_happens(ground: Desk) -> None:
    said = ground.type("show", "NOR-26\udcff", code=2).stderr
    assert "an argument has \\udcff in it, which is no text; type it in UTF-8" in said


def test_what_would_steer_the_terminal_is_spelt_out_and_very_long_words_are_cut(
    ground: Desk,
) -> None:
    said = ground.type("show", "\x1b[31m" + "x" * 5_000, code=5).stderr
    assert said.startswith('Error: there is no challenge "\\x1b[31mxxx')
    assert "…" in said
    assert len(said) < 500
    assert "\\u202e" in ground.type("\u202eshow", code=2).stderr


def test_a_title_is_one_line_of_plain_text(ground: Desk) -> None:
    start = ("new", "A-1", "--definition=local_system_peer_challenge")
    said = ground.type(*start, "--title=a\nb", "--client=A", code=2).stderr
    assert (
        "the title 'a\\nb' has a control character or a line break in it; allowed is one line"
        in said
    )
    said = ground.type(*start, "--title=A", f"--client={'x' * 201}", code=2).stderr
    assert "the client is longer than 200 letters" in said
