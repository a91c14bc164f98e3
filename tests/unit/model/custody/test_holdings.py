"""What is held where, and by whom, and what became of it."""

from tests.builders import Case
from tests.handing import EDITS, confirmed, recorded
from tests.visits import LEAD, VISITOR, clearing, dated
from workflow.model import commands as c
from workflow.model.custody.holdings import Holding, holdings
from workflow.model.records import commands as r

ALONE = (
    "    by: person\n    for_each: visitors, past and present, who were issued something\n"
    "    opens: when signed_off is known, or on leaving, or on withdrawn\n",
    "    by: lead_visitor\n    opens: when signed_off is known\n",
)

UNISSUED = ("    issues_material: true ", "    issues_material: false ")


def held(case: Case, person: int) -> dict[str, tuple[str, str, str]]:
    """Return what a person has or had: its medium, how it stands, and how that came about."""
    found = holdings(case.rules, case.challenge)
    return {one.what: (one.medium, one.status, one.method) for one in found if one.person == person}


def handed() -> Case:
    """Return a visit at its end, of which the lead visitor has a notebook and the timetable."""
    case = recorded("timetable", case=clearing(*EDITS))
    case.do(r.IssueDocument(document="timetable", people=(LEAD, VISITOR)))
    give = r.IssueItem(item="notebook-7", medium="notebook", person=LEAD, title="Notebook 7")
    return case.do(give)


def test_who_was_given_nothing_holds_nothing() -> None:
    case = dated(*EDITS)
    assert holdings(case.rules, case.challenge) == ()


def test_what_is_held_is_listed_with_its_medium() -> None:
    case = handed()
    assert held(case, LEAD) == {
        "Timetable, version 1": ("document", "held", ""),
        "Notebook 7 (notebook-7)": ("notebook", "held", ""),
        "notebook": ("notebook", "held", ""),
        "loose paper": ("loose_paper", "held", ""),
        "laptop": ("laptop", "held", ""),
        "cloud": ("cloud", "held", ""),
    }


def test_a_confirmation_settles_each_with_its_method_and_day() -> None:
    case = handed()
    case.do(confirmed(case, LEAD, laptop="wiped"))
    found = [one for one in holdings(case.rules, case.challenge) if one.person == LEAD]
    assert {one.status for one in found} == {"confirmed"}
    assert {one.on for one in found} == {case.today}
    assert held(case, LEAD)["laptop"] == ("laptop", "confirmed", "wiped")
    assert held(case, LEAD)["Notebook 7 (notebook-7)"] == ("notebook", "confirmed", "shredded")
    assert held(case, VISITOR)["laptop"] == ("laptop", "held", "")


def test_a_text_that_speaks_for_all_is_the_method_of_each() -> None:
    case = handed().done("destroy_notes", evidence="all burnt")
    assert held(case, LEAD)["cloud"] == ("cloud", "confirmed", "all burnt")
    assert held(case, LEAD)["Timetable, version 1"] == ("document", "confirmed", "all burnt")


def test_what_is_confirmed_anew_says_how_it_was_the_last_time() -> None:
    case = handed()
    case.do(confirmed(case, LEAD, laptop="wiped"))
    case.do(c.ReopenTask(spec="destroy_notes", person=LEAD, reason="one was found"))
    assert held(case, LEAD)["laptop"] == ("laptop", "held", "")
    case.done_for(LEAD, "destroy_notes")
    assert held(case, LEAD)["laptop"] == ("laptop", "confirmed", "noted")


def test_what_was_taken_back_or_lost_says_so() -> None:
    case = handed().do(r.RevokeDocument(document="timetable", person=LEAD, reason="sent twice"))
    case.do(r.SettleItem(item="notebook-7", outcome="lost", on=case.today))
    assert held(case, LEAD)["Timetable, version 1"] == ("document", "returned", "revoked")
    assert held(case, LEAD)["Notebook 7 (notebook-7)"] == ("notebook", "lost", "lost")


def test_what_is_issued_after_the_confirmation_is_held_again() -> None:
    case = clearing(*EDITS).done("destroy_notes", evidence="all burnt")
    case.until(case.rules.calendar.add_working_days(case.today, 1))
    recorded("timetable", case=case)
    case.do(r.IssueDocument(document="timetable", people=(LEAD,)))
    assert held(case, LEAD)["Timetable, version 1"] == ("document", "held", "")


def test_who_is_handed_a_thing_has_something_to_destroy_unless_it_may_be_kept() -> None:
    case = dated(*EDITS).do(r.IssueItem(item="badge-1", medium="badge", person=VISITOR))
    assert not case.challenge.occurrences("destroy_notes")
    case.do(r.IssueItem(item="notebook-7", medium="notebook", person=LEAD))
    (task,) = case.challenge.occurrences("destroy_notes")
    assert task.person == LEAD
    (one, *_) = [found for found in holdings(case.rules, case.challenge) if found.person == LEAD]
    assert one == Holding(
        person=LEAD, what="notebook-7", medium="notebook", since=case.today, status="held"
    )


def test_what_a_task_for_nobody_in_particular_destroys_is_kept_by_who_does_it() -> None:
    case = clearing(*EDITS, ALONE)
    (keeper,) = {one.person for one in holdings(case.rules, case.challenge)}
    found = held(case, keeper)
    assert {status for _, status, _ in found.values()} == {"held"}
    assert {one.since for one in holdings(case.rules, case.challenge)} == {case.today}


def test_before_its_stage_nobody_keeps_what_such_a_task_destroys() -> None:
    case = dated(*EDITS, ALONE)
    assert holdings(case.rules, case.challenge) == ()


def test_a_statement_is_confirmed_and_is_no_thing_that_anybody_holds() -> None:
    attested = ("attest: [notebook, loose_paper, laptop, cloud]", "attest: [notebook, no_copies]")
    case = clearing(attested)
    assert held(case, LEAD) == {"notebook": ("notebook", "held", "")}


def test_who_is_asked_to_destroy_without_having_been_given_anything_holds_nothing() -> None:
    case = clearing(("past and present, who were issued something", "past and present"), UNISSUED)
    assert case.challenge.occurrences("destroy_notes")
    assert holdings(case.rules, case.challenge) == ()
