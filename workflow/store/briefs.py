"""Everything that a message needs: read at the moment of sending, so that it says what is true.

A notice was raised when something was due; until it is sent, tasks may have been done, dates may
have moved and people may have left. `brief` reads the present state, and `is_stale` says when
there is nothing left to say.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from workflow.model.challenge import Challenge
from workflow.model.definition import Definition
from workflow.model.lines import TaskLine
from workflow.model.people import Person
from workflow.model.task import UNFINISHED
from workflow.store import challenges, library, meta, people, queries, tasks
from workflow.store.link import Link, flag, moment
from workflow.store.outbox import Claimed

DEFAULT_ZONE = "Europe/London"

_MESSAGE = """
SELECT o.unique_key, o.created_at, o.notice, o.challenge_id, o.recipient_id, o.about_id, o.tasks,
    o.is_ladder, c.stage_title, c.is_paused
FROM outbox o LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE o.id = :id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a message is made of.

    `lines` are the tasks it speaks of, titles filled in; of a reminder only what is unfinished.
    `all_lines_count` is how many tasks of the same kinds are open. `dates` tells for each known
    date its title, its day and whether it is actual; `people` who holds each role now.
    `portfolio` is for digests only: the challenges of the recipient that go on.
    """

    id: int
    message_key: str
    created_at: datetime
    notice: str
    notice_title: str
    notice_says: str
    recipient: Person
    is_rehearsal: bool
    reference: str = ""
    challenge_title: str = ""
    client: str = ""
    about: Person | None = None
    lines: tuple[TaskLine, ...] = ()
    all_lines_count: int = 0
    dates: Mapping[str, tuple[str, date, bool]]
    people: Mapping[str, tuple[Person, ...]]
    stage_title: str = ""
    zone: str = DEFAULT_ZONE
    is_ladder: bool = False
    is_stale: bool = False
    portfolio: tuple[queries.ListRow, ...] = ()


def brief(link: Link, claimed: Claimed) -> Brief:
    """Return what the message that was claimed is made of, as things stand now."""
    row = link.row(_MESSAGE, id=claimed.id)
    if row is None:
        raise LookupError(f"no message {claimed.id}")
    key, created_at, notice, challenge_id, recipient_id, about_id, keys, *rest = row
    is_ladder, stage_title, is_paused = flag(rest[0]), rest[1] or "", flag(rest[2])
    known: dict[str, Any] = {"dates": {}, "people": {}}
    if challenge_id is not None:
        known = _of_challenge(link, challenge_id, notice=notice)
        known |= _lines(link, challenge_id, json.loads(keys), is_ladder=is_ladder)
        known["stage_title"] = stage_title
        known["is_stale"] = is_ladder and (is_paused or not known["lines"])
    else:  # what is about no single challenge is a digest
        known["portfolio"] = _portfolio(link, recipient_id, claimed.at, known=known)
    named = people.named(link, [p for p in (recipient_id, about_id) if p is not None])
    return Brief(
        id=claimed.id,
        message_key=key,
        created_at=moment(created_at) or claimed.at,
        notice=notice,
        recipient=named[recipient_id],
        about=named.get(about_id),
        is_ladder=is_ladder,
        is_rehearsal=meta.is_rehearsal(link),
        **{"notice_title": notice, "notice_says": "", **known},
    )


def _of_challenge(link: Link, challenge_id: int, *, notice: str) -> dict[str, Any]:
    """Return what a message knows of its challenge and of its notice."""
    challenge = challenges.load_by_id(link, challenge_id).challenge
    definition = library.fetch(link, challenge.content_hash)
    found: dict[str, Any] = {
        "reference": challenge.reference,
        "challenge_title": challenge.title,
        "client": challenge.client,
        "zone": definition.zone,
        "dates": _dates(challenge, definition),
        "people": _people(link, challenge),
    }
    if notice in definition.notices:
        found["notice_title"] = definition.notices[notice].title
        found["notice_says"] = definition.notices[notice].says or ""
    return found


def _dates(challenge: Challenge, definition: Definition) -> dict[str, tuple[str, date, bool]]:
    return {
        key: (spec.title, challenge.dates[key].on, challenge.dates[key].is_actual)
        for key, spec in definition.dates.items()
        if key in challenge.dates
    }


def _people(link: Link, challenge: Challenge) -> dict[str, tuple[Person, ...]]:
    present = [member for member in challenge.team if member.left_at is None]
    named = people.named(link, [member.person for member in present])
    found: dict[str, tuple[Person, ...]] = {}
    for member in present:
        found[member.role] = (*found.get(member.role, ()), named[member.person])
    return found


def _lines(
    link: Link, challenge_id: int, keys: Iterable[str], *, is_ladder: bool
) -> dict[str, Any]:
    wanted = set(keys)
    if not wanted:
        return {"lines": ()}
    every = tasks.lines(link, challenge_id)
    specs = {line.spec for line in every if line.key in wanted}
    still = [line for line in every if line.status in UNFINISHED and not line.is_held]
    pool = still if is_ladder else every
    said = [line for line in pool if line.key in wanted]
    return {
        "lines": tasks.with_titles(link, said),
        "all_lines_count": sum(line.spec in specs for line in still),
    }


def _portfolio(
    link: Link, recipient_id: int, at: datetime, *, known: Mapping[str, Any]
) -> tuple[queries.ListRow, ...]:
    zone = ZoneInfo(known.get("zone", DEFAULT_ZONE))
    today = at.astimezone(zone).date()
    wanted = queries.Wanted(member=recipient_id)
    return tuple(queries.portfolio(link, queries.Now(at, today), wanted))
