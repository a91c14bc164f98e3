"""People: the only place where names and addresses are kept, sealed with a key of each one's own.

Events hold their ids.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, Required, TypedDict, Unpack

from workflow.model.errors import InvalidInput, NotFound
from workflow.model.people import Person
from workflow.store.keeping.marks import DESTROYED
from workflow.store.link import Link, day, flag

_COLUMNS = "id, name, email, organisation, phone, capabilities, is_administrator"
_ADD = """
INSERT INTO person (
    name, email, email_folded, organisation, phone, capabilities, is_administrator, key_id
) VALUES (
    :name, :email, :email_folded, :organisation, :phone, :capabilities, :is_administrator, :key_id
)
ON CONFLICT (email_folded) DO NOTHING
RETURNING id
"""
_CHANGE = """
UPDATE person
SET name = :name, email = :email, email_folded = :email_folded, organisation = :organisation,
    phone = :phone
WHERE id = :id AND forgotten_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM person p WHERE p.email_folded = :email_folded AND p.id <> :id
)
"""
_BY_ID = f"SELECT {_COLUMNS} FROM person WHERE id = :id"  # noqa: S608 (our own columns)
_BY_EMAIL = f"SELECT {_COLUMNS} FROM person WHERE email_folded = :email"  # noqa: S608
_ALONE = " FOR UPDATE"  # PostgreSQL: whoever changes them, too, waits
_ID_BY_ID = "SELECT id FROM person WHERE id = :id"
_ID_BY_EMAIL = "SELECT id FROM person WHERE email_folded = :email"
_ALL = f"SELECT {_COLUMNS} FROM person ORDER BY id"  # noqa: S608
_NAMED = {
    "sqlite": f"SELECT {_COLUMNS} FROM person"  # noqa: S608
    " WHERE id IN (SELECT value FROM json_each(:ids))",
    "postgresql": f"SELECT {_COLUMNS} FROM person WHERE id = ANY(:ids)",  # noqa: S608
}
_ACTIVE = """
SELECT c.definition_hash, m.role, m.person_id, min(m.since)
FROM challenge c JOIN member m ON m.challenge_id = c.id
WHERE NOT c.is_final AND m.until IS NULL
GROUP BY c.definition_hash, m.role, m.person_id
ORDER BY m.person_id
"""
_EMAILS = "SELECT email FROM person WHERE forgotten_at IS NULL ORDER BY id LIMIT 1000"
_SEALED = "SELECT 1 FROM person WHERE key_id IS NOT NULL LIMIT 1"
_KEY = "SELECT key_id FROM person WHERE id = :id"
_KNOWN = "SELECT forgotten_at IS NOT NULL FROM person WHERE id = :id"
_SHARED = " FOR SHARE"  # PostgreSQL: whoever forgets them waits, or has done so

_KEY_OF_READER = """
SELECT p.key_id, p.forgotten_at IS NOT NULL
FROM outbox o JOIN person p ON p.id = o.recipient_id WHERE o.id = :id
"""
_KEYS_OF_NOTE = """
SELECT c.key_id, p.key_id
FROM incoming i LEFT JOIN challenge c ON c.id = i.challenge_id
LEFT JOIN outbox o ON o.id = i.outbox_id
LEFT JOIN person p ON p.id = coalesce(i.person_id, o.sent_to_id, o.recipient_id)
WHERE i.id = :id
"""
_KEYS_OF_MAIL = """
SELECT (SELECT key_id FROM challenge WHERE id = :challenge_id),
    (SELECT key_id FROM person WHERE id = :person_id)
