"""What people were granted, and what else binds them to challenges: one query a function.

Reading commands come through here, so nothing in it loads pydantic or SQLAlchemy.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from workflow.model.access.permissions import ROLES, Permission, Role
from workflow.model.access.relations import (
    Actor,
    Grant,
    Place,
    Relation,
    is_told_by_key,
    stands_for,
)
from workflow.model.errors import NotFound
from workflow.store.link import Link, flag, moment

_OFFICE = """
SELECT 'office' AS kind, CAST(p.id AS VARCHAR) AS number, '' AS role, '' AS reference, '' AS hash
FROM person p WHERE p.id = :person AND p.is_administrator AND p.forgotten_at IS NULL
"""
_GRANTS = """
SELECT 'grant', CAST(g.id AS VARCHAR), g.role, coalesce(c.reference, ''), ''
FROM access_grant g LEFT JOIN challenge c ON c.id = g.challenge_id
WHERE g.person_id = :person AND g.revoked_at IS NULL
"""
_PLACES = """
SELECT CASE WHEN m.until IS NULL THEN 'place' ELSE 'past' END, '', m.role, c.reference,
    c.definition_hash
FROM member m JOIN challenge c ON c.id = m.challenge_id WHERE m.person_id = :person
"""
_THERE = """
SELECT 'there', CAST(c.id AS VARCHAR), '', c.reference, '' FROM challenge c
WHERE c.reference = :reference
"""


def _united(*queries: str) -> str:
    return " UNION ALL ".join(queries)


_OF_ALL = _united(_OFFICE, f"{_GRANTS} AND g.challenge_id IS NULL")
_ANYWHERE = _united(_OFFICE, _GRANTS, f"{_PLACES} AND m.until IS NULL")
_OF_ONE = _united(
    _OFFICE,
    f"{_GRANTS} AND (g.challenge_id IS NULL OR c.reference = :reference)",
    f"{_PLACES} AND c.reference = :reference",
    _THERE,
)
_ACTOR = """
SELECT p.is_administrator AND p.forgotten_at IS NULL, g.id, g.role, c.reference
FROM person p LEFT JOIN access_grant g ON g.person_id = p.id AND g.revoked_at IS NULL
LEFT JOIN challenge c ON c.id = g.challenge_id
WHERE p.id = :person
"""
_MODEL = "SELECT model FROM definition WHERE content_hash = :content_hash"
_GIVE = """
INSERT INTO access_grant
    (person_id, role, challenge_id, granted_at, granted_by, revoked_at, revoked_by)
VALUES (:person, :role, :challenge_id, :at, :by, NULL, NULL) RETURNING id
"""
_REVOKE = """
UPDATE access_grant SET revoked_at = :at, revoked_by = :by WHERE id = :id AND revoked_at IS NULL
"""
_REVOKE_OFFICE = "UPDATE person SET is_administrator = FALSE WHERE id = :person"
_COLUMNS = """
g.id, g.person_id, p.name, p.email, g.role, c.reference, g.challenge_id, g.granted_at, g.granted_by,
g.revoked_at, g.revoked_by
"""
_FROM = """
FROM access_grant g JOIN person p ON p.id = g.person_id
LEFT JOIN challenge c ON c.id = g.challenge_id
"""
_LISTED = f"""
SELECT {_COLUMNS} {_FROM}
WHERE (CAST(:person AS INTEGER) IS NULL OR g.person_id = :person)
    AND (:with_revoked OR g.revoked_at IS NULL)
