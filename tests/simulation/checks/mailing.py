"""How mail goes after a downtime: the invariant of the storm (I19).

What waited while nothing was running, or for more than a day, goes as one message a person. Rows
that were claimed before are left out: what may have arrived is sent again as it was.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from notifications.message import Message
from tests.simulation.made.days import day_of
from tests.simulation.scene import Row, Scene

CATCHING_UP = timedelta(hours=1)
OLD = timedelta(hours=26)
"""A day, and room for a courier that stood still between its plan and the message."""

EXPIRED = timedelta(days=30, hours=2)
"""When a notice is no news any more, with the same room."""

_OF_A_DAY = re.compile(r"^Of (\w+ \d+ \w+ \d+):$", re.MULTILINE)


def goes_together(scene: Scene, rows: list[Row]) -> Iterator[str]:
    """Yield what waits for the same person and should have been said in the same message."""
    is_first = all(row.fence == 1 for row in rows)
    if not is_first or not any(_is_backlog(scene, row) for row in rows):
        return
    told = {row.recipient for row in rows}
    left = [
        row.id
        for row in scene.waiting({"waiting"})
        if row.recipient in told and row.fence == 0 and row.next_at <= scene.at
        if _is_backlog(scene, row)
    ]
    if left:
        yield f"a message of {len(rows)} old notices goes, and {left} wait for the same person"


def told_with_its_day(scene: Scene, rows: list[Row], message: Message) -> Iterator[str]:
    """Yield what is too old to be told as news, and is told without the day that it is of.

    Rows that were claimed before are left out, and reminders: those tell how things stand.
    """
    for row in rows:
        is_news = row.status == "sending" and row.fence == 1 and not row.is_ladder
        if not is_news or row.has_entry or scene.at - row.not_before <= EXPIRED:
            continue
        on = day_of(row.created_at)
        if f"Of {_in_words(on)}:" not in message.text:
            yield f"message {row.id} ({row.notice}) is of {on}, and goes as if it were news"


def told_with_another_day(rows: list[Row], message: Message) -> Iterator[str]:
    """Yield the days whose news a message tells although it has none of that day in London."""
    if not rows:
        return
    days = {_in_words(day_of(row.created_at)) for row in rows}
    for said in sorted(set(_OF_A_DAY.findall(message.text)) - days):
        yield f'"{message.subject}" tells news of {said}, and there were none'


def _in_words(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B} {on.year}"


def _is_backlog(scene: Scene, row: Row) -> bool:
    """Return whether a notice is old, or was raised when everything began again."""
    is_old = scene.at - row.not_before > OLD
    if row.has_entry or (row.is_urgent and not is_old):
        return False
    return is_old or (_is_plain(scene) and row.not_before <= scene.backlog_until)


def _is_plain(scene: Scene) -> bool:
    """Return whether nobody wants one message a day: theirs goes in the morning."""
    lot = scene.world.lot
    return not lot.daily and all(act.kind != "habit" for act in lot.acts)


def begins_again(last: datetime | None, at: datetime) -> bool:
    """Return whether nothing was running between two rounds."""
    return last is not None and at - last > timedelta(hours=24)
