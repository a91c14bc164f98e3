"""What was there before there was an audit log: sealed, and entered as it is found.

Runs in the transaction of every upgrade, before the triggers are there. Who was forgotten has no
key either, nor has a challenge that was destroyed: they stay as they are.
"""

import hashlib
from datetime import datetime
from typing import Any

from workflow.model.log.texts import event_text
from workflow.store import people
from workflow.store.link import Link, moment
from workflow.store.log import entries
from workflow.store.rows import codec
from workflow.store.rows.codec import Shelf

_PEOPLE = """
SELECT id, name, email, organisation, phone FROM person
WHERE key_id IS NULL AND forgotten_at IS NULL ORDER BY id
"""
_PERSON = """
UPDATE person SET name = :name, email = :email, organisation = :organisation, phone = :phone,
    email_folded = :email_folded, key_id = :key_id
WHERE id = :id
"""
_CHALLENGES = """
SELECT id, reference, snapshot, definition, definition_version, definition_hash FROM challenge
WHERE key_id IS NULL AND chain IS NULL ORDER BY id
"""
_CHALLENGE = (
    "UPDATE challenge SET key_id = :key_id, snapshot = :snapshot, chain = :chain WHERE id = :id"
)
_EVENTS = (
    "SELECT seq, at, actor, kind, body, source FROM event WHERE challenge_id = :id ORDER BY seq"
)
_EVENT = """
UPDATE event SET body = :body, entry_id = :entry_id WHERE challenge_id = :id AND seq = :seq
"""
_TASKS = "SELECT key, state, person, evidence, reason FROM task WHERE challenge_id = :id"
_TASK = """
UPDATE task SET state = :state, evidence = :evidence, reason = :reason
WHERE challenge_id = :id AND key = :key
"""
_ANSWERS = "SELECT id, person_id, body FROM answer WHERE challenge_id = :id"
_ANSWER = "UPDATE answer SET body = :body WHERE id = :id"
_MESSAGES = """
SELECT id, subject, body, error FROM outbox
WHERE subject IS NOT NULL OR body IS NOT NULL OR error IS NOT NULL
"""
_MESSAGE = "UPDATE outbox SET subject = :subject, body = :body, error = :error WHERE id = :id"
_MAILS = "SELECT id, sender, subject, body, challenge_id, person_id FROM incoming"
_MAIL = "UPDATE incoming SET sender = :sender, subject = :subject, body = :body WHERE id = :id"
_REFUSALS = "SELECT person_id, refused_why FROM preference WHERE refused_why <> ''"
_REFUSAL = "UPDATE preference SET refused_why = :why WHERE person_id = :person"

Entered = tuple[int, datetime, int | None, str, str, str]
"""An event as it is hashed: number, moment, actor, kind, text, source."""


def adopt(link: Link) -> None:
    """Seal and enter everything that is not yet, people first."""
    is_old = _adopt_people(link)
    for row in link.rows(_CHALLENGES):
        _adopt_challenge(link, row)
        is_old = True
    if is_old:
        _adopt_mail(link)


def _adopt_people(link: Link) -> bool:
    rows = link.rows(_PEOPLE)
    for person, name, email, organisation, phone in rows:
        key_id = link.new_key()
        said = {"name": name, "email": email, "organisation": organisation, "phone": phone}
        sealed = {what: link.seal(text, key_id) for what, text in said.items()}
        folded = link.digest(email.casefold())
        link.execute(_PERSON, id=person, key_id=key_id, email_folded=folded, **sealed)
    return bool(rows)


def _adopt_challenge(link: Link, row: tuple[Any, ...]) -> None:
    challenge_id, reference, head, definition, version, content_hash = row
    key_id = link.new_key()
    shelf = Shelf(link, challenge_id, key_id)
    events = [_sealed(shelf, event) for event in link.rows(_EVENTS, id=challenge_id)]
    text = "\n".join(event_text(event) for event in events)
    place = {"id": challenge_id, "reference": reference, "previous": "", "definition": definition}
    entry_id, chain = entries.enter(
        link,
        entries.Doing(
            at=events[-1][1],  # every challenge began with one
            actor=None,
            action="Adopt",
            source="upgrade",
            challenge_id=challenge_id,
            challenge={**place, "version": version, "hash": content_hash},
            events={
                "from": 1,
                "to": len(events),
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            },
        ),
    )
    for seq, _, _, _, body, _ in events:
        link.execute(_EVENT, id=challenge_id, seq=seq, body=body, entry_id=entry_id)
    for key, state, person, evidence, reason in link.rows(_TASKS, id=challenge_id):
        said = {"evidence": shelf.seal(evidence, person), "reason": shelf.seal(reason, person)}
        sealed = codec.dump_task(codec.load_task(state), shelf.seal)
        link.execute(_TASK, id=challenge_id, key=key, state=sealed, **said)
    for answer, person, body in link.rows(_ANSWERS, id=challenge_id):
        link.execute(_ANSWER, id=answer, body=shelf.seal(body, person))
    snapshot = codec.dump_challenge(codec.load_challenge(head), shelf.seal)
    link.execute(_CHALLENGE, id=challenge_id, key_id=key_id, snapshot=snapshot, chain=chain)


def _sealed(shelf: Shelf, row: tuple[Any, ...]) -> Entered:
    """Return an event's row with its words sealed."""
    seq, at, actor, kind, body, source = row
    happened_at = moment(at)
    assert happened_at is not None  # noqa: S101 (the column is never null)
    event = codec.load_event(kind, body)
    return seq, happened_at, actor, kind, codec.dump_event(event, shelf.seal), source


def _adopt_mail(link: Link) -> None:
    for number, *texts_of in link.rows(_MESSAGES):
        sealed = [people.seal_message(link, number, text) for text in texts_of]
        values = dict(zip(("subject", "body", "error"), sealed, strict=True))
        link.execute(_MESSAGE, id=number, **values)
    for number, sender, subject, body, challenge_id, person_id in link.rows(_MAILS):
        whose = {"challenge_id": challenge_id, "person_id": person_id}
        texts = people.seal_mail(link, sender, subject, body, **whose)
        values = dict(zip(("sender", "subject", "body"), texts, strict=True))
        link.execute(_MAIL, id=number, **values)
    for person, why in link.rows(_REFUSALS):
        (said,) = people.seal_mail(link, why, challenge_id=None, person_id=person)
        link.execute(_REFUSAL, person=person, why=said)
