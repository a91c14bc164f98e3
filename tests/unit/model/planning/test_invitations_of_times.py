"""How long what is agreed takes in people's calendars."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.invited import INVITED
from tests.visits import LEAD, VISITOR, Edit, dated, drafting
from workflow.model import commands as c
from workflow.model.planning.invitations import wanted

AT = datetime(2026, 12, 22, 13, tzinfo=UTC)
SIX: Edit = ("task: call_visitor, lasts: 2 hours", "task: call_visitor, lasts: 6 hours")


def test_what_says_nothing_of_it_lasts_an_hour() -> None:
    case = drafting(INVITED).until(AT.date() - timedelta(days=1)).done("draft_checked", by=LEAD)
    case.do(c.AgreeTime(spec="report_sent", moment=AT))
    found = [one for one in wanted(case.rules, case.challenge) if one.key == "draft:due"]
    assert {(one.starts_at, one.ends_at) for one in found} == {(AT, AT + timedelta(hours=1))}


@pytest.mark.parametrize(("edits", "hours"), [((), 2), ((SIX,), 6)])
def test_what_says_so_lasts_its_hours(edits: tuple[Edit, ...], hours: int) -> None:
    case = dated(INVITED, *edits).done("scope_agreed", "brief_visitor")
    case.do(c.AgreeTime(spec="call_visitor", person=VISITOR, moment=AT))
    found = [one for one in wanted(case.rules, case.challenge) if one.key == f"call:due:{VISITOR}"]
    assert {(one.starts_at, one.ends_at) for one in found} == {(AT, AT + timedelta(hours=hours))}
