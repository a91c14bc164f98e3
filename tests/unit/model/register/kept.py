"""A visit whose definition has a rule for every kind of our own copies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache

from tests.builders import Case
from tests.visits import DIRECTOR, MANAGER, Edit
from tests.visits import clearing as cleared
from tests.visits import closed as ended
from workflow.model.records import commands as r
from workflow.model.register.retention import Retained, retained

RULES = (
    """  own_records:
    title: Records of the visit
    held_by: manager
    for: 6 years after closed
    then: delete
    review_by: director
""",
    """  own_records:
    title: Records of the visit
    held_by: manager
    for: 6 years after closed
    then: delete
    review_by: director
    reminders: chase_up
    copies: record
  mail:
    title: Mail about the visit
    for: 3 months after signed_off
    then: delete
    review_by: director
    reminders: chase_up
    copies: messages
  pictures:
    title: Pictures of the report
    then: archive
""",
)
LADDER = (
    "ladders:\n",
    "ladders:\n  chase_up:\n    - {when: on opening, to: by, notice: to_do}\n",
)
RIGHTS = (
    "  manages: [manager]\n",
    "  manages: [manager, director]\n  approves: director\n  excepts: director\n",
)
WAIVES = ("  waives: [manager]\n", "  waives: [manager, director]\n")
SIGNED_OFF = "  signed_off:  {title: Report signed off, set_by: sign_off}\n"
FAILURES = (SIGNED_OFF, f"{SIGNED_OFF}  destruction_failed: {{title: It did not succeed}}\n")
EDITS: tuple[Edit, ...] = (RULES, LADDER, RIGHTS, WAIVES)
DUE = date(2027, 3, 18)  # three months after it was signed off, on 18 December


@cache
def _built(build: Callable[..., Case], edits: tuple[Edit, ...]) -> Case:
    return build(*EDITS, *edits)


def closing(*edits: Edit) -> Case:
    """Return a visit whose report is signed off, and whose notes are to be destroyed."""
    case = _built(cleared, edits)
    return replace(case, events=list(case.events))


def closed(*edits: Edit) -> Case:
    """Return a visit that is over."""
    case = _built(ended, edits)
    return replace(case, events=list(case.events))


def on(case: Case, day: date) -> Case:
    """Return a case on the morning of another day."""
    case.at = datetime.combine(day, time(9), case.at.tzinfo)
    return case.sweep()


def look(case: Case, rule: str = "mail") -> Retained:
    """Return how a rule of a case stands."""
    return retained(case.rules, case.challenge, rule, at=case.at)


def asked(case: Case, rule: str = "mail") -> Case:
    """Let the manager ask to destroy what a rule keeps."""
    return case.do(r.RequestDisposal(rule=rule), actor=MANAGER)


def approved(case: Case, rule: str = "mail") -> Case:
    """Let the manager ask for it, and the director approve it."""
    return asked(case, rule).do(r.ApproveDisposal(rule=rule), actor=DIRECTOR)


def carrying_out(rule: str = "mail") -> r.CarryOutDisposal:
    """Return the command that destroys."""
    return r.CarryOutDisposal(rule=rule, certificate="C-1", method="rows deleted")
