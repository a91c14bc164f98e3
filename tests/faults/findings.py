"""What must be so in every database, whatever happened to it: named as in the list of invariants.

Nothing here asks the part of the program that wrote a row whether the row is right: rows are read
with plain SQL and compared with each other, and with what the events add up to.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from workflow.auditing import verification
from workflow.model import events as e
from workflow.model.challenge import Challenge, replay
from workflow.model.records import events as re_
from workflow.store import challenges
from workflow.store.database import Database
from workflow.store.keeping.files import Files
from workflow.store.link import Link, moment

TEXTS, OUTBOX = "texts of messages", "outbox"
_NUMBER = re.compile(r"C-[0-9A-F]{10}")
_ADDS_UP = ("snapshot", "cannot be replayed", "is missing")
_TASKS = """
SELECT t.key, t.status FROM task t JOIN challenge c ON c.id = t.challenge_id
WHERE c.reference = :reference
"""
_NOTICES = """
SELECT o.notice, o.recipient_id, o.unique_key FROM outbox o
JOIN challenge c ON c.id = o.challenge_id WHERE c.reference = :reference
"""
_COMMANDS = """
SELECT e.command_id, count(DISTINCT e.entry_id) FROM event e WHERE e.command_id IS NOT NULL
GROUP BY e.challenge_id, e.command_id HAVING count(DISTINCT e.entry_id) > 1
"""
_KEYS = """
SELECT key_id FROM challenge WHERE key_id IS NOT NULL UNION ALL
SELECT key_id FROM person WHERE key_id IS NOT NULL
"""
_CERTIFICATES = "SELECT number, body FROM certificate WHERE signature <> ''"
_UNENTERED = "SELECT count(*) FROM event WHERE entry_id IS NULL"
_WHOLE = """
SELECT c.reference FROM certificate r JOIN challenge c ON c.id = r.challenge_id WHERE r.is_whole
"""
_SHOWN = {
    "challenge": "id, reference, stage, version, is_final, wake_at, definition_version",
    "task": "challenge_id, key, status, wake_at, evidence, reason",
    "member": "challenge_id, position, person_id, role, since, until",
    "booking": "challenge_id, person_id, first_on, last_on",
    OUTBOX: "challenge_id, unique_key, notice, recipient_id, status, created_at",
    "answer": "challenge_id, task, person_id, kind, body, status",
    "person": "id, name, email",
    "stored_file": "challenge_id, document",
    "certificate": "challenge_id, rule, is_whole, signature <> ''",
    "invitation": "challenge_id, key, person_id, title, sequence, is_cancelled, starts_at",
}


def faults(database: Database) -> list[str]:
    """Return what is wrong with a database, each with the name of its invariant."""
    found = [f"I14: {fault}" for fault in _damage(database)]
    if found:
        return found
    verified = verification.verify(database)
    if verified.first_bad:
        is_sum = any(words in verified.first_bad for words in _ADDS_UP)
        found.append(f"{'I14' if is_sum else 'I22'}: {verified.first_bad}")
    with database.reading() as link:
        gone = {row[0] for row in link.rows(_WHOLE)}
        found += _everywhere(link)
        for number, body in link.rows(_CERTIFICATES):
            found += _of_certificate(database, number, body)
        for reference in challenges.references(link):
            if reference not in gone:
                found += _of_challenge(link, reference)
    return found


def _damage(database: Database) -> Iterator[str]:
    if database.dialect != "sqlite":
        return
    for statement, right in (("PRAGMA integrity_check(1)", "ok"), ("PRAGMA foreign_key_check", "")):
        (row,) = database.maintain(statement)
        if row is not None and row[0] != right:
            yield f"the file is damaged: {row}"


def _everywhere(link: Link) -> Iterator[str]:
    for command_id, number in link.rows(_COMMANDS):
        yield f"I10: the command {command_id} was applied {number} times"
    row = link.row(_UNENTERED)
    if row and row[0]:
        yield f"I21: {row[0]} events are in no entry of the log"


def _of_certificate(database: Database, number: str, body: str) -> Iterator[str]:
    for method in json.loads(body).get("methods", ()):
        for key_id in method.get("keys", ()):
            if database.vault.has(key_id):
                yield f"I26: {number} says that a key is destroyed which is there: {key_id}"


def _of_challenge(link: Link, reference: str) -> Iterator[str]:
    history = [recorded.event for recorded in challenges.history(link, reference)]
    folded = replay(history)
    kept = challenges.load(link, reference, is_cached=False).challenge
    if kept != folded:
        yield f"I14: {reference}: the snapshot is not what the events add up to"
    yield from _of_tasks(link, folded, history)
    yield from _of_notices(link, reference, history)
    held = set[str]()
    for event in history:
        if isinstance(event, e.HoldPlaced):
            held.add(event.name)
        elif isinstance(event, e.HoldLifted):
            held.discard(event.name)
        elif isinstance(event, re_.DisposalDone) and held:
            yield f"I25: {reference}: {event.rule} was destroyed under the hold {min(held)}"


def _of_tasks(link: Link, folded: Challenge, history: list[e.Event]) -> Iterator[str]:
    rows = Counter((key, status) for key, status in link.rows(_TASKS, reference=folded.reference))
    wanted = Counter((key, str(task.status)) for key, task in folded.tasks.items())
    for key, status in (rows - wanted) + (wanted - rows):
        yield f"I1: {folded.reference}: the task {key} is {status} in one place only"
    issued = Counter(event.task for event in history if isinstance(event, e.TaskIssued))
    renamed = any(isinstance(event, e.DefinitionMigrated) for event in history)
    twice = [] if renamed else [key for key, number in issued.items() if number > 1]
    for key in twice:
        yield f"I9: {folded.reference}: the task {key} was issued twice"


def _of_notices(link: Link, reference: str, history: list[e.Event]) -> Iterator[str]:
    rows = link.rows(_NOTICES, reference=reference)
    twice = [key for key, number in Counter(row[2] for row in rows).items() if number > 1]
    for key in twice:
        yield f"I15: {reference}: the notice {key} is in the outbox twice"
    raised = Counter(
        f"{reference}/{event.notice}/{event.occurrence}/{event.recipient}"
        for event in history
        if isinstance(event, e.NoticeRaised) and event.recipient is not None
    )
    there = {row[2] for row in rows}
    for key in raised:
        if key not in there:
            yield f"I8: {reference}: the notice {key} was raised and is not in the outbox"
    for key, number in raised.items():
        if number > 1:
            yield f"I15: {reference}: the notice {key} was raised twice"


def unfinished(database: Database, at: datetime) -> list[str]:
    """Return what is owed at a moment and has not been done: messages, wake-ups, certificates."""
    owed = {
        "I16: a message is half sent": "SELECT count(*) FROM outbox WHERE status = 'sending'",
        "I2: a challenge was not looked at": "SELECT count(*) FROM challenge WHERE wake_at <= :at",
        "I24: a certificate is not signed": (
            "SELECT count(*) FROM certificate WHERE signature = ''"
        ),
    }
    with database.reading() as link:
        found = {}
        for what, sql in owed.items():
            row = link.row(sql, **({"at": at} if ":at" in sql else {}))
            found[what] = row[0] if row else 0
    return [what for what, number in found.items() if number]


def state(database: Database) -> dict[str, list[str]]:
    """Return all that counts in a database, in clear, without numbers drawn at random."""
    with database.reading() as link:
        shown = {
            table: _plain(link.rows(f"SELECT {columns} FROM {table}"))  # noqa: S608 (our own words)
            for table, columns in _SHOWN.items()
        }
        for reference in challenges.references(link):
            events = [recorded.event for recorded in challenges.history(link, reference)]
            shown[f"history of {reference}"] = [_masked(event) for event in events]
        shown["entries"] = [_entry(*row) for row in link.rows("SELECT id, body FROM entry")]
        shown[TEXTS] = _plain(link.rows("SELECT id, subject, body FROM outbox"))
        keys = [row[0] for row in link.rows(_KEYS)]
    shown["keys"] = [str(sum(database.vault.has(key_id) for key_id in keys))]
    shown["files"] = [str(len(list(Files.beside(database.vault).names())))]
    return shown


def differences(
    one: dict[str, list[str]], other: dict[str, list[str]], *, but: Iterable[str] = ()
) -> list[str]:
    """Return where a state is not that of its twin, by the name of what is different."""
    found = []
    for what in (one.keys() | other.keys()) - set(but):
        mine, theirs = Counter(one.get(what, ())), Counter(other.get(what, ()))
        found += [f"I30: {what}: too much: {row}" for row in mine - theirs]
        found += [f"I30: {what}: lost: {row}" for row in theirs - mine]
    return sorted(found)


def _plain(rows: list[tuple[Any, ...]]) -> list[str]:
    return sorted(_masked(tuple(moment(v) if _is_moment(v) else v for v in row)) for row in rows)


def _is_moment(value: object) -> bool:
    return (
        isinstance(value, str)
        and len(value) == len("2026-10-01 09:00:00.000000")
        and (value[10] == " " and value[13] == ":")
    )


def _masked(value: object) -> str:
    return _NUMBER.sub("C-…", repr(value))


def _entry(_: int, body: str) -> str:
    said = json.loads(body)
    place = said.get("challenge", {}).get("reference", "")
    return f"{said['action']} {said['result']} by {said['actor']} in {place or 'no challenge'}"
