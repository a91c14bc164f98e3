"""The reference model: what must come of a made-up definition, worked out once more and otherwise.

It knows facts (who is there, which dates are set, what was done, when a stage was entered) and says
at any moment which tasks must exist, how they stand, by when they are due and who must have been
told. Nothing of the product is used here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.simulation.made import days, shapes
from tests.simulation.made.days import counted, day_of, moment_of, read_time, reckoned
from tests.simulation.made.shapes import (
    CLOSED,
    DAILY,
    END,
    ON_HOLD,
    ONE,
    PAST,
    START,
    WITHDRAWN,
    Duty,
    Shape,
    Step,
    Term,
)

PENDING, OPEN, DONE, WAIVED, CANCELLED = "pending", "open", "done", "waived", "cancelled"
KEPT = f"retention_{shapes.RECORDS}"
MOST_DAYS = 60
_SECOND = timedelta(seconds=1)
_END_OF_DAY = time(23, 59, 59)

Meant = tuple[int | None, date | None, date | None]
"""For whom a task is, or for which day; and since when that person is there."""

Said = tuple[str, int, frozenset[str]]
"""A notice, who is told, and of which tasks."""


@dataclass
class Stay:
    """Somebody in a role, from one moment to another."""

    person: int
    role: str
    since: date
    left_at: datetime | None = None


@dataclass
class Piece:
    """A task as it must stand."""

    duty: Duty
    person: int | None = None
    day: date | None = None
    status: str = PENDING
    opened_at: datetime | None = None
    target_on: date | None = None
    limit_on: date | None = None
    limit_at: datetime | None = None
    is_missed: bool = False
    said: dict[str, datetime] = field(default_factory=dict)

    @property
    def hinges(self) -> days.Hinges:
        """Return what its rungs hang on."""
        return self.opened_at, self.limit_on, self.target_on

    @property
    def is_unfinished(self) -> bool:
        """Return whether it is still to be done."""
        return self.status in {PENDING, OPEN}


@dataclass
class Model:
    """One challenge under a shape: its facts, and all that follows."""

    shape: Shape
    at: datetime
    stage: str = ""
    left: str = ""
    entered: dict[str, datetime] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    is_actual: dict[str, bool] = field(default_factory=dict)
    team: list[Stay] = field(default_factory=list)
    pieces: dict[str, Piece] = field(default_factory=dict)
    held: dict[str, frozenset[str]] = field(default_factory=dict)
    told: Counter[Said] = field(default_factory=Counter)
    _now: set[tuple[str, int, int | None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Enter the first stage."""
        self.stage = self.shape.stages[0]
        self.entered[self.stage] = self.at
        kept = Duty(key=KEPT, stages=(*self.shape.stages, CLOSED, WITHDRAWN, ON_HOLD),
                    by="director", opens=self._period, target=self._period)  # fmt: skip
        self._duties = {d.key: d for d in (*self.shape.duties, *([kept] * bool(self.shape.keep)))}

    @property
    def _period(self) -> Term:
        return Term(anchor=CLOSED, count=self.shape.keep, unit="weeks")

    @property
    def is_over(self) -> bool:
        """Return whether nothing goes on."""
        return self.stage in {CLOSED, WITHDRAWN}

    def begins(self) -> None:
        """Forget to whom something was said in the step before."""
        self._now.clear()

    def join(self, person: int, role: str) -> None:
        """Let somebody join, and tell whom that concerns."""
        self.team.append(Stay(person, role, day_of(self.at)))
        if role in shapes.VISITORS:
            self._announce("welcome", [person], about=person)

    def leave(self, person: int) -> None:
        """Let somebody leave all their roles."""
        for stay in self.team:
            if stay.person == person and stay.left_at is None:
                stay.left_at = self.at
                if stay.role in shapes.VISITORS:
                    self._announce("left", self.people("director"), about=person)

    def set_date(self, key: str, on: date) -> None:
        """Record a date."""
        before, self.dates[key] = self.dates.get(key), on
        self.is_actual[key] = on <= day_of(self.at)
        if before not in (None, on):
            self._announce("moved", self.people("visitors", "host"))

    def enter(self, stage: str) -> None:
        """Enter a stage."""
        self.stage, self.left = stage, self.stage
        self.entered[stage] = self.at
        if stage == self.shape.stages[-1]:
            self._announce("entered", self.people("director", "lead"))

    def resume(self) -> None:
        """Go back to the stage that was left: what is open counts as opened now."""
        self.stage, self.left = self.left, self.stage
        for piece in self.pieces.values():
            if piece.status == OPEN:
                piece.opened_at = self.at

    def _announce(self, notice: str, told: Iterable[int], *, about: int | None = None) -> None:
        if notice not in self.shape.occasions:
            return
        new = {(notice, person, about) for person in told} - self._now
        self._now |= new
        self.told.update((notice, person, frozenset[str]()) for _, person, _ in new)

    def holders(self, *roles: str) -> list[int]:
        """Return who holds any of some roles now."""
        wanted = {r for role in roles for r in (shapes.VISITORS if role == "visitors" else (role,))}
        found = [s.person for s in self.team if s.role in wanted and s.left_at is None]
        return list(dict.fromkeys(found))

    def people(self, *audience: str, piece: Piece | None = None) -> list[int]:
        """Return who is meant; the programme's own people where nobody is."""
        found = [p for name in audience for p in self._named(name, piece)]
        return list(dict.fromkeys(found)) or self.holders("director", "manager")

    def _named(self, name: str, piece: Piece | None) -> list[int]:
        if name != "by":
            return self.holders(name)
        if piece is None:
            return []
        if piece.duty.by == "person":
            return [piece.person] if piece.person is not None else []
        return self.holders(piece.duty.by)

    def settle(self, at: datetime) -> None:
        """Bring everything to where it must be at a moment."""
        self.at = at
        while True:
            while self._settle_pieces():
                pass
            self._remind()
            if not self._step():
                return

    def _settle_pieces(self) -> bool:
        is_changed, wanted = False, dict(self._wanted())
        for key, (person, day, _) in wanted.items():
            old = self.pieces.get(key)
            if old is None or old.status == CANCELLED:
                duty = self._duties[key.partition(":")[0]]
                said = old.said if old else {}
                self.pieces[key] = Piece(duty, person, day, said=said)
                is_changed = True
        for key, piece in self.pieces.items():
            before = (piece.status, piece.limit_at, piece.target_on, piece.is_missed)
            if piece.is_unfinished and key not in wanted:
                piece.status = CANCELLED
            elif piece.is_unfinished:
                self._update(piece, wanted[key][2])
            is_changed |= before != (piece.status, piece.limit_at, piece.target_on, piece.is_missed)
        return is_changed

    def _wanted(self) -> Iterator[tuple[str, Meant]]:
        """Yield the keys of the tasks that must exist, and whom or which day each is for."""
        for key, duty in self._duties.items():
            if self.is_over and self.stage not in duty.stages:
                continue
            if duty.each == ONE:
                yield key, (None, None, None)
            elif duty.each == DAILY:
                yield from ((f"{key}:{day}", (None, day, None)) for day in self._days())
            else:
                for person, since in self._each(is_past=duty.each == PAST):
                    yield f"{key}:{person}", (person, None, since)

    def _days(self) -> list[date]:
        if not {START, END} <= self.dates.keys():
            return []
        count = min((self.dates[END] - self.dates[START]).days, MOST_DAYS) + 1
        return [self.dates[START] + timedelta(days=number) for number in range(count)]

    def _each(self, *, is_past: bool) -> Iterator[tuple[int, date]]:
        """Yield the visitors, and since when each is there, or was there last."""
        for person, stays in self._visitors().items():
            here = [stay.since for stay in stays if stay.left_at is None]
            if here or is_past:
                yield person, min(here) if here else stays[-1].since

    def _visitors(self) -> dict[int, list[Stay]]:
        found: dict[int, list[Stay]] = {}
        for stay in self.team:
            if stay.role in shapes.VISITORS:
                found.setdefault(stay.person, []).append(stay)
        return found

    def _update(self, piece: Piece, since: date | None) -> None:
        duty, was = piece.duty, (piece.target_on, piece.limit_at)
        window = self._dates(piece, since)
        if was != (piece.target_on, piece.limit_at) and not self._is_past(piece.limit_at):
            piece.is_missed = False
        if self.stage != ON_HOLD:
            is_open = self._may_open(piece, window)
            if is_open != (piece.status == OPEN):
                piece.status = OPEN if is_open else PENDING
                piece.opened_at = self.at if is_open else None
            if duty.lapses and piece.status == OPEN and piece.limit_on:
                end = moment_of(reckoned(duty.lapses, piece.limit_on), _END_OF_DAY)
                if end <= self.at:
                    piece.status = WAIVED
                    return
        is_stopped = self.stage == ON_HOLD or self.is_held(piece)
        piece.is_missed |= self._is_past(piece.limit_at) and not is_stopped

    def _is_past(self, limit_at: datetime | None) -> bool:
        return limit_at is not None and limit_at + _SECOND <= self.at

    def _dates(self, piece: Piece, since: date | None) -> date | None:
        """Set target and limit; return the first day of a window, where there is one."""
        duty = piece.duty
        limit, target = self._on(duty.limit, piece), self._on(duty.target, piece)
        window = None
        if duty.target and duty.target.since is not None and target is not None:
            anchor = self._anchor(duty.target.anchor, piece)
            window = counted(anchor, duty.target.since, duty.target.unit) if anchor else None
        clock = read_time(duty.limit.at if duty.limit else None, _END_OF_DAY)
        if since is not None:  # whoever joins late has until the end of the next working day
            least = counted(since, 1, "working days")
            if limit is not None and limit < least:
                limit, clock = least, _END_OF_DAY
            if target is not None and target < since:
                target, window = limit or least, None
        piece.target_on, piece.limit_on = target, limit
        piece.limit_at = moment_of(limit, clock) if limit else None
        return window

    def _on(self, term: Term | None, piece: Piece) -> date | None:
        anchor = self._anchor(term.anchor, piece) if term else None
        return reckoned(term, anchor) if term and anchor else None

    def _anchor(self, name: str, piece: Piece) -> date | None:
        if name == "{day}":
            return piece.day
        moment = piece.opened_at if name == "told" else self.entered.get(name)
        return day_of(moment) if moment else self.dates.get(name)

    def _may_open(self, piece: Piece, window: date | None) -> bool:
        begins = [day for day in (piece.day, window) if day]
        if isinstance(piece.duty.opens, Term):
            opens = self._on(piece.duty.opens, piece)
            if opens is None:
                return False
            begins.append(opens)
        is_time = all(moment_of(day) <= self.at for day in begins)
        return is_time and self.is_reached(piece) and all(map(self.holds, piece.duty.after))

    def is_reached(self, piece: Piece) -> bool:
        """Return whether one of the stages of a task was entered."""
        return any(stage in self.entered for stage in piece.duty.stages)

    def is_held(self, piece: Piece) -> bool:
        """Return whether a hold stops a task."""
        return any(piece.duty.key in keys for keys in self.held.values())

    def holds(self, key: str) -> bool:
        """Return whether every task of a kind is settled."""
        pieces = [p for p in self.pieces.values() if p.duty.key == key and p.status != CANCELLED]
        is_unknown = self._duties[key].each == DAILY and not {START, END} <= self.dates.keys()
        return all(p.status in {DONE, WAIVED} for p in pieces) and not (is_unknown and not pieces)

    def is_ready(self, stage: str) -> bool:
        """Return whether the step forward out of a stage may be taken."""
        end = self.dates.get(END)
        is_ended = stage != self.shape.ends_visit or (end is not None and day_of(self.at) >= end)
        return is_ended and all(map(self.holds, self.shape.requires[stage]))

    def _step(self) -> bool:
        if self.stage not in self.shape.alone or not self.is_ready(self.stage):
            return False
        self.enter(self.shape.step(self.stage).removeprefix("to_"))
        return True

    def _remind(self) -> None:
        groups: dict[tuple[str, int], set[str]] = {}
        for key, piece in self.pieces.items():
            due = self._due(piece)
            piece.said.update((name, at) for name, at, _ in due)
            heard = {who: s.notice for *_, s in due for who in self.people(*s.to, piece=piece)}
            for person, notice in heard.items():  # the latest that is for them
                groups.setdefault((notice, person), set()).add(key)
        for (notice, person), keys in groups.items():
            self.told[notice, person, frozenset(keys)] += 1

    def _due(self, piece: Piece) -> list[tuple[str, datetime, Step]]:
        """Return the rungs that are due and were not said yet, the earliest first."""
        is_silent = self.stage == ON_HOLD or self.is_held(piece) or not self.is_reached(piece)
        if is_silent or not piece.is_unfinished:
            return []
        steps = enumerate(self.shape.ladders.get(piece.duty.ladder, ()))
        found = [
            (f"{number}.{turn}", at, step)
            for number, step in steps
            for turn in range(1, step.times + 1)
            if (at := days.speaks_at(step, turn, piece.hinges)) and at <= self.at
        ]
        new = [one for one in found if one[0] not in piece.said or piece.said[one[0]] < one[1]]
        return sorted(new, key=lambda one: one[1])
