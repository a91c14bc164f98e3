"""Tasks that are recorded as done; and what is refused."""

from datetime import date, timedelta

import pytest

from tests.builders import Case
from tests.visits import (
    DIRECTOR,
    HOST,
    LEAD,
    MANAGER,
    SECOND,
    START,
    STRANGER,
    VISITOR,
    Make,
    agreeing,
    clearing,
    complaint,
    dated,
    drafting,
    of_kind,
    refusal,
    visiting,
)
from workflow.model import commands as c
from workflow.model.errors import Unmet
from workflow.model.events import DateSet
from workflow.model.task import TaskStatus

TODAY = dated().today
DAY = timedelta(days=1)
SCOPE = c.CompleteTask(spec="scope_agreed", on=TODAY, evidence="in a call")
NOTES = ("notebook", "loose_paper", "laptop", "cloud")
FLAGGED = ("    after: brief_visitor ", "    early: flag\n    after: brief_visitor ")


def done(spec: str, on: date = TODAY, **more: int | str | date) -> c.CompleteTask:
    return c.CompleteTask(spec=spec, on=on, **{"evidence": "noted", **more})  # type: ignore[arg-type]


def destroyed(case: Case, *items: str, evidence: str = "") -> c.CompleteTask:
    return c.CompleteTask(
        spec="destroy_notes", person=LEAD, on=case.today, attested=items, evidence=evidence
    )


def test_what_was_done_is_kept_with_who_did_it_who_said_so_and_how() -> None:
    case = dated().do(c.CompleteTask(spec="scope_agreed", on=TODAY - DAY, evidence="in a call"))
    task = case.task("scope_agreed")
    assert task.status is TaskStatus.DONE
    assert (task.done_on, task.done_at) == (TODAY - DAY, case.at)
    assert (task.done_by, task.recorded_by, task.evidence) == (MANAGER, 1, "in a call")


@pytest.mark.parametrize(("days", "is_refused"), [(-1, False), (0, False), (1, True)])
def test_a_task_is_done_on_a_past_day(
    days: int,
    is_refused: bool,  # noqa: FBT001 (a table)
) -> None:
    command = done("scope_agreed", TODAY + days * DAY)
    if is_refused:
        assert complaint(dated(), command) == (
            "Friday 2 October 2026 is in the future: a task is done on a past day"
        )
    else:
        assert dated().do(command).task("scope_agreed").done_on == command.on


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (done("scope_agred"), 'there is no task "scope_agred"; did you mean "scope_agreed"?'),
        (
            done("brief_visitor"),
            '"Send each person the briefing pack": say which one with --for: {p4}, {p5}, {p6}',
        ),
        (
            done("brief_visitor", person=STRANGER),
            '"Send each person the briefing pack" is not for that person or day; there is: '
            "{p4}, {p5}, {p6}",
        ),
        (
            done("catch_up", day=START - DAY),
            '"Catch up with the host on each day" is not for that person or day; there is: '
            "2026-11-24, 2026-11-25",
        ),
    ],
)
def test_a_task_must_be_named_so_that_one_is_meant(command: c.CompleteTask, text: str) -> None:
    assert complaint(dated(), command).startswith(text)


def test_of_several_tasks_ones_own_is_meant() -> None:
    case = clearing()
    case.do(done("destroy_notes", case.today), actor=VISITOR)
    assert [t.person for t in case.unfinished("destroy_notes")] == [LEAD, SECOND]


def test_what_nobody_has_to_do_does_not_apply() -> None:
    refused = refusal(dated(), done("destroy_notes"))
    assert refused.kind == "no_task"
    assert refused.message == '"Destroy your notes and confirm it" does not apply to NOR-26'


def test_what_is_done_or_waived_is_not_done_again() -> None:
    case = dated().do(SCOPE)
    refused = refusal(case, SCOPE)
    assert refused.kind == "already"
    assert refused.message == (
        '"Agree the scope of the visit with the host" is done already, on Thursday 1 October 2026'
    )
    waived = refusal(dated().waive("scope_agreed"), SCOPE)
    assert waived.message == '"Agree the scope of the visit with the host" was waived: as agreed'


