"""What two may do at the same moment: each kind of command, and what the machine does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from definitions import loader
from tests.clocked import CLOCKED
from tests.faults.hands import Hands
from tests.grounds import ADA, populate
from tests.handing import EDITS
from tests.integration.retaining.destroying import AFTER, Site, definition_text
from tests.visits import BEGUN, DIRECTOR, END, LEADER, MANAGER, SECOND, STRANGER, VISITOR
from workflow.clock import SetClock
from workflow.model import commands as c
from workflow.model.records import commands as r
from workflow.store.database import Database

COUNTERS = ("obligations:", "counters:\n  met: {title: People met}\n\nobligations:")
PAUSES = (
    ("pauses:\n", "pauses:\n  ill: {title: Somebody is ill}\n"),
    ("pauses: [waiting, asking]", "pauses: [waiting, asking, ill]"),
)
PLANNED = BEGUN + timedelta(days=30)
DRAFTED = datetime(2026, 12, 18, 9, tzinfo=BEGUN.tzinfo)
Work = Callable[[Hands, str], None]


@dataclass(frozen=True, kw_only=True)
class Lot:
    """Something that may be done on a base, at a moment."""

    base: str
    at: datetime
    work: Work
    command: c.Command | None = None
    is_repeatable: bool = True


def text() -> str:
    """Return a definition under which each kind of command has something to do."""
    said = definition_text()
    for old, new in (*EDITS, COUNTERS, *CLOCKED, *PAUSES):
        assert old in said, old
        said = said.replace(old, new, 1)
    return said


def _ground(database: Database) -> Site:
    loaded = loader.load_text(text(), file="visit.yaml")
    populate(database, loaded)
    return Site(database, loaded.content_hash, SetClock(BEGUN))


def planning(database: Database) -> None:
    """Make a visit that is being planned: papers recorded and given out, a hold, a task done."""
    site = _ground(database)
    site.start()
    site.engine.start(site.new("EAS-27"), actor=ADA)
    site.clock.at = PLANNED
    site.done("scope_agreed")
    for document in ("statement", "timetable", "kit"):
        site.act(r.RecordDocument(document=document, location="shelf"))
    site.act(r.IssueDocument(document="pack"))
    site.act(r.IssueItem(item="badge-1", medium="badge", person=VISITOR))
    site.act(c.PlaceHold(name="H 1", reason="a request"))


def drafting(database: Database) -> None:
    """Make a visit whose draft is being written, with a clock that stands still."""
    site = _ground(database)
    site.start()
    site.done("scope_agreed", "brief_visitor", "call_visitor")
    site.act(c.Advance(trigger="confirm"))
    site.until(END)
    site.done("catch_up", "feedback_given", "evening_meeting")
    site.until(END + timedelta(days=1))
    site.clock.at = DRAFTED
    site.act(c.PauseClock(name="waiting", on=DRAFTED.date(), reason="no answer"))


def closed(database: Database) -> None:
    """Make a visit that is closed, with mail to be destroyed that somebody has approved."""
    site = _ground(database)
    site.start()
    site.close()
    site.clock.at = AFTER
    site.approve("mail")
    site.act(r.RequestDisposal(rule="words", reason="early"), actor=ADA)


BASES: Mapping[str, Callable[[Database], None]] = {
    "planning": planning,
    "drafting": drafting,
    "closed": closed,
}


def _asked(base: str, command: c.Command, *, actor: int = ADA) -> Lot:
    at = {"planning": PLANNED, "drafting": DRAFTED, "closed": AFTER}[base]

    def work(hands: Hands, name: str) -> None:
        hands.act(command, actor=actor, name=f"{type(command).__name__}.{name}")

    return Lot(base=base, at=at, work=work, command=command)


_COMMANDS: tuple[tuple[str, c.Command, int], ...] = (
    ("planning", c.AssignPerson(person=STRANGER, role="visitor", capabilities=(LEADER,)), ADA),
    ("planning", c.ReleasePerson(person=SECOND, reason="called away"), ADA),
    ("planning", c.SetDate(key="visit_start", on=date(2026, 11, 25), reason="asked"), ADA),
    ("planning", c.CompleteTask(spec="call_visitor", person=VISITOR, on=PLANNED.date()), ADA),
    ("planning", c.WaiveTask(spec="evening_meeting", reason="no time"), ADA),
    ("planning", c.ReopenTask(spec="scope_agreed", reason="not yet"), ADA),
    (
        "planning",
        c.GiveAnswer(spec="have_pack", person=VISITOR, answer="cannot", says="ill"),
        VISITOR,
    ),
    (
        "planning",
        c.AgreeTime(spec="call_visitor", person=VISITOR, moment=PLANNED + timedelta(days=2)),
        ADA,
    ),
    ("closed", c.PlaceHold(name="FOI 1", reason="a request"), ADA),
    ("planning", c.LiftHold(name="H 1", reason="answered"), ADA),
    (
        "drafting",
        c.ExtendDeadline(
            spec="report_sent",
            on=DRAFTED.date(),
            amount="5 days",
            reason="ill",
            agreement="e-mail",
        ),
        ADA,
    ),
    ("planning", c.Advance(trigger="withdraw", reason="the host asked"), ADA),
    ("drafting", c.PauseClock(name="ill", on=DRAFTED.date(), reason="a cold"), ADA),
    ("drafting", c.ResumeClock(name="waiting", on=DRAFTED.date()), ADA),
    ("planning", r.RecordDocument(document="kit", location="cupboard"), ADA),
    ("planning", r.IssueDocument(document="kit"), ADA),
    (
        "planning",
        r.AcknowledgeDocument(document="timetable", person=VISITOR, on=PLANNED.date()),
        ADA,
    ),
    ("planning", r.RevokeDocument(document="pack", person=VISITOR, reason="left"), ADA),
    ("planning", r.IssueItem(item="tablet-1", medium="tablet", person=VISITOR), ADA),
    ("planning", r.SettleItem(item="badge-1", on=PLANNED.date(), outcome="returned"), ADA),
    ("planning", r.RecordCounter(counter="met", value=9), ADA),
    ("planning", r.LinkChallenge(other="EAS-27", relation="concerns"), ADA),
    ("closed", r.RequestDisposal(rule="addresses", reason="early"), ADA),
    ("closed", r.ApproveDisposal(rule="words"), DIRECTOR),
    (
        "closed",
        r.ExtendRetention(rule="mail", until=date(2028, 1, 1), reason="a dispute"),
        MANAGER,
    ),
    (
        "closed",
        r.CarryOutDisposal(rule="mail", certificate="C-0000000001", method="deleted"),
        MANAGER,
    ),
    ("closed", r.ReportFailure(rule="mail", problem="the disk"), ADA),
)
ASKED = {type(one).__name__: _asked(base, one, actor=by) for base, one, by in _COMMANDS}
SWEPT = datetime(2026, 11, 20, 9, tzinfo=BEGUN.tzinfo)
LOTS: Mapping[str, Lot] = {
    **ASKED,
    "sweep": Lot(base="planning", at=SWEPT, work=lambda hands, _: hands.sweep()),
    "send": Lot(base="planning", at=PLANNED, work=lambda hands, _: hands.deliver()),
}
