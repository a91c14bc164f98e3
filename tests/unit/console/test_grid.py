"""Tables on a terminal, wide and narrow: what may be typed again is never broken."""

import pytest

from console.grid import print_table

HEAD = ("ref", "task", "what", "standing", "target", "who")
ROWS = [
    ("NOR-26", "position_statement", "Position statement from the client", "late 7 days",
     "Tue 27 Oct", "Nia Cole"),
    ("NOR-26", "propose_team", "Propose the team to the client", "no date", "", "Alex Reed"),
]  # fmt: skip
Capture = pytest.CaptureFixture[str]


def shown(width: int, capsys: Capture) -> list[str]:
    """Return the lines of the table where there is room for so many letters."""
    print_table(HEAD, ROWS, width=width)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_a_wide_terminal_has_a_line_for_each_row(capsys: Capture) -> None:
    assert len(shown(140, capsys)) == len(ROWS) + 1


def test_what_is_long_is_broken_between_words(capsys: Capture) -> None:
    lines = shown(100, capsys)
    assert len(lines) > len(ROWS) + 1
    assert lines[0].split() == [name.upper() for name in HEAD]
    assert any("position_statement" in line and "Tue 27 Oct" in line for line in lines)


def test_a_narrow_terminal_has_long_cells_below_their_rows(capsys: Capture) -> None:
    assert shown(80, capsys) == [
        "REF      TASK                 STANDING      TARGET       WHO",
        "   WHAT",
        "NOR-26   position_statement   late 7 days   Tue 27 Oct   Nia Cole",
        "   Position statement from the client",
        "NOR-26   propose_team         no date                    Alex Reed",
        "   Propose the team to the client",
    ]


def test_the_last_columns_give_way_first(capsys: Capture) -> None:
    assert shown(50, capsys)[2:] == [
        "NOR-26   position_statement   late 7 days",
        "   Position statement from the client · Tue 27 Oct",
        "   · Nia Cole",
        "NOR-26   propose_team         no date",
        "   Propose the team to the client · Alex Reed",
    ]


@pytest.mark.parametrize("width", range(30, 160, 7))
def test_no_word_is_broken_at_any_width(width: int, capsys: Capture) -> None:
    words = {word for line in shown(width, capsys) for word in line.split()}
    told = {word for row in ROWS for cell in row for word in cell.split()}
    assert told <= words
