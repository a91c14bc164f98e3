"""What lists and reports show of challenges, messages and history: one function, one query.

Reading commands come through here, so nothing in it loads pydantic or SQLAlchemy.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from workflow.model.standing import Dates, Standing, standing_of
from workflow.store.link import Link, day, flag, moment

LATE = """
t.status IN ('open', 'pending') AND NOT t.is_held AND (
    t.limit_at < :at OR (t.limit_at IS NULL AND COALESCE(t.limit_on, t.target_on) < :today)
)
"""
EVERYTHING = 1_000_000

# the counts go through an index for each row of the page, so that a page costs what it shows
_OF_REFERENCE = "AND reference = :reference"
_OF_MEMBER = """
AND id IN (SELECT challenge_id FROM member WHERE person_id = :member AND until IS NULL)
"""


def _portfolio(*, of_reference: str, of_member: str) -> str:
    """Return the query with the conditions that there are: an OR would pass by the indexes."""
    return f"""
SELECT c.reference, c.title, c.client, c.definition, c.definition_version,
    c.stage, c.stage_title, c.is_final, c.is_paused, c.due_soon,
    c.next_key, c.next_title, c.next_target_on, c.next_limit_on, c.next_limit_at,
    whose.name, next.day, m.id, m.name, m.email,
    (SELECT count(*) FROM task t WHERE t.challenge_id = c.id AND NOT c.is_paused AND {LATE}),
    (SELECT count(*) FROM task t WHERE t.challenge_id = c.id AND t.status = 'open')
