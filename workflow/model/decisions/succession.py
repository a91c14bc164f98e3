"""When a definition changes: which rung of a reminder ladder takes the place of which.

What was said must not be said again because a rung was moved, put between two others, or counts
from a date that lies elsewhere now; and what was not said yet must still come. So rungs are known
by what they say, to whom and when, and not by their places in the ladder.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.duties import Rung
from workflow.model.planning import reminders
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import Task


@dataclass(frozen=True, slots=True)
class _Place:
    """A rung and its place: `id` is `LADDER.NUMBER`."""

    id: str
    ladder: str
    rung: Rung


# From the surest sign that two rungs are the same one to the faintest.
_SIGNS: tuple[Callable[[_Place], Hashable], ...] = (
    lambda place: (place.ladder, *_content(place.rung)),
    lambda place: _content(place.rung),
    lambda place: (place.ladder, place.rung.when.text),
    lambda place: place.rung.when.text,
)


def _content(rung: Rung) -> tuple[Hashable, ...]:
    return rung.when.text, rung.notice, rung.to


def successors(old: Rulebook, new: Rulebook, *, spec: str, called: str) -> dict[str, str]:
    """Return for each rung of a task's ladders the one that takes its place, if there is one.

    `called` is the task's key in the new definition; rungs are `LADDER.NUMBER`.
    """
    before, after = _places(old, spec), _places(new, called)
    found: dict[str, str] = {}
    for sign in _SIGNS:
        for place in before:
            taken = set(found.values())
            free = (one for one in after if one.id not in taken and sign(one) == sign(place))
            if place.id not in found and (match := next(free, None)):
                found[place.id] = match.id
    return found


def _places(rulebook: Rulebook, spec: str) -> list[_Place]:
    """Return the rungs of a task, ladder by ladder; none where there is no such task."""
    known = rulebook.specs.get(spec)
    return [
        _Place(f"{ladder}.{number}", ladder, rung)
        for ladder in (known.reminders if known else ())
        for number, rung in enumerate(rulebook.definition.ladders[ladder])
    ]


def carried(rung: str, following: Mapping[str, str]) -> str:
    """Return the id that a rung has now, its turn included; empty if none takes its place."""
    ladder, number, *turn = rung.split(".")
    place = following.get(f"{ladder}.{number}")
    return ".".join((place, *turn)) if place else ""


def moments(rulebook: Rulebook, challenge: Challenge, task: Task) -> dict[str, datetime]:
    """Return when each rung of a task speaks, as far as that is known."""
    return {firing.id: firing.fires_at for firing in reminders.firings(rulebook, challenge, task)}


def passed(
    rulebook: Rulebook,
    task: Task,
    now: Mapping[str, datetime],
    *,
    known: Mapping[str, datetime],
    at: datetime,
) -> Iterator[e.Mark]:
    """Yield the rungs of a task that are not to be said although nobody said them.

    `now` is when each speaks, `known` when it did or would have under the old definition. A rung
    that is new is not said for what has gone by; one that was said is not said again for the same
    day, nor for a day that has gone by; one that was not said yet, and should be by now, is said.
    """
    for rung, fires_at in now.items():
        before, said_at = known.get(rung), task.said.get(rung)
        if before == fires_at or (said_at and said_at >= fires_at):
            continue
        if said_at is not None:
            is_same_day = rulebook.today(said_at) == rulebook.today(fires_at)
            is_passed = is_same_day or fires_at <= at
        else:
            is_passed = before is None and fires_at < at
        if is_passed:
            yield e.Mark(task=task.key, rung=rung, fires_at=fires_at)
