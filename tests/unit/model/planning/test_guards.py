"""What a definition may ask for, and what is said to be missing."""

from datetime import timedelta

import pytest

from tests.builders import Case
from tests.unit.model.register.kept import closed, closing
from tests.visits import (
    END,
    HOST,
    LEAD,
    SECOND,
    START,
    VISITOR,
    Make,
    agreeing,
    begun,
    dated,
    prepared,
    staffed,
    visiting,
)
from workflow.model import commands as c
from workflow.model.errors import Unmet
from workflow.model.language.conditions import parse_requirement
from workflow.model.planning.guards import check, holds, may_go, meets, titled

DAY = timedelta(days=1)
GROUP = (
    "  visitors: [lead_visitor, visitor]",
    "  visitors: {title: Visitors, roles: [lead_visitor, visitor], needed: 3..4}",
)


def lacking(case: Case, phrase: object, days: int = 0) -> str | None:
    """Return what a requirement lacks, so many days from the first day of the visit."""
    found = check(
        case.rules, case.challenge, parse_requirement(phrase), today=START + timedelta(days=days)
    )
    return found.text if found else None


@pytest.mark.parametrize(
    ("make", "phrase", "missing"),
    [
        (dated, "scope_agreed", "Agree the scope of the visit with the host: not done"),
        (prepared, "scope_agreed", None),
        (prepared, "scope_agreed is done", None),
        (
            dated,
            "call_visitor",
            "Call each person before the visit: 3 of 3 not done ({p4}, {p5}, {p6})",
        ),
        (begun, "call_visitor", None),  # for nobody
        (
            dated,
            "catch_up",
            "Catch up with the host on each day: 2 of 2 not done "
            "(Tuesday 24 November 2026, Wednesday 25 November 2026)",
        ),
        (staffed, "catch_up", "Catch up with the host on each day: its days are not known"),
        (staffed, "visit_start", "First day of the visit: the date is not known"),
        (staffed, "visit_start is known", "First day of the visit: the date is not known"),
        (staffed, "visit_start is reached", "First day of the visit: the date is not known"),
        (dated, "visit_start", None),
        (dated, "visiting", 'the stage "On the visit" is not reached'),
        (dated, "visiting is entered", 'the stage "On the visit" is not reached'),
        (dated, "visiting is reached", 'the stage "On the visit" is not reached'),
        (visiting, "visiting is entered", None),
        (visiting, "planning", None),  # reached, and left behind
        (begun, "host is filled", "Lead of the host: nobody"),
        (staffed, "host is filled", None),
        (begun, "visitors is filled", "Lead visitor or Visitor: nobody"),
        (begun, "lead_visitor.enough", "Lead visitor: 0 of at least 1"),
        (begun, "visitor.enough", "Visitor: 0 of at least 2"),
        (begun, "visitors.enough", "Lead visitor: 0 of at least 1"),
        (staffed, "visitors.enough", None),
        (
            dated,
            {"any": 1, "of": ["scope_agreed", "visiting"]},
            "at least 1 of these: Agree the scope of the visit with the host: not done; "
            'the stage "On the visit" is not reached',
        ),
        (prepared, {"any": 1, "of": ["scope_agreed", "visiting"]}, None),
        (
            prepared,
            {"any": 2, "of": ["scope_agreed", "visiting"]},
            'at least 2 of these: the stage "On the visit" is not reached',
        ),
    ],
)
def test_a_condition_holds_or_says_what_is_missing(
    make: Make, phrase: object, missing: str | None
) -> None:
    assert lacking(make(), phrase) == missing


def test_days_that_are_known_and_none_hold() -> None:
    one_day = staffed().plan("visit_start", START).plan("visit_end", START)
    assert one_day.challenge.occurrences("catch_up") == ()  # the last day has none
    assert lacking(one_day, "catch_up") is None


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        (-1, "First day of the visit: Tuesday 24 November 2026 has not come yet"),
        (0, None),
        (1, None),
    ],
)
def test_a_date_is_reached_when_its_day_has_come(days: int, missing: str | None) -> None:
    assert lacking(dated(), "visit_start is reached", days) == missing


