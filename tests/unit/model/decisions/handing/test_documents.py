"""Documents are entered, given, acknowledged and taken back; a changed one asks again."""

from datetime import date, timedelta

import pytest

from tests.handing import EDITS, packed, recorded
from tests.visits import (
    HOST,
    LATECOMER,
    LEAD,
    MANAGER,
    SECOND,
    START,
    STRANGER,
    VISITOR,
    complaint,
    dated,
    of_kind,
    refusal,
)
from workflow.model import commands as c
from workflow.model.events import TaskReopened
from workflow.model.records import commands as r
from workflow.model.records.events import DocumentIssued, DocumentRevoked
from workflow.model.task import TaskStatus

DAY = timedelta(days=1)
VISITORS = (LEAD, VISITOR, SECOND)
AGAIN = r.RecordDocument(document="timetable", location="shelf 2")


def have(person: int, document: str = "pack", **more: object) -> r.AcknowledgeDocument:
    said = {"on": date(2026, 10, 1), **more}
    return r.AcknowledgeDocument(document=document, person=person, **said)  # type: ignore[arg-type]


def test_of_a_document_it_is_known_whether_we_keep_it_or_where_it_is() -> None:
    case = recorded("statement").do(
        r.RecordDocument(document="timetable", sha256="ab" * 32, is_stored=True)
    )
    kept, elsewhere = (case.challenge.records.documents[key] for key in ("timetable", "statement"))
    assert (kept.is_stored, kept.sha256, kept.location) == (True, "ab" * 32, "")
    assert (elsewhere.is_stored, bool(elsewhere.location)) == (False, True)


def test_a_document_is_entered_under_the_title_and_kind_of_the_definition() -> None:
    case = recorded("statement")
    document = case.challenge.records.documents["statement"]
    assert (document.title, document.kind, document.version) == (
        "Position statement",
        "document",
        1,
    )
    assert (document.location, document.on) == ("shelf of statement", case.today)


def test_one_that_the_definition_does_not_know_needs_a_title() -> None:
    case = dated(*EDITS)
    unknown = r.RecordDocument(document="timetabel", location="a shelf")
    assert complaint(case, unknown).startswith(
        'there is no document "timetabel"; did you mean "timetable"?'
    )
    case.do(r.RecordDocument(document="letter", title="A letter", kind="letter", location="here"))
    case.do(r.RecordDocument(document="letter", location="there"))
    letter = case.challenge.records.documents["letter"]
    assert (letter.version, letter.title, letter.kind) == (2, "A letter", "letter")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            r.RecordDocument(document="../timetable", title="T", location="a"),
            '"../timetable" cannot name a document; allowed: small letters, digits, dots, dashes '
            "and underscores, at most 60, such as notebook-7",
        ),
        (
            r.RecordDocument(document="timetable"),
            "say where the document is: a FILE to keep here, or --location TEXT",
        ),
        (
            r.RecordDocument(document="pack", location="a"),
            '"Briefing pack" is made of its parts when it is issued: enter statement, timetable',
        ),
        (r.IssueDocument(document="kit"), 'there is no document entered "kit"; there is none'),
        (have(LEAD), 'there is no document entered "pack"; there is none'),
        (
            r.RevokeDocument(document="kit", person=LEAD, reason="x"),
            'there is no document entered "kit"; there is none',
        ),
    ],
)
def test_what_makes_no_sense_is_said(command: c.Command, message: str) -> None:
    assert complaint(dated(*EDITS), command).startswith(message.removesuffix("; there is none"))


def test_the_same_version_twice_is_refused() -> None:
    case = recorded("statement")
    refused = refusal(case, r.RecordDocument(document="statement", location="shelf of statement"))
    assert (refused.kind, refused.message) == (
        "already",
        '"Position statement": version 1 is the same already',
    )


