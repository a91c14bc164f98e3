"""Working days, public holidays, months, and days in words. The only door to `holidays`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from workflow.model.errors import InvalidInput, did_you_mean
from workflow.model.language.phrases import Roll

FIRST_YEAR = 2000
LAST_YEAR = 2100
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_PARTS = {
    "england_and_wales": ("ENG", "WLS"),
    "scotland": ("SCT",),
    "northern_ireland": ("NIR",),
    "any_uk": ("ENG", "WLS", "SCT", "NIR"),
}
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a working day is: not a weekend, not a public holiday of the named calendar.

    `added` are holidays that the official list does not have, by their names; `removed` are days
    that it has but that are worked.
    """

    name: str
    added: Mapping[date, str] = field(default_factory=dict, hash=False)
    removed: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Return whether people work on `day`.

        Raises:
            InvalidInput: the day is before 2000 or after 2100.
        """
        is_holiday = day in self.added or day in _official(self.name, day.year)
        return day.weekday() < _SATURDAY and (not is_holiday or day in self.removed)

    def holiday_name(self, day: date) -> str | None:
        """Return the name of the public holiday that `day` is, if it is one.

        Raises:
            InvalidInput: the day is before 2000 or after 2100.
        """
        official = _official(self.name, day.year)
        return None if day in self.removed else self.added.get(day) or official.get(day)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day that is `count` of them after `day`, or before when negative.

        The first day is not counted, whether it is a working day or not; 0 is the day itself.

        Raises:
            InvalidInput: this leads before 2000 or after 2100.
        """
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def roll(self, day: date, roll: Roll) -> date:
        """Return `day` if it is a working day, else the next or the previous one.

        Raises:
            InvalidInput: this leads before 2000 or after 2100.
        """
        step = _ONE_DAY if roll is Roll.NEXT else -_ONE_DAY
        while not self.is_working_day(day):
            day += step
        return day


def calendar_named(
    name: str, *, added: Mapping[date, str] | None = None, removed: Iterable[date] = ()
) -> Calendar:
    """Return the calendar `name`, with holidays `added` to and `removed` from the official ones.

    Raises:
        InvalidInput: there is no such calendar.
    """
    if name not in _PARTS:
        raise InvalidInput(f'there is no calendar "{name}"{did_you_mean(name, tuple(_PARTS))}')
    return Calendar(name, dict(added or {}), frozenset(removed))


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months later, or the month's last day where it has none such."""
    return day + relativedelta(months=count)


def in_words(day: date) -> str:
    """Return `Friday 25 December 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def briefly(day: date) -> str:
    """Return `Fri 25 Dec`."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


@lru_cache(maxsize=4 * (LAST_YEAR - FIRST_YEAR + 1))
def _official(name: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of a calendar in one year, built when first asked for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(
            f"working days are known for the years {FIRST_YEAR} to {LAST_YEAR}, not for {year}; "
            "check the date"
        )
    # Imported here: it takes a tenth of a second, which commands that count no days need not wait.
    from holidays.countries.united_kingdom import UnitedKingdom

    found: dict[date, str] = {}
    for part in _PARTS[name]:
        official = UnitedKingdom(  # type: ignore[no-untyped-call]  # the library's own omission
            subdiv=part, years=year, expand=False, language="en_GB"
        )
        for day, text in official.items():
            found.setdefault(day, text.replace("(observed)", "(substitute day)"))
    return found
