"""What is foreseen while people act: each task on its day, each step once nothing stands in it."""

from datetime import UTC, date, datetime, time

from tests.builders import Case
from tests.visits import HOST, MANAGER, Edit, agreeing, clearing, dated, drafting, visiting
from workflow.model.outlook.foresight import Foreseen, foresee

ON_A_DAY: Edit = (
    "  sign_off: {from: agreeing, to: clearing, by: [manager, host], requires: [comments_in]}\n",
    "  sign_off: {from: agreeing, to: clearing, by: [manager, host],\n"
    "    requires: [comments_in, due_back is reached]}\n",
)
DUE_BACK: Edit = (
    "  signed_off:  {title",
    "  due_back: {title: Due back, is: 8 weeks after visit_end}\n  signed_off:  {title",
)
NOT_BEFORE: Edit = (
    "by: [manager, host], requires: [comments_in]}",
    "by: [manager, host], requires: [comments_in],\n    not_before: 9 weeks after visit_end}",
)


def ahead(case: Case) -> tuple[Foreseen, ...]:
    return foresee(case.rules, case.challenge, at=case.at)


def stages(case: Case) -> list[tuple[str, date]]:
    """Return the stages that are foreseen, with the local day of each."""
    return [(one.key, case.rules.today(one.at)) for one in ahead(case) if one.kind == "stage"]


def test_a_visit_whose_people_are_on_time_is_walked_to_its_end() -> None:
    assert stages(visiting()) == [
        ("drafting", date(2026, 11, 26)),
        ("agreeing", date(2026, 12, 24)),
        ("clearing", date(2027, 1, 12)),
        ("closed", date(2027, 1, 26)),
    ]


def test_a_step_waits_for_the_day_that_it_asks_for() -> None:
    assert stages(agreeing(ON_A_DAY, DUE_BACK))[0] == ("clearing", date(2027, 1, 21))
    assert stages(agreeing(NOT_BEFORE))[0] == ("clearing", date(2027, 1, 28))
    assert stages(agreeing())[0] == ("clearing", date(2027, 1, 6))


def test_the_limits_that_lie_ahead_are_told_with_who_has_them() -> None:
    found = [one for one in ahead(agreeing()) if one.kind == "deadline"]
    assert [(one.key, one.to) for one in found if one.key == "comments_in"] == [
        ("comments_in", (HOST,))
    ]
    (comments,) = (one for one in found if one.key == "comments_in")
    assert comments.at == datetime(2027, 1, 6, 23, 59, 59, tzinfo=UTC)
    assert comments.text == "limit: Comment on the draft"


def test_a_message_is_news_a_reminder_or_an_escalation() -> None:
    case = drafting()
    kinds = {(one.key, one.kind) for one in ahead(case)}
    assert {("report_due_soon", "reminder"), ("to_do", "message")} <= kinds
    alone = foresee(case.rules, case.challenge, at=case.at, is_anybody_acting=False)
    assert ("overdue", "escalation") in {(one.key, one.kind) for one in alone}
    opening = [one for one in ahead(case) if one.key == "report_sent" and one.kind == "task"]
    assert [(one.text, one.to) for one in opening] == [
        ("opens: Send the draft report to the host", (MANAGER,))
    ]


def test_many_tasks_are_named_by_the_first_three() -> None:
    found = [one.text for one in ahead(clearing()) if one.key == "to_do"]
    assert all(text.startswith("Something to do: ") for text in found)


def test_what_happens_on_a_stage_is_foreseen_as_news() -> None:
    told: Edit = (
        "  dates_moved:\n",
        "  all_home: {title: The visit is over, when: drafting is entered, to: hosts}\n"
        "  dates_moved:\n",
    )
    (news,) = (one for one in ahead(visiting(told)) if one.key == "all_home")
    assert (news.kind, news.text, news.to) == ("message", "The visit is over", (HOST,))
    assert news.at == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)


def test_what_is_late_already_is_done_at_once() -> None:
    case = dated().until(date(2026, 10, 13), time(15))  # the target of the scope: today, at noon
    opened = [one for one in ahead(case) if one.key.startswith("brief_visitor")]
    assert {one.at for one in opened} == {case.at}
