"""Destroys our own copies, kind by kind, in the transaction that says so.

Rows are deleted, or their words are blanked. What can only be done outside the database, once the
transaction is kept, is handed back: keys to destroy, files to remove.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from workflow.store.correspondence import feeds
from workflow.store.keeping.marks import DESTROYED
from workflow.store.link import Link, flag
from workflow.store.rows import snapshots

_MARKERS = """
SELECT substr(body, length(body) - 39) FROM outbox
WHERE challenge_id = :id AND body LIKE 'sealed:%' ORDER BY id LIMIT 16
"""
_BLANK_MESSAGES = """
UPDATE outbox SET subject = :gone, body = :gone, error = NULL, calendar = NULL
WHERE challenge_id = :id
    AND (subject IS NOT NULL OR body IS NOT NULL OR error IS NOT NULL OR calendar IS NOT NULL)
    AND status NOT IN ('waiting', 'sending')
"""
_CARRIERS = """
SELECT DISTINCT c.id FROM outbox o JOIN outbox c ON c.id = o.carrier_id
WHERE o.challenge_id = :id AND c.message_id = o.message_id
    AND c.body IS NOT NULL AND c.body <> :gone
    AND (c.challenge_id IS NULL OR c.challenge_id <> :id)
"""
_DIGESTS = "SELECT id, body FROM outbox WHERE challenge_id IS NULL AND body IS NOT NULL"
_BLANK_MESSAGE = "UPDATE outbox SET subject = :gone, body = :gone, error = NULL WHERE id = :id"
_BLANK_MAIL = """
UPDATE incoming SET sender = :gone, subject = :gone, body = :gone,
    note = CASE WHEN note = '' THEN '' ELSE :gone END
WHERE challenge_id = :id AND body <> :gone
"""
_BLANK_ANSWERS = (
    "UPDATE answer SET body = :gone, note = '' WHERE challenge_id = :id AND body <> :gone"
)
_BLANK_TASKS = """
UPDATE task SET evidence = CASE WHEN evidence = '' THEN '' ELSE :gone END,
    reason = CASE WHEN reason = '' THEN '' ELSE :gone END
WHERE challenge_id = :id AND (evidence <> '' OR reason <> '')
"""
_KEY = "SELECT key_id FROM challenge WHERE id = :id"
_NEW_KEY = "UPDATE challenge SET key_id = :key_id, stamp = :stamp WHERE id = :id"
_FILES = "SELECT document, version, name FROM stored_file WHERE challenge_id = :id"
_DROP_FILE = """
DELETE FROM stored_file
WHERE challenge_id = :id AND document = :document AND version = :version
"""
_UNTIE_MAIL = """
UPDATE incoming SET outbox_id = NULL
WHERE outbox_id IN (SELECT id FROM outbox WHERE challenge_id = :id)
"""
_UNTIE_ANSWERS = """
UPDATE answer SET incoming_id = NULL
WHERE incoming_id IN (SELECT id FROM incoming WHERE challenge_id = :id)
"""
_WHOLE = ("answer", "incoming", "outbox", "invitation", "booking", "member", "task", "event")
_DROP_ALL = "DELETE FROM {} WHERE challenge_id = :id"
_LEFT = "SELECT count(*) FROM {} WHERE challenge_id = :id"
_WORDS_LEFT = (
    """
    SELECT count(*) FROM outbox WHERE challenge_id = :id AND body IS NOT NULL AND body <> :gone
        AND sent_at <= :at
    """,
    "SELECT count(*) FROM incoming WHERE challenge_id = :id AND body <> :gone AND came_at <= :at",
)
_FILES_LEFT = "SELECT document FROM stored_file WHERE challenge_id = :id AND added_at <= :at"
_TOMBSTONE = """
UPDATE challenge SET title = '', client = '', snapshot = :snapshot, stamp = :stamp,
    stage_title = :said, is_final = TRUE, is_paused = FALSE, manager = NULL, next_key = NULL,
    next_title = '', next_target_on = NULL, next_limit_on = NULL, next_limit_at = NULL,
    busy_from = NULL, busy_to = NULL, wake_at = NULL, key_id = NULL
WHERE id = :id
"""
_PERSON = "SELECT key_id, forgotten_at IS NOT NULL FROM person WHERE id = :person"
_FORGET = """
UPDATE person SET name = :name, email = '', email_folded = :name, organisation = '',
    phone = '', capabilities = '', is_administrator = FALSE, key_id = NULL, forgotten_at = :at
WHERE id = :person
"""
_CANCEL = """
UPDATE outbox SET status = 'cancelled', error = NULL
WHERE recipient_id = :person AND status IN ('waiting', 'uncertain', 'failed')
"""
_UNTIE_STAND_IN = """
UPDATE outbox SET sent_to_id = NULL, error = NULL, lease_until = NULL,
    message_id = CASE WHEN status <> 'failed' THEN message_id END,
    carrier_id = CASE WHEN status <> 'failed' THEN carrier_id END,
    links_revoked_at = CASE WHEN status = 'failed' THEN links_revoked_at ELSE :at END
