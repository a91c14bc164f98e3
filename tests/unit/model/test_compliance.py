"""What an audit says of each obligation, and which exceptions were made."""

from datetime import date, time, timedelta

import pytest

from tests.builders import Case
from tests.visits import (
    DIRECTOR,
    END,
    LEAD,
    MANAGER,
    SECOND,
    START,
    VISITOR,
    Make,
    agreeing,
    begun,
    clearing,
    closed,
    dated,
    drafting,
    prepared,
    visiting,
)
from workflow.model import commands as c
from workflow.model.register.compliance import Compliance, Item, items
from workflow.model.register.exceptions import exemptions
from workflow.model.register.holding import Held, held

DAY = timedelta(days=1)
CONFIRMED = ("enforced_by: call_visitor}", "enforced_by: [call_visitor, confirm]}")
KNOWN = ("tracked_by: catch_up}", "enforced_by: [visit_start]}")


def found(case: Case, key: str) -> Item:
    """Return what an audit says of one obligation or task."""
    every = items(case.rules, case.challenge, case.events, at=case.at)
    (item,) = [one for one in every if one.obligation == key]
    return item


def test_every_obligation_is_an_item_and_every_task_that_none_names() -> None:
    case = dated()
    keys = [one.obligation for one in items(case.rules, case.challenge, case.events, at=case.at)]
    assert keys[:4] == ["V-1", "V-2", "V-3", "V-4"]
    assert set(keys[4:]) == set(case.rules.specs) - {"call_visitor", "catch_up"}
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("make", "key", "standing"),
    [
        (dated, "scope_agreed", Compliance.OPEN),
        (dated, "V-1", Compliance.NOT_YET),
        (dated, "comments_in", Compliance.NOT_YET),
        (prepared, "scope_agreed", Compliance.MET),
        (prepared, "V-1", Compliance.MET),
        (dated, "V-2", Compliance.NOT_YET),
        (begun, "V-2", Compliance.NOT_YET),  # its days are awaited
        (begun, "V-1", Compliance.NOT_YET),  # its people are
        (dated, "V-3", Compliance.MET),  # kept by the data model
        (dated, "V-4", Compliance.NOT_APPLICABLE),  # a text
        (dated, "destroy_notes", Compliance.NOT_YET),
        (clearing, "destroy_notes", Compliance.OPEN),
        (closed, "destroy_notes", Compliance.MET),
    ],
)
def test_an_obligation_stands_as_its_tasks_do(make: Make, key: str, standing: Compliance) -> None:
    item = found(make(), key)
    assert (item.standing, item.is_breach) == (standing, False)


def test_an_item_says_what_was_owed_when_it_was_met_how_and_who_said_so() -> None:
    case = dated().done("scope_agreed").until(date(2026, 10, 5))
    case.do(c.CompleteTask(spec="brief_visitor", person=LEAD, on=case.today), actor=MANAGER)
    item = found(case, "scope_agreed")
    assert (item.title, item.evidence) == ("Agree the scope of the visit with the host", "noted")
    assert (item.due_on, item.met_on, item.actor) == (date(2026, 10, 13), date(2026, 10, 1), 1)
    first = found(case, "V-1")
    assert (first.source, first.due_on, first.met_on) == ("briefing 12", date(2026, 11, 23), None)
    several = found(case, "brief_visitor")
    assert several.standing is Compliance.OPEN
    assert (several.met_on, several.evidence) == (None, "1 of 3 done")
    assert found(case, "V-4").evidence == "policy: Shown in the briefing pack"
    assert found(case, "V-3").evidence == "Events are never deleted"


@pytest.mark.parametrize(
    ("day", "at", "standing", "is_breach"),
    [
        (START - DAY, time(23, 59, 59), Compliance.NOT_YET, False),
        (START, time(0, 0), Compliance.LATE, True),
    ],
)
def test_a_limit_that_passed_is_a_breach(
    day: date,
    at: time,
    standing: Compliance,
    is_breach: bool,  # noqa: FBT001 (a table)
) -> None:
    item = found(dated().until(day, at), "V-1")
    assert (item.standing, item.is_breach) == (standing, is_breach)


@pytest.mark.parametrize(
    ("days", "standing", "evidence"),
    [
        (-1, Compliance.MET, "noted"),
        (0, Compliance.MET_LATE, "noted; late by 1 day"),
        (2, Compliance.MET_LATE, "noted; late by 3 days"),
    ],
)
def test_what_was_done_late_stays_a_breach(days: int, standing: Compliance, evidence: str) -> None:
    case = visiting().until(START + 3 * DAY)
    command = c.CompleteTask(spec="evening_meeting", on=START + days * DAY, evidence="noted")
    item = found(case.do(command), "evening_meeting")
    assert (item.standing, item.evidence) == (standing, evidence)
    assert item.is_breach is (standing is Compliance.MET_LATE)


def test_the_most_pressing_of_several_counts() -> None:
    case = dated().done("scope_agreed", "brief_visitor").waive("call_visitor", person=LEAD)
    assert found(case, "V-1").standing is Compliance.OPEN
    case.done_for(VISITOR, "call_visitor")
    case.do(c.Advance(trigger="confirm", override="in a hurry"))
    item = found(case, "V-1")
    assert item.standing is Compliance.OVERRIDDEN
    assert "in a hurry" in item.evidence
    assert not item.is_breach


def test_what_was_waived_is_waived_with_its_reason() -> None:
    item = found(dated().waive("scope_agreed"), "scope_agreed")
    assert (item.standing, item.evidence, item.met_on) == (Compliance.WAIVED, "as agreed", None)


