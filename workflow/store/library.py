"""Definitions as they were when challenges began under them, by the hash of their text."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from workflow.model.errors import NotFound
from workflow.store.link import Link, moment
from workflow.store.log import entries

if TYPE_CHECKING:
    from workflow.model.definition import Definition

_KEEP = """
INSERT INTO definition (content_hash, name, version, title, text, model, added_at)
VALUES (:content_hash, :name, :version, :title, :text, :model, :at)
ON CONFLICT (content_hash) DO NOTHING
"""
_FETCH = "SELECT model FROM definition WHERE content_hash = :content_hash"
_TEXT = "SELECT text FROM definition WHERE content_hash = :content_hash"
_LATEST = """
SELECT content_hash FROM definition WHERE name = :name ORDER BY added_at DESC, content_hash LIMIT 1
"""
_KEPT_LAST = "SELECT max(added_at) FROM definition WHERE name = :name"
_LISTED = """
SELECT d.name, d.version, d.title, d.content_hash, d.added_at,
    (SELECT count(*) FROM challenge c WHERE c.definition_hash = d.content_hash)
FROM definition d ORDER BY d.name, d.added_at, d.content_hash
"""

_MOST_CACHED = 64
_cache: dict[str, "Definition"] = {}  # a hash never means anything else


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A definition that is kept; `challenges` is how many run or ran under it."""

    name: str
    version: str
    title: str
    content_hash: str
    added_at: datetime | None
    challenges: int


class Offered(NamedTuple):
    """A definition by its hash; `definition` and `text` where it may not be kept yet."""

    content_hash: str
    definition: "Definition | None" = None
    text: str = ""


def keep(
    link: Link, *, content_hash: str, definition: "Definition", text: str, at: datetime
) -> bool:
    """Keep a definition with the text it came from; return whether it was not kept already.

    It is later than what was kept before it under its name, whatever the clock says.
    """
    row = link.row(_KEPT_LAST, name=definition.definition)
    last = moment(row[0]) if row else None
    done = link.execute(
        _KEEP,
        content_hash=content_hash,
        name=definition.definition,
        version=definition.version,
        title=definition.title,
        text=text,
        model=definition.model_dump_json(by_alias=True, exclude_unset=True),
        at=at if last is None or at > last else last + timedelta(microseconds=1),
    )
    return done == 1


def adopt(link: Link, offered: Offered, *, at: datetime, actor: int, authority: str) -> None:
    """Keep a definition that something is to go on under, and enter it, unless it is kept."""
    definition = offered.definition
    if definition is None or not keep(
        link, content_hash=offered.content_hash, definition=definition, text=offered.text, at=at
    ):
        return
    doing = entries.Doing(
        at=at,
        actor=actor,
        action="definition_kept",
        source="cli",
        authority=authority,
        detail={"definition": definition.definition, "hash": offered.content_hash},
    )
    entries.put(link, doing)


def know(content_hash: str, definition: "Definition") -> None:
    """Have a definition at hand for `fetch` although it is not kept: for a look ahead."""
    if len(_cache) >= _MOST_CACHED:
        _cache.clear()
    _cache[content_hash] = definition


def fetch(link: Link, content_hash: str) -> "Definition":
    """Return the definition with a hash; each is read once and then remembered.

    Raises:
        NotFound: it was never kept.
    """
    known = _cache.get(content_hash)
    if known is not None:
        return known
    from workflow.model.definition import Definition

    row = link.row(_FETCH, content_hash=content_hash)
    if row is None:
        raise NotFound("definition with the hash", content_hash, ())
    definition = Definition.model_validate_json(row[0])
    know(content_hash, definition)
    return definition


def text_of(link: Link, content_hash: str) -> str:
    """Return the text that a definition came from, letter by letter.

    Raises:
        NotFound: it was never kept.
    """
    row = link.row(_TEXT, content_hash=content_hash)
    if row is None:
        raise NotFound("definition with the hash", content_hash, ())
    return str(row[0])


def latest(link: Link, name: str) -> str | None:
    """Return the hash of what was kept last under a name."""
    row = link.row(_LATEST, name=name)
    return row[0] if row else None


def listed(link: Link) -> list[Listed]:
    """Return what is kept, by name, the oldest first. One query."""
    return [
        Listed(
            name=row[0],
            version=row[1],
            title=row[2],
            content_hash=row[3],
            added_at=moment(row[4]),
            challenges=row[5],
        )
        for row in link.rows(_LISTED)
    ]


def forget() -> None:
    """Forget what was read: the next `fetch` reads it anew, as another process would."""
    _cache.clear()
