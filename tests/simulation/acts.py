"""What people ask for: commands from a kind and a number, as they would choose on what they see.

Of a made-up definition, the reference model says whether it must be accepted (`expects`), and is
told of it (`follow`).
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.grounds import ADA
from tests.property import lives
from tests.simulation.made import shapes
from tests.simulation.made.days import day_of
from tests.simulation.made.reference import DONE, KEPT, OPEN, WAIVED, Model, Piece
from tests.simulation.made.shapes import ON_HOLD
from tests.simulation.scene import Life as Seen
from tests.simulation.scene import Scene
from tests.visits import DIRECTOR, LEAD, LEADER
from workflow.model import commands as c
from workflow.model.records import commands as r
from workflow.model.task import Task, TaskStatus

MARKER = "zebra-marker"
"""Stands in every text that somebody writes, and must be found nowhere in clear."""

HOLD = c.PlaceHold(name="hold 0", reason=MARKER)

Asked = tuple[c.Command, int]
"""A command, and who asks."""


def chosen(scene: Scene, life: Seen, kind: str, pick: Random) -> Asked:
    """Return what somebody asks for, on what they see."""
    if not scene.is_model_used:
        return _of_lives(scene, life, kind, pick), ADA
    return _KINDS[kind](scene, life, pick)


def otherwise(command: c.Command, pick: Random) -> c.Command:
    """Return the same command with another content, as somebody would send it who was not sure."""
    match command:
        case c.CompleteTask():
            return c.CompleteTask(spec=command.spec, on=command.on - timedelta(days=1),
                                  person=command.person, day=command.day,
                                  evidence=f"{MARKER} again")  # fmt: skip
        case c.SetDate():
            on = command.on + timedelta(days=pick.randint(1, 3))
            return c.SetDate(key=command.key, on=on, reason=MARKER)
        case _:
            return command


def _of_lives(scene: Scene, life: Seen, kind: str, pick: Random) -> c.Command:
    """Return a command of the property tests' invented lives."""
    known = lives.Life(life.rules, scene.at, life.stored, [])
    return lives.COMMANDS[kind](known, pick.randint(0, 60), pick.randint(0, 59))


def _task(life: Seen, pick: Random, *, is_right: float = 0.9) -> Task:
    """Return a task that is open, or now and then any other one."""
    tasks = list(life.stored.tasks.values())
    is_open = [task for task in tasks if task.status is TaskStatus.OPEN]
    return pick.choice(is_open if is_open and pick.random() < is_right else tasks)


def _done(scene: Scene, life: Seen, pick: Random) -> Asked:
    task = _task(life, pick)
    on = day_of(scene.at) - timedelta(days=pick.choice([0, 0, 0, 1, 2]))
    return c.CompleteTask(spec=task.spec, on=on, person=task.person, day=task.day,
                          evidence=MARKER), ADA  # fmt: skip


def _waived(scene: Scene, life: Seen, pick: Random) -> Asked:
    task = _task(life, pick, is_right=0.6)
    return c.WaiveTask(spec=task.spec, person=task.person, day=task.day, reason=MARKER), ADA


def _advanced(scene: Scene, life: Seen, pick: Random) -> Asked:
    stages = [*(scene.world.lot.shape.stages if scene.world.lot.shape else ()), shapes.CLOSED]
    place = stages.index(life.stage) if life.stage in stages[:-1] else pick.randrange(len(stages))
    wanted = stages[min(place + 1, len(stages) - 1)]
    return c.Advance(trigger=f"to_{wanted}", reason=MARKER), ADA


def _stepped(trigger: str) -> Callable[[Scene, Seen, Random], Asked]:
    return lambda scene, life, pick: (c.Advance(trigger=trigger, reason=MARKER), ADA)


def _dated(scene: Scene, life: Seen, pick: Random) -> Asked:
    key = pick.choice([shapes.START, shapes.END])
    fact = life.stored.dates.get(key)
    base = fact.on if fact else day_of(scene.at)
    return c.SetDate(key=key, on=base + timedelta(days=pick.randint(-3, 9)), reason=MARKER), ADA


def _corrected(scene: Scene, life: Seen, pick: Random) -> Asked:
    """Return a date that is recorded as having been other than planned, after reminders went."""
    key = pick.choice([shapes.START, shapes.END])
    on = day_of(scene.at) - timedelta(days=pick.randint(0, 4))
    return c.SetDate(key=key, on=on, reason=MARKER), ADA


