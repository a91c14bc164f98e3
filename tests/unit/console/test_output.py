"""Data on stdout, talk on stderr; TSV in which nothing can break a line; JSON with offsets."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from console.output import Output
from workflow.model.events import Mark

LONDON = ZoneInfo("Europe/London")
Capture = pytest.CaptureFixture[str]


def test_cells_cannot_break_a_row(capsys: Capture) -> None:
    Output(zone=LONDON).table(("a", "b"), [("one\ttwo\nthree", "x")])
    assert capsys.readouterr().out == "a\tb\none two three\tx\n"


def test_a_table_on_a_terminal_takes_markup_as_text(capsys: Capture) -> None:
    Output(zone=LONDON, is_terminal=True).table(("what",), [("[red]late[/red]",)])
    assert "[red]late[/red]" in capsys.readouterr().out


def test_moments_have_the_offset_of_the_zone_and_days_are_iso_dates(capsys: Capture) -> None:
    body = {"at": datetime(2026, 7, 1, 8, tzinfo=UTC), "on": date(2026, 7, 1), "name": "Zoë"}
    Output(zone=LONDON).document("thing", body)
    text = capsys.readouterr().out
    assert "Zoë" in text
    assert json.loads(text) == {
        "schema": "peer-challenge/thing/1",
        "at": "2026-07-01T09:00:00+01:00",
        "on": "2026-07-01",
        "name": "Zoë",
    }


def test_what_consists_of_parts_is_an_object_in_json(capsys: Capture) -> None:
    mark = Mark(task="call", rung="calls.0", fires_at=datetime(2026, 7, 1, 8, tzinfo=UTC))
    Output(zone=LONDON).document("thing", {"marks": (mark,)})
    assert json.loads(capsys.readouterr().out)["marks"] == [
        {"task": "call", "rung": "calls.0", "fires_at": "2026-07-01T09:00:00+01:00"}
    ]


def test_what_has_no_place_in_json_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="has no place in JSON"):
        Output(zone=LONDON).document("thing", {"what": object()})


def test_quiet_output_has_no_talk(capsys: Capture) -> None:
    output = Output(zone=LONDON, is_quiet=True)
    output.talk("beside")
    output.follow("list")
    assert capsys.readouterr().err == ""


def test_the_last_line_is_what_to_type_next(capsys: Capture) -> None:
    Output(zone=LONDON).follow("list", "show REF", summary="2 late.")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "\n2 late.    peer-challenge list        peer-challenge show REF\n"


@pytest.mark.parametrize("is_json", [True, False])
def test_a_rehearsal_is_told(capsys: Capture, is_json: bool) -> None:  # noqa: FBT001
    output = Output(zone=LONDON, is_rehearsal=True, is_json=is_json)
    if is_json:
        output.document("thing", {})
        assert json.loads(capsys.readouterr().out)["rehearsal"] is True
    else:
        output.text(["x"])
        assert capsys.readouterr().out.splitlines()[0] == "REHEARSAL: nothing here is real."
