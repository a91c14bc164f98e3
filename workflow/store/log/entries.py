"""Entries of the audit log: what was asked for, by whom, with what result; in its transaction.

An entry of a challenge names the digest of the one before it and of the events that it brought.
Its text is kept exactly as it was hashed; nobody changes or deletes it (see `triggers`).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from workflow.model.log.merkle import leaf_hash
from workflow.model.log.texts import moment_text
from workflow.store.link import Link

_PUT = """
INSERT INTO entry (challenge_id, at, body, digest) VALUES (:challenge_id, :at, :body, :digest)
RETURNING id
"""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Doing(NamedTuple):
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
    challenge: Mapping[str, Any] = _NOTHING
    events: Mapping[str, Any] = _NOTHING
    before: Mapping[str, Any] = _NOTHING
    after: Mapping[str, Any] = _NOTHING
    detail: Mapping[str, Any] = _NOTHING
    reason: str = ""


_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
_WHERE_SAID = ("challenge", "events", "before", "after", "detail", "reason")
_said_in = attrgetter(*_WHERE_SAID)


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
    facts: dict[str, Any] = {
        "at": moment_text(doing.at),
        "actor": doing.actor,
        "action": doing.action,
        "result": doing.result,
        "authority": doing.authority,
        "source": doing.source,
        "session": doing.session or session,
        "command": doing.command,
    }
    for name, said in zip(_WHERE_SAID, _said_in(doing), strict=True):
        if said:
            facts[name] = said
    facts["software"] = software()
    return _AS_JSON.encode(facts)


@cache
def software() -> str:
    """Return the name and version of this program."""
    from importlib import metadata

    return f"peer-challenge {metadata.version('peer-challenge')}"
