"""`extend` and `pause`: a clock that stops, goes on and is given more, seen from the screen."""

from pathlib import Path

import pytest

from tests.integration.cli.desk import Desk

REQUEST = str(Path(__file__).parents[3] / "docs" / "examples" / "information_request.yaml")
OFFICER = "sam.ford@programme.example"


@pytest.fixture
def requested(desk: Desk) -> Desk:
    """Return a desk with the request REQ-1, received on Tuesday 1 December 2026."""
    desk.now = "2026-12-01T09:00"
    desk.type(
        "new", "REQ-1", "--definition", REQUEST, "--title", "Minutes", "--client", "A resident",
        "--role", f"officer={OFFICER}", "--date", "received=2026-12-01",
    )  # fmt: skip
    desk.now = "2026-12-14T09:00"
    return desk


def answer(desk: Desk) -> dict[str, object]:
    found: dict[str, object] = desk.read("explain", "REQ-1", "answer")["deadlines"][0]
    return found


def test_a_pause_is_shown_before_it_happens_and_the_plan_is_what_then_happens(
    requested: Desk,
) -> None:
    said = ("pause", "REQ-1", "clarifying", "--reason", "what is meant?")
    planned, real = requested.read(*said, "-n"), requested.read(*said)
    assert planned["plan"] == real["plan"]
    moves = next(line for line in real["plan"] if line["kind"] == "moves")
    assert "paused: Waiting for an answer" in moves["change"]
    assert real["asked"] == [
        "REQ-1: clock stands still from Mon 14 Dec 2026: Waiting for an answer: what is meant?"
    ]
    assert answer(requested)["clock"] == "paused"
    assert (
        "Paused       Answer the request: Waiting for an answer"
        in requested.type("show", "REQ-1").stdout
    )


def test_days_that_a_clock_stood_still_put_the_limit_off_in_working_days(requested: Desk) -> None:
    """Two dates that were recorded late, a word on the day: 3 to 10 and 14 to 15 December."""
    requested.type("date", "REQ-1", "fee_asked", "2026-12-03")
    requested.type("date", "REQ-1", "fee_paid", "2026-12-10")
    requested.type("pause", "REQ-1", "clarifying", "--reason", "what is meant?")
    requested.now = "2026-12-16T09:00"
    requested.type("pause", "REQ-1", "clarifying", "--end")
    found = answer(requested)
    assert (found["limit_on"], found["first_limit_on"]) == ("2027-01-14", "2026-12-31")
    assert "not counted: Thu 3 Dec to Thu 10 Dec 2026 (Waiting for the fee)" in str(
        found["explanation"]
    )


def test_an_extension_is_agreed_once_and_both_limits_are_kept(requested: Desk) -> None:
    said = (
        "extend", "REQ-1", "answer", "--by", "10 working days", "--reason", "the public interest",
        "--agreement", "letter of 14 December",
    )  # fmt: skip
    requested.type(*said)
    found = answer(requested)
    assert (found["limit_on"], found["first_limit_on"]) == ("2027-01-18", "2026-12-31")
    assert found["target_on"] == "2027-01-13"  # three working days before the limit, put off once
    text = requested.type(*said, code=4).stderr
    assert '"Answer the request" may be extended once, and was, on Monday 14 December 2026' in text
    requested.now = "2027-01-08T09:00"
    requested.type("done", "REQ-1", "answer")
    row = requested.read("tasks", "REQ-1", "--all")["tasks"][0]
    assert (row["late_days"], row["first_late_days"]) == (0, 8)
    assert "8 days late" in requested.type("explain", "REQ-1", "answer").stdout


def test_the_history_has_every_limit_with_its_calendar_and_its_steps(requested: Desk) -> None:
    requested.type("date", "REQ-1", "fee_asked", "2026-12-03")
    history = answer(requested)["history"]
    assert isinstance(history, list)
    assert [one["limit_on"] for one in history] == ["2026-12-31", "2027-03-01"]  # the cap
    assert history[0]["calendar"].startswith("any_uk ")
    assert history[0]["steps"][0]["text"] == "Request received"


def test_an_excuse_is_shown_with_its_reason(requested: Desk) -> None:
    requested.type("date", "REQ-1", "withdrawn_on", "2026-12-14")
    row = requested.read("tasks", "REQ-1")["tasks"][0]
    assert (row["standing"], row["clock_note"]) == ("excused", "Request withdrawn")


@pytest.mark.parametrize(
    ("said", "code", "why"),
    [
        (("pause", "REQ-1", "clarifing", "--reason", "x"), 5, 'did you mean "clarifying"?'),
        (("pause", "REQ-1", "clarifying"), 2, 'say why the clock stands still: --reason "…"'),
        (("pause", "REQ-1", "clarifying", "--end"), 4, "the clock is running"),
        (("pause", "REQ-1", "fee_wait", "--reason", "x"), 4, "stops and goes on by dates"),
        (("extend", "REQ-1", "answer"), 2, "say how much more time: --by, up to 20 working days"),
        (("extend", "REQ-1", "answer", "--by", "2 wekks"), 2, 'unknown unit "wekks"'),
        (("extend", "REQ-1", "review"), 4, "does not apply"),
        (("explain", "REQ-1", "review"), 4, "does not apply"),
    ],
)
def test_what_is_wrong_says_the_way_out(
    requested: Desk, said: tuple[str, ...], code: int, why: str
) -> None:
    assert why in requested.type(*said, code=code).stderr