"""

_MOST_LETTERS = 200
_MOST_ID = 2**31 - 1
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_CAPABILITY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")


class Facts(TypedDict, total=False):
    """What is known of a person: `name` and `email` at least."""

    name: Required[str]
    email: Required[str]
    organisation: str
    phone: str
    capabilities: Sequence[str]
    is_administrator: bool


class Active(NamedTuple):
    """A person in a role of at least one open challenge of a definition, since a day."""

    content_hash: str
    role: str
    person: int
    since: date


def active(link: Link) -> Iterator[Active]:
    """Yield who has which role in any open challenge, each once a definition. One query."""
    for content_hash, role, person, since in link.rows(_ACTIVE):
        joined_on = day(since)
        if joined_on is not None:
            yield Active(content_hash=content_hash, role=role, person=person, since=joined_on)


def add(link: Link, **facts: Unpack[Facts]) -> Person:
    """Add a person.

    Raises:
        InvalidInput: something cannot be used, or the address is somebody else's already.
    """
    values = {
        "name": _line("name", facts["name"], is_needed=True),
        "email": _address(facts["email"]),
        "organisation": _line("organisation", facts.get("organisation", "")),
        "phone": _line("phone", facts.get("phone", "")),
    }
    words = tuple(dict.fromkeys(_capability(word) for word in facts.get("capabilities", ())))
    is_administrator = facts.get("is_administrator", False)
    key_id = link.new_key()
    row = link.row(
        _ADD,
        **{name: link.seal(text, key_id) for name, text in values.items()},
        email_folded=_folded(link, values["email"]),
        capabilities=",".join(words),
        is_administrator=is_administrator,
        key_id=key_id,
    )
    if row is None:
        if key_id:
            link.vault.destroy(key_id)  # of nobody
        raise InvalidInput(f"there is already a person with the e-mail address {values['email']}")
    return Person(id=row[0], **values, capabilities=words, is_administrator=is_administrator)


def change(link: Link, who: int, **facts: str) -> Person:
    """Give a person another name, email, organisation or phone; return them as they are then.

    Raises:
        InvalidInput: something cannot be used, the address is somebody else's already, or they
            were forgotten.
        NotFound: there is nobody with this id.
    """
    alone = _BY_ID + _ALONE if link.dialect == "postgresql" else _BY_ID
    person = _person(_sought(link, str(who), by_id=alone, by_email=_BY_EMAIL))
    require_known(link, person.id)
    values = {
        "name": _line("name", facts.get("name", person.name), is_needed=True),
        "email": _address(facts.get("email", person.email)),
        "organisation": _line("organisation", facts.get("organisation", person.organisation)),
        "phone": _line("phone", facts.get("phone", person.phone)),
    }
    key_id = key_of(link, person.id)
    sealed = {name: link.seal(text, key_id) for name, text in values.items()}
    folded = _folded(link, values["email"])
    if link.execute(_CHANGE, id=person.id, **sealed, email_folded=folded) != 1:
        raise InvalidInput(f"there is already a person with the e-mail address {values['email']}")
    return Person(
        id=person.id,
        capabilities=person.capabilities,
        is_administrator=person.is_administrator,
        **values,
    )


def require_known(link: Link, *ids: int) -> None:
    """Refuse to bring in again whoever was forgotten; until the transaction ends nobody of them is.

    Raises:
        InvalidInput: one of them was.
    """
    sql = _KNOWN + _SHARED if link.is_writing and link.dialect == "postgresql" else _KNOWN
    for person in sorted(ids):
        row = link.row(sql, id=person)
        if row is not None and flag(row[0]):
            raise InvalidInput(
                f"person {person} was forgotten: nobody knows who that is; add them as a new person"
            )


def find(link: Link, who: str) -> Person:
    """Return the person with an e-mail address or an id.

    Raises:
        NotFound: there is none; the nearest addresses are named.
    """
    return _person(_sought(link, who, by_id=_BY_ID, by_email=_BY_EMAIL))


def identify(link: Link, who: str) -> int:
    """Return the id of the person with an e-mail address or an id; nothing sealed is opened.

    Raises:
        NotFound: there is none; the nearest addresses are named.
    """
    return int(_sought(link, who, by_id=_ID_BY_ID, by_email=_ID_BY_EMAIL)[0])


def with_address(link: Link, address: str) -> int | None:
    """Return the id of the person who has an e-mail address, if anybody has."""
    row = link.row(_ID_BY_EMAIL, email=_folded(link, address))
    return row[0] if row else None


def _sought(link: Link, who: str, *, by_id: str, by_email: str) -> tuple[Any, ...]:
    wanted = who.strip()
    if wanted.isdecimal() and len(wanted) <= len(str(_MOST_ID)) and int(wanted) <= _MOST_ID:
        row = link.row(by_id, id=int(wanted))
    else:
        row = link.row(by_email, email=_folded(link, wanted))
    if row is None:
        raise NotFound("person", who, [email for (email,) in link.rows(_EMAILS)])
    return row


def named(link: Link, ids: Iterable[int]) -> dict[int, Person]:
    """Return the people with these ids. One query."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    given = str(wanted) if link.dialect == "sqlite" else wanted  # as JSON has it, too
    return {row[0]: _person(row) for row in link.rows(_NAMED[link.dialect], ids=given)}


