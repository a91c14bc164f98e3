"""Seals what is said in messages with the key of whoever gets or wrote them."""

from workflow.store.link import Link

_KEY_OF_READER = """
SELECT p.key_id FROM outbox o JOIN person p ON p.id = o.recipient_id WHERE o.id = :id
"""
_KEYS_OF_MAIL = """
SELECT (SELECT key_id FROM challenge WHERE id = :challenge_id),
    (SELECT key_id FROM person WHERE id = :person_id)
"""


def of_message(link: Link, message_id: int, text: str | None) -> str | None:
    """Return what is kept of a text of a message: sealed with its reader's key."""
    if not text:
        return text
    row = link.row(_KEY_OF_READER, id=message_id)
    return link.seal(text, row[0] if row else None)


def of_mail(
    link: Link, *texts: str, challenge_id: int | None, person_id: int | None
) -> tuple[str, ...]:
    """Return what is kept of the texts of a mail that came in, as far as it is known whose."""
    row = link.row(_KEYS_OF_MAIL, challenge_id=challenge_id, person_id=person_id)
    return tuple(link.seal(text, *(row or ())) for text in texts)
