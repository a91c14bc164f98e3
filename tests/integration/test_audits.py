"""Looking back, on both databases: what an audit says, and that who tampers is found out."""

from datetime import date, timedelta

import pytest

from tests.grounds import ADA, Ground
from tests.tampering import disarm
from tests.visits import DIRECTOR, END, HOST, LEAD, MANAGER, START
from workflow.auditing.reports import Asked
from workflow.model import commands as c
from workflow.model.errors import NotFound
from workflow.model.task import TaskStatus

CONFIRM = c.Advance(trigger="confirm")
DAY = timedelta(days=1)


def test_a_whole_life_is_intact_in_the_audit(ground: Ground) -> None:
    ground.start()
    ground.done("scope_agreed", "brief_visitor", "call_visitor")
    ground.act(CONFIRM, actor=MANAGER)
    ground.until(END)
    ground.done("catch_up", "feedback_given")
    ground.until(END + 22 * DAY)
    ground.act(c.CompleteTask(spec="draft_checked", on=END + 22 * DAY, by=LEAD))
    ground.act(c.CompleteTask(spec="report_sent", on=END + 22 * DAY, by=MANAGER, evidence="x"))
    ground.done("comments_in")
    ground.act(c.Advance(trigger="sign_off"), actor=HOST)
    ground.done("destroy_notes")
    ground.act(c.Advance(trigger="close"))
    view = ground.views.look("NOR-26")
    assert view.challenge.stage == "closed"
    left = [t.spec for t in view.challenge.tasks.values() if t.status is TaskStatus.PENDING]
    assert left == ["retention_own_records"]
    verified = ground.log.verify()
    assert (verified.is_intact, verified.challenges) == (True, 1)
    assert verified.events == view.challenge.version == len(ground.history())
    report = ground.register.report()
    assert (report.held, report.exempted) == ((), ())
    late = {"V-2", "evening_meeting"}  # said too late, and never said
    assert {item.obligation for item in report.breaches} == late


TAMPERING = {
    "an event is gone": ("DELETE FROM event WHERE seq = 5", "event 5 is missing (found 6)"),
    "an event is other": (
        "UPDATE event SET body = replace(body, 'Northshire', 'Southshire') WHERE seq = 1",
        "entry 1: events 1 to 29 are not what they were when it was written",
    ),
    "an event cannot be read": (
        "UPDATE event SET body = '{' WHERE seq = 7",
        "entry 1: events 1 to 29 are not what they were when it was written",
    ),
    "a task is other": (
        "UPDATE task SET state = replace(state, '\"done\"', '\"waived\"')"
        " WHERE key = 'scope_agreed'",
        "the snapshot is not what its 33 events add up to",
    ),
    "a state cannot be read": (
        "UPDATE challenge SET snapshot = '{'",
        "the snapshot cannot be read: ",
    ),
    "a state is other": (
        "UPDATE challenge SET snapshot = replace(snapshot, 'planning', 'closed')",
        "the snapshot is not what its 33 events add up to",
    ),
}


@pytest.mark.parametrize(("sql", "text"), TAMPERING.values(), ids=TAMPERING)
def test_who_tampers_with_what_is_kept_is_found_out(ground: Ground, sql: str, text: str) -> None:
    ground.start()
    ground.done("scope_agreed")
    assert ground.log.verify().is_intact
    with ground.database.writing() as link:
        disarm(link)
        assert link.execute(sql) > 0
    verified = ground.log.verify()
    assert not verified.is_intact
    assert verified.first_bad is not None
    assert verified.first_bad.startswith(f"NOR-26: {text}")


def test_an_explanation_says_how_a_date_came_about(ground: Ground) -> None:
    ground.start()
    (explained,) = ground.views.explain("NOR-26", "report_sent")
    assert explained.sentence == (
        "Limit Thursday 24 December 2026: 4 weeks after the last day of the visit "
        "(Thursday 26 November 2026) (briefing 41); target Thursday 24 December 2026."
    )
    assert [step.part for step in explained.steps][:2] == ["limit", "limit"]
    assert len(ground.views.explain("NOR-26", "call_visitor")) == 3
    (one,) = ground.views.explain("NOR-26", "call_visitor:5")
    assert one.title == "Call Vic Visitor before the visit"
    with pytest.raises(NotFound, match='there is no deadline "report"'):
        ground.views.explain("NOR-26", "report")


def test_who_may_override_is_recorded_as_such(ground: Ground) -> None:
    ground.start()
    ground.act(c.Advance(trigger="confirm", override="in a hurry"), actor=ADA)
    (made,) = ground.register.report(Asked(reference="NOR-26")).exempted
    assert made.is_override
    assert "(Lea Lead, Vic Visitor, Sue Second)" in made.what
    assert DIRECTOR in ground.views.look("NOR-26").people
    assert date(2026, 11, 24) == START
