"""A visit with messages that were sent, and a collector of what comes in about them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from notifications.incoming.collector import Answers as Port
from notifications.incoming.collector import Collector, Taken
from tests.grounds import Ground
from tests.unit.notifications.incoming.samples import sample
from tests.visits import MANAGER, VISITOR
from workflow.answering.settlements import Settlements
from workflow.model.commands import GiveAnswer
from workflow.store.correspondence import answers as kept
from workflow.store.correspondence import incoming, matching
from workflow.store.correspondence.answers import AnswerRow
from workflow.store.correspondence.incoming import Kept
from workflow.tokens import BOUNCE, REPLY, Keys, address_tag

KEYS = Keys(("k" * 40,))
VIC = "vic.visitor@team.example"
CALL = f"call_visitor:{VISITOR}"
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)

_PUT = """
INSERT INTO outbox (challenge_id, unique_key, notice, recipient_id, sent_to_id, tasks, is_ladder,
    is_urgent, status, created_at, not_before, attempts, next_attempt_at, fence, message_id,
    carrier_id)
VALUES (:challenge_id, :key, 'reminder', :recipient, :sent_to, :tasks, TRUE, FALSE,
    'sent', :at, :at, 1, :at, 1, :message_id, :carrier)
RETURNING id
"""
_JOIN = """
UPDATE outbox SET message_id = (SELECT message_id FROM outbox WHERE id = :lead) WHERE id = :id
"""


class Killed(BaseException):
    """The process dies here, as far as the collector can tell."""


@dataclass
class Arrivals:
    """The database, the answers that are proposed in it, and what the tests send."""

    ground: Ground
    sent: int = 0
    first: int = 0

    def collector(self, answers: Port | None = None) -> Collector:
        """Return a collector of its own, as another process would have."""
        port = answers or Settlements(self.ground.database, self.ground.clock)
        return Collector(self.ground.database, self.ground.clock, KEYS, answers=port)

    def send(
        self,
        *tasks: str,
        recipient: int = VISITOR,
        sent_to: int | None = None,
        carrier: int | None = None,
        reference: str = "NOR-26",
    ) -> int:
        """Put a message about tasks into the outbox, as one that was sent; return its number."""
        self.sent += 1
        with self.ground.database.writing() as link:
            row = link.row("SELECT id FROM challenge WHERE reference = :it", it=reference)
            assert row is not None
            return link.insert(
                _PUT,
                challenge_id=row[0],
                key=f"test/{self.sent}",
                recipient=recipient,
                sent_to=sent_to,
                tasks=json.dumps(tasks or (CALL,)),
                at=self.ground.clock.at,
                message_id=f"<{self.sent}@programme.example>",
                carrier=carrier,
            )

    def go_along(self, lead: int, *tasks: str, recipient: int, reference: str) -> int:
        """Let a notice go along in a message that was sent; return its number."""
        number = self.send(*tasks, recipient=recipient, carrier=lead, reference=reference)
        with self.ground.database.writing() as link:
            link.execute(_JOIN, id=number, lead=lead)
        return number

    def take(self, name: str, message: int = 0, *, reader: str = VIC) -> Taken:
        """Let a sample come in that answers a message."""
        return self.collector().take(self.mail(name, message, reader=reader))

    def mail(self, name: str, message: int = 0, *, reader: str = VIC) -> bytes:
        """Return a sample that answers a message, the first one unless another is named."""
        message = message or self.first
        return sample(
            name,
            reply_tag=self.tag(REPLY, message),
            return_tag=self.tag(BOUNCE, message),
            reader=reader,
        )

    def tag(self, purpose: str, message: int) -> str:
        """Return the tag of an address to which one answers a message."""
        with self.ground.database.reading() as link:
            match = matching.message(link, message)
        assert match is not None
        assert match.lead.raised_at is not None
        return address_tag(KEYS, purpose, message, raised_at=match.lead.raised_at)

    def answers(self) -> list[AnswerRow]:
        """Return the answers that wait for a manager, the newest first."""
        with self.ground.database.reading() as link:
            return kept.listed(link)

    def mails(self) -> list[Kept]:
        """Return what came in, the newest first."""
        with self.ground.database.reading() as link:
            return incoming.listed(link)

    def open_ones(self) -> list[Kept]:
        """Return what a person must see."""
        with self.ground.database.reading() as link:
            return incoming.open_ones(link)


def begun(ground: Ground) -> Arrivals:
    """Begin a visit whose visitors are to be called, and send one message that asks Vic of it."""
    ground.start()
    ground.done("scope_agreed", "brief_visitor")
    ground.until(date(2026, 11, 20))
    with ground.database.writing() as link:
        link.execute("DELETE FROM outbox")
    made = Arrivals(ground)
    made.first = made.send()
    return made


class Interrupted:
    """Proposes answers, and dies before or after one of them."""

    def __init__(self, arrivals: Arrivals, *, at: int, is_after: bool) -> None:
        self._answers = Settlements(arrivals.ground.database, arrivals.ground.clock)
        self._left, self._is_after = at, is_after

    def propose(self, command: GiveAnswer, *, reference: str, actor: int) -> None:
        """Propose, unless this is where it dies."""
        self._left -= 1
        if self._left == 0 and not self._is_after:
            raise Killed
        self._answers.propose(command, reference=reference, actor=actor)
        if self._left == 0:
            raise Killed


__all__ = ["AT", "CALL", "KEYS", "MANAGER", "VIC", "Arrivals", "Interrupted", "Killed", "begun"]
