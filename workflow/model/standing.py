"""How a deadline or a challenge stands at a moment: derived each time, never stored."""

from datetime import date, datetime, timedelta
from enum import StrEnum


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


def deadline_standing(  # noqa: PLR0911  one line a standing reads best
    *,
    status: str,
    target_on: date | None,
    limit_on: date | None,
    limit_at: datetime | None,
    done_on: date | None,
    at: datetime,
    today: date,
    due_soon: int = 5,
    is_paused: bool = False,
) -> Standing:
    """Return how a task's deadline stands `at` a moment (aware) of the local day `today`.

    Late is after the limit; with a target only, after the target. Done work is measured by the
    day on which it was done, whenever that was recorded. `due_soon` is in calendar days.
    """
    due_on = limit_on or target_on
    if status == "done":
        is_late = limit_on is not None and done_on is not None and done_on > limit_on
        return Standing.MET_LATE if is_late else Standing.MET
    if status in ("waived", "cancelled"):
        return Standing.EXCUSED
    if is_paused:
        return Standing.PAUSED
    if due_on is None:
        return Standing.NOT_SET
    if at > limit_at if limit_at else today > due_on:
        return Standing.LATE
    first_on = min(day for day in (target_on, limit_on) if day)
    is_soon = first_on - today <= timedelta(days=due_soon)
    return Standing.DUE_SOON if is_soon else Standing.AHEAD
