"""How a deadline stands the day before, on the day, the day after."""

from datetime import UTC, date, datetime, time

import pytest

from workflow.model.standing import Dates, Standing, days_late, standing_of

TARGET, LIMIT = date(2026, 12, 18), date(2026, 12, 24)
LIMIT_AT = datetime(2026, 12, 24, 23, 59, 59, tzinfo=UTC)
BOTH = Dates(status="open", target_on=TARGET, limit_on=LIMIT, limit_at=LIMIT_AT)


def standing(due: Dates, on: date, at: time = time(12), **more: int | bool) -> Standing:
    moment = datetime.combine(on, at, UTC)
    return standing_of(due, at=moment, today=on, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 12, 12), Standing.AHEAD),
        (date(2026, 12, 13), Standing.DUE_SOON),  # five days before the target
        (TARGET, Standing.DUE_SOON),
        (date(2026, 12, 19), Standing.DUE_SOON),  # past the target, before the limit
        (LIMIT, Standing.DUE_SOON),
        (date(2026, 12, 25), Standing.LATE),
    ],
)
def test_a_deadline_is_late_after_its_limit_and_soon_before_its_target(
    on: date, expected: Standing
) -> None:
    assert standing(BOTH, on) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (time(18, 59, 59), Standing.DUE_SOON),
        (time(19), Standing.DUE_SOON),
        (time(19, 0, 1), Standing.LATE),
    ],
)
def test_a_limit_with_a_time_is_late_after_it(at: time, expected: Standing) -> None:
    limit_at = datetime.combine(LIMIT, time(19), UTC)
    due = Dates(status="pending", limit_on=LIMIT, limit_at=limit_at)
    assert standing(due, LIMIT, at) is expected


@pytest.mark.parametrize(
    ("on", "expected"), [(TARGET, Standing.DUE_SOON), (date(2026, 12, 19), Standing.LATE)]
)
def test_a_target_alone_is_late_after_its_day(on: date, expected: Standing) -> None:
    assert standing(Dates(status="open", target_on=TARGET), on) is expected


@pytest.mark.parametrize(
    ("done_on", "expected"),
    [
        (date(2026, 12, 23), Standing.MET),
        (LIMIT, Standing.MET),
        (date(2026, 12, 25), Standing.MET_LATE),
    ],
)
def test_what_is_done_is_measured_by_its_day(done_on: date, expected: Standing) -> None:
    due = Dates(status="done", limit_on=LIMIT, limit_at=LIMIT_AT, done_on=done_on)
    assert standing(due, date(2027, 6, 1)) is expected


@pytest.mark.parametrize(
    ("due", "is_paused", "expected"),
    [
        (Dates(status="done", target_on=TARGET, done_on=LIMIT), False, Standing.MET),  # no limit
        (Dates(status="waived", limit_on=LIMIT, limit_at=LIMIT_AT), False, Standing.EXCUSED),
        (Dates(status="cancelled", limit_on=LIMIT, limit_at=LIMIT_AT), True, Standing.EXCUSED),
        (Dates(status="open"), False, Standing.NOT_SET),
        (Dates(status="open"), True, Standing.PAUSED),
        (BOTH, True, Standing.PAUSED),
        (Dates(status="done", limit_on=LIMIT, done_on=LIMIT), True, Standing.MET),
    ],
)
def test_what_has_no_clock_is_not_late(
    due: Dates,
    is_paused: bool,  # noqa: FBT001 (a table)
    expected: Standing,
) -> None:
    assert standing(due, date(2027, 6, 1), is_paused=is_paused) is expected


@pytest.mark.parametrize(("due_soon", "expected"), [(0, Standing.AHEAD), (1, Standing.DUE_SOON)])
def test_how_soon_is_soon_is_a_setting(due_soon: int, expected: Standing) -> None:
    assert standing(BOTH, date(2026, 12, 17), due_soon=due_soon) is expected


@pytest.mark.parametrize(
    ("due", "limit_on", "days"),
    [
        (BOTH, LIMIT, 3),
        (BOTH, None, 0),
        (BOTH, date(2026, 12, 28), 0),
        (Dates(status="done", done_on=date(2026, 12, 25)), LIMIT, 1),
        (Dates(status="done", done_on=LIMIT), LIMIT, 0),
        (Dates(status="waived"), LIMIT, 0),
        (Dates(status="cancelled"), LIMIT, 0),
    ],
)
def test_days_late_are_counted_from_the_limit_to_when_it_was_done_or_today(
    due: Dates, limit_on: date | None, days: int
) -> None:
    assert days_late(due, limit_on, today=date(2026, 12, 27)) == days
