"""The invariants: each a named check on what is kept, looked at after every step.

A check yields what is wrong. The first that finds something is raised as `Violation`, by its name.
Those of sending (`before_sending`) are asked for each message, right before a mail server takes it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from notifications.message import Message
from tests.simulation.checks.entering import (
    decided_under_hold,
    rightly_approved,
    told_as_it_was,
    told_twice,
)
from tests.simulation.checks.keeping import each_confirms
from tests.simulation.checks.mailing import (
    goes_together,
    told_with_another_day,
    told_with_its_day,
)
from tests.simulation.checks.restored import goes_again
from tests.simulation.checks.sending import is_quiet, rightly_sent
from tests.simulation.made.reference import Piece
from tests.simulation.scene import Life, Row, Scene
from workflow.model import events as e
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.plan import plan
from workflow.model.records import events as r

LOCAL = {"pending", "open"}
FAR = timedelta(days=2)
"""No message waits for so long until it is tried again."""

Check = Callable[[Scene, Life], Iterator[str]]


class Violation(AssertionError):
    """An invariant does not hold; `name` says which."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name}: {problem}")


def event_for_state(scene: Scene, life: Life) -> Iterator[str]:
    """I14: the events that are kept add up to what is stored, without a gap."""
    numbers = [kept.seq for kept in life.history]
    if numbers != list(range(1, life.version + 1)):
        yield f"{life.reference} has version {life.version}, but {len(numbers)} events are kept"
    if life.new and life.folded != life.stored:
        yield f"{life.reference}: the events do not add up to what is stored"


def one_entry_a_step(scene: Scene, life: Life) -> Iterator[str]:
    """I21: every step has one entry in the log, and one command."""
    for kept in life.new:
        if kept.entry_id is None:
            yield f"event {kept.seq} of {life.reference} has no entry"
    if not life.new:
        return
    yield from (f"{life.reference}: {said}" for said in told_as_it_was(scene, life))
    by_command = {(kept.command_id, kept.entry_id) for kept in life.history}
    if len({command for command, _ in by_command}) != len(by_command):
        yield f"I10: a command of {life.reference} was entered twice"


def one_row_a_notice(scene: Scene, life: Life) -> Iterator[str]:
    """I15: a row of the outbox is known by its duty, occurrence and recipient."""
    if not life.new:
        return
    yield from (f"{life.reference}: {said}" for said in told_twice(life))
    rows = Counter(row.unique_key for row in scene.of(life) if not row.has_entry)
    raised = {
        f"{life.reference}/{one.notice}/{one.occurrence}/{one.recipient}"
        for one in (kept.event for kept in life.history)
        if isinstance(one, e.NoticeRaised) and one.recipient is not None
    }
    for key, count in rows.items():
        if count > 1 or key not in raised:
            yield f"{life.reference}: {count} rows with the key {key}, which no notice has"


def all_or_none(scene: Scene, life: Life) -> Iterator[str]:
    """I8: what is raised stands in the outbox, and nothing else does."""
    rows = Counter((r.notice, r.recipient, r.tasks) for r in scene.of(life) if not r.has_entry)
    for what, count in (life.told - rows).items():
        yield f"{life.reference}: {_said(what)} was raised {count} times more than it is to be sent"
    for what, count in (rows - life.told).items():
        yield f"{life.reference}: {_said(what)} is to be sent {count} times more than it was raised"


def only_defined_steps(scene: Scene, life: Life) -> Iterator[str]:
    """I7: only transitions of the definition, and a refusal says why."""
    steps = life.rules.definition.transitions
    for event in (kept.event for kept in life.new):
        if isinstance(event, e.StageEntered):
            step = steps.get(event.trigger)
            if step is None or event.left not in step.from_:
                yield f"{life.reference} went from {event.left} to {event.stage}"
        if isinstance(event, e.CommandRefused) and not event.message:
            yield f"{life.reference}: a refusal without a reason"


def limits_are_right(scene: Scene, life: Life) -> Iterator[str]:
    """I5, I3: a due date follows from the facts, and a limit is the end of its day in London."""
    for key, piece in _pieces(life):
        task = life.tasks.get(key)
        if task is None or not piece.is_unfinished:
            continue
        if (task.target_on, task.limit_on) != (piece.target_on, piece.limit_on):
            found, wanted = (task.target_on, task.limit_on), (piece.target_on, piece.limit_on)
            yield f"I3: {key}: target and limit are {_days(found)}, not {_days(wanted)}"
        elif task.limit_at != piece.limit_at:
            yield f"I5: {key}: the limit is {task.limit_at}, not {piece.limit_at}"


