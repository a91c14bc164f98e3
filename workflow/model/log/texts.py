"""The texts that are hashed: an event, and what a step changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any

from workflow.model.challenge import Challenge

Changed = dict[str, Any]


def event_text(facts: Sequence[Any]) -> str:
    """Return an event as it is hashed: a JSON array in one line.

    `facts` are its number, moment (aware), actor, kind, body exactly as it is kept, and source.
    """
    seq, at, *rest = facts
    return _text(seq, moment_text(at), *rest)


def event_texts(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return events as they are hashed, from the facts of `event_text`, moments as text."""
    return [_text(*row) for row in rows]


def _text(seq: int, at: str, actor: int | None, kind: str, body: str, source: str) -> str:
    """Return what `json.dumps` would, in a third of the time: every event is written like this."""
    who = "null" if actor is None else actor
    return f'[{seq},"{at}",{who},{quoted(kind)},{quoted(body)},{quoted(source)}]'


def events_digest(texts: Iterable[str]) -> str:
    """Return the digest, in hex, by which an entry speaks for the texts of its events."""
    return sha256("\n".join(texts).encode()).hexdigest()


def moment_text(at: datetime) -> str:
    """Return an aware moment in UTC, such as `2027-03-27T09:00:00.000000+00:00`."""
    return _utc_text(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=256)
def _utc_text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def changes(before: Challenge, after: Challenge) -> tuple[Changed, Changed]:
    """Return what a step changed: its facts as they were, and as they are. Keys and ids only."""
    was: Changed = {}
    now: Changed = {}
    if before.stage != after.stage:
        was["stage"], now["stage"] = before.stage, after.stage
    if before.dates is not after.dates:
        _compare(was, now, "dates", {k: f.on for k, f in before.dates.items()},
                 {k: f.on for k, f in after.dates.items()})  # fmt: skip
    if before.team is not after.team:
        was["team"] = [(m.role, m.person) for m in before.team if m.left_at is None]
        now["team"] = [(m.role, m.person) for m in after.team if m.left_at is None]
    if before.tasks is not after.tasks:
        others = [key for key, task in after.tasks.items() if before.tasks.get(key) is not task]
        _compare(
            was,
            now,
            "tasks",
            {key: str(before.tasks[key].status) for key in others if key in before.tasks},
            {key: str(after.tasks[key].status) for key in others},
        )
    if before.holds != after.holds:
        was["holds"], now["holds"] = [*before.holds], [*after.holds]
    return was, now


def _compare(
    was: Changed, now: Changed, name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    """Add the facts of a kind that are other than before, if there are any."""
    gone = {key: value for key, value in old.items() if new.get(key) != value}
    come = {key: value for key, value in new.items() if old.get(key) != value}
    if gone:
        was[name] = gone
    if come:
        now[name] = come