def test_an_override_of_what_was_late_is_a_breach() -> None:
    case = dated().until(START).do(c.Advance(trigger="confirm", override="go on"))
    assert found(case, "V-1").is_breach


def test_to_waive_what_is_late_does_not_undo_the_breach() -> None:
    late = drafting().until(date(2026, 12, 26)).waive("report_sent")
    assert (found(late, "report_sent").standing, found(late, "report_sent").is_breach) == (
        Compliance.WAIVED,
        True,
    )
    assert not found(
        drafting().until(date(2026, 12, 24)).waive("report_sent"), "report_sent"
    ).is_breach


def test_what_fell_away_after_its_limit_stays_late() -> None:
    """A withdrawal ends the work; that it was late before stays in the audit."""
    late = drafting().until(date(2026, 12, 26)).advance("withdraw", reason="no longer wanted")
    item = found(late, "report_sent")
    assert (item.standing, item.is_breach) == (Compliance.LATE, True)
    assert item.evidence.startswith("the limit was missed, then it fell away: ")
    early = drafting().until(date(2026, 12, 24)).advance("withdraw", reason="no longer wanted")
    assert found(early, "report_sent").standing is Compliance.NOT_APPLICABLE


def test_silence_is_no_breach() -> None:
    item = found(agreeing().until(date(2027, 2, 1)), "comments_in")
    assert item.standing is Compliance.WAIVED
    assert item.evidence == "no reply within the time allowed"


def test_an_obligation_may_hang_on_a_step_or_a_date() -> None:
    case = dated(CONFIRMED, KNOWN)
    date_item = found(case, "V-2")
    assert (date_item.standing, date_item.met_on) == (Compliance.MET, case.today)
    assert date_item.evidence == "visit_start is 2026-11-24"
    assert found(begun(CONFIRMED, KNOWN), "V-2").standing is Compliance.NOT_YET
    case.do(c.Advance(trigger="confirm", override="in a hurry"))
    assert found(case, "V-1").standing is Compliance.OVERRIDDEN
    assert found(visiting(CONFIRMED), "V-1").standing is Compliance.MET


def test_a_step_or_a_date_that_never_came_is_no_more_awaited_once_all_is_over() -> None:
    case = begun(CONFIRMED, KNOWN).advance("withdraw", reason="no longer wanted")
    dated_item, stepped = found(case, "V-2"), found(case, "V-1")
    assert {dated_item.standing, stepped.standing} == {Compliance.NOT_APPLICABLE}
    assert dated_item.evidence == 'it ended with the stage "Withdrawn", without visit_start'
    assert 'it ended with the stage "Withdrawn", without step confirm' in stepped.evidence
    case = prepared(CONFIRMED).advance("withdraw", reason="no longer wanted")
    assert found(case, "V-1").standing is Compliance.MET  # by what was done of it


def test_in_a_pause_nothing_is_late() -> None:
    case = visiting().advance("hold_off", reason="an election").until(START + 30 * DAY)
    assert not any(i.is_breach for i in items(case.rules, case.challenge, case.events, at=case.at))


def test_what_is_held_is_not_late() -> None:
    case = clearing().do(c.PlaceHold(name="FOI", reason="asked")).until(date(2027, 3, 1))
    item = found(case, "destroy_notes")
    assert (item.standing, item.is_breach) == (Compliance.OPEN, False)


def test_who_holds_what_is_known_until_it_is_destroyed() -> None:
    assert list(held(dated().rules, dated().challenge)) == []
    whoever = ("past and present, who were issued something", "past and present")
    nothing = clearing(whoever, ("issues_material: true ", "issues_material: false "))
    assert list(held(nothing.rules, nothing.challenge)) == []
    case = clearing()
    since = date(2026, 10, 1)
    assert list(held(case.rules, case.challenge)) == [
        Held(reference="NOR-26", person=person, since=since) for person in (LEAD, VISITOR, SECOND)
    ]
    case.done_for(VISITOR, "destroy_notes")
    assert [one.person for one in held(case.rules, case.challenge)] == [LEAD, SECOND]
    case.waive("destroy_notes", person=LEAD)
    assert [one.person for one in held(case.rules, case.challenge)] == [LEAD, SECOND]


def test_who_left_with_something_still_holds_it() -> None:
    case = prepared().release(VISITOR)
    assert VISITOR in [one.person for one in held(case.rules, case.challenge)]


def test_exceptions_are_listed_with_who_made_them_and_why() -> None:
    case = dated(("    to: visiting\n    by: manager", "    to: visiting\n    by: director"))
    case.do(c.WaiveTask(spec="evening_meeting", reason="by phone"), actor=MANAGER)
    case.release(VISITOR)
    case.do(c.Advance(trigger="confirm", override="in a hurry"), actor=DIRECTOR)
    made = list(exemptions(case.rules, case.challenge, case.events))
    assert [(one.reason, one.actor, one.is_override) for one in made] == [
        ("by phone", MANAGER, False),
        ("in a hurry", DIRECTOR, True),
    ]
    assert [one.what for one in made] == [
        "waived: evening_meeting",
        "step confirm without: Agree the scope of the visit with the host: not done; "
        "Call each person before the visit: 2 of 2 not done ({p4}, {p6}); "
        "Visitor: 1 of at least 2",
    ]


def test_a_step_with_a_reason_only_is_an_exception_but_no_override() -> None:
    case = prepared().release(VISITOR).advance("confirm", reason="one is enough")
    (made,) = exemptions(case.rules, case.challenge, case.events)
    assert (made.is_override, made.reason) == (False, "one is enough")
    assert list(exemptions(visiting().rules, visiting().challenge, visiting().events)) == []
    assert case.today < END
