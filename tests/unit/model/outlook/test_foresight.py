"""What is foreseen of the destruction of our own copies: on its day, unless it is stopped."""

from datetime import date

from tests.builders import Case
from tests.unit.model.register.kept import DUE, closed, closing, on
from tests.visits import MANAGER, Edit, dated, prepared
from workflow.model import commands as c
from workflow.model.outlook.foresight import foresee
from workflow.model.records import commands as r

OPENING = "    - {when: on opening, to: by, notice: to_do}\n"
COPIES = "    copies: messages\n"
MONTHLY = (
    OPENING,
    f"{OPENING}    - {{when: every 1 month after opening, at_most: 3, to: by, notice: overdue}}\n",
)


def chased(case: Case) -> list[str]:
    """Return of what somebody is foreseen to be reminded although its day has come."""
    found = foresee(case.rules, case.challenge, at=case.at)
    return [one.text.rpartition(": ")[2] for one in found if one.key == "overdue"]


def test_what_is_destroyed_on_its_day_is_not_chased() -> None:
    assert chased(closed(MONTHLY)) == []


def test_what_is_kept_for_longer_is_destroyed_on_its_later_day() -> None:
    longer = r.ExtendRetention(rule="mail", until=date(2027, 5, 1), reason="an inquiry")
    case = on(closed(MONTHLY), DUE).do(longer, actor=MANAGER)
    assert chased(case) == []


def test_what_a_task_still_needs_is_not_destroyed() -> None:
    needed = (COPIES, f"{COPIES}    needed_for: destroy_notes\n")
    case = closing(MONTHLY, needed).do(
        c.PlaceHold(name="x", reason="asked", tasks=("destroy_notes",))
    )
    assert chased(case) == ["Mail about the visit"] * 3


def test_of_what_a_hold_stops_nobody_is_reminded() -> None:
    case = closed(MONTHLY).do(c.PlaceHold(name="x", reason="asked", rules=("mail",)))
    assert chased(case) == []


def limits(case: Case) -> list[str]:
    """Return the tasks whose limits are foreseen."""
    found = foresee(case.rules, case.challenge, at=case.at)
    return [one.key for one in found if one.kind == "deadline"]


def test_the_limit_of_what_was_done_this_very_moment_does_not_lie_ahead() -> None:
    case = dated()
    assert "evening_meeting" in limits(case)
    case.done("evening_meeting")
    assert case.task("evening_meeting").done_at == case.at
    assert "evening_meeting" not in limits(case)


IN_THE_MORNING: tuple[Edit, ...] = (
    (
        "limit: 19:00 on the day before visit_start\n",
        "limit: 09:00 on the day before visit_start\n    reminders: late\n",
    ),
    (
        "ladders:\n",
        "ladders:\n  late: [{when: 1 hours after limit, to: by, notice: overdue}]\n",
    ),
)


def test_who_is_on_time_keeps_a_limit_in_the_morning_too() -> None:
    case = prepared(*IN_THE_MORNING).advance("confirm")
    entries = foresee(case.rules, case.challenge, at=case.at)
    assert not [one for one in entries if one.key == "overdue" and "evening" in one.text]
    alone = foresee(case.rules, case.challenge, at=case.at, is_anybody_acting=False)
    assert [one.kind for one in alone if one.key == "overdue" and "evening" in one.text]
