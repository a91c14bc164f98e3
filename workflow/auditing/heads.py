"""The head of the audit log, told every day to those outside who keep it: then it is an anchor.

Source: house policy. What is entered after the last head that somebody outside has is not yet
protected against whoever can change the database and knows the key: a day, unless told more often.
What only waits to be sent is no anchor yet: it counts as one when its message was sent.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workflow.auditing.log import Log
from workflow.clock import Clock
from workflow.model.log.texts import moment_text
from workflow.store import meta, outbox, people
from workflow.store.briefs import LOG_HEAD
from workflow.store.database import Database
from workflow.store.link import moment
from workflow.store.link import moment_text as kept_text
from workflow.store.log import checkpoints, entries
from workflow.store.log.checkpoints import Checkpoint

MAIL = "mail"
_MOST = 500  # messages that one entry tells of
_MOST_WAITING = 100  # of those that tell a head: the newest

_SETTLED = timedelta(minutes=5)  # by then whoever was writing it down has done so
_EVER = datetime(2000, 1, 1, tzinfo=UTC)

_SENT = """
SELECT id, challenge_id, notice, recipient_id, sent_to_id, sent_at, message_id, subject, body
FROM outbox WHERE status = 'sent' AND sent_at >= :after AND sent_at < :until ORDER BY sent_at, id
"""
_STATUS = "SELECT status FROM outbox WHERE unique_key = :key"


class Heads:
    """Signs the head of the log once a day and tells it to `readers` and to a file."""

    def __init__(
        self, database: Database, clock: Clock, *, readers: Sequence[str] = (), file: str = ""
    ) -> None:
        self.database, self.clock = database, clock
        self.readers, self.file = readers, file

    def anchor_due(self, zone: ZoneInfo) -> int:
        """Sign and tell today's head, if that was not done yet; return how many messages wait.

        Raises:
            NotFound: one of the readers is not known here.
            Unavailable: the file cannot be written.
        """
        self._record_sent()
        today = self.clock.now().astimezone(zone).date().isoformat()
        with self.database.reading() as link:
            if (meta.get(link, meta.LOG_DAY) or "") >= today:
                return 0
            readers = [people.find(link, who).id for who in self.readers]
        self.enter_sent()
        log = Log(self.database, self.clock)
        head = log.anchor(Path(self.file)).checkpoint if self.file else log.checkpoint()
        raised = [self._tell(head, reader) for reader in readers]
        with self.database.writing() as link:
            meta.put(link, meta.LOG_DAY, today)
        return sum(raised)

    def enter_sent(self) -> int:
        """Enter which messages were sent since the last time; return how many.

        Of each the log keeps whom it went to, its Message-ID and a digest of its words as they
        are kept, sealed: so it proves what was sent, and tells nobody what it said.
        """
        until = self.clock.now() - _SETTLED
        with self.database.reading(is_sealed=True) as link:
            after = moment(meta.get(link, meta.LOG_SENT)) or _EVER
            told = [_told(row) for row in link.each(_SENT, after=after, until=until)]
        if not told:
            return 0
        with self.database.writing() as link:
            if (moment(meta.hold(link, meta.LOG_SENT)) or _EVER) != after:
                return 0  # somebody else has just done it
            for first in range(0, len(told), _MOST):
                some = told[first : first + _MOST]
                doing = entries.Doing(
                    at=self.clock.now(),
                    actor=None,
                    action="messages_sent",
                    source="tick",
                    detail={"messages": some},
                )
                entries.put(link, doing)
            meta.put(link, meta.LOG_SENT, kept_text(until))
        return len(told)

    def _tell(self, head: Checkpoint, reader: int) -> bool:
        key = f"{LOG_HEAD}/{head.size}/{reader}"
        with self.database.writing() as link:
            is_new = outbox.put(
                link, unique_key=key, notice=LOG_HEAD, recipient_id=reader, at=self.clock.now()
            )
            if is_new:
                told = (meta.hold(link, meta.LOG_TOLD) or "").split()
                meta.put(link, meta.LOG_TOLD, " ".join([*told, key][-_MOST_WAITING:]))
            return is_new

    def _record_sent(self) -> None:
        """Record the heads as anchors whose messages were sent since the last time."""
        with self.database.reading() as link:
            told = (meta.get(link, meta.LOG_TOLD) or "").split()
            sent = [key for key in told if link.row(_STATUS, key=key) == ("sent",)]
            heads = [checkpoints.of_size(link, int(key.split("/")[1])) for key in sent]
        if not sent:
            return
        for key, head in zip(sent, heads, strict=True):
            if head is not None:
                reader = key.rpartition("/")[2]
                Log(self.database, self.clock).record(head, kind=MAIL, place=f"person {reader}")
        with self.database.writing() as link:
            told = (meta.hold(link, meta.LOG_TOLD) or "").split()
            left = [key for key in told if key not in sent]
            meta.put(link, meta.LOG_TOLD, " ".join(left) or None)


def _told(row: tuple[Any, ...]) -> dict[str, Any]:
    number, challenge_id, notice, recipient, instead, sent_at, message_id, subject, body = row
    at = moment(sent_at)
    return {
        "id": number,
        "challenge": challenge_id,
        "notice": notice,
        "to": instead or recipient,
        "sent_at": moment_text(at) if at else "",
        "message_id": message_id,
        "sha256": sha256(f"{subject or ''}\n{body or ''}".encode()).hexdigest(),
    }
