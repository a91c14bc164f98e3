"""Everything that a message needs: read at the moment of sending, so that it says what is true.

A notice was raised when something was due; until it is sent, tasks may have been done, dates may
have moved and people may have left. `brief` reads the present state; `is_stale` says when there is
nothing left to say, and `is_stopped` when it must wait.
"""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from workflow.model.challenge import Challenge
from workflow.model.decisions.answers import ANSWER_GIVEN
from workflow.model.definition import OWN_NOTICES, Definition
from workflow.model.errors import InvalidInput, NotFound
from workflow.model.lines import TaskLine
from workflow.model.outlook.addressing import Addressed, addressed
from workflow.model.people import Person, ids_in, name_in
from workflow.model.planning.reminders import is_held, is_still_said
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import UNFINISHED
from workflow.store import challenges, meta, people, queries, rulebooks, tasks
from workflow.store.correspondence import answers, invitations
from workflow.store.link import Link, flag, moment
from workflow.store.log import checkpoints
from workflow.store.outbox import Claimed, rungs_of

DEFAULT_ZONE = "Europe/London"
LOG_HEAD = "log_head"
"""The notice that tells somebody outside the head of the audit log."""

_MESSAGE = """
SELECT o.unique_key, o.created_at, o.notice, o.challenge_id, o.recipient_id, o.about_id, o.tasks,
    o.marks, o.calendar, o.is_ladder, o.is_urgent, c.stage_title, c.is_paused,
    o.links_revoked_at IS NOT NULL
FROM outbox o LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE o.id = :id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a message is made of.

    `lines` are the tasks it speaks of, titles filled in; of a reminder only what is unfinished.
    `all_lines_count` is how many tasks of the same kinds are open. `dates` tells for each known
    date its title, its day and whether it is actual; `people` who holds each role now.
    `calendar` is the entry that an invitation is about. `portfolio` is for digests only: the
    challenges of the recipient that go on. `stand_in` gets the message while the recipient is away.
    A reminder `is_stopped` while all that it speaks of is paused or on hold: it is said after that.
    `is_revoked`: it was sent before, and links in it are dead for good.
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
    is_urgent: bool = False
    is_stale: bool = False
    is_stopped: bool = False
    is_revoked: bool = False
    calendar: Mapping[str, Any] = field(default_factory=dict)
    portfolio: tuple[queries.ListRow, ...] = ()
    stand_in: Person | None = None
    away_until: date | None = None


def brief(link: Link, claimed: Claimed) -> Brief:
    """Return what the message that was claimed is made of, as things stand now."""
    row = link.row(_MESSAGE, id=claimed.id)
    if row is None:
        raise LookupError(f"no message {claimed.id}")
    key, created_at, notice, challenge_id, recipient_id, about_id, keys, marks, calendar, *rest = (
        row
    )
    said = _Said(
        notice=notice,
        recipient=recipient_id,
        tasks=tuple(json.loads(keys)),
        rungs=rungs_of(marks),
        calendar=json.loads(calendar) if calendar else {},
        is_ladder=flag(rest[0]),
        is_paused=flag(rest[3]),
    )
    if challenge_id is not None:
        known = _of_challenge(link, challenge_id, said, at=claimed.at)
        known["stage_title"] = rest[2] or ""
    elif notice == LOG_HEAD:
        known = {"dates": {}, "people": {}, **_head_in(link, key)}
    else:  # what else is about no single challenge is a digest
        known = {"dates": {}, "people": {}, "portfolio": _portfolio(link, recipient_id, claimed.at)}
    title = str(said.calendar.get("title", ""))
    ids = {recipient_id, about_id, *ids_in(title)} - {None}
    named = people.named(link, ids)
    return Brief(
        id=claimed.id,
        message_key=key,
        created_at=moment(created_at) or claimed.at,
        notice=notice,
        recipient=named[recipient_id],
        about=named.get(about_id),
        is_ladder=said.is_ladder,
        is_urgent=flag(rest[1]),
        is_rehearsal=meta.is_rehearsal(link),
        is_revoked=flag(rest[4]),
        calendar={**said.calendar, "title": name_in(title, named)} if title else {},
        **{"notice_title": notice, "notice_says": "", **known},
    )


def _head_in(link: Link, key: str) -> dict[str, str]:
    """Return the signed head of the audit log that a message's key names by its size."""
    head = checkpoints.of_size(link, int(key.split("/")[1]))
    return {"notice_title": "The head of the audit log", "notice_says": head.note if head else ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A message that nobody has raised, as it would be now, and all who would get one.

    `is_bare` if it is a reminder of tasks of which none is there yet.
    """

    brief: Brief
    told: tuple[Person, ...]
    is_bare: bool


def preview_brief(
    link: Link, reference: str, notice: str, *, to: int | None, task: str, at: datetime
) -> Preview:
    """Return what a message would be made of, as things stand; nothing is written.

    It is for the first who would be told where nobody is named in `to`, and speaks of what it
    would speak of to them, or of the tasks that `task` names.

    Raises:
        NotFound: there is no such challenge, notice or task.
        InvalidInput: nobody would be told.
    """
    stored = challenges.load(link, reference)
    challenge = stored.challenge
    rulebook = rulebooks.fetch(link, challenge.content_hash)
    known = {**OWN_NOTICES, **rulebook.definition.notices}
    if notice not in known:
        raise NotFound("notice", notice, sorted(known))
    spec = rulebook.definition.notices.get(notice)
    found = addressed(rulebook, challenge, notice) if spec else ()
    one = _chosen(found, to)
    if one is None:
        text = f"nobody would get {notice} of {reference} now: name somebody with --to"
        raise InvalidInput(text)
    keys = _tasks_named(challenge, task) if task else one.tasks
    told = [other.recipient for other in found if other.recipient is not None]
    named = people.named(link, {*told, one.recipient or 0, one.about or 0})
    said = _Said(
        notice=notice, recipient=one.recipient or 0, tasks=keys, rungs={}, calendar={},
        is_ladder=False,
    )  # fmt: skip
    made = Brief(
        id=0,
        message_key=f"{reference}/{notice}/preview",
        created_at=at,
        notice=notice,
        recipient=named[said.recipient],
        about=named.get(one.about or 0),
        is_ladder=bool(keys),
        is_rehearsal=meta.is_rehearsal(link),
        stage_title=rulebook.definition.stages[challenge.stage].title,
        **{"notice_says": "", **_of_challenge(link, stored.id, said, at=at)},
    )
    is_bare = spec is not None and not spec.when and not keys
    return Preview(brief=made, told=tuple(named[who] for who in told), is_bare=is_bare)


def _chosen(found: Sequence[Addressed], to: int | None) -> Addressed | None:
    """Return to whom a preview goes; whoever would not be told gets what the first would."""
    told = [one for one in found if one.recipient is not None]
    if to is None:
        return next(iter(told), None)
    first = next((one for one in (*told, *found)), Addressed(recipient=to))
    return next((one for one in told if one.recipient == to), replace(first, recipient=to))


def _tasks_named(challenge: Challenge, task: str) -> tuple[str, ...]:
    """Return the tasks with a key, or of a kind."""
    every = challenge.tasks.values()
    keys = tuple(one.key for one in every if task in (one.key, one.spec))
    if not keys:
        raise NotFound("task", task, list(dict.fromkeys(one.spec for one in every)))
    return keys


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a notice of the outbox says."""

    notice: str
    recipient: int
    tasks: tuple[str, ...]
    rungs: Mapping[str, str]
    calendar: Mapping[str, Any]
    is_ladder: bool
    is_paused: bool = False


def _of_challenge(link: Link, challenge_id: int, said: _Said, *, at: datetime) -> dict[str, Any]:
    """Return what a message knows of its one challenge, and whether there is still need of it."""
    challenge = challenges.load_by_id(link, challenge_id).challenge
    rulebook = rulebooks.fetch(link, challenge.content_hash)
    definition, local = rulebook.definition, at.astimezone(rulebook.zone)
    still = {
        key
        for key in said.tasks
        if not said.is_ladder or _still_says(rulebook, challenge, said, key, at=at)
    }
    found: dict[str, Any] = {
        "reference": challenge.reference,
        "challenge_title": challenge.title,
        "client": challenge.client,
        "zone": definition.zone,
        "dates": _dates(challenge, definition),
        "people": _people(link, challenge),
        **_lines(link, challenge_id, challenge, said, wanted=still),
    }
    found["notice_title"] = definition.notice_title(said.notice)
    if said.notice in definition.notices:
        found["notice_says"] = definition.notices[said.notice].says or ""
    found["is_stale"] = (
        (said.is_ladder and not (found["lines"] or found["is_stopped"]))
        or (bool(said.calendar) and not _is_current(link, challenge_id, said, at=local))
        or (said.notice == ANSWER_GIVEN and not _is_answer_open(link, challenge, said))
    )
    return found


def _still_says(
    rulebook: Rulebook, challenge: Challenge, said: _Said, key: str, *, at: datetime
) -> bool:
    """Return whether a reminder would still be said of a task, to the same person."""
    task = challenge.tasks.get(key)
    if task is None:
        return False
    if task.spec not in rulebook.specs:
        return True  # of an earlier version of the definition: its line says how it stands
    rung = said.rungs.get(key)
    return is_still_said(rulebook, challenge, task, to=said.recipient, rung=rung, at=at)


def _is_current(link: Link, challenge_id: int, said: _Said, *, at: datetime) -> bool:
    entry = said.calendar
    return invitations.is_current(
        link,
        challenge_id,
        key=entry["key"],
        person=said.recipient,
        sequence=entry["sequence"],
        at=at,
    )


def _is_answer_open(link: Link, challenge: Challenge, said: _Said) -> bool:
    rows = answers.listed(link, reference=challenge.reference)
    return any(row.task in said.tasks for row in rows)


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
    link: Link, challenge_id: int, challenge: Challenge, said: _Said, *, wanted: Set[str]
) -> dict[str, Any]:
    if not wanted:
        return {"lines": (), "is_stopped": False}
    meant = tasks.lines_of(link, challenge_id, wanted)
    specs = {line.spec for line in meant}
    left = [line for line in meant if line.status in UNFINISHED]
    going = [line for line in left if not line.is_held]
    return {
        "lines": tasks.with_titles(link, going if said.is_ladder else meant),
        "all_lines_count": sum(
            task.spec in specs and task.status in UNFINISHED and not is_held(challenge, task)
            for task in challenge.tasks.values()
        ),
        "is_stopped": said.is_ladder and bool(left) and (said.is_paused or not going),
    }


def _portfolio(link: Link, recipient_id: int, at: datetime) -> tuple[queries.ListRow, ...]:
    today = at.astimezone(ZoneInfo(DEFAULT_ZONE)).date()
    wanted = queries.Wanted(member=recipient_id)
    return tuple(queries.portfolio(link, queries.Now(at, today), wanted))
