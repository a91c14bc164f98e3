"""Which tasks a day off can move: never too few, and no more than need be."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest

from definitions import loader
from tests import builders
from tests.builders import Case
from tests.visits import (
    agreeing,
    clearing,
    drafting,
    edited,
    prepared,
    visiting,
)
from workflow.model import events as e
from workflow.model.calendar import calendar_named
from workflow.model.planning.reconcile import Settling, reconcile
from workflow.model.planning.rulebook import Rulebook
from workflow.model.recounting.reach import reaches
from workflow.model.recounting.recount import Exchange, recount

NAME = "england_and_wales"
START, END, BEGUN = date(2026, 11, 24), date(2026, 11, 27), date(2026, 9, 1)
VISITS = (prepared, visiting, drafting, agreeing, clearing)
WHOLE = (builders.planned, builders.confirmed, builders.on_site, builders.issued, builders.closed)


CASES = [
    *(pytest.param(make, id=f"visit {make.__name__}") for make in VISITS),
    *(
        pytest.param(partial(build, START, END, begun=BEGUN), id=f"whole {number}")
        for number, build in enumerate(WHOLE)
    ),
]


def settled(case: Case, rulebook: Rulebook) -> Settling:
    """Return a case with every task counted again under a rulebook."""
    settling = Settling(rulebook, case.challenge, case.at)
    settling.apply(changed(case))
    reconcile(settling)
    return settling


def changed(case: Case) -> e.CalendarChanged:
    """Return a change of the calendar, at the moment of a case."""
    return e.CalendarChanged(at=case.at, actor=1, calendar=NAME, version=2, reason="proclaimed")


@pytest.mark.parametrize("make", CASES)
def test_what_is_out_of_reach_would_not_have_moved(make: Callable[[], Case]) -> None:
    """Holidays all over the time of a challenge: what is passed over stays as it is anyway."""
    case = make()
    wakes = settled(case, case.rules).wakes
    days = [case.today + timedelta(days=n) for n in (*range(-20, 60, 4), *range(60, 400, 19))]
    for day in (day for day in days if day.weekday() < 5):
        calendar = calendar_named(NAME, added={day: "Day of Thanks"})
        rulebook = Rulebook(case.rules.definition, calendar)
        exchange = Exchange(case.rules, rulebook, (day,))
        found = recount(exchange, case.challenge, changed(case), wakes=wakes, is_due=False)
        whole = settled(case, rulebook)
        assert found.after.tasks == whole.challenge.tasks, day
        assert found.wakes == {**wakes, **whole.wakes}, day
        assert found.is_touched or whole.challenge.tasks == case.challenge.tasks, day


def test_a_day_far_away_reaches_nothing_and_one_nearby_does() -> None:
    case = visiting()
    reach = reaches(case.rules)
    assert reach.reached(case.challenge, [date(2028, 6, 1)]) == frozenset()
    near = reach.reached(case.challenge, [date(2026, 12, 24), date(2028, 6, 1)])
    assert "report_sent" in near
    assert "scope_agreed" not in near


def test_a_task_that_is_settled_is_out_of_reach() -> None:
    case = agreeing()
    day = [date(2026, 12, 22)]
    assert "comments_in" in reaches(case.rules).reached(case.challenge, day)
    case.done("comments_in")
    assert "comments_in" not in reaches(case.rules).reached(case.challenge, day)


def rules(*edits: tuple[str, str]) -> Rulebook:
    """Return the definition of a visit, edited."""
    return Rulebook(loader.load_text(edited(*edits), file="visit").definition)


REPORT = "    target: 4 weeks after visit_end, rolled to the previous working day\n"


@pytest.mark.parametrize(
    ("edit", "key", "days"),
    [
        (("", ""), "scope_agreed", {}),
        # ten and fifteen working days of at most two days, and a ladder of four times five
        (("", ""), "comments_in", {"report_sent": 46, "comments_in.limit": 66}),
        (("", ""), "report_sent", {"visit_end": 60, "report_sent.limit": 40}),
        (
            (REPORT, f"{REPORT}    cap: 6 weeks after visit_end\n"),
            "report_sent",
            {
                "": None,
                "visit_end": 60,
                "report_sent.limit": 40,
            },
        ),
    ],
)
def test_the_reach_of_a_task_is_what_its_rule_counts(
    edit: tuple[str, str], key: str, days: dict[str, int | None]
) -> None:
    assert longest(rules(*([edit] if edit[0] else [])), key) == days


def longest(rulebook: Rulebook, key: str) -> dict[str, int | None]:
    """Return the longest reach of a task from each of what it counts from."""
    found: dict[str, int | None] = {}
    for reach in reaches(rulebook).of.get(key, ()):
        for name in reach.names or {""}:
            known = found.get(name)
            longer = reach.days is None or known is None or reach.days > known
            found[name] = reach.days if longer else known
    return found


def test_a_date_that_is_worked_out_widens_the_reach_of_what_hangs_on_it() -> None:
    worked_out = (
        "  signed_off:  {title: Report signed off, set_by: sign_off}\n",
        "  signed_off:  {title: Report signed off, set_by: sign_off}\n"
        "  reply_by: {title: Reply, is: 30 working days after visit_end}\n",
    )
    limit = ("    limit: 4 weeks after visit_end\n", "    limit: 3 weeks before reply_by\n")
    plain, wide = rules(), rules(worked_out, limit)
    assert longest(plain, "report_sent")["visit_end"] == 60
    assert longest(wide, "report_sent")["visit_end"] == 97  # three weeks, thirty working days


@pytest.mark.parametrize(("target", "days"), [
    ("10 working days after last activity", {"": None}),
    ("10 working days after the end of the month of visit_end", {"visit_end": 83}),
    ("the last working day of the month of visit_end", {"visit_end": 63}),
])  # fmt: skip
def test_a_month_widens_the_reach_and_what_is_not_known_is_always_in_it(
    target: str, days: dict[str, int | None]
) -> None:
    rulebook = rules((REPORT, f"    target: {target}\n"))
    assert longest(rulebook, "report_sent") == {**days, "report_sent.limit": 40}


def test_what_is_always_in_reach_is_counted_again_for_any_day() -> None:
    capped = (REPORT, f"{REPORT}    cap: 6 weeks after visit_end\n")
    far, case = [date(2040, 6, 1)], visiting()
    assert reaches(rules()).reached(case.challenge, far) == frozenset()
    assert reaches(rules(capped)).reached(case.challenge, far) == {"report_sent"}


TURNS = (
    "  evening_meeting:\n",
    "  look_in:\n    title: Look in on {day}\n    stage: planning\n    by: manager\n"
    "    for_each: every 10 working days after visit_start, at most 4 times\n"
    "  evening_meeting:\n",
)


def test_a_day_off_between_turns_moves_the_turns_after_it() -> None:
    case = visiting(TURNS)
    day = date(2027, 1, 6)
    assert "look_in" in reaches(case.rules).reached(case.challenge, [day])
    case.until(date(2026, 12, 23))
    rulebook = Rulebook(case.rules.definition, calendar_named(NAME, added={day: "Day of Thanks"}))
    exchange = Exchange(case.rules, rulebook, (day,))
    found = recount(exchange, case.challenge, changed(case), wakes={}, is_due=False)
    before, after = (
        [str(task.day) for task in one.occurrences("look_in")]
        for one in (case.challenge, found.after)
    )
    assert before == ["2026-12-08", "2026-12-22", "2027-01-08"]
    assert after == ["2026-12-08", "2026-12-22", "2027-01-11"]