def _joined(scene: Scene, life: Seen, pick: Random) -> Asked:
    role = pick.choice([*shapes.VISITORS, "visitor", "manager", "host"])
    return c.AssignPerson(person=pick.randint(2, 9), role=role, capabilities=(LEADER,)), ADA


def _left(scene: Scene, life: Seen, pick: Random) -> Asked:
    people = sorted({m.person for m in life.stored.team if m.left_at is None}) or [2]
    return c.ReleasePerson(person=pick.choice(people), reason=MARKER), ADA


def _doubled(scene: Scene, life: Seen, pick: Random) -> Asked:
    """Return that somebody who visits takes another role among the visitors."""
    people = sorted(life.stored.holders(shapes.VISITORS)) or [2]
    person = pick.choice(people)
    is_lead = person in life.stored.holders(["lead"])
    role = "visitor" if is_lead else "lead"
    return c.AssignPerson(person=person, role=role, capabilities=(LEADER,)), ADA


def _parted(scene: Scene, life: Seen, pick: Random) -> Asked:
    """Return the leaving of somebody who holds two roles, or whom a reminder may be on its way to.

    That is who manages: they are told at once of what is theirs to do.
    """
    count = Counter(member.person for member in life.stored.team if member.left_at is None)
    twice = sorted(person for person, roles in count.items() if roles > 1)
    people = twice or life.stored.holders(["manager"]) or [2]
    return c.ReleasePerson(person=pick.choice(people), reason=MARKER), ADA


def _held(scene: Scene, life: Seen, pick: Random) -> Asked:
    return c.PlaceHold(name=f"hold {pick.randrange(2)}", reason=MARKER), ADA


def _lifted(scene: Scene, life: Seen, pick: Random) -> Asked:
    names = sorted(life.stored.holds) or ["hold 0"]
    return c.LiftHold(name=pick.choice(names), reason=MARKER), ADA


def _disposed(scene: Scene, life: Seen, pick: Random) -> Asked:
    """Return the next step to a destruction; now and then one out of turn."""
    place = _place(life)
    if place == 2 and not life.stored.holds and pick.random() < 0.5:
        return _held(scene, life, pick)
    if pick.random() < 0.2:
        return pick.choice((*_DISPOSAL, *_WRONG))
    return _DISPOSAL[place]


def _destroyed(scene: Scene, life: Seen, pick: Random) -> Asked:
    """Return the next step to a destruction, by somebody who will have it."""
    return _lifted(scene, life, pick) if life.stored.holds else _DISPOSAL[_place(life)]


def _place(life: Seen) -> int:
    """Return how far a destruction has come."""
    disposal = life.stored.records.disposals.get(shapes.RECORDS)
    if disposal is None or disposal.requested_at is None:
        return 0
    return 1 if disposal.approved_at is None else 2


_DISPOSAL: tuple[Asked, ...] = (
    (r.RequestDisposal(rule=shapes.RECORDS, reason=MARKER), ADA),
    (r.ApproveDisposal(rule=shapes.RECORDS), DIRECTOR),
    (r.CarryOutDisposal(rule=shapes.RECORDS, certificate="", method=""), ADA),
)

_WRONG: tuple[Asked, ...] = (
    (r.RequestDisposal(rule=shapes.RECORDS, reason=""), ADA),
    (r.ApproveDisposal(rule=shapes.RECORDS), ADA),
    (r.ApproveDisposal(rule=shapes.RECORDS), LEAD),
)
"""Too early without a reason; by whoever asked; by somebody without the right."""

WRONGLY: tuple[tuple[Asked, ...], ...] = (
    (_WRONG[0], (HOLD, ADA), _DISPOSAL[0]),
    (*_WRONG[1:], (HOLD, ADA), _DISPOSAL[1]),
)
"""How each of the first steps to a destruction is not to be taken, under a hold at last."""


_KINDS: dict[str, Callable[[Scene, Seen, Random], Asked]] = {
    "done": _done,
    "advance": _advanced,
    "date": _dated,
    "early": _corrected,
    "join": _joined,
    "leave": _left,
    "double": _doubled,
    "part": _parted,
    "waive": _waived,
    "hold": _held,
    "lift": _lifted,
    "dispose": _disposed,
    "destroy": _destroyed,
    "pause": _stepped("pause"),
    "resume": _stepped("resume"),
    "withdraw": _stepped("withdraw"),
}


# What the reference model says of them ------------------------------------------------------------