WHERE sent_to_id = :person AND status IN ('waiting', 'uncertain', 'failed')
"""
"""What did not reach a stand-in is still for whom it was for; a copy of it has no live link."""
_BLANK_OF_PERSON = """
UPDATE outbox SET subject = :gone, body = :gone, error = NULL, calendar = NULL
WHERE body IS NOT NULL AND body <> :gone AND (
    recipient_id = :person OR about_id = :person OR sent_to_id = :person OR tasks LIKE :task
    OR id IN (
        SELECT c.id FROM outbox o JOIN outbox c
            ON c.id = o.carrier_id AND c.message_id = o.message_id
        WHERE o.about_id = :person OR o.tasks LIKE :task
    )
)
"""
"""Mail to others speaks of them, too: what is about them or a task of theirs, and went along."""
_BLANK_MAIL_OF = """
UPDATE incoming SET sender = :gone, subject = :gone, body = :gone,
    note = CASE WHEN note = '' THEN '' ELSE :gone END
WHERE body <> :gone AND (person_id = :person OR (person_id IS NULL AND outbox_id IN (
    SELECT id FROM outbox WHERE recipient_id = :person OR sent_to_id = :person
)))
"""
_BLANK_NOTES_OF = """
UPDATE incoming SET note = :gone
WHERE note NOT IN ('', :gone) AND outbox_id IN (
    SELECT id FROM outbox WHERE recipient_id = :person OR sent_to_id = :person
)
"""
_BLANK_ANSWERS_OF = (
    "UPDATE answer SET body = :gone, note = '' WHERE person_id = :person AND body <> :gone"
)
_BLANK_TASKS_OF = """
UPDATE task SET evidence = CASE WHEN evidence = '' THEN '' ELSE :gone END,
    reason = CASE WHEN reason = '' THEN '' ELSE :gone END
WHERE person = :person AND (evidence <> '' OR reason <> '')
"""
_PREFERENCE = """
UPDATE preference SET stand_in_id = NULL, refused_why = '', away_from = NULL, away_until = NULL,
    feed_number = -abs(feed_number)
WHERE person_id = :person
"""
_STAND_IN = "UPDATE preference SET stand_in_id = NULL WHERE stand_in_id = :person"
_REVOKE = (
    "UPDATE access_grant SET revoked_at = :at WHERE person_id = :person AND revoked_at IS NULL"
)
_NEEDED = """
SELECT 1 FROM person p WHERE p.id = :person AND (p.is_administrator OR EXISTS (
    SELECT 1 FROM access_grant g WHERE g.person_id = p.id AND g.revoked_at IS NULL
        AND (g.challenge_id IS NULL OR g.challenge_id <> :id)
) OR EXISTS (
    SELECT 1 FROM member m WHERE m.person_id = p.id AND m.challenge_id <> :id AND NOT EXISTS (
        SELECT 1 FROM certificate f WHERE f.challenge_id = m.challenge_id AND f.rule = :rule
    )
))
"""
_WHERE_ON = "SELECT DISTINCT challenge_id FROM member WHERE person_id = :person"
_RESTAMP = "UPDATE challenge SET stamp = :stamp WHERE id = :id"


@dataclass(slots=True)
class Erased:
    """What was destroyed, how much of each kind; and what is still to do outside the database.

    `markers` are pieces of what was sealed, to look for afterwards: they may be found nowhere.
    """

    counts: Counter[str] = field(default_factory=Counter)
    keys: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)


class Whose(NamedTuple):
    """Which challenge's copies go: its id, and its reference, by which mail speaks of it."""

    id: int
    reference: str


def erase_messages(link: Link, whose: Whose, erased: Erased) -> None:
    """Blank the words of all mail of a challenge, those that it shares with others among it."""
    erased.markers += [marker for (marker,) in link.rows(_MARKERS, id=whose.id)]
    gone = {"id": whose.id, "gone": DESTROYED}
    shared = [number for (number,) in link.rows(_CARRIERS, **gone)]
    spoken_of = re.compile(rf"(?<![\w.-]){re.escape(whose.reference)}(?![\w-]|\.\w)")
    shared += [number for number, body in link.rows(_DIGESTS) if spoken_of.search(body)]
    for number in dict.fromkeys(shared):
        link.execute(_BLANK_MESSAGE, id=number, gone=DESTROYED)
    erased.counts["messages"] += link.execute(_BLANK_MESSAGES, **gone) + len(set(shared))
    erased.counts["incoming mail"] += link.execute(_BLANK_MAIL, **gone)


def erase_texts(link: Link, whose: Whose, erased: Erased) -> None:
    """Destroy what people wrote: the key of the challenge goes, and it gets another one."""
    erase_messages(link, whose, erased)
    gone = {"id": whose.id, "gone": DESTROYED}
    erased.counts["answers"] += link.execute(_BLANK_ANSWERS, **gone)
    erased.counts["texts of tasks"] += link.execute(_BLANK_TASKS, **gone)
    _give_up_key(link, whose.id, erased)
    stamp = snapshots.new_stamp()
    link.execute(_NEW_KEY, id=whose.id, key_id=link.new_key(), stamp=stamp)


