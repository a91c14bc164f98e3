"""The clocks of requests and of breaches, as the shipped definitions have them; by hand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.builders import Case, rulebook
from workflow.model.commands import ExtendDeadline, PauseClock, ResumeClock
from workflow.model.errors import InvalidInput, Refused
from workflow.model.task import Task

ANSWER, LONDON = "answer_personal_data", ZoneInfo("Europe/London")


def begun(on: str, name: str = "information_request", **dates: str) -> Case:
    """Return a challenge that begins on a day, with some dates."""
    case = Case(at=datetime.fromisoformat(f"{on}T10:00+00:00"), rules=rulebook(name)).started()
    for key, day in dates.items():
        case.plan(key, date.fromisoformat(day))
    return case


def limit(case: Case, spec: str = ANSWER) -> str:
    return str(case.task(spec).limit_on)


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ("2026-09-03", "2026-10-05"),  # 3 October is a Saturday
        ("2026-11-25", "2026-12-29"),  # Christmas, a weekend, a bank holiday in its place
        ("2027-01-31", "2027-03-01"),  # there is no 31 February, and its last day is a Sunday
    ],
)
def test_a_month_ends_on_a_working_day(received: str, until: str) -> None:
    assert limit(begun(received, data_asked=received)) == until


def test_a_month_may_become_three_once_with_a_reason_while_it_runs() -> None:
    case = begun("2026-09-03", data_asked="2026-09-03")
    with pytest.raises(InvalidInput, match="say why the deadline is put off"):
        case.do(ExtendDeadline(spec=ANSWER, on=case.today))
    case.do(ExtendDeadline(spec=ANSWER, on=case.today, reason="fourteen mailboxes"))
    assert limit(case) == "2026-12-03"
    with pytest.raises(Refused, match="may be extended once, and was"):
        case.do(ExtendDeadline(spec=ANSWER, on=case.today, reason="more of them"))
    late = begun("2026-09-03", data_asked="2026-09-03").until(date(2026, 10, 6))
    with pytest.raises(Refused, match="too late to extend"):
        late.do(ExtendDeadline(spec=ANSWER, on=late.today, reason="fourteen mailboxes"))


@pytest.mark.parametrize("pause", ["identity", "clarification"])
def test_the_month_stands_still_while_whoever_asks_is_asked(pause: str) -> None:
    case = begun("2026-09-03", data_asked="2026-09-03").until(date(2026, 9, 7))
    case.do(PauseClock(name=pause, on=case.today, reason="from an unknown address"))
    assert case.task(ANSWER).limit_on is None
    case.until(date(2026, 9, 14)).do(ResumeClock(name=pause, on=case.today))
    assert limit(case) == "2026-10-12"  # seven days, and from a Saturday to the Monday


@pytest.mark.parametrize(
    ("dates", "until"),
    [
        ({"information_asked": "2026-11-27"}, "2026-12-30"),  # 30 November: Scotland
        ({"information_asked": "2026-03-02"}, "2026-03-31"),  # 17 March: Northern Ireland
        ({"information_asked": "2026-03-02", "made_clear": "2026-03-16"}, "2026-04-16"),
        (
            {
                "information_asked": "2026-03-02",
                "fee_asked": "2026-03-09",
                "fee_paid": "2026-03-20",
            },
            "2026-04-15",
        ),
    ],
)
def test_twenty_working_days_are_those_of_any_part_of_the_kingdom(
    dates: dict[str, str], until: str
) -> None:
    case = begun(dates["information_asked"])
    for key, day in dates.items():
        on = date.fromisoformat(day)
        case.until(max(on, case.today)).plan(key, on)
    assert limit(case, "answer_information") == until
    assert ANSWER not in case.challenge.tasks


def test_a_request_of_neither_kind_yet_is_not_answered_by_itself() -> None:
    assert begun("2026-09-01").challenge.stage == "answering"


def clock(aware: str) -> Task:
    """Return the task to tell the regulator, for a local moment of becoming aware."""
    local = datetime.fromisoformat(aware).replace(tzinfo=LONDON)
    case = Case(at=local.astimezone(UTC), rules=rulebook("data_breach")).started()
    return case.plan("aware", local.date(), moment=local).task("tell_regulator")


@pytest.mark.parametrize(
    ("aware", "until"),
    [
        ("2026-10-23T16:00", "2026-10-26T15:00"),  # the clocks go back
        ("2026-03-27T16:00", "2026-03-30T17:00"),  # and forward
        ("2026-06-29T23:30", "2026-07-02T23:30"),
        ("2026-12-24T17:00", "2026-12-27T17:00"),  # whatever day that is
    ],
)
def test_the_regulator_is_told_within_72_hours_whatever_the_clocks_do(
    aware: str, until: str
) -> None:
    task = clock(aware)
    assert task.limit_at is not None
    assert task.limit_at.astimezone(LONDON).isoformat()[:16] == until
