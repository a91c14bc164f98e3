"""The mail of a change: what is sent now, what is shifted, what is not sent any more."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from datetime import datetime
from typing import TYPE_CHECKING

from console.views.plan.line import Line
from console.words import count, listing, moment, short_day
from workflow.model import events as e
from workflow.model.planning.invitations import Kind, counts

if TYPE_CHECKING:
    from console.views.happening import Teller
    from workflow.model.outlook.consequences import Consequences, Shift
    from workflow.model.planning.invitations import Letter
    from workflow.outcomes import Outcome

MAIL = "mail"
MOST_NAMES = 3
MOST_NOTICES = 8


class Mailing:
    """The messages of an outcome, as lines; without `ahead` only those that are sent at once."""

    def __init__(self, outcome: "Outcome", teller: "Teller", ahead: "Consequences | None") -> None:
        self._outcome, self._teller, self._ahead = outcome, teller, ahead

    def lines(self) -> Iterator[Line]:
        """Yield what is sent, what is not any more, and what comes later in another way."""
        shifted = self._ahead
        yield from self._sent()
        yield from _entries(self._outcome.letters, self._to)
        if shifted is None:
            return
        yield from self._unsent()
        yield from self._shifted(shifted.moved, "moves", "move", self._moves)
        yield from self._shifted(shifted.withdrawn, "falls away", "fall away", self._days)
        yield from self._shifted(shifted.again, "comes again", "come again", self._days)
        yield from self._coming(shifted.coming)

    def _sent(self) -> Iterator[Line]:
        groups: dict[str, list[int]] = defaultdict(list)
        for event in self._outcome.events:
            if isinstance(event, e.NoticeRaised) and event.recipient is not None:
                groups[event.notice].append(event.recipient)
        if not groups and not self._outcome.letters and self._ahead is not None:
            yield Line(kind=MAIL, what="nothing is sent")
        for notice, told in groups.items():
            what = f"{count(len(told), 'message')} {_is(told)} sent: {self._teller.notice(notice)}"
            yield Line(kind=MAIL, what=what, change=self._to(told))

    def _unsent(self) -> Iterator[Line]:
        unsent = self._outcome.unsent
        if unsent:
            number = f"{count(len(unsent), 'waiting message')} {_is(unsent)} not sent any more"
            what = f"{number}: {self._titles(message.notice for message in unsent)}"
            to = self._to(message.recipient for message in unsent)
            yield Line(kind=MAIL, what=what, change=to)

    def _shifted(
        self,
        shifts: "Sequence[Shift]",
        one: str,
        many: str,
        change: "Callable[[Sequence[Shift]], str]",
    ) -> Iterator[Line]:
        """Yield what becomes of reminders, a line for each notice; one line where many differ."""
        groups: dict[str, list[Shift]] = defaultdict(list)
        for shift in shifts:
            groups[shift.notice].append(shift)
        kept = list(groups.values())
        for group in kept if len(kept) <= MOST_NOTICES else [list(shifts)]:
            notices = self._titles(shift.notice for shift in group)
            what = f"{_number(group)} {one if len(group) == 1 else many}: {notices}"
            to = self._to(shift.recipient for shift in group)
            yield Line(kind=MAIL, what=what, change=change(group), why=to)

    def _coming(self, shifts: "Sequence[Shift]") -> Iterator[Line]:
        if shifts:
            since = "on" if len(shifts) == 1 else "the first on"
            first = min(shift.new_at for shift in shifts if shift.new_at)
            yield Line(
                kind=MAIL,
                what=f"{_number(shifts)} {_is(shifts)} to come, if nobody acts",
                change=f"{since} {self._day(first)}",
                why=self._to(shift.recipient for shift in shifts),
            )

    def _moves(self, shifts: "Sequence[Shift]") -> str:
        pairs = dict.fromkeys(self._from_to(shift.old_at, shift.new_at) for shift in shifts)
        return _first_of(list(pairs))

    def _from_to(self, old_at: datetime | None, new_at: datetime | None) -> str:
        zone = self._teller.rulebook.zone
        old, new = self._day(old_at), self._day(new_at)
        if old == new:
            return f"{moment(old_at, zone)} → {moment(new_at, zone)}"
        return f"{old} → {new}"

    def _days(self, shifts: "Sequence[Shift]") -> str:
        days = dict.fromkeys(self._day(shift.new_at or shift.old_at) for shift in shifts)
        return _first_of(list(days))

    def _day(self, at: datetime | None) -> str:
        return short_day(at.astimezone(self._teller.rulebook.zone).date()) if at else ""

    def _titles(self, notices: Iterable[str]) -> str:
        return listing([self._teller.notice(key) for key in dict.fromkeys(notices)], most=4)

    def _to(self, people: Iterable[int | None]) -> str:
        """Return to whom messages go, each person once and the first few by name."""
        names = [self._teller.name(person) or "nobody" for person in dict.fromkeys(people)]
        more = len(names) - MOST_NAMES
        return f"to {listing([*names[:MOST_NAMES], *([f'{more} more'] if more > 0 else [])])}"


def _entries(letters: "Sequence[Letter]", to: Callable[[Iterable[int]], str]) -> Iterator[Line]:
    """Yield what becomes of the entries in people's calendars, all in one line."""
    told = [(kind, number) for kind, number in counts(letters).items() if number]
    if told:
        (kind, number), *rest = told
        is_new = kind is Kind.NEW
        first = count(number, "new invitation" if is_new else "invitation")
        parts = [first if is_new else f"{first} {kind}", *(f"{n} {which}" for which, n in rest)]
        people = to(letter.entry.person for letter in letters)
        yield Line(kind=MAIL, what=", ".join(parts), change=people)


def _is(several: Sized) -> str:
    return "is" if len(several) == 1 else "are"


def _number(shifts: "Sequence[Shift]") -> str:
    is_reminder = all(shift.tasks for shift in shifts)
    return count(len(shifts), "reminder" if is_reminder else "message")


def _first_of(texts: Sequence[str]) -> str:
    return texts[0] + (f", and {len(texts) - 1} more" if len(texts) > 1 else "")
