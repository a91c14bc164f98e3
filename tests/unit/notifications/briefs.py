"""Briefs for the tests: an invented challenge, at 9 o'clock on Tuesday 2 March 2027."""

from dataclasses import replace
from datetime import UTC, date, datetime

from workflow.model.lines import TaskLine
from workflow.model.people import Person
from workflow.store.briefs import Brief

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)
MANAGER = Person(
    id=1, name="Manager One", email="manager.one@programme.example", phone="01632 960000"
)
PROGRAMME = Person(id=2, name="Programme Two", email="programme.two@programme.example")
PEER = Person(id=4, name="Amina Peerfour", email="peer.four@example.test", phone="01632 960001")
CLIENT = Person(id=9, name="Client Nine", email="client.nine@eastvale.example")

CALL = TaskLine(
    key="call_peer:4",
    spec="call_peer",
    position=1,
    title="Call Amina Peerfour before the visit",
    status="open",
    person=4,
    assignees=(1,),
    opened_at=AT,
    target_on=date(2027, 3, 9),
    limit_on=date(2027, 3, 15),
    limit_at=datetime(2027, 3, 15, 23, 59, 59, 999999, tzinfo=UTC),
    source="house policy",
    why="a week before the first day on site, Tuesday 16 March 2027",
)
LATE = replace(
    CALL,
    key="timetable",
    spec="timetable",
    title="Send the timetable",
    person=None,
    assignees=(9,),
    target_on=date(2027, 2, 23),
    limit_on=date(2027, 2, 26),
    limit_at=datetime(2027, 2, 26, 23, 59, 59, tzinfo=UTC),
    source="guidance 70",
    why="two weeks before the first day on site.",
)
EVENING = replace(
    CALL,
    key="evening_meeting",
    spec="evening_meeting",
    title="Meet on the evening before",
    person=None,
    target_on=None,
    limit_on=date(2027, 3, 15),
    limit_at=datetime(2027, 3, 15, 19, tzinfo=UTC),
)


def make_brief(
    notice: str = "call_reminder",
    *lines: TaskLine,
    recipient: Person = MANAGER,
    about: Person | None = None,
    is_rehearsal: bool = False,
    has_dates: bool = True,
) -> Brief:
    """Return a brief for `recipient` that speaks of `lines`."""
    dates = {
        "onsite_start": ("First day on site", date(2027, 3, 16), False),
        "onsite_end": ("Last day on site", date(2027, 3, 19), False),
        "device_lost": ("A device was lost", date(2027, 2, 28), True),
    }
    return Brief(
        id=7,
        message_key=f"EAS-27/{notice}/1/{recipient.id}",
        created_at=AT,
        notice=notice,
        notice_title="Something is to be done",
        notice_says="Here is what it is about.",
        recipient=recipient,
        is_rehearsal=is_rehearsal,
        reference="EAS-27",
        challenge_title="Peer challenge of Eastvale",
        client="Eastvale system",
        about=about,
        lines=lines,
        all_lines_count=len(lines),
        dates=dates if has_dates else {},
        people={"challenge_manager": (MANAGER,), "programme_manager": (PROGRAMME,)},
        stage_title="Pre on-site",
        is_ladder=bool(lines),
    )
