"""What must come of the programme: totals by plain arithmetic, and what had been foreseen.

The arithmetic knows the guidance and the calendar, and nothing of the engine: how often a duty
falls to a team of seven over four days, and that a draft is due four weeks after the visit.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.rehearsal.cast import DAYS_ON_SITE, PEERS, Visit
from tests.rehearsal.programme import Programme

FOUR_WEEKS = timedelta(days=28)
SAMPLED = "check_destruction"
"""A duty about peers who are drawn by lot: none of the seven, or each of them."""

EACH_PEER = (
    "take_on_peer", "acknowledge", "receive_pack", "call_peer", "comment_on_draft", "destroy_notes",
)  # fmt: skip
ONCE = (
    "commission", "scope_agreed", "propose_team", "client_confirms_team", "position_statement",
    "timetable", "file_share", "ask_lead_peer", "call_system_lead", "ask_member_peer",
    "call_member_lead", "evening_meeting", "base_room", "coverage", "findings_triangulated",
    "feedback_session", "draft_circulated", "draft_report", "client_comments", "report_agreed",
    "client_sign_off", "destroy_team_material", "publish",
)  # fmt: skip
DONE = Counter(
    {
        **dict.fromkeys(EACH_PEER, len(PEERS)),
        **dict.fromkeys(ONCE, 1),
        "session_record": DAYS_ON_SITE,
        "catch_up": DAYS_ON_SITE - 1,
        "retention_client_documents": 1,
        "retention_drafts": 1,
    }
)
"""What has been done when a challenge closes on which everybody was on time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What came of the programme, in numbers, and every difference from what it should have been.

    `delivered` counts what lies in the mail server's boxes.
    """

    challenges: int
    closed: int
    done: int
    notices: int
    messages: int
    delivered: int
    differences: tuple[str, ...]


def compare(programme: Programme, arrived: Counter[str], *, until: date) -> Totals:
    """Return the totals of a programme that was lived up to the beginning of a day.

    `arrived` has the Message-IDs that the mail server delivered, each as often as it did.
    """
    said, rows = programme.said()
    sent = [row for row in rows if row["status"] == "sent" and row["carrier"] is None]
    reports = {visit: programme.read("show", visit.reference) for visit in programme.visits}
    tasks = {visit: _done(programme, visit) for visit in programme.visits}
    differences = [
        *(f"not raised: {' '.join(map(str, one))}" for one in (programme.foreseen - said)),
        *(f"not foreseen: {' '.join(map(str, one))}" for one in (said - programme.foreseen)),
        *_of_mail(rows, sent, arrived),
        *(text for visit in programme.visits for text in _of_tasks(visit, reports, tasks)),
    ]
    closed = [visit for visit in programme.visits if reports[visit]["is_final"]]
    differences += _of_closing(programme, closed, until=until)
    return Totals(
        challenges=len(programme.visits),
        closed=len(closed),
        done=sum(each.total() for each in tasks.values()),
        notices=len(rows),
        messages=len(sent),
        delivered=arrived.total(),
        differences=tuple(differences),
    )


def _done(programme: Programme, visit: Visit) -> Counter[str]:
    rows = programme.read("tasks", visit.reference, "--all")["tasks"]
    return Counter(row["key"] for row in rows if row["status"] == "done")


def _of_mail(
    rows: list[dict[str, Any]], sent: list[dict[str, Any]], arrived: Counter[str]
) -> Iterator[str]:
    """Yield each message that is unfinished, missing, or that arrived more than once."""
    for row in rows:
        if row["status"] not in ("sent", "cancelled"):
            yield f"unfinished: message {row['id']} is {row['status']}"
    wanted = Counter(row["message_id"] for row in sent)
    yield from (f"never arrived: {one}" for one in (wanted - arrived).elements())
    yield from (f"arrived too often: {one}" for one in (arrived - wanted).elements())


def _of_tasks(
    visit: Visit, reports: dict[Visit, dict[str, Any]], tasks: dict[Visit, Counter[str]]
) -> Iterator[str]:
    """Yield what differs of a challenge's tasks and of the day on which its draft is due."""
    found, done = reports[visit], tasks[visit]
    due = {line["key"]: line["limit_on"] for line in found["deadlines"]}.get("draft_report")
    if due is not None and date.fromisoformat(due) != visit.end + FOUR_WEEKS:
        yield f"{visit.reference}: the draft is due on {due}, not four weeks after {visit.end}"
    if visit.is_idle and done:
        yield f"{visit.reference}: nobody acted, and yet {dict(done)} is done"
    if found["is_final"] and not _is_all(done):
        yield f"{visit.reference}: closed with {dict(done)} done, not {dict(DONE)}"


def _is_all(done: Counter[str]) -> bool:
    counted = Counter({key: number for key, number in done.items() if key in DONE})
    return counted == DONE and done[SAMPLED] <= len(PEERS)


def _of_closing(programme: Programme, closed: list[Visit], *, until: date) -> Iterator[str]:
    """Yield each challenge that closed and should not have, or the other way round."""
    wanted = {reference for reference, day in programme.closing.items() if day < until}
    found = {visit.reference for visit in closed}
    yield from (f"{one}: should have closed" for one in sorted(wanted - found))
    yield from (f"{one}: should not have closed" for one in sorted(found - wanted))
