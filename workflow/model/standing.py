"""How a deadline stands at a moment: derived each time, never stored."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol


class Standing(StrEnum):
    """How a deadline stands. The due day itself is still in time."""

    AHEAD = "ahead"
    DUE_SOON = "due_soon"
    LATE = "late"
    MET = "met"
    MET_LATE = "met_late"
    PAUSED = "paused"
    EXCUSED = "excused"
    NOT_SET = "not_set"


class Due(Protocol):
    """Whatever has a deadline: a task, a line of a list, a row."""

    @property
    def status(self) -> str:
        """pending, open, done, waived or cancelled."""

    @property
    def target_on(self) -> date | None:
        """The soft date."""

    @property
    def limit_on(self) -> date | None:
        """The hard date."""

    @property
    def limit_at(self) -> datetime | None:
        """The moment after which it is late."""

    @property
    def done_on(self) -> date | None:
        """The day on which it was done."""

    @property
    def done_moment(self) -> datetime | None:
        """The moment at which it was done, where hours count."""

    @property
    def clock(self) -> str:
        """Paused, excused, or empty while it runs."""


class Dates(NamedTuple):
    """A deadline by itself."""

    status: str
    target_on: date | None = None
    limit_on: date | None = None
    limit_at: datetime | None = None
    done_on: date | None = None
    done_moment: datetime | None = None
    clock: str = ""


def standing_of(
    due: Due, *, at: datetime, today: date, due_soon: int = 5, is_paused: bool = False
) -> Standing:
    """Return how a deadline stands `at` a moment (aware) of the local day `today`.

    Late is after the limit; with a target only, after the target. Done work is measured by the
    day on which it was done, or the hour where that counts, whenever it was recorded. `due_soon`
    is in calendar days.
    """
    if due.status == "done":
        return Standing.MET_LATE if is_done_late(due, today=today) else Standing.MET
    if due.status in ("waived", "cancelled") or due.clock == "excused":
        return Standing.EXCUSED
    dates = [day for day in (due.target_on, due.limit_on) if day is not None]
    if is_paused or not dates:
        is_stopped = is_paused or due.clock == "paused"
        return Standing.PAUSED if is_stopped else Standing.NOT_SET
    if at > due.limit_at if due.limit_at else today > max(dates):
        return Standing.LATE
    is_soon = min(dates) - today <= timedelta(days=due_soon)
    return Standing.DUE_SOON if is_soon else Standing.AHEAD


def is_done_late(due: Due, *, today: date) -> bool:
    """Return whether done work came after its limit: by the hour where that counts and is known."""
    if due.limit_at is not None and due.done_moment is not None:
        return due.done_moment > due.limit_at
    return due.limit_on is not None and (due.done_on or today) > due.limit_on


def days_late(due: Due, limit_on: date | None, *, today: date) -> int:
    """Return by how many calendar days something is, or was done, after `limit_on`; 0 in time.

    What was waived or fell away is not late.
    """
    if limit_on is None or due.status in ("waived", "cancelled"):
        return 0
    return max(((due.done_on or today) - limit_on).days, 0)
