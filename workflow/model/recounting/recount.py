"""What another calendar changes in a challenge: the same reconciliation, under another rulebook.

Nothing is worked out here that `reconcile` does not work out after every command: the plan under
the new calendar is held against what exists, and the difference is what moves. What time alone
has changed by then comes first, by the calendar as it was, so that it is not laid at its door.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.outlook.sentences import why
from workflow.model.outlook.showing import marked_title
from workflow.model.planning import reminders, steps
from workflow.model.planning.invitations import Entry, wanted
from workflow.model.planning.reconcile import Settling, reconcile
from workflow.model.planning.rulebook import Rulebook
from workflow.model.recounting.reach import Reaches, reaches
from workflow.model.task import UNFINISHED

Wakes = Mapping[str, datetime | None]
"""For each task, when time alone changes something about it next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A task whose dates move, from where they were to where they come to rest.

    `title` still has people in it as `{p4}`; `why` is the rule behind the dates.
    """

    title: str
    moved: e.DeadlineMoved
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What a calendar's change comes to in one challenge.

    `events` are all, with what time had brought before; where `is_touched` is False, they need not
    be kept. `messages` counts the reminders that will speak at another time.
    """

    before: Challenge
    after: Challenge
    events: tuple[e.Event, ...]
    wakes: Wakes
    moves: tuple[Move, ...]
    messages: int
    is_touched: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """A definition made ready under a calendar as it was, and under what becomes of it.

    `days` are those that are worked in one of the two only.
    """

    old: Rulebook
    new: Rulebook
    days: tuple[date, ...]
    reaches: Reaches = field(init=False)

    def __post_init__(self) -> None:
        """Work out which tasks ask for working days, and how far away."""
        object.__setattr__(self, "reaches", reaches(self.new))


def recount(
    exchange: Exchange,
    challenge: Challenge,
    changed: e.CalendarChanged,
    *,
    wakes: Wakes,
    is_due: bool,
) -> Recount:
    """Return what follows when the calendars are exchanged at the moment of `changed`.

    `wakes` says for each task when time alone would have changed something next, as it is kept;
    `is_due` says that such a moment has passed for one of them.
    """
    possible = exchange.reaches
    reached = possible.reached(challenge, exchange.days)
    if not (reached or possible.has_steps or possible.has_entries):
        return _untouched(challenge, wakes)
    settling = Settling(exchange.old, challenge, changed.at)
    if is_due:
        reconcile(settling)
    settled, awake = settling.challenge, {**wakes, **settling.wakes}
    start = len(settling.events)
    settling.rulebook = exchange.new
    settling.apply(changed)
    reconcile(settling, since=start, due=reached)
    after = settling.challenge
    moves = tuple(_moves(exchange.new, after, settling.events[start:]))
    moved = {key for key, at in settling.wakes.items() if awake.get(key) != at}
    moved.update(move.moved.task for move in moves)
    is_other_moved = _others(exchange.old, settled, changed) != _others(
        exchange.new, after, changed
    )
    return Recount(
        before=challenge,
        after=after,
        events=tuple(settling.events),
        wakes={**awake, **settling.wakes},
        moves=moves,
        messages=sum(_moved_firings(exchange, settled, after, key) for key in moved),
        is_touched=bool(moved) or is_other_moved or len(settling.events) > start + 1,
    )


def _untouched(challenge: Challenge, wakes: Wakes) -> Recount:
    return Recount(
        before=challenge,
        after=challenge,
        events=(),
        wakes=wakes,
        moves=(),
        messages=0,
        is_touched=False,
    )


def _others(
    rulebook: Rulebook, challenge: Challenge, changed: e.CalendarChanged
) -> tuple[datetime | None, tuple[Entry, ...]]:
    """Return what hangs on working days besides tasks: the next step, and people's calendars."""
    return steps.next_moment(rulebook, challenge, after=changed.at), wanted(rulebook, challenge)


def _moves(rulebook: Rulebook, after: Challenge, events: Iterable[e.Event]) -> Iterator[Move]:
    """Yield what moved, from where it was to where it came to rest, task by task."""
    first: dict[str, e.DeadlineMoved] = {}
    for event in events:
        if isinstance(event, e.DeadlineMoved):
            first.setdefault(event.task, event)
    for key, event in first.items():
        task = after.tasks[key]
        yield Move(
            title=marked_title(rulebook, task),
            moved=replace(event, target_on=task.target_on, limit_on=task.limit_on),
            why=why(rulebook, after, task),
        )


def _moved_firings(exchange: Exchange, before: Challenge, after: Challenge, key: str) -> int:
    """Return how many reminders of a task speak at another time than they would have."""
    if key not in before.tasks or after.tasks[key].status not in UNFINISHED:
        return 0
    old, new = (
        {
            firing.id: firing.fires_at
            for firing in reminders.firings(rulebook, challenge, challenge.tasks[key])
        }
        for rulebook, challenge in ((exchange.old, before), (exchange.new, after))
    )
    return sum(1 for name, at in new.items() if old.get(name) != at)
