"""When reminders may go out: quiet days and hours, in the programme's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workflow.model.calendar import Calendar
from workflow.model.duties import Sending
from workflow.model.language.timing import parse_time_of_day
from workflow.model.reckoning.moments import moment_of

_AT_ANY_TIME = Sending()
_ONE_DAY = timedelta(days=1)
_MOST_DAYS = 60  # quiet for longer than this is no rule: it goes out as if nothing was quiet


@dataclass(frozen=True, slots=True)
class Hours:
    """The days and the hours in which reminders may go out."""

    sending: Sending
    calendar: Calendar
    zone: ZoneInfo

    def allowed(self, at: datetime, *, not_after: date | None = None) -> datetime:
        """Return `at` (aware, UTC), or the next moment after it in which reminders may go out.

        When that comes on a day later than `not_after`, the day that is reminded of, it is the
        last such moment before it instead.
        """
        if self.sending == _AT_ANY_TIME:
            return at
        local = at.astimezone(self.zone)
        day, wanted = local.date(), local.time().replace(tzinfo=None)
        first, last = parse_time_of_day(self.sending.from_), parse_time_of_day(self.sending.until)
        if self.is_allowed(day) and first <= wanted <= last:
            return at
        inside = min(max(wanted, first), last)
        later = self._near(day if wanted < first else day + _ONE_DAY, _ONE_DAY)
        if later is not None and (not_after is None or later <= not_after):
            return moment_of(later, first if wanted > last else inside, self.zone)
        if not_after is None or not_after < day:
            return at
        sooner = self._near(day if wanted > last else day - _ONE_DAY, -_ONE_DAY)
        return at if sooner is None else moment_of(sooner, inside, self.zone)

    def is_allowed(self, day: date) -> bool:
        """Return whether reminders go out on a local day at all."""
        if any(quiet.contain(day) for quiet in self.sending.not_on):
            return False
        if self.sending.on == "working days":
            return self.calendar.is_working_day(day)
        return self.sending.on == "every day" or day.weekday() not in self.calendar.weekend

    def _near(self, day: date, step: timedelta) -> date | None:
        """Return the first allowed day from `day` on, in steps; None when there is none near."""
        for _ in range(_MOST_DAYS):
            if self.is_allowed(day):
                return day
            day += step
        return None