ORDER BY g.id
"""
_ONE = f"SELECT {_COLUMNS} {_FROM} WHERE g.id = :id"
_ADMINISTRATORS = """
SELECT p.id, p.name, p.email FROM person p WHERE p.forgotten_at IS NULL AND (
    p.is_administrator OR EXISTS (
        SELECT 1 FROM access_grant g
        WHERE g.person_id = p.id AND g.role = 'administrator' AND g.revoked_at IS NULL
    )
) ORDER BY p.id
"""
_OFFICES = """
SELECT id, name, email FROM person WHERE is_administrator AND forgotten_at IS NULL ORDER BY id
"""
_ID_OF = "SELECT id FROM challenge WHERE reference = :reference"
_SOME_REFERENCES = "SELECT reference FROM challenge ORDER BY reference LIMIT 1000"
_CHALLENGE_OF = {
    "message": """
        SELECT c.reference, o.recipient_id FROM outbox o
        LEFT JOIN challenge c ON c.id = o.challenge_id WHERE o.id = :id
    """,
    "answer": """
        SELECT c.reference, a.person_id FROM answer a
        LEFT JOIN challenge c ON c.id = a.challenge_id WHERE a.id = :id
    """,
    "mail": """
        SELECT c.reference, NULL FROM incoming i
        LEFT JOIN challenge c ON c.id = i.challenge_id WHERE i.id = :id
    """,
    "certificate": """
        SELECT c.reference, NULL FROM certificate t
        LEFT JOIN challenge c ON c.id = t.challenge_id WHERE t.number = :id
    """,
}
_ON_TEAMS = """
SELECT DISTINCT other.person_id FROM member mine
JOIN member other ON other.challenge_id = mine.challenge_id AND other.until IS NULL
WHERE mine.person_id = :person AND mine.until IS NULL
"""

_sides: dict[str, dict[str, str]] = {}  # a hash never means anything else


class Given(NamedTuple):
    """A grant as it is kept, revoked or not; without `reference`, for all challenges."""

    id: int
    person: int
    name: str
    email: str
    role: Role
    reference: str | None
    challenge_id: int | None
    at: datetime | None
    by: int | None
    revoked_at: datetime | None
    revoked_by: int | None


class Officer(NamedTuple):
    """Somebody who is an administrator."""

    id: int
    name: str
    email: str


def asker(link: Link, person: int) -> Actor:
    """Return somebody as who asks, with all that they were granted. One query.

    Raises:
        NotFound: there is no such person.
    """
    rows = link.rows(_ACTOR, person=person)
    if not rows:
        raise NotFound("person with the id", str(person), ())
    given = tuple(
        Grant(id=number, role=Role(role), reference=reference)
        for _, number, role, reference in rows
        if number is not None
    )
    is_granted = any(one.role is Role.ADMINISTRATOR for one in given)
    return Actor(id=person, is_administrator=flag(rows[0][0]) or is_granted, grants=given)


def of_all(link: Link, person: int) -> Relation:
    """Return what somebody may do for the programme as a whole. One query."""
    return _related(link, person, link.rows(_OF_ALL, person=person))


def anywhere(link: Link, person: int, permission: Permission) -> Relation:
    """Return what binds somebody to any challenge, to ask whether they have a permission there."""
    rows = link.rows(_ANYWHERE, person=person)
    return _related(link, person, rows, permission=permission)


def of_one(link: Link, person: int, reference: str, *, permission: Permission) -> Relation | None:
    """Return what binds somebody to a challenge, to ask for a permission; None: there is none.

    One query, and a second one where a definition must be asked on whose side a role is.
    """
    rows = link.rows(_OF_ONE, person=person, reference=reference)
    if all(row[0] != "there" for row in rows):
        return None
    return _related(link, person, rows, reference=reference, permission=permission)


def _related(
    link: Link,
    person: int,
    rows: list[tuple[Any, ...]],
    *,
    reference: str = "",
    permission: Permission | None = None,
) -> Relation:
    """Return a relation; sides are looked up only where they could make a difference."""
    grants = tuple(
        Grant(id=int(number), role=Role(role), reference=of or None)
        for kind, number, role, of, _ in rows
        if kind == "grant"
    )
    is_asked = permission is not None and permission not in ROLES[Role.PEER]
    places = tuple(
        Place(key=key, reference=of, role=stands_for(key, _side(link, content_hash, key, is_asked)))
        for kind, _, key, of, content_hash in rows
        if kind == "place"
    )
    kinds = {row[0] for row in rows}
    return Relation(
        person=person,
        reference=reference,
        is_administrator="office" in kinds,
        grants=grants,
        places=tuple(dict.fromkeys(places)),
        was_here="past" in kinds and not places,
    )


def _side(link: Link, content_hash: str, key: str, is_asked: bool) -> str:  # noqa: FBT001
    if not is_asked or is_told_by_key(key):
        return ""
    if content_hash not in _sides:
        import json  # few commands come here, and many start

        row = link.row(_MODEL, content_hash=content_hash)
        roles = json.loads(row[0])["roles"] if row else {}
        _sides[content_hash] = {name: role["side"] for name, role in roles.items()}
    return _sides[content_hash].get(key, "")


def visible(link: Link, person: int, permission: Permission) -> frozenset[str] | None:
    """Return the challenges in which somebody has a permission; None means in all."""
    found = anywhere(link, person, permission)
    if found.is_administrator:
        return None
    having = [one for one in found.rights if permission in ROLES[one.role]]
    references = {one.reference for one in having}
    return None if None in references else frozenset(one for one in references if one)


def teammates(link: Link, person: int) -> frozenset[int]:
    """Return who is on a team with somebody now, and they themselves."""
    return frozenset(other for (other,) in link.rows(_ON_TEAMS, person=person)) | {person}


def whereabouts(link: Link, kind: str, number: int | str) -> tuple[str | None, int | None]:
    """Return the challenge that a message or such belongs to, and whose it is.

    Raises:
        NotFound: there is none with the number.
    """
    row = link.row(_CHALLENGE_OF[kind], id=number)
    if row is None:
        raise NotFound(kind, str(number), ())
    return row[0], row[1]


def give(
    link: Link, *, person: int, role: Role, challenge_id: int | None, at: datetime, by: int
) -> int:
    """Give somebody a role of access, in a challenge or in all; return the grant's id."""
    return link.insert(
        _GIVE, person=person, role=role.value, challenge_id=challenge_id, at=at, by=by
    )


