"""A second version of the site visit, as edits of the first, and challenges that go on under it."""

from dataclasses import replace
from datetime import datetime

from tests.builders import ADMINISTRATOR, Case
from tests.visits import Edit, visit_rules
from workflow.model.decisions.mapping import Renaming
from workflow.model.decisions.migration import (
    Migrated,
    Order,
    dangers,
    last_migration,
    migrate,
    undo,
    until_now,
)
from workflow.model.planning.reconcile import Settling

AGAIN: tuple[Edit, ...] = (('version: "1.0"', 'version: "1.1"'),)
RENAMED: tuple[Edit, ...] = (
    ("  catch_up:\n", "  talk:\n"),
    ("tracked_by: catch_up", "tracked_by: talk"),
)
LONGER: tuple[Edit, ...] = (
    ("target: 4 weeks after visit_end", "target: 5 weeks after visit_end"),
    ("limit: 4 weeks after visit_end", "limit: 5 weeks after visit_end"),
)
WITHOUT_EVENING: tuple[Edit, ...] = (
    (
        "  evening_meeting:\n    title: Meet on the evening before the visit\n"
        "    stage: [planning, visiting]\n    by: lead_visitor\n"
        "    limit: 19:00 on the day before visit_start\n    source: briefing 20\n",
        "",
    ),
)
WITH_ROOMS: tuple[Edit, ...] = (
    (
        "  brief_visitor:\n",
        "  book_rooms:\n    title: Book the rooms\n    stage: planning\n    by: manager\n"
        "    limit: 5 days before visit_start\n    reminders: chase\n    source: briefing 11\n"
        "  brief_visitor:\n",
    ),
)
MORE_CHASING: tuple[Edit, ...] = (
    (
        "  chase:\n",
        "  chase:\n    - {when: 10 days before limit, to: by, notice: to_do}\n"
        "    - {when: 1 day before limit, to: by, notice: to_do}\n",
    ),
)
SECOND_VERSION = (*AGAIN, *RENAMED, *LONGER, *WITHOUT_EVENING, *WITH_ROOMS, *MORE_CHASING)
NAMES = Renaming(keys={"catch_up": "talk"})
NOTHING = Renaming()


def unsafe(case: Case, *edits: Edit, renaming: Renaming = NOTHING) -> list[str]:
    """Return why a challenge cannot go on under the edited definition."""
    new = visit_rules(*AGAIN, *edits)
    return [danger.text for danger in dangers(case.rules, new, case.challenge, renaming=renaming)]


def moved(case: Case, *edits: Edit, renaming: Renaming = NOTHING) -> tuple[Case, Migrated]:
    """Return the challenge under the edited definition, and how it came there."""
    new = visit_rules(*AGAIN, *edits)
    passing = until_now(case.rules, case.challenge, at=case.at)
    order = Order(
        content_hash="second", at=case.at, actor=ADMINISTRATOR, reason="news", renaming=renaming
    )
    decision = migrate(passing, new, order)
    events = [*case.events, *passing.events, *decision.events]
    return replace(case, rules=new, challenge=decision.after, events=events), decision


def second(case: Case) -> tuple[Case, Migrated]:
    """Return the challenge under the second version."""
    return moved(case, *SECOND_VERSION[1:], renaming=NAMES)


def back(case: Case, first: Case) -> tuple[Case, Migrated]:
    """Return a challenge that was migrated as it is when that is undone."""
    passing = Settling(case.rules, case.challenge, case.at)
    since = last_migration(case.events)
    decision = undo(passing, first.rules, since=since, actor=ADMINISTRATOR, reason="a mistake")
    events = [*case.events, *decision.events]
    return replace(case, rules=first.rules, challenge=decision.after, events=events), decision


def at(case: Case, moment: datetime) -> Case:
    """Return a copy of a case at another moment, to which no time has passed."""
    return replace(case, at=moment, events=list(case.events))
