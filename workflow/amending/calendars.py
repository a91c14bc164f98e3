"""Calendars change by one command: shown over all that goes on, then carried out the same way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from workflow.amending import amendments, previews
from workflow.amending.previews import Amended, Effect, Page, differing
from workflow.clock import Clock
from workflow.granting.access import Access, Request
from workflow.model.access.permissions import Permission
from workflow.model.calendar import Calendar, calendar_named, in_words
from workflow.model.errors import InvalidInput
from workflow.model.events import CalendarChanged
from workflow.store import calendars, queries, wakeups
from workflow.store.briefs import DEFAULT_ZONE
from workflow.store.database import Database, Link

MOST_SHOWN = 20
AMENDING = Request(permission=Permission.MANAGE_CALENDARS, action="AmendCalendar")
USUAL = "england_and_wales"
"""The calendar of a programme, where nothing says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What changes in a base calendar: holidays more, by their names, and holidays less."""

    name: str
    reason: str
    adds: Mapping[date, str] = field(default_factory=dict)
    removes: frozenset[date] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing changes."""
        return not self.adds and not self.removes


@dataclass(slots=True, kw_only=True)
class Changed:
    """What a change of a calendar came to, or would come to.

    `looked_at` are the challenges that go on and use the calendar, `touched` those of them in which
    anything moves. `first` are the first of these; the listener hears of all. `on_site` are the
    challenges that are on site on a new holiday, each with the day: nothing moves by itself there.
    """

    amendment: Amendment
    calendar: Calendar
    is_dry_run: bool
    on_site: tuple[tuple[str, date], ...] = ()
    looked_at: int = 0
    touched: int = 0
    moves: int = 0
    messages: int = 0
    raised: int = 0
    first: list[Effect] = field(default_factory=list)
    failed: list[Effect] = field(default_factory=list)

    def add(self, page: Page) -> None:
        """Add what a page of challenges came to."""
        self.looked_at += page.number
        for effect in page.effects:
            if effect.failure:
                self.failed.append(effect)
                continue
            self.touched += 1
            self.moves += len(effect.moves)
            self.messages += effect.messages
            self.raised += effect.raised
            if len(self.first) < MOST_SHOWN:
                self.first.append(effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who hears how many of how many challenges were looked at, and what was found in each."""

    on_progress: Callable[[int, int], None] = lambda done, total: None
    on_found: Callable[[Effect], None] = lambda effect: None


class Holidays:
    """Tells whether a day is a holiday by a base calendar, as it was when it was looked up last."""

    def __init__(self, link: Link, name: str) -> None:
        self._calendar, self._revision = calendars.latest(link, name), calendars.revision(link)

    def __call__(self, day: date) -> bool:
        """Return whether a day is a holiday."""
        return self._calendar.holiday_name(day) is not None

    def look_up(self, link: Link) -> None:
        """Take the calendar as it is now, if any has changed. One query, by primary key, or two."""
        revision = calendars.revision(link)
        if revision != self._revision:
            self._calendar = calendars.latest(link, self._calendar.name)
            self._revision = revision


class Calendars:
    """Changes calendars in a database, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def holidays(self, name: str = USUAL) -> Holidays:
        """Return what tells whether a day is a holiday by a base calendar as it is now."""
        with self.database.reading() as link:
            return Holidays(link, name)

    def change(
        self,
        amendment: Amendment,
        *,
        actor: int,
        is_dry_run: bool = False,
        listener: Listener | None = None,
    ) -> Changed:
        """Change a calendar and move every deadline that hangs on it, or show what would follow.

        Raises:
            InvalidInput: there is no such calendar, or it is already as it is to be.
            Refused: the actor may not change calendars.
            Conflict: another change is still being carried out.
        """
        heard = listener or Listener()
        right = Access(self.database, self.clock).require(actor, AMENDING)
        with self.database.reading() as link:
            before = calendars.latest(link, amendment.name)
            users = previews.users_of(link, amendment.name)
            total = wakeups.number_going_on(link, users)
            on_site = _on_site(link, amendment, users)
        _check(before, amendment)
        amended = self._amended(before, amendment, actor=actor, authority=right)
        changed = Changed(
            amendment=amendment, calendar=amended.after, is_dry_run=is_dry_run, on_site=on_site
        )
        if is_dry_run:
            pages = previews.looked_at(self.database, amended)
        else:
            self.complete()
            pages = amendments.carry_out(self.database, self.clock, amended)
        for page in pages:
            changed.add(page)
            heard.on_progress(changed.looked_at, total)
            for effect in page.effects:
                heard.on_found(effect)
        return changed

    def missing(
        self, name: str, *, reason: str, listed: Mapping[date, str] | None = None
    ) -> Amendment:
        """Return how a calendar differs from a list, or from the library's where none is given.

        Only the years of the list count, and no day before the programme's today goes. The library
        may be older than what was proclaimed: by its word only those days go that the calendar
        began with.

        Raises:
            InvalidInput: there is no such calendar.
        """
        today = self.clock.now().astimezone(ZoneInfo(DEFAULT_ZONE)).date()
        with self.database.reading() as link:
            kept = calendars.latest(link, name)
            first = calendars.at_version(link, name, 1)
        if listed is None:
            years = range(calendars.SEEDED_FROM, today.year + calendars.SEEDED_AHEAD + 1)
            listed, may_go = _days(calendar_named(name), years), _days(first, years)
        else:
            years = range(min(listed).year, max(listed).year + 1)
            may_go = _days(kept, years)
        has = _days(kept, years)
        return Amendment(
            name=name,
            reason=reason,
            adds={day: title for day, title in listed.items() if has.get(day) != title},
            removes=frozenset(
                day for day in has if day in may_go and day not in listed and day >= today
            ),
        )

    def complete(self) -> int:
        """Go on with a change that was broken off; return how many challenges it touched."""
        return sum(len(page.effects) for page in amendments.go_on(self.database, self.clock))

    def _amended(
        self, before: Calendar, amendment: Amendment, *, actor: int, authority: str
    ) -> Amended:
        at = self.clock.now()
        until = at.year + calendars.SEEDED_AHEAD
        after = calendars.with_days(before, amendment.adds, amendment.removes, until=until)
        changed = CalendarChanged(
            at=at,
            actor=actor,
            calendar=after.name,
            version=after.version,
            reason=amendment.reason,
        )
        days = differing(before, after)
        return Amended(before=before, after=after, days=days, changed=changed, authority=authority)


def _on_site(
    link: Link, amendment: Amendment, users: Sequence[str]
) -> tuple[tuple[str, date], ...]:
    """Return which challenges under some definitions are on site on a new holiday, by the day."""
    return tuple(
        (reference, day)
        for day in sorted(amendment.adds)
        for reference, content_hash in queries.on_site(link, day)
        if content_hash in users
    )


def _check(calendar: Calendar, amendment: Amendment) -> None:
    """Refuse a change that changes nothing."""
    for day, title in amendment.adds.items():
        if calendar.holiday_name(day) == title:
            raise InvalidInput(
                f'{in_words(day)} is a holiday of "{calendar.name}" already: {title}'
            )
    for day in sorted(amendment.removes):
        if calendar.holiday_name(day) is None:
            raise InvalidInput(
                f'{in_words(day)} is no holiday of "{calendar.name}";'
                f" see them with: peer-challenge calendar show {calendar.name} --year {day.year}"
            )


def _days(calendar: Calendar, years: range) -> dict[date, str]:
    return {day: title for year in years for day, title in calendar.holidays(year).items()}