def test_what_does_not_ask_for_a_day_is_answered_without_one() -> None:
    case = dated()
    assert meets(case.rules, case.challenge, parse_requirement("visit_start is known"))
    assert not meets(case.rules, case.challenge, parse_requirement("visit_start is reached"))


@pytest.mark.parametrize(
    ("gone", "joined", "missing"),
    [
        ((), (), None),  # three
        ((VISITOR,), (), "Visitor: 1 of at least 2"),
        ((), (20,), None),  # four
        ((), (20, 21), "Visitors: 5, but 3..4 are needed"),
    ],
)
def test_a_group_has_its_own_total_beside_the_least_of_each_role(
    gone: tuple[int, ...], joined: tuple[int, ...], missing: str | None
) -> None:
    case = staffed(GROUP, without=gone)
    for person in joined:
        case.assign("visitor", person)
    assert lacking(case, "visitors.enough") == missing


def test_a_group_that_is_too_small_says_by_how_many() -> None:
    loose = ("needed: 2..5, otherwise", "needed: 1..5, otherwise")
    assert lacking(staffed(GROUP, loose, without=(SECOND,)), "visitors.enough") == (
        "Visitors: 2, but 3..4 are needed"
    )


def test_what_is_missing_names_its_rule_and_its_tasks() -> None:
    case = prepared()
    case.assign("visitor", 20)
    found = holds(case.rules, case.challenge, "call_visitor")
    assert found == Unmet(
        "Call each person before the visit: 1 of 4 not done ({p20})",
        "briefing 12",
        ("call_visitor:20",),
    )
    assert str(found) == "Call each person before the visit: 1 of 4 not done ({p20}) (briefing 12)"


def test_of_very_many_people_only_the_first_are_named() -> None:
    case = staffed(("needed: 2..5, otherwise", "needed: 2..50, otherwise"))
    for person in range(20, 32):
        case.assign("visitor", person)
    text = lacking(case, "call_visitor")
    assert text is not None
    assert text.endswith("{p28}, and 3 more)")
    assert "15 of 15 not done" in text


@pytest.mark.parametrize("settle", ["waive", "lapse"])
def test_what_is_waived_or_lapsed_is_not_missing(settle: str) -> None:
    case = agreeing()
    if settle == "waive":
        case.waive("comments_in")
    else:
        case.until(case.today + 60 * DAY)
    assert holds(case.rules, case.challenge, "comments_in") is None


def test_who_left_is_not_missing() -> None:
    case = dated().done("scope_agreed", "brief_visitor")
    for person in (LEAD, VISITOR):
        case.done_for(person, "call_visitor")
    case.release(SECOND)
    assert holds(case.rules, case.challenge, "call_visitor") is None
    assert case.challenge.dates["visit_end"].on == END
    assert HOST in case.challenge.holders(["host"])


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("visit_start", "First day of the visit"),
        ("planning", "Planning"),
        ("host", "Lead of the host"),
        ("call_visitor", "Call each person before the visit"),
        ("hosts", "Everybody at the host"),
        ("visitors", "visitors"),
        ("nothing", "nothing"),
    ],
)
def test_what_a_condition_speaks_of_has_a_title(subject: str, title: str) -> None:
    assert titled(begun().rules, subject) == title


def test_what_may_go_is_under_no_hold_and_of_a_record_only_when_it_is_over() -> None:
    held = closed().do(c.PlaceHold(name="FOI 1", reason="a request", rules=("mail",)))
    cases = {"before its end": closing(), "over": closed(), "held": held}
    found = {
        name: [may_go(case.rules, case.challenge, key) for key in ("mail", "own_records")]
        for name, case in cases.items()
    }
    assert found == {
        "before its end": [True, False],
        "over": [True, True],
        "held": [False, False],
    }