def no_lost_duty(scene: Scene, life: Life) -> Iterator[str]:
    """I1: the tasks are those that the model asks for, and stand as they must."""
    if life.model is None:
        yield from _as_planned(life) if life.new else ()
        return
    model = {key: str(piece.status) for key, piece in _pieces(life)}
    found = {key: task.status for key, task in life.tasks.items()}
    for key in sorted(model.keys() | found.keys()):
        if model.get(key) != found.get(key):
            yield f"{life.reference}: {key} is {found.get(key)}, not {model.get(key)}"


def _as_planned(life: Life) -> Iterator[str]:
    """Yield what is not as the product's own plan has it, where there is no other model."""
    wanted = plan(life.rules, life.stored)
    unfinished = {key for key, task in life.tasks.items() if task.status in LOCAL}
    if unfinished - wanted.keys():
        yield f"{life.reference}: {sorted(unfinished - wanted.keys())} are not wanted"
    if wanted.keys() - life.tasks.keys():
        yield f"{life.reference}: {sorted(wanted.keys() - life.tasks.keys())} are missing"


def one_outcome(scene: Scene, life: Life) -> Iterator[str]:
    """I2: a limit that has passed is flagged at the first look after it, and no other is."""
    for key, piece in _pieces(life):
        task = life.tasks.get(key)
        if task is not None and piece.is_unfinished and task.is_missed != piece.is_missed:
            yield f"{key} (limit {task.limit_at}) is {'' if task.is_missed else 'not '}flagged late"


def told_what_is_due(scene: Scene, life: Life) -> Iterator[str]:
    """I4, I1: who must be told was told, once, and nobody else."""
    if life.model is None:
        return
    for what in life.told - life.model.told:
        yield f"I4: {life.reference}: {_said(what)}, which is not to be said now"
    for what in life.model.told - life.told:
        yield f"I1: {life.reference}: {_said(what)} was never said"


def closed_owes_nothing(scene: Scene, life: Life) -> Iterator[str]:
    """I11, I12: what is over owes nothing but retention; what is not has a next thing."""
    definition = life.rules.definition
    stage = definition.stages[life.stage]
    left = [task for task in life.tasks.values() if task.status in LOCAL]
    if stage.final:
        for task in left:
            if not task.spec.startswith(RETENTION_PREFIX) and task.spec not in (stage.keeps or ()):
                spec = definition.tasks.get(task.spec)
                if spec is None or life.stage not in spec.stage:
                    yield f"{life.reference} is over, and {task.key} is {task.status}"
    elif not left and life.wake_at is None and not life.rules.graph.triggers(life.stage):
        yield f"I12: {life.reference} waits for nothing and nobody"


def nothing_under_hold(scene: Scene, life: Life) -> Iterator[str]:
    """I25: nothing is destroyed early, unapproved, or under a hold."""
    for name in sorted(life.held ^ life.stored.holds.keys()):
        word = "is gone, and nobody lifted it" if name in life.held else "was placed by nobody"
        yield f"{life.reference}: the hold {name} {word}"
    decided = (*rightly_approved(life), *decided_under_hold(life))
    yield from (f"{life.reference}: {said}" for said in decided)
    if not scene.certificates:
        return
    events = [kept.event for kept in life.history]
    done = {event.certificate for event in events if isinstance(event, r.DisposalDone)}
    for number, reference, rule, _ in scene.certificates:
        if reference == life.reference and number not in done:
            yield f"{reference}: {rule} was destroyed ({number}) and nobody decided that"
    yield from _held_disposals(life, scene.lost.certificates if scene.lost else frozenset())


def _held_disposals(life: Life, lost: frozenset[str]) -> Iterator[str]:
    """Yield what was destroyed and may not be, but for what a restore did again: that was lost."""
    holds: dict[str, tuple[str, ...]] = {}
    approved: set[str] = set()
    for event in (kept.event for kept in life.history) if life.new else ():
        if isinstance(event, e.HoldPlaced):
            holds[event.name] = event.rules
        elif isinstance(event, e.HoldLifted):
            holds.pop(event.name, None)
        elif isinstance(event, r.DisposalApproved):
            approved.add(event.rule)
        elif isinstance(event, r.DisposalDone) and event.certificate not in lost:
            if any(event.rule in rules for rules in holds.values()):
                yield f"{life.reference}: {event.rule} was destroyed under a hold"
            if event.rule not in approved:
                yield f"{life.reference}: {event.rule} was destroyed unapproved"


def sent_was_taken(scene: Scene, life: Life) -> Iterator[str]:
    """I16: what is sent was taken by a mail server; a lease does not outlive its time for long."""
    known = {one.message.message_id for one in scene.taken}
    for row in scene.of(life):
        if row.status == "sent" and row.message_id not in known and row.message_id is not None:
            yield f"message {row.id} ({row.notice}) is marked as sent; no mail server has it"
        if row.status == "waiting" and row.next_at > scene.at + FAR:
            yield f"message {row.id} ({row.notice}) is not tried again before {row.next_at}"


