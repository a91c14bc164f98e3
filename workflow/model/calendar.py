"""Working days, public holidays, months, and days in words. The only door to `holidays`.

A base calendar is that of a part of the United Kingdom or of another country. What is stored of it
goes before what the library lists: a stored version is the list as it was on a day, and data may
be right before a library is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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

WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, as the numbers that `date.weekday` gives them."""

UNITED_KINGDOM = ("england_and_wales", "scotland", "northern_ireland", "any_uk")

_PARTS = {
    "england_and_wales": ("ENG", "WLS"),
    "scotland": ("SCT",),
    "northern_ireland": ("NIR",),
    "any_uk": ("ENG", "WLS", "SCT", "NIR"),
}
_TITLES = {
    "england_and_wales": "England and Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
    "any_uk": "any part of the UK",
}
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_ENGLISH = ("en_GB", "en_US", "en")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a working day is: not a weekend, not a public holiday of the named calendar.

    `days` are the holidays of `years` as they are stored, by their names; in all other years the
    library answers. `added` are holidays that this list does not have, `removed` are days that it
    has but that are worked. `weekend` are numbers of weekdays, Monday being 0. `version` is the
    stored one, 0 where the library alone answers. `base` is the list that a calendar with a name
    of its own is built on.
    """

    name: str
    added: Mapping[date, str] = field(default_factory=dict, hash=False)
    removed: frozenset[date] = frozenset()
    version: int = 0
    days: Mapping[date, str] | None = field(default=None, hash=False)
    years: range = range(0)
    weekend: frozenset[int] = WEEKEND
    base: str = ""
    _off: dict[int, frozenset[date]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def title(self) -> str:
        """What people call the calendar."""
        return calendar_title(self.name)

    def is_working_day(self, day: date) -> bool:
        """Return whether people work on `day`.

        Raises:
            InvalidInput: the day is before 2000 or after 2100.
        """
        off = self._off.get(day.year)
        if off is None:
            off = self._off[day.year] = self._days_off(day.year)
        return day not in off

    def holiday_name(self, day: date) -> str | None:
        """Return the name of the public holiday that `day` is, if it is one.

        Raises:
            InvalidInput: the day is before 2000 or after 2100.
        """
        listed = self._listed(day.year)
        return None if day in self.removed else self.added.get(day) or listed.get(day)

    def holidays(self, year: int) -> dict[date, str]:
        """Return the public holidays of a year by their names, the earliest first.

        Raises:
            InvalidInput: the year is before 2000 or after 2100.
        """
        found = {**self._listed(year), **self.added}
        days = sorted(day for day in found if day.year == year and day not in self.removed)
        return {day: found[day] for day in days}

    def with_local(
        self,
        name: str,
        adds: Mapping[date, str],
        *,
        removes: Iterable[date] = (),
        weekend: frozenset[int] | None = None,
    ) -> "Calendar":
        """Return a calendar with a name of its own, which differs from this one in some days."""
        removed = frozenset(removes)
        return replace(
            self,
            name=name,
            added={**self.added, **adds},
            removed=(self.removed - adds.keys()) | removed,
            weekend=self.weekend if weekend is None else weekend,
            base=self.base or self.name,
        )

    def _listed(self, year: int) -> Mapping[date, str]:
        """Return the holidays that the base calendar has in a year."""
        if year in self.years and self.days is not None:
            return self.days
        return _official(self.base or self.name, year)

    def _days_off(self, year: int) -> frozenset[date]:
        """Return all days of a year that are not worked."""
        holidays = self.holidays(year)
        first = date(year, 1, 1)
        days = (first + timedelta(days=number) for number in range(366))
        return frozenset(
            day
            for day in days
            if day.year == year and (day.weekday() in self.weekend or day in holidays)
        )

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


def calendar_title(name: str) -> str:
    """Return what people call the calendar with a name."""
    return _TITLES.get(name) or name.replace("_", " ")


def calendar_named(
    name: str, *, added: Mapping[date, str] | None = None, removed: Iterable[date] = ()
) -> Calendar:
    """Return the base calendar `name`, with holidays `added` to and `removed` from its list.

    A base is a part of the United Kingdom, or a country by its ISO code, perhaps with a
    subdivision, such as `IE` or `DE-BY`; a country has the weekend that is usual there.

    Raises:
        InvalidInput: there is no such calendar.
    """
    return Calendar(name, dict(added or {}), frozenset(removed), weekend=weekend_of(name))


def stored_calendar(name: str, *, version: int, days: Mapping[date, str], years: range) -> Calendar:
    """Return a version of a base calendar that is stored for some years.

    Raises:
        InvalidInput: there is no such calendar.
    """
    return Calendar(name, version=version, days=days, years=years, weekend=weekend_of(name))


@lru_cache(maxsize=256)
def weekend_of(name: str) -> frozenset[int]:
    """Return the weekend of a base calendar; that it exists is checked on the way.

    Raises:
        InvalidInput: there is no such calendar.
    """
    if name in _PARTS:
        return WEEKEND
    if not _COUNTRY.fullmatch(name):
        raise InvalidInput(f'there is no calendar "{name}"{_meant(name)}')
    from holidays import country_holidays

    country, _, part = name.partition("-")
    try:
        found = country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise InvalidInput(f'there is no calendar "{name}"{_nearest_code(country)}') from None
    return frozenset(found.weekend)


def _meant(name: str) -> str:
    """Return the tail of an error: what somebody meant who wrote a name that nothing has."""
    if _COUNTRY.fullmatch(name.upper()):
        return f'; did you mean "{name.upper()}"? (codes of countries are in capitals)'
    return did_you_mean(name, UNITED_KINGDOM)


def _nearest_code(country: str) -> str:
    """Return the tail of an error: the parts that a country has, or that there is none."""
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    if country not in known:
        example = "a country is named by its ISO code, such as IE or DE-BY"
        return f"; {example}, a part of the UK as {', '.join(UNITED_KINGDOM)}"
    parts = [part for part in known[country] if _COUNTRY.fullmatch(f"{country}-{part}")]
    whole = f'; did you mean "{country}"?'
    return f"{whole} (parts: {', '.join(parts)})" if parts else f"{whole} (it has no parts)"


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months later, or the month's last day where it has none such."""
    return day + relativedelta(months=count)


@lru_cache(maxsize=4096)
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
    return _of_kingdom(name, year) if name in _PARTS else _of_country(name, year)


def _of_kingdom(name: str, year: int) -> Mapping[date, str]:
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


def _of_country(name: str, year: int) -> Mapping[date, str]:
    from holidays import country_holidays, list_localized_countries

    country, _, part = name.partition("-")
    known = list_localized_countries(include_aliases=False).get(country, ())
    language = next((one for one in _ENGLISH if one in known), None)
    found = country_holidays(
        country, subdiv=part or None, years=year, expand=False, language=language
    )
    return {day: text.replace("(observed)", "(substitute day)") for day, text in found.items()}
