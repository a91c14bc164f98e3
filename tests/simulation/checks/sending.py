"""To whom a message goes, when, and in which words: asked right before a mail server takes it.

What the product reckons by its calendar, its zone and its preferences is reckoned here once more.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from notifications.delivery.quiet import Quiet
from notifications.message import Message
from tests.simulation.made.days import local_of, moment_of, speaks_at
from tests.simulation.made.reference import Model
from tests.simulation.scene import Life, Row, Scene
from tests.simulation.world import address_of

SATURDAY = 5
DIGEST_AT = time(8)
END_OF_DAY = time(23, 59, 59)
UNFINISHED = {"pending", "open"}
LEAST_APART = timedelta(minutes=5)
GIVEN_UP, GIVEN_UP_AFTER = 5, timedelta(days=5)
"""After so many times and so long nobody tries any more."""

Named = Iterator[tuple[str, str]]
"""Names of invariants, each with what breaks it."""

_HELD = "SELECT 1 FROM meta WHERE key = 'mail_held'"
_RHYTHMS = "SELECT person_id FROM preference WHERE rhythm <> 'at_once'"


def is_quiet(quiet: Quiet, at: datetime) -> bool:
    """Return whether only urgent mail goes at a moment, in London."""
    local = local_of(at)
    if quiet.has_weekends and local.weekday() >= SATURDAY:
        return True
    if quiet.begins is None or quiet.ends is None:
        return False
    if quiet.begins <= quiet.ends:
        return quiet.begins <= local.time() < quiet.ends
    return local.time() >= quiet.begins or local.time() < quiet.ends


def rightly_sent(scene: Scene, rows: list[Row], message: Message) -> Named:
    """Yield what is wrong with where a message goes, and when, and with what it says."""
    going = [row for row in rows if row.status == "sending"]
    yield from _while_held(scene, message)
    yield from _to_others(scene, going, message)
    yield from _by_itself(scene, going, message)
    yield from _before_the_hour(scene, going)
    for row in going:
        if row.is_ladder and row.challenge is not None:
            life = scene.lives[row.challenge]
            yield from _to_who_left(life, row)
            yield from _ahead_again(scene, life, row)
    yield from _at_another_hour(scene, going, message)


def _while_held(scene: Scene, message: Message) -> Named:
    """I6: nothing goes while mail is held."""
    if scene.ask(_HELD):
        yield "I6", f'"{message.subject}" goes, and all mail is held'


def _to_others(scene: Scene, rows: list[Row], message: Message) -> Named:
    """I18: a message goes to whom it is for, or to whoever stands in for them."""
    for row in rows:
        first = scene.stand_ins[row.recipient]
        second = {person for one in first for person in scene.stand_ins[one]}
        if message.to.address not in map(address_of, {row.recipient, *first, *second}):
            yield "I18", f"message {row.id} for {row.recipient} goes to {message.to.address}"


class Patience:
    """Remembers when each message was tried at a mailbox that says "later" each time (I16)."""

    def __init__(self) -> None:
        self._tried: dict[int, list[tuple[datetime, int]]] = {}

    def try_again(self, scene: Scene, message: Message, troubles: int) -> Iterator[str]:
        """Yield what should have been given up, or is tried too soon; note that it is tried.

        After one of the `troubles` nobody knows whether it was kept that it was given up.
        """
        for row in scene.rows.values():
            is_going = row.message_id == message.message_id and row.status == "sending"
            if not is_going or row.recipient not in scene.world.lot.slow:
                continue
            tried = self._tried.setdefault(row.id, [])
            last, then = tried[-1] if tried else (row.created_at, -1)
            text = f"message {row.id} ({row.notice}) of {row.created_at} is tried"
            if then == troubles and scene.at - last < LEAST_APART:
                yield f"{text} again {scene.at - last} after the last time"
            is_old = last - row.created_at >= GIVEN_UP_AFTER
            if then == troubles and len(tried) >= GIVEN_UP and is_old:
                yield f"{text} once more after {len(tried)} times, the last at {last}"
            tried.append((scene.at, troubles))


def _by_itself(scene: Scene, rows: list[Row], message: Message) -> Named:
    """I17: what may have arrived goes again by itself only where it is a reminder."""
    mail = scene.world.mail
    if any(one.message.message_id == message.message_id for one in mail.taken[mail.since :]):
        for row in rows:
            if not row.is_ladder:
                yield "I17", f"message {row.id} ({row.notice}) is no reminder, and goes twice"


def _before_the_hour(scene: Scene, rows: list[Row]) -> Named:
    """I4: whoever wants one message a day is told at eight what was raised by then."""
    fresh = [r for r in rows if r.fence == 1 and not r.is_urgent and not r.has_entry]
    if not fresh:
        return
    daily = {person for (person,) in scene.ask(_RHYTHMS)}
    local = local_of(scene.at)
    last = moment_of(local.date() - timedelta(days=local.time() < DIGEST_AT), DIGEST_AT)
    for row in fresh:
        if row.recipient in daily and row.not_before > last:
            yield "I4", f"message {row.id} is of {row.not_before}, and is for tomorrow at eight"


def _to_who_left(life: Life, row: Row) -> Named:
    """I4: nobody is reminded who has left, but of what is theirs."""
    stays = [member for member in life.stored.team if member.person == row.recipient]
    has_left = bool(stays) and all(member.left_at is not None for member in stays)
    theirs = (life.tasks[key].person == row.recipient for key in row.tasks if key in life.tasks)
    if has_left and not any(theirs):
        yield "I4", f"message {row.id} ({row.notice}) goes to {row.recipient}, who has left"


def _ahead_again(scene: Scene, life: Life, row: Row) -> Named:
    """I4: no reminder of a day that was put off since it was raised."""
    if life.model is None:
        return
    left = [key for key in row.tasks if key in life.tasks and life.tasks[key].status in UNFINISHED]
    moments = [_spoken_at(life.model, key, row.rungs.get(key, "")) for key in left]
    known = [at for at in moments if at is not None]
    if known and len(known) == len(moments) and min(known) > scene.world.real:
        yield "I4", f"message {row.id} ({row.notice}) goes, and is to be said at {min(known)}"


def _spoken_at(model: Model, key: str, rung: str) -> datetime | None:
    """Return when a rung speaks of a task as things stand; None where that is not known."""
    piece = model.pieces.get(key)
    ladder, *place = rung.split(".")
    if piece is None or ladder not in model.shape.ladders:
        return None
    number, *turn = map(int, place)
    return speaks_at(model.shape.ladders[ladder][number], turn[0] if turn else 1, piece.hinges)


def _at_another_hour(scene: Scene, rows: list[Row], message: Message) -> Named:
    """I5: a limit at the end of a day is told as that day, without an hour."""
    whole, by_hour = set[date](), set[date]()
    for row in rows:
        model = scene.lives[row.challenge].model if row.challenge is not None else None
        for key in row.tasks if model is not None else ():
            limit_at = model.pieces[key].limit_at if model and key in model.pieces else None
            if limit_at is not None:
                local = local_of(limit_at)
                (whole if local.time() == END_OF_DAY else by_hour).add(local.date())
    words = " ".join(message.text.split())
    for on in whole - by_hour:
        if f"m on {on:%A} {on.day} {on:%B} {on.year}" in words:
            yield "I5", f'"{message.subject}" tells an hour of {on}, whose end is the limit'
