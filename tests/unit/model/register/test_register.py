"""What the register says beyond standings: how dates came about, exceptions, filters, numbers."""

from datetime import date

import pytest

from tests.builders import Case
from tests.visits import HOST, LEAD, MANAGER, VISITOR, dated, drafting, prepared, visiting
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.access.relations import ADMINISTRATOR
from workflow.model.register.compliance import Compliance, Item, items
from workflow.model.register.entries import Origin, entries, origin_of
from workflow.model.register.exceptions import ANYBODY, ENGINE, exemptions
from workflow.model.register.totals import Month, count
from workflow.model.register.wanted import Wanted


def every(case: Case) -> dict[str, Item]:
    """Return what the register says, by obligation."""
    found = items(case.rules, case.challenge, case.events, at=case.at)
    return {item.obligation: item for item in found}


def test_the_date_that_counts_is_told_with_how_it_came_about() -> None:
    case = dated()
    found = every(case)
    assert found["V-1"].due_on == date(2026, 11, 23)
    assert "before the first day of the visit (Tuesday 24 November 2026)" in found["V-1"].why
    known = items(case.rules, case.challenge, (), at=case.at, whys={"scope_agreed": "as told"})
    assert {i.obligation: i.why for i in known}["scope_agreed"] == "as told"
    assert found["V-4"].why == ""


def test_who_did_it_is_told_apart_from_who_recorded_it() -> None:
    case = dated()
    case.do(
        c.CompleteTask(spec="scope_agreed", on=case.today, by=HOST, evidence="x"), actor=MANAGER
    )
    item = every(case)["scope_agreed"]
    assert (item.by, item.actor) == (HOST, MANAGER)


def test_an_obligation_is_of_the_guidance_or_of_the_house_and_of_stages() -> None:
    found = {entry.key: entry for entry in entries(dated().rules)}
    assert (found["V-1"].origin, found["V-1"].stages) == (Origin.GUIDANCE, ("planning",))
    assert found["scope_agreed"].origin is Origin.HOUSE
    assert found["V-4"].stages == ()
    assert "{person}" not in found["destroy_notes"].title
    assert origin_of("house policy, after the law") is Origin.HOUSE


def test_an_exception_stands_with_what_it_was_made_of() -> None:
    case = prepared().waive("evening_meeting").release(VISITOR)
    case.do(c.Advance(trigger="confirm", override="in a hurry"))
    found = every(case)
    (waived,) = found["evening_meeting"].exceptions
    assert (waived.what, waived.reason) == ("waived: evening_meeting", "as agreed")
    assert found["scope_agreed"].exceptions == ()


def test_what_a_step_waived_by_its_override_shows_the_override() -> None:
    case = dated().done("scope_agreed", "brief_visitor")
    case.do(c.Advance(trigger="confirm", override="in a hurry"))
    (made,) = every(case)["V-1"].exceptions
    assert (made.is_override, made.reason, made.authority) == (True, "in a hurry", ADMINISTRATOR)
    assert made.names == ("confirm", "call_visitor")


@pytest.mark.parametrize(
    ("actor", "authority"), [(MANAGER, "Visit manager"), (1, ADMINISTRATOR), (None, ENGINE)]
)
def test_the_right_by_which_it_was_allowed_is_the_role_that_was_held_then(
    actor: int | None, authority: str
) -> None:
    case = dated()
    waived = e.TaskWaived(at=case.at, actor=actor, task="scope_agreed", reason="x")
    (made,) = exemptions(case.rules, case.challenge, [waived])
    assert made.authority == authority


@pytest.mark.parametrize(
    ("right", "authority"),
    [
        ("manager on NOR-26", "Visit manager"),
        ("programme_manager", "programme manager"),
        ("administrator", ADMINISTRATOR),
        ("", "Visit manager"),
    ],
)
def test_the_right_is_the_one_that_the_log_has(right: str, authority: str) -> None:
    case = dated()
    waived = e.TaskWaived(at=case.at, actor=MANAGER, task="scope_agreed", reason="x")
    (made,) = exemptions(case.rules, case.challenge, [waived], rights={waived: right})
    assert made.authority == authority


def test_a_step_that_anybody_may_take_was_taken_by_anybodys_right() -> None:
    case = dated()
    entered = e.StageEntered(
        at=case.at, actor=LEAD, stage="visiting", left="planning", trigger="gone", unmet=("a",)
    )
    (made,) = exemptions(case.rules, case.challenge, [entered])
    assert made.authority == ANYBODY


@pytest.mark.parametrize(
    ("wanted", "is_met"),
    [
        (Wanted(), True),
        (Wanted(standings=frozenset({Compliance.MET})), True),
        (Wanted(standings=frozenset({Compliance.LATE})), False),
        (Wanted(obligation="scope_agreed"), True),
        (Wanted(obligation="V-1"), False),
        (Wanted(stage="planning"), True),
        (Wanted(stage="closed"), False),
        (Wanted(origin=Origin.HOUSE), True),
        (Wanted(origin=Origin.GUIDANCE), False),
        (Wanted(is_late=True), False),
        (Wanted(client="northshire SYSTEM"), True),
        (Wanted(client="Southshire"), False),
        (Wanted(due_from=date(2026, 10, 13), due_to=date(2026, 10, 13)), True),
        (Wanted(due_from=date(2026, 10, 14)), False),
        (Wanted(due_to=date(2026, 10, 12)), False),
    ],
)
def test_an_item_is_wanted_or_not(wanted: Wanted, is_met: bool) -> None:  # noqa: FBT001 (a table)
    item = every(visiting())["scope_agreed"]
    assert wanted.is_met_by(item) is is_met


def test_what_has_no_date_is_due_in_no_span() -> None:
    item = every(dated())["V-4"]
    assert not Wanted(due_to=date.max).is_met_by(item)


def test_what_went_wrong_is_missed_overridden_or_waived() -> None:
    found = every(drafting().until(date(2026, 12, 26)).waive("draft_checked"))
    late = {key for key, item in found.items() if Wanted(is_late=True).is_met_by(item)}
    assert {"report_sent", "draft_checked"} <= late
    assert "scope_agreed" not in late


def test_the_numbers_say_how_what_was_due_in_a_month_came_out() -> None:
    found = every(drafting().until(date(2026, 12, 26)))
    numbers = count(found.values())
    assert (numbers.totals[Compliance.LATE], numbers.breaches) == (1, 3)
    assert list(numbers.totals) == list(Compliance)
    months = {month.month: month for month in numbers.months}
    assert months["2026-10"] == Month(month="2026-10", on_time=1)
    december = months["2026-12"]
    assert (december.missed, december.open, december.due) == (1, 1, 2)
    twice = count(found.values())
    twice.merge(numbers)
    assert twice.breaches == 2 * numbers.breaches
    assert twice.months[0].due == 2 * numbers.months[0].due