FROM (
    SELECT * FROM challenge
    WHERE reference > :after AND (:with_final OR NOT is_final) {of_reference} {of_member}
    ORDER BY reference LIMIT :limit
) c
LEFT JOIN person m ON m.id = c.manager
LEFT JOIN task next ON next.challenge_id = c.id AND next.key = c.next_key
LEFT JOIN person whose ON whose.id = next.person
ORDER BY c.reference
"""  # noqa: S608 (our own text)


_PORTFOLIO = {
    (False, False): _portfolio(of_reference="", of_member=""),
    (False, True): _portfolio(of_reference="", of_member=_OF_MEMBER),
    (True, False): _portfolio(of_reference=_OF_REFERENCE, of_member=""),
    (True, True): _portfolio(of_reference=_OF_REFERENCE, of_member=_OF_MEMBER),
}
_TEAM = """
SELECT m.role, m.person_id, p.name, p.email, p.organisation, m.since, m.until
FROM challenge c JOIN member m ON m.challenge_id = c.id JOIN person p ON p.id = m.person_id
WHERE c.reference = :reference ORDER BY m.position
"""
_LOG = """
SELECT e.seq, e.at, e.actor, p.name, e.kind, e.body, e.source, e.command_id
FROM challenge c JOIN event e ON e.challenge_id = c.id LEFT JOIN person p ON p.id = e.actor
WHERE c.reference = :reference ORDER BY e.seq
"""


_CLASHES = """
SELECT b.person_id, c.reference, b.first_on, b.last_on
FROM booking b JOIN challenge c ON c.id = b.challenge_id
WHERE b.first_on <= :last_on AND b.last_on >= :first_on AND c.reference <> :reference
ORDER BY b.first_on, c.reference, b.person_id
"""
_ON_SITE = """
SELECT reference, definition_hash FROM challenge
WHERE busy_from <= :on AND busy_to >= :on ORDER BY reference
"""


class Now(NamedTuple):
    """The moment for which a list is made, and its local day."""

    at: datetime
    today: date


class Named(NamedTuple):
    """A person as a list names them."""

    id: int
    name: str
    email: str = ""


class ListRow(NamedTuple):
    """A challenge in a portfolio. `late` and `open` count its tasks; `next_title` is filled in."""

    reference: str
    title: str
    client: str
    definition: str
    definition_version: str
    stage: str
    stage_title: str
    is_final: bool
    is_paused: bool
    standing: Standing
    next_key: str | None
    next_title: str
    next_target_on: date | None
    next_limit_on: date | None
    late: int
    open: int
    challenge_manager: Named | None


class MemberRow(NamedTuple):
    """A person in a role; `until` is the day on which they left, if they did."""

    role: str
    person: Named
    organisation: str
    since: date | None
    until: date | None


class LogRow(NamedTuple):
    """An event as the log shows it; `facts` are its own, as JSON values; persons are ids."""

    seq: int
    at: datetime | None
    actor: Named | None
    kind: str
    facts: Mapping[str, Any]
    source: str
    command_id: str | None


class Wanted(NamedTuple):
    """Which challenges a portfolio is to have; nothing said means all that go on.

    `member` (an id) picks those with that person on the team; `after` (a reference) and `limit`
    make pages.
    """

    reference: str | None = None
    member: int | None = None
    with_final: bool = False
    after: str = ""
    limit: int = EVERYTHING


def portfolio(link: Link, now: Now, wanted: Wanted) -> list[ListRow]:
    """Return challenges by reference. One query."""
    rows = link.rows(
        _PORTFOLIO[wanted.reference is not None, wanted.member is not None],
        at=now.at,
        today=now.today,
        after=wanted.after,
        limit=wanted.limit,
        member=wanted.member,
        reference=wanted.reference,
        with_final=wanted.with_final,
    )
    return [_list_row(row, now) for row in rows]


def _list_row(row: tuple[Any, ...], now: Now) -> ListRow:
    next_key, next_title, target_on, limit_on, limit_at, whose, next_day = row[10:17]
    manager_id, manager, manager_email, late, opened = row[17:]
    is_final, is_paused, due_soon = flag(row[7]), flag(row[8]), row[9]
    standing = standing_of(
        Dates(
            status="open",
            target_on=day(target_on),
            limit_on=day(limit_on),
            limit_at=moment(limit_at),
        ),
        at=now.at,
        today=now.today,
        due_soon=due_soon,
        is_paused=is_paused,
    )
    if late:
        standing = Standing.LATE
    elif is_final and next_key is None:
        standing = Standing.MET
    return ListRow(
        reference=row[0],
        title=row[1],
        client=row[2],
        definition=row[3],
        definition_version=row[4],
        stage=row[5],
        stage_title=row[6],
        is_final=is_final,
        is_paused=is_paused,
        standing=standing,
        next_key=next_key,
        next_title=filled_in(next_title, person=whose, on=day(next_day)),
        next_target_on=day(target_on),
        next_limit_on=day(limit_on),
        late=late,
        open=opened,
        challenge_manager=Named(manager_id, manager, manager_email) if manager_id else None,
    )


def team(link: Link, reference: str) -> list[MemberRow]:
    """Return who is and who was on the team, in the order of joining. One query."""
    return [
        MemberRow(
            role=row[0],
            person=Named(row[1], row[2], row[3]),
            organisation=row[4],
            since=day(row[5]),
            until=day(row[6]),
        )
        for row in link.rows(_TEAM, reference=reference)
    ]


def log(link: Link, reference: str) -> list[LogRow]:
    """Return the history of a challenge, refusals included, in order. One query."""
    return [
        LogRow(
            seq=row[0],
            at=moment(row[1]),
            actor=Named(row[2], row[3] or "") if row[2] is not None else None,
            kind=row[4],
            facts=_facts(row[5]),
            source=row[6],
            command_id=row[7],
        )
        for row in link.rows(_LOG, reference=reference)
    ]


def _facts(body: str) -> dict[str, Any]:
    import json  # lists, which start often, have none

    facts: dict[str, Any] = json.loads(body)
    return {name: value for name, value in facts.items() if name not in {"at", "actor"}}


def filled_in(title: str, *, person: str | None, on: date | None) -> str:
    """Return a task's title with the name of its person and its day in words."""
    named = title.replace("{person}", person) if person else title
    if on is None:
        return named
    from workflow.model.calendar import in_words

    return named.replace("{day}", in_words(on))


class Clash(NamedTuple):
    """A person who is booked for another challenge on some of the same days (both included)."""

    person: int
    reference: str
    first_on: date | None
    last_on: date | None


def clashes(
    link: Link, reference: str, people: Iterable[int], *, first_on: date, last_on: date
) -> list[Clash]:
    """Return where `people` are booked elsewhere between two days. One query."""
    rows = link.rows(_CLASHES, reference=reference, first_on=first_on, last_on=last_on)
    wanted = set(people)
    return [
        Clash(person=row[0], reference=row[1], first_on=day(row[2]), last_on=day(row[3]))
        for row in rows
        if row[0] in wanted
    ]


def on_site(link: Link, on: date) -> list[tuple[str, str]]:
    """Return the challenges that are on site on a day, each with the hash of its definition."""
    return [(reference, kept) for reference, kept in link.rows(_ON_SITE, on=on)]