def erase_files(
    link: Link, challenge_id: int, erased: Erased, *, documents: Sequence[str] = ()
) -> None:
    """Take stored files out of the register, those of some documents or all; they go afterwards."""
    for document, version, name in link.rows(_FILES, id=challenge_id):
        if documents and document.partition(":")[0] not in documents:
            continue
        link.execute(_DROP_FILE, id=challenge_id, document=document, version=version)
        erased.files.append(name)
        erased.documents.append(f"{document} {version}")
    erased.counts["files"] += len(erased.files)


def erase_all(link: Link, whose: Whose, erased: Erased) -> None:
    """Delete every row of a challenge but its own; its certificate must be there already."""
    erase_messages(link, whose, erased)
    erase_files(link, whose.id, erased)
    _give_up_key(link, whose.id, erased)
    link.execute(_UNTIE_MAIL, id=whose.id)
    link.execute(_UNTIE_ANSWERS, id=whose.id)
    for table in _WHOLE:
        found = link.execute(_DROP_ALL.format(table), id=whose.id)
        erased.counts[f"{table} rows"] += found


def _give_up_key(link: Link, challenge_id: int, erased: Erased) -> None:
    """Let the key of a challenge be destroyed afterwards."""
    row = link.row(_KEY, id=challenge_id)
    if row and row[0]:
        erased.keys.append(row[0])


def forgettable(
    link: Link, challenge_id: int, people: Sequence[int], *, rule: str
) -> tuple[list[int], list[int]]:
    """Return of whom nothing else needs the contact details, and who is on another challenge.

    Whoever may do something elsewhere, by a grant that stands, is needed as well.

    One that has ended them by the same rule does not count: the last one does it.
    """
    found: tuple[list[int], list[int]] = ([], [])
    for person in people:
        is_needed = link.row(_NEEDED, person=person, id=challenge_id, rule=rule) is not None
        found[is_needed].append(person)
    return found


def bury(link: Link, challenge_id: int, *, snapshot: str, said: str) -> None:
    """Leave of a challenge's row its reference, and what is `said` of its end."""
    stamp = snapshots.new_stamp()
    link.execute(_TOMBSTONE, id=challenge_id, snapshot=snapshot, said=said, stamp=stamp)


def erase_person(link: Link, person: int, erased: Erased, *, at: datetime) -> None:
    """Destroy what is known of a person, unless that was done; their id stays."""
    row = link.row(_PERSON, person=person)
    if row is None or flag(row[1]):
        return
    if row[0]:
        erased.keys.append(row[0])
    gone = {"person": person, "gone": DESTROYED}
    link.execute(_CANCEL, person=person)
    theirs = f'%:{person}"%'  # the key of a task that is for them ends so
    erased.counts["messages"] += link.execute(_BLANK_OF_PERSON, task=theirs, **gone)
    erased.counts["incoming mail"] += link.execute(_BLANK_MAIL_OF, **gone)
    link.execute(_BLANK_NOTES_OF, **gone)
    link.execute(_UNTIE_STAND_IN, person=person, at=at)
    erased.counts["answers"] += link.execute(_BLANK_ANSWERS_OF, **gone)
    erased.counts["texts of tasks"] += link.execute(_BLANK_TASKS_OF, **gone)
    link.execute(_PREFERENCE, person=person)
    feeds.revoke_links(link, person, at=at)
    link.execute(_STAND_IN, person=person)
    link.execute(_REVOKE, person=person, at=at)
    link.execute(_FORGET, at=at, person=person, name=f"Forgotten person {person}")
    for (challenge_id,) in link.rows(_WHERE_ON, person=person):
        link.execute(_RESTAMP, id=challenge_id, stamp=snapshots.new_stamp())
    erased.people.append(person)
    erased.counts["people"] += 1


def left(link: Link, challenge_id: int) -> dict[str, int]:
    """Return how many rows of a challenge are left, by table, of those that were to go whole."""
    tables = (*_WHOLE, "stored_file")
    found = {table: link.row(_LEFT.format(table), id=challenge_id) for table in tables}
    return {table: int(row[0]) if row else 0 for table, row in found.items()}


def words_left(
    link: Link, challenge_id: int, *, kinds: Sequence[str], documents: Sequence[str], at: str
) -> int:
    """Return how many rows still have words, or files, that were to go; what came later stays."""
    found = 0
    known = {"id": challenge_id, "gone": DESTROYED, "at": datetime.fromisoformat(at)}
    if "messages" in kinds or "texts" in kinds:
        found += sum(int((link.row(sql, **known) or (0,))[0]) for sql in _WORDS_LEFT)
    if "documents" in kinds:
        files = link.rows(_FILES_LEFT, id=challenge_id, at=known["at"])
        names = [document for (document,) in files]
        found += sum(not documents or name.partition(":")[0] in documents for name in names)
    return found