def test_a_pack_is_made_of_its_parts_for_all_who_should_have_it() -> None:
    case = packed()
    issued = of_kind(case.events, DocumentIssued)
    assert [(one.document, one.person) for one in issued] == [
        (document, person) for person in VISITORS for document in ("pack", "statement", "timetable")
    ]
    assert case.task("brief_visitor", person=LEAD).evidence == '"Briefing pack" issued'


def test_a_pack_without_all_its_parts_is_not_made() -> None:
    refused = refusal(recorded("statement"), r.IssueDocument(document="pack"))
    assert refused.kind == "order"
    assert refused.message == '"Briefing pack" cannot be made yet: timetable: not entered'
    assert refused.hint == "enter each: peer-challenge document add NOR-26 timetable FILE"


def test_who_has_the_latest_is_not_given_it_again_and_who_joins_is_owed_it() -> None:
    case = packed()
    refused = refusal(case, r.IssueDocument(document="pack"))
    assert (refused.kind, refused.message) == (
        "already",
        '"Briefing pack": version 1 is with everybody meant already',
    )
    case.assign("visitor", LATECOMER)
    before = len(case.events)
    case.do(r.IssueDocument(document="pack"))
    assert {one.person for one in of_kind(case.events[before:], DocumentIssued)} == {LATECOMER}
    assert case.task("brief_visitor", person=LATECOMER).status is TaskStatus.DONE


def test_a_document_for_nobody_in_particular_is_given_by_name_and_to_the_team_only() -> None:
    case = recorded("report")
    assert complaint(case, r.IssueDocument(document="report")) == (
        'say to whom "Report" is given: --to PERSON'
    )
    refused = refusal(case, r.IssueDocument(document="report", people=(STRANGER,)))
    assert (refused.kind, refused.message) == ("not_on_team", "{p9} is not on the team of NOR-26")
    assert refused.hint == "assign them first: peer-challenge assign NOR-26 ROLE PERSON"
    case.do(r.IssueDocument(document="report", people=(HOST,)))
    assert list(case.challenge.records.documents["report"].copies) == [HOST]


def test_one_task_for_all_is_done_once_all_have_the_document() -> None:
    case = recorded("kit").do(r.IssueDocument(document="kit", people=(LEAD,)))
    assert case.task("send_kit").status is TaskStatus.OPEN
    case.do(r.IssueDocument(document="kit"))
    assert case.task("send_kit").evidence == '"Kit" issued to all'


def test_acknowledging_the_pack_speaks_for_its_parts_and_does_the_task() -> None:
    case = packed().do(have(LEAD, evidence="by phone"), actor=LEAD)
    task = case.task("have_pack", person=LEAD)
    assert (task.status, task.done_by) == (TaskStatus.DONE, LEAD)
    assert task.attested == ("statement", "timetable")
    assert task.evidence == "by phone; pack version 1, timetable version 1"
    copies = [case.challenge.records.documents[k].copies[LEAD] for k in ("pack", "statement")]
    assert [copy.acknowledged for copy in copies] == [1, 1]
    refused = refusal(case, have(LEAD))
    assert (refused.kind, refused.message) == (
        "already",
        '{p4} has acknowledged version 1 of "Briefing pack" already',
    )


def test_a_part_alone_does_not_do_the_task_of_the_pack() -> None:
    case = packed().do(have(LEAD, "timetable"))
    assert case.task("have_pack", person=LEAD).status is TaskStatus.OPEN
    assert case.warnings == ('"Briefing pack" is still to be acknowledged by {p4}',)


def test_what_was_not_given_or_not_yet_is_not_acknowledged() -> None:
    refused = refusal(packed(), have(HOST))
    assert refused.kind == "not_issued"
    assert refused.message == '"Briefing pack" was not given to {p7}, or was taken back'
    assert refused.hint == "give it first: peer-challenge document issue NOR-26 pack"
    early = have(LEAD, on=date(2026, 9, 30))
    assert (
        complaint(packed(), early) == '"Briefing pack" was issued on Thursday 1 October 2026 only'
    )
    assert complaint(packed(), have(LEAD, on=date(2026, 10, 2))) == (
        "Friday 2 October 2026 is in the future: say what has arrived by now"
    )