@pytest.mark.parametrize(
    ("spec", "actor", "is_refused"),
    [
        ("scope_agreed", MANAGER, False),  # does it, and records for others
        ("scope_agreed", STRANGER, True),
        ("scope_agreed", DIRECTOR, True),
        ("evening_meeting", LEAD, False),  # does it
        ("evening_meeting", MANAGER, False),  # records for others
        ("evening_meeting", VISITOR, True),
    ],
)
def test_a_task_is_recorded_by_who_does_it_or_records_for_others(
    spec: str,
    actor: int,
    is_refused: bool,  # noqa: FBT001 (a table)
) -> None:
    if not is_refused:
        dated().do(done(spec), actor=actor)
        return
    refused = refusal(dated(), done(spec), actor=actor)
    assert refused.kind == "not_allowed"
    assert refused.message.startswith(f'{{p{actor}}} may not record "')


def test_who_may_record_a_task_is_said() -> None:
    refused = refusal(dated(), done("evening_meeting"), actor=VISITOR)
    assert refused.message == (
        '{p5} may not record "Meet on the evening before the visit": that is for Lead visitor or '
        "Visit manager or an administrator"
    )
    assert refused.allowed == ("Lead visitor", "Visit manager")


def test_where_nobody_is_named_anybody_may_record() -> None:
    dated(("records: [manager]", "records: []")).do(SCOPE, actor=STRANGER)


def test_ones_own_task_is_ones_own_to_record() -> None:
    case = clearing().do(done("destroy_notes", clearing().today, person=LEAD), actor=LEAD)
    assert case.task("destroy_notes", person=LEAD).done_by == LEAD
    other = done("destroy_notes", case.today, person=VISITOR)
    assert refusal(case, other, actor=SECOND).kind == "not_allowed"


def test_a_hard_order_is_kept() -> None:
    refused = refusal(dated().done("scope_agreed"), done("call_visitor", person=LEAD))
    assert refused.kind == "order"
    assert refused.message == '"Call {p4} before the visit" comes after what is not done yet'
    assert refused.unmet == (
        Unmet(
            "Send each person the briefing pack: 3 of 3 not done ({p4}, {p5}, {p6})",
            tasks=("brief_visitor:4", "brief_visitor:5", "brief_visitor:6"),
        ),
    )
    late = dated(FLAGGED).done("scope_agreed")  # an order is hard even where early is not refused
    assert refusal(late, done("call_visitor", person=LEAD)).kind == "order"


@pytest.mark.parametrize(
    ("make", "command", "missing"),
    [
        (dated, done("draft_checked"), 'the stage "Drafting" is not reached'),
        (dated, done("brief_visitor", person=LEAD), "it opens when scope_agreed is done"),
        (dated, done("catch_up", day=START), 'the stage "On the visit" is not reached'),
        (visiting, done("catch_up", day=START), "its day is Tuesday 24 November 2026"),
    ],
)
def test_what_is_not_open_yet_is_refused(make: Make, command: c.CompleteTask, missing: str) -> None:
    refused = refusal(make(), command)
    assert refused.kind == "not_open"
    assert refused.message.endswith('" is not open yet')
    assert [item.text for item in refused.unmet] == [missing]


def test_what_may_be_early_is_accepted_and_flagged() -> None:
    edit = (
        "    opens: when scope_agreed is done",
        "    early: flag\n    opens: when scope_agreed is done",
    )
    case = dated(edit).do(done("brief_visitor", person=LEAD))
    assert case.warnings == (
        '"Send {p4} the briefing pack" is recorded early: it was not open yet',
    )
    assert case.task("brief_visitor", person=LEAD).status is TaskStatus.DONE


def test_what_is_early_by_time_alone_is_always_accepted_and_flagged() -> None:
    case = drafting().done("draft_checked", by=LEAD)
    assert case.task("report_sent").status is TaskStatus.PENDING  # three weeks after the visit
    case.done("report_sent", by=MANAGER)
    assert case.warnings == (
        '"Send the draft report to the host" is recorded early: it was not open yet',
    )
    assert case.challenge.stage == "agreeing"


def test_a_task_on_time_is_not_flagged() -> None:
    assert dated().do(SCOPE).warnings == ()


