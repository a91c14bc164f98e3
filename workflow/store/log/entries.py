"""Entries of the audit log: what was asked for, by whom, with what result; in its transaction.

An entry of a challenge names the digest of the one before it and of the events that it brought.
Its text is kept exactly as it was hashed; nobody changes or deletes it (see `triggers`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from workflow.model.log.merkle import leaf_hash
from workflow.model.log.texts import moment_text
from workflow.store.link import Link

_PUT = """
INSERT INTO entry (challenge_id, at, body, digest) VALUES (:challenge_id, :at, :body, :digest)
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Something that was done or refused. `detail` has ids only, and no words of people.

    `authority` is the role by which it was allowed, `session` who was logged in.
    """

    at: datetime
    actor: int | None
    action: str
    source: str
    authority: str = ""
    session: str = ""
    result: str = "applied"
    command: str = ""
    challenge_id: int | None = None
    challenge: Mapping[str, Any] = field(default_factory=dict)
    events: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
_ALWAYS = ("actor", "action", "result", "authority", "source", "session", "command")
_WHERE_SAID = ("challenge", "events", "before", "after", "detail", "reason")


def put(link: Link, doing: Doing) -> int:
    """Enter something into the log; return the entry's id."""
    return enter(link, doing)[0]


def enter(link: Link, doing: Doing) -> tuple[int, str]:
    """Enter something into the log; return the entry's id and its digest, in hex."""
    body = entry_text(doing, session=link.session)
    digest = leaf_hash(body.encode())
    row = link.row(_PUT, challenge_id=doing.challenge_id, at=doing.at, body=body, digest=digest)
    assert row is not None  # noqa: S101 (an insert returns its row)
    return int(row[0]), digest.hex()


def entry_text(doing: Doing, *, session: str = "") -> str:
    """Return an entry as it is hashed: one line of JSON; `session` is for one that names none."""
    facts: dict[str, Any] = {"at": moment_text(doing.at)}
    facts.update((name, getattr(doing, name)) for name in _ALWAYS)
    facts["session"] = doing.session or session
    facts.update((name, said) for name in _WHERE_SAID if (said := getattr(doing, name)))
    facts["software"] = software()
    return _AS_JSON.encode(facts)


@cache
def software() -> str:
    """Return the name and version of this program."""
    from importlib import metadata

    return f"peer-challenge {metadata.version('peer-challenge')}"
