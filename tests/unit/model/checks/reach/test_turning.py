"""Steps that are taken by themselves: which circles never come to rest, and which do."""

from typing import Any

import pytest

from tests.unit.model.test_references import GONE, said, task

Change = tuple[str, Any]
ASKED, PAID = (f"dates.{name}" for name in ("asked", "paid"))
DATES = ((ASKED, {"title": "Asked"}), (PAID, {"title": "Paid"}))
BY_HAND = ("transitions.wait", GONE), ("transitions.resume", GONE)


def step(source: str, target: str, at: str = "once ready", **more: object) -> dict[str, Any]:
    """Return a step that is taken by itself."""
    return {"from": source, "to": target, "at": at, **more}


def found(*changes: Change) -> list[str]:
    """Return what is said of circles."""
    return [text for text in said(*DATES, *BY_HAND, *changes) if "circle" in text]


def held(hold: dict[str, Any], resume: dict[str, Any], *, back: str = "previous") -> list[str]:
    """Return what is said of a pause that begins by itself, and ends so."""
    holding = ("transitions.hold", step("second", "pause", **hold))
    return found(holding, ("transitions.resume", step("pause", back, **resume)))


TURNING = (
    "transitions.hold.at: steps taken by themselves lead in a circle: second → pause → second; "
    "leave `at` out of one of them"
)
START, END = {"at": "start"}, {"at": "end of end"}


@pytest.mark.parametrize("back", ["previous", "second"])
@pytest.mark.parametrize(
    ("hold", "resume"),
    [
        ({"requires": ["asked is known"]}, {"requires": ["paid is known"]}),
        ({"requires": ["asked is known"]}, {"warns": ["paid is reached"]}),
        (START, END),
        (START, {"requires": ["paid is known"]}),
        (START | {"requires": ["end is not reached"]}, {"at": "2 days before end"}),
        (START | {"requires": ["paid is not reached"]}, {"requires": ["paid is known"]}),
        (START | {"clears": "paid"}, {"requires": ["end is known"]}),
        (START, {"requires": [{"any": 1, "of": ["paid is known", "end is known"]}]}),
        (START, {"requires": ["second is entered"]}),
    ],
)
def test_a_pause_that_begins_and_ends_by_itself_for_ever_is_refused(
    hold: dict[str, Any], resume: dict[str, Any], back: str
) -> None:
    assert held(hold, resume, back=back) == [TURNING]


@pytest.mark.parametrize("back", ["previous", "second"])
@pytest.mark.parametrize(
    ("hold", "resume"),
    [
        (START | {"requires": ["paid is not known"]}, {"requires": ["paid is known"]}),
        (START | {"requires": ["end is not reached"]}, END),
        (START | {"requires": ["end is not reached"]}, {"requires": ["end is reached"]}),
        (START | {"requires": ["pause is not entered"]}, END),
        (START, {"requires": ["paid is known"], "clears": "paid"}),
        (START | {"clears": "start"}, END),
        (START, {"at": "2 weeks after pause"}),
        (START, {"at": "end of pause"}),
        (
            START | {"requires": ["paid is not known"]},
            {"requires": [{"any": 2, "of": ["paid is known", "end is known"]}]},
        ),
    ],
)
def test_a_pause_that_does_not_begin_again_is_left_alone(
    hold: dict[str, Any], resume: dict[str, Any], back: str
) -> None:
    assert held(hold, resume, back=back) == []


def test_a_pause_that_people_begin_may_end_by_itself() -> None:
    resume = step("pause", "previous", requires=["paid is known"])
    wait = {"from": ["first", "second"], "to": "pause"}
    assert found(("transitions.wait", wait), ("transitions.resume", resume)) == []


def test_what_is_not_entered_anew_on_the_way_back_puts_nothing_off() -> None:
    hold, resume = {"at": "2 weeks after second"}, {"requires": ["paid is known"]}
    assert held(hold, resume) == [TURNING]
    assert held(hold, resume, back="second") == []


OTHER = ("dates.other", {"title": "Other", "is": "1 day after paid"})


@pytest.mark.parametrize(
    ("phrase", "asked", "clears", "is_turning"),
    [
        ("2 weeks after pause", "due is reached", (), False),
        ("2 weeks after pause", "due is known", (), True),
        ("1 day after paid", "due is known", "paid", False),
        ("1 day after other", "due is known", "paid", False),
        ("1 day after other", "due is known", "asked", True),
    ],
)
def test_what_is_behind_a_worked_out_date_is_looked_at(
    phrase: str, asked: str, clears: object, *, is_turning: bool
) -> None:
    due = ("dates.due", {"title": "Due", "is": phrase})
    hold = ("transitions.hold", step("second", "pause", requires=["start is known"]))
    resume = ("transitions.resume", step("pause", "second", requires=[asked], clears=clears))
    assert found(due, OTHER, hold, resume) == ([TURNING] if is_turning else [])


def test_a_step_that_needs_a_date_waits_for_it() -> None:
    date = (PAID, {"title": "Paid", "needed_for": "hold"})
    hold = ("transitions.hold", step("second", "pause", **START))
    again = step("pause", "previous", "end of end", clears="paid")
    assert found(date, hold, ("transitions.resume", again)) == []
    setting = (PAID, {"title": "Paid", "needed_for": "hold", "set_by": "resume"})
    assert found(setting, hold, ("transitions.resume", again)) == [TURNING]


@pytest.mark.parametrize(
    ("occasion", "is_turning"),
    [("pause is entered", False), ("paid is cleared", False), ("end moves", True)],
)
def test_a_task_that_must_be_done_again_bars_the_way(occasion: str, *, is_turning: bool) -> None:
    more = ("tasks.more", task(redo_when=[occasion]))
    hold = ("transitions.hold", step("second", "pause", requires=["more"]))
    resume = step("pause", "second", "end of end", clears="paid")
    assert bool(found(more, hold, ("transitions.resume", resume))) is is_turning


def test_a_circle_that_rests_does_not_hide_one_that_does_not() -> None:
    quiet = step("second", "pause", "start", requires=["paid is not known"])
    steps = (
        ("transitions.quiet", quiet),
        ("transitions.hold", step("second", "pause", "start")),
        ("transitions.resume", step("pause", "previous", requires=["paid is known"])),
    )
    assert found(*steps) == [TURNING]


def test_a_circle_is_told_once_however_often_it_is_come_upon() -> None:
    names = [f"stages.{name}" for name in ("here", "there", "up", "down")]
    stages = [(name, {"title": "More"}) for name in names]
    known, unknown = ({"requires": [f"paid is {no}known"]} for no in ("", "not "))
    steps = [
        ("transitions.a", step("here", "there", "start")),
        ("transitions.b", step("there", "here", "start")),
        ("transitions.c", step("up", "down", "start", **known)),
        ("transitions.d", step("down", "up", "start", **unknown)),
    ]
    text = "steps taken by themselves lead in a circle: here → there → here"
    told = f"transitions.a.at: {text}; leave `at` out of one of them"
    assert found(*stages, *steps) == found(*stages, *steps[2:], *steps[:2]) == [told]


def test_of_circles_that_rest_only_so_many_are_looked_at() -> None:
    """However many steps bar each other in however many ways, an answer is there in time."""
    many = [
        (f"transitions.{name}_{n}", step(*ends, "start", requires=[f"paid is {no}known"]))
        for n in range(40)
        for name, ends, no in (
            ("hold", ("second", "pause"), "not "),
            ("on", ("pause", "second"), ""),
        )
    ]
    assert found(*many) == []