def pinned(scene: Scene, life: Life) -> Iterator[str]:
    """I13: a challenge stays on its definition."""
    if life.content_hash != scene.world.loaded.content_hash:
        yield f"{life.reference} is under another definition"


CHECKS: tuple[tuple[str, Check], ...] = (
    ("I16", sent_was_taken),
    ("I14", event_for_state),
    ("I21", one_entry_a_step),
    ("I15", one_row_a_notice),
    ("I8", all_or_none),
    ("I25", nothing_under_hold),
    ("I7", only_defined_steps),
    ("I27", each_confirms),
    ("I13", pinned),
    ("I11", closed_owes_nothing),
    ("I3", limits_are_right),
    ("I1", no_lost_duty),
    ("I2", one_outcome),
    ("I4", told_what_is_due),
)
ALWAYS = frozenset({"I16", "I14", "I21", "I15", "I8", "I25"})
"""What holds at every moment; the rest holds once a step is finished."""


def check(scene: Scene, *, is_settled: bool = True) -> None:
    """Look at everything.

    Raises:
        Violation: something is not as it must be.
    """
    for name, find in CHECKS:
        if name in ALWAYS or is_settled:
            for life in scene.lives.values():
                for problem in find(scene, life):
                    raise violation(name, problem)


def violation(name: str, problem: str) -> Violation:
    """Return a violation; a problem may say itself which invariant it breaks."""
    own, colon, rest = problem.partition(": ")
    is_named = bool(colon) and own[:1] == "I" and own[1:].isdecimal()
    return Violation(own, rest) if is_named else Violation(name, problem)


def before_sending(scene: Scene, message: Message, refused: frozenset[str]) -> None:
    """Look whether a message may go now.

    Raises:
        Violation: nobody has it in the outbox, it is not true any more, or it is not the time.
    """
    scene.look()
    rows = [row for row in scene.rows.values() if row.message_id == message.message_id]
    for name, problem in _unsendable(scene, message, rows, refused):
        raise Violation(name, problem)


def _unsendable(
    scene: Scene, message: Message, rows: list[Row], refused: frozenset[str]
) -> Iterator[tuple[str, str]]:
    text = f'"{message.subject}" to {message.to.address}'
    if not rows:
        yield "I8", f"{text} goes, and no row of the outbox stands for it"
    if rows and all(row.status != "sending" for row in rows):
        yield "I16", f"{text} goes, and its row says {rows[0].status}"
    if message.to.address in refused:
        yield "I20", f"{text} goes to an address that refuses mail"
    for row in rows:
        if row.status == "sending" and row.is_ladder and row.challenge is not None:
            yield from (("I4", problem) for problem in _untrue(scene, row))
    if is_quiet(scene.world.lot.quiet, scene.at) and not any(row.is_urgent for row in rows):
        yield "I4", f"{text} goes in quiet hours"
    yield from rightly_sent(scene, rows, message)
    yield from (("I19", problem) for problem in goes_together(scene, rows))
    yield from (("I19", problem) for problem in told_with_its_day(scene, rows, message))
    yield from (("I19", problem) for problem in told_with_another_day(rows, message))
    if scene.lost is not None:
        yield from (("I31", problem) for problem in goes_again(scene.lost, rows))
    yield from _of_others(scene, message, rows)


def _untrue(scene: Scene, row: Row) -> Iterator[str]:
    """Yield why a reminder should not go: nothing of it is to be done, or its time has not come."""
    life = scene.lives[row.challenge or 0]
    left = [life.tasks[key] for key in row.tasks if key in life.tasks]
    if not any(task.status in LOCAL for task in left):
        yield f"message {row.id} ({row.notice}) speaks of {sorted(row.tasks)}, which are settled"
    first = min(row.fires_at.values(), default=None)
    if first is not None and first > scene.at + timedelta(days=1, hours=1):  # a clock set back
        yield f"message {row.id} ({row.notice}) is of {first}: before its time"


def _of_others(scene: Scene, message: Message, rows: list[Row]) -> Iterator[tuple[str, str]]:
    """Yield what a message says of challenges that it is not about."""
    about = {row.challenge for row in rows}
    for life in scene.lives.values():
        if life.id not in about and life.reference in f"{message.subject} {message.text}":
            yield "I18", f'"{message.subject}" speaks of {life.reference}'


def _pieces(life: Life) -> list[tuple[str, Piece]]:
    return list(life.model.pieces.items()) if life.model else []


def _said(what: tuple[str, int, frozenset[str]]) -> str:
    notice, person, tasks = what
    return f"{notice} to {person} of {', '.join(sorted(tasks)) or 'an occasion'}"


def _days(days: tuple[object, object]) -> str:
    return " and ".join(str(day) for day in days)
