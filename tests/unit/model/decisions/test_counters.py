"""Counters: what published reports tell the number of."""

import pytest

from tests.builders import Case, rulebook
from tests.visits import BEGUN, MANAGER, STRANGER, closed, complaint, dated, refusal
from workflow.model.records import commands as c
from workflow.model.records.events import CounterRecorded

COUNTERS = ("obligations:", "counters:\n  met: {title: People met}\n\nobligations:")
MET = c.RecordCounter(counter="met", value=212)


def test_a_number_takes_the_place_of_the_one_before() -> None:
    case = dated(COUNTERS).do(MET, actor=MANAGER)
    case.do(c.RecordCounter(counter="met", value=0), actor=MANAGER)
    assert case.challenge.records.counters == {"met": 0}
    (first, _) = [one for one in case.events if isinstance(one, CounterRecorded)]
    assert (first.value, first.on, first.actor) == (212, case.today, MANAGER)


def test_the_same_number_again_changes_nothing() -> None:
    case = dated(COUNTERS).do(MET)
    known = len(case.events)
    assert len(case.do(MET).events) == known
    assert case.warnings == ("People met: it is 212 already",)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            c.RecordCounter(counter="mett", value=1),
            'there is no counter "mett"; did you mean "met"',
        ),
        (
            c.RecordCounter(counter="met", value=-1),
            "People met: allowed is a number from 0 to 1000000, not -1",
        ),
        (
            c.RecordCounter(counter="met", value=1_000_001),
            "People met: allowed is a number from 0 to 1000000, not 1000001",
        ),
    ],
)
def test_what_is_no_count_is_refused(command: c.RecordCounter, message: str) -> None:
    assert message in complaint(dated(COUNTERS), command)


def test_who_may_not_record_may_not_count() -> None:
    refused = refusal(dated(COUNTERS), MET, actor=STRANGER)
    assert refused.message.startswith(f"{{p{STRANGER}}} may not record what reports tell")


def test_nothing_is_counted_once_it_is_over() -> None:
    assert refusal(closed(COUNTERS), MET).kind == "closed"


def test_both_shipped_definitions_count_what_reports_tell() -> None:
    for name in ("local_system_peer_challenge", "corporate_peer_challenge"):
        counters = rulebook(name).definition.counters
        assert {"people_met", "meetings_held", "documents_read", "hours_on_site"} <= counters.keys()
    assert Case(at=BEGUN).challenge.records.counters == {}