def revoke(link: Link, number: int, *, at: datetime, by: int) -> bool:
    """Take a grant back; return whether it still stood."""
    return link.execute(_REVOKE, id=number, at=at, by=by) == 1


def revoke_office(link: Link, person: int) -> None:
    """Let somebody be an administrator no more who was made one when they were added."""
    link.execute(_REVOKE_OFFICE, person=person)


def one(link: Link, number: int) -> Given:
    """Return a grant.

    Raises:
        NotFound: there is none with this number.
    """
    row = link.row(_ONE, id=number)
    if row is None:
        raise NotFound("grant", str(number), ())
    return _given(row)


def listed(link: Link, *, person: int | None = None, with_revoked: bool = False) -> list[Given]:
    """Return the grants that stand, in the order of giving; of one person, or with the revoked."""
    rows = link.rows(_LISTED, person=person, with_revoked=with_revoked)
    return [_given(row) for row in rows]


def administrators(link: Link) -> list[Officer]:
    """Return who may do everything, by office or by grant."""
    return [Officer(*row) for row in link.rows(_ADMINISTRATORS)]


def offices(link: Link) -> list[Officer]:
    """Return who was made an administrator when they were added, and has not lost it since."""
    return [Officer(*row) for row in link.rows(_OFFICES)]


def lock(link: Link) -> None:
    """Let nobody else take access back until the transaction ends; SQLite lets nobody anyway."""
    if link.is_writing and link.dialect == "postgresql":
        link.execute("LOCK TABLE access_grant IN SHARE ROW EXCLUSIVE MODE")


def references(link: Link) -> list[str]:
    """Return the references of challenges, a thousand at most: for an error to name the nearest."""
    return [reference for (reference,) in link.rows(_SOME_REFERENCES)]


def challenge_id(link: Link, reference: str) -> int | None:
    """Return the id of a challenge; None where there is none."""
    row = link.row(_ID_OF, reference=reference)
    return int(row[0]) if row else None


def _given(row: Iterable[Any]) -> Given:
    number, person, name, email, role, reference, of, at, by, revoked_at, revoked_by = row
    return Given(
        id=number,
        person=person,
        name=name,
        email=email,
        role=Role(role),
        reference=reference,
        challenge_id=of,
        at=moment(at),
        by=by,
        revoked_at=moment(revoked_at),
        revoked_by=revoked_by,
    )
