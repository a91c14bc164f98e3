"""Steps: taken, refused with what is missing, warned of, or overridden."""

from datetime import date, timedelta

import pytest

from tests.visits import (
    DIRECTOR,
    END,
    HOST,
    LEAD,
    MANAGER,
    STRANGER,
    VISITOR,
    agreeing,
    closed,
    complaint,
    dated,
    of_kind,
    prepared,
    refusal,
    staffed,
    visiting,
)
from workflow.model import commands as c
from workflow.model.errors import Unmet
from workflow.model.events import DateCleared, DateSet, StageEntered, TaskWaived
from workflow.model.task import TaskStatus

CONFIRM = c.Advance(trigger="confirm")
OVERRIDE = c.Advance(trigger="confirm", override="it is urgent")
BY_DIRECTOR = ("    to: visiting\n    by: manager", "    to: visiting\n    by: [manager, director]")
BY_HAND = ("at: once ready, requires: [report_sent]", "requires: [report_sent]")


def test_a_step_is_taken_when_nothing_is_missing() -> None:
    case = prepared().do(CONFIRM, actor=MANAGER)
    (entered,) = of_kind(case.events, StageEntered)
    assert (entered.left, entered.trigger, entered.stage) == ("planning", "confirm", "visiting")
    assert (entered.actor, entered.unmet, entered.is_overridden) == (MANAGER, (), False)
    assert case.challenge.entered["visiting"] == case.at


def test_a_step_is_refused_with_all_that_is_missing_and_the_way_out() -> None:
    refused = refusal(staffed(without=(LEAD,)), CONFIRM)
    assert (refused.kind, refused.message) == (
        "unmet",
        "NOR-26: not possible yet: Confirm the visit",
    )
    assert refused.unmet == (
        Unmet("First day of the visit: the date is not known"),
        Unmet("Last day of the visit: the date is not known"),
        Unmet("Agree the scope of the visit with the host: not done", tasks=("scope_agreed",)),
        Unmet(
            "Call each person before the visit: 2 of 2 not done ({p5}, {p6})",
            "briefing 12",
            ("call_visitor:5", "call_visitor:6"),
        ),
        Unmet("Lead visitor: 0 of at least 1", "briefing 4"),
    )
    assert refused.allowed == ("confirm", "hold_off", "withdraw")
    assert refused.hint == (
        "record what is done (peer-challenge done NOR-26 …), or, if you may: "
        '--override "reason", which the audit shows'
    )


def test_an_override_waives_what_is_missing_and_is_recorded() -> None:
    case = dated(BY_DIRECTOR).do(OVERRIDE, actor=DIRECTOR)
    (entered,) = of_kind(case.events, StageEntered)
    assert entered.is_overridden
    assert entered.reason == "it is urgent"
    assert len(entered.unmet) == 2
    waived = of_kind(case.events, TaskWaived)
    assert [one.task for one in waived] == [
        "scope_agreed",
        "call_visitor:4",
        "call_visitor:5",
        "call_visitor:6",
    ]
    assert {(one.actor, one.reason, one.is_overridden) for one in waived} == {
        (DIRECTOR, "it is urgent", True)
    }
    assert case.task("scope_agreed").is_overridden


def test_a_step_without_need_of_an_override_is_not_an_exception() -> None:
    case = prepared().do(OVERRIDE)
    (entered,) = of_kind(case.events, StageEntered)
    assert not entered.is_overridden
    assert of_kind(case.events, TaskWaived) == []


@pytest.mark.parametrize("actor", [MANAGER])
def test_an_override_is_for_those_who_may(actor: int) -> None:
    refused = refusal(dated(), OVERRIDE, actor=actor)
    assert refused.kind == "not_allowed"
    assert refused.message == (
        "{p3} may not override what is missing: that is for Director of the programme or an "
        "administrator"
    )


def test_without_a_role_for_it_only_administrators_override() -> None:
    case = dated(("overrides: [director]", "overrides: []"))
    refused = refusal(case, OVERRIDE, actor=MANAGER)
    assert refused.message == "{p3} may not override what is missing: that is for an administrator"
    assert case.do(OVERRIDE).challenge.stage == "visiting"


