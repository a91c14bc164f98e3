"""Commands that are refused, or make no sense: each with what is told to whoever asked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from tests.builders import ADMINISTRATOR, Case
from tests.clocked import more, paused, resumed, writing
from tests.handing import packed
from tests.unit.model.chronicle.telling import told, told_error
from tests.unit.model.register import kept
from tests.visits import (
    DIRECTOR,
    HOST,
    LEAD,
    MANAGER,
    STRANGER,
    clearing,
    closed,
    dated,
    prepared,
)
from workflow.model import commands as c
from workflow.model.errors import WorkflowError
from workflow.model.records import commands as r

BEGUN, TOMORROW = date(2026, 10, 1), date(2026, 10, 2)
WRITTEN, GIVEN, LATE = date(2026, 12, 17), date(2026, 12, 18), date(2026, 12, 28)
WRONG = c.ExtendDeadline(spec="report_sent", on=GIVEN, reason="wrong", is_void=True)
NO_REASON = c.ExtendDeadline(spec="report_sent", on=GIVEN, reason=" ", is_void=True)
BACK = c.ResumeClock(name="waiting", on=GIVEN, is_void=True)
TABLET = r.IssueItem(item="tab-1", medium="tablet", person=LEAD)


@cache
def due() -> Case:
    """Return a visit on the day on which its mail may go."""
    return kept.on(kept.closed(), kept.DUE)


@cache
def gone() -> Case:
    """Return a visit of which nothing is left."""
    case = kept.approved(kept.on(kept.closed(), date(2033, 1, 4)), "own_records")
    return case.do(kept.carrying_out("own_records"), actor=MANAGER)


@cache
def handed() -> Case:
    """Return a visit whose lead visitor was handed a tablet."""
    return packed().do(TABLET)


def settled(outcome: str, on: date = BEGUN) -> r.SettleItem:
    return r.SettleItem(item="tab-1", on=on, outcome=outcome)


def done(spec: str, on: date = BEGUN, person: int | None = None) -> c.CompleteTask:
    return c.CompleteTask(spec=spec, on=on, person=person)


Row = tuple[Callable[[], Case], int, c.Command]
ONE = ADMINISTRATOR
ROWS: list[Row] = [
    (writing, ONE, NO_REASON),
    (writing, ONE, WRONG),
    (lambda: writing().do(more()), STRANGER, WRONG),
    (lambda: writing().do(more()).do(more()), ONE, more()),
    (lambda: writing().plan("asked", WRITTEN), ONE, more()),
    (lambda: writing().until(LATE), ONE, replace(more(), on=LATE)),
    (writing, ONE, more("11 days")),
    (writing, ONE, more("1 month")),
    (writing, ONE, more(None)),
    (writing, ONE, more(reason=" ")),
    (writing, ONE, more(agreement=" ")),
    (dated, ONE, more()),
    (lambda: writing().do(paused(WRITTEN)), ONE, paused(GIVEN)),
    (lambda: writing().do(paused(WRITTEN)), ONE, resumed(date(2026, 12, 16))),
    (writing, ONE, resumed(GIVEN)),
    (writing, ONE, paused(WRITTEN, "asking")),
    (writing, ONE, paused(WRITTEN, "wating")),
    (writing, STRANGER, paused(WRITTEN)),
    (writing, STRANGER, resumed(WRITTEN)),
    (lambda: writing().do(paused(WRITTEN)), ONE, BACK),
    (writing, ONE, c.SetDate(key="visit_start", on=date(2026, 12, 30), is_actual=True)),
    (dated, ONE, c.SetDate(key="visit_end", on=date(2026, 11, 1), reason="x")),
    (dated, HOST, c.SetDate(key="visit_end", on=date(2026, 11, 27), reason="x")),
    (dated, ONE, c.SetDate(key="visit_ende", on=date(2026, 11, 27), reason="x")),
    (prepared, ONE, c.Advance(trigger="withdraw")),
    (dated, ONE, c.Advance()),
    (dated, HOST, c.Advance(trigger="confirm", override="x")),
    (closed, ONE, c.Advance()),
    (closed, ONE, c.Advance(trigger="confirm")),
    (dated, ONE, c.ReleasePerson(person=LEAD, reason="")),
    (dated, ONE, c.ReleasePerson(person=LEAD, role="host", reason="x")),
    (dated, ONE, c.ReleasePerson(person=STRANGER, reason="x")),
    (dated, ONE, c.AssignPerson(person=STRANGER, role="lead_visitor")),
    (kept.closed, DIRECTOR, r.RequestDisposal(rule="mail")),
    (due, DIRECTOR, r.ApproveDisposal(rule="mail")),
    (due, MANAGER, kept.carrying_out()),
    (due, DIRECTOR, c.CompleteTask(spec="retention_mail", on=kept.DUE)),
    (due, DIRECTOR, r.ExtendRetention(rule="mail", until=kept.DUE, reason="")),
    (gone, ONE, c.PlaceHold(name="late", reason="a request")),
    (dated, ONE, c.GiveAnswer(spec="scope_agreed", answer="perhaps", says="x")),
    (dated, ONE, c.PlaceHold(name="h", reason="")),
    (dated, ONE, c.LiftHold(name="h", reason="")),
    (dated, ONE, c.WaiveTask(spec="scope_agreed", reason="")),
    (dated, HOST, c.WaiveTask(spec="scope_agreed", reason="x")),
    (dated, ONE, c.ReopenTask(spec="scope_agreed", reason="")),
    (dated, ONE, c.ReopenTask(spec="scope_agreed", reason="x")),
    (dated, ONE, done("scope")),
    (dated, ONE, done("scope_agreed", TOMORROW)),
    (dated, ONE, done("comments_in")),
    (dated, ONE, done("call_visitor")),
    (dated, ONE, done("call_visitor", person=STRANGER)),
    (dated, ONE, done("catch_up")),
    (clearing, ONE, done("destroy_notes", GIVEN, LEAD)),
    (
        clearing, ONE,
        c.CompleteTask(spec="destroy_notes", on=GIVEN, person=LEAD, attested=("notebook",)),
    ),
    (dated, ONE, r.LinkChallenge(other="EAS-26", relation="owns")),
    (dated, ONE, r.LinkChallenge(other="NOR-26", relation="concerns")),
    (dated, STRANGER, r.LinkChallenge(other="EAS-26", relation="concerns")),
    (dated, ONE, r.RecordCounter(counter="met", value=3)),
    (handed, ONE, TABLET),
    (handed, ONE, settled("eaten")),
    (handed, ONE, settled("destroyed")),
    (handed, ONE, settled("returned", TOMORROW)),
    (packed, ONE, r.IssueItem(item="Tab 1", medium="tablet", person=LEAD)),
    (packed, ONE, r.IssueItem(item="tab-1", medium="tablett", person=LEAD)),
    (packed, ONE, r.IssueItem(item="tab-1", medium="tablet", person=STRANGER)),
    (packed, ONE, r.IssueDocument(document="pack")),
    (packed, ONE, r.IssueDocument(document="report")),
    (packed, ONE, r.IssueDocument(document="statement", people=(STRANGER,))),
    (packed, ONE, r.IssueDocument(document="statement")),
    (packed, ONE, r.AcknowledgeDocument(document="pack", person=STRANGER, on=BEGUN)),
    (packed, ONE, r.AcknowledgeDocument(document="pack", person=LEAD, on=TOMORROW)),
    (packed, HOST, r.AcknowledgeDocument(document="pack", person=LEAD, on=BEGUN)),
    (packed, ONE, r.RevokeDocument(document="pack", person=LEAD, reason="")),
    (packed, ONE, r.RevokeDocument(document="pack", person=STRANGER, reason="x")),
    (packed, ONE, r.RecordDocument(document="pack", location="x")),
    (packed, ONE, r.RecordDocument(document="Pa ck", location="x")),
    (packed, ONE, r.RecordDocument(document="other", location="x")),
]  # fmt: skip


def refusals() -> Iterator[str]:
    """Yield what is asked for, by whom, and what they are told."""
    cases: dict[Callable[[], Case], Case] = {}
    for make, asker, command in ROWS:
        case = cases[make] if make in cases else cases.setdefault(make, make())
        yield f"{asker} asks for {told(command)}"
        try:
            case.do(command, actor=asker)
        except WorkflowError as error:
            yield f"  {told_error(error)}"
        else:
            yield "  it is done"
            return
