"""When the programme is quiet: hours of the night and days on which only urgent mail goes. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.model.errors import InvalidInput, did_you_mean

DEFAULT_HOURS = "21:00-07:00"
"""What counts where no setting says otherwise."""

NONE, WEEKENDS, HOLIDAYS = "none", "weekends", "holidays"

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|to)\s*(\d{1,2}):(\d{2})")
_SATURDAY = 5
_MOST_STEPS = 1_000


def no_holiday(day: date) -> bool:
    """Return that `day` is no holiday."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Local hours, from `begins` until just before `ends`, and days on which mail rests.

    Hours may cross midnight. `is_holiday` is asked of local days, where holidays are quiet.
    """

    begins: time | None = None
    ends: time | None = None
    has_weekends: bool = False
    has_holidays: bool = False
    is_holiday: Callable[[date], bool] = no_holiday

    def is_quiet(self, at: datetime, zone: ZoneInfo) -> bool:
        """Return whether only urgent mail goes `at` a moment, in a zone."""
        local = at.astimezone(zone)
        return self._is_day_quiet(local.date()) or self._is_hour_quiet(local.time())

    def next_allowed(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return the first moment from `at` on at which mail goes, in UTC."""
        moment = at.astimezone(UTC)
        for _ in range(_MOST_STEPS):
            if not self.is_quiet(moment, zone):
                return moment
            moment = self._end_after(moment.astimezone(zone))
        raise InvalidInput("every day is quiet: mail would never go")

    def _is_day_quiet(self, day: date) -> bool:
        is_weekend = self.has_weekends and day.weekday() >= _SATURDAY
        return is_weekend or (self.has_holidays and self.is_holiday(day))

    def _is_hour_quiet(self, local: time) -> bool:
        if self.begins is None or self.ends is None:
            return False
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends

    def _end_after(self, local: datetime) -> datetime:
        """Return when the quiet that holds at a local time may be over."""
        midnight = time(0)
        day = local.date()
        ends = midnight if self._is_day_quiet(day) else self.ends or midnight
        if ends <= local.time():
            day += timedelta(days=1)
        end = datetime.combine(day, ends, tzinfo=local.tzinfo).astimezone(UTC)
        # where the clocks go back, a local time may come twice
        return max(end, local.astimezone(UTC) + timedelta(minutes=1))


ALWAYS_OPEN = Quiet()
"""Mail goes at any time."""


def read_quiet(
    hours: str = DEFAULT_HOURS, days: str = NONE, *, is_holiday: Callable[[date], bool] = no_holiday
) -> Quiet:
    """Return when mail rests: `21:00-07:00` or `none`; `weekends, holidays`, one of them, `none`.

    Raises:
        InvalidInput: it is neither.
    """
    begins, ends = _read_hours(hours)
    words = _read_days(days)
    return Quiet(
        begins=begins,
        ends=ends,
        has_weekends=WEEKENDS in words,
        has_holidays=HOLIDAYS in words,
        is_holiday=is_holiday,
    )


def _read_hours(text: str) -> tuple[time | None, time | None]:
    plain = text.strip().casefold()
    if plain in {"", NONE}:
        return None, None
    found = _HOURS.fullmatch(plain)
    message = f'the quiet hours are {text!r}; write "21:00-07:00", or "none"'
    if found is None:
        raise InvalidInput(message)
    try:
        begins, ends = (time(int(found[n]), int(found[n + 1])) for n in (1, 3))
    except ValueError as error:
        raise InvalidInput(message) from error
    if begins == ends:
        message = f'the quiet hours are {text!r}, which is a whole day; write "none" for none'
        raise InvalidInput(message)
    return begins, ends


def _read_days(text: str) -> frozenset[str]:
    words = [word.strip().casefold() for word in text.split(",") if word.strip()]
    if words == [NONE]:
        return frozenset()
    for word in words:
        if word not in {WEEKENDS, HOLIDAYS}:
            hint = did_you_mean(word, (WEEKENDS, HOLIDAYS, NONE))
            raise InvalidInput(f"the quiet days are {text!r}: {word!r} is not known{hint}")
    return frozenset(words)