def _key(command: c.CompleteTask | c.WaiveTask) -> str:
    own = command.person if command.person is not None else command.day
    return command.spec if own is None else f"{command.spec}:{own}"


def expects(model: Model, command: c.Command) -> bool | None:
    """Return whether a command must be accepted; None where the model does not know."""
    judge = _EXPECTS.get(type(command))
    return judge(model, command) if judge else None


def _may_be_waived(model: Model, piece: Piece | None) -> bool:
    return piece is not None and piece.is_unfinished


def _may_leave(model: Model, person: int) -> bool:
    return any(stay.person == person and stay.left_at is None for stay in model.team)


def _may_be_done(model: Model, piece: Piece | None) -> bool:
    if piece is None or not piece.is_unfinished or piece.duty.key == KEPT:
        return False
    if model.is_held(piece):
        return False
    if piece.status == OPEN:
        return True
    is_later = piece.day is not None and piece.day > day_of(model.at)
    is_in_turn = all(map(model.holds, piece.duty.after))
    return is_in_turn and model.is_reached(piece) and not is_later


def _may_step(model: Model, trigger: str) -> bool:
    if trigger == "resume":
        return model.stage == ON_HOLD
    if model.stage not in model.shape.stages:
        return False
    if trigger in {"pause", "withdraw"}:
        return trigger == "withdraw" or model.shape.has_pause
    return trigger == model.shape.step(model.stage) and model.is_ready(model.stage)


def _may_be_dated(model: Model, key: str, on: date) -> bool:
    start, end = (
        on if name == key else model.dates.get(name) for name in (shapes.START, shapes.END)
    )
    is_same = model.dates.get(key) == on and model.is_actual.get(key) == (on <= day_of(model.at))
    if is_same or start is None or end is None or start <= end:
        return True
    return key == shapes.START and not model.is_actual.get(shapes.END, False)


def _may_join(model: Model, person: int, role: str) -> bool:
    holders = model.holders(role)
    most = 4 if role == "visitor" else 1
    return not model.is_over and person not in holders and len(holders) < most


_EXPECTS: dict[type, Callable[[Model, Any], bool]] = {
    c.CompleteTask: lambda model, one: _may_be_done(model, model.pieces.get(_key(one))),
    c.WaiveTask: lambda model, one: _may_be_waived(model, model.pieces.get(_key(one))),
    c.Advance: lambda model, one: _may_step(model, one.trigger or ""),
    c.SetDate: lambda model, one: _may_be_dated(model, one.key, one.on),
    c.AssignPerson: lambda model, one: _may_join(model, one.person, one.role),
    c.ReleasePerson: lambda model, one: _may_leave(model, one.person),
    c.PlaceHold: lambda model, one: one.name not in model.held,
    c.LiftHold: lambda model, one: one.name in model.held,
}


def follow(model: Model, command: c.Command) -> None:
    """Tell the model of a command that was accepted."""
    tell = _FOLLOWS.get(type(command))
    if tell is not None:
        tell(model, command)


def _settle(key: str, status: str, model: Model) -> None:
    model.pieces[key].status = status


def is_carried_out(model: Model) -> None:
    """Tell the model that the records of its visit were destroyed."""
    if model.pieces[KEPT].is_unfinished:  # it may have been waived
        _settle(KEPT, DONE, model)


def _enter(model: Model, command: c.Advance) -> None:
    trigger = command.trigger or ""
    if trigger == "resume":
        model.resume()
    else:
        names = {"pause": ON_HOLD, "withdraw": shapes.WITHDRAWN}
        model.enter(names.get(trigger, trigger.removeprefix("to_")))


def _hold(model: Model, command: c.PlaceHold) -> None:
    kept = {KEPT} if model.shape.keep else set()
    model.held[command.name] = frozenset({shapes.DESTROY, *kept})


_FOLLOWS: dict[type, Callable[[Model, Any], object]] = {
    c.CompleteTask: lambda model, one: _settle(_key(one), DONE, model),
    c.WaiveTask: lambda model, one: _settle(_key(one), WAIVED, model),
    c.Advance: _enter,
    c.SetDate: lambda model, one: model.set_date(one.key, one.on),
    c.AssignPerson: lambda model, one: model.join(one.person, one.role),
    c.ReleasePerson: lambda model, one: model.leave(one.person),
    c.PlaceHold: _hold,
    c.LiftHold: lambda model, one: model.held.pop(one.name),
    r.CarryOutDisposal: lambda model, one: is_carried_out(model),
}
