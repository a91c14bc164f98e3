"""Destruction is asked for, approved by somebody else, and never done early, unapproved or held."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.builders import ADMINISTRATOR, Case
from tests.unit.model.register.kept import (
    DUE,
    EDITS,
    FAILURES,
    approved,
    asked,
    carrying_out,
    closed,
    closing,
    look,
    on,
)
from tests.visits import (
    DIRECTOR,
    LEAD,
    MANAGER,
    STRANGER,
    agreeing,
    complaint,
    of_kind,
    refusal,
)
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.records import commands as r
from workflow.model.records import events as re
from workflow.model.register.retention import Status
from workflow.model.task import TaskStatus

DAY = timedelta(days=1)
ASK, APPROVE, DO = r.RequestDisposal(rule="mail"), r.ApproveDisposal(rule="mail"), carrying_out()
HOLD = c.PlaceHold(name="FOI 1", reason="a request")
MANAGERS = "that is for Visit manager or Director of the programme or an administrator"
MAIL = '"Mail about the visit"'
State = Callable[[], Case]


def due() -> Case:
    return on(closed(), DUE)


def test_the_whole_way_ends_the_rule_and_its_task() -> None:
    case = approved(due()).do(DO, actor=MANAGER)
    task = case.task("retention_mail")
    assert (task.status, task.evidence) == (TaskStatus.DONE, "certificate C-1")
    assert [type(event) for event in case.events[-2:]] == [re.DisposalDone, e.TaskDone]


@pytest.mark.parametrize(
    ("state", "command", "actor", "kind", "message"),
    [
        (closed, ASK, DIRECTOR, "too_early", f"{MAIL} is kept until Thursday 18 March 2027"),
        (lambda: agreeing(*EDITS), ASK, DIRECTOR, "too_early",
         f"{MAIL} is kept until a day that is not known yet"),
        (
            closed, r.RequestDisposal(rule="mail", reason="asked for"), MANAGER, "not_allowed",
            "{p3} may not destroy before the day: that is for Director of the programme or an"
            " administrator",
        ),
        (due, ASK, STRANGER, "not_allowed",
         f"{{p9}} may not ask to destroy records: {MANAGERS}"),
        (lambda: asked(due()), ASK, MANAGER, "already", f"{MAIL}: it is asked for already"),
        (due, APPROVE, DIRECTOR, "not_requested", f"{MAIL}: nobody has asked to destroy it"),
        (lambda: asked(due()), APPROVE, MANAGER, "not_allowed",
         "{p3} may not approve a destruction: that is for Director of the programme or an"
         " administrator"),
        (lambda: approved(due()), APPROVE, DIRECTOR, "already", f"{MAIL}: it is approved already"),
        (due, DO, MANAGER, "not_approved", f"{MAIL}: its destruction is not approved"),
        (lambda: asked(due()), DO, MANAGER, "not_approved",
         f"{MAIL}: its destruction is not approved"),
        (lambda: approved(due()), DO, STRANGER, "not_allowed",
         f"{{p9}} may not destroy records: {MANAGERS}"),
        (lambda: approved(due()).do(HOLD), DO, MANAGER, "held", f"{MAIL} is on hold: FOI 1"),
        (lambda: due().do(HOLD), ASK, MANAGER, "held", f"{MAIL} is on hold: FOI 1"),
        (lambda: asked(due()).do(HOLD), APPROVE, DIRECTOR, "held", f"{MAIL} is on hold: FOI 1"),
        (lambda: approved(due()).do(DO, actor=MANAGER), DO, MANAGER, "already",
         f"{MAIL}: it is destroyed already (certificate C-1)"),
        (lambda: approved(due()).do(DO, actor=MANAGER),
         c.ReopenTask(spec="retention_mail", reason="not after all"), DIRECTOR, "already",
         f"{MAIL}: it is destroyed already (certificate C-1)"),
        (due, r.RequestDisposal(rule="visitors_notes"), MANAGER, "not_ours",
         '"Notes of the visitors": we have no copies of our own; it ends when they confirm it '
         "(destroy_notes)"),
        (due, r.RequestDisposal(rule="pictures"), MANAGER, "not_ours",
         '"Pictures of the report": we have no copies of our own; it ends elsewhere'),
        (closing, r.RequestDisposal(rule="own_records", reason="x"), DIRECTOR, "not_over",
         'NOR-26 is not over (stage "Clearing up"): its record stays'),
        (due, c.CompleteTask(spec="retention_mail", on=DUE), DIRECTOR, "ours",
         f"{MAIL}: these are our own copies, so the engine itself destroys them"),
        (due, r.ExtendRetention(rule="mail", until=date(2028, 1, 1), reason="x"), STRANGER,
         "not_allowed",
         f"{{p9}} may not keep records for longer: {MANAGERS}"),
    ],
)  # fmt: skip
def test_what_the_rules_do_not_allow(
    state: State, command: c.Command, actor: int, kind: str, message: str
) -> None:
    case = state()
    refused = refusal(case, command, actor=actor)
    assert (refused.kind, refused.message) == (kind, message)


def test_whoever_asks_does_not_approve_not_even_an_administrator() -> None:
    case = due().do(ASK, actor=ADMINISTRATOR)
    refused = refusal(case, APPROVE, actor=ADMINISTRATOR)
    assert refused.kind == "same_person"
    assert refused.message == f"{MAIL}: {{p1}} asked for it, so somebody else must approve it"


def test_before_its_day_it_goes_with_a_reason_a_right_and_an_approval_only() -> None:
    early = r.RequestDisposal(rule="mail", reason="the client asks for it")
    case = closed().do(early, actor=DIRECTOR).do(APPROVE, actor=ADMINISTRATOR)
    assert look(case.do(DO, actor=MANAGER)).status is Status.DESTROYED


def test_an_approval_does_not_outlast_a_day_that_moves_on() -> None:
    later = c.SetDate(key="signed_off", on=DUE - DAY, reason="it was later")
    case = approved(due()).do(later)
    assert refusal(case, DO, actor=MANAGER).kind == "too_early"


def test_what_a_task_still_needs_stays() -> None:
    needed = ("    copies: messages\n", "    copies: messages\n    needed_for: destroy_notes\n")
    refused = refusal(closing(needed), r.RequestDisposal(rule="mail", reason="x"), actor=DIRECTOR)
    assert (refused.kind, refused.message) == ("needed", f"{MAIL} is still needed")
    assert "3 of 3 not done" in refused.unmet[0].text


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (r.ExtendRetention(rule="mail", until=date(2028, 1, 1), reason=" "),
         'say why it is kept for longer: --reason "…"'),
        (r.ExtendRetention(rule="mail", until=DUE, reason="x"),
         "Thursday 18 March 2027 is no later than Thursday 18 March 2027: name a later day"),
        (r.RequestDisposal(rule="mial"), 'there is no retention rule "mial"; did you mean "mail"?'),
        (r.ReportFailure(rule="mial", problem="x"), 'there is no retention rule "mial"'),
    ],
)  # fmt: skip
def test_what_makes_no_sense(command: c.Command, message: str) -> None:
    assert message in complaint(due(), command)


def test_a_failure_becomes_a_fact_that_opens_a_task_and_again_when_it_happens_again() -> None:
    mending = (
        "tasks:\n",
        "tasks:\n  mend_destruction:\n    title: Put it right\n    stage: planning\n"
        "    by: director\n    when: destruction_failed is known\n"
        "    redo_when: [destruction_failed moves, destruction_failed is cleared]\n",
    )
    keeps = (
        "{title: Closed, final: true}",
        "{title: Closed, final: true, keeps: mend_destruction}",
    )
    case = on(closed(FAILURES, mending, keeps), DUE)
    failure = r.ReportFailure(rule="mail", problem="a file stays")
    assert case.do(failure).task("mend_destruction").status is TaskStatus.OPEN
    assert case.challenge.dates["destruction_failed"].on == DUE
    (fact,) = of_kind(case.events[-3:], e.DateSet)
    assert fact.reason == "Mail about the visit: a file stays"
    case.done("mend_destruction").do(failure)
    assert case.task("mend_destruction").status is TaskStatus.OPEN


def test_without_the_fact_a_failure_stays_in_the_register() -> None:
    case = due().do(r.ReportFailure(rule="mail", problem="a file stays"))
    assert look(case).disposal.problem == "a file stays"


def test_a_confirmation_is_let_go_by_a_named_authority_only() -> None:
    waive = c.WaiveTask(spec="destroy_notes", reason="unreachable", person=LEAD)
    refused = refusal(closing(), waive, actor=MANAGER)
    assert refused.message == (
        "{p3} may not let a confirmation of destruction go: that is for Director of the programme"
        " or an administrator"
    )
    closing().do(waive, actor=DIRECTOR)


def test_a_step_past_a_confirmation_is_for_a_named_authority_only() -> None:
    rights = ("  overrides: [director]\n", "  overrides: [manager, director]\n")
    step = c.Advance(trigger="close", override="unreachable for months")
    refused = refusal(closing(rights), step, actor=MANAGER)
    assert "let a confirmation of destruction go" in refused.message
    closing(rights).do(step)


def test_of_what_is_destroyed_nothing_can_be_asked_any_more() -> None:
    case = approved(on(closed(), date(2033, 1, 4)), "own_records")
    case.do(carrying_out("own_records"), actor=MANAGER)
    refused = refusal(case, c.PlaceHold(name="late", reason="a request"))
    assert refused.message == "NOR-26 is destroyed (certificate C-1): nothing is left of it"