def test_a_changed_timetable_asks_again_with_the_reason() -> None:
    case = packed()
    for person in VISITORS:
        case.do(have(person))
    case.do(AGAIN)
    task = case.task("have_pack", person=LEAD)
    assert (task.status, task.reason) == (TaskStatus.OPEN, '"Timetable" has changed: version 2')
    case.do(r.IssueDocument(document="timetable")).do(have(LEAD, "timetable"))
    assert case.task("have_pack", person=LEAD).status is TaskStatus.DONE
    assert case.task("have_pack", person=SECOND).status is TaskStatus.OPEN


def test_a_document_that_does_not_ask_again_leaves_the_tasks_done() -> None:
    case = packed().do(have(LEAD))
    case.do(r.RecordDocument(document="statement", location="shelf 2"))
    assert case.task("have_pack", person=LEAD).status is TaskStatus.DONE


def test_the_pack_has_another_version_once_a_part_has() -> None:
    case = packed().do(r.RecordDocument(document="statement", location="shelf 2"))
    case.do(r.IssueDocument(document="pack"))
    assert case.challenge.records.documents["pack"].copies[LEAD].version == 2
    assert case.challenge.records.documents["statement"].copies[LEAD].version == 2


def test_after_the_limit_a_change_is_not_asked_about_again() -> None:
    case = packed().do(have(LEAD)).until(START)
    before = len(case.events)
    case.do(AGAIN)
    assert of_kind(case.events[before:], TaskReopened) == []
    assert case.warnings == ('"{p4} has the pack" is past its limit: it is not asked for again',)


def test_taking_the_pack_back_takes_its_parts() -> None:
    case = packed().do(r.RevokeDocument(document="pack", person=LEAD, reason="sent in error"))
    taken = of_kind(case.events, DocumentRevoked)
    assert [(one.document, one.person, one.reason) for one in taken] == [
        (document, LEAD, "sent in error") for document in ("pack", "statement", "timetable")
    ]
    refused = refusal(case, r.RevokeDocument(document="pack", person=LEAD, reason="again"))
    assert (refused.kind, refused.message) == ("not_issued", '{p4} does not have "Briefing pack"')
    nothing = r.RevokeDocument(document="pack", person=VISITOR)
    assert complaint(case, nothing) == 'say why it is taken back: --reason "…"'


def test_whoever_leaves_loses_access_to_what_the_definition_says() -> None:
    case = recorded("kit", case=packed()).do(r.IssueDocument(document="kit"))
    case.do(c.ReleasePerson(person=VISITOR, reason="ill"))
    documents = case.challenge.records.documents
    assert documents["kit"].copies[VISITOR].revoked_on == case.today
    assert documents["pack"].copies[VISITOR].revoked_on is None


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (AGAIN, "enter documents"),
        (r.IssueDocument(document="pack"), "issue documents"),
        (have(SECOND), "say that others have a document"),
        (r.RevokeDocument(document="pack", person=LEAD, reason="x"), "take documents back"),
    ],
)
def test_peers_speak_for_themselves_only(command: c.Command, what: str) -> None:
    case = recorded("statement", "timetable").do(r.IssueDocument(document="pack"), actor=MANAGER)
    refused = refusal(case, command, actor=VISITOR)
    assert refused.kind == "not_allowed"
    assert refused.message.startswith(f"{{p5}} may not {what}: that is for Visit manager")


def test_once_it_is_over_nothing_is_entered_nor_issued() -> None:
    case = packed().do(c.Advance(trigger="withdraw", reason="they changed their minds"))
    for command in (AGAIN, r.IssueDocument(document="pack")):
        assert refusal(case, command).kind == "closed"