def key_of(link: Link, person: int | None) -> str | None:
    """Return the key under which what is said of somebody is sealed; None for nobody."""
    row = link.row(_KEY, id=person)
    return row[0] if row else None


def is_sealed(link: Link) -> bool:
    """Return whether what is known of people can be read with keys only."""
    return link.row(_SEALED) is not None


def everybody(link: Link) -> list[Person]:
    """Return all people, those added first leading."""
    return [_person(row) for row in link.rows(_ALL)]


def seal_message(
    link: Link, message_id: int, text: str | None, *, by: int | None = None
) -> str | None:
    """Return what is kept of a text of a message: sealed with its reader's key, and its writer's.

    Nothing is, of one that was on its way when its reader was forgotten.
    """
    if not text:
        return text
    row = link.row(_KEY_OF_READER, id=message_id)
    if row is not None and flag(row[1]):
        return DESTROYED
    return link.seal(text, row[0] if row else None, key_of(link, by))


def seal_note(link: Link, mail_id: int, text: str) -> str:
    """Return what is kept of a note on a mail that came in, as far as it is known of whom."""
    return link.seal(text, *(link.row(_KEYS_OF_NOTE, id=mail_id) or ()))


def seal_mail(
    link: Link, *texts: str, challenge_id: int | None, person_id: int | None
) -> tuple[str, ...]:
    """Return what is kept of the texts of a mail that came in, as far as it is known whose."""
    row = link.row(_KEYS_OF_MAIL, challenge_id=challenge_id, person_id=person_id)
    return tuple(link.seal(text, *(row or ())) for text in texts)


def _folded(link: Link, email: str) -> str:
    """Return under what an address is found, however it is capitalised."""
    return link.digest(email.casefold())


def _person(row: tuple[Any, ...]) -> Person:
    return Person(
        id=row[0],
        name=row[1],
        email=row[2],
        organisation=row[3],
        phone=row[4],
        capabilities=tuple(row[5].split(",")) if row[5] else (),
        is_administrator=flag(row[6]),
    )


def _line(what: str, text: str, *, is_needed: bool = False) -> str:
    """Return `text` without outer spaces; it goes into headers, so it must be one plain line."""
    stripped = text.strip()
    if is_needed and not stripped:
        raise InvalidInput(f"the {what} is empty")
    if len(stripped) > _MOST_LETTERS:
        raise InvalidInput(f"the {what} is longer than {_MOST_LETTERS} letters")
    if _CONTROL.search(stripped):
        raise InvalidInput(
            f"the {what} {stripped!r} has a control character, a line break or =? in it;"
            " allowed is one line of plain text"
        )
    return stripped


def _address(email: str) -> str:
    address = _line("e-mail address", email, is_needed=True)
    local = address.partition("@")[0]
    if not _ADDRESS.fullmatch(address) or local != local.strip(".") or ".." in local:
        raise InvalidInput(
            f"{address!r} is not an e-mail address; allowed is one, such as jo.bell@council.example"
        )
    return address


def _capability(word: str) -> str:
    stripped = word.strip()
    if not _CAPABILITY.fullmatch(stripped):
        message = "allowed are small letters, digits and _, such as senior_officer"
        raise InvalidInput(f"{word!r} is not a capability; {message}")
    return stripped