def test_an_override_needs_words() -> None:
    assert refusal(dated(), c.Advance(trigger="confirm", override=" ")).kind == "unmet"


@pytest.mark.parametrize(
    "command",
    [
        c.Advance(trigger="confirm", reason="one is enough"),
        c.Advance(trigger="confirm", override="one is enough"),
    ],
)
def test_what_should_be_so_and_is_not_needs_a_reason(command: c.Advance) -> None:
    case = prepared().release(VISITOR)
    refused = refusal(case, CONFIRM)
    assert refused.kind == "needs_reason"
    assert refused.message == "NOR-26: before Confirm the visit, a reason is needed"
    assert refused.unmet == (Unmet("Visitor: 1 of at least 2"),)
    assert refused.hint == 'go on all the same and say why: --reason "…"'
    case.do(command)
    (entered,) = of_kind(case.events, StageEntered)
    assert (entered.reason, entered.unmet) == ("one is enough", ("Visitor: 1 of at least 2",))
    assert not entered.is_overridden
    assert case.warnings == ("Visitor: 1 of at least 2",)


def test_a_step_may_always_need_a_reason() -> None:
    command = c.Advance(trigger="withdraw")
    assert complaint(dated(), command) == 'say why this step is taken: --reason "…"'
    assert dated().advance("withdraw", reason="asked to").challenge.stage == "withdrawn"


@pytest.mark.parametrize(("actor", "is_refused"), [(MANAGER, False), (HOST, False), (LEAD, True)])
def test_a_step_is_taken_by_those_who_may(
    actor: int,
    is_refused: bool,  # noqa: FBT001 (a table)
) -> None:
    case = agreeing().done("comments_in")
    command = c.Advance(trigger="sign_off")
    if not is_refused:
        assert case.do(command, actor=actor).challenge.stage == "clearing"
        return
    refused = refusal(case, command, actor=actor)
    assert refused.message == (
        "{p4} may not take the step sign_off: that is for Visit manager or Lead of the host or an "
        "administrator"
    )


def test_a_step_that_does_not_lead_from_here_is_refused() -> None:
    refused = refusal(dated(), c.Advance(trigger="sign_off"))
    assert refused.kind == "transition"
    assert refused.message == 'NOR-26: sign_off is not a step from the stage "Planning"'
    assert refused.hint == "from here: confirm, hold_off, withdraw"
    assert refused.allowed == ("confirm", "hold_off", "withdraw")


def test_a_step_that_does_not_exist_is_refused_and_the_nearest_is_named() -> None:
    refused = refusal(dated(), c.Advance(trigger="confrim"))
    assert refused.kind == "transition"
    assert refused.message.startswith('there is no step "confrim"; did you mean "confirm"? (')


def test_nothing_leads_on_from_the_end() -> None:
    refused = refusal(closed(), CONFIRM)
    assert (refused.allowed, refused.hint) == ((), "the challenge is over")
    over = refusal(closed(), c.Advance())
    assert (over.kind, over.message) == ("closed", 'NOR-26 is over (stage "Closed")')


def test_without_a_name_the_one_step_forward_is_meant() -> None:
    assert prepared().do(c.Advance()).challenge.stage == "visiting"


def test_without_a_name_one_of_several_steps_cannot_be_meant() -> None:
    edit = ("    needs: [reason]\n", "")
    refused = refusal(prepared(edit), c.Advance())
    assert refused.kind == "which_step"
    assert refused.message == (
        'NOR-26: from the stage "Planning" there are several steps: confirm, hold_off, withdraw'
    )
    assert refused.allowed == ("confirm", "hold_off", "withdraw")
    assert refused.hint == "name one: peer-challenge advance NOR-26 confirm"


def test_a_step_records_the_date_that_it_sets_on_the_day_that_is_said() -> None:
    case = agreeing().done("comments_in")
    on = case.today - timedelta(days=2)
    case.do(c.Advance(trigger="sign_off", on=on), actor=HOST)
    (fact,) = [one for one in of_kind(case.events, DateSet) if one.key == "signed_off"]
    assert (fact.on, fact.is_actual, fact.actor) == (on, True, HOST)