@pytest.mark.parametrize(
    ("evidence", "missing"),
    [
        ("", ["agreed on", "agreed with"]),
        ("   ", ["agreed on", "agreed with"]),
        ("agreed_on=2026-10-01", ["agreed with"]),
        ("agreed_on=2026-10-01 agreed_with=Ann", []),
        ("in a call with Ann", []),
    ],
)
def test_evidence_is_asked_for_by_name_or_in_a_sentence(evidence: str, missing: list[str]) -> None:
    command = c.CompleteTask(spec="scope_agreed", on=TODAY, evidence=evidence)
    if not missing:
        assert dated().do(command).task("scope_agreed").evidence == evidence
        return
    refused = refusal(dated(), command)
    assert refused.kind == "no_evidence"
    assert refused.message.endswith(f": evidence is needed: {', '.join(missing)}")
    assert [item.text for item in refused.unmet] == missing
    example = " ".join(f"{name.replace(' ', '_')}=…" for name in missing)
    assert refused.hint == f'give it with --evidence "{example}", or in a sentence of your own'


def test_every_item_must_be_confirmed_by_itself() -> None:
    case = clearing()
    refused = refusal(case, destroyed(case, "notebook", "laptop", evidence="shredded"))
    assert refused.kind == "not_attested"
    assert refused.message == (
        '"Destroy your notes and confirm it": not confirmed yet: loose paper, cloud'
    )
    assert [item.text for item in refused.unmet] == ["loose paper", "cloud"]
    assert refused.allowed == NOTES
    assert refused.hint == 'confirm each with --attest ITEM, or all with --evidence "how"'
    assert refusal(case, destroyed(case)).kind == "not_attested"
    shredded = destroyed(case, *reversed(NOTES), evidence="shredded")
    assert case.do(shredded).task("destroy_notes", person=LEAD).attested == NOTES


def test_a_text_speaks_for_all_items() -> None:
    case = clearing().done("destroy_notes", evidence="all shredded")
    assert case.task("destroy_notes", person=LEAD).attested == NOTES


def test_an_item_that_is_not_asked_for_is_not_found() -> None:
    case = clearing()
    text = complaint(case, destroyed(case, "notebok"))
    assert text.startswith('there is no item to confirm "notebok"; did you mean "notebook"?')


@pytest.mark.parametrize(("by", "is_refused"), [(LEAD, True), (MANAGER, False), (HOST, False)])
def test_four_eyes_are_two_people(
    by: int,
    is_refused: bool,  # noqa: FBT001 (a table)
) -> None:
    case = drafting().until(date(2026, 12, 18)).done("draft_checked", by=LEAD)
    command = done("report_sent", case.today, by=by)
    if not is_refused:
        assert case.do(command).task("report_sent").done_by == by
        return
    refused = refusal(case, command)
    assert refused.kind == "same_person"
    assert refused.message == (
        '"Send the draft report to the host" must be done by somebody else than "Check the '
        'draft", which {p4} did'
    )


def test_the_asker_did_it_where_they_are_to_do_it() -> None:
    case = drafting()
    case.do(done("draft_checked", case.today), actor=LEAD)
    assert case.task("draft_checked").done_by == LEAD


def test_nobody_did_it_where_several_might_have() -> None:
    assert drafting().done("draft_checked").task("draft_checked").done_by is None


def test_a_task_records_the_date_that_it_sets() -> None:
    edit = ("set_by: sign_off", "set_by: comments_in")
    case = agreeing(edit)
    on = case.today - DAY
    case.do(done("comments_in", on), actor=HOST)
    (fact,) = [one for one in of_kind(case.events, DateSet) if one.key == "signed_off"]
    assert (fact.on, fact.is_actual, fact.actor) == (on, True, HOST)


def test_a_task_that_is_reopened_has_the_dates_that_it_had_at_first() -> None:
    case = drafting()
    before = case.task("draft_checked")
    assert before.first_target_on
    case.done("draft_checked").do(c.ReopenTask(spec="draft_checked", reason="not yet"))
    after = case.task("draft_checked")
    assert after.first_target_on == before.first_target_on
    assert (after.target_on, after.limit_on) == (before.target_on, before.limit_on)
