"""The small visit with documents, things handed out and a sample, as tests of these need it."""

from tests.builders import Case
from tests.visits import dated
from workflow.model import commands as c
from workflow.model.records import commands as r
from workflow.model.records.events import Confirmation

PAPERS = (
    "\nladders:",
    """
  have_pack:
    title: "{person} has the pack"
    stage: planning
    by: person
    for_each: visitors
    target: 2 weeks before visit_start
    limit: end of the day before visit_start
    attest: [statement, timetable]
    source: briefing 9
  send_kit:
    title: Send the first-timers' kit to all
    stage: planning
    by: manager
    target: 3 weeks before visit_start
  check_destruction:
    title: Check how {person} destroyed what they had
    stage: clearing
    by: manager
    for_each: visitors, past and present, who were sampled
    opens: when signed_off is known
    target: 20 working days after it opens
    source: house policy

documents:
  pack:
    title: Briefing pack
    kind: pack
    for: visitors
    contains: [statement, timetable]
    issued_by: brief_visitor
    acknowledged_by: have_pack
  statement: {title: Position statement}
  timetable:
    title: Timetable
    for: visitors
    acknowledged_by: have_pack
    again_when_changed: true
  kit: {title: Kit, for: visitors, issued_by: send_kit, on_leaving: revoke}
  report: {title: Report, may_be_kept: true}
media:
  tablet: {title: A tablet of ours}
  badge: {title: Badge, may_be_kept: true}

ladders:""",
)
SAMPLED = (
    "    done_by: destroy_notes\n    source: briefing 50",
    "    done_by: destroy_notes\n    sample: 1 in 2\n    source: briefing 50",
)
EDITS = (PAPERS, SAMPLED)


def recorded(*documents: str, case: Case | None = None) -> Case:
    """Return a visit in whose register documents stand, each somewhere else."""
    case = case or dated(*EDITS).done("scope_agreed")
    for document in documents:
        case.do(r.RecordDocument(document=document, location=f"shelf of {document}"))
    return case


def packed() -> Case:
    """Return a visit whose visitors have been given the pack."""
    case = recorded("statement", "timetable")
    return case.do(r.IssueDocument(document="pack"))


def confirmed(case: Case, person: int, **methods: str) -> c.CompleteTask:
    """Return the command by which somebody confirms each medium; all else went in a shredder."""
    said = dict.fromkeys(("notebook", "loose_paper", "laptop", "cloud"), "shredded") | methods
    media = tuple(Confirmation(medium=k, method=how, on=case.today) for k, how in said.items())
    return c.CompleteTask(spec="destroy_notes", person=person, on=case.today, media=media)