@pytest.mark.parametrize("trigger", ["sign_off", "hold_off"])
def test_a_step_is_not_taken_on_a_day_in_the_future(trigger: str) -> None:
    case = agreeing().done("comments_in")
    command = c.Advance(trigger=trigger, on=case.today + timedelta(days=1), reason="agreed")
    assert complaint(case, command) == (
        "Saturday 19 December 2026 is in the future: a step is taken on a past day or today"
    )
    case.do(c.Advance(trigger=trigger, on=case.today, reason="agreed"))


def test_a_step_is_not_taken_on_a_day_on_which_it_was_not_allowed() -> None:
    rule = "by: [manager, host], requires: [comments_in]"
    case = agreeing((rule, f"{rule}, not_before: 3 weeks after visit_end")).done("comments_in")
    refused = refusal(case, c.Advance(trigger="sign_off", on=date(2026, 12, 16)))
    assert [item.text for item in refused.unmet] == [
        "not before Thursday 17 December 2026: 3 weeks after visit_end"
    ]
    case.do(c.Advance(trigger="sign_off", on=date(2026, 12, 17)))
    assert case.challenge.dates["signed_off"].on == date(2026, 12, 17)


def test_a_step_back_clears_dates_and_unreaches_stages_but_undoes_nothing() -> None:
    case = agreeing(BY_HAND).advance("submit").done("comments_in").advance("sign_off")
    case.advance("redraft", reason="wrong figures")
    (cleared,) = of_kind(case.events, DateCleared)
    assert (cleared.key, cleared.reason) == ("signed_off", "wrong figures")
    entered = of_kind(case.events, StageEntered)[-1]
    assert entered.unreached == ("agreeing", "clearing", "closed", "on_hold", "withdrawn")
    assert set(case.challenge.entered) == {"planning", "visiting", "drafting"}
    assert case.task("report_sent").status is TaskStatus.DONE
    assert {t.status for t in case.challenge.occurrences("destroy_notes")} == {TaskStatus.PENDING}


def test_a_pause_leads_back_to_where_it_began_and_open_tasks_open_anew() -> None:
    case = visiting().advance("hold_off", reason="an election")
    assert case.challenge.left == "visiting"
    before = case.task("evening_meeting").opened_at
    case.until(date(2026, 10, 20))
    assert case.task("evening_meeting").opened_at == before
    case.advance("resume")
    assert case.challenge.stage == "visiting"
    assert of_kind(case.events, StageEntered)[-1].is_resumed
    assert case.task("evening_meeting").opened_at == case.at
    assert set(case.challenge.entered) == {"planning", "visiting", "on_hold"}


@pytest.mark.parametrize("stage", ["planning", "visiting", "drafting", "agreeing"])
def test_a_pause_of_any_stage_leads_back_to_it(stage: str) -> None:
    case = agreeing(BY_HAND)
    if stage == "agreeing":
        case.advance("submit")
    elif stage != "drafting":
        case = {"planning": dated, "visiting": visiting}[stage]()
    assert case.challenge.stage == stage
    case.advance("hold_off", reason="x").advance("resume")
    assert case.challenge.stage == stage


def test_a_stranger_takes_no_step() -> None:
    assert refusal(prepared(), CONFIRM, actor=STRANGER).kind == "not_allowed"


def test_a_withdrawn_visit_keeps_only_what_it_keeps() -> None:
    case = visiting().advance("withdraw", reason="asked to")
    unfinished = {
        task.spec
        for task in case.challenge.tasks.values()
        if task.status in (TaskStatus.OPEN, TaskStatus.PENDING)
    }
    assert unfinished == {"destroy_notes", "retention_own_records"}
    assert case.told("visit_withdrawn") == [LEAD, VISITOR, 6, DIRECTOR]
    assert case.task("destroy_notes", person=LEAD).status is TaskStatus.OPEN
    assert case.today < END
