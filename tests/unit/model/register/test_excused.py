"""What the register says of a deadline that was taken away, and of work after its first limit."""

from datetime import date

from tests.builders import Case
from tests.clocked import LIMIT, more, writing
from tests.visits import LEAD, MANAGER
from workflow.model.register.compliance import Compliance, Item, items


def report(case: Case) -> Item:
    """Return what the register says of the report."""
    found = items(case.rules, case.challenge, case.events, at=case.at)
    (item,) = [one for one in found if one.obligation == "report_sent"]
    return item


def test_what_is_excused_is_waived_with_the_reason() -> None:
    item = report(writing().plan("appealed", date(2026, 12, 18)))
    assert (item.standing, item.is_breach) == (Compliance.WAIVED, False)
    assert item.evidence == "excused: An appeal was made"
    assert (item.due_on, item.first_due_on) == (None, LIMIT)


def test_what_was_missed_before_the_excuse_stays_a_breach() -> None:
    case = writing().until(date(2026, 12, 28)).plan("appealed", date(2026, 12, 28))
    item = report(case)
    assert (item.standing, item.is_breach, item.due_on) == (Compliance.LATE, True, LIMIT)
    assert item.evidence == "the limit was missed, then excused: An appeal was made"


def test_work_after_the_first_limit_says_by_how_many_days() -> None:
    case = writing().do(more()).done("draft_checked", by=LEAD)
    for day, said in ((25, "1 day"), (28, "4 days")):
        done = Case(case.at, case.rules, case.challenge, list(case.events))
        done.until(date(2026, 12, day)).done("report_sent", by=MANAGER)
        item = report(done)
        assert item.standing is Compliance.MET
        assert item.evidence == f"noted; {said} after the first limit, Thursday 24 December 2026"
