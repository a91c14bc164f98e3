"""Draws definitions: stages, tasks, dates and ladders that the loader takes as they are."""

from dataclasses import replace
from random import Random

from tests.simulation.made.shapes import (
    DAILY,
    DESTROY,
    EACH,
    END,
    ONE,
    PAST,
    START,
    WITHDRAWN,
    Duty,
    Shape,
    Step,
    Term,
)


class Draftsman:
    """Draws a shape, by a generator of random numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._count = 0

    def draw(self) -> Shape:
        """Return a new shape."""
        pick = self._random
        stages = tuple(f"stage_{number}" for number in range(1, pick.randint(2, 3) + 1))
        ladders = {"brisk": self._ladder(), "calm": self._ladder(), "soft": _SOFT}
        duties = [duty for stage in stages for duty in self._duties(stage)]
        duties.append(self._destroying(stages[-1]))
        duties = [replace(duty, after=self._after(duty, duties)) for duty in duties]
        requires = {
            stage: tuple(d.key for d in duties if stage in d.stages and pick.random() < 0.8)
            for stage in stages
        }
        requires[stages[-1]] = tuple(dict.fromkeys((*requires[stages[-1]], DESTROY)))
        alone = {s for s in stages[:-1] if requires[s] and pick.random() < 0.4}
        used = {duty.ladder for duty in duties}
        return Shape(
            stages=stages,
            duties=tuple(duties),
            ladders={name: steps for name, steps in ladders.items() if name in used},
            requires=requires,
            alone=frozenset(alone),
            ends_visit=pick.choice(["", *stages]),
            has_pause=pick.random() < 0.5,
            keep=pick.choice([0, 1, 2]),
            occasions=self._occasions(stages),
        )

    def _duties(self, stage: str) -> list[Duty]:
        return [self._duty(stage) for _ in range(self._random.randint(1, 2))]

    def _duty(self, stage: str) -> Duty:
        pick = self._random
        self._count += 1
        each = pick.choice([ONE, ONE, ONE, EACH, DAILY])
        limit, opens = self._limit(each), self._opens()
        target: Term | None = self._target()
        if each == DAILY or (limit is not None and pick.random() < 0.5) or not _fits(target, limit):
            target = None
        if each == DAILY or not _fits(opens, target or limit) or not _fits(opens, limit):
            opens = None
        lapses = Term(anchor="limit", count=5, unit="working days")
        ladders = ["brisk", "calm", ""] if limit and opens is None else ["soft", ""]
        return Duty(
            key=f"task_{self._count}",
            stages=(stage,),
            by=pick.choice(["manager", "lead", "host", "manager"]),
            each=each,
            opens=opens,
            target=target,
            limit=limit,
            lapses=lapses if limit is not None and pick.random() < 0.15 else None,
            ladder=pick.choice(ladders),
        )

    def _limit(self, each: str) -> Term | None:
        pick = self._random
        if each == DAILY:
            return Term(anchor="{day}")
        return pick.choice([
            None,
            Term(anchor=END, count=pick.randint(1, 10), unit=pick.choice(["working days", "days"])),
            Term(anchor=END, count=pick.randint(1, 4), unit="weeks"),
            Term(anchor=END),
            Term(anchor=START, count=-1, at="19:00"),
            Term(anchor="told", count=pick.randint(3, 10), unit="working days"),
            Term(anchor=START, count=-pick.randint(1, 6), unit="working days"),
        ])  # fmt: skip

    def _target(self) -> Term:
        pick = self._random
        return pick.choice([
            Term(anchor=START, count=-pick.randint(2, 9)),
            Term(anchor=START, count=-1, unit="weeks", since=-2),
            Term(anchor=END, count=pick.randint(1, 3), unit="weeks", is_rolled=True),
            Term(anchor=END, count=2, unit="working days"),
        ])  # fmt: skip

    def _opens(self) -> Term | None:
        pick = self._random
        return pick.choice([
            None,
            None,
            None,
            Term(anchor=START),
            Term(anchor=END, count=pick.randint(1, 3), unit="days"),
            Term(anchor=START, count=-1, unit="weeks"),
        ])  # fmt: skip

    def _destroying(self, stage: str) -> Duty:
        return Duty(
            key=DESTROY,
            stages=(stage, WITHDRAWN),
            by="person",
            each=PAST,
            limit=Term(anchor="told", count=self._random.randint(3, 10), unit="working days"),
            ladder="brisk",
        )

    def _after(self, duty: Duty, duties: list[Duty]) -> tuple[str, ...]:
        """Return a task of the same stage that must be done before, now and then."""
        if duty.each == PAST or self._random.random() > 0.3:
            return ()
        mine = duties.index(duty)
        before = [d.key for d in duties[:mine] if d.stages == duty.stages and d.each != DAILY]
        return (self._random.choice(before),) if before else ()

    def _ladder(self) -> tuple[Step, ...]:
        pick = self._random
        unit = pick.choice(["days", "working days"])
        steps = [
            Step(when="opening"),
            Step(when="limit", count=-pick.randint(1, 4), unit=unit),
            Step(when="limit", at="08:00", to=("by", "director"), is_urgent=True),
            Step(when="limit", count=-pick.randint(0, 2), notice="soon"),
            Step(when="limit", count=2, unit="working days", times=3, to=("by", "manager"),
                 notice="overdue"),
        ]  # fmt: skip
        drawn = [step for step in steps if pick.random() < 0.6] or steps[:1]
        apart = {(step.when, step.count, step.at): step for step in drawn}  # one at a moment
        return tuple(apart.values())

    def _occasions(self, stages: tuple[str, ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
        every = {
            "welcome": ("joining of visitors", ("person",)),
            "moved": (f"{START} or {END} moves", ("visitors", "host")),
            "entered": (f"{stages[-1]} is entered", ("director", "lead")),
        }
        return {name: said for name, said in every.items() if self._random.random() < 0.6}


def by_night(shape: Shape, random: Random) -> Shape:
    """Return a shape in which it matters at once on which day something began in London.

    Limits count from the day on which the first stage was entered, and from that on which a task
    opened; one is over before anybody joins. Whoever manages is told of a task at once, or when
    it is day. Who leaves is news, told once whatever their roles.
    """
    first = (shape.stages[0],)
    entered = Term(anchor=first[0], count=random.randint(2, 6), unit="working days")
    opened = replace(entered, anchor="told")
    early = Term(anchor=START, count=-random.randint(8, 15), unit="working days")
    duties = (
        Duty(key="night_1", stages=first, by="manager", limit=entered, ladder="night"),
        Duty(key="night_2", stages=first, by="host", limit=opened),
        Duty(key="night_3", stages=first, by="manager", each=EACH, limit=early),
    )
    news = {
        "welcome": ("joining of visitors", ("person",)),
        "left": ("leaving of visitors", ("director",)),
    }
    occasions = {**shape.occasions, **news}
    ladders = {**shape.ladders, "night": (Step(when="opening"),)}
    return replace(shape, duties=(*shape.duties, *duties), ladders=ladders, occasions=occasions)


def _fits(early: Term | None, late: Term | None) -> bool:
    """Return whether one day surely comes before another, when a visit takes three days."""
    if early is None or late is None:
        return True
    return "told" not in (early.anchor, late.anchor) and _nominal(early) < _nominal(late)


def _nominal(term: Term) -> float:
    """Return about how many days after the first day of a visit a term lies."""
    days = {"days": 1.0, "weeks": 7.0, "working days": 1.4}[term.unit] * term.count
    return days + {START: 0, END: 2}.get(term.anchor, 0) - 0.5 * term.is_rolled


_SOFT = (Step(when="opening"), Step(when="target", count=3, unit="working days", times=3))


def drawn(random: Random) -> Shape:
    """Return a shape, drawn by a generator of random numbers."""
    return Draftsman(random).draw()
